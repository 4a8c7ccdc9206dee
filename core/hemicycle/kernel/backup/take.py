"""Take a backup while others read and write: it holds one moment, whatever happens meanwhile."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from hemicycle import __version__
from hemicycle.kernel.backup import tables
from hemicycle.kernel.backup.archive import Header, Table, Writer, written
from hemicycle.kernel.backup.values import to_json
from hemicycle.kernel.db.migrations import LOCK
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.privacy.erasures import remembered
from hemicycle.kernel.search.index import every_word

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

SOME = 1000  # rows that are in memory at once
Progress = Callable[[int, int], None]


async def take(
    app: "Application", path: Path, *, force: bool = False, progress: Progress = lambda done, of: None
) -> dict[str, Any]:
    """Write all that is ours in the database into a file; returns what is in it.

    What was committed before is in it, and of what is committed meanwhile, nothing. Tables may be older than the code,
    and their plugins disabled. progress: called with how many rows are done, of how many. StartupError says what is
    wrong; there is no file then.
    """
    erasures = remembered(app)  # before the moment: a restore needs at least these
    try:
        async with _no_migration(app), app.db.snapshot() as connection:
            with written(path, force=force) as writer:
                header = await _write(app, connection, writer, erasures, progress)
    except (OSError, sqlite3.Error, sa.exc.SQLAlchemyError) as error:
        told = getattr(error, "orig", None) or error
        raise StartupError(f"The database cannot be read: {told}: check DATABASE_URL, and that it runs.") from error
    said = header._asdict() | {"rows": sum(writer.rows.values()), "tables": writer.rows}
    return {"file": str(path), "bytes": writer.size, "sha256": writer.sha256, **said}


@asynccontextmanager
async def _no_migration(app: "Application") -> AsyncIterator[None]:
    """Nobody changes tables for the time of a `with`; on SQLite, a moment holds them too."""
    if app.db.dialect == "sqlite":
        yield
        return
    async with app.db.writing.begin() as connection:
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(LOCK)))
        yield


async def _write(
    app: "Application", connection: AsyncConnection, writer: Writer, erasures: int, progress: Progress
) -> Header:
    heads = await connection.run_sync(tables.heads)
    if not heads:
        raise StartupError("The database has no tables of hemicycle: there is nothing to back up.")
    header = Header(
        __version__, app.settings.instance, app.clock.now().isoformat(), app.db.dialect, heads, erasures, {}
    )
    known = await connection.run_sync(tables.ours, heads)
    counts = [
        (await connection.execute(sa.select(sa.func.count()).select_from(one))).scalar_one() for one in known.values()
    ]
    every = sum(counts)
    done = 0
    writer.head(header)
    queries: dict[str, Any] = {name: sa.select(one).order_by(*one.primary_key.columns) for name, one in known.items()}
    columns = {name: [one.name for one in table.columns] for name, table in known.items()}
    if "core_search" in known:
        queries[tables.WORDS], columns[tables.WORDS] = every_word(app.db.dialect), ["rowid", "words"]
    for name, query in queries.items():
        writer.table(Table(name, columns[name]))
        async with connection.stream(query) as result:
            async for rows in result.partitions(SOME):
                try:
                    for row in rows:
                        writer.row([to_json(value) for value in row])
                except TypeError as error:
                    raise StartupError(f"The table {name} holds what a backup cannot: {error}.") from None
                done += len(rows)
                progress(min(done, every), every)
    return header
