"""A list is paged through completely, forwards and backwards, while others write: no gap, no duplicate."""

import asyncio
from typing import Any

import pytest

from hemicycle.testing import World

PAGE = """query($space: ID!, $first: Int, $after: String, $last: Int, $before: String, $order: ContributionOrder) {
  node(id: $space) { ... on Space { contributions(scope: SUBTREE, first: $first, after: $after, last: $last,
    before: $before, order: $order) { nodes { id } edges { cursor } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }"""


async def page(world: World, **arguments: Any) -> Any:
    data = await world.ask(PAGE, "moderator", space=world.gid("Space"), **arguments)
    return data["node"]["contributions"]


async def walk(world: World, size: int, order: str, *, backwards: bool = False) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        side = {"last": size, "before": cursor} if backwards else {"first": size, "after": cursor}
        one = await page(world, order=order, **side)
        ids = [node["id"] for node in one["nodes"]]
        found = ids + found if backwards else found + ids
        info = one["pageInfo"]
        cursor = info["startCursor" if backwards else "endCursor"]
        if not info["hasPreviousPage" if backwards else "hasNextPage"]:
            return found
        await asyncio.sleep(0)


async def say(world: World, number: int) -> str:
    said = await world.change(
        "contribute", "author", "id", space=world.gid("Space:OPEN"), title=f"Said {number}", text="Words."
    )
    answer: str = said["id"]
    return answer


@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize("order", ["NEWEST", "OLDEST", "MOST_ANSWERED"])
async def test_a_walk_meets_every_row_once_while_others_write(world: World, size: int, order: str) -> None:
    for number in range(25):
        await say(world, number)
    before = [node["id"] for node in (await page(world, first=100, order=order))["nodes"]]
    for backwards in (False, True):
        stop = asyncio.Event()

        async def write(stop: asyncio.Event = stop) -> None:
            number = 1000
            while not stop.is_set():
                await say(world, number)
                number += 1

        writer = asyncio.create_task(write())
        walked = await walk(world, size, order, backwards=backwards)
        stop.set()
        await writer
        assert len(walked) == len(set(walked))
        assert [one for one in walked if one in set(before)] == before
        now = [node["id"] for node in (await page(world, first=100, order=order))["nodes"]]
        before = now if len(now) < 100 else before


async def test_a_page_of_nothing_and_bad_pages(world: World) -> None:
    assert (await page(world, first=0))["nodes"] == []
    arguments = {"space": world.gid("Space")}
    for wrong in ({"first": -1}, {"first": 101}, {"last": 101}, {"first": 1, "last": 1}):
        assert await world.errors(PAGE, **arguments, **wrong) == ["BAD_PAGE"], wrong
    for cursor in ("", "!!!", "WzEsIk9MREVTVCJd", "x" * 10_000):
        assert await world.errors(PAGE, **arguments, first=1, after=cursor) == ["BAD_CURSOR"], cursor
    newest = (await page(world, first=1, order="NEWEST"))["pageInfo"]["endCursor"]
    assert await world.errors(PAGE, **arguments, first=1, after=newest, order="OLDEST") == ["BAD_CURSOR"]


async def test_five_thousand_answers_cost_a_page_what_five_cost(world: World) -> None:
    """The same statements, whatever stands behind the page; their time is for the benchmarks."""
    thread = """query($id: ID!) { contribution(id: $id) { replyCount replies(first: 20) { nodes { body { text }
        author { displayName } replyCount } pageInfo { hasNextPage } } } }"""
    parent = world.gid("Contribution:PUBLISHED")
    texts = []
    for _ in range(2):
        with world.counting() as statements:
            await world.ask(thread, id=parent)
        texts.append(list(statements))
        for number in range(60):
            await world.change("contribute", "author", space=world.gid("Space:OPEN"), parent=parent, text=f"{number}.")
    assert texts[0] == texts[1]
