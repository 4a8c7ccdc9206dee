"""Pages: one statement for each level of lists, whatever their size; and every row exactly once while others write."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from hemicycle.api import SYSTEM, Actor, ContributionRow, Session
from hemicycle.contributions import moderation, rules
from hemicycle.testing import World
from hemicycle.testing.documents import connections

NESTED = """query($space: ID!, $size: Int!) { node(id: $space) { ... on Space { title parent { title }
    contributions(first: $size, order: MOST_ANSWERED) { nodes { title author { displayName } space { title }
        replies(first: $size) { nodes { excerpt parent { author { displayName } }
            versions(first: $size) { nodes { body { html } } } } } } } } } }"""
LISTED = """query($space: ID!, $first: Int, $last: Int, $after: String, $before: String, $order: ContributionOrder) {
    node(id: $space) { ... on Space { contributions(first: $first, last: $last, after: $after, before: $before,
        order: $order) { totalCount nodes { id } edges { cursor }
            pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } } }"""
MANY = 12


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["votes"]}


async def say(session: Session, world: World, title: str, **more: Any) -> ContributionRow:
    author = Actor(world.ids["Participant:ACTIVE"])
    return await rules.contribute(session, author, text="Words.", title=title, **more)


@pytest_asyncio.fixture
async def full(world: World) -> AsyncIterator[World]:
    """A world with a list of twelve, each with answers."""
    space = world.ids["Space:OPEN"]
    async with world.app.write() as session:
        for number in range(MANY):
            row = await say(session, world, f"Title {number:02}", space=space)
            for _ in range(number % 4):
                await say(session, world, "", space=space, parent=row.id)
    yield world


async def page(world: World, **given: Any) -> Any:
    data = await world.ask(LISTED, space=world.gid("Space:OPEN"), **given)
    return data["node"]["contributions"]


def ids(page: Any) -> list[str]:
    return [one["id"] for one in page["nodes"]]


async def walk(world: World, size: int, moves: Any = None, order: str = "OLDEST", back: bool = False) -> list[str]:
    """All ids, page by page; between two pages the world moves."""
    found: list[str] = []
    cursor = None
    while True:
        given = {"last": size, "before": cursor} if back else {"first": size, "after": cursor}
        got = await page(world, order=order, **{name: it for name, it in given.items() if it is not None})
        found = [*ids(got), *found] if back else [*found, *ids(got)]
        if not got["pageInfo"]["hasPreviousPage" if back else "hasNextPage"]:
            return found
        cursor = got["pageInfo"]["startCursor" if back else "endCursor"]
        if moves:
            await moves()


# -- what a page costs ---------------------------------------------------------------------------------------


async def test_a_page_costs_one_statement_for_each_level_of_lists(full: World) -> None:
    texts = []
    for size in (1, 3, 10):
        with full.counting() as statements:
            await full.ask(NESTED, "administrator", space=full.gid("Space:OPEN"), size=size)
        texts.append(list(statements))
    assert len(texts[0]) == 4  # the space, its contributions, their answers, the versions of these
    assert texts[0] == texts[1] == texts[2]  # the SQL of nested pages does not depend on their size either


async def test_every_connection_costs_one_statement_and_one_for_its_total(world: World) -> None:
    spaces = {"Space": world.gid("Space:OPEN")}
    for found in connections(world.app):
        for body, cost in (("nodes { id }", 1), ("totalCount", 1), ("totalCount edges { cursor node { id } }", 2)):
            holders = [world.gid(name) for name in world.ids if name.partition(":")[0] == found.holder]
            given = {} if found.at_root else {"holders": holders}
            with world.counting() as statements:
                await world.ask(found.document("first: 100", body, spaces), "administrator", **given)
            assert len(statements) == cost + (not found.at_root), f"{found.label} {{ {body} }}"


async def test_one_document_reads_a_list_in_several_ways(full: World) -> None:
    data = await full.ask(
        """query($space: ID!) { node(id: $space) { ... on Space {
            first: contributions(first: 1, order: OLDEST) { nodes { title } }
            last: contributions(last: 1, order: OLDEST) { nodes { title } }
            answered: contributions(first: 1, order: MOST_ANSWERED) { nodes { title replyCount } } } } }""",
        space=full.gid("Space:OPEN"),
    )
    assert data["node"]["first"]["nodes"][0]["title"].startswith("Sample contribution")
    assert data["node"]["last"]["nodes"] == [{"title": "Title 11"}]
    assert data["node"]["answered"]["nodes"][0]["replyCount"] == 3


# -- every row, once -----------------------------------------------------------------------------------------


async def test_pages_say_what_precedes_and_follows(full: World) -> None:
    every = await page(full, first=100, order="OLDEST")
    assert every["totalCount"] == len(every["nodes"])
    assert every["pageInfo"]["hasNextPage"] is every["pageInfo"]["hasPreviousPage"] is False
    cursors = [one["cursor"] for one in every["edges"]]
    assert (every["pageInfo"]["startCursor"], every["pageInfo"]["endCursor"]) == (cursors[0], cursors[-1])
    middle = await page(full, first=3, after=cursors[1], order="OLDEST")
    assert ids(middle) == ids(every)[2:5]
    assert middle["pageInfo"]["hasNextPage"] is middle["pageInfo"]["hasPreviousPage"] is True
    between = await page(full, first=100, after=cursors[1], before=cursors[5], order="OLDEST")
    assert ids(between) == ids(every)[2:5]
    backwards = await page(full, last=3, before=cursors[5], order="OLDEST")
    assert ids(backwards) == ids(every)[2:5]
    nothing = await page(full, first=0)
    assert (nothing["nodes"], nothing["pageInfo"]["endCursor"]) == ([], None)


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("order", ["OLDEST", "NEWEST"])
async def test_what_was_there_comes_exactly_once_while_others_write(full: World, order: str, back: bool) -> None:
    before = ids(await page(full, first=100, order=order))
    number = 0

    async def move() -> None:
        """Someone writes, and a moderator hides what was just written."""
        nonlocal number
        number += 1
        async with full.app.write() as session:
            row = await say(session, full, f"New {number}", space=full.ids["Space:OPEN"])
            if number % 2:
                await moderation.hide(session, SYSTEM, contribution=row.id, reason="A reason.")

    after = await walk(full, 3, move, order, back)
    assert number > 2
    assert [one for one in after if one in before] == before


async def test_rows_of_one_moment_come_exactly_once(full: World) -> None:
    """The id settles ties."""
    async with full.app.write() as session:
        await session.execute(update(ContributionRow).values(listed_at=full.clock.moment))
    every = sorted(ids(await page(full, first=100)))
    assert len(every) > MANY
    for back in (False, True):
        assert sorted(await walk(full, 1, back=back)) == every


# -- bad pages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", [{"first": 101}, {"first": -1}, {"last": 101}, {"last": -1}, {"first": 1, "last": 1}], ids=str
)
async def test_a_page_that_cannot_be_is_refused(world: World, given: dict[str, int]) -> None:
    codes = await world.errors(LISTED, space=world.gid("Space:OPEN"), **given)
    assert codes == ["BAD_PAGE"]


@pytest.mark.parametrize("cursor", ["", "nonsense", "é", "0" * 5000])
async def test_a_cursor_that_is_none_is_refused(world: World, cursor: str) -> None:
    for side in ("after", "before"):
        codes = await world.errors(LISTED, space=world.gid("Space:OPEN"), **{side: cursor})
        assert codes == ["BAD_CURSOR"]


async def test_a_cursor_belongs_to_an_order(full: World) -> None:
    got = await page(full, first=1, order="OLDEST")
    cursor = got["pageInfo"]["endCursor"]
    codes = await full.errors(LISTED, space=full.gid("Space:OPEN"), after=cursor, order="NEWEST")
    assert codes == ["BAD_CURSOR"]


async def test_twenty_when_nothing_is_said(full: World) -> None:
    async with full.app.write() as session:
        for number in range(MANY, 30):
            await say(session, full, f"Title {number}", space=full.ids["Space:OPEN"])
    assert len((await page(full))["nodes"]) == 20
