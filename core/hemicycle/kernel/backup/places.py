"""Where a backup is read into: a database that nobody uses meanwhile, and a place aside, which takes over at the end.

Until then the old database is as it was, and whoever wants to use it waits or is refused.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from hemicycle.kernel.backup import tables
from hemicycle.kernel.db.engine import CALLED, Database
from hemicycle.kernel.db.owners import names_in, owner_of
from hemicycle.kernel.errors import StartupError

SCHEMA = "hemicycle_restoring"
LOCK = 7_206_913_585  # on PostgreSQL, whoever restores holds this advisory lock; another number than migrations
SECONDS = 5  # that others have to let go
RUNNING = "stop `hemicycle serve` and `hemicycle work` everywhere, then restore."


class Place(Protocol):
    """A database that is ours alone."""

    @property
    def used(self) -> bool:
        """Whether it has tables of hemicycle."""

    @property
    def aside(self) -> str:
        """The URL of the place aside."""

    async def take_over(self) -> None:
        """What is aside is the database from now on, all at once."""


def held(url: str) -> AbstractAsyncContextManager[Place]:
    """The database at `url` for the time of a `with`; what is aside goes at the end. StartupError if it is in use."""
    return _file(url) if make_url(url).get_backend_name() == "sqlite" else _schema(url)


@dataclass
class _File:
    """SQLite: a file beside, whose pages are copied over those of the database in one transaction.

    The file itself stays the same one: whoever opened it meanwhile never writes into one that is gone.
    """

    connection: sqlite3.Connection
    beside: Path
    used: bool

    @property
    def aside(self) -> str:
        return f"sqlite+aiosqlite:///{self.beside}"

    async def take_over(self) -> None:
        await asyncio.to_thread(self._copy)

    def _copy(self) -> None:
        with closing(sqlite3.connect(self.beside)) as source:
            source.backup(self.connection)
        with suppress(sqlite3.Error):  # it stands already: whoever opens it next does this too
            self.connection.execute("pragma wal_checkpoint(truncate)")


@asynccontextmanager
async def _file(url: str) -> AsyncIterator[Place]:
    path = Path(make_url(url).database or ":memory:")
    if path.name == ":memory:":
        raise StartupError("A database in memory cannot be restored into: name a file in DATABASE_URL.")
    beside = path.with_name(f"{path.name}.restoring")
    try:
        connection = sqlite3.connect(path, timeout=SECONDS, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise StartupError(f"{path} cannot be opened: {error}: check DATABASE_URL.") from None
    with closing(connection):
        await asyncio.to_thread(_alone, connection, path)
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        _remove(beside)
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            yield _File(connection, beside, bool(names_in(names)))
        finally:
            _remove(beside)


def _alone(connection: sqlite3.Connection, path: Path) -> None:
    """Nobody else has the file open, and nobody else can open it."""
    try:
        connection.execute("pragma locking_mode=exclusive")
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
        connection.execute("pragma secure_delete=on")
        connection.execute("begin immediate")
        connection.execute("commit")
    except sqlite3.OperationalError as error:
        told = "Something has it open" if "locked" in str(error) else f"It cannot be used ({error})"
        raise StartupError(f"{told}: {path}. If it runs, {RUNNING}") from None
    except sqlite3.DatabaseError:
        raise StartupError(f"{path} is not a SQLite database: check DATABASE_URL, or move the file away.") from None


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).unlink()


@dataclass
class _Schema:
    """PostgreSQL: a schema beside the usual one, whose tables move into it when the old ones are dropped."""

    connection: AsyncConnection
    aside: str
    old: list[str]

    @property
    def used(self) -> bool:
        return bool(self.old)

    async def take_over(self) -> None:
        quote = self.connection.dialect.identifier_preparer.quote
        into = (await self.connection.exec_driver_sql("select current_schema()")).scalar_one()
        named = sa.text("select tablename from pg_tables where schemaname = :schema")
        new = (await self.connection.execute(named, {"schema": SCHEMA})).scalars().all()
        if self.old:
            await self.connection.exec_driver_sql(f"drop table {', '.join(map(quote, self.old))}")
        for name in new:
            await self.connection.exec_driver_sql(f"alter table {SCHEMA}.{quote(name)} set schema {quote(into)}")
        await self.connection.exec_driver_sql(f"drop schema {SCHEMA}")
        await self.connection.commit()


@asynccontextmanager
async def _schema(url: str) -> AsyncIterator[Place]:
    database = Database(url)
    try:
        async with database.writing.connect() as connection:
            old = await _only_ours(connection)
            await _make_schema(database)
            aside = make_url(database.url).update_query_dict({"schema": SCHEMA})
            try:
                yield _Schema(connection, aside.render_as_string(hide_password=False), old)
            finally:
                await connection.rollback()
                async with database.read() as other:
                    await other.exec_driver_sql(f"drop schema if exists {SCHEMA} cascade")
    finally:
        await database.close()


async def _make_schema(database: Database) -> None:
    try:
        async with database.read() as connection:
            await connection.exec_driver_sql(f"drop schema if exists {SCHEMA} cascade")  # of a restore that was killed
            await connection.exec_driver_sql(f"create schema {SCHEMA}")
    except sa.exc.ProgrammingError as error:
        raise StartupError(f"No place aside can be made in the database ({error.orig}): its owner has to say "
                           "`grant create on database NAME to USER`.") from None  # fmt: skip


async def _only_ours(connection: AsyncConnection) -> list[str]:
    """Our tables, which nobody else reads or changes until the transaction of this connection ends."""
    quote = connection.dialect.identifier_preparer.quote
    await connection.exec_driver_sql("set local idle_in_transaction_session_timeout = 0")
    if not (await connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK)))).scalar_one():
        raise StartupError("Another `hemicycle restore` works on this database: wait for it.")
    await _refuse_others(connection)
    found = await connection.run_sync(lambda it: sa.inspect(it).get_table_names())
    old = [one for one in found if owner_of(one, names_in(found)) or one == tables.WORDS]
    if old:
        await connection.exec_driver_sql(f"set local lock_timeout = '{SECONDS}s'")
        try:
            await connection.exec_driver_sql(f"lock table {', '.join(map(quote, old))} in access exclusive mode")
        except sa.exc.DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03":
                raise
            raise StartupError(f"Something uses the tables of this database: {RUNNING}") from None
        await connection.exec_driver_sql("set local lock_timeout = 0")
        await _refuse_others(connection)  # who came since
    return old


async def _refuse_others(connection: AsyncConnection) -> None:
    others = sa.text("""select count(*) from pg_stat_activity
        where datname = current_database() and application_name = :name and pid <> pg_backend_pid()""")
    number = (await connection.execute(others, {"name": CALLED})).scalar_one()
    if number:
        one = "A connection" if number == 1 else f"{number} connections"
        raise StartupError(f"{one} of hemicycle to this database: {RUNNING} A pooler may keep them for a while.")
