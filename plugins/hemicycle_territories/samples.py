"""A commune, the department that it lies in, a space that is about it, and people who live there, for tests."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Actor, Sample, Session
from hemicycle_territories import rules
from hemicycle_territories.loading import Said, load
from hemicycle_territories.models import TerritoryRow

SAID = [
    Said("COMMUNE", "COG", "99001", "Sample town", frozenset({"99001"})),
    Said("COMMUNE", "COG", "99002", "Sample village", frozenset({"99002"})),
    Said("DEPARTMENT", "COG", "99", "Sample department", frozenset({"99001", "99002"})),
    Said("LIVING_AREA", "LOCAL", "sample", "Sample area", frozenset({"99002", "98001"}), "INFERRED", "Samples."),
]


def _territory(kind: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        await load(session, SAID, vintage=2026)
        first = select(col(TerritoryRow.id)).where(col(TerritoryRow.kind) == kind).order_by(col(TerritoryRow.code))
        key: UUID = (await session.execute(first.limit(1))).scalar_one()
        if kind == "DEPARTMENT":
            await rules.set_space(session, SYSTEM, space=world["Space:OPEN"], territory=key)
        return key

    return Sample(f"Territory:{kind}", f"A {kind.lower()} of the samples.", make=make)


async def _declared(session: Session, world: dict[str, UUID]) -> UUID:
    return await rules.declare(session, Actor(world["Participant:member"]), territory=world["Territory:COMMUNE"])


async def _verified(session: Session, world: dict[str, UUID]) -> UUID:
    return await rules.verify(
        session, Actor(world["Participant:administrator"]), participant=world["Participant:ACTIVE"],
        territory=world["Territory:DEPARTMENT"],
    )  # fmt: skip


SAMPLES = [
    _territory("COMMUNE"),
    _territory("DEPARTMENT"),
    _territory("LIVING_AREA"),
    Sample("Residence:DECLARED", "Participant:member lives in Territory:COMMUNE, as they say.", make=_declared),
    Sample("Residence:VERIFIED", "Participant:ACTIVE lives in Territory:DEPARTMENT, as was checked.", make=_verified),
]
