"""Ballots: one for each person, whatever the way, sealed at once; nobody reads them before the poll closes."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlmodel import col

from hemicycle.api import ANYONE, Actor, RefusalCode, Refused, Session, invalid
from hemicycle_votes.polls import ballots, eligibility, envelopes, keys, rules
from hemicycle_votes.polls.models import EnvelopeRow, PaperRow, PollRow, ProxyRow, VoterRow

TRACKER = 32  # characters
_RANK = {"PAPER": 0, "ONLINE": 1, "PROXY": 2}
"""A ballot takes the place of one of its own way, or of one that was cast less directly; paper is final."""


async def cast(session: Session, actor: Actor, *, poll: UUID, on_behalf_of: UUID | None = None, **said: Any) -> PollRow:
    """Put one's ballot into an envelope, or another one in its place where the poll allows it.

    said: `choices`, `ranking`, `grades` or `blank`. on_behalf_of: who entrusted the actor with their voice.
    """
    row = await session.authorize(actor, "votes.cast", PollRow, poll, lock="share")
    choice = await _ballot(session, row, said)
    if on_behalf_of is not None and on_behalf_of != actor.id:
        await _check_proxy(session, row, actor, on_behalf_of)
        await eligibility.voter_of(session, row, actor.id)
    person = on_behalf_of or actor.id
    voter = await eligibility.voter_of(session, row, person)
    channel = "ONLINE" if person == actor.id else "PROXY"
    return await put(session, row, voter, person, choice, channel)


async def enter_paper(session: Session, actor: Actor, *, poll: UUID, voter: str, **said: Any) -> PollRow | Refused:
    """Enter a paper ballot that bears its voter's name; it counts once another person has entered the same.

    Where the two differ neither is kept: else whoever has not seen the paper could try what the first one entered.
    """
    row = await session.authorize(actor, "votes.enter_paper", PollRow, poll, lock="share")
    if actor.id is None:
        raise Refused(RefusalCode.NOT_ALLOWED, "Paper ballots are entered by two people, each known by name.")
    choice = await _ballot(session, row, said)
    whose, person = await eligibility.voter_on_paper(session, row, voter)
    if await _voted(session, row, whose, person) is not None:
        raise Refused(RefusalCode.ALREADY_DONE, "This person has voted already: this paper is not counted.")
    plain = ballots.written(choice)
    sealed = envelopes.seal(_public_key(row), plain, await _length(session, row), about(row, whose))
    first = PaperRow(poll_id=row.id, voter=whose, participant_id=person, entered_by_id=actor.id, sealed=sealed)
    if await session.add_once(first):
        session.record(actor, "votes.paper_entered", row)
        return row
    its = select(PaperRow).where(col(PaperRow.poll_id) == row.id, col(PaperRow.voter) == whose).with_for_update()
    known = (await session.execute(its)).scalar_one()
    if known.entered_by_id == actor.id:
        raise Refused(RefusalCode.NOT_ALLOWED, "You entered it: another person confirms it.")
    if envelopes.unseal(await keys.read(session.app, row), known.sealed, about(row, whose)) != plain:
        await session.delete(known)
        session.record(actor, "votes.paper_discarded", row)
        return Refused(
            RefusalCode.CONFLICT, "The two entries differ, and neither is kept: look at the paper, and enter it anew."
        )
    await session.delete(known)
    await put(session, row, whose, person, choice, "PAPER")
    session.record(actor, "votes.paper_confirmed", row)
    return row


async def discard_paper(session: Session, actor: Actor, *, poll: UUID, voter: str) -> PollRow:
    """Take back what was entered first, where it was wrong: nothing was counted."""
    row = await session.authorize(actor, "votes.enter_paper", PollRow, poll, lock="share")
    whose, _ = await eligibility.voter_on_paper(session, row, voter)
    its = select(PaperRow).where(col(PaperRow.poll_id) == row.id, col(PaperRow.voter) == whose)
    known = (await session.execute(its)).scalar_one_or_none()
    if known is None:
        raise Refused(RefusalCode.NOT_FOUND, "Nothing waits to be confirmed under that name.")
    await session.delete(known)
    session.record(actor, "votes.paper_discarded", row)
    return row


async def give_proxy(session: Session, actor: Actor, *, poll: UUID, holder: UUID) -> PollRow:
    """Entrust someone with one's voice, as long as the poll allows them one more."""
    row = await session.authorize(actor, "votes.give_proxy", PollRow, poll, lock="share")
    if not row.proxies:
        raise Refused(RefusalCode.NOT_ALLOWED, "In this poll one votes oneself: it knows no proxies.")
    if holder == actor.id:
        raise invalid("holder", "Entrust someone else, or vote yourself.")
    # Whether the holder may vote is asked when they do: the answer is nobody else's.
    whose = await eligibility.voter_of(session, row, actor.id)
    if await _voted(session, row, whose, actor.id) is not None:
        raise Refused(RefusalCode.ALREADY_DONE, "You have voted already.")
    assert actor.id is not None
    for slot in range(1, row.proxies + 1):
        mine = ProxyRow(poll_id=row.id, space_id=row.space_id, giver_id=actor.id, holder_id=holder, slot=slot)
        if await session.add_once(mine):
            session.record(ANYONE, "votes.proxy_given", row)
            return row
    if await _proxy(session, row, actor.id) is not None:
        raise Refused(RefusalCode.ALREADY_DONE, "You have entrusted someone already: withdrawProxy first.")
    raise Refused(RefusalCode.CONFLICT, f"They hold {row.proxies} already, the most in this poll: ask someone else.")


