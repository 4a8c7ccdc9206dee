"""Who sees a proposal, whose it is, and what it says: SQL over its rows, for the API and for every rule."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from hemicycle.api import VIEWER, ContributionRow, Row, readable, speaks_for, table_of
from hemicycle_outcomes.proposals.models import CoAuthorRow, ProposalRow, ProposalVersionRow, SourceRow

Test = ColumnElement[bool]
proposals, versions, sources, co_authors = map(table_of, (ProposalRow, ProposalVersionRow, SourceRow, CoAuthorRow))
contributions = table_of(ContributionRow)


def visible(row: Row) -> Test:
    """Whoever reads the space."""
    return readable(row.space_id)


def owned(row: Row) -> Test:
    """A source of it is one's own, or that of a structure that one speaks for; or one agreed to be a co-author."""
    return owned_by_id(row.id)


def owned_by_id(key: ColumnElement[Any]) -> Test:
    """The same of the proposal under this id."""
    source, said, other = sources.alias().c, contributions.alias().c, co_authors.alias().c
    wrote = select(1).where(
        source.proposal_id == key, said.id == source.contribution_id,
        or_(said.author_id == VIEWER, speaks_for(said.author_id)),
    )  # fmt: skip
    agreed = select(1).where(other.proposal_id == key, other.participant_id == VIEWER, other.state == "ACCEPTED")
    return or_(wrote.correlate(key.table).exists(), agreed.correlate(key.table).exists())


def co_author_visible(row: Row) -> Test:
    """Those who agreed, to whoever reads the space; who is only asked, to them and to whose proposal it is."""
    concerned = or_(row.participant_id == VIEWER, owned_by_id(row.proposal_id))
    return readable(row.space_id) & or_(row.state == "ACCEPTED", concerned)


def current(column: str) -> Any:
    """A column of the version that stands, as SQL over a proposal."""

    def expression(row: Row) -> ColumnElement[Any]:
        it = versions.alias().c
        mine = select(it[column]).where(it.proposal_id == row.id, it.number == row.version)
        return mine.correlate(row.id.table).scalar_subquery()

    return expression
