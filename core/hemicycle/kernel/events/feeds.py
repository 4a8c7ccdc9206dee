"""How the commits of every process reach this one: NOTIFY on PostgreSQL, a look at the file on SQLite."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from hemicycle.kernel.db.dialect import chunks, table_of
from hemicycle.kernel.db.engine import async_url
from hemicycle.kernel.declarations import Occurrence
from hemicycle.kernel.events.journal import occurrences
from hemicycle.kernel.events.models import JournalRow

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application
    from hemicycle.kernel.db.session import Session

CHANNEL = "hemicycle"
IDS = 200
"""Ids in one notification, of 33 bytes each: PostgreSQL refuses 8000 bytes."""
LOOK = 0.2
"""Seconds between two looks at a SQLite file."""
QUIET = 30.0
"""Seconds of silence after which the connection to PostgreSQL is asked whether it is still there."""
PATIENCE = 5.0
"""Seconds that PostgreSQL may take to let us in, or to say that it is there."""

JOURNAL = table_of(JournalRow)
ROWID: Any = literal_column("core_journal.rowid")


def feed(app: "Application", bell: asyncio.Event) -> AsyncIterator[list[Occurrence]]:
    """What every process commits from now on, in its order. An exception means that something may have been missed.

    The first list is empty: from then on nothing escapes. bell: rung by commits of this process.
    """
    return _look(app, bell) if app.db.dialect == "sqlite" else _hear(app)


async def announce(session: "Session") -> None:
    """In the transaction: tell PostgreSQL what to tell at commit. SQLite needs nothing: its file changes."""
    if session.app.db.dialect == "sqlite":
        return
    for some in chunks(session.recorded, IDS):
        await session.execute(select(func.pg_notify(CHANNEL, ",".join(one.id.hex for one in some))))


async def _look(app: "Application", bell: asyncio.Event) -> AsyncIterator[list[Occurrence]]:
    async with app.db.read() as connection:
        version, last = await _version(connection), await _last(connection)
        yield []
        while True:
            try:
                async with asyncio.timeout(LOOK):
                    await bell.wait()
            except TimeoutError:
                pass
            bell.clear()
            if (now := await _version(connection)) != version:
                version = now
                found = await occurrences(connection, await _position(connection, last) < ROWID, order=ROWID)
                if found:
                    last = found[-1].id
                    yield found


async def _version(connection: AsyncConnection) -> int:
    """A number that is another one after each commit of any other connection, of any process."""
    number: int = (await connection.exec_driver_sql("pragma data_version")).scalar_one()
    return number


async def _last(connection: AsyncConnection) -> UUID | None:
    return (await connection.execute(select(JOURNAL.c.id).order_by(ROWID.desc()).limit(1))).scalar()


async def _position(connection: AsyncConnection, last: UUID | None) -> Any:
    """Where the last row that was told now stands: VACUUM may number the rows anew. It keeps their order, which is
    that of the commits, for there is one writer at a time."""
    if last is None:
        return bindparam("position", 0)
    found = (await connection.execute(select(ROWID).where(JOURNAL.c.id == last))).scalar_one()
    return bindparam("position", found)


async def _hear(app: "Application") -> AsyncIterator[list[Occurrence]]:
    """A connection of its own, not one of the pool: a pooler in between would lose what it listens to."""
    url = app.settings.listen_url or app.settings.database_url
    waits = {"timeout": PATIENCE, "command_timeout": PATIENCE}
    engine = create_async_engine(
        async_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, connect_args=waits
    )
    said: asyncio.Queue[str | None] = asyncio.Queue()
    try:
        async with engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            driver.add_termination_listener(lambda _: said.put_nowait(None))
            await driver.add_listener(CHANNEL, lambda *told: said.put_nowait(told[-1]))
            yield []
            while True:
                yield await _told(app, await _next(said, driver))
    finally:
        await engine.dispose()


async def _next(said: "asyncio.Queue[str | None]", driver: Any) -> list[UUID]:
    """The ids that came meanwhile. ConnectionError if the connection is gone."""
    while True:
        try:
            async with asyncio.timeout(QUIET):
                told = [await said.get()]
            break
        except TimeoutError:
            await driver.execute("select 1")  # a connection that a network forgot says nothing for ever
    while not said.empty():
        told.append(said.get_nowait())
    if None in told:
        raise ConnectionError("PostgreSQL closed the connection that listened")
    return [UUID(one) for some in told if some for one in some.split(",")]


async def _told(app: "Application", ids: list[UUID]) -> list[Occurrence]:
    among = JOURNAL.c.id == any_(bindparam("ids", ids, ARRAY(Uuid())))
    async with app.db.read() as connection:
        known = {one.id: one for one in await occurrences(connection, among)}
    return [known[one] for one in ids if one in known]
