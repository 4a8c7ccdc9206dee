"""What leaves as open data comes back into an empty instance, and visitors see the same there."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from hemicycle.spaces.rules import ensure_root
from hemicycle.testing import World
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import open_world
from hemicycle_exchange.decidim.rules import import_exports
from hemicycle_exchange.opendata.returning import bring_back
from hemicycle_exchange.opendata.rules import export
from tests.plugins.exchange.decidim import comment, debate, proposal, write

SPACES = """{ spaces(first: 100) { nodes { slug kind state title summary openedAt closedAt endsAt participantCount
    structureCount parent { slug } } } }"""
SAID = """query($after: String) { contributions(first: 50, after: $after) { nodes { id kind title state alignment
    categories language channel publishedAt body { markdown } space { slug } parent { id } origin { system externalId }
    replyCount author { kind } } pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["exchange", "outcomes"]}


@pytest_asyncio.fixture
async def empty(world: World, databases: Databases, plugins: dict[str, Any]) -> AsyncIterator[World]:
    """Another instance, with nothing but its root."""
    with databases.fresh() as url:
        async with open_world(url, **plugins, samples=False, instance="other") as made:
            made.clock.moment = world.clock.moment
            await ensure_root(made.app)
            yield made


async def seen(world: World) -> tuple[list[Any], list[Any]]:
    """What a visitor sees: the spaces below the root, and what was said, without ids and without names of people."""
    spaces = [one for one in (await world.ask(SPACES))["spaces"]["nodes"] if one["parent"]]
    for one in spaces:
        one["parent"]["slug"] = one["parent"]["slug"].removeprefix("sample-")  # as samples call their root
    nodes: list[Any] = []
    after, more = None, True
    while more:
        page = (await world.ask(SAID, after=after))["contributions"]
        nodes += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    words = {one["id"]: one["title"] or (one["body"] or {}).get("markdown") for one in nodes}
    said = [one | {"id": None, "parent": one["parent"] and words[one["parent"]["id"]]} for one in nodes]
    return sorted(spaces, key=lambda one: str(one["slug"])), sorted(
        said, key=lambda one: json.dumps(one, sort_keys=True)
    )


async def test_visitors_see_the_same_after_a_round_trip(world: World, empty: World, tmp_path: Path) -> None:
    """Samples of every state, and what was itself imported: tombstones with answers, answers to what came from afar."""
    rows = [proposal(4), proposal(5, state="withdrawn"), debate(23)]
    paths = [write(tmp_path, f"{at}.csv", row) for at, row in enumerate(rows)]
    answers = write(
        tmp_path, "answers.csv", comment(1, "Debates::Debate 23", alignment=1), comment(2, "Proposals::Proposal 5")
    )
    await import_exports(world.app, [*paths, answers], space="lille", create_space=True)
    written = await export(world.app, tmp_path / "out")
    count = {one.table.name: one.rows for one in written}["contributions"]
    told = (await bring_back(empty.app, tmp_path / "out", dry_run=True)).as_json()
    assert (await seen(empty)) == ([], [])
    assert (await bring_back(empty.app, tmp_path / "out")).as_json() == told | {"dry_run": False}
    before, after = await seen(world), await seen(empty)
    assert before[0] == after[0]
    assert [{**one, "origin": None} for one in before[1]] == [{**one, "origin": None} for one in after[1]]
    assert [one["origin"] for one in before[1] if one["origin"]] == [
        one["origin"] for one in after[1] if one["origin"]["system"] != world.app.settings.instance
    ]  # fmt: skip
    assert (told["kept"], told["lost"], len(after[1])) == (count, [], count)
    again = (await bring_back(empty.app, tmp_path / "out")).as_json()
    assert (again["created"], again["edited"], again["unchanged"], again["spaces_created"]) == (0, 0, count, 0)
