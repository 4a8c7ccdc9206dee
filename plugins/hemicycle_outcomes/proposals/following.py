"""What becomes of a proposal's words when those whose very own they are take them back, or a moderator hides them."""

from sqlalchemy import select, update
from sqlmodel import col

from hemicycle.api import Application, ContributionRow, Handler, Occurrence, Session, search_index
from hemicycle_outcomes.proposals.models import ProposalRow, ProposalVersionRow
from hemicycle_outcomes.proposals.rules import TYPE


async def follow_words(app: Application, happened: Occurrence) -> None:
    """Withdrawn words go from every version that is made of them; hidden ones are found no more until restored."""
    async with app.write() as session:
        said = await session.get(ContributionRow, happened.subject_id)
        if said is None:
            return
        mine = col(ProposalVersionRow.verbatim_of_id) == said.id
        if said.state == "WITHDRAWN":
            await session.execute(update(ProposalVersionRow).where(mine).values(title=None, statement=None))
        standing = select(ProposalVersionRow).join(
            ProposalRow,
            (col(ProposalRow.id) == col(ProposalVersionRow.proposal_id))
            & (col(ProposalRow.version) == col(ProposalVersionRow.number)),
        )
        for version in (await session.execute(standing.where(mine))).scalars().all():
            await _index(session, version, shown=said.state == "PUBLISHED")


async def _index(session: Session, version: ProposalVersionRow, *, shown: bool) -> None:
    if shown:
        await search_index.put(session, TYPE, version.proposal_id, version.title or "", version.statement or "")
    else:
        await search_index.remove(session, TYPE, version.proposal_id)


HANDLERS = [
    Handler(f"outcomes.follow_{verb}", "Let the proposals made of it say no more than it does.",
            event=f"contribution.{verb}", run=follow_words)
    for verb in ("withdrawn", "hidden", "restored")
]  # fmt: skip
