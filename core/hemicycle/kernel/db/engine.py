"""Two engines for one database: one that reads in autocommit, one that writes in short transactions."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from hemicycle.kernel.errors import StartupError

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
BEGIN = {
    "sqlite": ("begin", "select 1 from sqlite_master"),
    "postgresql": ("begin isolation level repeatable read read only", "select 1"),
}
CALLED = "hemicycle"
"""What our connections are called in PostgreSQL's own list of who is connected."""


def async_url(url: str) -> str:
    """`url` with the driver that is used here; StartupError if it is not a database that hemicycle knows."""
    try:
        known = make_url(url)
    except Exception as error:
        raise StartupError(f"DATABASE_URL is not an address of a database ({error}): write sqlite:///FILE "
                           "or postgresql://USER@HOST/NAME") from None  # fmt: skip
    driver = DRIVERS.get(known.drivername.partition("+")[0])
    if driver is None:
        raise StartupError(f"{known.drivername} is not a database that hemicycle knows: take SQLite or PostgreSQL")
    return known.set(drivername=driver).render_as_string(hide_password=False)


class Database:
    """The two engines, and the queue of writers that SQLite needs.

    On PostgreSQL, `?schema=NAME` at the end of the URL names the schema of the tables, if it is not the usual one.
    """

    def __init__(self, url: str) -> None:
        self.url = async_url(url)
        self.dialect = "sqlite" if self.url.startswith("sqlite") else "postgresql"
        known, write, read = make_url(self.url), dict[str, Any](), dict[str, Any]()
        if self.dialect == "postgresql":
            schema = known.query.get("schema")
            said = {"application_name": CALLED} | ({"search_path": schema} if schema else {})
            known = known.difference_update_query(["schema"])
            # Our texts are few and constant, so PostgreSQL may keep their plans: planning cost as much as running.
            generic = {"plan_cache_mode": "force_generic_plan", "jit": "off"}
            pool = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 5}
            write = pool | {"connect_args": {"server_settings": said}}
            read = pool | {"connect_args": {"server_settings": said | generic}}
        address = known.render_as_string(hide_password=False)
        self.writing = _open(address, **write)
        # Autocommit from birth: set at each checkout, it costs more than a small query.
        self.reading = _open(address, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **read)
        self._turn = asyncio.Lock()  # fair: first come, first served
        # Told how long a writer waited for its turn; and which engine ran which statement, and how long it took.
        self.waited: Callable[[float], None] = lambda seconds: None
        self.ran: Callable[[str, str, float], None] = lambda engine, statement, seconds: None
        self._time("read", self.reading)
        self._time("write", self.writing)

    def read(self) -> AsyncConnection:
        """A connection for reading, to be used with `async with`. It sees what is committed."""
        return self.reading.connect()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one moment for as long as the block lasts, while others write."""
        begin, look = BEGIN[self.dialect]
        async with self.read() as connection:
            await connection.exec_driver_sql(begin)
            try:
                await connection.exec_driver_sql(look)  # the moment is now
                yield connection
            finally:
                await connection.exec_driver_sql("rollback")

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn to write: on SQLite there is one writer at a time, on PostgreSQL there are many."""
        if self.dialect == "sqlite":
            began = time.perf_counter()
            async with self._turn:
                self.waited(time.perf_counter() - began)
                yield
        else:
            yield

    async def close(self) -> None:
        """Close all connections. New ones are opened if it is used again."""
        await self.reading.dispose()
        await self.writing.dispose()

    def _time(self, name: str, engine: AsyncEngine) -> None:
        def before(_connection: Any, _cursor: Any, _statement: str, _values: Any, execution: Any, _many: bool) -> None:
            execution.began = time.perf_counter()

        def after(_connection: Any, _cursor: Any, statement: str, _values: Any, execution: Any, _many: bool) -> None:
            self.ran(name, statement, time.perf_counter() - execution.began)

        event.listen(engine.sync_engine, "before_cursor_execute", before)
        event.listen(engine.sync_engine, "after_cursor_execute", after)


def _open(url: str, **options: Any) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True, **options)  # an error in a log must not tell what was said
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: see below
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout=30000",
            "journal_mode=wal",
            "foreign_keys=on",
            "synchronous=full",  # a vote that was acknowledged survives a power cut
            "secure_delete=on",
        ):
            cursor.execute(f"pragma {pragma}")
        cursor.close()

    if options.get("isolation_level") != "AUTOCOMMIT":

        @event.listens_for(engine.sync_engine, "begin")
        def begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # a deferred one fails when two have read before they write

    return engine


def is_full(error: BaseException) -> bool:
    """Whether the database refused because its disk is full."""
    origin = getattr(error, "orig", error)
    cause = getattr(origin, "__cause__", None) or origin
    return isinstance(cause, sqlite3.OperationalError) and "full" in str(cause)


def is_transient(error: BaseException) -> bool:
    """Whether the transaction was undone because of another one, and may simply be tried again."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in ("40001", "40P01")
