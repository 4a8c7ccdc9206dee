"""Run the statements of a selection, level by level, and hand back objects that resolve without waiting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from graphql import get_argument_values, get_named_type
from graphql.execution.values import VariableValues
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from hemicycle.kernel.db.dialect import keys
from hemicycle.kernel.graphql import cursors
from hemicycle.kernel.graphql.enums import Scope
from hemicycle.kernel.graphql.errors import bad
from hemicycle.kernel.graphql.ids import Ref, decode_id
from hemicycle.kernel.graphql.selection import AnySelection, PageSelection, Selection
from hemicycle.kernel.graphql.sources import Order
from hemicycle.kernel.graphql.statements import Asked, Rows, Shape
from hemicycle.kernel.graphql.types import PageInfo

if TYPE_CHECKING:
    from hemicycle.kernel.graphql.context import Context

DEFAULT, MOST = 20, 100  # rows of a page


class Page:
    """What a Connection resolves from; edges and cursors are made only when asked for."""

    def __init__(self, order: str, rows: list[tuple[Any, tuple[Any, ...]]], more: bool, less: bool) -> None:
        self.order, self.rows, self.more, self.less, self.total_count = order, rows, more, less, 0

    @property
    def nodes(self) -> list[Any]:
        return [made for made, _ in self.rows]

    @property
    def edges(self) -> list[Any]:
        return [Place(made, cursors.encode(self.order, keys)) for made, keys in self.rows]

    @property
    def page_info(self) -> PageInfo:
        ends = [cursors.encode(self.order, keys) for _, keys in (self.rows[:1] + self.rows[-1:])]
        return PageInfo(
            has_next_page=self.more,
            has_previous_page=self.less,
            start_cursor=ends[0] if ends else None,
            end_cursor=ends[-1] if ends else None,
        )


@dataclass
class Place:
    """What an Edge resolves from."""

    node: Any
    cursor: str


@dataclass
class Loader:
    """One entry into the data: one connection, the viewer bound once."""

    context: "Context"
    connection: AsyncConnection
    variables: VariableValues

    async def one(self, selection: Selection, name: str, value: Any) -> Any:
        """The object whose column `name` is `value`, or None."""
        rows: Rows | None = selection.prepared.get(name)
        if rows is None:
            rows = selection.prepared.setdefault(name, self.context.app.writer.one(selection, name))
        found: dict[Selection, list[Any]] = {}
        made = [rows.make(row, found) for row in await self._execute(rows.statement, {"is": value})]
        await self._children(found)
        return made[0] if made else None

    async def many(self, wanted: AnySelection, refs: Iterable[Ref]) -> dict[Ref, Any]:
        """The objects behind these Refs that the viewer may see: one statement for each type among them."""
        by_type: dict[str, list[UUID]] = {}
        for ref in dict.fromkeys(refs):
            if ref.type in wanted.selections:
                by_type.setdefault(ref.type, []).append(ref.key)
        found: dict[Ref, Any] = {}
        for name, ids in by_type.items():
            selection = wanted.selections[name]
            rows: Rows | None = selection.prepared.get("many")
            if rows is None:
                rows = selection.prepared.setdefault("many", self.context.app.writer.many(selection))
            made: dict[Selection, list[Any]] = {}
            for row in await self._execute(rows.statement, {"keys": ids}):
                found[Ref(name, row[rows.width])] = rows.make(row, made)
            await self._children(made)
        return found

    async def pages(self, page: PageSelection, parents: list[UUID] | None) -> dict[UUID | None, Page]:
        """A page for each parent (or the one of the root): one statement, and one more for the totals."""
        arguments = get_argument_values(page.definition, page.node, self.variables)
        order = arguments.get("order") or page.source.order
        count, shape, values = _read(page, arguments, order)
        await self._refuse_inactive(page, shape, order, parents)
        writer, prepared = self.context.app.writer, page.rows.prepared
        key: tuple[Any, ...] = (page.key, shape.key(), tuple(values))
        if parents is not None:
            values["keys"] = parents
        every: list[UUID | None] = [None] if parents is None else list(parents)
        pages = {parent: Page(order.name, [], False, shape.after) for parent in every}
        if page.wants_rows:
            rows: Rows | None = prepared.get(key)
            if rows is None:
                rows = prepared.setdefault(key, writer.page(page, shape))
            found: dict[Selection, list[Any]] = {}
            width, ends = rows.width, rows.width + len(order.value.keys) + 1
            limit = {} if shape.limit else {"limit": count + 1}
            for row in await self._execute(rows.statement, {**values, **limit}):
                into = pages[row[ends] if parents is not None else None]
                if len(into.rows) < count:
                    into.rows.append((rows.make(row, found), tuple(row[width:ends])))
                elif shape.backward:
                    into.less = True
                else:
                    into.more = True
            if shape.backward:
                for into in pages.values():
                    into.rows.reverse()
                    into.more = shape.before
            await self._children(found)
        if page.wants_total:
            key = ("total", *key)
            statement = prepared.get(key)
            if statement is None:
                statement = prepared.setdefault(key, writer.total(page, shape))
            for row in await self._execute(statement, values):
                pages[row[0] if parents is not None else None].total_count = row[-1]
        return pages

    async def _children(self, found: dict[Selection, list[Any]]) -> None:
        for selection, made in found.items():
            for page in selection.pages:
                pages = await self.pages(page, list({one.id: None for one in made}))
                for one in made:
                    one._at[page.key] = pages[one.id]
            for wanted in selection.anys:
                refs = {id(one): _ref(one, wanted.key) for one in made}
                objects = await self.many(wanted, (ref for ref in refs.values() if ref))
                for one in made:
                    ref = refs[id(one)]
                    one._at[wanted.key] = objects.get(ref) if ref else None

    async def _refuse_inactive(self, page: PageSelection, shape: Shape, order: Any, parents: list[UUID] | None) -> None:
        """A filter or an order of a plugin that is not active where the list lives is refused, not ignored."""
        access = self.context.app.access
        owners = {one.owner for one in shape.filters if one.owner}
        if owner := self.context.app.member_owners.get((type(order).__name__, order.name)):
            owners.add(owner)
        mapping = page.rows.mapping
        for owner in sorted(owners & access.optional):
            if parents is None or page.source.by != mapping.scope:
                continue  # no space to ask about: rows where the plugin is not active are left out
            them = keys(self.context.app.db.dialect)
            off = select(1).select_from(them).where(~access.scopes.active(owner, them.c.value)).limit(1)
            if list(await self._execute(off, {"keys": parents})):
                raise bad("PLUGIN_INACTIVE", f"The plugin {owner} is not active in this space: leave its filter out.")

    async def _execute(self, statement: Any, values: dict[str, Any]) -> Iterable[Any]:
        return (await self.connection.execute(statement, {"viewer": self.context.actor.viewer, **values})).all()


def _ref(made: Any, key: str) -> Ref | None:
    type_, known = made.__dict__[f"type of {key}"], made.__dict__[f"key of {key}"]
    return Ref(type_, known) if type_ is not None and known is not None else None


def page_size(first: int | None, last: int | None) -> int:
    """How many rows these arguments ask for, or BAD_PAGE."""
    if first is not None and last is not None:
        raise bad("BAD_PAGE", "Give `first` or `last`, not both.")
    count = first if first is not None else DEFAULT if last is None else last
    if not 0 <= count <= MOST:
        raise bad("BAD_PAGE", f"`first` and `last` go from 0 to {MOST}, not {count}.")
    return count


def _read(page: PageSelection, arguments: dict[str, Any], order: Any) -> tuple[int, Shape, dict[str, Any]]:
    """Validate a connection's arguments; split what shapes the SQL from what is only a value."""
    last = arguments.get("last")
    count = page_size(arguments.get("first"), last)
    values: dict[str, Any] = {}
    known: Order = order.value
    filters: list[Asked] = []
    for asked, value in _asked(page, arguments):
        filters.append(asked)
        if asked.value is None or asked.value is list:
            values[f"filter_{asked.name}"] = value
    table = page.rows.mapping.table.c
    kinds = [cursors.kind(key(table).type) for key in known.keys] + [UUID]
    for side in ("after", "before"):
        if (text := arguments.get(side)) is not None:
            for i, key in enumerate(cursors.decode(text, order.name, kinds)):
                values[f"{side}_{i}"] = key
    shape = Shape(
        order=known,
        filters=tuple(filters),
        after=arguments.get("after") is not None,
        before=arguments.get("before") is not None,
        backward=last is not None,
        subtree=arguments.get("scope") is Scope.SUBTREE,
        limit=None if page.source.by else count + 1,
    )
    return count, shape, values


