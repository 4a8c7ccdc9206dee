"""One commitment in each state, with a step and what shows it, for tests."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Sample, Session
from hemicycle_outcomes.commitments import milestones, rules
from hemicycle_outcomes.commitments.models import CommitmentRow, EvidenceRow

STEPS = {
    "DECIDED": (),
    "STARTED": ("start",),
    "DELAYED": ("start", "delay"),
    "DELIVERED": ("start", "deliver"),
    "VERIFIED": ("start", "deliver", "verify"),
    "ABANDONED": ("abandon",),
}


async def decided(session: Session, world: dict[str, UUID], told: str) -> CommitmentRow:
    """A workstream for which Participant:member answers, due in thirty days, of Proposal:IN_PROGRESS."""
    today = session.now.date()
    return await rules.decide(
        session, SYSTEM, space=world["Space:OPEN"], kind="WORKSTREAM", title=f"Sample commitment {told}",
        owner=world["Participant:member"], due_on=today + timedelta(days=30), review_on=today + timedelta(days=10),
        proposals=[world["Proposal:IN_PROGRESS"]],
    )  # fmt: skip


async def step(session: Session, row: CommitmentRow, name: str) -> None:
    """Take a commitment one state further."""
    if name == "delay":
        due = row.due_on + timedelta(days=30)
        await rules.delay(session, SYSTEM, commitment=row.id, due_on=due, reason="A sample reason.")
    elif name == "abandon":
        await rules.abandon(session, SYSTEM, commitment=row.id, reason="A sample reason.")
    elif name == "verify":
        await milestones.add_evidence(
            session, SYSTEM, commitment=row.id, kind="LINK", title="Sample evidence", url="https://example.org/sample"
        )
        await rules.verify(session, SYSTEM, commitment=row.id)
    else:
        await (rules.start if name == "start" else rules.deliver)(session, SYSTEM, commitment=row.id)


def _sample(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        row = await decided(session, world, state)
        for name in STEPS[state]:
            await step(session, row, name)
        assert row.state == state
        return row.id

    return Sample(f"Commitment:{state}", f"A commitment, {state}, of Participant:member.", make=make)


async def _planned(session: Session, world: dict[str, UUID]) -> UUID:
    row = await milestones.add(session, SYSTEM, commitment=world["Commitment:STARTED"], title="Sample milestone")
    return row.id


async def _reached(session: Session, world: dict[str, UUID]) -> UUID:
    key = await _planned(session, world)
    await milestones.reach(session, SYSTEM, milestone=key)
    await milestones.add_evidence(
        session, SYSTEM, commitment=world["Commitment:STARTED"], milestone=key, kind="FIGURE",
        title="Sample figure", figure=12.5, unit="samples", source="A sample source",
    )  # fmt: skip
    return key


async def _evidence(session: Session, world: dict[str, UUID]) -> UUID:
    its = col(EvidenceRow.milestone_id) == world["Milestone:REACHED"]
    return (await session.execute(select(col(EvidenceRow.id)).where(its))).scalar_one()


SAMPLES = [
    *map(_sample, STEPS),
    Sample("Milestone:PLANNED", "A step of Commitment:STARTED.", make=_planned),
    Sample("Milestone:REACHED", "A step that was reached, with a figure that shows it.", make=_reached),
    Sample("Evidence", "A figure, of Milestone:REACHED.", make=_evidence),
]
