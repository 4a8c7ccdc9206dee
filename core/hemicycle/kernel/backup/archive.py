"""The file of a backup: gzipped lines of JSON, which `zcat` shows.

The first line says whose it is and of when. Then, for each table, a line that names its columns, and one line for each
row. The last line has the number of rows of each table, and the SHA-256 of all lines before.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from hemicycle.kernel.errors import StartupError

FORMAT = 1
LEVEL = 5  # of compression: a tenth larger than the best, in a third of the time


class Header(NamedTuple):
    """What a backup says of itself. heads: the revision of each owner's tables. erasures: how many were remembered.

    rows: how many each table has.
    """

    version: str
    instance: str
    taken_at: str
    database: str
    heads: dict[str, str]
    erasures: int
    rows: dict[str, int]


class Table(NamedTuple):
    """The start of a table."""

    name: str
    columns: Sequence[str]


class Writer:
    """Writes the lines, one after the other; `size` and `sha256` are those of the file, once it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._lines = file, hashlib.sha256()
        self._all, self.size = hashlib.sha256(), 0
        self._zip = gzip.GzipFile("", "wb", LEVEL, self, mtime=0)
        self._rows: dict[str, int] = {}

    @property
    def sha256(self) -> str:
        """What `sha256sum` says of the file."""
        return self._all.hexdigest()

    @property
    def rows(self) -> dict[str, int]:
        """How many were written for each table."""
        return self._rows

    def head(self, header: Header) -> None:
        """The first line."""
        self._line(
            {"hemicycle_backup": FORMAT, **{name: one for name, one in header._asdict().items() if name != "rows"}}
        )

    def table(self, table: Table) -> None:
        """A table begins."""
        self._table, self._rows[table.name] = table.name, 0
        self._line({"table": table.name, "columns": list(table.columns)})

    def row(self, values: Sequence[Any]) -> None:
        """One row of it: what JSON knows."""
        self._line(list(values))
        self._rows[self._table] += 1

    def close(self) -> None:
        """The last line."""
        self._line({"rows": self._rows, "sha256": self._lines.hexdigest()})
        self._zip.close()

    def write(self, some: bytes) -> int:
        """Called by gzip."""
        self._all.update(some)
        self.size += len(some)
        return self._file.write(some)

    def flush(self) -> None:
        """Called by gzip too."""

    def _line(self, said: Any) -> None:
        line = json.dumps(said, separators=(",", ":")).encode() + b"\n"
        self._lines.update(line)
        self._zip.write(line)


@contextmanager
def written(path: Path, *, force: bool) -> Iterator[Writer]:
    """A writer of the file at `path`, which is there when the block ends, whole, and not at all if it raises.

    Its owner alone may read it. force: in place of one that is there. StartupError otherwise.
    """
    if path.exists() and not force:
        raise StartupError(f"{path} is there already: name another file, or say --force.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            writer = Writer(file)
            yield writer
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise StartupError(f"{path} cannot be written: {error.strerror or error}. Nothing was changed.") from error
    finally:
        part.unlink(missing_ok=True)


def verified(path: Path) -> Header:
    """What is in a backup, once all of it was read: StartupError if it is no backup, is cut short, or was changed."""
    lines, rows, last, first = hashlib.sha256(), 0, b"", b""
    for line in _lines(path):
        if not first:
            first = line
            _head(path, first)
        if last:
            lines.update(last)
            rows += last.startswith(b"[")
        last = line
    if not first:
        raise _foreign(path)
    try:
        end = json.loads(last)
        whole = end["sha256"] == lines.hexdigest() and sum(end["rows"].values()) == rows
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _cut(path) from None
    if not whole:
        raise _damaged(path)
    return _head(path, first)._replace(rows=end["rows"])


def header(path: Path) -> Header:
    """What a file says of itself, before all of it was read."""
    return _head(path, next(_lines(path), b""))


def read(path: Path) -> Iterator[Table | list[Any]]:
    """The tables of a backup that was `verified`, each followed by its rows."""
    for line in _lines(path):
        said = json.loads(line)
        if isinstance(said, list):
            yield said
        elif "table" in said:
            yield Table(said["table"], said["columns"])


def _head(path: Path, line: bytes) -> Header:
    try:
        said = json.loads(line)
        number = said.pop("hemicycle_backup")
        if number == FORMAT:
            return Header(**said, rows={})
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _foreign(path) from None
    raise StartupError(
        f"{path} is a backup of another kind ({number}) than this hemicycle reads ({FORMAT}): upgrade it."
    )


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") as file:
            yield from file
    except gzip.BadGzipFile as error:
        raise (_foreign(path) if "Not a gzipped" in str(error) else _damaged(path)) from None
    except EOFError:
        raise _cut(path) from None
    except zlib.error:
        raise _damaged(path) from None
    except OSError as error:
        raise StartupError(f"{path} cannot be read: {error.strerror or error}.") from None


def _foreign(path: Path) -> StartupError:
    return StartupError(f"{path} is not a backup of hemicycle: name a file that `hemicycle backup` wrote.")


def _cut(path: Path) -> StartupError:
    return StartupError(f"{path} is cut short: its end is missing. Take another copy of it, or an earlier backup.")


def _damaged(path: Path) -> StartupError:
    return StartupError(
        f"{path} is damaged: it is not what was written. Take another copy of it, or an earlier backup."
    )


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
