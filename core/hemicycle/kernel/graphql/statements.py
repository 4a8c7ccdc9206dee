"""From a selection to SQL: one statement per level, whose text depends on shape only, never on values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.types import TypeEngine

from hemicycle.kernel.access.policy import Access
from hemicycle.kernel.db.dialect import keys
from hemicycle.kernel.graphql.selection import PageSelection, Selection
from hemicycle.kernel.graphql.sources import Abilities, Column, Count, Mapping, Order, Row, Source, Where, mapping_of

Make = Callable[[Sequence[Any], dict[Selection, list[Any]]], Any]


@dataclass
class Asked:
    """One filter in use: its SQL, its owner, and what shapes it (a bool itself, `list`, or None)."""

    name: str
    where: Where
    owner: str | None
    value: Any

    def condition(self, row: Row) -> ColumnElement[bool]:
        if self.value is NotImplemented:
            assert self.where.otherwise is not None
            return self.where.otherwise(row)
        known = isinstance(self.value, bool)
        given: Any = self.value if known else bindparam(f"filter_{self.name}", expanding=self.value is list)
        return self.where.condition(row, given)


@dataclass
class Shape:
    """All that changes a page's SQL; every other value is a parameter."""

    order: Order
    filters: tuple[Asked, ...]
    after: bool
    before: bool
    backward: bool
    subtree: bool = False
    limit: int | None = None  # written out on a root page: a generic plan must know that it is small

    def key(self) -> Any:
        asked = tuple((one.name, one.value) for one in self.filters)
        return self.order, asked, self.after, self.before, self.backward, self.subtree, self.limit


@dataclass
class Rows:
    """A statement, how to make an object of a row, and where its keys lie."""

    statement: Select[Any]
    make: Make
    width: int  # columns of the object; then come the cursor's keys, then the parent's id


