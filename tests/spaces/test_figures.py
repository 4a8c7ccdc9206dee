"""Numbers for dashboards: of the subtree, of what is active there, as far as the viewer reads it."""

from typing import Any

import pytest

from hemicycle.testing.world import World

FIGURES = "query($space: ID!) { figures(space: $space) { name description value } }"


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["votes"]}


async def figures(world: World, space: str, who: str = "visitor") -> dict[str, int] | None:
    found = (await world.ask(FIGURES, who, space=world.gid(space)))["figures"]
    return None if found is None else {one["name"]: one["value"] for one in found}


async def test_figures_are_of_the_subtree_as_far_as_the_viewer_reads_it(world: World) -> None:
    await world.change("support", "member", target=world.gid("Contribution:MEMBERS"))
    here, anyone, member = [await figures(world, *of) for of in (("Space:OPEN",), ("Space",), ("Space", "member"))]
    assert here is not None
    assert anyone is not None
    assert member is not None
    assert here["contributions"] == 1
    assert anyone["contributions"] + 1 == member["contributions"]
    assert anyone["supports"] + 1 == member["supports"]
    assert list(anyone) == sorted(anyone)


async def test_there_are_none_of_a_space_that_is_not_seen(world: World) -> None:
    assert await figures(world, "Space:MEMBERS") is None
    assert await figures(world, "Space:DRAFT") is None
    assert await figures(world, "Contribution:PUBLISHED") is None
    assert (await world.ask(FIGURES, space="nothing"))["figures"] is None
    assert await figures(world, "Space:MEMBERS", "member")


async def test_those_of_a_plugin_are_there_where_it_is_active(world: World) -> None:
    known = await figures(world, "Space:OPEN")
    assert known is not None
    assert {"contributions", "supports", "polls", "signatures"} <= set(known)
    await world.change("setPlugins", "administrator", "id", space=world.gid("Space"), plugins=[])
    assert set(await figures(world, "Space:OPEN") or ()) == {"contributions", "replies"}
