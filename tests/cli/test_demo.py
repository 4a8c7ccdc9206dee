"""The example instance: the core's part and that of each plugin, all or nothing, once; and what the command tells."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from sqlalchemy import func, select
from sqlmodel import SQLModel
from typer.testing import CliRunner

from hemicycle.api import SYSTEM, Application, Example, Placed, Refused, SpaceRow, answer, create_closed
from hemicycle.cli import example, example_plugins
from hemicycle.cli.demo import demo
from hemicycle.kernel.errors import RefusalCode, StartupError
from hemicycle.participants.models import ParticipantRow
from hemicycle.spaces.models import ActivationRow
from hemicycle.testing import World, a_plugin, open_world

FILES = {
    "spaces": """
        opening: {rules: Be kind., information: An example., ends_at: "2036-01-01T00:00:00+01:00"}
        spaces:
          - {slug: centre-val-de-loire, parent: null, kind: REGION, title: Region, summary: All.}
          - {slug: cher, parent: centre-val-de-loire, kind: DEPARTMENT, title: Cher, summary: A part.}""",
    "participants": """
        participants:
          - {key: heron, kind: PERSON, display_name: Heron}
          - {key: keeper, kind: PERSON, display_name: Keeper}
          - {key: club, kind: STRUCTURE, display_name: Club, members: [heron]}""",
    "roles": "roles: [{participant: keeper, space: cher, role: steward}]",
    "contributions": """
        contributions:
          - {key: c1, space: cher, author: heron, kind: IDEA, channel: PLATFORM, title: More trees, text: Here.,
             published_at: "2026-02-02T13:00:00+01:00"}""",
    "walks": "walks: [by night, by day]",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small example: two spaces, three participants, one contribution, and what the plugin walks shows."""
    for name, said in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(said)
    return tmp_path


class Walks:
    """A plugin that shows walks: what it was given, and whether it fails after it has written."""

    def __init__(self) -> None:
        self.given: list[tuple[Placed, Any]] = []
        self.fails: Exception | None = None

    async def load(self, app: Application, placed: Placed, said: dict[str, Any]) -> None:
        async with app.write() as session:
            for number, title in enumerate(said["walks"]):
                at = session.now
                await create_closed(session, SYSTEM, slug=f"walk-{number}", title=title, opened_at=at, closed_at=at)
            if self.fails:
                raise self.fails
        self.given.append((placed, said))

    async def tell(self, app: Application) -> dict[str, Any]:
        return {"walks": len(self.given)}

    def plugin(self) -> ModuleType:
        return a_plugin("walks", provide_example=lambda: Example(self.load, self.tell))


async def load_all(world: World, folder: Path) -> tuple[bool, list[str]]:
    return await example.load_into(world.app, folder), await example_plugins.load_into(world.app, folder)


async def rows(world: World, row: type[SQLModel]) -> int:
    async with world.app.db.read() as connection:
        return (await connection.execute(select(func.count()).select_from(row))).scalar_one()


def run_demo() -> Any:
    command = typer.Typer()
    command.command()(demo)
    return json.loads(CliRunner().invoke(command, ["--no-serve", "--json"], catch_exceptions=False).stdout)


async def test_it_is_loaded_once(database_url: str, folder: Path) -> None:
    walks = Walks()
    async with open_world(database_url, given=[walks.plugin()], samples=False) as world:
        assert await load_all(world, folder) == (True, ["walks"])
        assert await load_all(world, folder) == (False, [])
        ((placed, said),) = walks.given
        assert said == {"walks": ["by night", "by day"]}
        assert list(placed.spaces) == ["centre-val-de-loire", "cher"]
        assert (sorted(placed.participants), list(placed.contributions)) == (["club", "heron", "keeper"], ["c1"])
        assert (await rows(world, SpaceRow), await rows(world, ParticipantRow)) == (4, 3)
        assert await example_plugins.told(world.app, folder, taken={"loaded": True}) == {"walks": 1}


async def test_a_plugin_that_is_enabled_later_is_loaded_then(database_url: str, folder: Path) -> None:
    async with open_world(database_url, samples=False) as world:
        assert await load_all(world, folder) == (True, [])
    async with open_world(database_url, given=[Walks().plugin()], samples=False) as world:
        assert await load_all(world, folder) == (False, ["walks"])
        assert (await rows(world, ActivationRow), await rows(world, SpaceRow)) == (1, 4)


