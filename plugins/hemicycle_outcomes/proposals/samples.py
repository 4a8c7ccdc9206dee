"""Proposals made of what Participant:ACTIVE and a member said, and their co-authors, for tests."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from hemicycle.api import SYSTEM, Sample, Session
from hemicycle_outcomes.proposals import co_authors, rules
from hemicycle_outcomes.proposals.models import CoAuthorRow, ProposalRow, ProposalVersionRow, SourceRow

WORDS = {"title": "Sample proposal", "statement": "Sample words of a proposal."}


async def made(session: Session, world: dict[str, UUID], name: str) -> ProposalRow:
    """A proposal, made of what Participant:ACTIVE said."""
    return await rules.make(
        session, SYSTEM, space=world["Space:OPEN"], theme="sample", title=f"Sample proposal {name}",
        sources=[{"contribution": world["Contribution:PUBLISHED"], "role": "MERGED"}], statement=WORDS["statement"],
    )  # fmt: skip


async def _submitted(session: Session, world: dict[str, UUID]) -> UUID:
    return (await made(session, world, "SUBMITTED")).id


async def _waiting(session: Session, world: dict[str, UUID]) -> UUID:
    return (await made(session, world, "WAITING")).id


async def _verbatim(session: Session, world: dict[str, UUID]) -> UUID:
    sources = [{"contribution": world["Contribution:PUBLISHED"], "role": "VERBATIM"}]
    return (await rules.make(session, SYSTEM, space=world["Space:OPEN"], sources=sources)).id


async def _among_members(session: Session, world: dict[str, UUID]) -> UUID:
    sources = [{"contribution": world["Contribution:MEMBERS"], "role": "MERGED"}]
    row = await rules.make(session, SYSTEM, space=world["Space:MEMBERS"], sources=sources, **WORDS)
    return row.id


async def _version(session: Session, world: dict[str, UUID]) -> UUID:
    its = col(ProposalVersionRow.proposal_id) == world["Proposal:SUBMITTED"]
    return (await session.execute(select(col(ProposalVersionRow.id)).where(its))).scalar_one()


async def _source(session: Session, world: dict[str, UUID]) -> UUID:
    its = col(SourceRow.proposal_id) == world["Proposal:SUBMITTED"]
    return (await session.execute(select(col(SourceRow.id)).where(its))).scalar_one()


async def _invited(session: Session, world: dict[str, UUID], who: str = "Participant:member") -> UUID:
    proposal, person = world["Proposal:SUBMITTED"], world[who]
    await co_authors.invite(session, SYSTEM, proposal=proposal, participant=person)
    its = col(CoAuthorRow.proposal_id) == proposal, col(CoAuthorRow.participant_id) == person
    return (await session.execute(select(col(CoAuthorRow.id)).where(*its))).scalar_one()


async def _accepted(session: Session, world: dict[str, UUID]) -> UUID:
    key = await _invited(session, world, "Participant:moderator")
    await co_authors.accept(session, SYSTEM, co_author=key)
    return key


SAMPLES = [
    Sample("Proposal:SUBMITTED", "A proposal, of what Participant:ACTIVE said.", make=_submitted),
    Sample("Proposal:WAITING", "One whose disposition an analyst has proposed.", make=_waiting),
    Sample("Proposal:VERBATIM", "One in the very words of Participant:ACTIVE.", make=_verbatim),
    Sample("Proposal:MEMBERS", "One in the space kept for members.", make=_among_members),
    Sample("ProposalVersion", "The words of Proposal:SUBMITTED.", make=_version),
    Sample("ProposalSource", "The source of Proposal:SUBMITTED.", make=_source),
    Sample("CoAuthor:INVITED", "A member, asked to stand behind Proposal:SUBMITTED.", make=_invited),
    Sample("CoAuthor:ACCEPTED", "A moderator, who stands behind it.", make=_accepted),
]
