"""What leaves as open data comes back into an empty instance, and visitors see the same there."""

import json
from pathlib import Path
from typing import Any

import pytest

from hemicycle.api import Refused, StartupError
from hemicycle.testing import World
from hemicycle_exchange.decidim.rules import import_exports
from hemicycle_exchange.opendata.returning import bring_back
from hemicycle_exchange.opendata.rules import export
from tests.plugins.exchange.decidim import comment, debate, proposal, write
from tests.plugins.exchange.exported import SAID_THEN, SPACE, folder_of

SPACES = """{ spaces(first: 100) { nodes { slug kind state title summary openedAt closedAt endsAt participantCount
    structureCount parent { slug } } } }"""
SAID = """query($after: String) { contributions(first: 50, after: $after) { nodes { id kind title state alignment
    categories language channel publishedAt body { markdown } space { slug } parent { id } origin { system externalId }
    replyCount version versions { nodes { number title body { markdown } at } } author { kind } }
    pageInfo { hasNextPage endCursor } } }"""


PROPOSED = """{ proposals(first: 25) { totalCount nodes { title statement origin state theme version submittedAt
    answer answeredAt space { slug } sources { nodes { role contribution { title } } }
    versions { nodes { number title statement at verbatimOf { title } } }
    disposition { destination } dispositions { nodes { destination unusableBecause recipient motive state inForce
        review proposedAt reviewedAt decidedAt contestation contestedAt answer answeredAt previous { destination }
        duplicateOf { title } } }
    transmissions { nodes { recipient state channel sentAt silentAt acknowledgedAt answer answeredAt } }
    replacedBy { nodes { kind at replacing { title } } }
    amendments { nodes { version title statement reason state decision decidedAt at author { kind } } }
    commitments { nodes { title } } } }
  space(slug: "sample-open") { dispositionBalance { total triaged destinations { destination count } } } }"""
DECIDED = """{ commitments(first: 25) { totalCount nodes { kind title summary state reason dueOn reviewOn decidedAt
    startedAt deliveredAt verifiedAt owner { kind } space { slug } proposals { nodes { title } }
    origins { nodes { title } }
    milestones { nodes { title position state dueOn reachedAt evidence { nodes { title } } } }
    evidence { nodes { kind title url figure unit source sha256 at } } } }
  search(text: "proposal", types: [PROPOSAL]) { totalCount } }"""


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["exchange", "outcomes"]}


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


async def became(world: World) -> dict[str, Any]:
    """What a visitor sees of what became of it: proposals, what was decided, how many go where, what is found."""
    told = await world.ask(PROPOSED) | await world.ask(DECIDED)
    for every in (told["proposals"], told["commitments"]):
        assert len(every["nodes"]) == every["totalCount"] > 5
        for one in every["nodes"]:
            for amendment in one.get("amendments", {"nodes": []})["nodes"]:
                if amendment["state"] == "WITHDRAWN":
                    del amendment["author"]  # who took words back does not leave
        every["nodes"].sort(key=lambda node: json.dumps(node, sort_keys=True))
    return told


