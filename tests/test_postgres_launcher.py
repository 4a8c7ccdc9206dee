"""The throw-away PostgreSQL: what it starts from, what it leaves behind, what it says when it cannot."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from hemicycle import _postgres
from hemicycle._postgres import NoPostgres, create_database, drop_database, renew_database, server

INSTALLED = [folder for folder in (_postgres.machine_binaries(), _postgres.embedded_binaries()) if folder]


async def ask(url: str, question: str) -> Any:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.fixture(autouse=True)
def scratch(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for temporary files, open as /tmp is, so that what is left behind can be seen."""
    tmp_path_factory.getbasetemp()  # pytest's own must not move into this one
    folder = Path(tempfile.mkdtemp(prefix="launcher-", dir="/tmp"))
    folder.chmod(0o1777)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def pretend(tmp_path: Path) -> Any:
    """Make a folder of programs that only pretend to be PostgreSQL."""

    def make(postgres: str, initdb: str = "exit 0") -> Path:
        folder = tmp_path / "pretended" / "bin"
        folder.mkdir(parents=True)
        for name, script in {"postgres": postgres, "initdb": initdb}.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        return folder

    return make


def test_the_binaries_of_the_package_are_found() -> None:
    assert _postgres.embedded_binaries() in INSTALLED


@pytest.mark.parametrize("binaries", INSTALLED, ids=lambda folder: folder.parts[1])
async def test_a_server_lives_as_long_as_the_with(binaries: Path, scratch: Path) -> None:
    with server(binaries) as url:
        assert await ask(url, "select current_user || '/' || current_database()") == "hemicycle/postgres"
        assert await ask(url, "select current_setting('max_connections')::int") == 200
        assert await ask(url, "select current_setting('fsync')") == "off"
        assert await ask(url, "select current_setting('server_encoding')") == "UTF8"
        assert list(scratch.iterdir())
    assert not list(scratch.iterdir())
    with pytest.raises(OSError):  # noqa: PT011 — how a refused connection is worded depends on the system
        await ask(url, "select 1")


async def test_its_files_are_where_they_are_wanted(monkeypatch: pytest.MonkeyPatch, scratch: Path) -> None:
    wanted, usual = scratch / "wanted", scratch / "usual"
    for folder in (wanted, usual):
        folder.mkdir()
        folder.chmod(0o1777)
    monkeypatch.setattr(tempfile, "tempdir", str(usual))
    with server(within=str(wanted)) as url:
        assert await ask(url, "select 1") == 1
        assert list(wanted.iterdir())
        assert not list(usual.iterdir())


async def test_databases_are_made_copied_and_dropped() -> None:
    with server() as base:
        made = create_database(base, 'its "name"')
        await ask(made, "create table kept as select 42 as answer")
        copy = create_database(base, "copy", template='its "name"')
        assert await ask(copy, "select answer from kept") == 42

        open_one = await asyncpg.connect(copy.replace("+asyncpg", ""))
        await open_one.execute("delete from kept")
        assert renew_database(base, "copy", 'its "name"') == copy
        open_one.terminate()
        assert await ask(copy, "select answer from kept") == 42

        open_one = await asyncpg.connect(copy.replace("+asyncpg", ""))
        drop_database(base, "copy")
        assert await ask(base, "select count(*) from pg_database where datname = 'copy'") == 0
        drop_database(base, "copy")
        open_one.terminate()


async def test_binaries_that_nobody_may_enter_are_started_all_the_same(tmp_path: Path) -> None:
    embedded = _postgres.embedded_binaries()
    assert embedded is not None
    closed = tmp_path / "home"
    package = embedded.parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, closed / folder.name, ignore=shutil.ignore_patterns("include"), symlinks=True)
    closed.chmod(0o700)
    with server(closed / embedded.relative_to(package.parent)) as url:
        assert await ask(url, "select 1") == 1


def test_a_killed_owner_leaves_no_server_and_no_file(scratch: Path) -> None:
    program = (
        "import sys, tempfile, time; tempfile.tempdir = sys.argv[1]\n"
        "from hemicycle._postgres import server\n"
        "with server(): print('ready', flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, scratch], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        pid = int(next(scratch.glob("*/data/postmaster.pid")).read_text().splitlines()[0])
        os.kill(owner.pid, signal.SIGKILL)
    until = time.monotonic() + 30
    while list(scratch.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not list(scratch.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"])
def test_a_given_address_is_used(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", f"{scheme}://anna:s3cret@db.example:5433/postgres")
    with server() as url:
        assert url == "postgresql+asyncpg://anna:s3cret@db.example:5433/postgres"


@pytest.mark.parametrize("address", ["sqlite:///file.db", "nonsense", "postgresql://anna@db.example"])
def test_a_given_address_of_something_else_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", address)
    with pytest.raises(NoPostgres, match="TEST_DATABASE_URL is not .* unset it"), server():
        pass


def test_nothing_to_start_names_the_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_postgres, "machine_binaries", lambda: None)
    monkeypatch.setattr(_postgres, "embedded_binaries", lambda: None)
    with pytest.raises(NoPostgres, match=r"hemicycle\[test\].*TEST_DATABASE_URL"), server():
        pass


def test_an_old_server_is_passed_over(monkeypatch: pytest.MonkeyPatch, pretend: Any) -> None:
    found = _postgres.machine_binaries()
    monkeypatch.setenv("PATH", f"{pretend('echo postgres (PostgreSQL) 9.6.24')}:{os.environ['PATH']}")
    assert _postgres.machine_binaries() == found


def test_the_server_on_the_path_comes_first(monkeypatch: pytest.MonkeyPatch, pretend: Any) -> None:
    folder = pretend("echo 'postgres (PostgreSQL) 17.2'")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    assert _postgres.machine_binaries() == folder


def test_a_failed_initdb_says_why_and_leaves_nothing(pretend: Any, scratch: Path) -> None:
    with (
        pytest.raises(NoPostgres, match="initdb of .* failed.*\n.*no space"),
        server(pretend("", "echo no space; exit 1")),
    ):
        pass
    assert not list(scratch.iterdir())


def test_a_server_that_stops_at_once_says_why_and_leaves_nothing(pretend: Any, scratch: Path) -> None:
    with (
        pytest.raises(NoPostgres, match="stopped while it started.*\n.*no memory"),
        server(pretend("echo no memory; exit 1")),
    ):
        pass
    assert not list(scratch.iterdir())


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch, pretend: Any, scratch: Path) -> None:
    monkeypatch.setattr(_postgres, "READY_WITHIN", 0.2)
    monkeypatch.setattr(_postgres, "STOPPED_WITHIN", 0.2)
    with pytest.raises(NoPostgres, match="did not answer in"), server(pretend("exec sleep 600")):
        pass
    assert not list(scratch.iterdir())
