"""Who sits in a panel: those who were drawn or designated answer, come, and may leave."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from hemicycle.api import ANYONE, Actor, ParticipantRow, RefusalCode, Refused, Session
from hemicycle_panels.candidacy import KINDS
from hemicycle_panels.models import CollegeRow, MemberRow, PanelRow
from hemicycle_panels.rules import reason_of

SITTING = ("DRAWN", "ACCEPTED", "ACTIVE")


async def accept(session: Session, actor: Actor, *, member: UUID, show_name: bool = False) -> MemberRow:
    """DRAWN → ACCEPTED, or ACTIVE where the panel has been convened. Whether one is named is one's own choice."""
    row = await session.authorize(actor, "panels.accept", MemberRow, member)
    panel = await session.get_one(PanelRow, row.panel_id, with_for_update={"read": True})
    if panel.state not in ("POOL_CLOSED", "DRAWN", "CONVENED", "CALL_OPEN"):
        raise Refused(RefusalCode.WRONG_STATE, f"This panel is {panel.state}: nobody joins it any more.")
    row.state = "ACTIVE" if panel.state == "CONVENED" else "ACCEPTED"
    row.shown_id = row.participant_id if show_name else None
    session.record(ANYONE, "panels.accepted", panel)
    return row


async def decline(session: Session, actor: Actor, *, member: UUID) -> MemberRow:
    """DRAWN → DECLINED: nobody has to say why."""
    row = await session.authorize(actor, "panels.decline", MemberRow, member)
    row.state = "DECLINED"
    session.record(ANYONE, "panels.declined", await session.get_one(PanelRow, row.panel_id))
    return row


async def resign(session: Session, actor: Actor, *, member: UUID) -> MemberRow:
    """ACCEPTED or ACTIVE → RESIGNED."""
    row = await session.authorize(actor, "panels.resign", MemberRow, member)
    row.state, row.shown_id = "RESIGNED", None
    session.record(ANYONE, "panels.resigned", await session.get_one(PanelRow, row.panel_id))
    return row


async def release(session: Session, actor: Actor, *, member: UUID, reason: str) -> MemberRow:
    """An organiser frees the seat of someone who does not answer, or cannot come any more; for a reason."""
    row = await session.authorize(actor, "panels.release", MemberRow, member)
    row.state, row.shown_id = "DECLINED" if row.state == "DRAWN" else "RESIGNED", None
    panel = await session.get_one(PanelRow, row.panel_id)
    session.record(actor, "panels.released", panel, reason=reason_of(reason), private=True)
    return row


async def designate(session: Session, actor: Actor, *, panel: UUID, college: str, participant: UUID) -> MemberRow:
    """Name someone for a seat that is not drawn, as who sent them decided; they answer as those who are drawn do."""
    row = await session.authorize(actor, "panels.designate", PanelRow, panel)
    its = select(CollegeRow).where(col(CollegeRow.panel_id) == row.id, col(CollegeRow.kind) == college)
    known = (await session.execute(its)).scalar_one_or_none()
    if known is None or known.method != "DESIGNATION":
        raise Refused(RefusalCode.NOT_ALLOWED, f"The seats of {college} are not given by designation in this panel.")
    person = await session.get(ParticipantRow, participant)
    if person is None or person.state != "ACTIVE" or person.kind != KINDS[college]:
        raise Refused(RefusalCode.NOT_FOUND, f"There is no such {KINDS[college].lower()} who takes part.")
    taken = select(func.count()).where(col(MemberRow.college_id) == known.id, col(MemberRow.state).in_(SITTING))
    if (await session.execute(taken)).scalar_one() >= known.seats:
        raise Refused(RefusalCode.CONFLICT, f"All {known.seats} seats of {college} are taken: release one first.")
    new = MemberRow(panel_id=row.id, space_id=row.space_id, college_id=known.id, participant_id=person.id)
    if not await session.add_once(new):
        raise Refused(RefusalCode.ALREADY_DONE, "They have, or had, a seat in this panel already.")
    session.record(ANYONE, "panels.designated", row)
    return await session.get_one(MemberRow, new.id)
