"""What is handed on to other levels: step by step, with whoever wrote it told each time."""

from datetime import UTC, datetime

import pytest

from hemicycle.kernel.jobs.run import run_due
from hemicycle_outcomes.transmissions.rules import mark_silent, months_after
from tests.plugins.outcomes.conftest import Debate

ASKED = "state recipient channel answer"


@pytest.fixture
async def transmission(debate: Debate) -> str:
    """A proposal of Participant:ACTIVE that is for another level, and is to be sent."""
    made = await debate.make()
    await debate.decide(made, destination="OTHER_LEVEL", motive="It is theirs.", recipient="The department")
    (one,) = (await debate.read(made, f"transmissions {{ nodes {{ id {ASKED} }} }}"))["transmissions"]["nodes"]
    assert (one["state"], one["recipient"]) == ("TO_SEND", "The department")
    return str(one["id"])


async def test_it_is_sent_acknowledged_and_answered(debate: Debate, transmission: str) -> None:
    one, who = {"transmission": transmission}, "decision_maker"
    assert await debate.refused("acknowledgeTransmission", who, **one) == "WRONG_STATE"
    assert await debate.refused("noteTransmissionAnswer", who, text="Yes.", **one) == "WRONG_STATE"
    await debate.change("sendTransmission", who, channel="POST", **one)
    assert await debate.refused("sendTransmission", who, channel="POST", **one) == "WRONG_STATE"
    await debate.change("acknowledgeTransmission", who, **one)
    await debate.change("noteTransmissionAnswer", who, text="Yes.", **one)
    found = await debate.read(transmission, f"{ASKED} sentBy {{ displayName }}")
    assert found == {
        "state": "ANSWERED", "recipient": "The department", "channel": "POST", "answer": "Yes.",
        "sentBy": {"displayName": "Someone: decision_maker"},
    }  # fmt: skip
    for again in ("sendTransmission", "acknowledgeTransmission"):
        given = {"channel": "POST"} if again == "sendTransmission" else {}
        assert await debate.refused(again, who, **one, **given) == "WRONG_STATE"


async def test_the_author_is_told_at_each_step(debate: Debate, transmission: str) -> None:
    world, one = debate.world, {"transmission": transmission}
    await run_due(world.app)
    world.letters.sent.clear()
    told = []
    for mutation, given in (
        ("sendTransmission", {"channel": "EMAIL"}), ("acknowledgeTransmission", {}),
        ("noteTransmissionAnswer", {"text": "Yes."}),
    ):  # fmt: skip
        await debate.change(mutation, "decision_maker", **one, **given)
        await run_due(world.app)
        told += [letter.text.splitlines()[0] for letter in world.letters.sent]
        world.letters.sent.clear()
    assert told == [
        "A proposal was handed on to The department.", "The department acknowledged a proposal.",
        "The department answered a proposal.",
    ]  # fmt: skip


async def test_after_some_months_silence_is_noted_once_and_a_late_answer_still_counts(
    debate: Debate, transmission: str
) -> None:
    world = debate.world
    await debate.change("sendTransmission", "analyst", transmission=transmission, channel="POST")
    world.clock.forward(days=88)
    await mark_silent(world.app, "")
    assert (await debate.read(transmission, "state"))["state"] == "SENT"
    world.clock.forward(days=6)
    await mark_silent(world.app, "")
    assert (await debate.read(transmission, "state"))["state"] == "SILENT"
    asked = (
        '{ space(slug: "sample-open") { activity(filter: { events: [OUTCOMES_TRANSMISSION_SILENT] }) { totalCount } } }'
    )
    count = (await world.ask(asked))["space"]["activity"]["totalCount"]
    await mark_silent(world.app, "")
    assert (await world.ask(asked))["space"]["activity"]["totalCount"] == count
    await debate.change("noteTransmissionAnswer", "analyst", transmission=transmission, text="Sorry, yes.")
    assert (await debate.read(transmission, "state"))["state"] == "ANSWERED"


async def test_it_was_sent_after_it_was_decided_and_not_in_the_future(debate: Debate, transmission: str) -> None:
    one = {"transmission": transmission, "channel": "POST"}
    for wrong in ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"):
        assert await debate.refused("sendTransmission", "analyst", sentAt=wrong, **one) == "INVALID_INPUT"


async def test_a_proposal_may_be_for_several_levels(debate: Debate, transmission: str) -> None:
    key = (await debate.read(transmission, "proposal { id }"))["proposal"]["id"]
    assert await debate.refused("prepareTransmission", "author", proposal=key, recipient="The State") == "NOT_ALLOWED"
    await debate.change("prepareTransmission", "analyst", proposal=key, recipient="The State")
    found = await debate.read(key, "transmissions(filter: { states: [TO_SEND] }) { totalCount }")
    assert found["transmissions"]["totalCount"] == 2


@pytest.mark.parametrize(
    ("moment", "months", "then"),
    [((2026, 1, 31), 1, (2026, 2, 28)), ((2026, 11, 30), 3, (2027, 2, 28)), ((2026, 5, 15), 12, (2027, 5, 15)),
     ((2023, 12, 31), 2, (2024, 2, 29))],
)  # fmt: skip
def test_months(moment: tuple[int, int, int], months: int, then: tuple[int, int, int]) -> None:
    assert months_after(datetime(*moment, 8, tzinfo=UTC), months) == datetime(*then, 8, tzinfo=UTC)
