"""Where people live: they say it or someone checks it; nobody else learns it, by a filter neither."""

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, literal, select

from hemicycle.api import Criterion
from hemicycle.kernel.events.models import JournalRow
from hemicycle.testing import World
from hemicycle_territories.rules import LivesIn
from hemicycle_territories.sets import residences

HOME = "participant { id } territory { code } verifiedOn"


async def test_one_says_where_one_lives_and_says_it_no_more(world: World) -> None:
    done = await world.change("declareTerritory", "participant", HOME, territory=world.gid("Territory:COMMUNE"))
    assert done["territory"] == {"code": "99001"}
    assert done["verifiedOn"] is None
    done = await world.change("declareTerritory", "participant", HOME, territory=world.gid("Territory:DEPARTMENT"))
    assert done["territory"] == {"code": "99"}
    assert (await world.ask("{ viewer { territory { code } } }", "participant"))["viewer"]["territory"] == {
        "code": "99"
    }
    gone = await world.ask("mutation { withdrawTerritory { __typename } }", "participant")
    assert gone["withdrawTerritory"]["__typename"] == "Done"
    viewer = (await world.ask("{ viewer { territory { code } residence { id } } }", "participant"))["viewer"]
    assert viewer == {"territory": None, "residence": None}


async def test_what_was_checked_is_checked_no_more_when_one_says_another_thing(world: World) -> None:
    there, who = world.gid("Territory:COMMUNE"), world.gid("Participant:outsider")
    await world.change("verifyTerritory", "administrator", participant=who, territory=there)
    mine = "{ viewer { residence { verifiedOn } } }"
    assert (await world.ask(mine, "participant"))["viewer"]["residence"]["verifiedOn"] is not None
    await world.change("declareTerritory", "participant", territory=there)
    assert (await world.ask(mine, "participant"))["viewer"]["residence"]["verifiedOn"] is None


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("Participant:STRUCTURE_ACTIVE", "NOT_FOUND"),
        ("Participant:SUSPENDED", "NOT_FOUND"),
        ("Participant:administrator", "NOT_ALLOWED"),
    ],
)
async def test_nobody_checks_a_structure_someone_suspended_or_themselves(world: World, who: str, code: str) -> None:
    there = world.gid("Territory:COMMUNE")
    done = await world.change("verifyTerritory", "administrator", participant=world.gid(who), territory=there)
    assert done["code"] == code


async def test_nobody_lives_in_what_has_ended(world: World) -> None:
    from hemicycle_territories.loading import Said, load

    async with world.app.write() as session:
        await load(
            session, [Said("DEPARTMENT", "COG", "98", "Other", frozenset({"98001"}))], vintage=2026, complete=True
        )
    done = await world.change("declareTerritory", "participant", territory=world.gid("Territory:DEPARTMENT"))
    assert done["code"] == "WRONG_STATE"


async def test_fifty_at_once_leave_one_residence(world: World) -> None:
    kinds = ["Territory:COMMUNE", "Territory:DEPARTMENT"] * 25
    await asyncio.gather(
        *(world.change("declareTerritory", "participant", territory=world.gid(kind)) for kind in kinds)
    )
    its = select(func.count()).where(residences.c.participant_id == world.ids["Participant:outsider"])
    async with world.app.db.read() as reads:
        assert (await reads.execute(its)).scalar_one() == 1


async def test_a_filter_by_territory_tells_nobody_where_others_live(world: World) -> None:
    text = "query($t: ID!) { participants(filter: { territory: $t }) { totalCount nodes { id } } }"
    member, author = world.gid("Participant:member"), world.gid("Participant:ACTIVE")
    for who, found in (
        ("administrator", {member, author}), ("member", {member}), ("author", {author}),
        ("steward", set()), ("participant", set()), ("visitor", set()),
    ):  # fmt: skip
        page = (await world.ask(text, who, t=world.gid("Territory:DEPARTMENT")))["participants"]
        assert {one["id"] for one in page["nodes"]} == found, who
        assert page["totalCount"] == len(found)
    page = (await world.ask(text, "administrator", t=world.gid("Territory:COMMUNE")))["participants"]
    assert {one["id"] for one in page["nodes"]} == {member}  # the author may live anywhere in the department


async def test_the_journal_tells_nobody_of_homes(world: World) -> None:
    its = select(JournalRow.public).where(JournalRow.event.in_(["territories.declared", "territories.verified"]))  # type: ignore[attr-defined,call-overload]
    async with world.app.db.read() as reads:
        assert (await reads.execute(its)).scalars().all() == [False, False]


@pytest.mark.parametrize(
    ("person", "given", "lives"),
    [
        ("member", {"territories": ["COMMUNE:99001"]}, True),
        ("member", {"territories": ["DEPARTMENT:99"]}, True),  # the commune lies in it
        ("member", {"territories": ["LIVING_AREA:sample"]}, False),
        ("member", {"territories": ["LIVING_AREA:sample", "DEPARTMENT:99"]}, True),
        ("member", {"territories": ["DEPARTMENT:99"], "verified": True}, False),
        ("ACTIVE", {"territories": ["DEPARTMENT:99"], "verified": True}, True),
        ("ACTIVE", {"territories": ["COMMUNE:99001"]}, False),  # somewhere in the department
        ("outsider", {"territories": ["DEPARTMENT:99"]}, False),
    ],
)
async def test_the_criterion_asks_where_someone_lives(world: World, person: str, given: Any, lives: bool) -> None:
    criterion = world.app.declared[Criterion]["territories.lives_in"]
    test = criterion.test(literal(world.ids[f"Participant:{person}"]), LivesIn(**given))
    async with world.app.db.read() as reads:
        assert (await reads.execute(select(test))).scalar_one() is lives


@pytest.mark.parametrize("names", [[], ["TOWN:1"], ["DEPARTMENT"], ["DEPARTMENT:"]])
def test_the_criterion_wants_kinds_and_codes(names: list[str]) -> None:
    with pytest.raises(ValidationError):
        LivesIn(territories=names)
