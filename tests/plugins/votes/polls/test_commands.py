"""What is carried to a poll and back in files: a roll, and the result of Belenios."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from hemicycle.api import StartupError
from hemicycle.app import build
from hemicycle.kernel.db.migrations import owners_of, upgrade
from hemicycle.kernel.settings import Settings
from hemicycle.testing import World
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import open_world
from hemicycle_votes import add_commands
from tests.plugins.votes.polls.polling import look, prepare, step


@pytest_asyncio.fixture
async def migrated(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A world over a database that was made by migrations, as commands ask for; they find it by its address."""
    with databases.bare() as url:
        app = build(Settings(database_url=url, plugins=["votes"]))
        await asyncio.to_thread(upgrade, url, owners_of(app.plugins))
        await app.close()
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("HEMICYCLE_PLUGINS", '["votes"]')
        async with open_world(url, ["votes"]) as world:
            yield world


async def command(*words: str) -> Result:
    """Run `hemicycle votes WORDS…` over the database of `migrated`."""
    [commands] = add_commands()
    return await asyncio.to_thread(CliRunner().invoke, commands.app, list(words))


async def test_a_roll_goes_to_belenios_and_its_result_comes_back(migrated: World, tmp_path: Path) -> None:
    poll = await prepare(migrated, secrecy="BELENIOS")
    file = tmp_path / "roll.txt"
    file.write_text("\ufeffB@example.org\na@example.org\n\na@example.org\n", "utf-8")
    told = await command("roll", poll, str(file), "--json")
    assert json.loads(told.stdout) == {"poll": poll, "lines": 3, "roll": 2}, told.exception
    assert (await command("belenios-roll", poll)).stdout == "a@example.org\nb@example.org\n"
    await step(migrated, "openPoll", poll)
    await step(migrated, "closePoll", poll, reason="Enough.")
    result = tmp_path / "result.json"
    result.write_text('{"result": [[2, 1, 5, 3]]}', "utf-8")
    told = await command("belenios-result", poll, str(result), "--json")
    assert json.loads(told.stdout) == {"poll": poll, "votes": {"Ana": 1, "Bo": 5, "Cy": 3}, "blank": 2}
    assert (await look(migrated, poll, "state result { ballots winners }", "steward")) == {
        "state": "COUNTED", "result": {"ballots": 11, "winners": ["Bo"]},
    }  # fmt: skip


async def test_what_is_no_roll_and_no_result_is_refused(migrated: World, tmp_path: Path) -> None:
    poll, file = await prepare(migrated), tmp_path / "file"
    file.write_text("nobody\n", "utf-8")
    for words, told in (
        (["roll", poll, str(file)], "e-mail address"),
        (["roll", poll, str(tmp_path / "none")], "cannot be read"),
        (["roll", "poll", str(file)], "no id of a poll"),
        (["belenios-roll", poll], "no poll held with Belenios"),
        (["belenios-result", poll, str(file)], "no result of one question"),
    ):
        result = await command(*words)
        assert isinstance(result.exception, StartupError), words
        assert told in str(result.exception)
