"""A burst of supports and signatures: every person is counted, once."""

import asyncio
import os

import pytest

from hemicycle.api import Actor
from hemicycle.kernel.graphql.masking import masked
from hemicycle.testing import World
from hemicycle_votes.models import SupportRow, SupportTallyRow
from tests.plugins.votes.conftest import Count
from tests.plugins.votes.test_once import REPLY, crowd

MANY = 2_000 if os.environ.get("SOAK") == "short" else 20_000
AT_ONCE = 50
SUPPORT = "mutation($target: ID!) { support(input: { target: $target }) { __typename } }"


async def burst(world: World, size: int) -> None:
    """So many people support one contribution through the API, fifty at a time; each tenth says it twice."""
    people = iter(await crowd(world, size))
    target = world.gid(REPLY)

    async def client() -> None:
        for at, who in enumerate(people):
            await say(world, who, target)
            if at % 10 == 0:
                await say(world, who, target)

    await asyncio.gather(*(client() for _ in range(AT_ONCE)))


async def say(world: World, who: Actor, target: str) -> None:
    """As a client does: where all connections are taken (BUSY), the same once more."""
    for _ in range(20):
        result = await world.execute(SUPPORT, who, target=target)
        told = [(one.extensions or {})["code"] for one in masked(result.errors or ())]
        if told != ["BUSY"]:
            break
    assert result.errors is None, result.errors
    assert result.data["support"]["__typename"] == "SupportTally", result.data


async def test_a_burst_keeps_its_count_exact(world: World, count: Count) -> None:
    await burst(world, 250)
    assert await count(SupportRow, object_id=world.ids[REPLY]) == 250
    assert await count(SupportTallyRow, object_id=world.ids[REPLY], supports=250) == 1


@pytest.mark.soak
async def test_a_burst_of_thousands(world: World, count: Count) -> None:
    await burst(world, MANY)
    assert await count(SupportRow, object_id=world.ids[REPLY]) == MANY
    assert await count(SupportTallyRow, object_id=world.ids[REPLY], supports=MANY) == 1
