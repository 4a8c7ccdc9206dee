"""Who sees an amendment, and on which nobody decides because it is their own."""

from sqlalchemy import ColumnElement, or_

from hemicycle.api import VIEWER, Row, readable
from hemicycle_outcomes.proposals.sight import owned_by_id

Test = ColumnElement[bool]


def visible(row: Row) -> Test:
    """Whoever reads the space."""
    return readable(row.space_id)


def owned(row: Row) -> Test:
    """One's own, or to a proposal of one's own."""
    return or_(row.author_id == VIEWER, owned_by_id(row.proposal_id))
