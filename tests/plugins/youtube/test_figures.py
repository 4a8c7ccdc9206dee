"""The numbers about shows that `figures` tells."""

from hemicycle.testing import World

FIGURES = "query($space: ID!) { figures(space: $space) { name value } }"


async def test_episodes_and_moments_are_counted(world: World) -> None:
    for who in ("visitor", "administrator"):
        told = (await world.ask(FIGURES, who, space=world.gid("Space:OPEN")))["figures"]
        numbers = {one["name"]: one["value"] for one in told}
        assert numbers["episodes"] > 0, who
        assert numbers["moments"] > 0, who
