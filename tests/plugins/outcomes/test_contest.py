"""Contesting where one's proposal goes: by whom, until when, and what is answered."""

import asyncio

import pytest

from tests.plugins.outcomes.conftest import ELSEWHERE, WHERE, Debate

TIMES = 50


@pytest.fixture
async def proposal(debate: Debate) -> str:
    """A proposal of Participant:ACTIVE, whose destination is decided."""
    made = await debate.make()
    await debate.decide(made)
    return made


async def test_the_author_contests_and_it_stays_in_force(debate: Debate, proposal: str) -> None:
    for who in ("participant", "analyst", "decision_maker", "administrator"):
        assert await debate.refused("contestDisposition", who, proposal=proposal, reason="No.") == "NOT_ALLOWED"
    assert await debate.refused("contestDisposition", "author", proposal=proposal, reason="") == "INVALID_INPUT"
    await debate.change("contestDisposition", "author", proposal=proposal, reason="It is urgent.")
    found = (await debate.read(proposal, "disposition { state inForce contestation }"))["disposition"]
    assert found == {"state": "CONTESTED", "inForce": True, "contestation": "It is urgent."}


async def test_thirty_days_are_given(debate: Debate, proposal: str) -> None:
    other = await debate.make()
    await debate.decide(other)
    debate.world.clock.forward(days=29)
    await debate.change("contestDisposition", "author", proposal=other, reason="No.")
    debate.world.clock.forward(days=2)
    assert await debate.refused("contestDisposition", "author", proposal=proposal, reason="No.") == "EXPIRED"


async def test_what_is_not_decided_is_not_contested(debate: Debate) -> None:
    made = await debate.make()
    await debate.propose(made)
    assert await debate.refused("contestDisposition", "author", proposal=made, reason="No.") == "WRONG_STATE"


async def test_it_is_confirmed_for_good(debate: Debate, proposal: str) -> None:
    key = (await debate.read(proposal, "disposition { id }"))["disposition"]["id"]
    answer = {"disposition": key, "reason": "We looked again."}
    assert await debate.refused("confirmDisposition", "decision_maker", **answer) == "WRONG_STATE"
    await debate.change("contestDisposition", "author", proposal=proposal, reason="No.")
    assert await debate.refused("confirmDisposition", "author", **answer) == "NOT_ALLOWED"
    await debate.change("confirmDisposition", "decision_maker", **answer)
    found = (await debate.read(proposal, "disposition { id state inForce answer }"))["disposition"]
    assert found == {"id": key, "state": "CONFIRMED", "inForce": True, "answer": "We looked again."}
    assert await debate.refused("contestDisposition", "author", proposal=proposal, reason="Still.") == "ALREADY_DONE"


async def test_it_is_changed_and_the_history_is_kept(debate: Debate, proposal: str) -> None:
    before = await debate.balance()
    key = (await debate.read(proposal, "disposition { id }"))["disposition"]["id"]
    await debate.change("contestDisposition", "author", proposal=proposal, reason="No.")
    given = {"disposition": key, "reason": "You are right."}
    assert await debate.refused("changeDisposition", "decision_maker", **given, **WHERE) == "INVALID_INPUT"
    await debate.change("changeDisposition", "decision_maker", **given, **ELSEWHERE)
    found = await debate.read(proposal, """disposition { destination previous { id } }
        dispositions { nodes { state destination inForce answer } }""")  # fmt: skip
    assert found["disposition"] == {"destination": "WORKSTREAM", "previous": {"id": key}}
    assert [tuple(one.values()) for one in found["dispositions"]["nodes"]] == [
        ("CHANGED", "CHARTER", False, "You are right."), ("DECIDED", "WORKSTREAM", True, None),
    ]  # fmt: skip
    assert await debate.refused("contestDisposition", "author", proposal=proposal, reason="Again.") == "ALREADY_DONE"
    total, triaged, counts, gap = await debate.balance()
    moved = before[2] | {"CHARTER": before[2]["CHARTER"] - 1, "WORKSTREAM": before[2]["WORKSTREAM"] + 1}
    assert (total, triaged, counts, gap) == (before[0], before[1], moved, 0)


async def test_what_was_to_be_sent_is_sent_no_more_once_it_goes_elsewhere(debate: Debate) -> None:
    made = await debate.make()
    key = await debate.decide(made, destination="OTHER_LEVEL", motive="Theirs.", recipient="The town")
    await debate.change("contestDisposition", "author", proposal=made, reason="It is yours.")
    await debate.change("changeDisposition", "decision_maker", disposition=key, reason="Right.", **WHERE)
    assert (await debate.read(made, "transmissions { totalCount }"))["transmissions"]["totalCount"] == 0


async def test_fifty_contest_at_once_and_one_does(debate: Debate, proposal: str) -> None:
    given = {"proposal": proposal, "reason": "No."}
    answers = await asyncio.gather(
        *(debate.world.change("contestDisposition", "author", **given) for _ in range(TIMES))
    )
    assert sorted(one.get("code", "done") for one in answers) == ["ALREADY_DONE"] * (TIMES - 1) + ["done"]


async def test_the_settings_say_how_long(debate: Debate) -> None:
    assert debate.world.app.plugin_settings["outcomes"].contest_days == 30
