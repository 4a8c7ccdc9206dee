"""`search` in the schema: a connection of objects of any type, the best first."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from hemicycle.kernel.declarations import Searchable
from hemicycle.kernel.graphql import cursors
from hemicycle.kernel.graphql.context import Context, Info
from hemicycle.kernel.graphql.declare import PAGING
from hemicycle.kernel.graphql.enums import SearchableName
from hemicycle.kernel.graphql.errors import bad
from hemicycle.kernel.graphql.ids import Ref, decode_id
from hemicycle.kernel.graphql.load import Page, page_size
from hemicycle.kernel.graphql.parts import SchemaPart
from hemicycle.kernel.graphql.resolve import fetch_rows
from hemicycle.kernel.graphql.roots import Query
from hemicycle.kernel.graphql.types import Connection, Node
from hemicycle.kernel.plugins import Declarations
from hemicycle.kernel.search.find import MOST, find

LONGEST = 300  # characters of a query
ORDER = "SEARCH"  # what its cursors are bound to


def told(description: str) -> Any:
    """What an argument is."""
    return strawberry.argument(description=description)


@strawberry.type
class OnQuery:
    @strawberry.field(description=f"What has all these words in its titles and texts, the best first ({MOST} at most).")
    async def search(
        self,
        info: Info,
        text: Annotated[str, told(f"Words, with or without accents and endings ({LONGEST} characters at most).")],
        types: Annotated[list[SearchableName] | None, told("Only these (all, if not said).")] = None,
        space: Annotated[strawberry.ID | None, told("Only in this space and its descendants.")] = None,
        first: Annotated[int | None, told(PAGING["first"])] = None,
        after: Annotated[str | None, told(PAGING["after"])] = None,
        last: Annotated[int | None, told(PAGING["last"])] = None,
        before: Annotated[str | None, told(PAGING["before"])] = None,
    ) -> Connection[Node]:
        count, context = page_size(first, last), info.context
        if len(text) > LONGEST:
            raise bad("BAD_SEARCH", f"The text has {len(text)} characters, and {LONGEST} is the most: shorten it.")
        names = None if types is None else [one.value for one in types]
        ends = _end(after), _end(before)
        async with context.app.db.read() as connection:
            hits = await find(context.app, connection, context.actor.viewer, text, names, _space(context, space))
        start = 0 if ends[0] is None else _place(hits, ends[0], past=True)
        stop = len(hits) if ends[1] is None else _place(hits, ends[1], past=False)
        if last is None:
            stop = min(stop, start + count)
        else:
            start = max(start, stop - count)
        shown = hits[start:stop]
        found = await fetch_rows(info, shown)
        rows = [(found[ref], (at, ref.key)) for at, ref in enumerate(shown, start) if ref in found]
        page: Any = Page(ORDER, rows, more=stop < len(hits), less=start > 0)
        page.total_count = len(hits)
        answer: Connection[Node] = page
        return answer


def _end(cursor: str | None) -> tuple[int, UUID] | None:
    if cursor is None:
        return None
    at, key = cursors.decode(cursor, ORDER, [int, UUID])
    return at, key


def _place(hits: list[Ref], end: tuple[int, UUID], *, past: bool) -> int:
    """Where a cursor's object stands now, for others write meanwhile; if it left, what took its place."""
    at, key = end
    for now, ref in enumerate(hits):
        if ref.key == key:
            return now + past
    return min(max(at, 0), len(hits))


def _space(context: Context, space: str | None) -> UUID | None:
    """The key of a space; one that no space has, if this is the id of none."""
    if space is None:
        return None
    ref, spaces = decode_id(space), context.app.table_types[context.app.scope_mapping.table]
    return ref.key if ref and ref.type == spaces else UUID(int=0)


def search_part(declared: Declarations) -> SchemaPart:
    """What search brings: its field, and the enum of what is searchable."""
    names = {one.name: one.description for one in declared[Searchable].values()}
    return SchemaPart(extend={Query: OnQuery}, enums={SearchableName: names})
