"""The file of a backup: whole or not there, for its owner alone, and no byte of it changes unseen."""

import gzip
import json
from pathlib import Path

import pytest

from hemicycle.kernel.backup.archive import FORMAT, Header, Table, header, read, verified, written
from hemicycle.kernel.errors import StartupError

HEADER = Header("1.2", "here", "2026-03-02T09:00:00+00:00", "sqlite", {"core": "core_0001"}, 3, {})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small backup."""
    path = tmp_path / "one.backup"
    with written(path, force=False) as writer:
        writer.head(HEADER)
        writer.table(Table("core_space", ["id", "slug"]))
        writer.row([1, "été"])
        writer.row([2, "\ud800 a half of a letter, as JSON may hold it"])
        writer.table(Table("core_role", ["id"]))
    return path


def test_it_holds_what_was_written(file: Path) -> None:
    assert verified(file) == HEADER._replace(rows={"core_space": 2, "core_role": 0})
    assert header(file) == HEADER
    first, *rows, last = read(file)
    assert (first, last) == (Table("core_space", ["id", "slug"]), Table("core_role", ["id"]))
    assert rows == [[1, "été"], [2, "\ud800 a half of a letter, as JSON may hold it"]]
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_same_rows_are_the_same_bytes(file: Path, tmp_path: Path) -> None:
    with written(tmp_path / "two.backup", force=False) as writer:
        writer.head(HEADER)
        for said in read(file):
            writer.table(said) if isinstance(said, Table) else writer.row(said)
    assert (tmp_path / "two.backup").read_bytes() == file.read_bytes()
    assert (writer.size, len(writer.sha256)) == (file.stat().st_size, 64)


def test_a_file_that_is_there_stays_unless_it_is_forced(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(StartupError, match="is there already: name another file, or say --force"):
        write(file, force=False)
    assert file.read_bytes() == before
    write(file, force=True)
    assert verified(file).rows == {}


def test_what_fails_leaves_nothing(file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(TypeError, match="not JSON serializable"), written(file, force=True) as writer:
        writer.head(HEADER._replace(version=object()))  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == ["one.backup"]
    assert file.read_bytes() == before
    with pytest.raises(StartupError, match="cannot be written: No such file or directory. Nothing was changed"):
        write(tmp_path / "nowhere" / "x", force=False)


def test_a_changed_byte_is_seen(file: Path) -> None:
    whole = file.read_bytes()
    for place in range(10, len(whole)):  # before that are the ten bytes by which gzip is known
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(StartupError, match="damaged|cut short|not a backup|of another kind"):
            verified(file)


def test_a_cut_is_seen(file: Path) -> None:
    whole = file.read_bytes()
    for length in range(20, len(whole), 7):
        file.write_bytes(whole[:length])
        with pytest.raises(StartupError, match="cut short|not a backup"):
            verified(file)


def test_what_someone_wrote_into_it_is_seen(file: Path) -> None:
    """Zipped again as it should be, so that only our own sum can tell."""
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    for changed in (lines[:3] + lines[4:], [*lines[:2], b'[1,"another"]\n', *lines[3:]]):
        file.write_bytes(gzip.compress(b"".join(changed)))
        with pytest.raises(StartupError, match="is damaged: it is not what was written"):
            verified(file)
    file.write_bytes(gzip.compress(b"".join(lines[:-1])))
    with pytest.raises(StartupError, match="is cut short: its end is missing"):
        verified(file)


def test_what_is_not_a_backup_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for foreign in (b"", b"PK\x03\x04 a letter", gzip.compress(b"{}\n"), gzip.compress(b"[1]\n"), gzip.compress(b"")):
        path.write_bytes(foreign)
        with pytest.raises(StartupError, match="is not a backup of hemicycle: name a file"):
            verified(path)
    path.write_bytes(gzip.compress(json.dumps({"hemicycle_backup": FORMAT + 1, "new": 1}).encode()))
    with pytest.raises(StartupError, match=rf"of another kind \({FORMAT + 1}\) than this hemicycle reads"):
        verified(path)
    with pytest.raises(StartupError, match="cannot be read: No such file"):
        verified(tmp_path / "nowhere")


def write(path: Path, *, force: bool) -> None:
    with written(path, force=force) as writer:
        writer.head(HEADER)
