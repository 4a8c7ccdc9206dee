"""Whoever listens to a space learns how many support something in it, each time that it changes."""

import asyncio
from contextlib import aclosing
from typing import Any

from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.operations import Operation, stream
from hemicycle.testing import World

REPLY = "Contribution:REPLY"
CHANGES = "subscription($space: ID!) { supportChanged(space: $space) { supportCount target { id } } }"


async def test_each_change_of_a_count_is_heard(world: World) -> None:
    """A second time, which changes nothing, is not told."""
    target = world.gid(REPLY)

    async def change(*mutations: str) -> None:
        for name in mutations:
            answer = await world.change(name, "participant", target=target)
            assert answer["__typename"] == "SupportTally"

    async def heard(answers: Any) -> Any:
        return (await anext(answers)).data["supportChanged"]

    listening = stream(Operation(CHANGES, {"space": world.gid("Space")}), Context(world.app))
    async with aclosing(listening) as answers, asyncio.timeout(20):  # type: ignore[type-var]
        first = asyncio.ensure_future(heard(answers))
        for _ in range(500):
            if not world.app.broadcast._listeners:
                await asyncio.sleep(0.01)
        await change("support")
        assert await first == {"supportCount": 1, "target": {"id": target}}
        await change("support", "withdrawSupport")
        assert await heard(answers) == {"supportCount": 0, "target": {"id": target}}