def _asked(page: PageSelection, arguments: dict[str, Any]) -> Iterator[tuple[Asked, Any]]:
    """The filters in use; enums by value, global ids by key (an id that is none matches nothing)."""
    for name, where in page.source.given.items():
        if arguments.get(name) is not None:
            yield Asked(name, where, None, None), _key(arguments[name])
        elif where.otherwise is not None:
            yield Asked(name, where, None, NotImplemented), None
    if page.source.filter is not None and arguments.get("filter"):
        known: Any = get_named_type(page.definition.args["filter"].type)
        for name, value in arguments["filter"].items():
            if value is None:
                continue
            field = known.fields[name]
            plain = _keys(value) if get_named_type(field.type).name == "ID" else _plain(value)
            declared = field.extensions["strawberry-definition"]
            shape = value if isinstance(value, bool) else list if isinstance(value, list) else None
            yield Asked(name, declared.where, declared.owner, shape), plain


def _key(text: str) -> UUID:
    ref = decode_id(text)
    return ref.key if ref else UUID(int=0)


def _keys(value: Any) -> Any:
    return [_key(one) for one in value] if isinstance(value, list) else _key(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise bad("BAD_VARIABLES", f"{value.isoformat()} has no time zone: add Z, or +02:00.")
    return [_plain(one) for one in value] if isinstance(value, list) else getattr(value, "value", value)
