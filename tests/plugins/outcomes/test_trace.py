"""The trace: from what someone said to what was done and back, in one query, and right whatever happens to either."""

from typing import Any

import pytest
import pytest_asyncio

from hemicycle.api import Actor
from hemicycle.kernel.jobs.run import run_due
from hemicycle.testing import World
from tests.plugins.outcomes.conftest import ELSEWHERE, MEASURE, Office

FORWARD = """query($id: ID!, $size: Int!) { contribution(id: $id) { trace { proposals(first: $size) { totalCount nodes {
    id title state answer disposition { destination motive state decidedAt }
    commitments(first: $size) { nodes { id title state
        milestones(first: $size) { nodes { title state evidence(first: $size) { nodes { kind title url } } } } } }
    transmissions(first: $size) { nodes { recipient state } } } } } } }"""
BACK = """query($id: ID!, $size: Int!) { commitment(id: $id) { origins(first: $size) {
    totalCount nodes { id title author { displayName } } } } }"""


async def forward(office: Office, said: str, who: str | Actor = "visitor", size: int = 3) -> Any:
    """The proposals that stand for something that was said, with all that hangs on them."""
    found = (await office.world.ask(FORWARD, who, id=said, size=size))["contribution"]
    return found and found["trace"]["proposals"]["nodes"]


async def back(office: Office, commitment: str, who: str | Actor = "visitor", size: int = 10) -> list[str]:
    """The ids of the contributions that a commitment comes from."""
    found = (await office.world.ask(BACK, who, id=commitment, size=size))["commitment"]["origins"]
    assert found["totalCount"] == len(found["nodes"])
    return [one["id"] for one in found["nodes"]]


@pytest_asyncio.fixture
async def told(office: Office) -> dict[str, str]:
    """Two contributions, the proposal that is made of them, a commitment that follows from it, with a step."""
    first, second = await office.say(title="Lamps"), await office.say("member", title="Lanterns")
    sources = [{"contribution": one, "role": "MERGED"} for one in (first, second)]
    proposal = await office.make(sources=sources, title="Light the lane")
    await office.decide(proposal, **MEASURE)
    commitment = await office.commit(proposal)
    given = {"commitment": commitment, "title": "The poles stand"}
    step = (await office.change("addMilestone", office.owner, **given))["id"]
    shown = {"kind": "LINK", "title": "A picture", "url": "https://example.org/poles"}
    await office.change("addEvidence", office.owner, commitment=commitment, milestone=step, **shown)
    await office.change("reachMilestone", office.owner, milestone=step)
    return {"first": first, "second": second, "proposal": proposal, "commitment": commitment}


async def test_from_words_to_what_shows_that_it_was_done(office: Office, told: dict[str, str]) -> None:
    (proposal,) = await forward(office, told["first"])
    assert (proposal["title"], proposal["disposition"]["destination"]) == ("Light the lane", "IMMEDIATE_MEASURE")
    assert proposal["commitments"]["nodes"] == [{
        "id": told["commitment"], "title": "Light the lane", "state": "DECIDED", "milestones": {"nodes": [{
            "title": "The poles stand", "state": "REACHED", "evidence": {"nodes": [
                {"kind": "LINK", "title": "A picture", "url": "https://example.org/poles"}
            ]},
        }]},
    }]  # fmt: skip
    assert await back(office, told["commitment"]) == [told["first"], told["second"]]


async def test_the_timeline_is_in_plain_sentences_of_both_languages(office: Office, told: dict[str, str]) -> None:
    asked = "trace { timeline(first: 20) { nodes { %s } } }"
    both = []
    for locale in ("EN", "FR"):
        found = await office.read(told["first"], asked % f"sentence(locale: {locale})")
        both.append([one["sentence"] for one in found["trace"]["timeline"]["nodes"]])
    english, french = both
    assert english == [
        "A contribution was published.", "A proposal was made.",
        "It is decided where a proposal goes.", "The destination of a proposal is decided: It can be done at once.",
        "It is decided: Light the lane", "A step was added: The poles stand", "Evidence was added: A picture",
        "A step was reached: The poles stand",
    ]  # fmt: skip
    assert french[0] == "Une contribution a été publiée."
    assert french[-1] == "Une étape est franchie : The poles stand"
    assert len(french) == len(english)


async def test_it_costs_the_same_whatever_there_is(office: Office, told: dict[str, str]) -> None:
    """One statement for each level of lists: of 1, and of 50."""
    costs = dict[str, set[int]]()
    more = [told["commitment"]]
    for size in (1, 50):
        if size == 50:
            more += [await office.commit(told["proposal"], title=f"Measure {number}") for number in range(49)]
        for name, document, key in (("forward", FORWARD, told["first"]), ("back", BACK, told["commitment"])):
            with office.world.counting() as statements:
                await office.world.ask(document, id=key, size=min(size, 10))
            costs.setdefault(name, set()).add(len(statements))
    assert costs == {"forward": {7}, "back": {3}}  # forward: the contribution, five lists, one total
    asked = "trace { proposals(first: 1) { nodes { commitments(first: 100) { totalCount } } } }"
    found = await office.read(told["first"], asked)
    assert found["trace"]["proposals"]["nodes"][0]["commitments"]["totalCount"] == 50


