"""Who sees a commitment, who answers for it, and what it follows from: SQL over its rows."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, union_all

from hemicycle.api import VIEWER, Row, readable, speaks_for, table_of, table_under
from hemicycle_outcomes.commitments.models import OPEN, CommitmentRow, EvidenceRow, FollowUpRow, MilestoneRow
from hemicycle_outcomes.proposals.models import SourceRow

Test = ColumnElement[bool]
commitments, follow_ups, sources = map(table_of, (CommitmentRow, FollowUpRow, SourceRow))
milestones, evidence = map(table_of, (MilestoneRow, EvidenceRow))


def visible(row: Row) -> Test:
    """Whoever reads the space."""
    return readable(row.space_id)


def owned(row: Row) -> Test:
    """One answers for it, or speaks for the structure that does."""
    return or_(row.owner_id == VIEWER, speaks_for(row.owner_id))


def step_owned(row: Row) -> Test:
    """The same of a step: it belongs to whoever answers for the whole."""
    it = commitments.alias().c
    whole = select(1).where(it.id == row.commitment_id, owned(it))
    return whole.correlate(row.commitment_id.table).exists()


def follows_from(row: Row, proposal: ColumnElement[Any]) -> Test:
    """A commitment follows from this proposal."""
    it = follow_ups.alias().c
    test: Test = row.id.in_(select(it.commitment_id).where(it.proposal_id == proposal).correlate(table_under(proposal)))
    return test


def followed_by(row: Row, commitment: ColumnElement[Any]) -> Test:
    """This commitment follows from a proposal."""
    it = follow_ups.alias().c
    test: Test = row.id.in_(
        select(it.proposal_id).where(it.commitment_id == commitment).correlate(table_under(commitment))
    )
    return test


def origin_of(row: Row, commitment: ColumnElement[Any]) -> Test:
    """This commitment follows from a proposal that was made of a contribution."""
    link, source = follow_ups.alias(), sources.alias()
    joined = link.join(source, source.c.proposal_id == link.c.proposal_id)
    said = select(source.c.contribution_id).select_from(joined).where(link.c.commitment_id == commitment)
    test: Test = row.id.in_(said.correlate(table_under(commitment)))
    return test


def overdue(row: Row, day: Any) -> Test:
    """It was due before this day, and nobody says that it is delivered."""
    return and_(row.state.in_(OPEN), row.due_on < day)


def due_for_review(row: Row, day: Any) -> Test:
    """It is to be reviewed on this day, or was to be before."""
    return and_(row.state != "ABANDONED", row.review_on <= day)


def told_of(row: Row, commitment: ColumnElement[Any]) -> Test:
    """Something that happened, a row of the journal, is about this commitment, a step of it or what shows it."""
    whole, step, shown = commitments.alias().c, milestones.alias().c, evidence.alias().c
    about = [select(whole.id).where(whole.id == commitment)]
    about += [select(it.id).where(it.commitment_id == commitment) for it in (step, shown)]
    test: Test = row.subject_id.in_(union_all(*(one.correlate(table_under(commitment)) for one in about)))
    return test
