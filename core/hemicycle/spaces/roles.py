"""Membership and roles: who is given what, by whom, and who takes it back."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import col

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.db.dialect import VIEWER
from hemicycle.kernel.db.session import Session
from hemicycle.kernel.declarations import Role
from hemicycle.kernel.errors import RefusalCode, Refused, invalid
from hemicycle.kernel.graphql.sources import Row
from hemicycle.participants.models import ParticipantRow
from hemicycle.spaces.models import RoleRow, SpaceRow
from hemicycle.spaces.tree import holds

MEMBER = "member"


def visible(row: Row) -> Any:
    """One's own roles, and those of a space to its stewards."""
    return (row.participant_id == VIEWER) | holds(frozenset({"steward", "administrator"}), row.space_id)


async def join(session: Session, actor: Actor, *, space: UUID) -> SpaceRow:
    """Become a member. A second time changes nothing."""
    row = await session.authorize(actor, "space.join", SpaceRow, space, lock="share")
    if row.access == "MEMBERS":
        raise Refused(RefusalCode.NOT_ALLOWED, "Members of this space are invited: ask its steward.")
    assert actor.id is not None
    await _give(session, actor, row, actor.id, MEMBER)
    return row


async def leave(session: Session, actor: Actor, *, space: UUID) -> SpaceRow:
    """Give up one's membership of this very space."""
    row = await session.authorize(actor, "space.leave", SpaceRow, space, lock="share")
    assert actor.id is not None
    await _take(session, actor, row, actor.id, MEMBER)
    return row


async def grant(session: Session, actor: Actor, *, space: UUID, participant: UUID, role: str) -> SpaceRow:
    """Give someone a role here and below. A second time changes nothing."""
    row = await session.authorize(actor, "space.grant_role", SpaceRow, space, lock="share")
    await _may_give(session, actor, row, role)
    person = await session.get(ParticipantRow, participant)
    if person is None or person.state not in ("ACTIVE", "PENDING"):
        raise Refused(RefusalCode.NOT_FOUND, "There is no such participant who takes part.")
    await _give(session, actor, row, participant, role)
    return row


async def revoke(session: Session, actor: Actor, *, space: UUID, participant: UUID, role: str) -> SpaceRow:
    """Take a role back. The last administrator stays."""
    row = await session.authorize(actor, "space.grant_role", SpaceRow, space)
    await _may_give(session, actor, row, role)
    if role == "administrator" and row.parent_id is None:
        others = select(col(RoleRow.id)).join(ParticipantRow, col(ParticipantRow.id) == col(RoleRow.participant_id))
        others = others.where(
            col(RoleRow.space_id) == row.id, col(RoleRow.role) == role, col(RoleRow.participant_id) != participant,
            col(ParticipantRow.state) == "ACTIVE",
        )  # fmt: skip
        if (await session.execute(others.limit(1))).first() is None:
            raise Refused(RefusalCode.CONFLICT, "The last administrator stays: give someone else the role first.")
    await _take(session, actor, row, participant, role)
    return row


async def confirm_members(session: Session, actor: Actor, space: SpaceRow) -> None:
    """Whoever had joined while it was public stays a member now that it closes: the steward answers for them."""
    joined = (col(RoleRow.space_id) == space.id, col(RoleRow.granted_by_id) == col(RoleRow.participant_id))
    await session.execute(update(RoleRow).where(*joined).values(granted_by_id=actor.id))


async def _may_give(session: Session, actor: Actor, space: SpaceRow, role: str) -> None:
    known: Role | None = session.app.declared[Role].get(role)
    if known is None or known.implied is not None:
        raise invalid("role", f"The role {role} cannot be given: whoever it is true of has it.")
    if actor.system:
        return
    holding = session.app.access.holding(known.granted_by, bindparam("space", space.id))
    if not (await session.execute(select(holding), {"viewer": actor.id})).scalar_one():
        givers = ", ".join(known.granted_by) or "nobody"
        raise Refused(RefusalCode.NOT_ALLOWED, f"The role {role} is given and taken back by: {givers}.")


async def _give(session: Session, actor: Actor, space: SpaceRow, participant: UUID, role: str) -> None:
    row = RoleRow(participant_id=participant, space_id=space.id, role=role, granted_by_id=actor.id, at=session.now)
    if await session.add_once(row):
        person = await session.get_one(ParticipantRow, participant)
        session.record(actor, "role.granted", person, space=space.id)


async def _take(session: Session, actor: Actor, space: SpaceRow, participant: UUID, role: str) -> None:
    mine = (col(RoleRow.participant_id) == participant, col(RoleRow.space_id) == space.id, col(RoleRow.role) == role)
    if (await session.execute(delete(RoleRow).where(*mine).returning(col(RoleRow.id)))).first() is None:
        raise Refused(RefusalCode.NOT_FOUND, f"They do not have the role {role} in this very space.")
    person = await session.get_one(ParticipantRow, participant)
    session.record(actor, "role.revoked", person, space=space.id)
