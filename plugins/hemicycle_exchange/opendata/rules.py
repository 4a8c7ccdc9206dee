"""Write every open-data table into a folder: one moment of the instance, row by row, all of it or nothing."""

import csv
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hemicycle.api import ANYONE, Application, OpenData, StartupError, table_of
from hemicycle_exchange.opendata.cells import as_cell, as_json
from hemicycle_exchange.opendata.leaving import SUPPRESSED, guard_of
from hemicycle_exchange.opendata.package import PACKAGE, Written, describe

AT_ONCE = 1000
NOBODY = {"viewer": ANYONE.id}
Progress = Callable[[str, int, int], None]


async def export(
    app: Application, folder: Path, *, force: bool = False, progress: Progress = lambda table, written, of: None
) -> list[Written]:
    """Write what anyone may take away into a new folder. Memory does not grow with the tables, and nobody waits for it.

    force: put it in the place of an earlier export. progress: called with a table, how many of its rows are written,
    of how many. StartupError if the folder is there already, is no export, or cannot be written: it is then as it was.
    """
    made = _begun(folder, force)
    try:
        written = await _write(app, made, progress)
        _put(made, folder)
    except ConnectionError:  # of the database
        raise
    except OSError as error:
        raise _unwritten(folder, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)  # if it still stands there
    return written


def _begun(folder: Path, force: bool) -> Path:
    """A folder beside the one that is wanted: nobody finds half of it under its name."""
    if folder.exists() and not force:
        raise StartupError(f"{folder} is there already: name another folder, or add --force to replace it.")
    if folder.exists() and not (folder / PACKAGE).exists():
        raise StartupError(f"{folder} is no earlier export (it has no {PACKAGE}), and would be lost: name another one.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritten(folder, error) from None


def _unwritten(folder: Path, error: OSError) -> StartupError:
    return StartupError(f"{folder}: it cannot be written: {error.strerror or error}.")


async def _write(app: Application, folder: Path, progress: Progress) -> list[Written]:
    async with app.db.snapshot() as connection:
        tables = sorted(app.declared[OpenData].values(), key=lambda table: table.name)
        written = [await _table(app, connection, table, folder, progress) for table in tables]
    describe(folder, app.settings.instance, app.settings.name, app.clock.now(), written)
    return written


async def _table(
    app: Application, connection: AsyncConnection, table: OpenData, folder: Path, progress: Progress
) -> Written:
    query = _seen(app, table)
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    many = (await connection.execute(counted, NOBODY)).scalar_one()
    names = [column.name for column in query.selected_columns]
    header = [*names, SUPPRESSED] if table.people else names
    guard, rows, left_out = guard_of(table, names, app.settings.secret_key), 0, 0
    with (
        (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as cells,
        (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as lines,
    ):
        writer = csv.writer(cells, lineterminator="\n")
        writer.writerow(header)
        result = await connection.stream(query.execution_options(yield_per=AT_ONCE), NOBODY)
        async for some in result.partitions():
            for row in some:
                values, suppressed = guard(row)
                said = [*values, " ".join(suppressed) or None] if table.people else values
                writer.writerow([as_cell(value) for value in said])
                told = {name: as_json(value) for name, value in zip(header, said, strict=True)}
                lines.write(json.dumps(told, ensure_ascii=False) + "\n")
                left_out += len(suppressed)
            rows += len(some)
            progress(table.name, rows, many)
    return Written(table, app.declared.owner_of(table), query, rows, left_out)


def _seen(app: Application, table: OpenData) -> Select[Any]:
    """What a visitor sees of the table."""
    query: Select[Any] = table.query()
    if table.on is None:
        return query
    rows = table_of(table.on)
    return query.where(app.access.visible(app.mappings[rows], rows.c))


def _put(made: Path, folder: Path) -> None:
    """The new folder in the place of the old one, which is thrown away once the new one stands."""
    made.chmod(0o755)  # until now it was for its owner alone
    old = None
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent)) / folder.name
        folder.rename(old)
    try:
        made.rename(folder)
    except OSError:
        if old is not None:
            old.rename(folder)
            old.parent.rmdir()
        raise
    if old is not None:
        shutil.rmtree(old.parent, ignore_errors=True)
