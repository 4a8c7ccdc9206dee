"""Who may be a candidate, how often, until when; and what becomes of what they said."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import ColumnElement, func, select

from hemicycle.api import Criterion, OpenData, ParticipantRow, table_of
from hemicycle.kernel.db import migrations
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.privacy.erase import erase
from hemicycle.kernel.privacy.export import export
from hemicycle.testing import World
from hemicycle.testing.modules import a_plugin
from hemicycle_panels.models import CandidacyRow
from tests.plugins.panels.calling import apply, call, design, look, people, pool, step


async def count(world: World, **equal: Any) -> int:
    table = table_of(CandidacyRow)
    tests = [table.c[name] == value for name, value in equal.items()]
    async with world.app.db.read() as connection:
        found: int = (await connection.execute(select(func.count()).select_from(table).where(*tests))).scalar_one()
        return found


async def test_fifty_times_at_once_is_one_candidacy(world: World) -> None:
    panel = await call(world)
    told = await asyncio.gather(*(apply(world, panel, "member") for _ in range(50)))
    assert sum(isinstance(one, str) for one in told) == 1
    assert {one["code"] for one in told if not isinstance(one, str)} == {"ALREADY_DONE"}
    assert await count(world, participant_id=world.ids["Participant:member"]) == 1


async def test_a_candidacy_is_withdrawn_without_a_trace_and_made_again(world: World) -> None:
    panel = await call(world)
    mine = await apply(world, panel, "member")
    assert await step(world, "withdrawCandidacy", "participant", candidacy=mine) == "NOT_FOUND"
    assert await step(world, "withdrawCandidacy", "member", candidacy=mine) == "CALL_OPEN"
    assert await count(world, participant_id=world.ids["Participant:member"]) == 0
    again = await apply(world, panel, "member", "old")
    assert again != mine
    seen = await look(world, panel, "viewerCandidacy { features { feature value } }", "member")
    assert seen["viewerCandidacy"]["features"] == [{"feature": "age", "value": "old"}]


@pytest.mark.parametrize(
    ("given", "code", "word"),
    [
        ({"consent": False}, "INVALID_INPUT", "consent"),
        ({"features": []}, "INVALID_INPUT", "Say this too: age"),
        ({"age": "middle"}, "INVALID_INPUT", "young, old"),
        ({"features": [{"feature": "age", "value": "old"}, {"feature": "sex", "value": "f"}]}, "INVALID_INPUT", "sex"),
        ({"college": "ELECTED_MEMBERS"}, "INVALID_INPUT", "ELECTED_MEMBERS"),
        ({"asStructure": "Participant:STRUCTURE_ACTIVE"}, "NOT_ALLOWED", "speak"),
    ],
)
async def test_what_is_no_candidacy_is_refused(world: World, given: dict[str, Any], code: str, word: str) -> None:
    panel = await call(world)
    if "asStructure" in given:
        given = {"asStructure": world.gid(given["asStructure"])}
    told = await apply(world, panel, "participant", **given)
    assert (told["code"], word in told["message"]) == (code, True), told
    assert await count(world, participant_id=world.ids["Participant:outsider"]) == 0


async def test_a_structure_is_no_citizen(world: World) -> None:
    panel = await call(world)
    made = await world.change("createStructure", "member", "id", displayName="Association")
    told = await apply(world, panel, "member", asStructure=made["id"])
    assert (told["code"], "STRUCTURE" in told["message"]) == ("INVALID_INPUT", True)


async def test_the_call_ends_and_the_pool_is_sealed(world: World, in_process: None) -> None:
    panel, candidates = await pool(world)
    mine = await look(world, panel, "viewerCandidacy { id }", candidates[0])
    world.clock.forward(days=200)
    assert (await apply(world, panel, "member"))["code"] == "EXPIRED"
    assert await step(world, "closePool", "steward", panel=panel) == "POOL_CLOSED"
    assert (await apply(world, panel, "member"))["code"] == "WRONG_STATE"
    told = await step(world, "withdrawCandidacy", candidates[0], candidacy=mine["viewerCandidacy"]["id"])
    assert told == "WRONG_STATE"
    assert await step(world, "closePool", "steward", panel=panel) == "WRONG_STATE"


async def test_counts_are_told_where_they_are_many(world: World) -> None:
    """4 young of 13: told for nobody, for the others would tell it; 6 of 13: told."""
    body = "candidateCount colleges { nodes { quotas { nodes { candidates } } } }"
    for young, shown in ((4, [None, None]), (6, [6, 7])):
        panel, _ = await pool(world, young=young, old=7)
        assert (await look(world, panel, body))["candidateCount"] == young + 7
        assert await step(world, "closePool", "steward", panel=panel) == "POOL_CLOSED"
        quotas = (await look(world, panel, body))["colleges"]["nodes"][0]["quotas"]["nodes"]
        assert [one["candidates"] for one in quotas] == shown
    panel, _ = await pool(world, young=2, old=2)
    assert (await look(world, panel, body))["candidateCount"] is None


async def test_too_few_candidates_are_told(world: World) -> None:
    panel, _ = await pool(world, young=2, old=1)
    told = await world.change("closePool", "steward", panel=panel)
    assert (told["code"], "4 seats and 3 candidates" in told["message"]) == ("CONFLICT", True)
    panel, _ = await pool(world, young=5, old=0)
    told = await world.change("closePool", "steward", panel=panel)
    assert (told["code"], "age = old asks for 1 seats, and 0 candidates" in told["message"]) == ("CONFLICT", True)


async def test_no_journal_says_who_is_a_candidate(world: World) -> None:
    panel = await call(world)
    mine = await apply(world, panel, "member")
    await world.change("withdrawCandidacy", "member", candidacy=mine)
    journal = table_of(JournalRow)
    async with world.app.db.read() as connection:
        asked = select(journal.c.actor_id, journal.c.public).where(
            journal.c.event.in_(["panels.applied", "panels.withdrawn"])
        )
        told = {(row.actor_id, row.public) for row in await connection.execute(asked)}
    assert told == {(None, False)}


async def test_a_person_takes_theirs_away_and_is_forgotten(world: World) -> None:
    panel, candidates = await pool(world)
    assert await step(world, "closePool", "steward", panel=panel) == "POOL_CLOSED"
    await asyncio.to_thread(migrations.sync_registry, world.app.db.url, migrations.owners_of(world.app.plugins))
    (who,) = candidates[:1]
    assert who.id is not None
    before = await look(world, panel, "draw { root poolSize }")
    async with world.app.write() as session:
        (mine,) = (await export(session, who.id))["panels_candidacy"]
        assert mine["features"] == {"age": "young"}
        assert len(str(mine["salt"])) == 64
        await erase(session, who.id, content=False)
    assert await count(world, participant_id=who.id) == 0
    assert await look(world, panel, "draw { root poolSize }") == before
    assert (await look(world, panel, "candidacies { totalCount }", "steward"))["candidacies"]["totalCount"] == 12


def _named(person: ColumnElement[Any], given: Any) -> ColumnElement[bool]:
    it = table_of(ParticipantRow).alias().c
    return select(1).where(it.id == person, it.display_name.startswith("Candidate")).exists()


class TestCriterion:
    """A panel may be for those of whom something is true."""

    @pytest.fixture
    def plugins(self, plugins: dict[str, Any]) -> dict[str, Any]:
        given = Criterion("names.candidate", "Is called Candidate.", test=_named)
        return plugins | {"given": [a_plugin("names", declare_criteria=lambda: [given])]}

    async def test_whoever_it_is_not_true_of_is_refused(self, world: World) -> None:
        panel = await call(world, criterion="names.candidate")
        (who,) = await people(world, 1)
        assert isinstance(await apply(world, panel, who), str)
        told = await apply(world, panel, "member")
        assert (told["code"], told["message"].endswith("Is called Candidate.")) == ("NOT_ALLOWED", True)

    async def test_what_is_no_criterion_is_refused(self, world: World) -> None:
        assert (await design(world, criterion="none"))["problems"][0]["path"] == "input.criterion"
        told = await design(world, criterion="names.candidate", criterionParameters={"a": 1})
        assert told["problems"][0]["path"] == "input.criterionParameters"


class TestTerritory:
    """A panel may be for those who live somewhere."""

    @pytest.fixture
    def plugins(self, plugins: dict[str, Any]) -> dict[str, Any]:
        return plugins | {"plugins": ["territories", "panels"]}

    async def test_whoever_lives_elsewhere_is_refused(self, world: World) -> None:
        """The samples: `member` lives in a commune of the department 99, and nobody knows where `participant` does."""
        here = {"territories": ["DEPARTMENT:99"]}
        panel = await call(world, criterion="territories.lives_in", criterionParameters=here)
        assert isinstance(await apply(world, panel, "member"), str)
        assert (await apply(world, panel, "participant"))["code"] == "NOT_ALLOWED"
        told = await design(world, criterion="territories.lives_in", criterionParameters={"territories": ["99"]})
        assert told["problems"][0]["path"] == "input.criterionParameters"


async def test_what_is_public_is_open_data(world: World, in_process: None) -> None:
    panel, _ = await pool(world)
    await step(world, "closePool", "steward", panel=panel)
    table = world.app.declared[OpenData]["panels"]
    async with world.app.db.read() as connection:
        rows = [dict(row) for row in (await connection.execute(table.query(), {"viewer": None})).mappings()]
    assert set(table.columns) == set(rows[0])
    mine = next(one for one in rows if one["title"] == "Panel du Cher")
    assert (mine["pool_size"], mine["root"]) == (13, (await look(world, panel, "draw { root }"))["draw"]["root"])
    assert "DESIGNED" not in {one["state"] for one in rows}
    assert "young" not in json.dumps(rows, default=str)
