"""A petition in each state, and signatures, for tests."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Actor, Sample, Session
from hemicycle_votes.petitions import rules
from hemicycle_votes.petitions.models import PetitionRow, SignatureRow


async def _draft(session: Session, world: dict[str, UUID], state: str, space: str = "Space:OPEN") -> PetitionRow:
    author = "Participant:member" if space == "Space:MEMBERS" else "Participant:ACTIVE"
    title, text = f"A sample bridge ({state})", "Where is the bridge?"
    row = await rules.create(session, Actor(world[author]), space=world[space], title=title, text=text)
    await session.flush()
    return row


async def _open(session: Session, world: dict[str, UUID], state: str, space: str = "Space:OPEN") -> PetitionRow:
    row = await _draft(session, world, state, space)
    closes = session.now + timedelta(days=30)
    needed = 1 if state in ("REACHED", "ANSWERED") else 100
    await rules.open_(session, SYSTEM, petition=row.id, needed=needed, closes_at=closes)
    await session.flush()
    return row


async def _in(session: Session, world: dict[str, UUID], state: str) -> PetitionRow:
    if state == "DRAFT":
        return await _draft(session, world, state)
    row = await _open(session, world, state)
    if state in ("OPEN", "REACHED", "ANSWERED"):
        await rules.sign(session, Actor(world["Participant:member"]), petition=row.id)
        await session.flush()
    if state == "ANSWERED":
        await rules.answer(session, SYSTEM, petition=row.id, text="It will be built.")
    if state == "WITHDRAWN":
        await rules.withdraw(session, Actor(world["Participant:ACTIVE"]), petition=row.id)
    if state == "LAPSED":
        row.state = "LAPSED"  # as the timer leaves it
    return row


def _sample(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        return (await _in(session, world, state)).id

    return Sample(f"Petition:{state}", f"A petition of Participant:ACTIVE, {state}.", make=make)


async def _members(session: Session, world: dict[str, UUID]) -> UUID:
    return (await _open(session, world, "MEMBERS", "Space:MEMBERS")).id


def _signature(state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        its = select(col(SignatureRow.id)).where(col(SignatureRow.petition_id) == world[f"Petition:{state}"])
        return (await session.execute(its)).scalar_one()

    return Sample(f"PetitionSignature:{state}", f"That Participant:member signed Petition:{state}.", make=make)


SAMPLES = [
    *map(_sample, ("DRAFT", "OPEN", "REACHED", "LAPSED", "ANSWERED", "WITHDRAWN")),
    Sample("Petition:MEMBERS", "A petition in Space:MEMBERS, of Participant:member, OPEN.", make=_members),
    _signature("OPEN"),
    _signature("REACHED"),
]
