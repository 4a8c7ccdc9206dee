"""A small tree for tests: a root, a public space in each state, one kept for members, and someone in each role."""

from datetime import timedelta
from uuid import UUID

from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Sample
from hemicycle.participants.rules import new_participant
from hemicycle.spaces import roles, rules
from hemicycle.spaces.models import ActivationRow

ROLES = ("member", "moderator", "steward", "administrator")


async def _root(session: Session, world: dict[str, UUID]) -> UUID:
    row = await _space(session, None, "sample-root", "OPEN")
    session.add_all(ActivationRow(space_id=row, plugin=name) for name in session.app.plugins.optional)
    return row


async def _space(session: Session, parent: UUID | None, slug: str, state: str, access: str = "PUBLIC") -> UUID:
    end = session.now + timedelta(days=30)
    row = await rules.create(
        session,
        SYSTEM,
        parent=parent,
        slug=slug,
        title=slug.replace("-", " ").title(),
        access=access,
        ends_at=end,
        modalities="Sample rules.",
        information="Sample information.",
    )
    if state != "DRAFT":
        await rules.open_(session, SYSTEM, space=row.id)
    if state in ("CLOSED", "ARCHIVED"):
        await rules.close(session, SYSTEM, space=row.id)
    if state == "ARCHIVED":
        await rules.archive(session, SYSTEM, space=row.id)
    return row.id


def _below(name: str, state: str, access: str = "PUBLIC") -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        slug = "sample-" + name.partition(":")[2].lower()
        return await _space(session, world["Space"], slug, state, access)

    return Sample(name, f"A space, {state}, for {access}.", make=make)


def _person(role: str) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        person = new_participant(session, f"Sample {role}")
        await session.flush()
        await roles.grant(session, SYSTEM, space=world["Space"], participant=person.id, role=role)
        return person.id

    return Sample(f"Participant:{role}", f"Someone who is {role} of the root.", make=make)


async def _outsider(session: Session, world: dict[str, UUID]) -> UUID:
    person = new_participant(session, "Sample outsider")
    await session.flush()
    return person.id


SAMPLES = [
    Sample("Space", "The root, OPEN, with every plugin active.", make=_root),
    _below("Space:DRAFT", "DRAFT"),
    _below("Space:OPEN", "OPEN"),
    _below("Space:CLOSED", "CLOSED"),
    _below("Space:ARCHIVED", "ARCHIVED"),
    _below("Space:MEMBERS", "OPEN", "MEMBERS"),
    Sample("Participant:outsider", "Someone with no role.", make=_outsider),
    *(_person(role) for role in ROLES),
]
