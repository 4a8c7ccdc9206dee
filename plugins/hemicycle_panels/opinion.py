"""What a panel says in the end: adopted with a vote, with those who differ, delivered to whoever asked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import Actor, RefusalCode, Refused, Session, invalid
from hemicycle_panels.meetings import active_members
from hemicycle_panels.models import DissentRow, OpinionRow, PanelRow
from hemicycle_panels.rules import said


async def adopt(
    session: Session, actor: Actor, *, panel: UUID, title: str, text: str, votes_for: int, votes_against: int,
    abstentions: int, dissents: Sequence[dict[str, Any]] = (),
) -> OpinionRow:  # fmt: skip
    """CONVENED → OPINION_ADOPTED. dissents: {text, members}, of those who do not share it. A vote that is lost adopts
    nothing."""
    row = await session.authorize(actor, "panels.adopt_opinion", PanelRow, panel)
    members = await active_members(session, row.id)
    if min(votes_for, votes_against, abstentions) < 0 or votes_for + votes_against + abstentions > members:
        raise invalid("votes_for", f"Votes are counted from 0, and are {members} at most: so many members there are.")
    if votes_for <= votes_against:
        raise invalid(
            "votes_for", "An opinion that has no majority is not adopted: let the panel change it and vote again."
        )
    others = members - votes_for
    if sum(one["members"] for one in dissents) > others:
        raise invalid("dissents", f"{others} members did not vote for it: more cannot dissent.")
    its = OpinionRow(
        id=row.id, space_id=row.space_id, title=said("title", title), text=said("text", text), members=members,
        votes_for=votes_for, votes_against=votes_against, abstentions=abstentions, adopted_at=session.now,
    )  # fmt: skip
    session.add(its)
    for at, one in enumerate(dissents):
        if one["members"] < 1:
            raise invalid(f"dissents.{at}.members", "A dissent is that of one member or more.")
        session.add(DissentRow(panel_id=row.id, text=said("text", one["text"]), members=one["members"]))
    row.state = "OPINION_ADOPTED"
    session.record(actor, "panels.opinion_adopted", row, reason=f"{votes_for}–{votes_against}–{abstentions}")
    return its


async def deliver(session: Session, actor: Actor, *, panel: UUID, to: str) -> OpinionRow:
    """OPINION_ADOPTED → DELIVERED: it was handed over. to: to whom."""
    row = await session.authorize(actor, "panels.deliver_opinion", PanelRow, panel)
    its = (await session.execute(select(OpinionRow).where(col(OpinionRow.id) == row.id))).scalar_one_or_none()
    if its is None:
        raise Refused(RefusalCode.NOT_FOUND, "This panel has no opinion yet: adopt one first.")
    its.delivered_at, its.delivered_to, row.state = session.now, said("to", to), "DELIVERED"
    session.record(actor, "panels.opinion_delivered", row, reason=its.delivered_to)
    return its
