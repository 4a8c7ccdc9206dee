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
from hemicycle.testing.world import World

SENTINEL = "Zyxwvutsrqp"


def files(world: World) -> str:
    """All that SQLite has written, as lower-case text."""
    path = Path(world.app.db.url.partition(":///")[2])
    return "".join(one.read_bytes().decode("latin-1").lower() for one in path.parent.glob(f"{path.name}*"))


async def say(world: World, person: UUID) -> None:
    """The sentinel in a text, in a name that is indexed, and in the words for searching; and then no more."""
    core = migrations.owners_of(world.app.plugins)
    await asyncio.to_thread(migrations.sync_registry, world.app.db.url, core)
    async with world.app.write() as session:
        change = "update core_participant set display_name = :name, sort_key = :name where id = :id"
        await session.execute(
            sa.text(change).bindparams(sa.bindparam("id", type_=sa.Uuid())), {"name": SENTINEL, "id": person}
        )
        value = ":words" if world.app.db.dialect == "sqlite" else "to_tsvector('simple', :words)"
        for number in range(1000, 1300):
            words = f"{SENTINEL.lower()} said {number}"
            insert = f"insert into {ddl.TABLE} (rowid, words) values (:number, {value})"
            await session.execute(sa.text(insert), {"number": number, "words": words})
    async with world.app.write() as session:
        await session.execute(sa.text(f"delete from {ddl.TABLE} where rowid >= 1000"))
        await erase(session, person, content=True)


async def test_nothing_of_it_is_left(world: World) -> None:
    await say(world, world.ids["Participant:ACTIVE"])
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
    with closing(sqlite3.connect(world.app.db.url.partition(":///")[2], isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from core_participant").fetchone()
        with pytest.raises(RuntimeError, match="emptied when this runs again"):
            await maintain(world.app)
    await maintain(world.app)
    assert SENTINEL.lower() not in files(world)
