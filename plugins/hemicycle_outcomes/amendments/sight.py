"""Who sees an amendment."""

from sqlalchemy import ColumnElement

from hemicycle.api import Row, readable


def visible(row: Row) -> ColumnElement[bool]:
    """Whoever reads the space."""
    return readable(row.space_id)
