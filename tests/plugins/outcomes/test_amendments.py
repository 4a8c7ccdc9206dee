"""Other words for a proposal: proposed by anyone, decided by someone else, in public."""

import pytest

from tests.plugins.outcomes.conftest import Debate

GIVEN = {"version": 1, "statement": "Softer light.", "reason": "People sleep."}


@pytest.fixture
async def proposal(debate: Debate) -> str:
    return await debate.make()


async def propose(debate: Debate, proposal: str, who: str = "member", **given: object) -> str:
    found = await debate.change("proposeAmendment", who, proposal=proposal, **GIVEN | given)
    return str(found["id"])


async def test_an_accepted_amendment_is_a_version(debate: Debate, proposal: str) -> None:
    key = await propose(debate, proposal)
    await debate.change("acceptAmendment", "analyst", amendment=key, decision="We agree.")
    found = await debate.read(proposal, "title statement version amendments { nodes { state decision } }")
    assert found == {
        "title": "Lamps", "statement": "Softer light.", "version": 2,
        "amendments": {"nodes": [{"state": "ACCEPTED", "decision": "We agree."}]},
    }  # fmt: skip
    assert await debate.refused("acceptAmendment", "analyst", amendment=key, decision="Again.") == "WRONG_STATE"


async def test_an_amendment_of_an_older_version_is_not_accepted(debate: Debate, proposal: str) -> None:
    first, second = await propose(debate, proposal), await propose(debate, proposal, title="Candles")
    await debate.change("acceptAmendment", "decision_maker", amendment=second, decision="Nice.")
    assert await debate.refused("acceptAmendment", "analyst", amendment=first, decision="Nice.") == "CONFLICT"
    await debate.change("rejectAmendment", "analyst", amendment=first, decision="It was overtaken.")
    found = await debate.read(proposal, "title amendments { nodes { state } }")
    assert (found["title"], [one["state"] for one in found["amendments"]["nodes"]]) == (
        "Candles", ["REJECTED", "ACCEPTED"],
    )  # fmt: skip
    assert await debate.refused("proposeAmendment", "member", proposal=proposal, **GIVEN) == "CONFLICT"


async def test_nobody_decides_on_their_own(debate: Debate, proposal: str) -> None:
    analyst = await debate.appoint("analyst")
    debate.world.ids["Participant:another"] = analyst.id  # type: ignore[assignment]
    mine = await propose(debate, proposal, "Participant:another")
    decided = {"amendment": mine, "decision": "Good."}
    assert await debate.refused("acceptAmendment", analyst, **decided) == "NOT_ALLOWED"
    own = await debate.make("Participant:another")
    theirs = await propose(debate, own)
    for mutation in ("acceptAmendment", "rejectAmendment"):
        assert await debate.refused(mutation, analyst, amendment=theirs, decision="Good.") == "NOT_ALLOWED"
    assert await debate.refused("acceptAmendment", "member", amendment=theirs, decision="Good.") == "NOT_ALLOWED"


async def test_what_is_taken_back_leaves_no_words(debate: Debate, proposal: str) -> None:
    key = await propose(debate, proposal)
    assert await debate.refused("withdrawAmendment", "author", amendment=key) == "NOT_ALLOWED"
    await debate.change("withdrawAmendment", "member", amendment=key)
    found = await debate.read(key, "state statement reason")
    assert found == {"state": "WITHDRAWN", "statement": None, "reason": None}
    assert await debate.refused("rejectAmendment", "analyst", amendment=key, decision="No.") == "WRONG_STATE"


async def test_a_decision_says_why(debate: Debate, proposal: str) -> None:
    key = await propose(debate, proposal)
    for mutation in ("acceptAmendment", "rejectAmendment"):
        assert await debate.refused(mutation, "analyst", amendment=key, decision=" ") == "INVALID_INPUT"
