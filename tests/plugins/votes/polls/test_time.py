"""Polls open and close by the clock; each ballot and each step is told as it happens; keys come and go."""

import stat

from sqlalchemy import update
from sqlmodel import col

from hemicycle.api import decode_id, encode_id
from hemicycle.testing import World
from hemicycle_votes.polls import keys
from hemicycle_votes.polls.models import EnvelopeRow
from tests.plugins.votes.polls.polling import finish, look, opened, options, prepare, step, vote, work


async def test_it_opens_and_closes_by_itself(world: World) -> None:
    poll = await prepare(world, opensAt="2026-03-10T00:00:00Z", closesAt="2026-03-20T00:00:00Z")
    await work(world)
    assert (await look(world, poll, "state", "steward"))["state"] == "DRAFT"
    world.clock.forward(days=9)
    await work(world)
    assert (await look(world, poll, "state"))["state"] == "OPEN"
    assert await vote(world, poll, "member", "Ana") == "OPEN"
    ids = await options(world, poll)
    world.clock.forward(days=10)
    assert await vote(world, poll, "participant", choices=[ids["Ana"]]) == "EXPIRED"  # before the timer comes
    await work(world)
    assert await look(world, poll, "state turnout") == {"state": "CLOSED", "turnout": 1}


async def test_a_draft_whose_moment_was_moved_opens_then(world: World) -> None:
    poll = await prepare(world, opensAt="2026-03-10T00:00:00Z")
    assert await step(world, "updatePoll", poll, opensAt="2026-03-15T00:00:00Z") == "DRAFT"
    world.clock.forward(days=9)
    await work(world)
    assert (await look(world, poll, "state", "steward"))["state"] == "DRAFT"
    world.clock.forward(days=5)
    await work(world)
    assert (await look(world, poll, "state"))["state"] == "OPEN"


async def test_turnout_is_live(world: World) -> None:
    poll = await opened(world)
    async with world.listen("pollTurnout", "visitor", "id turnout state", space="Space:OPEN") as heard:
        for at, who in enumerate(("member", "participant"), 1):
            await vote(world, poll, who, "Ana")
            assert await anext(heard) == {"id": poll, "turnout": at, "state": "OPEN"}


async def test_steps_are_live(world: World) -> None:
    async with world.listen("pollChanged", "visitor", "state", space="Space:OPEN") as heard:
        poll = await opened(world)
        assert await anext(heard) == {"state": "OPEN"}
        await finish(world, poll)
        assert [(await anext(heard))["state"] for _ in range(3)][-1] == "PUBLISHED"


async def test_the_key_is_made_and_destroyed(world: World) -> None:
    poll = await opened(world)
    files = set(keys.folder(world.app).iterdir())
    await vote(world, poll, "member", "Ana")
    assert await step(world, "closePoll", poll, reason="Enough.") == "CLOSED"
    await work(world)
    [gone] = files - set(keys.folder(world.app).iterdir())
    assert gone.suffix == ".key"


async def test_without_its_key_a_poll_is_not_closed(world: World) -> None:
    before = set(keys.folder(world.app).glob("*")) if keys.folder(world.app).exists() else set()
    poll = await opened(world)
    [file] = set(keys.folder(world.app).iterdir()) - before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    await vote(world, poll, "member", "Ana")
    held = file.read_bytes()
    file.write_bytes(bytes(32))
    assert await step(world, "closePoll", poll, reason="Enough.") == "CONFLICT"
    file.unlink()
    assert await step(world, "closePoll", poll, reason="Enough.") == "CONFLICT"
    found = [one.message async for one in keys.check(world.app)]
    assert any(file.name in one and "missing" in one for one in found), found
    file.write_bytes(held)
    file.chmod(0o644)
    file.parent.chmod(0o755)
    found = [one.message async for one in keys.check(world.app)]
    assert any(one == f"Others can read {file}." for one in found), found
    assert any(one == f"Others can look into {file.parent}." for one in found), found
    assert await step(world, "closePoll", poll, reason="Enough.") == "CLOSED"
    found = [one.message async for one in keys.check(world.app)]
    assert any("is still there" in one and file.name in one for one in found), found


