"""What the two databases do differently in a statement, and nothing else."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Dialect, FromClause, Table, Uuid, bindparam, column, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import JSON, Text, TypeDecorator

VIEWER = bindparam("viewer", type_=Uuid())
"""The viewer's id in every predicate: a parameter, bound when the statement runs."""


class _JsonIds(TypeDecorator[list[UUID]]):
    impl, cache_ok = Text, True

    def process_bind_param(self, value: list[UUID] | None, dialect: Dialect) -> str:
        return json.dumps([key.hex for key in value or ()])


def keys(dialect: str, name: str = "keys") -> FromClause:
    """Many ids as ONE parameter: the statement's text never depends on how many there are."""
    value = column("value", Uuid())
    if dialect == "sqlite":
        return func.json_each(bindparam(name, type_=_JsonIds())).table_valued(value, name="parents")
    unnest = func.unnest(bindparam(name, type_=ARRAY(Uuid())))
    return unnest.table_valued(value, name="parents").render_derived()


def texts(dialect: str, name: str = "texts") -> FromClause:
    """Many texts as one parameter, in the column `value`."""
    value = column("value", Text())
    if dialect == "sqlite":
        return func.json_each(bindparam(name, type_=JSON())).table_valued(value, name="texts")
    unnest = func.unnest(bindparam(name, type_=ARRAY(Text())))
    return unnest.table_valued(value, name="texts").render_derived()


def insert_once(dialect: str, table: Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`, in this database's own words."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def table_of(row: type) -> Table:
    """The table of a SQLModel class."""
    table: Table = getattr(row, "__table__")  # noqa: B009  (SQLModel does not declare it)
    return table


def table_under(column: ColumnElement[Any]) -> FromClause:
    """What a column belongs to: the outer row that a subquery correlates with."""
    table: FromClause = getattr(column, "table")  # noqa: B009
    return table


def chunks(rows: Sequence[Any], size: int = 500) -> list[Sequence[Any]]:
    """`rows` in pieces of `size`: for bulk inserts, whose parameters are limited in number."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]
