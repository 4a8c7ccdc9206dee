"""Who sees a transmission, and who does nothing about it because the proposal is their own."""

from sqlalchemy import ColumnElement

from hemicycle.api import Row, readable
from hemicycle_outcomes.proposals.sight import owned_by_id


def visible(row: Row) -> ColumnElement[bool]:
    """Whoever reads the space."""
    return readable(row.space_id)


def owned(row: Row) -> ColumnElement[bool]:
    """Of a proposal of one's own."""
    return owned_by_id(row.proposal_id)
