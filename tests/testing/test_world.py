"""What a test does with a world: listen."""

from typing import Any

import pytest
from graphql import GraphQLError

from hemicycle.testing import World
from hemicycle.testing.world import told

TOLD = "contributionPublished"


async def contribute(world: World, text: str, space: str = "Space:OPEN") -> Any:
    return await world.change("contribute", "member", space=world.gid(space), kind="IDEA", title="It.", text=text)


async def test_what_happens_is_heard_in_its_order(world: World) -> None:
    async with world.listen(TOLD, "visitor", "title excerpt") as heard, world.listen(TOLD, "member") as other:
        assert world.app.broadcast.listening == 2
        for text in ("First.", "Second."):
            assert (await contribute(world, text))["__typename"] == "Contribution"
        assert [await anext(heard), await anext(heard)] == [
            {"title": "It.", "excerpt": "First."},
            {"title": "It.", "excerpt": "Second."},
        ]
        assert set(await anext(other)) == {"id"}
    assert world.app.broadcast.listening == 0


async def test_only_of_that_space(world: World) -> None:
    async with world.listen(TOLD, "member", "excerpt", space="Space:MEMBERS") as heard:
        await contribute(world, "Elsewhere.")
        await contribute(world, "Here.", "Space:MEMBERS")
        assert await anext(heard) == {"excerpt": "Here."}


@pytest.mark.parametrize(("answer", "space"), [("id", "Space:MEMBERS"), ("nonsense", "Space")])
async def test_what_is_refused_fails_the_test(world: World, answer: str, space: str) -> None:
    async with world.listen(TOLD, "visitor", answer, space=space) as heard:
        with pytest.raises(AssertionError, match="NOT_FOUND|VALIDATION_FAILED"):
            await anext(heard)


def test_an_error_that_nobody_foresaw_is_told_with_its_line() -> None:
    try:
        assert not TOLD
    except AssertionError as cause:
        said = told(GraphQLError("", path=["node", "words"], original_error=cause))
    assert said.startswith("node.words: AssertionError: ")
    assert said.endswith(": assert not TOLD)")
    assert told(GraphQLError("Too deep.", extensions={"code": "TOO_DEEP"})) == ": Too deep."