@dataclass(frozen=True)
class Writer:
    """Writes the statements of one application."""

    access: Access
    dialect: str

    def one(self, selection: Selection, name: str) -> Rows:
        """The object whose column `name` has a value."""
        row = selection.mapping.table.alias()
        columns: list[ColumnElement[Any]] = []
        source, make = self._project(columns, row, selection, row)
        seen = self.access.visible(selection.mapping, row.c)
        test = row.c[name] == bindparam("is")
        return Rows(select(*columns).select_from(source).where(test, seen), make, len(columns))

    def many(self, selection: Selection) -> Rows:
        """The objects of these ids; after their columns, the id."""
        row, parents = selection.mapping.table.alias(), keys(self.dialect)
        columns: list[ColumnElement[Any]] = []
        start = parents.join(row, row.c.id == parents.c.value)
        source, make = self._project(columns, start, selection, row)
        seen = self.access.visible(selection.mapping, row.c)
        return Rows(select(*columns, row.c.id).select_from(source).where(seen), make, len(columns))

    def page(self, page: PageSelection, shape: Shape) -> Rows:
        """Inner: which rows, by index and LIMIT, per parent. Outer: their columns and their to-ones."""
        table, parents = page.rows.mapping.table, keys(self.dialect)
        chosen = table.alias("chosen")
        down = shape.order.descending != shape.backward
        limit: ColumnElement[Any] = literal_column(str(shape.limit)) if shape.limit else bindparam("limit")
        wanted = select(chosen).where(*self._tests(page, shape, chosen))
        wanted = wanted.order_by(*self._by(shape.order, chosen.c, down)).limit(limit)
        row: FromClause
        start: FromClause
        if page.source.by is None:
            start = row = wanted.subquery("shown")
        else:
            wanted = wanted.where(self._held(page, shape, chosen.c, parents.c.value))
            if self.dialect == "sqlite":  # no LATERAL there, but a correlated IN uses the same index
                row, only = table.alias("shown"), wanted.with_only_columns(chosen.c.id)
                start = parents.join(row, row.c.id.in_(only.correlate(parents)))
            else:
                row = wanted.lateral("shown")
                start = parents.join(row, true())
        columns: list[ColumnElement[Any]] = []
        source, make = self._project(columns, start, page.rows, row)
        ends = [*(key(row.c) for key in shape.order.keys), row.c.id]
        statement = select(*columns, *ends).select_from(source).order_by(*self._by(shape.order, row.c, down))
        if page.source.by is not None:
            statement = statement.add_columns(parents.c.value)
            if (gate := self._gate(page, parents.c.value)) is not None:
                statement = statement.where(gate)
        return Rows(statement, make, len(columns))

    def total(self, page: PageSelection, shape: Shape) -> Select[Any]:
        """How many there are: one number, or one per parent."""
        table = page.rows.mapping.table.alias("counted")
        tests = self._tests(page, Shape(shape.order, shape.filters, False, False, False), table)
        if page.source.by is None:
            return select(func.count()).select_from(table).where(*tests)
        parents = keys(self.dialect)
        joined = parents.join(table, self._held(page, shape, table.c, parents.c.value))
        if (gate := self._gate(page, parents.c.value)) is not None:
            tests.append(gate)
        return select(parents.c.value, func.count()).select_from(joined).where(*tests).group_by(parents.c.value)

    def _held(self, page: PageSelection, shape: Shape, row: Row, parent: ColumnElement[Any]) -> ColumnElement[bool]:
        if shape.subtree:
            assert page.source.subtree is not None
            return page.source.subtree(row, parent)
        by = page.source.by
        assert by is not None
        held: ColumnElement[bool] = by(row, parent) if callable(by) else row[by] == parent
        return held

    def _gate(self, page: PageSelection, parent: ColumnElement[Any]) -> ColumnElement[bool] | None:
        """What the field itself asks of the object that holds the list: its plugin is active, its action is had."""
        if page.parent is None:
            return None
        it = page.parent.table.alias("holder")
        tests = self._conditions(page.owner, page.source.requires, page.parent, it.c)
        if not tests:
            return None
        within: Any = getattr(parent, "table", None)
        return select(1).where(it.c.id == parent, *tests).correlate(within).exists()

    def _tests(self, page: PageSelection, shape: Shape, row: FromClause) -> list[ColumnElement[bool]]:
        mapping = page.rows.mapping
        tests = [self.access.visible(mapping, row.c)]
        if page.parent is None:
            tests += self._conditions(page.owner, page.source.requires, mapping, row.c)
        if page.source.where is not None:
            tests.append(page.source.where(row.c))
        for asked in shape.filters:
            tests.append(asked.condition(row.c))
            tests += self._conditions(asked.owner, None, mapping, row.c)
        at: list[Any] = [*(key(row.c) for key in shape.order.keys), row.c.id]
        for side in ("after", "before"):
            if getattr(shape, side):
                edge = tuple_(*(bindparam(f"{side}_{i}", type_=_wide(key.type)) for i, key in enumerate(at)))
                further = (side == "after") != shape.order.descending
                tests.append(tuple_(*at) > edge if further else tuple_(*at) < edge)
        return tests

    def _by(self, order: Order, row: Row, down: bool) -> list[ColumnElement[Any]]:
        at = [*(key(row) for key in order.keys), row.id]
        return [key.desc() if down else key.asc() for key in at]

    def _conditions(
        self, owner: str | None, requires: str | None, mapping: Mapping, row: Row
    ) -> list[ColumnElement[bool]]:
        """What a field of this owner, that requires this action, asks of the row."""
        tests: list[ColumnElement[bool]] = []
        if owner and (on := self.access.active(owner, mapping, row)) is not None:
            tests.append(on)
        if requires:
            tests.append(self.access.may(requires, mapping, row))
        return tests

    def _project(
        self, columns: list[ColumnElement[Any]], source: FromClause, selection: Selection, row: FromClause
    ) -> tuple[FromClause, Make]:
        """Add what the selection needs, its to-ones joined in; return how to make its object."""
        first = len(columns)
        columns.append(row.c.id)
        names = ["id"]
        for name, (one, owner) in selection.columns.items():
            found = self._values(name, one, owner, selection.mapping, row)
            names += [label for label, _ in found]
            columns += [value.label(None) for _, value in found]
        last, ones = len(columns), []
        for key, to_one, inner, owner in selection.ones:
            other = inner.mapping.table.alias()
            joined = and_(
                other.c.id == (to_one.by(row.c) if callable(to_one.by) else row.c[to_one.by]),
                self.access.visible(inner.mapping, other.c),
                *self._conditions(owner, to_one.requires, selection.mapping, row.c),
            )
            source, make_one = self._project(columns, source.outerjoin(other, joined), inner, other)
            ones.append((key, make_one))
        new, cls = object.__new__, selection.type

        def make(values: Sequence[Any], found: dict[Selection, list[Any]]) -> Any:
            if values[first] is None:
                return None
            made: Any = new(cls)
            made.__dict__.update(zip(names, values[first:last], strict=True))
            made.__dict__["_at"] = {key: make_one(values, found) for key, make_one in ones}
            found.setdefault(selection, []).append(made)
            return made

        return source, make

    def _values(
        self, name: str, source: Source, owner: str | None, mapping: Mapping, row: FromClause
    ) -> list[tuple[str, ColumnElement[Any]]]:
        if isinstance(source, Abilities):
            return [
                (f"can {action}", self.access.can(action, mapping, row.c))
                for action in self.access.actions
                if self.access.acts_on(action, mapping.table) is not None
            ]
        value: ColumnElement[Any]
        if isinstance(source, Count):
            other = mapping_of(source.of)
            them = other.table.alias()
            tests = them.c[source.by] == row.c.id, self.access.visible(other, them.c)
            value = select(func.count()).select_from(them).where(*tests).correlate(row).scalar_subquery()
        else:
            assert isinstance(source, Column)
            value = source.of(row.c) if callable(source.of) else row.c[source.of or name]
        if needed := self._conditions(owner, source.requires, mapping, row.c):
            value = case((and_(*needed), value))
        return [(name, value)]


def _wide(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """A forged cursor may hold a larger number than the column: PostgreSQL must compare it, not choke on it."""
    return BigInteger() if isinstance(type_, Integer) else type_
