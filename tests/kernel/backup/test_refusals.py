"""What cannot be backed up or restored is refused in a sentence; older tables and other plugins are no obstacle."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hemicycle.kernel.backup.archive import Header, written
from hemicycle.kernel.backup.restore import Wanted, look, restore
from hemicycle.kernel.backup.take import take
from hemicycle.kernel.db import migrations
from hemicycle.kernel.errors import StartupError
from hemicycle.participants.rules import new_participant
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import World
from tests.kernel.backup.conftest import owners, stopped

HEADS = {"core": "core_0001", "votes": "votes_0001"}
MORE = {"territories": "territories_0001"}


def a_backup(folder: Path, **said: Any) -> Path:
    """An empty backup that says this of itself."""
    file = folder / "one.backup"
    told = Header("0.1", "local", "2026-03-02T09:00:00+00:00", "sqlite", HEADS, 0, {})
    with written(file, force=True) as writer:
        writer.head(told._replace(**said))
    return file


async def test_what_does_not_belong_here_is_refused(tmp_path: Path) -> None:
    async with stopped(f"sqlite:///{tmp_path}/x.db", tmp_path, ["votes"]) as app:

        def told(**said: Any) -> str:
            with pytest.raises(StartupError) as refused:
                look(app, owners(["votes"]), Wanted(a_backup(tmp_path, **said)))
            return str(refused.value)

        assert "is a backup of the instance 'elsewhere', and this is 'local'" in told(instance="elsewhere")
        newer = told(heads={"core": "core_9999"}, version="9.9")
        assert "The tables of core in the backup are newer (core_9999) than its code" in newer
        assert "hemicycle was 9.9" in newer
        assert "--without lost" in told(heads=HEADS | {"lost": "lost_0001"})
        gone = told(erasures=2)
        assert "2 people had gone" in gone
        assert "bring the newest copy of that file back first" in gone
        file = a_backup(tmp_path, heads=HEADS | {"lost": "lost_0001"}, erasures=2)
        said = look(app, owners(["votes"]), Wanted(file, without={"lost"}, without_erasures=True))
        assert said.erasures == 2


async def test_what_is_not_there_is_not_backed_up(bare: str, tmp_path: Path) -> None:
    async with stopped(bare, tmp_path) as app:
        with pytest.raises(StartupError, match="has no tables of hemicycle: there is nothing to back up"):
            await take(app, tmp_path / "one.backup")
    for nowhere in (f"sqlite:///{tmp_path}/nowhere/x.db", "postgresql://nobody@127.0.0.1:1/nothing"):
        async with stopped(nowhere, tmp_path) as app:
            with pytest.raises(StartupError, match="The database cannot be read: .*: check DATABASE_URL"):
                await take(app, tmp_path / "one.backup")
    assert list(tmp_path.glob("*.backup*")) == []


async def test_an_older_backup_is_brought_to_the_current_tables(
    databases: Databases, bare: str, tmp_path: Path
) -> None:
    """Of a plugin that is not enabled here the tables stay as they were; those of one that is left out do not come."""
    every = owners(["territories", "votes"])
    await asyncio.to_thread(migrations.upgrade, bare, every, {**HEADS, **MORE})
    file = tmp_path / "old.backup"
    async with stopped(bare, tmp_path, []) as app:
        assert (await take(app, file))["heads"] == {**HEADS, **MORE}
    with databases.bare() as url:
        async with stopped(url, tmp_path, ["votes"]) as app:
            told = await restore(app, every, owners(["votes"]), Wanted(file))
        assert "votes" in told["upgraded"]
        for one in await asyncio.to_thread(migrations.state, url, every):
            assert one.current == MORE.get(one.owner, one.head)
        async with stopped(url, tmp_path, []) as app:
            wanted = Wanted(file, replace=True, without={"votes", "territories"})
            await restore(app, owners([]), owners([]), wanted)
        assert await asyncio.to_thread(migrations.left_behind, url, owners([])) == []


async def test_a_backup_holds_one_moment(living: World) -> None:
    """What is committed after it began is not seen, whenever it is read."""
    count = "select count(*) from core_participant"
    async with living.app.db.snapshot() as connection:
        before = (await connection.exec_driver_sql("select count(*) from core_role")).scalar_one()
        async with living.app.write() as session:
            new_participant(session, "Late")
        seen = (await connection.exec_driver_sql(count)).scalar_one()
    async with living.app.db.snapshot() as connection:
        assert (await connection.exec_driver_sql(count)).scalar_one() == seen + 1
        assert before > 0
