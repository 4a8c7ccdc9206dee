"""One participant of each kind and state, for tests."""

from uuid import UUID

from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Sample
from hemicycle.participants import rules
from hemicycle.participants.rules import new_participant


def _sample(kind: str, state: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        row = new_participant(session, f"Sample {kind.lower()} {state.lower()}", kind, state)
        await session.flush()
        return row.id

    return Sample(
        f"Participant:{kind}_{state}" if kind != "PERSON" else f"Participant:{state}", f"A {kind}, {state}.", make=make
    )


async def _spokesperson(session: Session, world: dict[str, UUID]) -> UUID:
    row = new_participant(session, "Sample spokesperson")
    await session.flush()
    await rules.verify(session, SYSTEM, participant=row.id)
    await rules.add_member(session, SYSTEM, structure=world["Participant:STRUCTURE_ACTIVE"], participant=row.id)
    return row.id


SAMPLES = [
    _sample("PERSON", "ACTIVE"),
    _sample("PERSON", "SUSPENDED"),
    _sample("PERSON", "ERASED"),
    _sample("STRUCTURE", "ACTIVE"),
    Sample("Participant:SPOKESPERSON", "Someone verified, who speaks for STRUCTURE_ACTIVE.", make=_spokesperson),
]
