"""How a proposal is handed on to another level of government, and what is noted of what comes back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from hemicycle.api import SYSTEM, Actor, Application, RefusalCode, Refused, Session, invalid
from hemicycle_outcomes.proposals.models import ProposalRow
from hemicycle_outcomes.transmissions.models import TransmissionRow
from hemicycle_outcomes.words import name_of, text_of

AT_ONCE = 100  # transmissions that one transaction of the timer marks


async def prepare(session: Session, actor: Actor, *, proposal: UUID, recipient: str) -> TransmissionRow:
    """One more level that a proposal is to be handed on to."""
    row = await session.authorize(actor, "outcomes.prepare_transmission", ProposalRow, proposal, lock="share")
    return write(session, actor, row, recipient)


def write(session: Session, actor: Actor, proposal: ProposalRow, recipient: str) -> TransmissionRow:
    """A transmission that waits to be sent."""
    row = TransmissionRow(
        proposal_id=proposal.id, space_id=proposal.space_id, recipient=name_of("recipient", recipient), at=session.now
    )
    session.add(row)
    session.record(actor, "outcomes.transmission_prepared", row)
    return row


async def send(
    session: Session, actor: Actor, *, transmission: UUID, channel: str, sent_at: datetime | None = None
) -> TransmissionRow:
    """TO_SEND → SENT. sent_at: when it left, if that was before now."""
    row = await session.authorize(actor, "outcomes.send_transmission", TransmissionRow, transmission)
    if sent_at is not None and not row.at <= sent_at <= session.now:
        raise invalid("sent_at", "It was sent after it was decided, and not in the future.")
    row.state, row.channel, row.sent_by_id, row.sent_at = "SENT", channel, actor.id, sent_at or session.now
    row.silent_at = months_after(row.sent_at, session.app.plugin_settings["outcomes"].silence_months)
    session.record(actor, "outcomes.transmission_sent", row, reason=row.recipient)
    return row


async def acknowledge(session: Session, actor: Actor, *, transmission: UUID) -> TransmissionRow:
    """SENT → ACKNOWLEDGED."""
    row = await session.authorize(actor, "outcomes.acknowledge_transmission", TransmissionRow, transmission)
    row.state, row.acknowledged_at = "ACKNOWLEDGED", session.now
    session.record(actor, "outcomes.transmission_acknowledged", row, reason=row.recipient)
    return row


async def note_answer(session: Session, actor: Actor, *, transmission: UUID, text: str) -> TransmissionRow:
    """SENT, ACKNOWLEDGED or, late, SILENT → ANSWERED."""
    row = await session.authorize(actor, "outcomes.note_transmission_answer", TransmissionRow, transmission)
    row.state, row.answer, row.answered_at = "ANSWERED", text_of("text", text), session.now
    session.record(actor, "outcomes.transmission_answered", row, reason=row.recipient)
    return row


async def mark_silent(app: Application, _: str) -> None:
    """The timer: SENT or ACKNOWLEDGED → SILENT, once no answer came for so many months."""
    while True:
        async with app.write() as session:
            due = select(TransmissionRow).where(
                col(TransmissionRow.state).in_(["SENT", "ACKNOWLEDGED"]),
                col(TransmissionRow.silent_at) <= session.now,
            ).limit(AT_ONCE).with_for_update()  # fmt: skip
            rows = (await session.execute(due)).scalars().all()
            for row in rows:
                row.state = "SILENT"
                session.record(SYSTEM, "outcomes.transmission_silent", row, reason=row.recipient)
        if len(rows) < AT_ONCE:
            return


async def drop_unsent(session: Session, proposal: UUID) -> None:
    """What was to be sent of a proposal is sent no more: it goes elsewhere now, or another one stands for it."""
    mine = col(TransmissionRow.proposal_id) == proposal
    await session.execute(delete(TransmissionRow).where(mine, col(TransmissionRow.state) == "TO_SEND"))


async def check_none_sent(session: Session, proposal: UUID) -> None:
    """Refused if another level has the proposal already."""
    mine = col(TransmissionRow.proposal_id) == proposal, col(TransmissionRow.state) != "TO_SEND"
    if (await session.execute(select(col(TransmissionRow.id)).where(*mine).limit(1))).first():
        raise Refused(RefusalCode.CONFLICT, "Another level has this proposal: it stays as it was sent.")


def months_after(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months later; the last of the month where that has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 0, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")