@pytest.mark.parametrize(
    ("error", "told"),
    [(Refused(RefusalCode.WRONG_STATE, "It is closed."), "It is closed."), (KeyError("cher"), "'cher' is not there.")],
)
async def test_what_cannot_be_loaded_is_not_there_and_comes_when_it_is_mended(
    database_url: str, folder: Path, error: Exception, told: str
) -> None:
    walks = Walks()
    async with open_world(database_url, given=[walks.plugin()], samples=False) as world:
        walks.fails = error
        with pytest.raises(StartupError, match=f"plugin walks: its example .*walks.yaml cannot be loaded: {told}"):
            await load_all(world, folder)
        assert await rows(world, SpaceRow) == 2
        walks.fails = None
        assert await load_all(world, folder) == (False, ["walks"])
        assert await rows(world, SpaceRow) == 4


async def test_a_mistake_in_the_files_of_the_core_leaves_nothing_behind(database_url: str, folder: Path) -> None:
    (folder / "roles.yaml").write_text("roles: [{participant: keeper, space: cher, role: king}]")
    async with open_world(database_url, samples=False) as world:
        with pytest.raises(Refused):
            await load_all(world, folder)
        assert (await rows(world, SpaceRow), await rows(world, ParticipantRow)) == (0, 0)


async def test_a_plugin_without_a_file_loads_and_tells_nothing(database_url: str, folder: Path) -> None:
    (folder / "walks.yaml").unlink()
    walks = Walks()
    async with open_world(database_url, given=[walks.plugin()], samples=False) as world:
        assert await load_all(world, folder) == (True, [])
        assert walks.given == []
        assert await example_plugins.told(world.app, folder, taken={}) == {}


async def test_two_that_tell_the_same_word_are_refused(database_url: str, folder: Path) -> None:
    async with open_world(database_url, given=[Walks().plugin()], samples=False) as world:
        with pytest.raises(StartupError, match="plugin walks: its example tells 'walks', as the core does"):
            await example_plugins.told(world.app, folder, taken={"walks": 1})


async def test_an_answer_that_is_no_example_is_refused(database_url: str, folder: Path) -> None:
    given = a_plugin("walks", provide_example=lambda: {"walks": 1})
    async with open_world(database_url, given=[given], samples=False) as world:
        with pytest.raises(StartupError, match="plugin walks: provide_example must return an Example"):
            await load_all(world, folder)


def test_the_command_loads_the_example_and_tells_it_as_one_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/demo.db")
    said = run_demo()
    assert said["loaded"] is True
    assert (said["space"], said["spaces"]) == ("Centre-Val de Loire", 30)
    assert said["supports"] == sum(example.read(example.folder() / "votes.yaml")["supports"].values())
    assert (said["signatures"], said["ballots"]) == (21, 24)
    least = {"contributions": 58, "contributions_with_replies": 216, "participants": 40, "structures": 6}
    assert {name: said[name] for name in least if said[name] < least[name]} == {}, "plugins may show more, never less"
    assert (said["participants"], said["structures"]) == (3000, 150), "outcomes load last, to make these numbers up"
    counts = {one["destination"]: one["count"] for one in said["dispositions"]["destinations"]}
    region = {"CHARTER": 100, "IMMEDIATE_MEASURE": 50, "WORKSTREAM": 150, "OTHER_LEVEL": 150, "UNUSABLE": 50}
    assert (said["dispositions"]["total"], counts, said["dispositions"]["gap"]) == (500, region, 0)
    assert len(said["panels"]) == 6
    assert all(verdict.startswith("verified: 12 of 30, ") for verdict in said["panels"].values()), said["panels"]
    assert run_demo() == said | {"loaded": False}


def test_what_is_told_is_read_by_people_too(capsys: pytest.CaptureFixture[str]) -> None:
    walks = {"by night": 2, "where": [{"name": "Cher", "walks": 1}, {"name": "Indre", "walks": 1}]}
    answer({"space": "[Démonstration] Cher", "plugins": ["votes", "walks"], "walks": walks}, False)
    assert capsys.readouterr().err.splitlines() == [
        "space: [Démonstration] Cher",
        "plugins: votes, walks",
        "walks: by night 2, where Cher 1, Indre 1",
    ]
