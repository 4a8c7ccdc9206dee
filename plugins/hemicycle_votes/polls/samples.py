"""A poll in each state, with what hangs on it, for tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Actor, Sample, Session, encode_id, new_participant, table_of
from hemicycle_votes.polls import casting, closing, rules
from hemicycle_votes.polls.models import BallotRow, OptionRow, PollRow, ProxyRow, TrackerRow, VoterRow

STATES = ("DRAFT", "OPEN", "CLOSED", "COUNTED", "PUBLISHED", "CANCELLED")
VOTERS = 6


async def prepared(session: Session, space: UUID, **said: Any) -> PollRow:
    """A poll with two options, DRAFT."""
    said = {
        "question": "A sample question?", "method": "PLURALITY", "closes_at": session.now + timedelta(days=30),
        "options": [{"label": "Yes"}, {"label": "No"}], **said,
    }  # fmt: skip
    return await rules.create(session, SYSTEM, space=space, **said)


async def _lived(session: Session, world: dict[str, UUID], state: str, space: str = "Space:OPEN") -> PollRow:
    secrecy = "OPEN" if state == "PUBLISHED" else "CONFIDENTIAL"
    row = await prepared(session, world[space], question=f"Sample {state.lower()}?", secrecy=secrecy, proxies=1)
    if state == "DRAFT":
        return row
    await rules.open_poll(session, SYSTEM, poll=row.id)
    if state == "CANCELLED":
        return await rules.cancel(session, SYSTEM, poll=row.id, reason="A sample reason.")
    await _vote(session, world, row)
    if state == "OPEN":
        return row
    await closing.close_poll(session, SYSTEM, poll=row.id, reason="A sample reason.")
    if state != "CLOSED":
        await closing.count_poll(session, SYSTEM, poll=row.id)
    if state == "PUBLISHED":
        await closing.publish(session, SYSTEM, poll=row.id)
    return row


async def _vote(session: Session, world: dict[str, UUID], row: PollRow) -> None:
    """Participant:ACTIVE and some others vote Yes; Participant:member entrusts Participant:ACTIVE."""
    yes = (await rules.options_of(session, row.id))[0].id
    people = [new_participant(session, f"Sample voter {number}").id for number in range(VOTERS)]
    await session.flush()
    for person in (world["Participant:ACTIVE"], *people):
        await casting.cast(session, Actor(person), poll=row.id, choices=[yes])
    if row.space_id == world["Space:OPEN"]:
        await casting.give_proxy(
            session, Actor(world["Participant:member"]), poll=row.id, holder=world["Participant:ACTIVE"]
        )
        paper = new_participant(session, "Sample voter on paper")
        await session.flush()
        clerk, voter = Actor(world["Participant:steward"]), encode_id("Participant", paper.id)
        await casting.enter_paper(session, clerk, poll=row.id, voter=voter, choices=[yes])
    await session.flush()


def _poll(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        if state == "MEMBERS":
            row = await _lived(session, world, "DRAFT", "Space:MEMBERS")
            await rules.import_roll(session, SYSTEM, poll=row.id, entries=["member@example.org", _of_member(world)])
            return row.id
        return (await _lived(session, world, state)).id

    return Sample(f"Poll:{state}", f"A poll, {state}.", make=make)


def _of_member(world: dict[str, UUID]) -> str:
    return encode_id("Participant", world["Participant:member"])


def _part(name: str, kind: type, state: str, **equal: str) -> Sample:
    """Something of a poll in that state. equal: columns, and the participants that they name."""

    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        it = table_of(kind).c
        tests = [it[column] == world[who] for column, who in equal.items()]
        its = select(it.id).where(it.poll_id == world[f"Poll:{state}"], *tests).order_by(it.id)
        found: UUID = (await session.execute(its)).scalars().first()  # type: ignore[assignment]
        return found

    return Sample(name, f"Of Poll:{state}.", make=make)


def _result(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        return world[f"Poll:{state}"]

    return Sample(f"PollResult:{state}", f"The result of Poll:{state}.", make=make)


async def _of_draft(session: Session, world: dict[str, UUID]) -> UUID:
    its = select(col(OptionRow.id)).where(col(OptionRow.poll_id) == world["Poll:DRAFT"], col(OptionRow.place) == 0)
    return (await session.execute(its)).scalar_one()


SAMPLES = [
    *(_poll(state) for state in (*STATES, "MEMBERS")),
    _part("PollOption", OptionRow, "OPEN"),
    Sample("PollOption:DRAFT", "Of Poll:DRAFT.", make=_of_draft),
    _result("COUNTED"),
    _result("PUBLISHED"),
    _part("PollBallot", BallotRow, "PUBLISHED"),
    _part("PollTracker", TrackerRow, "PUBLISHED"),
    _part("PollTurnout", VoterRow, "OPEN", participant_id="Participant:ACTIVE"),
    _part("PollProxy", ProxyRow, "OPEN"),
]
