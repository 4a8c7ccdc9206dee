"""Make, change and remove tables: one line of migrations for each owner. Either all of it happens, or none.

Every function opens the database at `url` by itself and returns when it is done: from a running loop, call it in a
thread. All raise StartupError, which says what is wrong and how to mend it; nothing is half written then.
"""

import asyncio
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from hemicycle.kernel.db import lines
from hemicycle.kernel.db.engine import Database, async_url
from hemicycle.kernel.db.lines import State
from hemicycle.kernel.db.owners import CORE, Owner, find, names_in, owner_of, owners_of
from hemicycle.kernel.db.types import metadata
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.privacy import registry

T = TypeVar("T")
LOCK = 7_206_913_584  # on PostgreSQL, whoever migrates holds this advisory lock; any number would do
PATIENCE = 600  # seconds to wait while another process migrates
UPGRADE = "hemicycle db upgrade"

_alembic = threading.Lock()  # Alembic's `context` and `op` are global: one migration at a time in a process


def upgrade(url: str, owners: Sequence[Owner], to: Mapping[str, str] | None = None) -> list[State]:
    """Bring every owner's tables to its newest revision, and write down which columns are personal data.

    to: the revision for each owner instead; nothing is written down then. Returns what was behind, as it was before.
    """
    return _run(url, partial(_upgrade, owners=owners, to=to), change=True)


def downgrade(url: str, owners: Sequence[Owner], name: str, revision: str) -> None:
    """Take the tables of one owner back to `revision`; `base`: to none at all."""
    _run(url, partial(_downgrade, owners=owners, owner=find(owners, name), revision=revision), change=True)


def purge(url: str, owners: Sequence[Owner], name: str) -> list[str]:
    """Drop all tables of a plugin, whether its package is there or gone; returns their names.

    Refused for the core, while an enabled plugin requires it, and while the table of another owner refers to one.
    """
    return _run(url, partial(_purge, owners=owners, name=name), change=True)


def revision(owners: Sequence[Owner], name: str, message: str) -> Path:
    """Write the next revision of one owner: what its models have and its migrations do not make. For whoever codes.

    They are compared in a scratch database: the instance's own may be at any revision.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = partial(_revision, owners=owners, owner=find(owners, name), message=message)
        return _run(f"sqlite:///{folder}/scratch.db", work, change=True)


def state(url: str, owners: Sequence[Owner]) -> list[State]:
    """How far each owner's tables are."""
    return _run(url, partial(lines.states, owners=owners))


def left_behind(url: str, owners: Sequence[Owner]) -> list[str]:
    """The owners of tables in the database that are not among `owners`: plugins that were disabled or removed."""
    known = {one.name for one in owners}
    return _run(url, lambda connection: sorted(names_in(_tables(connection)) - known))


def require_current(url: str, owners: Sequence[Owner]) -> None:
    """StartupError, with the command that mends it, unless every owner's tables are at its newest revision."""
    found = _run(url, partial(lines.mendable, owners=owners))
    behind = [one.owner for one in found if one.current != one.head]
    missing = [one.owner for one in found if one.owner in behind and one.current is None]
    if CORE in missing:
        raise StartupError(f"The database has no tables yet: run `{UPGRADE}`.")
    if missing:
        raise StartupError(f"The database has no tables of {', '.join(missing)} yet: run `{UPGRADE}`.")
    if behind:
        raise StartupError(f"The tables of {', '.join(behind)} are older than its code: back up, then `{UPGRADE}`.")


def compare(url: str, owners: Sequence[Owner], name: str) -> list[Any]:
    """What Alembic would change so that the database has what the models of one owner say; [] if they agree."""
    return _run(url, partial(_compare, owner=find(owners, name)))


def sync_registry(url: str, owners: Sequence[Owner]) -> None:
    """Write down which columns are personal data, as `upgrade` does. Its cost does not grow with the database."""
    _run(url, partial(_sync, owners=owners), change=True, orphans=False)


def _run(url: str, work: Callable[[Connection], T], *, change: bool = False, orphans: bool = True) -> T:
    async def run() -> T:
        database = Database(url)
        try:
            if change:
                return await _change(database, work, orphans)
            async with database.read() as connection:
                return await connection.run_sync(work)
        finally:
            await database.close()

    try:
        _open_file(url)
        with _alembic:
            return asyncio.run(run())
    except (OSError, sqlite3.Error, sa.exc.DBAPIError) as error:
        told = getattr(error, "orig", None) or error
        raise StartupError(f"The database cannot be used: {told}: check DATABASE_URL, and that it runs.") from error


def _open_file(url: str) -> None:
    """Fail here if SQLite cannot open its file: the thread of the driver would complain in its own way, later."""
    known = sa.make_url(async_url(url))
    if known.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(known.database or ":memory:")) as connection:
            connection.execute("pragma schema_version")


