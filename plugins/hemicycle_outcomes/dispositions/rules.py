"""Triage: an analyst says where a proposal goes, another person reviews it, someone decides; its authors may contest.

Nobody acts on a proposal of their own, nor reviews or decides what they proposed: the actions say so (`not_own`).
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import Actor, RefusalCode, Refused, Session, invalid
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.proposals.models import ProposalRow
from hemicycle_outcomes.proposals.rules import move
from hemicycle_outcomes.transmissions import rules as transmissions
from hemicycle_outcomes.words import name_of, reason_of


async def propose(session: Session, actor: Actor, *, proposal: UUID, **where: Any) -> DispositionRow:
    """Say where a proposal goes, and why. where: destination, motive, and what that destination asks for."""
    on = await session.authorize(actor, "outcomes.propose_disposition", ProposalRow, proposal)
    if await _pending(session, on.id):
        raise Refused(RefusalCode.ALREADY_DONE, "A disposition of this proposal is on its way: review that one.")
    row = DispositionRow(
        proposal_id=on.id, space_id=on.space_id, analyst_id=actor.id, proposed_at=session.now,
        **await destination_of(session, actor, on, **where),
    )  # fmt: skip
    session.add(row)
    session.record(actor, "outcomes.disposition_proposed", row)
    return row


async def review(session: Session, actor: Actor, *, disposition: UUID, review: str | None = None) -> DispositionRow:
    """PROPOSED → REVIEWED, by someone else than the analyst."""
    row = await session.authorize(actor, "outcomes.review_disposition", DispositionRow, disposition)
    row.state, row.reviewer_id, row.reviewed_at = "REVIEWED", actor.id, session.now
    row.review = reason_of("review", review) if review else None
    session.record(actor, "outcomes.disposition_reviewed", row)
    return row


async def send_back(session: Session, actor: Actor, *, disposition: UUID, reason: str) -> DispositionRow:
    """PROPOSED or REVIEWED → RETURNED: the analysts say it anew."""
    row = await session.authorize(actor, "outcomes.send_back_disposition", DispositionRow, disposition)
    row.state, row.review = "RETURNED", reason_of("reason", reason)
    session.record(actor, "outcomes.disposition_returned", row, reason=row.review, private=True)
    return row


async def decide(session: Session, actor: Actor, *, disposition: UUID) -> DispositionRow:
    """REVIEWED → DECIDED: from now on it is in force."""
    row = await session.authorize(actor, "outcomes.decide_disposition", DispositionRow, disposition)
    on = await session.get_one(ProposalRow, row.proposal_id, with_for_update=True)
    row.state, row.decided_by_id, row.decided_at, row.in_force = "DECIDED", actor.id, session.now, True
    move(session, actor, on, "TRIAGED")
    if row.recipient is not None:
        transmissions.write(session, actor, on, row.recipient)
    session.record(actor, "outcomes.disposition_decided", row, reason=row.motive)
    return row


async def contest(session: Session, actor: Actor, *, proposal: UUID, reason: str) -> DispositionRow:
    """DECIDED → CONTESTED, by those who wrote the proposal, within so many days; it stays in force."""
    on = await session.authorize(actor, "outcomes.contest_disposition", ProposalRow, proposal)
    row = await in_force(session, on.id)
    if row is None:
        raise Refused(RefusalCode.WRONG_STATE, "No disposition of this proposal is in force.")
    if row.state != "DECIDED" or row.previous_id is not None:
        raise Refused(RefusalCode.ALREADY_DONE, "It was contested before: what is answered then is final.")
    days = session.app.plugin_settings["outcomes"].contest_days
    assert row.decided_at is not None
    if session.now > row.decided_at + timedelta(days=days):
        raise Refused(RefusalCode.EXPIRED, f"A disposition is contested within {days} days of its decision.")
    row.state, row.contestation = "CONTESTED", reason_of("reason", reason)
    row.contested_by_id, row.contested_at = actor.id, session.now
    session.record(actor, "outcomes.disposition_contested", row, reason=row.contestation, private=True)
    return row


async def confirm(session: Session, actor: Actor, *, disposition: UUID, reason: str) -> DispositionRow:
    """CONTESTED → CONFIRMED: it stays, and the answer says why."""
    row = await _contested(session, actor, disposition)
    row.state, row.answer, row.answered_at = "CONFIRMED", reason_of("reason", reason), session.now
    session.record(actor, "outcomes.disposition_confirmed", row, reason=row.answer)
    return row


async def change(
    session: Session, actor: Actor, *, disposition: UUID, reason: str, **where: Any
) -> DispositionRow:  # fmt: skip
    """CONTESTED → CHANGED: another disposition takes its place, and is in force at once. Returns that one."""
    old = await _contested(session, actor, disposition)
    on = await session.get_one(ProposalRow, old.proposal_id, with_for_update=True)
    new = DispositionRow(
        proposal_id=on.id, space_id=on.space_id, state="DECIDED", in_force=True, previous_id=old.id,
        analyst_id=actor.id, decided_by_id=actor.id, proposed_at=session.now, decided_at=session.now,
        **await destination_of(session, actor, on, **where),
    )  # fmt: skip
    if (new.destination, new.unusable_because, new.recipient) == (
        old.destination, old.unusable_because, old.recipient,
    ):  # fmt: skip
        raise invalid("destination", "It goes there already: confirm it, or name another destination.")
    old.state, old.in_force, old.answered_at = "CHANGED", False, session.now
    old.answer = reason_of("reason", reason)
    await session.flush()  # the old one leaves before the new one enters: one in force at most
    await transmissions.drop_unsent(session, on.id)
    session.add(new)
    if new.recipient is not None:
        transmissions.write(session, actor, on, new.recipient)
    session.record(actor, "outcomes.disposition_changed", old, reason=old.answer)
    session.record(actor, "outcomes.disposition_decided", new, reason=new.motive)
    return new


async def in_force(session: Session, proposal: UUID) -> DispositionRow | None:
    """The disposition in force of a proposal."""
    mine = col(DispositionRow.proposal_id) == proposal, col(DispositionRow.in_force)
    row: DispositionRow | None = (await session.execute(select(DispositionRow).where(*mine))).scalar_one_or_none()
    return row


async def end(session: Session, proposal: UUID, reason: str) -> None:
    """None of its dispositions is in force any more, or on its way: others stand for the proposal."""
    for row in [await in_force(session, proposal), await _pending(session, proposal)]:
        if row is not None and row.in_force:
            row.in_force = False
        elif row is not None:
            row.state, row.review = "RETURNED", reason
    await transmissions.drop_unsent(session, proposal)


async def destination_of(
    session: Session, actor: Actor, proposal: ProposalRow, *, destination: str, motive: str,
    unusable_because: str | None = None, duplicate_of: UUID | None = None, recipient: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The columns of a destination, with what it asks for. Refused if something lacks or is too much."""
    if (destination == "UNUSABLE") != (unusable_because is not None):
        raise invalid("unusable_because", "A proposal that is UNUSABLE is so for one of the closed motives; no other.")
    if (unusable_because == "DUPLICATE") != (duplicate_of is not None):
        raise invalid("duplicate_of", "Of a DUPLICATE, say which proposal says the same; of nothing else.")
    if (destination == "OTHER_LEVEL") != (recipient is not None):
        raise invalid("recipient", "Say which OTHER_LEVEL it is for; other destinations have none.")
    if duplicate_of is not None:
        same = await session.get(ProposalRow, duplicate_of)
        if same is None or same.state == "REPLACED" or same.space_id != proposal.space_id or same.id == proposal.id:
            raise invalid("duplicate_of", "Name another proposal of the same space, one that was not replaced.")
    return {
        "destination": destination, "motive": reason_of("motive", motive), "unusable_because": unusable_because,
        "duplicate_of_id": duplicate_of, "recipient": name_of("recipient", recipient) if recipient else None,
    }  # fmt: skip


async def _contested(session: Session, actor: Actor, disposition: UUID) -> DispositionRow:
    row = await session.authorize(actor, "outcomes.answer_contestation", DispositionRow, disposition)
    if not row.in_force:
        raise Refused(RefusalCode.WRONG_STATE, "Its proposal was replaced: nothing is left to be answered.")
    return row


async def _pending(session: Session, proposal: UUID) -> DispositionRow | None:
    mine = col(DispositionRow.proposal_id) == proposal, col(DispositionRow.state).in_(["PROPOSED", "REVIEWED"])
    row: DispositionRow | None = (await session.execute(select(DispositionRow).where(*mine))).scalar_one_or_none()
    return row
