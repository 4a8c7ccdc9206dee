"""`search` over GraphQL: any type, page by page, as the viewer sees it; hostile questions are answered or refused."""

from typing import Any
from uuid import UUID

import pytest

from hemicycle.kernel.graphql import cursors
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.search import find, index
from hemicycle.kernel.search.find import MOST
from hemicycle.kernel.search.graphql import LONGEST, ORDER
from hemicycle.testing import World

PAGE = """query(
  $text: String!, $types: [Searchable!], $space: ID, $first: Int, $after: String, $last: Int, $before: String
) {
  search(text: $text, types: $types, space: $space, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { id } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


async def page(world: World, text: str, who: str = "visitor", **variables: Any) -> Any:
    return (await world.ask(PAGE, who, text=text, **variables))["search"]


async def ids(world: World, text: str, who: str = "visitor", **variables: Any) -> list[str]:
    return [one["id"] for one in (await page(world, text, who, **variables))["nodes"]]


async def test_what_people_write_is_found_without_accents_and_endings(world: World) -> None:
    here = world.gid("Space:OPEN")
    said = await world.change("contribute", "author", "id", space=here, title="Le numérique", text="Aux **habitants**.")
    for query in ("numerique", "habitant", "NUMÉRIQUES habitants", "l’habitant"):
        assert await ids(world, query) == [said["id"]], query


async def test_spaces_are_found_by_their_titles(world: World) -> None:
    assert await ids(world, "sample closed", types=["SPACE"]) == [world.gid("Space:CLOSED")]


async def test_what_is_withdrawn_or_hidden_is_found_no_longer(world: World) -> None:
    there = {"space": world.gid("Space:OPEN"), "title": "Une anguille", "text": "Sous roche."}
    first, second = [(await world.change("contribute", "author", "id", **there))["id"] for _ in range(2)]
    assert set(await ids(world, "anguille")) == {first, second}
    await world.change("withdrawContribution", "author", contribution=first)
    await world.change("hideContribution", "moderator", contribution=second, reason="A sample reason.")
    assert await ids(world, "anguille") == []
    assert await ids(world, "anguille", "moderator") == [second]
    await world.change("restoreContribution", "moderator", contribution=second, reason="A sample reason.")
    assert await ids(world, "anguille") == [second]


async def test_nodes_and_edges_load_what_is_asked_of_each_type(world: World) -> None:
    answer = await world.ask(
        """{ search(text: "sample") {
          nodes { __typename ... on Contribution { title author { displayName } replies { nodes { body { text } } } } }
          edges { node { ...Place } } } }
        fragment Place on Space { slug children { totalCount } }""",
    )
    nodes = {one["title"]: one for one in answer["search"]["nodes"] if one["__typename"] == "Contribution"}
    top = nodes["Sample contribution published in Space:OPEN"]
    assert top["author"]["displayName"]
    assert top["replies"]["nodes"] == [{"body": {"text": "A sample answer."}}]
    places = {one["node"]["slug"]: one["node"] for one in answer["search"]["edges"] if one["node"]}
    assert places["sample-root"]["children"]["totalCount"] == 3


async def test_a_space_and_types_narrow_it(world: World, corpus: Any) -> None:
    (here,), (there,) = await corpus.add(["glycine"]), await corpus.add(["glycine"], "Space:CLOSED")
    both = [encode_id("Contribution", key) for key in (there, here)]
    assert set(await ids(world, "glycine", space=world.gid("Space"))) == set(both)
    assert await ids(world, "glycine", space=world.gid("Space:OPEN")) == both[1:]
    assert await ids(world, "glycine", types=["SPACE"]) == []
    assert set(await ids(world, "glycine", types=["SPACE", "CONTRIBUTION"])) == set(both)


async def test_the_statement_for_all_types_is_written_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bool] = []
    write = find._statement
    monkeypatch.setattr(find, "_statement", lambda *known: written.append(known[-1]) or write(*known))
    world.app.access.questions.clear()
    only = await ids(world, "sample", types=["SPACE"])
    every = [await ids(world, "sample", space=space) for space in (None, world.gid("Space"), None, world.gid("Space"))]
    assert set(only) < set(every[0])
    assert (every[2], every[3]) == (every[0], every[1])
    assert await ids(world, "sample", types=["SPACE"]) == only
    assert written == [False, False, True, False]


async def test_what_is_said_of_one_type_is_found_in_no_other(world: World) -> None:
    """Not even if two objects had the same id."""
    async with world.app.write() as session:
        await index.put(session, "Space", world.ids["Contribution:PUBLISHED"], "glycine")
    assert (await page(world, "glycine"))["totalCount"] == 0


@pytest.mark.parametrize("space", ["", "?", "Contribution:PUBLISHED", "unknown", "\ud800"])
async def test_what_is_no_space_holds_nothing(world: World, space: str) -> None:
    known = {"Contribution:PUBLISHED": world.gid("Contribution:PUBLISHED"), "unknown": encode_id("Space", UUID(int=7))}
    assert await ids(world, "sample", space=known.get(space, space)) == []


async def test_pages_follow_each_other_both_ways_without_a_gap(world: World, corpus: Any) -> None:
    made = await corpus.add(["glycine " * (number % 3 + 1) for number in range(25)])
    whole = await page(world, "glycine", first=100)
    every = [one["id"] for one in whole["nodes"]]
    assert set(every) == {encode_id("Contribution", key) for key in made}
    assert whole["totalCount"] == 25
    assert [one["node"]["id"] for one in whole["edges"]] == every

    walked, after = [], None
    while True:
        part = await page(world, "glycine", first=7, after=after)
        assert part["totalCount"] == 25
        assert part["pageInfo"]["hasPreviousPage"] is (after is not None)
        walked += [one["id"] for one in part["nodes"]]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break
    assert walked == every

    walked, before = [], None
    while True:
        part = await page(world, "glycine", last=7, before=before)
        assert part["pageInfo"]["hasNextPage"] is (before is not None)
        walked = [one["id"] for one in part["nodes"]] + walked
        before = part["pageInfo"]["startCursor"]
        if not part["pageInfo"]["hasPreviousPage"]:
            break
    assert walked == every


async def test_a_cursor_holds_while_others_write(world: World, corpus: Any) -> None:
    made = await corpus.add(["glycine " * (number + 1) for number in range(10)])
    every = await ids(world, "glycine")
    half = await page(world, "glycine", first=5)
    await corpus.add(["autre chose"] * 200)  # changes how rare the word is, and so every rank
    async with world.app.write() as session:
        gone = next(key for key in made if encode_id("Contribution", key) == every[4])
        await index.remove(session, "Contribution", gone)  # where the page ended
    rest = await page(world, "glycine", first=100, after=half["pageInfo"]["endCursor"])
    assert [one["id"] for one in rest["nodes"]] == every[5:]


async def test_the_best_500_are_counted_and_no_more(world: World, corpus: Any) -> None:
    await corpus.add(["glycine"] * (MOST + 20))
    part = await page(world, "glycine", first=1)
    assert part["totalCount"] == MOST


async def test_a_page_costs_the_same_statements_whatever_its_size(world: World, corpus: Any) -> None:
    await corpus.add(["glycine autour de la maison"] * 60)
    async with world.app.write() as session:
        await index.put(session, "Space", world.ids["Space:OPEN"], "glycine")  # shorter: it comes first
    document = """query($first: Int) { search(text: "glycine", first: $first) {
        nodes { ... on Contribution { author { displayName } replies { nodes { id } } } ... on Space { slug } } } }"""
    costs = []
    for first in (2, 5, 60):
        with world.counting() as statements:
            answer = await world.ask(document, "participant", first=first)
        assert len(answer["search"]["nodes"]) == first
        costs.append(len(statements))
    assert costs == [4, 4, 4], "what is found, its contributions, their answers, its spaces"


@pytest.mark.parametrize(
    "text",
    ["", "   ", "?!", "\0", "\ud800", '"', "'", "a' OR 1=1 --", '" OR "', "NEAR(", "*", "-x", "{a b}:", "%", "\\"],
)
async def test_hostile_texts_are_answered(world: World, text: str) -> None:
    assert (await page(world, text))["totalCount"] in (0, 1)


async def test_a_text_that_is_too_long_is_refused(world: World) -> None:
    assert await ids(world, "a" * LONGEST) == []
    for length in (LONGEST + 1, 10_000):
        assert await world.errors(PAGE, text="a" * length) == ["BAD_SEARCH"]


@pytest.mark.parametrize("asked", [{"first": 101}, {"first": -1}, {"last": 101}, {"first": 1, "last": 1}, {"last": -5}])
async def test_impossible_pages_are_refused(world: World, asked: dict[str, int]) -> None:
    assert await world.errors(PAGE, text="sample", **asked) == ["BAD_PAGE"]


async def test_an_empty_page_is_a_page(world: World) -> None:
    part = await page(world, "sample", first=0)
    assert part["nodes"] == []
    assert part["totalCount"] > 0
    assert part["pageInfo"]["hasNextPage"] is True


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "\ud800",
        "a" * 5000,
        cursors.encode("OLDEST", [1, UUID(int=1)]),
        cursors.encode(ORDER, [1]),
        cursors.encode(ORDER, ["1", UUID(int=1)]),
        cursors.encode(ORDER, [2**70, UUID(int=1)]),
        cursors.encode(ORDER, [1, UUID(int=1), 1]),
    ],
)
@pytest.mark.parametrize("side", ["after", "before"])
async def test_cursors_of_another_kind_are_refused(world: World, cursor: str, side: str) -> None:
    assert await world.errors(PAGE, text="sample", **{side: cursor}) == ["BAD_CURSOR"]


@pytest.mark.parametrize("at", [-(2**62), -1, 0, 3, 2**62])
async def test_a_cursor_of_what_left_shows_what_took_its_place(world: World, corpus: Any, at: int) -> None:
    await corpus.add(["glycine"] * 5)
    every, place = await ids(world, "glycine"), min(max(at, 0), 5)
    cursor = cursors.encode(ORDER, [at, UUID(int=1)])
    assert await ids(world, "glycine", after=cursor) == every[place:]
    assert await ids(world, "glycine", last=100, before=cursor) == every[:place]


async def test_types_that_nobody_declares_are_refused(world: World) -> None:
    for name in ("PARTICIPANT", "Contribution", ""):
        assert await world.errors(PAGE, text="sample", types=[name])
