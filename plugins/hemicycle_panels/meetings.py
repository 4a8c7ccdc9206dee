"""The days on which a panel meets: announced with an agenda, told afterwards in minutes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from hemicycle.api import Actor, Session, invalid
from hemicycle_panels.models import MemberRow, PanelRow, SessionRow
from hemicycle_panels.rules import reason_of, said


async def plan(session: Session, actor: Actor, *, panel: UUID, at: datetime, place: str, agenda: str) -> SessionRow:
    """Announce a session."""
    row = await session.authorize(actor, "panels.plan_session", PanelRow, panel, lock="share")
    if at <= session.now:
        raise invalid("at", "A session is announced before it takes place: take a later moment.")
    known = SessionRow(
        panel_id=row.id, space_id=row.space_id, at=at, place=said("place", place), agenda=said("agenda", agenda)
    )
    session.add(known)
    await session.flush()
    session.record(actor, "panels.session_planned", row)
    return known


async def cancel(session: Session, actor: Actor, *, panel_session: UUID, reason: str) -> SessionRow:
    """PLANNED → CANCELLED, for a reason."""
    row = await session.authorize(actor, "panels.cancel_session", SessionRow, panel_session)
    row.state = "CANCELLED"
    panel = await session.get_one(PanelRow, row.panel_id)
    session.record(actor, "panels.session_cancelled", panel, reason=reason_of(reason))
    return row


async def publish_minutes(
    session: Session, actor: Actor, *, panel_session: UUID, minutes: str, present: int
) -> SessionRow:
    """PLANNED → HELD: what was said, and how many members were there. Names stay out of it."""
    row = await session.authorize(actor, "panels.publish_minutes", SessionRow, panel_session)
    if row.at > session.now:
        raise invalid("panel_session", "This session has not taken place yet: its minutes come afterwards.")
    members = await active_members(session, row.panel_id)
    if not 0 <= present <= members:
        raise invalid("present", f"This panel has {members} members: {present} cannot have been there.")
    row.state, row.minutes, row.present = "HELD", said("minutes", minutes), present
    session.record(actor, "panels.minutes_published", await session.get_one(PanelRow, row.panel_id))
    return row


async def active_members(session: Session, panel: UUID) -> int:
    """How many sit in a panel."""
    its = select(func.count()).where(col(MemberRow.panel_id) == panel, col(MemberRow.state) == "ACTIVE")
    found: int = (await session.execute(its)).scalar_one()
    return found
