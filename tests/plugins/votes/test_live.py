"""Whoever listens to a space learns how many support something in it, each time that it changes."""

from hemicycle.testing import World

REPLY = "Contribution:REPLY"


async def test_each_change_of_a_count_is_heard(world: World) -> None:
    """A second time, which changes nothing, is not told."""
    target = world.gid(REPLY)
    async with world.listen("supportChanged", "visitor", "supportCount target { id }") as heard:
        await world.change("support", "participant", target=target)
        assert await anext(heard) == {"supportCount": 1, "target": {"id": target}}
        await world.change("support", "participant", target=target)
        await world.change("withdrawSupport", "participant", target=target)
        assert await anext(heard) == {"supportCount": 0, "target": {"id": target}}
