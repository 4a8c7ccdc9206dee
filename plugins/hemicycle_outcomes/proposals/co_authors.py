"""Co-authors: asked by those whose proposal it is, and named once they agree."""

from uuid import UUID

from hemicycle.api import Actor, ParticipantRow, RefusalCode, Refused, Session, check_space_state
from hemicycle_outcomes.proposals.models import CoAuthorRow, ProposalRow


async def invite(session: Session, actor: Actor, *, proposal: UUID, participant: UUID) -> ProposalRow:
    """Ask a person to stand behind a proposal too: once."""
    row = await session.authorize(actor, "outcomes.invite_co_author", ProposalRow, proposal, lock="share")
    await check_space_state(session, row.space_id, "OPEN", "CLOSED", told="co-authors are asked")
    person = await session.get(ParticipantRow, participant)
    if person is None or person.kind != "PERSON" or person.state != "ACTIVE":
        raise Refused(RefusalCode.NOT_FOUND, "There is no such person who takes part.")
    asked = CoAuthorRow(proposal_id=row.id, space_id=row.space_id, participant_id=person.id)
    if not await session.add_once(asked):
        raise Refused(RefusalCode.ALREADY_DONE, "They were asked before.")
    session.record(actor, "outcomes.co_author_invited", asked)
    return row


async def accept(session: Session, actor: Actor, *, co_author: UUID) -> CoAuthorRow:
    """INVITED → ACCEPTED."""
    row = await session.authorize(actor, "outcomes.accept_co_authorship", CoAuthorRow, co_author)
    row.state = "ACCEPTED"
    session.record(actor, "outcomes.co_author_accepted", row)
    return row


async def leave(session: Session, actor: Actor, *, co_author: UUID) -> CoAuthorRow:
    """Decline, or stand behind it no longer."""
    row = await session.authorize(actor, "outcomes.leave_co_authorship", CoAuthorRow, co_author)
    await session.delete(row)
    return row
