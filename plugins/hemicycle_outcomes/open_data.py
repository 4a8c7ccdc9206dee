"""What the tables have in common that anyone may take away: who sees what in them."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from hemicycle.api import Row, active, readable

Query = Callable[[], Select[Any]]


def shown(row: Row) -> ColumnElement[bool]:
    """Anyone reads the space of the row, and outcomes is active in it."""
    return readable(row.space_id) & active("outcomes", row.space_id)


def rows_of(table: Any, columns: Iterable[str], *tests: ColumnElement[bool]) -> Query:
    """These columns of the rows that anyone sees."""

    def query() -> Select[Any]:
        return select(*(table.c[name] for name in columns)).where(shown(table.c), *tests).order_by(table.c.id)

    return query


def parts_of(whole: Any, by: str, table: Any, columns: Iterable[str]) -> Query:
    """These columns of the parts whose whole anyone sees. by: the column that names the whole."""

    def query() -> Select[Any]:
        joined = table.join(whole, whole.c.id == table.c[by])
        told = select(*(table.c[name] for name in columns)).select_from(joined)
        return told.where(shown(whole.c)).order_by(table.c.id)

    return query
