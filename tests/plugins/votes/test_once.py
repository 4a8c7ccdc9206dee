"""Many at the same moment: each person counts once, and nobody is lost. A threshold is told once."""

import asyncio

import pytest

from hemicycle.api import Actor, Ref, new_participant
from hemicycle.kernel.events.models import JournalRow
from hemicycle.testing import World
from hemicycle_votes import rules
from hemicycle_votes.models import SupportRow, SupportTallyRow, ThresholdRow
from tests.plugins.votes.conftest import Count

TIMES = 50
REPLY = "Contribution:REPLY"


async def crowd(world: World, size: int = TIMES) -> list[Actor]:
    """New people."""
    async with world.app.write() as session:
        people = [new_participant(session, f"Supporter {number}") for number in range(size)]
        await session.flush()
        return [Actor(one.id) for one in people]


async def test_one_person_counts_once(world: World, count: Count) -> None:
    target = {"target": world.gid(REPLY)}
    told = await count(JournalRow, event="votes.supported")
    answers = await asyncio.gather(*(world.change("support", "participant", **target) for _ in range(TIMES)))
    assert {one["__typename"] for one in answers} == {"SupportTally"}
    assert await count(SupportRow, object_id=world.ids[REPLY]) == 1
    assert await count(SupportTallyRow, object_id=world.ids[REPLY], supports=1) == 1
    assert await count(JournalRow, event="votes.supported") == told + 1
    answers = await asyncio.gather(*(world.change("withdrawSupport", "participant", **target) for _ in range(TIMES)))
    assert sorted(one["__typename"] for one in answers) == ["NotAllowed"] * (TIMES - 1) + ["SupportTally"]
    assert await count(SupportTallyRow, object_id=world.ids[REPLY], supports=0) == 1


async def test_fifty_people_count_fifty_and_each_threshold_is_told_once(world: World, count: Count) -> None:
    target = world.gid(REPLY)
    people = await crowd(world)
    await asyncio.gather(*(world.change("support", who, target=target) for who in people))
    assert await count(SupportRow, object_id=world.ids[REPLY]) == TIMES
    assert await count(SupportTallyRow, object_id=world.ids[REPLY], supports=TIMES) == 1
    for number in (10, 50):
        assert await count(ThresholdRow, object_id=world.ids[REPLY], number=number) == 1
        told = {"event": "votes.threshold_reached", "subject_id": world.ids[REPLY], "reason": str(number)}
        assert await count(JournalRow, **told) == 1
    assert await count(ThresholdRow) == 2


async def test_a_threshold_that_is_crossed_again_is_not_told_again(world: World, count: Count) -> None:
    target = Ref("Contribution", world.ids[REPLY])
    people = await crowd(world, 10)
    async with world.app.write() as session:
        for who in people[:9]:
            await rules.support(session, who, target=target)
    assert await count(ThresholdRow) == 0
    for _ in range(2):
        async with world.app.write() as session:
            await rules.support(session, people[9], target=target)
            await rules.withdraw(session, people[9], target=target)
    assert await count(JournalRow, event="votes.threshold_reached") == 1


async def test_a_support_that_fails_leaves_nothing(world: World, count: Count) -> None:
    async def fail() -> None:
        async with world.app.write() as session:
            await rules.support(session, world.actor("participant"), target=Ref("Contribution", world.ids[REPLY]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(SupportRow, object_id=world.ids[REPLY]) == 0
    assert await count(SupportTallyRow, object_id=world.ids[REPLY]) == 0
