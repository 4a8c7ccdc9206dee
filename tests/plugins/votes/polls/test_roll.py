"""The roll of a poll: whose line is whose, and what is left of it."""

from uuid import UUID

from sqlalchemy import select

from hemicycle.api import address_of, decode_id, encode_id, table_of
from hemicycle.kernel.privacy.erase import erase
from hemicycle.participants.identity.models import IdentityRow
from hemicycle.testing import World
from hemicycle_votes.polls.models import RollRow, VoterRow
from tests.plugins.votes.conftest import Count
from tests.plugins.votes.polls.polling import look, opened, prepare, step, vote
from tests.plugins.votes.polls.test_silence import know_what_is_personal


async def with_address(world: World) -> str:
    """The address of `author`."""
    async with world.app.write() as session:
        asked = select(address_of(table_of(VoterRow).c.participant_id)).where(
            table_of(VoterRow).c.participant_id == world.ids["Participant:ACTIVE"]
        )
        return str((await session.execute(asked)).scalars().first())


async def test_whoever_has_an_account_takes_their_line_away_with_them(world: World, count: Count) -> None:
    poll, mine = await prepare(world), await with_address(world)
    assert await step(world, "importPollRoll", poll, entries=[f" {mine.upper()}", "nobody@example.org"]) == "DRAFT"
    assert await count(RollRow, entry=mine, participant_id=world.ids["Participant:ACTIVE"]) == 1
    await know_what_is_personal(world)
    async with world.app.write() as session:
        await erase(session, world.ids["Participant:ACTIVE"], content=False)
    assert await count(RollRow, entry=mine) == 0
    assert await count(RollRow, entry="nobody@example.org") == 1


async def test_a_line_stays_whose_it_is(world: World) -> None:
    """Also where their address has become another one's, who could else replace the ballot."""
    poll, mine = await prepare(world), await with_address(world)
    await step(world, "importPollRoll", poll, entries=[mine])
    async with world.app.write() as session:
        line = (await session.execute(select(RollRow).where(table_of(RollRow).c.entry == mine))).scalar_one()
        line.participant_id = world.ids["Participant:member"]
    assert await step(world, "openPoll", poll) == "OPEN"
    assert await vote(world, poll, "author", "Bo") == "NOT_ALLOWED"
    assert await vote(world, poll, "member", "Ana") == "OPEN"


async def test_whoever_voted_on_paper_before_they_had_an_account_has_voted(world: World) -> None:
    poll, entry = await prepare(world, proxies=1), "later@example.org"
    assert await step(world, "importPollRoll", poll, entries=[entry]) == "DRAFT"
    assert await step(world, "openPoll", poll) == "OPEN"
    assert await vote(world, poll, "participant", blank=True) == "NOT_ALLOWED"
    for clerk in ("steward", "administrator"):
        assert await step(world, "enterPaperBallot", poll, clerk, voter=entry, blank=True) == "OPEN"
    async with world.app.write() as session:
        whose = world.ids["Participant:outsider"]
        session.add(IdentityRow(participant_id=whose, email=entry, locale="fr", created_at=session.now))
    assert await vote(world, poll, "participant", blank=True) == "ALREADY_DONE"
    assert await step(world, "giveProxy", poll, "participant", holder=world.gid("Participant:member")) == "ALREADY_DONE"
    assert await step(world, "enterPaperBallot", poll, voter=entry, blank=True) == "ALREADY_DONE"


async def test_a_line_is_an_address_or_a_person(world: World) -> None:
    poll = await prepare(world)
    nobody = encode_id("Participant", UUID(int=7))
    for entry in ("nobody", " ", "@" * 255, world.gid("Space:OPEN"), nobody):
        told = await world.change("importPollRoll", "steward", poll=poll, entries=["a@example.org", entry])
        assert told["problems"][0]["path"] == "input.entries.1", entry
    assert (await look(world, poll, "byRoll", "steward"))["byRoll"] is False
    assert await step(world, "importPollRoll", poll, entries=["a@example.org"]) == "DRAFT"
    assert await step(world, "openPoll", poll) == "OPEN"
    assert await step(world, "enterPaperBallot", poll, voter="b@example.org", blank=True) == "INVALID_INPUT"


async def test_the_roll_goes_when_the_poll_closes(world: World, count: Count) -> None:
    poll = await prepare(world)
    ref = decode_id(poll)
    assert ref is not None
    await step(world, "importPollRoll", poll, entries=["nobody@example.org", world.gid("Participant:member")])
    await step(world, "openPoll", poll)
    await vote(world, poll, "member", "Ana")
    assert await count(RollRow, poll_id=ref.key) == 2
    assert await step(world, "closePoll", poll, reason="Enough.") == "CLOSED"
    assert await count(RollRow, poll_id=ref.key) == 0


async def test_who_is_erased_after_closing_leaves_a_number(world: World) -> None:
    poll = await opened(world)
    ref = decode_id(poll)
    assert ref is not None
    await vote(world, poll, "member", "Ana")
    await step(world, "closePoll", poll, reason="Enough.")
    await know_what_is_personal(world)
    async with world.app.write() as session:
        await erase(session, world.ids["Participant:member"], content=True)
        its = select(table_of(VoterRow)).where(table_of(VoterRow).c.poll_id == ref.key)
        [row] = (await session.execute(its)).mappings()
    assert str(world.ids["Participant:member"]) not in str(dict(row))
    assert world.ids["Participant:member"].hex not in str(dict(row))
    assert (await look(world, poll, "turnout"))["turnout"] == 1
