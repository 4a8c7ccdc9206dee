"""How a commitment is decided, begun, delayed, delivered, verified or given up; its proposals follow."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import col

from hemicycle.api import Actor, ParticipantRow, RefusalCode, Refused, Session, SpaceRow, invalid
from hemicycle_outcomes.commitments.models import OPEN, CommitmentRow, EvidenceRow, FollowUpRow
from hemicycle_outcomes.dispositions.rules import in_force
from hemicycle_outcomes.proposals.models import ProposalRow
from hemicycle_outcomes.proposals.rules import move as move_proposal
from hemicycle_outcomes.words import name_of, reason_of, text_of

DESTINATION = {"MEASURE": "IMMEDIATE_MEASURE", "WORKSTREAM": "WORKSTREAM"}
"""Where the proposals of each kind go."""


async def decide(
    session: Session, actor: Actor, *, space: UUID, kind: str, title: str, owner: UUID, due_on: date,
    proposals: Sequence[UUID], summary: str | None = None, review_on: date | None = None,
) -> CommitmentRow:  # fmt: skip
    """Decide to do something about these proposals. owner: who answers for it."""
    place = await session.authorize(actor, "outcomes.decide_commitment", SpaceRow, space, lock="share")
    if not proposals:
        raise invalid("proposals", "Name the proposals that it follows from: at least one.")
    answerable = await session.get(ParticipantRow, owner)
    if answerable is None or answerable.state != "ACTIVE":
        raise invalid("owner", "Name a person or a structure that takes part: they answer for it.")
    row = CommitmentRow(
        space_id=place.id, kind=kind, title=name_of("title", title), owner_id=owner, decided_by_id=actor.id,
        due_on=_still_to_come(session, "due_on", due_on), decided_at=session.now,
        summary=text_of("summary", summary) if summary else None,
        review_on=_still_to_come(session, "review_on", review_on) if review_on else None,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    for key in sorted(set(proposals)):  # in one order, so that two who decide wait for each other
        await _follow_up(session, actor, row, key)
    session.record(actor, "outcomes.commitment_decided", row, reason=row.title)
    return row


async def link(session: Session, actor: Actor, *, commitment: UUID, proposal: UUID) -> CommitmentRow:
    """One more proposal that a commitment follows from: once."""
    row = await session.authorize(actor, "outcomes.link_commitment", CommitmentRow, commitment)
    if not await _follow_up(session, actor, row, proposal):
        raise Refused(RefusalCode.ALREADY_DONE, "This commitment follows from that proposal already.")
    session.record(actor, "outcomes.commitment_linked", row, reason=row.title)
    return row


async def start(session: Session, actor: Actor, *, commitment: UUID) -> CommitmentRow:
    """DECIDED or DELAYED → STARTED; proposals that are answered are IN_PROGRESS from now on."""
    row = await session.authorize(actor, "outcomes.start_commitment", CommitmentRow, commitment)
    row.state, row.started_at = "STARTED", row.started_at or session.now
    session.record(actor, "outcomes.commitment_started", row, reason=row.title)
    for proposal in await _proposals(session, row, "RESPONDED"):
        move_proposal(session, actor, proposal, "IN_PROGRESS")
    return row


async def deliver(session: Session, actor: Actor, *, commitment: UUID) -> CommitmentRow:
    """STARTED or DELAYED → DELIVERED: whoever answers for it says that it is done."""
    row = await session.authorize(actor, "outcomes.deliver_commitment", CommitmentRow, commitment)
    row.state, row.delivered_at, row.delivered_by_id = "DELIVERED", session.now, actor.id
    session.record(actor, "outcomes.commitment_delivered", row, reason=row.title)
    return row


async def verify(session: Session, actor: Actor, *, commitment: UUID) -> CommitmentRow:
    """DELIVERED → VERIFIED, by someone else, on evidence; proposals of which nothing is left open are DONE."""
    row = await session.authorize(actor, "outcomes.verify_commitment", CommitmentRow, commitment)
    if actor.id is not None and actor.id == row.delivered_by_id:
        raise Refused(RefusalCode.CONFLICT, "You said that it was delivered: somebody else verifies it.")
    shown = select(exists().where(col(EvidenceRow.commitment_id) == row.id))
    if not (await session.execute(shown)).scalar_one():
        raise Refused(RefusalCode.CONFLICT, "Nothing shows yet that it was delivered: add evidence first.")
    row.state, row.verified_at, row.verified_by_id = "VERIFIED", session.now, actor.id
    session.record(actor, "outcomes.commitment_verified", row, reason=row.title)
    await session.flush()
    for proposal in await _proposals(session, row, "IN_PROGRESS"):
        if not await _left_open(session, proposal.id):
            move_proposal(session, actor, proposal, "DONE")
    return row


async def delay(
    session: Session, actor: Actor, *, commitment: UUID, due_on: date, reason: str, review_on: date | None = None
) -> CommitmentRow:
    """DECIDED, STARTED or DELAYED → DELAYED, until another day and for a reason. review_on: if that day moves too."""
    row = await session.authorize(actor, "outcomes.delay_commitment", CommitmentRow, commitment)
    if due_on <= row.due_on:
        raise invalid("due_on", f"It was due on {row.due_on}: a delay names a later day.")
    row.due_on, row.overdue_told = _still_to_come(session, "due_on", due_on), False
    if review_on is not None:
        row.review_on, row.review_told = _still_to_come(session, "review_on", review_on), False
    row.state, row.reason = "DELAYED", reason_of("reason", reason)
    session.record(actor, "outcomes.commitment_delayed", row, reason=row.reason)
    return row


async def abandon(session: Session, actor: Actor, *, commitment: UUID, reason: str) -> CommitmentRow:
    """DECIDED, STARTED or DELAYED → ABANDONED, for a reason. Its proposals stay where they are, for people to answer.
    """  # fmt: skip
    row = await session.authorize(actor, "outcomes.abandon_commitment", CommitmentRow, commitment)
    row.state, row.reason = "ABANDONED", reason_of("reason", reason)
    session.record(actor, "outcomes.commitment_abandoned", row, reason=row.reason)
    return row


async def review(
    session: Session, actor: Actor, *, commitment: UUID, finding: str, review_on: date | None = None
) -> CommitmentRow:
    """Say how it goes, and when to look again, if ever."""
    row = await session.authorize(actor, "outcomes.review_commitment", CommitmentRow, commitment)
    row.review_on = _still_to_come(session, "review_on", review_on) if review_on else None
    row.review_told = False
    session.record(actor, "outcomes.commitment_reviewed", row, reason=reason_of("finding", finding))
    return row


async def take_over(session: Session, old: ProposalRow, new: ProposalRow) -> None:
    """What follows from a proposal follows from the one that stands for it, too."""
    mine = select(col(FollowUpRow.commitment_id)).where(col(FollowUpRow.proposal_id) == old.id)
    for key in (await session.execute(mine)).scalars().all():
        await session.add_once(FollowUpRow(commitment_id=key, proposal_id=new.id))


async def _follow_up(session: Session, actor: Actor, row: CommitmentRow, proposal: UUID) -> bool:
    """Let a commitment follow from a proposal that goes where such commitments come from. Whether that is new."""
    on = await session.authorize(actor, "outcomes.follow_up_proposal", ProposalRow, proposal)
    known = await in_force(session, on.id)
    if known is None or known.destination != DESTINATION[row.kind]:
        where = known.destination if known else "nowhere yet"
        raise invalid("proposals", f"A {row.kind} follows from what goes to {DESTINATION[row.kind]}, not {where}.")
    new = await session.add_once(FollowUpRow(commitment_id=row.id, proposal_id=on.id))
    if new and row.state == "STARTED" and on.state == "RESPONDED":
        move_proposal(session, actor, on, "IN_PROGRESS")
    return new


async def _proposals(session: Session, row: CommitmentRow, state: str) -> Sequence[ProposalRow]:
    """The proposals in this state that a commitment follows from: locked, always in one order."""
    theirs = select(col(FollowUpRow.proposal_id)).where(col(FollowUpRow.commitment_id) == row.id)
    found = select(ProposalRow).where(col(ProposalRow.id).in_(theirs), col(ProposalRow.state) == state)
    rows: Sequence[ProposalRow] = (
        (await session.execute(found.order_by(col(ProposalRow.id)).with_for_update())).scalars().all()
    )
    return rows


async def _left_open(session: Session, proposal: UUID) -> bool:
    """Whether something that follows from a proposal is neither verified nor given up."""
    theirs = select(col(FollowUpRow.commitment_id)).where(col(FollowUpRow.proposal_id) == proposal)
    unfinished = col(CommitmentRow.state).in_([*OPEN, "DELIVERED"])
    found = select(col(CommitmentRow.id)).where(col(CommitmentRow.id).in_(theirs), unfinished).limit(1)
    return (await session.execute(found)).first() is not None


def _still_to_come(session: Session, path: str, day: date) -> date:
    if day <= session.now.date():
        raise invalid(path, f"{day} is past, or today: name a day to come.")
    return day
