"""One disposition in each state, and proposals in the states that follow, for tests."""

from uuid import UUID

from hemicycle.api import SYSTEM, Actor, Sample, Session
from hemicycle_outcomes.dispositions import rules
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.proposals import rules as proposals
from hemicycle_outcomes.proposals.models import ProposalRow
from hemicycle_outcomes.proposals.samples import made

WHERE = {"destination": "CHARTER", "motive": "A sample motive."}


async def _proposed(session: Session, world: dict[str, UUID], state: str) -> DispositionRow:
    proposal = await made(session, world, f"with a disposition {state}")
    row = await rules.propose(session, SYSTEM, proposal=proposal.id, **WHERE)
    await session.flush()
    return row


async def decided(session: Session, world: dict[str, UUID], state: str) -> DispositionRow:
    """A disposition that is in force."""
    row = await _proposed(session, world, state)
    await rules.review(session, SYSTEM, disposition=row.id)
    await rules.decide(session, SYSTEM, disposition=row.id)
    await session.flush()
    return row


def _sample(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        if state in ("PROPOSED", "REVIEWED", "RETURNED"):
            row = await _proposed(session, world, state)
            if state == "REVIEWED":
                await rules.review(session, SYSTEM, disposition=row.id)
            elif state == "RETURNED":
                await rules.send_back(session, SYSTEM, disposition=row.id, reason="A sample reason.")
            return row.id
        row = await decided(session, world, state)
        if state != "DECIDED":
            author = Actor(world["Participant:ACTIVE"])
            await rules.contest(session, author, proposal=row.proposal_id, reason="A sample reason.")
        if state == "CONFIRMED":
            await rules.confirm(session, SYSTEM, disposition=row.id, answer="A sample answer.")
        elif state == "CHANGED":
            where = {"destination": "WORKSTREAM", "motive": "Another sample motive."}
            await rules.change(session, SYSTEM, disposition=row.id, answer="A sample answer.", **where)
        return row.id

    return Sample(f"Disposition:{state}", f"A disposition, {state}, by the system.", make=make)


def _proposal(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        key = (await decided(session, world, f"of a proposal {state}")).proposal_id
        if state != "TRIAGED":
            await proposals.answer(session, SYSTEM, proposal=key, answer="A sample answer.")
        if state in ("IN_PROGRESS", "DONE"):
            await proposals.start(session, SYSTEM, proposal=key)
        if state == "DONE":
            await proposals.complete(session, SYSTEM, proposal=key)
        elif state == "NOT_RETAINED":
            await proposals.give_up(session, SYSTEM, proposal=key, reason="A sample reason.")
        row = await session.get_one(ProposalRow, key)
        assert row.state == state
        return key

    return Sample(f"Proposal:{state}", f"A proposal, {state}.", make=make)


SAMPLES = [
    *map(_sample, ("PROPOSED", "REVIEWED", "RETURNED", "DECIDED", "CONTESTED", "CONFIRMED", "CHANGED")),
    *map(_proposal, ("TRIAGED", "RESPONDED", "IN_PROGRESS", "DONE", "NOT_RETAINED")),
]
