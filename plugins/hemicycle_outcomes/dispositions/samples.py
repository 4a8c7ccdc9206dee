"""One disposition in each state, and the proposals that have them, in the states that follow, for tests."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Actor, Sample, Session
from hemicycle_outcomes.dispositions import rules
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.proposals import rules as proposals
from hemicycle_outcomes.proposals.samples import made

WHERE = {"destination": "CHARTER", "motive": "A sample motive."}
OTHER = {"destination": "WORKSTREAM", "motive": "Another sample motive."}


async def propose(session: Session, proposal: UUID) -> DispositionRow:
    """A disposition that an analyst proposes."""
    row = await rules.propose(session, SYSTEM, proposal=proposal, **WHERE)
    await session.flush()
    return row


async def decide(session: Session, proposal: UUID) -> DispositionRow:
    """A disposition that is in force."""
    row = await propose(session, proposal)
    await rules.review(session, SYSTEM, disposition=row.id)
    await rules.decide(session, SYSTEM, disposition=row.id)
    return row


async def _returned(session: Session, world: dict[str, UUID]) -> UUID:
    row = await propose(session, world["Proposal:WAITING"])
    await rules.send_back(session, SYSTEM, disposition=row.id, reason="A sample reason.")
    return row.id


async def _proposed(session: Session, world: dict[str, UUID]) -> UUID:
    return (await propose(session, world["Proposal:WAITING"])).id


async def _reviewed(session: Session, world: dict[str, UUID]) -> UUID:
    row = await propose(session, world["Proposal:VERBATIM"])
    await rules.review(session, SYSTEM, disposition=row.id)
    return row.id


def _proposal(name: str) -> Sample:
    """One whose disposition is DECIDED, CONTESTED, CONFIRMED (it is RESPONDED) or CHANGED (it is IN_PROGRESS)."""

    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        key = (await made(session, world, name)).id
        row = await decide(session, key)
        if name in ("CONTESTED", "RESPONDED", "IN_PROGRESS"):
            await rules.contest(session, Actor(world["Participant:ACTIVE"]), proposal=key, reason="A sample reason.")
        if name == "RESPONDED":
            await rules.confirm(session, SYSTEM, disposition=row.id, reason="A sample answer.")
        elif name == "IN_PROGRESS":
            await rules.change(session, SYSTEM, disposition=row.id, reason="A sample answer.", **OTHER)
        if name not in ("TRIAGED", "CONTESTED"):
            await proposals.answer(session, SYSTEM, proposal=key, text="A sample answer.")
        if name in ("IN_PROGRESS", "DONE"):
            await proposals.start(session, SYSTEM, proposal=key)
        if name == "DONE":
            await proposals.complete(session, SYSTEM, proposal=key)
        elif name == "NOT_RETAINED":
            await proposals.give_up(session, SYSTEM, proposal=key, reason="A sample reason.")
        return key

    return Sample(f"Proposal:{name}", f"A proposal, {name}.", make=make)


def _of(state: str, proposal: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        its = col(DispositionRow.proposal_id) == world[proposal], col(DispositionRow.state) == state
        return (await session.execute(select(col(DispositionRow.id)).where(*its))).scalar_one()

    return Sample(f"Disposition:{state}", f"A disposition, {state}: that of {proposal}.", make=make)


SAMPLES = [
    Sample("Disposition:RETURNED", "One that was sent back, of Proposal:WAITING.", make=_returned),
    Sample("Disposition:PROPOSED", "One that an analyst proposes, of Proposal:WAITING.", make=_proposed),
    Sample("Disposition:REVIEWED", "One that was reviewed, of Proposal:VERBATIM.", make=_reviewed),
    *map(_proposal, ("TRIAGED", "CONTESTED", "RESPONDED", "IN_PROGRESS", "DONE", "NOT_RETAINED")),
    _of("DECIDED", "Proposal:TRIAGED"),
    _of("CONTESTED", "Proposal:CONTESTED"),
    _of("CONFIRMED", "Proposal:RESPONDED"),
    _of("CHANGED", "Proposal:IN_PROGRESS"),
]
