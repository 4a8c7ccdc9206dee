"""Read the rows of a backup into tables that were made for them, in one transaction."""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from hemicycle.kernel.backup import archive, tables
from hemicycle.kernel.backup.values import from_json
from hemicycle.kernel.db.engine import Database
from hemicycle.kernel.db.owners import owner_of
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.search.index import fill

SOME = 500  # rows that are written at once
Row = Sequence[Any]
Progress = Callable[[int], None]


async def load(url: str, path: Path, owners: Collection[str], without: Collection[str], progress: Progress) -> None:
    """Write the rows of a backup into the database at `url`, and see that all that they refer to is there.

    owners: all of the backup; without: those whose rows are left out. progress: called with how many rows are done.
    StartupError names a table or a row that does not fit.
    """
    database = Database(url)
    try:
        async with database.writing.connect() as connection:
            if database.dialect == "sqlite":  # before the transaction, or it is not heard
                raw: Any = (await connection.get_raw_connection()).driver_connection
                await raw.execute("pragma foreign_keys=off")
            async with connection.begin():
                await connection.run_sync(_load, path, owners, without, progress)
    finally:
        await database.close()


def _load(
    connection: Connection, path: Path, owners: Collection[str], without: Collection[str], progress: Progress
) -> None:
    known = tables.ours(connection, owners)
    references = _drop_references(connection)  # rows come in any order; at the end all are looked at
    for one in known.values():
        connection.execute(sa.delete(one))  # what a migration wrote
    done = 0
    write: Callable[[list[Row]], None] | None = None
    waiting: list[Row] = []
    for said in archive.read(path):
        if isinstance(said, list):
            done += 1
            waiting.append(said)
            if len(waiting) < SOME:
                continue
        if write is not None and waiting:
            write(waiting)
        waiting.clear()
        progress(done)
        if isinstance(said, archive.Table):
            left_out = owner_of(said.name, owners) in without
            write = None if left_out else _writer(connection, known, said)
    if write is not None and waiting:
        write(waiting)
    _go_on_counting(connection, known)
    _check_references(connection, references)
    progress(done)


def _writer(connection: Connection, known: dict[str, sa.Table], said: archive.Table) -> Callable[[list[Row]], None]:
    """What writes rows into the table of that name."""
    if said.name == tables.WORDS:
        return lambda rows: _execute(connection, *fill(connection.dialect.name, [(row[0], row[1]) for row in rows]))
    table = known.get(said.name)
    if table is None or set(said.columns) != {one.name for one in table.columns}:
        raise StartupError(f"The table {said.name} of the backup is not the one that its migrations make here: "
                           "restore with the version of hemicycle that the backup names.")  # fmt: skip
    new, made = sa.insert(table), from_json(table, said.columns)
    return lambda rows: _execute(connection, new, [made(row) for row in rows])


def _execute(connection: Connection, statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    connection.execute(statement, list(rows))


def _drop_references(connection: Connection) -> list[tuple[str, str, str]]:
    """On PostgreSQL, take foreign keys away for a moment: (table, name, definition) of each."""
    if connection.dialect.name == "sqlite":
        return []
    every = sa.text("""select cast(conrelid as regclass)::text, quote_ident(conname), pg_get_constraintdef(oid)
        from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace""")
    found = [(table, name, definition) for table, name, definition in connection.execute(every)]
    for table, name, _ in found:
        connection.exec_driver_sql(f"alter table {table} drop constraint {name}")
    return found


def _check_references(connection: Connection, references: list[tuple[str, str, str]]) -> None:
    """Nothing may refer to what is not there."""
    try:
        for table, name, definition in references:
            connection.exec_driver_sql(f"alter table {table} add constraint {name} {definition}")
    except sa.exc.IntegrityError as error:
        raise StartupError(f"The backup does not hold together: {error.orig}. Take an earlier one.") from None
    if connection.dialect.name == "sqlite":
        for table, _, parent, _ in connection.exec_driver_sql("pragma foreign_key_check"):
            raise StartupError(f"The backup does not hold together: rows of {table} refer to rows of {parent} that are "
                               "not there. Take an earlier one.")  # fmt: skip


def _go_on_counting(connection: Connection, known: dict[str, sa.Table]) -> None:
    """On PostgreSQL, what counts rows goes on after the last number."""
    if connection.dialect.name == "sqlite":
        return
    for table in known.values():
        for one in table.columns:
            if "nextval" in str(getattr(one.server_default, "arg", "")):
                counter = sa.func.pg_get_serial_sequence(table.name, one.name)
                last = sa.select(sa.func.setval(counter, sa.func.max(one))).having(sa.func.count() > 0)
                connection.execute(last.select_from(table))
