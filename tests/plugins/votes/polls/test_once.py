"""One ballot for each person, whatever the way, however often and however quickly it is tried."""

import asyncio

import pytest
from sqlalchemy import select

from hemicycle.api import Refused, decode_id, table_of
from hemicycle.testing import World
from hemicycle_votes.polls import casting
from hemicycle_votes.polls.models import EnvelopeRow, PollRow, VoterRow
from tests.plugins.votes.conftest import Count
from tests.plugins.votes.polls.polling import finish, look, opened, options, people, step, vote


async def test_fifty_at_once_are_one(world: World, count: Count) -> None:
    poll = await opened(world, replaceable=False)
    ids = await options(world, poll)
    told = await asyncio.gather(
        *(vote(world, poll, "member", choices=[ids["Ana" if at % 2 else "Bo"]]) for at in range(50))
    )
    assert sorted(told) == ["ALREADY_DONE"] * 49 + ["OPEN"]
    assert (await look(world, poll, "turnout"))["turnout"] == 1


async def test_fifty_replacements_at_once_leave_one_envelope(world: World) -> None:
    poll = await opened(world, secrecy="OPEN")
    ids = await options(world, poll)
    told = await asyncio.gather(
        *(vote(world, poll, "member", choices=[ids["Ana" if at % 2 else "Bo"]]) for at in range(50))
    )
    assert set(told) == {"OPEN"}
    receipt = (await look(world, poll, "receipt", "member"))["receipt"]
    await finish(world, poll)
    seen = await look(world, poll, "turnout ballots { totalCount } trackers { nodes { tracker } }")
    assert seen == {"turnout": 1, "ballots": {"totalCount": 1}, "trackers": {"nodes": [{"tracker": receipt}]}}


async def test_the_last_ballot_counts(world: World) -> None:
    poll = await opened(world, secrecy="OPEN")
    assert await vote(world, poll, "member", "Ana") == "OPEN"
    first = (await look(world, poll, "receipt viewerHasVoted", "member"))["receipt"]
    assert await vote(world, poll, "member", "Bo") == "OPEN"
    seen = await look(world, poll, "receipt viewerHasVoted", "member")
    assert seen["viewerHasVoted"] is True
    assert seen["receipt"] != first
    await finish(world, poll)
    assert (await look(world, poll, "result { winners }"))["result"]["winners"] == ["Bo"]


async def test_a_retry_with_its_key_acts_once(world: World) -> None:
    poll = await opened(world, replaceable=False)
    ids = await options(world, poll)
    given = {"poll": poll, "choices": [ids["Ana"]]}
    for _ in range(2):
        told = await world.change_with_key("castBallot", "member", "k1", "receipt", **given)
        assert told["receipt"] == (await look(world, poll, "receipt", "member"))["receipt"]
    other = await world.change_with_key("castBallot", "member", "k1", poll=poll, choices=[ids["Bo"]])
    assert other["code"] == "IDEMPOTENCY_MISMATCH"


async def test_who_does_not_vote(world: World) -> None:
    poll = await opened(world)
    assert await vote(world, poll, "visitor", blank=True) == "SIGN_IN_FIRST"
    assert await vote(world, poll, "Participant:SUSPENDED", blank=True) == "NOT_ALLOWED"
    assert await vote(world, poll, "Participant:STRUCTURE_ACTIVE", blank=True) == "NOT_ALLOWED"
    assert await vote(world, poll, "system", blank=True) == "NOT_ALLOWED"
    assert (await look(world, poll, "turnout"))["turnout"] == 0


async def test_all_envelopes_of_a_poll_have_one_length(world: World) -> None:
    poll = await opened(world, method="SCORE", best=1000)
    ids = await options(world, poll)
    voters = await people(world, 4)
    ballots = [
        {"blank": True},
        {"grades": [{"option": ids["Ana"], "grade": 0}]},
        {"grades": [{"option": one, "grade": 1000} for one in ids.values()]},
        {"grades": [{"option": ids["Cy"], "grade": 7}]},
    ]
    for voter, said in zip(voters, ballots, strict=True):
        assert await vote(world, poll, voter, **said) == "OPEN"
    table, who = table_of(EnvelopeRow), table_of(VoterRow)
    mine = select(table.c.sealed).where(
        table.c.voter_id.in_(select(who.c.id).where(who.c.participant_id.in_([one.id for one in voters])))
    )
    async with world.app.db.read() as connection:
        lengths = [len(one) for one in (await connection.execute(mine)).scalars()]
    assert len(lengths) == 4
    assert len(set(lengths)) == 1


async def test_a_proxy_votes_for_someone_once(world: World) -> None:
    poll = await opened(world, proxies=1, secrecy="OPEN")
    giver, other = world.gid("Participant:member"), world.gid("Participant:outsider")
    assert await step(world, "castBallot", poll, "author", blank=True, onBehalfOf=giver) == "NOT_ALLOWED"
    assert await step(world, "giveProxy", poll, "member", holder=world.gid("Participant:member")) == "INVALID_INPUT"
    assert await step(world, "giveProxy", poll, "member", holder=world.gid("Participant:ACTIVE")) == "OPEN"
    assert await step(world, "giveProxy", poll, "member", holder=other) == "ALREADY_DONE"
    assert await step(world, "giveProxy", poll, "participant", holder=world.gid("Participant:ACTIVE")) == "CONFLICT"
    held = (await look(world, poll, "viewerProxies { nodes { giver { id } } }", "author"))["viewerProxies"]["nodes"]
    assert held == [{"giver": {"id": giver}}]
    assert (await look(world, poll, "viewerProxies { totalCount }", "steward"))["viewerProxies"]["totalCount"] == 0
    ids = await options(world, poll)
    assert await vote(world, poll, "moderator", choices=[ids["Cy"]], onBehalfOf=giver) == "NOT_ALLOWED"
    assert await vote(world, poll, "author", choices=[ids["Ana"]], onBehalfOf=giver) == "OPEN"
    assert await vote(world, poll, "author", choices=[ids["Ana"]]) == "OPEN"
    assert await vote(world, poll, "member", choices=[ids["Bo"]]) == "OPEN"  # one's own ballot takes the place
    assert await vote(world, poll, "author", choices=[ids["Cy"]], onBehalfOf=giver) == "ALREADY_DONE"
    await finish(world, poll)
    data = (await look(world, poll, "result { data }"))["result"]["data"]
    assert data["rounds"][0]["votes"] == {"Ana": 1, "Bo": 1, "Cy": 0}


