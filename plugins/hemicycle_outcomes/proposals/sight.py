"""Who sees a proposal, whose it is, and what it says: SQL over its rows, for the API and for every rule."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, or_, select

from hemicycle.api import VIEWER, ContributionRow, Row, readable, speaks_for, table_of, table_under
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
    source, said, other = sources.alias(), contributions.alias(), co_authors.alias().c
    # A written JOIN: inside LATERAL, SQLAlchemy takes commas and WHERE for a cartesian product.
    wrote = select(1).select_from(source.join(said, said.c.id == source.c.contribution_id))
    wrote = wrote.where(source.c.proposal_id == key, or_(said.c.author_id == VIEWER, speaks_for(said.c.author_id)))
    agreed = select(1).where(other.proposal_id == key, other.participant_id == VIEWER, other.state == "ACCEPTED")
    return or_(wrote.correlate(table_under(key)).exists(), agreed.correlate(table_under(key)).exists())


def texts() -> Select[Any]:
    """The id and the words of each proposal, for the index of the search: hidden and withdrawn words are left out."""
    it = proposals.c
    return select(it.id, current("title")(it), current("statement")(it))


def said_through(row: Row, channels: Any) -> Test:
    """A source of a proposal came in through one of these channels."""
    source, said = sources.alias(), contributions.alias()
    joined = source.join(said, said.c.id == source.c.contribution_id)
    found = select(1).select_from(joined).where(source.c.proposal_id == row.id, said.c.channel.in_(channels))
    return found.correlate(row.id.table).exists()


def co_author_visible(row: Row) -> Test:
    """Those who agreed, to whoever reads the space; who is only asked, to them and to whose proposal it is."""
    concerned = or_(row.participant_id == VIEWER, owned_by_id(row.proposal_id))
    return readable(row.space_id) & or_(row.state == "ACCEPTED", concerned)


def words(column: str) -> Any:
    """A column of words, as SQL over a version: someone's very own are shown while these are published."""

    def expression(row: Row) -> ColumnElement[Any]:
        it = contributions.alias().c
        shown = select(1).where(it.id == row.verbatim_of_id, it.state == "PUBLISHED").correlate(row.id.table).exists()
        return case((row.verbatim_of_id.is_(None) | shown, row[column]))

    return expression


def current(column: str) -> Any:
    """The same of the version that stands, as SQL over a proposal."""

    def expression(row: Row) -> ColumnElement[Any]:
        it = versions.alias().c
        mine = select(words(column)(it)).where(it.proposal_id == row.id, it.number == row.version)
        return mine.correlate(row.id.table).scalar_subquery()

    return expression
