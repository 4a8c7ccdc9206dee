"""Find what a viewer may see by its words: the best 500, the same on both databases."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    column,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from hemicycle.kernel.access.policy import Access
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Searchable
from hemicycle.kernel.graphql.ids import Ref
from hemicycle.kernel.graphql.sources import Mapping, Row
from hemicycle.kernel.search.index import kept, objects
from hemicycle.kernel.search.words import asked

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

MOST = 500  # objects that are found


async def find(
    app: "Application",
    connection: AsyncConnection,
    viewer: UUID | None,
    text: str,
    types: Sequence[str] | None = None,
    space: UUID | None = None,
) -> list[Ref]:
    """At most the best 500 objects that have every word of `text` and that the viewer may see, the best first.

    types: GraphQL types that modules declare searchable (all, if not said). space: only what lives there or below.
    A text without a word finds nothing. One statement.
    """
    words = asked(text)
    chosen = [one for one in app.declared[Searchable].values() if types is None or one.name in types]
    if not words or not chosen:
        return []
    statement = _written(app, chosen, types is None, space is not None)
    sought = _fts5(words) if app.db.dialect == "sqlite" else _tsquery(words)
    values = {"viewer": viewer, "sought": sought} | ({"space": space} if space is not None else {})
    return [Ref(name, key) for name, key in await connection.execute(statement, values)]


def _written(app: "Application", types: Sequence[Searchable], every: bool, within: bool) -> Select[Any]:
    """The statement, kept if it is for every type: to write it takes longer than to ask it."""
    known, key = app.access.questions, ("search", within)
    if every and key in known:
        return known[key]
    statement = _statement(app.access, app.db.dialect, types, within)
    if every:
        known[key] = statement
    return statement


def _statement(access: Access, dialect: str, types: Iterable[Searchable], within: bool) -> Select[Any]:
    hit = _hits(dialect).cte("hit").prefix_with("MATERIALIZED")  # the words first: then only their rows are looked at
    each = []
    for one in types:
        mapping = access.mappings[table_of(one.on)]
        row = mapping.table.alias()
        joined = hit.join(objects, objects.c.number == hit.c.rowid).join(row, row.c.id == objects.c.object_id)
        seen = select(objects.c.type, row.c.id, hit.c.rank).select_from(joined)
        seen = seen.where(objects.c.type == one.name, access.visible(mapping, row.c))
        each.append(seen.where(_within(access, mapping, row.c)) if within else seen)
    found = union_all(*each).subquery("found")
    return select(found.c.type, found.c.id).order_by(found.c.rank.desc(), found.c.id.desc()).limit(MOST)


def _hits(dialect: str) -> Select[Any]:
    """(number, rank) of what has the words: the larger the rank, the better it fits."""
    sought = bindparam("sought", type_=String())
    rank: ColumnElement[Any]
    if dialect == "sqlite":
        test, rank = kept.c.words.op("MATCH")(sought), -column("rank")
    else:
        query, for_length = cast(sought, TSQUERY), 1  # a long text does not win because it is long
        test, rank = kept.c.words.op("@@")(query), func.ts_rank(kept.c.words, query, for_length)
    return select(kept.c.rowid, rank.label("rank")).where(test)


def _within(access: Access, mapping: Mapping, row: Row) -> ColumnElement[bool]:
    """The row lives in the space or below; what lives in no space is in none."""
    if mapping.scope is not None:
        return access.scopes.below(row[mapping.scope], bindparam("space", type_=Uuid()))
    if mapping.visible_through is None:
        return false()
    key, parent = mapping.visible_through
    other = access.mappings[table_of(parent)]
    through: FromClause = other.table.alias()
    held = select(literal(1)).where(through.c.id == row[key], _within(access, other, through.c))
    return held.correlate(row[key].table).exists()


def _fts5(words: Iterable[tuple[str, ...]]) -> str:
    return " AND ".join("(" + " OR ".join(f'"{stem}"' for stem in stems) + ")" for stems in words)


def _tsquery(words: Iterable[tuple[str, ...]]) -> str:
    return " & ".join("(" + " | ".join(f"'{stem}'" for stem in stems) + ")" for stems in words)