async def test_after_a_merge_what_stands_has_it_all(office: Office, told: dict[str, str]) -> None:
    third = await office.say(title="Torches")
    other = await office.make(sources=[{"contribution": third, "role": "MERGED"}], title="Torches")
    await office.change("mergeProposals", "analyst", primary=other, proposals=[told["proposal"]])
    for said in (told["first"], told["second"], third):
        (proposal,) = await forward(office, said)
        assert proposal["id"] == other
        assert [one["id"] for one in proposal["commitments"]["nodes"]] == [told["commitment"]]
    assert await back(office, told["commitment"]) == [told["first"], told["second"], third]


async def test_after_a_split_each_word_leads_to_its_part(office: Office, told: dict[str, str]) -> None:
    parts = [
        {"title": title, "statement": "Part.", "contributions": [told[key]]}
        for title, key in (("Poles", "first"), ("Bulbs", "second"))
    ]
    await office.change("splitProposal", "analyst", proposal=told["proposal"], parts=parts)
    for key, title in (("first", "Poles"), ("second", "Bulbs")):
        (proposal,) = await forward(office, told[key])
        assert (proposal["title"], proposal["state"], proposal["disposition"]) == (title, "SUBMITTED", None)
        assert [one["id"] for one in proposal["commitments"]["nodes"]] == [told["commitment"]]
    assert await back(office, told["commitment"]) == [told["first"], told["second"]]


async def test_after_a_contestation_what_is_in_force_shows(office: Office, told: dict[str, str]) -> None:
    await office.change("contestDisposition", "author", proposal=told["proposal"], reason="It takes longer.")
    (proposal,) = await forward(office, told["first"])
    assert (proposal["disposition"]["destination"], proposal["disposition"]["state"]) == (
        "IMMEDIATE_MEASURE", "CONTESTED"
    )  # fmt: skip
    key = (await office.read(told["proposal"], "disposition { id }"))["disposition"]["id"]
    await office.change("changeDisposition", "decision_maker", disposition=key, reason="So it does.", **ELSEWHERE)
    (proposal,) = await forward(office, told["first"])
    assert proposal["disposition"]["destination"] == "WORKSTREAM"
    assert [one["id"] for one in proposal["commitments"]["nodes"]] == [told["commitment"]]  # it was decided: it stays


async def test_a_hidden_contribution_leaves_its_proposal(office: Office, told: dict[str, str]) -> None:
    await office.change("hideContribution", "moderator", contribution=told["first"], reason="An insult.")
    assert await forward(office, told["first"]) is None
    assert await back(office, told["commitment"]) == [told["second"]]
    assert await back(office, told["commitment"], "moderator") == [told["first"], told["second"]]
    (proposal,) = await forward(office, told["second"])
    assert proposal["title"] == "Light the lane"
    found = await office.read(told["proposal"], "sources { nodes { contribution { id } } }")
    assert [one["contribution"] for one in found["sources"]["nodes"]] == [None, {"id": told["second"]}]


@pytest.mark.parametrize("content", [False, True])
async def test_an_erased_author_leaves_the_trace(office: Office, told: dict[str, str], content: bool) -> None:
    scope = "ACCOUNT_AND_CONTENT" if content else "ACCOUNT"
    await office.change("eraseMe", "author", "state", scope=scope, confirm="sample@example.org")
    await run_due(office.world.app)
    (proposal,) = await forward(office, told["first"])
    assert [one["id"] for one in proposal["commitments"]["nodes"]] == [told["commitment"]]
    assert await back(office, told["commitment"]) == [told["first"], told["second"]]
    found = await office.read(told["first"], "state title")
    assert found == ({"state": "WITHDRAWN", "title": None} if content else {"state": "PUBLISHED", "title": "Lamps"})


async def test_what_is_kept_for_members_is_traced_by_members(world: World) -> None:
    asked = "query($id: ID!) { node(id: $id) { ... on Trace { contribution { id } proposals { totalCount } } } }"
    for who, seen in {"visitor": False, "participant": False, "member": True}.items():
        found = (await world.ask(asked, who, id=world.gid("Trace:MEMBERS")))["node"]
        assert bool(found) is seen
    assert found["contribution"] == {"id": world.gid("Contribution:MEMBERS")}
    assert found["proposals"]["totalCount"] == 1