async def withdraw_proxy(session: Session, actor: Actor, *, poll: UUID) -> PollRow:
    """Take one's voice back. What was cast with it stays, until one votes oneself."""
    row = await session.authorize(actor, "votes.give_proxy", PollRow, poll, lock="share")
    mine = await _proxy(session, row, actor.id)
    if mine is None:
        raise Refused(RefusalCode.NOT_FOUND, "You have entrusted nobody in this poll.")
    await session.delete(mine)
    session.record(ANYONE, "votes.proxy_withdrawn", row)
    return row


async def put(
    session: Session, row: PollRow, voter: str, person: UUID | None, choice: ballots.Choice, channel: str
) -> PollRow:
    """Write down that they voted, once, and seal what they cast."""
    tracker = session.app.clock.token()[:TRACKER]
    mine = VoterRow(
        poll_id=row.id, space_id=row.space_id, voter=voter, participant_id=person, channel=channel, tracker=tracker,
        at=datetime.combine(session.now.date(), time(), UTC),
    )  # fmt: skip
    key = mine.id
    if not await session.add_once(mine):
        known = await _voted(session, row, voter, person)
        if known is None or not row.replaceable or channel == "PAPER" or _RANK[channel] > _RANK[known.channel]:
            raise Refused(RefusalCode.ALREADY_DONE, "A ballot was cast for this person, and one is all they have.")
        key, voter = known.id, known.voter
        again = update(VoterRow).where(col(VoterRow.id) == key)
        await session.execute(again.values(tracker=tracker, at=mine.at, channel=channel))
    plain = tracker.encode() + ballots.written(choice)
    sealed = envelopes.seal(_public_key(row), plain, TRACKER + await _length(session, row), about(row, voter))
    new = session.insert_once(EnvelopeRow).values(voter_id=key, poll_id=row.id, sealed=sealed)
    await session.execute(new.on_conflict_do_update(index_elements=["voter_id"], set_={"sealed": sealed}))
    session.record(ANYONE, "votes.ballot_cast", row)  # that someone did; who is in no journal
    return row


async def _ballot(session: Session, row: PollRow, said: Mapping[str, Any]) -> ballots.Choice:
    if row.secrecy == "BELENIOS":
        raise Refused(
            RefusalCode.CONFLICT, "This poll is held with Belenios: vote there, with the link that you were sent."
        )
    if row.closes_at <= session.now:
        raise Refused(RefusalCode.EXPIRED, "This poll has closed: no ballot is taken any more.")
    places = {one.id: one.place for one in await rules.options_of(session, row.id)}
    return ballots.read(row, places, said)


async def _check_proxy(session: Session, row: PollRow, actor: Actor, giver: UUID) -> None:
    known = await _proxy(session, row, giver)
    if known is None or known.holder_id != actor.id:
        raise Refused(
            RefusalCode.NOT_ALLOWED, "This person has not entrusted you with their voice: they do so by giveProxy."
        )


async def _proxy(session: Session, row: PollRow, giver: UUID | None) -> ProxyRow | None:
    its = select(ProxyRow).where(col(ProxyRow.poll_id) == row.id, col(ProxyRow.giver_id) == giver)
    return (await session.execute(its)).scalar_one_or_none()


async def _voted(session: Session, row: PollRow, voter: str, person: UUID | None) -> VoterRow | None:
    """Their row among those who voted, under their name or, if they are known otherwise, their id."""
    same = col(VoterRow.voter) == voter
    either = same if person is None else or_(same, col(VoterRow.participant_id) == person)
    its = select(VoterRow).where(col(VoterRow.poll_id) == row.id, either)
    return (await session.execute(its)).scalars().first()


async def _length(session: Session, row: PollRow) -> int:
    return ballots.longest(row, len(await rules.options_of(session, row.id)))


def _public_key(row: PollRow) -> bytes:
    assert row.public_key is not None, "an open poll has a key"
    return row.public_key


def about(row: PollRow, voter: str) -> bytes:
    """What an envelope is bound to: it opens for no other poll, and under no other name."""
    return f"{row.id.hex}:{voter}".encode()
