"""A restore drill: what was backed up is there again, and nobody comes back who had gone."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, make_url, select, text

from hemicycle.kernel.application import Application
from hemicycle.kernel.backup.take import take
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.participants.identity.models import IdentityRow, SessionRow, SignInLinkRow, TokenRow
from hemicycle.participants.models import ParticipantRow
from hemicycle.testing.world import World, open_world
from tests.kernel.backup.conftest import OUTWARD, PLUGINS, SENTINEL, Original, put_back, stopped

ENDED = [table_of(kind) for kind in (SessionRow, SignInLinkRow, TokenRow)]
JOBS = table_of(JobRow)
SETTLED = {one.name for one in ENDED} | {"outcomes_digest", "outcomes_letter"}


async def test_what_was_backed_up_is_there_again(
    original: Original, other: Original, bare: str, tmp_path: Path
) -> None:
    """From the same kind of database; on PostgreSQL also from SQLite, since an instance may grow."""
    async with stopped(bare, tmp_path) as app:
        for source in (original, other) if original.kind == "postgresql" else (original,):
            told = await put_back(app, source.file, replace=source is other)
            assert told["instance"] == "local"
            assert told["rows"] == source.said["rows"] > 500
            assert (told["letters not sent again"], told["people erased again"]) == (len(OUTWARD), 0)
            assert told["sessions ended"] > 0
            assert told["API tokens ended"] > 0
            async with open_world(bare, PLUGINS, samples=source.made) as world:
                await _is_there(world, source, tmp_path / f"{source.kind}.backup")


async def _is_there(world: World, source: Original, again: Path) -> None:
    assert [await count(world.app, one) for one in ENDED] == [0, 0, 0]
    await take(world.app, again)
    before, after = rows(source.file), rows(again)
    for name in before:
        if name == JOBS.name:
            assert after[name] == [row for row in before[name] if row[1] not in OUTWARD]
        elif name not in SETTLED:
            assert after[name] == before[name], name
    found = await world.ask('{ search(text: "echantillon quokka") { nodes { __typename } } }')
    assert found == {"search": {"nodes": [{"__typename": "Contribution"}]}}
    said = await world.change("contribute", "author", space=world.gid("Space:OPEN"), title="On", text="We go.")
    assert said["__typename"] == "Contribution"  # rows that are counted go on after the last


async def test_it_replaces_an_instance_that_is_stopped_and_nothing_less(
    living: World, original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, identity = living.app, table_of(IdentityRow)
    async with running.db.read() as connection:
        mine = select(identity.c.email).where(identity.c.participant_id == living.ids["Participant:ACTIVE"])
        email = (await connection.execute(mine)).scalar_one()
    gone = await living.change("eraseMe", "author", scope="ACCOUNT_AND_CONTENT", confirm=email)
    assert gone["__typename"] == "Participant"
    async with stopped(running.db.url, tmp_path) as app:
        with pytest.raises(StartupError, match="stop `hemicycle serve` and `hemicycle work` everywhere, then restore"):
            await put_back(app, original.file, replace=True)
        await running.db.close()
        with pytest.raises(StartupError, match="The database holds an instance, which this would replace.*--yes"):
            await put_back(app, original.file)
        with monkeypatch.context() as patch:
            patch.setattr("hemicycle.kernel.backup.restore.maintain", fail)
            with pytest.raises(StartupError, match="could not be restored, and nothing was changed: No space"):
                await put_back(app, original.file, replace=True)
        assert (await state_of(living), await leftovers(living)) == ("ERASED", [])
        await running.db.close()
        told = await put_back(app, original.file, replace=True)
        assert told["people erased again"] == 1
        assert (await state_of(living), await leftovers(living)) == ("ERASED", [])
        assert await told_anywhere(living, SENTINEL) == []
        assert await told_anywhere(living, email) == []


async def fail(_: Application) -> None:
    raise OSError("No space left on the device")


def rows(file: Path) -> dict[str, list[Any]]:
    """The rows of each table, in an order that does not depend on how a database sorts text."""
    found: dict[str, list[Any]] = {}
    for line in gzip.decompress(file.read_bytes()).splitlines()[1:-1]:
        said = json.loads(line)
        if isinstance(said, dict):
            name = said["table"]
            found[name] = []
        else:
            found[name].append(
                [json.dumps(one, sort_keys=True) if isinstance(one, list | dict) else one for one in said]
            )
    return {name: sorted(them, key=repr) for name, them in found.items()}


async def count(app: Application, table: Any) -> int:
    async with app.db.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def state_of(world: World) -> str:
    """What became of the author."""
    people = table_of(ParticipantRow)
    async with world.app.db.read() as connection:
        mine = select(people.c.state).where(people.c.id == world.ids["Participant:ACTIVE"])
        return str((await connection.execute(mine)).scalar_one())


async def leftovers(world: World) -> list[str]:
    """What a restore has left aside."""
    if world.app.db.dialect == "sqlite":
        return [path.name for path in Path(str(make_url(world.app.db.url).database)).parent.glob("*.restoring*")]
    async with world.app.db.read() as connection:
        named = text("select nspname from pg_namespace where nspname like 'hemicycle%'")
        return list((await connection.execute(named)).scalars())


async def told_anywhere(world: World, words: str) -> list[str]:
    """Where these words are still told: in the bytes of SQLite's files; in any column of PostgreSQL's tables."""
    app = world.app
    if app.db.dialect == "sqlite":
        await app.db.close()
        path = Path(str(make_url(app.db.url).database))
        files = path.parent.glob(f"{path.name}*")
        return [one.name for one in files if words.casefold() in one.read_bytes().decode("latin-1").casefold()]
    found = []
    async with app.db.read() as connection:
        for name in await connection.run_sync(lambda it: inspect(it).get_table_names()):
            question = text(f"select count(*) from {name} as one where one::text ilike :words")
            if (await connection.execute(question, {"words": f"%{words}%"})).scalar_one():
                found.append(name)
    return found