async def test_with_an_envelope_that_is_not_whole_a_poll_is_not_closed(world: World) -> None:
    poll = await opened(world)
    await vote(world, poll, "member", "Ana")
    ref = decode_id(poll)
    assert ref is not None
    async with world.app.write() as session:
        its = update(EnvelopeRow).where(col(EnvelopeRow.poll_id) == ref.key)
        await session.execute(its.values(sealed=bytes(200)))
    told = await world.change("closePoll", "steward", poll=poll, reason="Enough.")
    assert told["code"] == "CONFLICT"
    assert "restore the database" in told["message"]
    assert (await look(world, poll, "state"))["state"] == "OPEN"


async def test_who_is_on_the_roll_votes(world: World) -> None:
    poll = await prepare(world, secrecy="OPEN")
    entries = ["  Member@Example.org ", world.gid("Participant:ACTIVE")]
    assert await step(world, "importPollRoll", poll, entries=["nobody"]) == "INVALID_INPUT"
    assert await step(world, "importPollRoll", poll, entries=entries) == "DRAFT"
    assert await step(world, "openPoll", poll) == "OPEN"
    assert (await look(world, poll, "byRoll"))["byRoll"] is True
    asked = "query($id: ID!) { pollEligibility(poll: $id) { eligible reason } }"
    told = (await world.ask(asked, "participant", id=poll))["pollEligibility"]
    assert told["eligible"] is False
    assert "roll" in told["reason"]
    assert (await world.ask(asked, "author", id=poll))["pollEligibility"] == {"eligible": True, "reason": None}
    assert await vote(world, poll, "participant", blank=True) == "NOT_ALLOWED"
    assert await vote(world, poll, "author", "Ana") == "OPEN"
    assert await vote(world, poll, "author", "Bo") == "OPEN"
    assert (await look(world, poll, "turnout"))["turnout"] == 1
    given = {"voter": "member@example.org", "blank": True}  # on the roll, and without an account
    assert await step(world, "enterPaperBallot", poll, "steward", **given) == "OPEN"
    assert await step(world, "enterPaperBallot", poll, "administrator", **given) == "OPEN"
    assert (await look(world, poll, "turnout"))["turnout"] == 2
    await finish(world, poll)


async def test_belenios_takes_the_roll_and_brings_the_result(world: World) -> None:
    poll = await opened(world, secrecy="BELENIOS")
    assert await vote(world, poll, "member", "Ana") == "CONFLICT"
    assert await step(world, "closePoll", poll, reason="Enough.") == "CLOSED"
    assert await step(world, "countPoll", poll) == "CONFLICT"
    assert await step(world, "importPollResult", poll, votes=[1, 2]) == "INVALID_INPUT"
    assert await step(world, "importPollResult", poll, votes=[1, -5, 3]) == "INVALID_INPUT"
    assert await step(world, "importPollResult", poll, votes=[1, 5, 3], blank=-1) == "INVALID_INPUT"
    assert await step(world, "importPollResult", poll, votes=[1, 5, 3], blank=2) == "COUNTED"
    assert await step(world, "publishPoll", poll) == "PUBLISHED"
    seen = (await look(world, poll, "result { ballots winners }"))["result"]
    assert seen == {"ballots": 11, "winners": ["Bo"]}


async def test_another_polls_result_is_not_imported(world: World) -> None:
    assert await step(world, "importPollResult", world.gid("Poll:CLOSED"), votes=[1, 2]) == "CONFLICT"


async def test_a_poll_is_about_a_contribution(world: World) -> None:
    about = world.gid("Contribution:PUBLISHED")
    poll = await opened(world, options=[{"label": "Ana", "about": about}, {"label": "Bo"}])
    seen = await look(world, poll, "options { nodes { ref { id } } }")
    assert [one["ref"] for one in seen["options"]["nodes"]] == [{"id": about}, None]
    asked = "query($id: ID!) { contribution(id: $id) { polls { nodes { id } } } }"
    assert (await world.ask(asked, id=about))["contribution"]["polls"]["nodes"] == [{"id": poll}]
    other = world.gid("Contribution:REPLY")
    assert (await world.ask(asked, id=other))["contribution"]["polls"]["nodes"] == []
    told = await world.change(
        "createPoll", "steward", space=world.gid("Space:OPEN"), question="?", method="PLURALITY",
        closesAt="2026-04-01T00:00:00Z",
        options=[{"label": "A", "about": encode_id("Contribution", world.ids["Space"])}, {"label": "B"}],
    )  # fmt: skip
    assert told["code"] == "NOT_FOUND"
