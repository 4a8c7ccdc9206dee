"""Restore a backup: it is read aside, brought to the current tables, settled, looked over; then it takes over."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from hemicycle.kernel.backup import archive, places
from hemicycle.kernel.backup.archive import Header
from hemicycle.kernel.backup.load import load
from hemicycle.kernel.db import lines, migrations
from hemicycle.kernel.db.engine import Database
from hemicycle.kernel.db.owners import Owner
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.jobs.queue import drop_outward
from hemicycle.kernel.privacy.erasures import remembered
from hemicycle.kernel.privacy.maintenance import maintain

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What a restore was told. without: owners whose tables are left out. replace: what the database holds may go."""

    file: Path
    replace: bool = False
    without: Collection[str] = ()
    without_erasures: bool = False


def look(app: "Application", owners: Sequence[Owner], wanted: Wanted) -> Header:
    """What the file holds, if it can be restored here; StartupError says why not, and what to do.

    owners: those of the enabled plugins, and of all that are named in the backup and installed.
    """
    said = archive.verified(wanted.file)
    if said.instance != app.settings.instance:
        raise StartupError(
            f"{wanted.file} is a backup of the instance {said.instance!r}, and this is {app.settings.instance!r}: "
            "name the right file, or correct `instance` in the settings."
        )
    known = {one.name: one for one in owners}
    for name, head in said.heads.items():
        if name in wanted.without:
            continue
        if name not in known:
            raise StartupError(f"The backup has tables of {name}, whose package is not installed: install it, or leave "
                               f"them out: --without {name}.")  # fmt: skip
        owner = known[name]
        if owner.folder is None or head not in {one.revision for one in lines.script(owner).walk_revisions()}:
            raise StartupError(f"The tables of {name} in the backup are newer ({head}) than its code: install "
                               f"the version of then (hemicycle was {said.version}).")  # fmt: skip
    if (known_here := remembered(app)) < said.erasures and not wanted.without_erasures:
        raise StartupError(
            f"{said.erasures} people had gone when this backup was taken, and {app.settings.erasure_journal} remembers "
            f"{known_here}: bring the newest copy of that file back first, or those who went since come back. If it is "
            "lost for good, say --without-erasures."
        )
    return said


async def restore(
    app: "Application", owners: Sequence[Owner], enabled: Sequence[Owner], wanted: Wanted,
    progress: Progress = lambda done, of: None,
) -> dict[str, Any]:  # fmt: skip
    """Put what a backup holds in the place of what the database of `app` holds; returns what was done.

    owners: as for `look`; enabled: those of them that are to be current afterwards.
    StartupError says what is wrong; the database is then what it was.
    """
    said = await asyncio.to_thread(look, app, owners, wanted)
    heads = {name: head for name, head in said.heads.items() if name not in wanted.without}
    every = sum(said.rows.values())
    try:
        async with places.held(app.db.url) as place:
            if place.used and not wanted.replace:
                raise StartupError("The database holds an instance, which this would replace. Back it up, then say it "
                                   "again with --yes.")  # fmt: skip
            within = [one for one in owners if one.name in heads]
            await asyncio.to_thread(migrations.upgrade, place.aside, within, heads)
            await load(place.aside, wanted.file, said.heads, wanted.without, lambda done: progress(done, every))
            behind = await asyncio.to_thread(migrations.upgrade, place.aside, enabled)
            told = await _settle(app, place.aside)
            await place.take_over()
    except (OSError, sqlite3.Error, sa.exc.SQLAlchemyError) as error:
        reason = getattr(error, "orig", None) or error
        raise StartupError(f"It could not be restored, and nothing was changed: {reason}") from error
    return {
        "instance": said.instance,
        "taken_at": said.taken_at,
        "version": said.version,
        "rows": every,
        "upgraded": [one.owner for one in behind],
        **told,
    }


async def _settle(app: "Application", aside: str) -> dict[str, int]:
    """See that nobody and nothing comes back that had ended, over a database that nobody uses yet."""
    settings = app.settings
    around: dict[str, Any] = {"clock": app.clock, "mailer": app.mailer, "outbound": app.outbound}
    await app.close()
    app.attach(settings.model_copy(update={"database_url": aside}), **around)
    try:
        told = {"letters not sent again": await drop_outward(app)}
        for one in await app.plugins.tell("settle_restored", app=app):
            told |= one
        await maintain(app)
        if app.db.dialect == "postgresql":
            await _take_stock(app.db)
        await _check(app.db)
        return told
    finally:
        await app.close()
        app.attach(settings, **around)


async def _take_stock(database: Database) -> None:
    """Until PostgreSQL knows how large its tables are, it looks for rows in the wrong way."""
    async with database.read() as connection:
        for name in await connection.run_sync(lambda it: sa.inspect(it).get_table_names()):
            await connection.exec_driver_sql(f"analyze {connection.dialect.identifier_preparer.quote(name)}")


async def _check(database: Database) -> None:
    """SQLite looks over its file; PostgreSQL has just made all that it checks."""
    if database.dialect == "sqlite":
        async with database.read() as connection:
            found = (await connection.exec_driver_sql("pragma integrity_check")).scalars().all()
            orphans = (await connection.exec_driver_sql("pragma foreign_key_check")).all()
        if found != ["ok"] or orphans:
            raise StartupError(f"What was restored is not sound ({found[0]}, {len(orphans)} rows refer to nothing): "
                               "nothing was changed. Look at the disk, and take another backup.")  # fmt: skip
