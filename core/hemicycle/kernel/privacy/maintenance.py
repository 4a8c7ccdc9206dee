"""After an erasure: make what was erased leave the files of the database too.

On SQLite nothing of it is left in the database's files. On PostgreSQL the dead rows are cleared, so that their space
is written over in time; its write-ahead log, replicas and backups keep their copies for as long as they are kept.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hemicycle.kernel.privacy import registry
from hemicycle.kernel.search import ddl

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

WORDS = "select name from sqlite_master where type = 'table' and sql like 'create virtual table%using fts5%'"


async def maintain(app: "Application", _: str = "") -> None:
    """The job that follows an erasure. It may run at any time, and fails (to be tried again) while it is in the way."""
    async with app.db.turn(), app.db.read() as connection:  # in autocommit: neither knows transactions
        if app.db.dialect == "sqlite":
            await _sqlite(connection)
        else:
            for table in await connection.run_sync(_touched):
                await connection.exec_driver_sql(f"vacuum {table}")


async def _sqlite(connection: AsyncConnection) -> None:
    prepare = connection.dialect.identifier_preparer.quote
    for name in (await connection.execute(text(WORDS))).scalars().all():
        # Until then, the words of deleted rows stay in the index.
        await connection.exec_driver_sql(f"insert into {prepare(name)} ({prepare(name)}) values ('optimize')")  # noqa: S608
    await connection.exec_driver_sql("vacuum")
    await connection.exec_driver_sql("pragma busy_timeout=1000")  # while it waits for readers, nobody can write
    busy, *_ = (await connection.exec_driver_sql("pragma wal_checkpoint(truncate)")).one()
    await connection.invalidate()  # whoever comes next may wait longer
    if busy:
        raise RuntimeError("Someone reads the write-ahead log of the database: it is emptied when this runs again.")


def _touched(connection: Connection) -> list[str]:
    _, tables = registry.read(connection)
    found = registry.reflect(connection, {*tables, ddl.TABLE, "core_search"})
    return [connection.dialect.identifier_preparer.quote(name) for name in sorted(found)]
