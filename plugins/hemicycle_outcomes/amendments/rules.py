"""Who may propose other words for a proposal, and who decides on them: never whose words or whose proposal it is."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select

from hemicycle.api import Actor, RefusalCode, Refused, Session, check_space_state, table_of
from hemicycle_outcomes.amendments.models import AmendmentRow
from hemicycle_outcomes.proposals.models import ProposalRow
from hemicycle_outcomes.proposals.rules import add_version, check_version
from hemicycle_outcomes.proposals.sight import current, owned
from hemicycle_outcomes.words import name_of, reason_of, text_of


async def propose(
    session: Session, actor: Actor, *, proposal: UUID, version: int, statement: str, reason: str,
    title: str | None = None,
) -> AmendmentRow:  # fmt: skip
    """Propose other words for a version of a proposal, and say why."""
    on = await session.authorize(actor, "outcomes.propose_amendment", ProposalRow, proposal, lock="share")
    await check_space_state(session, on.space_id, "OPEN", "CLOSED", told="one proposes other words")
    check_version(on, version)
    row = AmendmentRow(
        proposal_id=on.id, space_id=on.space_id, version=version, author_id=actor.id, at=session.now,
        title=name_of("title", title) if title else None, statement=text_of("statement", statement),
        reason=reason_of("reason", reason),
    )  # fmt: skip
    session.add(row)
    session.record(actor, "outcomes.amendment_proposed", row)
    return row


async def withdraw(session: Session, actor: Actor, *, amendment: UUID) -> AmendmentRow:
    """PROPOSED → WITHDRAWN: the words go."""
    row = await session.authorize(actor, "outcomes.withdraw_amendment", AmendmentRow, amendment)
    row.state, row.title, row.statement, row.reason = "WITHDRAWN", None, None, None
    session.record(actor, "outcomes.amendment_withdrawn", row)
    return row


async def accept(session: Session, actor: Actor, *, amendment: UUID, decision: str) -> AmendmentRow:
    """PROPOSED → ACCEPTED: its words become a version of the proposal."""
    row = await _decide(session, actor, amendment, "ACCEPTED", decision)
    on = await session.authorize(actor, "outcomes.take_up_amendment", ProposalRow, row.proposal_id)
    check_version(on, row.version)
    title = row.title or (await session.execute(_title(on.id))).scalar_one() or ""
    if row.statement is None:
        raise Refused(RefusalCode.WRONG_STATE, "The words of this amendment were taken back.")
    on.version += 1
    await add_version(session, actor, on, (name_of("title", title), row.statement), amendment=row.id)
    session.record(actor, "outcomes.proposal_revised", on)
    return row


async def reject(session: Session, actor: Actor, *, amendment: UUID, decision: str) -> AmendmentRow:
    """PROPOSED → REJECTED."""
    return await _decide(session, actor, amendment, "REJECTED", decision)


async def _decide(session: Session, actor: Actor, amendment: UUID, state: str, decision: str) -> AmendmentRow:
    row = await session.authorize(actor, "outcomes.decide_amendment", AmendmentRow, amendment)
    proposals = table_of(ProposalRow)
    theirs = select(literal(1)).where(proposals.c.id == row.proposal_id, owned(proposals.c))
    if not actor.system and (await session.execute(theirs, {"viewer": actor.id})).first():
        raise Refused(RefusalCode.NOT_ALLOWED, "Nobody decides on an amendment to a proposal of their own.")
    row.state, row.decision = state, reason_of("decision", decision)
    row.decided_by_id, row.decided_at = actor.id, session.now
    session.record(actor, f"outcomes.amendment_{state.lower()}", row, reason=row.decision)
    return row


def _title(proposal: UUID) -> Select[Any]:
    proposals = table_of(ProposalRow)
    return select(current("title")(proposals.c)).where(proposals.c.id == proposal)
