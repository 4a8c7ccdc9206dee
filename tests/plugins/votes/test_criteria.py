"""Criteria that are real: polls and petitions for those who live somewhere, by a roll, by proxy and on paper."""

from typing import Any

import pytest

from hemicycle.testing import World
from tests.plugins.votes.polls.polling import look, opened, people, prepare, step, vote

LIVES = {"criterion": "territories.lives_in", "parameters": {"territories": ["DEPARTMENT:99"]}}
"""Of the samples `member` and `author` live there, and `participant` has not said where."""
LATER = "2026-04-01T00:00:00Z"


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["votes", "territories"]}


async def test_a_poll_of_those_who_live_there(world: World) -> None:
    poll = await opened(world, criteria=[LIVES], proxies=2)
    asked = "query($id: ID!) { pollEligibility(poll: $id) { eligible reason } }"
    told = (await world.ask(asked, "participant", id=poll))["pollEligibility"]
    assert (told["eligible"], "lives" in told["reason"].lower()) == (False, True)
    assert (await world.ask(asked, "member", id=poll))["pollEligibility"] == {"eligible": True, "reason": None}
    assert await vote(world, poll, "participant", "Ana") == "NOT_ALLOWED"
    assert await vote(world, poll, "author", "Ana") == "OPEN"
    rules = (await look(world, poll, "rules(locale: EN) { text }"))["rules"]["text"]
    assert 'territories.lives_in {"territories": ["DEPARTMENT:99"]}' in rules
    outsider = {"voter": world.gid("Participant:outsider"), "blank": True}
    assert await step(world, "enterPaperBallot", poll, **outsider) == "NOT_ALLOWED"
    # Whom one entrusts is not told apart by where they live: that is theirs to say.
    assert await step(world, "giveProxy", poll, "participant", holder=world.gid("Participant:ACTIVE")) == "NOT_ALLOWED"
    assert await step(world, "giveProxy", poll, "member", holder=world.gid("Participant:outsider")) == "OPEN"
    giver = {"blank": True, "onBehalfOf": world.gid("Participant:member")}
    assert await vote(world, poll, "participant", **giver) == "NOT_ALLOWED"  # who votes for others is a voter too
    assert (await look(world, poll, "turnout"))["turnout"] == 1


async def test_the_roll_is_not_enough_where_more_is_asked(world: World) -> None:
    poll = await prepare(world, criteria=[LIVES])
    everyone = [world.gid("Participant:member"), world.gid("Participant:outsider"), "nobody@example.org"]
    assert await step(world, "importPollRoll", poll, entries=everyone) == "DRAFT"
    assert await step(world, "openPoll", poll) == "OPEN"
    assert "(3)" in (await look(world, poll, "rules(locale: EN) { text }"))["rules"]["text"]
    assert await vote(world, poll, "participant", "Ana") == "NOT_ALLOWED"  # on the roll, and lives nowhere
    assert await vote(world, poll, "author", "Ana") == "NOT_ALLOWED"  # lives there, and is on no roll
    for entry in everyone[1:]:
        assert await step(world, "enterPaperBallot", poll, voter=entry, blank=True) == "NOT_ALLOWED"
    assert await step(world, "enterPaperBallot", poll, voter=everyone[0], blank=True) == "OPEN"
    assert await vote(world, poll, "member", "Ana") == "OPEN"


async def test_a_petition_of_those_who_live_there(world: World) -> None:
    drafted = await world.change(
        "createPetition", "author", "id", space=world.gid("Space:OPEN"), title="Trains", text="More of them."
    )
    petition = drafted["id"]
    group = {"name": "Here", **LIVES, "needed": 1}
    given = {"needed": 2, "closesAt": LATER, **LIVES, "groups": [group]}
    assert (await world.change("openPetition", "steward", "state", petition=petition, **given))["state"] == "OPEN"
    [stranger] = await people(world, 1)
    for who, told in (
        ("participant", "NotAllowed"),
        (stranger, "NotAllowed"),
        ("author", "Petition"),
        ("member", "Petition"),
    ):
        assert (await world.change("signPetition", who, petition=petition))["__typename"] == told
    asked = "query($id: ID!) { petition(id: $id) { state signatureCount groups { signatures } } }"
    assert (await world.ask(asked, id=petition))["petition"] == {
        "state": "REACHED", "signatureCount": 2, "groups": [{"signatures": None}],  # fewer than five: not told
    }  # fmt: skip
