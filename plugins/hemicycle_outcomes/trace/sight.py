"""What became of a contribution: which proposals stand for it, and what happened to them, as SQL."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, FromClause, Select, or_, select, union_all

from hemicycle.api import ContributionRow, Row, table_of, table_under
from hemicycle_outcomes.commitments.models import EvidenceRow, FollowUpRow, MilestoneRow
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.proposals.models import ProposalRow, SourceRow
from hemicycle_outcomes.transmissions.models import TransmissionRow

Test = ColumnElement[bool]
contributions, proposals, sources = map(table_of, (ContributionRow, ProposalRow, SourceRow))
dispositions, transmissions, follow_ups = map(table_of, (DispositionRow, TransmissionRow, FollowUpRow))
milestones, evidence = map(table_of, (MilestoneRow, EvidenceRow))


class TraceRow:
    """A contribution once more: its trace has no table of its own, only the contribution's id."""

    __table__ = select(contributions.c.id, contributions.c.space_id).subquery("outcomes_trace")


def stands_for(row: Row, contribution: ColumnElement[Any]) -> Test:
    """A proposal that this contribution went into, and that was not replaced: those that replaced it have it too."""
    it = sources.alias().c
    its = select(it.proposal_id).where(it.contribution_id == contribution).correlate(table_under(contribution))
    test: Test = row.id.in_(its) & (row.state != "REPLACED")
    return test


def told_of(row: Row, contribution: ColumnElement[Any]) -> Test:
    """Something that happened, a row of the journal, is about this contribution or about what became of it."""
    about = [it.where(source.c.contribution_id == contribution) for it, source in _subjects()]
    return or_(row.subject_id == contribution, row.subject_id.in_(_one_of(about, contribution)))


def happened_to(row: Row, proposal: ColumnElement[Any]) -> Test:
    """The same of a proposal."""
    about = [it.where(source.c.proposal_id == proposal) for it, source in _subjects()]
    test: Test = row.subject_id.in_(_one_of(about, proposal))
    return test


def _subjects() -> Iterator[tuple[Select[Any], FromClause]]:
    """Ids of what is told of, from the sources of proposals: the proposals, and all that hangs on them."""
    source = sources.alias()
    yield select(source.c.proposal_id).select_from(source), source
    for table in (dispositions, transmissions):
        source, its = sources.alias(), table.alias()
        yield select(its.c.id).select_from(source.join(its, its.c.proposal_id == source.c.proposal_id)), source
    for table, key in ((follow_ups, "commitment_id"), (milestones, "id"), (evidence, "id")):
        source, link, its = sources.alias(), follow_ups.alias(), table.alias()
        joined = source.join(link, link.c.proposal_id == source.c.proposal_id)
        joined = joined.join(its, its.c.commitment_id == link.c.commitment_id)
        yield select(its.c[key]).select_from(joined), source


def _one_of(ids: Sequence[Select[Any]], holder: ColumnElement[Any]) -> CompoundSelect[Any]:
    return union_all(*(one.correlate(table_under(holder)) for one in ids))
