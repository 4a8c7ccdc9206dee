"""Of which proposals a digest tells, and whom they concern: SQL for planning it and for writing it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, literal, or_, select, union

from hemicycle.api import ContributionRow, FollowRow, JournalRow, table_of, table_under
from hemicycle_outcomes.commitments.models import FollowUpRow
from hemicycle_outcomes.digests.models import DigestItemRow
from hemicycle_outcomes.proposals.models import CoAuthorRow, ProposalRow, SourceRow
from hemicycle_outcomes.trace.sight import subjects

Test = ColumnElement[bool]
journal, proposals, contributions, follows = map(table_of, (JournalRow, ProposalRow, ContributionRow, FollowRow))
sources, co_authors, follow_ups = map(table_of, (SourceRow, CoAuthorRow, FollowUpRow))
items = table_of(DigestItemRow)


def happened(since: Any, until: Any) -> Test:
    """A row of the journal, told in public, of this time."""
    it = journal.c
    return and_(it.public.is_(True), it.space_id.is_not(None), it.at > since, it.at <= until)


def touched(digest: UUID, since: datetime, until: datetime) -> Select[Any]:
    """(the digest, a proposal): each one to which something happened in this time."""
    found: list[Select[Any]] = []
    for one in subjects():
        pair = one.subquery()
        joined = journal.join(pair, pair.c[0] == journal.c.subject_id)
        found.append(select(pair.c[1].label("proposal")).select_from(joined).where(happened(since, until)))
    every = union(*found).subquery()
    return select(literal(digest).label("digest_id"), every.c.proposal)


def concerns(digest: UUID, person: ColumnElement[Any]) -> Test:
    """The digest tells of something that this person wrote, stands behind, or follows."""
    return or_(*(one.correlate(table_under(person)).exists() for one in _theirs(digest, person)))


def theirs(digest: ColumnElement[Any], person: ColumnElement[Any]) -> Subquery:
    """The proposals of a digest that concern one person."""
    return union(*_theirs(digest, person)).subquery()


def _theirs(digest: Any, person: ColumnElement[Any]) -> Iterator[Select[Any]]:
    it, said, source = items.alias(), contributions.alias(), sources.alias()
    joined = said.join(source, source.c.contribution_id == said.c.id).join(it, it.c.proposal_id == source.c.proposal_id)
    yield _of(digest, it, joined).where(said.c.author_id == person)
    it, other = items.alias(), co_authors.alias()
    agreed = _of(digest, it, other.join(it, it.c.proposal_id == other.c.proposal_id))
    yield agreed.where(other.c.participant_id == person, other.c.state == "ACCEPTED")
    it, mine = items.alias(), follows.alias()
    yield _followed(_of(digest, it, mine.join(it, it.c.proposal_id == mine.c.object_id)), mine, person, "Proposal")
    for table, key, type_ in (
        (sources, "contribution_id", "Contribution"),
        (follow_ups, "commitment_id", "Commitment"),
    ):
        it, mine, through = items.alias(), follows.alias(), table.alias()
        joined = mine.join(through, through.c[key] == mine.c.object_id)
        joined = joined.join(it, it.c.proposal_id == through.c.proposal_id)
        yield _followed(_of(digest, it, joined), mine, person, type_)


def _of(digest: Any, it: Any, joined: Any) -> Select[Any]:
    return select(it.c.proposal_id).select_from(joined).where(it.c.digest_id == digest)


def _followed(query: Select[Any], mine: Any, person: ColumnElement[Any], type_: str) -> Select[Any]:
    return query.where(mine.c.participant_id == person, mine.c.type == type_)