async def test_visitors_see_the_same_after_a_round_trip(world: World, empty: World, tmp_path: Path) -> None:
    """Samples of every state, and what was itself imported: tombstones with answers, answers to what came from afar."""
    elsewhere = [proposal(4), proposal(5, state="withdrawn"), debate(23)]
    paths = [write(tmp_path, f"{at}.csv", row) for at, row in enumerate(elsewhere)]
    answers = write(
        tmp_path, "answers.csv", comment(1, "Debates::Debate 23", alignment=1), comment(2, "Proposals::Proposal 5")
    )
    await import_exports(world.app, [*paths, answers], space="lille", create_space=True)
    said = world.gid("Contribution:PUBLISHED")
    await world.change("editContribution", "author", contribution=said, version=1, title="Other", text="Other words.")
    empty.clock.moment = world.clock.moment
    written = await export(world.app, tmp_path / "out")
    rows = {one.table.name: one.rows for one in written}
    count = rows.pop("contributions")
    told = (await bring_back(empty.app, tmp_path / "out", dry_run=True)).as_json()
    assert (await seen(empty)) == ([], [])
    assert (await bring_back(empty.app, tmp_path / "out")).as_json() == told | {"dry_run": False}
    assert await became(world) == await became(empty)
    before, after = await seen(world), await seen(empty)
    assert before[0] == after[0]
    assert [{**one, "origin": None} for one in before[1]] == [{**one, "origin": None} for one in after[1]]
    assert [one["origin"] for one in before[1] if one["origin"]] == [
        one["origin"] for one in after[1] if one["origin"]["system"] != world.app.settings.instance
    ]  # fmt: skip
    assert (told["kept"], told["lost"], len(after[1])) == (count, [], count)
    again = (await bring_back(empty.app, tmp_path / "out")).as_json()
    assert (again["created"], again["edited"], again["unchanged"], again["spaces_created"]) == (0, 0, count, 0)
    assert (again["lost"], rows.pop("spaces")) == ([], len(after[0]) + 1)
    assert {name: one["created"] for name, one in told["tables"].items()} == rows
    assert {name: one["unchanged"] for name, one in again["tables"].items()} == rows
    assert all(rows.values()), rows
    assert (await seen(empty), await became(empty)) == (after, await became(world))


async def test_what_cannot_come_back_is_named_and_the_others_come(empty: World, tmp_path: Path) -> None:
    """Answers stand before what they answer; two answer each other, one what is hidden; one is of an unknown kind."""
    reply = SAID_THEN | {"kind": "COMMENT", "title": None}
    said = [
        reply | {"id": "b", "parent_id": "a"}, SAID_THEN, reply | {"id": "c", "parent_id": "hidden"},
        reply | {"id": "d", "parent_id": "e"}, reply | {"id": "e", "parent_id": "d"},
        SAID_THEN | {"id": "f", "kind": "SONG"}, SAID_THEN | {"id": "g", "space_id": "nowhere"},
    ]  # fmt: skip
    told = (await bring_back(empty.app, folder_of(tmp_path / "out", [SPACE], said))).as_json()
    assert (told["read"], told["kept"], told["spaces_created"]) == (7, 2, 1)
    assert [(one["id"], one["reason"].partition(":")[0]) for one in told["lost"]] == [
        ("c", "it answers hidden, which is not in the export"), ("d", "it answers e, which is not in the export"),
        ("e", "it answers d, which is not in the export"), ("f", "There is no kind SONG; there are"),
        ("g", "its space is not in the export"),
    ]  # fmt: skip
    found = await empty.ask("""{ space(slug: "then") { state title results(locale: EN) contributions { nodes {
        channel categories origin { system externalId } author { displayName } replyCount } } } }""")
    assert found["space"] == {
        "state": "ARCHIVED", "title": "Alors", "results": "Done.",
        "contributions": {"nodes": [{
            "channel": "POST", "categories": ["b"], "origin": {"system": "tours", "externalId": "a"},
            "author": {"displayName": "Participant 012345"}, "replyCount": 1,
        }]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "PALACE"}, "There is no kind of space PALACE; there are: "),
        ({"state": "BURNT"}, "There is no state BURNT of a space; there are: DRAFT, OPEN"),
        ({"parent_id": "nowhere"}, "These spaces stand below one that is not in the export: then"),
    ],
)
async def test_a_space_that_cannot_be_made_keeps_all_of_it_out(
    empty: World, tmp_path: Path, wrong: dict[str, str], told: str
) -> None:
    with pytest.raises(Refused, match=told):
        await bring_back(
            empty.app, folder_of(tmp_path / "out", [SPACE | {"slug": "first", "id": "1"}, SPACE | wrong], [])
        )
    assert await seen(empty) == ([], [])
    with pytest.raises(StartupError, match="is not what `hemicycle export open-data` writes"):
        await bring_back(empty.app, tmp_path)
