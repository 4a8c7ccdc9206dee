"""What the tables have in common that anyone may take away."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from hemicycle.api import Row, active, readable


def shown(row: Row) -> ColumnElement[bool]:
    """Anyone reads the space of the row, and outcomes is active in it: for what a table only refers to."""
    return readable(row.space_id) & active("outcomes", row.space_id)


def columns_of(table: Any, names: Iterable[str]) -> Callable[[], Select[Any]]:
    """A query of these columns, in the order in which the rows were made."""
    return lambda: select(*(table.c[name] for name in names)).order_by(table.c.id)
