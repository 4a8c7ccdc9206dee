"""The tables of plugins come back line by line: what may not be kept is lost by name, and the others come."""

from pathlib import Path
from typing import Any

import pytest

from hemicycle.testing import World
from hemicycle_exchange.opendata.returning import bring_back
from hemicycle_exchange.opendata.tables import NOT_HERE
from tests.plugins.exchange.exported import FIRST, SAID_THEN, SPACE, add_table, folder_of


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["exchange", "outcomes"]}


PROPOSAL = {
    "id": "p", "space_id": "s", "origin": "PARTICIPANTS", "state": "TRIAGED", "theme": None, "version": 1,
    "submitted_at": "2019-01-19T09:38:20Z", "answer": None, "answered_at": None, "reason": None,
}  # fmt: skip
WORDS = {
    "proposal_id": "p", "number": 1, "title": "C", "statement": "D", "verbatim_of_id": "a",
    "at": PROPOSAL["submitted_at"],
}  # fmt: skip
DECISION = {
    "id": "d", "proposal_id": "p", "space_id": "s", "state": "DECIDED", "in_force": True, "destination": "CHARTER",
    "motive": "E", "proposed_at": PROPOSAL["submitted_at"],
}  # fmt: skip
PROMISE = {
    "id": "c", "space_id": "s", "kind": "MEASURE", "state": "DECIDED", "title": "F", "due_on": "2019-03-01",
    "decided_at": PROPOSAL["submitted_at"], "person": None, "structure": "City",
}  # fmt: skip
PROOF = {
    "id": "v",
    "commitment_id": "c",
    "kind": "LINK",
    "title": "G",
    "url": "https://example.org",
    "at": "2019-02-01T00:00:00Z",
}
SENT = {
    "id": "t",
    "proposal_id": "p",
    "space_id": "s",
    "recipient": "H",
    "state": "TO_SEND",
    "at": "2019-02-01T00:00:00Z",
}


