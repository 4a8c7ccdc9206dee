"""What was erased leaves the files of the database."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from hemicycle.kernel.db import migrations
from hemicycle.kernel.privacy.erase import erase
from hemicycle.kernel.privacy.maintenance import maintain
from hemicycle.kernel.search import ddl
from hemicycle.participants.models import ParticipantRow
from hemicycle.testing.world import World

SENTINEL = "Zyxwvutsrqp"


def path(world: World) -> Path:
    """The file of SQLite."""
    return Path(world.app.db.url.partition(":///")[2])


def files(world: World) -> str:
    """All that SQLite has written, as lower-case text."""
    file = path(world)
    return "".join(one.read_bytes().decode("latin-1").lower() for one in file.parent.glob(f"{file.name}*"))


async def say(world: World, person: UUID) -> None:
    """The sentinel in a name that is indexed, and among the words for searching; and then no more."""
    core = migrations.owners_of(world.app.plugins)
    await asyncio.to_thread(migrations.sync_registry, world.app.db.url, core)
    async with world.app.write() as session:
        row = await session.get_one(ParticipantRow, person)
        row.display_name, row.sort_key = SENTINEL, SENTINEL.lower()
    value = ":words" if world.app.db.dialect == "sqlite" else "to_tsvector('simple', :words)"
    insert = sa.text(f"insert into {ddl.TABLE} (rowid, words) values (:number, {value})")
    for number in range(1000, 1010):
        words = SENTINEL.lower() if number == 1005 else "others"
        async with world.app.write() as session:
            await session.execute(insert, {"number": number, "words": words})
    async with world.app.write() as session:
        await session.execute(sa.text(f"delete from {ddl.TABLE} where rowid = 1005"))
        await erase(session, person, content=True)


def scribble(world: World) -> None:
    """Much that another program wrote and removed, without wiping it out as ours does."""
    with closing(sqlite3.connect(path(world), isolation_level=None)) as connection:
        connection.execute("pragma secure_delete=off")
        connection.execute("create table scribble as select ? as words", [SENTINEL * 1000])
        connection.execute("drop table scribble")


async def test_nothing_of_it_is_left(world: World) -> None:
    await say(world, world.ids["Participant:ACTIVE"])
    if world.app.db.dialect == "sqlite":
        scribble(world)
    with world.counting() as statements:
        await maintain(world.app)
    if world.app.db.dialect == "sqlite":
        assert SENTINEL.lower() not in files(world)
    else:
        vacuumed = {one.removeprefix("vacuum ") for one in statements if one.startswith("vacuum ")}
        assert {"core_participant", "core_contribution_version", ddl.TABLE} <= vacuumed


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_without_it_something_is_left(world: World) -> None:
    """Or the test above could not fail."""
    await say(world, world.ids["Participant:ACTIVE"])
    assert SENTINEL.lower() in files(world)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_while_someone_reads_it_fails_to_be_tried_again(world: World) -> None:
    await say(world, world.ids["Participant:ACTIVE"])
    with closing(sqlite3.connect(path(world), isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from core_participant").fetchone()
        with pytest.raises(RuntimeError, match="emptied when this runs again"):
            await maintain(world.app)
    await maintain(world.app)
    assert SENTINEL.lower() not in files(world)
