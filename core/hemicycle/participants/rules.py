"""Who takes part, and what may be done about it."""

import unicodedata
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, true
from sqlmodel import col

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.db.dialect import VIEWER, table_of, table_under
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import RefusalCode, Refused, invalid
from hemicycle.kernel.graphql.sources import Row
from hemicycle.kernel.text import clean_name
from hemicycle.participants.models import ParticipantRow, StructureMemberRow, VerificationRow

Test = ColumnElement[bool]


def visible(row: Row) -> Test:
    """Those who take part or did; oneself in any state. Who was erased is nobody any more."""
    return or_(row.state.in_(["ACTIVE", "SUSPENDED"]), row.id == VIEWER)


def owned(row: Row) -> Test:
    """Oneself, or a structure that one speaks for."""
    return or_(row.id == VIEWER, speaks_for(row.id))


def speaks_for(structure: ColumnElement[UUID]) -> Test:
    """The viewer speaks for this structure."""
    it = table_of(StructureMemberRow).alias().c
    mine = select(1).where(it.structure_id == structure, it.participant_id == VIEWER)
    return mine.correlate(table_under(structure)).exists()


def anyone() -> Test:
    return true()


def taking_part() -> Test:
    """The viewer is an active participant."""
    it = table_of(ParticipantRow).alias().c
    return select(1).where(it.id == VIEWER, it.state == "ACTIVE").exists()


def verified() -> Test:
    """The viewer is one, and their identity was checked."""
    it = table_of(VerificationRow).alias().c
    return select(1).where(it.participant_id == VIEWER, it.attribute == "identity").exists() & taking_part()


def name_of(value: str, path: str = "display_name") -> str:
    """A display name as it is kept. Refused if it is not one."""
    try:
        return clean_name(value, longest=100)
    except ValueError as error:
        raise invalid(path, f"This name cannot be shown: {error}.") from None


def sort_key(name: str) -> str:
    """What a name is sorted by: without accents and case."""
    bare = "".join(one for one in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(one))
    return bare[:200]


def new_participant(session: Session, display_name: str, kind: str = "PERSON", state: str = "ACTIVE") -> ParticipantRow:
    """A new one, in this transaction."""
    name = name_of(display_name)
    row = ParticipantRow(kind=kind, display_name=name, sort_key=sort_key(name), state=state, created_at=session.now)
    session.add(row)
    return row


async def edit_profile(session: Session, actor: Actor, *, display_name: str) -> ParticipantRow:
    """Show another name."""
    row = await session.authorize(actor, "participant.edit_profile", ParticipantRow, actor.id)
    row.display_name = name_of(display_name)
    row.sort_key = sort_key(row.display_name)
    session.record(actor, "participant.changed", row)
    return row


async def suspend(session: Session, actor: Actor, *, participant: UUID, reason: str) -> ParticipantRow:
    """ACTIVE → SUSPENDED: their sessions end, their words stay."""
    row = await session.authorize(actor, "participant.suspend", ParticipantRow, participant)
    row.state = "SUSPENDED"
    session.record(actor, "participant.suspended", row, reason=reason_of(reason), private=True)
    return row


async def reinstate(session: Session, actor: Actor, *, participant: UUID, reason: str) -> ParticipantRow:
    """SUSPENDED → ACTIVE."""
    row = await session.authorize(actor, "participant.reinstate", ParticipantRow, participant)
    row.state = "ACTIVE"
    session.record(actor, "participant.reinstated", row, reason=reason_of(reason), private=True)
    return row


async def verify(session: Session, actor: Actor, *, participant: UUID, attribute: str = "identity") -> ParticipantRow:
    """Someone looked at a document, or knows them. A second time changes nothing."""
    row = await session.authorize(actor, "participant.verify", ParticipantRow, participant)
    if not attribute.isidentifier() or len(attribute) > 50:
        raise invalid("attribute", "An attribute is one word of letters, digits and underscores, as `identity`.")
    if await session.add_once(
        VerificationRow(participant_id=row.id, attribute=attribute, checked_by_id=actor.id, at=session.now)
    ):
        session.record(actor, "participant.verified", row)
    return row


async def create_structure(session: Session, actor: Actor, *, display_name: str) -> ParticipantRow:
    """A structure, for which its creator speaks."""
    await session.authorize_alone(actor, "participant.create_structure")
    row = new_participant(session, display_name, kind="STRUCTURE")
    await session.flush()
    if actor.id is not None:
        session.add(StructureMemberRow(structure_id=row.id, participant_id=actor.id))
    session.record(actor, "participant.joined", row)
    return row


async def add_member(session: Session, actor: Actor, *, structure: UUID, participant: UUID) -> ParticipantRow:
    """One more person speaks for the structure."""
    row = await _structure(session, actor, structure)
    person = await session.get(ParticipantRow, participant)
    if person is None or person.kind != "PERSON" or person.state != "ACTIVE":
        raise Refused(RefusalCode.NOT_FOUND, "There is no such person who takes part: a structure is not one.")
    await session.add_once(StructureMemberRow(structure_id=row.id, participant_id=person.id))
    session.record(actor, "participant.changed", row)
    return row


async def remove_member(session: Session, actor: Actor, *, structure: UUID, participant: UUID) -> ParticipantRow:
    """One person less speaks for it; the last one stays."""
    row = await _structure(session, actor, structure)
    mine = col(StructureMemberRow.structure_id) == row.id
    members = set((await session.execute(select(col(StructureMemberRow.participant_id)).where(mine))).scalars())
    if members == {participant}:
        raise Refused(
            RefusalCode.CONFLICT, "The last member stays, or nobody could speak for it: add another one first."
        )
    await session.execute(delete(StructureMemberRow).where(mine, col(StructureMemberRow.participant_id) == participant))
    session.record(actor, "participant.changed", row)
    return row


async def _structure(session: Session, actor: Actor, structure: UUID) -> ParticipantRow:
    row = await session.authorize(actor, "participant.change_members", ParticipantRow, structure)
    if row.kind != "STRUCTURE":
        raise Refused(RefusalCode.NOT_FOUND, "This is a person: only a structure has members.")
    return row


def reason_of(text: str) -> str:
    """A reason, that must say something. Refused otherwise."""
    if not text.strip():
        raise invalid("reason", "Say why: a decision without a reason cannot be understood.")
    return text.strip()