async def test_a_proxy_is_taken_back(world: World) -> None:
    poll = await opened(world, proxies=1)
    assert await step(world, "withdrawProxy", poll, "member") == "NOT_FOUND"
    assert await step(world, "giveProxy", poll, "member", holder=world.gid("Participant:ACTIVE")) == "OPEN"
    assert await step(world, "withdrawProxy", poll, "member") == "OPEN"
    giver = world.gid("Participant:member")
    assert await vote(world, poll, "author", blank=True, onBehalfOf=giver) == "NOT_ALLOWED"


async def test_without_proxies_one_votes_oneself(world: World) -> None:
    poll = await opened(world)
    assert await step(world, "giveProxy", poll, "member", holder=world.gid("Participant:ACTIVE")) == "NOT_ALLOWED"


async def test_paper_is_entered_by_two(world: World, count: Count) -> None:
    poll = await opened(world, secrecy="OPEN")
    ids = await options(world, poll)
    voter = world.gid("Participant:member")
    given = {"voter": voter, "choices": [ids["Bo"]]}
    assert await step(world, "enterPaperBallot", poll, "member", **given) == "NOT_ALLOWED"
    assert await step(world, "enterPaperBallot", poll, "system", **given) == "NOT_ALLOWED"
    assert await step(world, "enterPaperBallot", poll, "steward", **given) == "OPEN"
    assert (await look(world, poll, "turnout"))["turnout"] == 0
    assert await step(world, "enterPaperBallot", poll, "steward", **given) == "NOT_ALLOWED"
    wrong = {"voter": voter, "choices": [ids["Cy"]]}
    assert await step(world, "enterPaperBallot", poll, "administrator", **wrong) == "CONFLICT"
    assert await step(world, "enterPaperBallot", poll, "administrator", **given) == "OPEN"  # neither was kept: no guess
    assert (await look(world, poll, "turnout"))["turnout"] == 0
    assert await step(world, "enterPaperBallot", poll, "administrator", **given) == "NOT_ALLOWED"
    assert await step(world, "enterPaperBallot", poll, "steward", **given) == "OPEN"
    assert (await look(world, poll, "turnout"))["turnout"] == 1
    assert await step(world, "enterPaperBallot", poll, "steward", **given) == "ALREADY_DONE"
    assert await vote(world, poll, "member", choices=[ids["Ana"]]) == "ALREADY_DONE"  # paper is final
    await finish(world, poll)
    assert (await look(world, poll, "result { winners }"))["result"]["winners"] == ["Bo"]


async def test_paper_of_whoever_voted_is_not_counted(world: World) -> None:
    poll = await opened(world)
    await vote(world, poll, "member", "Ana")
    given = {"voter": world.gid("Participant:member"), "blank": True}
    assert await step(world, "enterPaperBallot", poll, **given) == "ALREADY_DONE"
    for nobody in ("nobody", world.gid("Space:OPEN")):
        assert await step(world, "enterPaperBallot", poll, voter=nobody, blank=True) == "INVALID_INPUT"
    suspended = world.gid("Participant:SUSPENDED")
    assert await step(world, "enterPaperBallot", poll, voter=suspended, blank=True) == "NOT_ALLOWED"


async def test_whoever_votes_while_their_paper_is_confirmed_has_voted(world: World) -> None:
    """Also for one who is known by two names, as on a roll twice: one person has one ballot."""
    poll = await opened(world)
    ref = decode_id(poll)
    assert ref is not None
    member = world.ids["Participant:member"]
    assert await vote(world, poll, "member", "Ana") == "OPEN"
    async with world.app.write() as session:
        row = await session.get_one(PollRow, ref.key)
        with pytest.raises(Refused, match="one is all they have"):
            await casting.put(session, row, member.hex, member, [], "PAPER")
        await casting.put(session, row, "another name", member, [], "ONLINE")
    assert (await look(world, poll, "turnout"))["turnout"] == 1
    assert await step(world, "closePoll", poll, reason="Enough.") == "CLOSED"


async def test_a_wrong_entry_is_discarded(world: World) -> None:
    poll = await opened(world)
    voter = world.gid("Participant:member")
    assert await step(world, "discardPaperBallot", poll, voter=voter) == "NOT_FOUND"
    assert await step(world, "enterPaperBallot", poll, voter=voter, blank=True) == "OPEN"
    assert await step(world, "discardPaperBallot", poll, voter=voter) == "OPEN"
    assert await step(world, "enterPaperBallot", poll, "administrator", voter=voter, blank=True) == "OPEN"
    assert (await look(world, poll, "turnout"))["turnout"] == 0