async def _change(database: Database, work: Callable[[Connection], T], orphans: bool) -> T:
    """Do this work alone, in one transaction. orphans: look for them on SQLite, which reads every table whole."""
    async with database.writing.connect() as connection:
        if database.dialect == "sqlite":
            raw: Any = (await connection.get_raw_connection()).driver_connection
            # It can be said before the transaction only. With it on, remaking a table empties those that refer to it.
            await raw.execute("pragma foreign_keys=off")
            await raw.execute(f"pragma busy_timeout={PATIENCE * 1000}")
        async with connection.begin():
            if database.dialect == "postgresql":
                await connection.execute(sa.text(f"set local lock_timeout = '{PATIENCE}s'"))
                await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            answer = await connection.run_sync(work)
            if orphans and database.dialect == "sqlite":
                await connection.run_sync(_refuse_orphans)
        return answer


def _upgrade(connection: Connection, owners: Sequence[Owner], to: Mapping[str, str] | None) -> list[State]:
    done = []
    for owner, known in zip(owners, lines.mendable(connection, owners), strict=True):
        wanted = known.head if to is None else to.get(owner.name)
        if wanted is not None and known.current != wanted:
            lines.run(connection, owner, command.upgrade, wanted)
            done.append(known)
    if to is None:
        _sync(connection, owners)
    return done


def _downgrade(connection: Connection, owners: Sequence[Owner], owner: Owner, revision: str) -> None:
    if revision == "base":
        _refuse_if_needed(connection, owners, owner.name)
    lines.run(connection, owner, command.downgrade, revision)


def _purge(connection: Connection, owners: Sequence[Owner], name: str) -> list[str]:
    if name == CORE:
        raise StartupError("The core cannot be purged: remove the database.")
    tables = _tables(connection)
    names = names_in(tables) | {one.name for one in owners}
    mine = sorted(table for table in tables if owner_of(table, names) == name)
    if not mine:
        raise StartupError(f"The database has no tables of {name}: there is nothing to purge.")
    _refuse_if_needed(connection, owners, name)
    registry.forget(connection, name)
    quoted = [connection.dialect.identifier_preparer.quote(table) for table in mine]
    if connection.dialect.name == "sqlite":
        for table in quoted:  # in order, so that a table for searching goes before those that it made itself
            connection.exec_driver_sql(f"drop table if exists {table}")
    else:
        connection.exec_driver_sql(f"drop table {', '.join(quoted)}")
    return mine


def _revision(connection: Connection, owners: Sequence[Owner], owner: Owner, message: str) -> Path:
    if owner.folder is None:
        raise StartupError(f"plugin {owner.name} is one file: make it a package, which can hold migrations.")
    owner.folder.mkdir(parents=True, exist_ok=True)
    for known in lines.states(connection, owners):
        if known.head is not None:
            lines.run(connection, find(owners, known.owner), command.upgrade, "head")
    key = f"{owner.name}_{len(list(lines.script(owner).walk_revisions())) + 1:04}"
    made = lines.run(connection, owner, command.revision, message, autogenerate=True, rev_id=key)
    return Path(made.path)


def _compare(connection: Connection, owner: Owner) -> list[Any]:
    context = MigrationContext.configure(connection, opts=lines.options(connection, owner))
    return list(compare_metadata(context, metadata))


def _sync(connection: Connection, owners: Sequence[Owner]) -> None:
    registry.write(connection, {one.name: one.personal for one in owners})


def _refuse_if_needed(connection: Connection, owners: Sequence[Owner], name: str) -> None:
    """Refuse to remove the tables of an owner on which others stand."""
    above = [one.name for one in owners if name in one.requires]
    if above:
        raise StartupError(f"{', '.join(above)} requires {name}: take it out of `plugins` in the settings first.")
    tables, inspector = _tables(connection), sa.inspect(connection)
    names = names_in(tables) | {one.name for one in owners}
    for table in tables:
        other = owner_of(table, names)
        for key in inspector.get_foreign_keys(table) if other not in (None, name) else ():
            if owner_of(key["referred_table"], names) == name:
                raise StartupError(f"{table} refers to {key['referred_table']}: `hemicycle db purge {other}` first.")


def _refuse_orphans(connection: Connection) -> None:
    for table, _, parent, _ in connection.exec_driver_sql("pragma foreign_key_check"):
        raise StartupError(f"Rows of {table} would refer to rows of {parent} that are not there: nothing was changed.")


def _tables(connection: Connection) -> list[str]:
    return sa.inspect(connection).get_table_names()


__all__ = [
    "Owner",
    "State",
    "compare",
    "downgrade",
    "left_behind",
    "owners_of",
    "purge",
    "require_current",
    "revision",
    "state",
    "sync_registry",
    "upgrade",
]
