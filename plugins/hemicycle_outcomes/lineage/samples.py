"""A proposal that was merged into another one, for tests."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Sample, Session
from hemicycle_outcomes.lineage import rules
from hemicycle_outcomes.lineage.models import LineageRow
from hemicycle_outcomes.proposals.samples import made


async def _replaced(session: Session, world: dict[str, UUID]) -> UUID:
    other = await made(session, world, "REPLACED")
    await rules.merge(session, SYSTEM, primary=world["Proposal:SUBMITTED"], proposals=[other.id])
    return other.id


async def _lineage(session: Session, world: dict[str, UUID]) -> UUID:
    its = col(LineageRow.replaced_id) == world["Proposal:REPLACED"]
    return (await session.execute(select(col(LineageRow.id)).where(its))).scalar_one()


SAMPLES = [
    Sample("Proposal:REPLACED", "A proposal that was merged into Proposal:SUBMITTED.", make=_replaced),
    Sample("ProposalLineage", "What stands for Proposal:REPLACED.", make=_lineage),
]
