"""What became of a contribution: which proposals stand for it, and what happened to them, as SQL."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all

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
    said = contributions.alias().c
    about = [select(said.id).where(said.id == contribution)]
    for one in subjects():
        pair, source = one.subquery(), sources.alias()
        joined = source.join(pair, pair.c[1] == source.c.proposal_id)
        about.append(select(pair.c[0]).select_from(joined).where(source.c.contribution_id == contribution))
    test: Test = row.subject_id.in_(union_all(*(one.correlate(table_under(contribution)) for one in about)))
    return test


def subjects() -> Iterator[Select[Any]]:
    """(what the journal tells of, the proposal that it hangs on): proposals, and all that became of them."""
    it = proposals.alias().c
    yield select(it.id.label("subject"), it.id.label("proposal"))
    for table in (dispositions, transmissions):
        it = table.alias().c
        yield select(it.id, it.proposal_id)
    link = follow_ups.alias().c
    yield select(link.commitment_id, link.proposal_id)
    for table in (milestones, evidence):
        its, of = table.alias(), follow_ups.alias()
        yield select(its.c.id, of.c.proposal_id).select_from(its.join(of, of.c.commitment_id == its.c.commitment_id))
