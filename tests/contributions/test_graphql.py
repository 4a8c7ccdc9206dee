"""Lists of contributions: what stands at the top of a space, by category, by number of answers."""

from typing import Any

from hemicycle.testing import World

LIST = """query($space: ID!, $filter: ContributionFilter, $order: ContributionOrder) { node(id: $space) { ... on Space {
    contributions(filter: $filter, order: $order) { nodes { title replyCount: replies { totalCount } } } } } }"""


async def titles(world: World, **more: Any) -> list[str | None]:
    data = await world.ask(LIST, "steward", space=world.gid("Space:CLOSED"), **more)
    return [one["title"] for one in data["node"]["contributions"]["nodes"]]


async def three(world: World) -> None:
    """Three ideas in a space that had none: with one answer, with two, with none."""
    space = world.gid("Space:CLOSED")
    await world.change("extendSpace", "steward", space=space, endsAt="2030-01-01T00:00:00Z", reason="More time.")
    for title, categories, answers in (("One", ["trees"], 1), ("Two", ["trees", "water"], 2), ("None", [], 0)):
        said = await world.change(
            "contribute", "author", "id", space=space, title=title, text="Words.", categories=categories
        )
        for _ in range(answers):
            await world.change("contribute", "author", "id", space=space, parent=said["id"], text="An answer.")


async def test_answers_stand_below_what_they_answer(world: World) -> None:
    await three(world)
    assert await titles(world, order="OLDEST") == ["One", "Two", "None"]


async def test_what_was_answered_most_comes_first(world: World) -> None:
    await three(world)
    assert await titles(world, order="MOST_ANSWERED") == ["Two", "One", "None"]


async def test_a_category_finds_what_has_it(world: World) -> None:
    await three(world)
    for names, found in (
        (["trees"], ["One", "Two"]),
        (["water"], ["Two"]),
        (["water", "trees"], ["One", "Two"]),
        (["x"], []),
    ):
        assert await titles(world, filter={"categories": names}, order="OLDEST") == found


async def test_the_categories_of_one_are_not_those_of_another(world: World) -> None:
    await three(world)
    said = await world.ask(LIST.replace("title", "id title version"), "author", space=world.gid("Space:CLOSED"))
    one = next(it for it in said["node"]["contributions"]["nodes"] if it["title"] == "One")
    await world.change(
        "editContribution", "author", contribution=one["id"], version=one["version"], title="One", text="Words.",
        categories=["air"],
    )  # fmt: skip
    assert await titles(world, filter={"categories": ["trees"]}) == ["Two"]
    assert await titles(world, filter={"categories": ["air"]}) == ["One"]