async def test_lines_that_may_not_be_kept_are_lost_by_name(empty: World, tmp_path: Path) -> None:
    """One table after the other; what refers to a lost one is lost with it; what is right beside it comes."""
    folder = folder_of(tmp_path / "out", [SPACE, FIRST | {"state": "CLOSED"}], [SAID_THEN])
    tables: dict[str, list[tuple[dict[str, Any], str]]] = {
        "contribution_versions": [
            ({"contribution_id": "x", "number": 1}, "its contribution_id is x, which did not come"),
        ],
        "proposals": [
            (PROPOSAL, ""), (PROPOSAL, "its id came before"), (PROPOSAL | {"id": None}, "it has no id"),
            (PROPOSAL | {"id": "q", "state": "BURNT"}, "it cannot be kept: "),
            (PROPOSAL | {"id": "r", "submitted_at": "yesterday"}, "Invalid isoformat string"),
            (PROPOSAL | {"id": "u", "version": "one"}, "its version is no integer: 'one'"),
            (PROPOSAL | {"id": "w", "space_id": "nowhere"}, "its space_id is nowhere, which did not come"),
        ],
        "proposal_versions": [
            (WORDS, ""), (WORDS | {"number": 2, "title": "x" * 301}, "it cannot be kept: The title"),
            (WORDS | {"proposal_id": "q"}, "its proposal_id is q, which did not come"),
        ],
        "dispositions": [
            (DECISION, ""), (DECISION | {"id": "e"}, "it cannot be kept: "),
            (DECISION | {"id": "f", "in_force": False, "previous_id": "e"}, "it cannot be kept: "),
            (DECISION | {"id": "g", "in_force": False, "previous_id": "d"}, ""),
        ],
        "transmissions": [(SENT, ""), (SENT | {"channel": "PIGEON"}, "There is no channel PIGEON; there are: POST")],
        "commitments": [
            (PROMISE, ""), (PROMISE | {"id": "k", "structure": "x" * 301}, "its structure cannot be kept: x"),
            (PROMISE | {"id": "l", "structure": None}, "It says of nobody that they answer for it."),
        ],
        "commitment_evidence": [
            (PROOF, ""), (PROOF | {"id": "y", "url": "javascript:alert(1)"}, "Give an http(s) address"),
            (PROOF | {"id": "z", "kind": "FIGURE"}, "A FIGURE has a number"),
        ],
    }  # fmt: skip
    for name, lines in tables.items():
        add_table(folder, name, *(line for line, _ in lines))
    add_table(folder, "supports", {"type": "Contribution", "object_id": "a", "supports": 7})
    told = (await bring_back(empty.app, folder)).as_json()
    expected = [
        (name, number, why) for name, lines in sorted(tables.items()) for number, (_, why) in enumerate(lines, 1) if why
    ]
    assert [(one["table"], one["line"]) for one in told["lost"]] == [one[:2] for one in expected]
    for one, (_, _, why) in zip(told["lost"], expected, strict=True):
        assert one["reason"].startswith(why), one
    assert {name: one["created"] for name, one in told["tables"].items()} == {
        name: sum(not why for _, why in lines) for name, lines in tables.items()
    }
    assert told["lost_tables"] == {"supports": {"rows": 1, "reason": NOT_HERE}}
    found = await empty.ask("""{ space(slug: "then") { proposals { nodes { title sources { totalCount }
        versions { nodes { verbatimOf { title } } } disposition { motive }
        dispositions { nodes { previous { motive } } } transmissions { nodes { recipient } } } }
        commitments { nodes { title owner { displayName kind } evidence { nodes { url } } } } } }""")
    assert found["space"] == {
        "proposals": {"nodes": [{
            "title": "C", "sources": {"totalCount": 0}, "versions": {"nodes": [{"verbatimOf": {"title": "A"}}]},
            "disposition": {"motive": "E"},
            "dispositions": {"nodes": [{"previous": None}, {"previous": {"motive": "E"}}]},
            "transmissions": {"nodes": [{"recipient": "H"}]},
        }]},
        "commitments": {"nodes": [{
            "title": "F", "owner": {"displayName": "City", "kind": "STRUCTURE"},
            "evidence": {"nodes": [{"url": "https://example.org"}]},
        }]},
    }  # fmt: skip
    add_table(folder, "contributions", SAID_THEN, SAID_THEN | {"id": "b"})
    again = (await bring_back(empty.app, folder)).as_json()
    assert (again["created"], again["edited"], again["unchanged"]) == (0, 0, 1)
    late = {"table": "contributions", "line": 2, "id": "b", "reason": "its space is archived here"}
    assert late in again["lost"]
    assert not any(one["created"] for one in again["tables"].values())


async def test_rows_come_only_where_their_plugin_is_active_and_the_space_takes_more(
    empty: World, tmp_path: Path
) -> None:
    """And later, where it is: what was lost for that is not known as something that came."""
    folder = folder_of(tmp_path / "out", [SPACE | {"state": "CLOSED"}], [SAID_THEN])
    add_table(folder, "proposals", PROPOSAL)
    add_table(folder, "proposal_versions", WORDS)
    root = (await empty.ask("{ spaces { nodes { id parent { id } } } }"))["spaces"]["nodes"][0]["id"]
    await empty.change("setPlugins", "system", space=root, plugins=["exchange"])
    told = (await bring_back(empty.app, folder)).as_json()
    assert [one["reason"] for one in told["lost"]] == [
        "its proposal_id is p, which did not come", "its space is archived here, or outcomes is not active in it",
    ]  # fmt: skip
    await empty.change("setPlugins", "system", space=root, plugins=["exchange", "outcomes"])
    again = (await bring_back(empty.app, folder)).as_json()
    assert (again["lost"], again["unchanged"]) == ([], 1)
    assert {name: one["created"] for name, one in again["tables"].items()} == {"proposals": 1, "proposal_versions": 1}
    found = await empty.ask('{ search(text: "C", types: [PROPOSAL]) { totalCount } }')
    assert found["search"]["totalCount"] == 1
