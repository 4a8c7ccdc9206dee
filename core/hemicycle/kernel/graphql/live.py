"""Subscriptions: each event once, as the object that it is about, authorized anew for each viewer."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from graphql import GraphQLField
from sqlalchemy import bindparam, select

from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.errors import bad
from hemicycle.kernel.graphql.ids import decode_id
from hemicycle.kernel.graphql.resolve import Resolving, fetch_raw
from hemicycle.kernel.graphql.sources import Live

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application


def subscriber(app: "Application", declared: MappedField, definition: GraphQLField) -> Callable[..., Any]:
    """What graphql-core calls to subscribe."""
    source = declared.source
    assert isinstance(source, Live)
    answer = app.names[app.type_of(declared)]
    events = frozenset(source.events or (one.name for one in app.public_events()))

    async def subscribe(_: Any, info: Resolving, space: str) -> AsyncIterator[Any]:
        ref = decode_id(space)
        if ref is None or not await _sees(app, info, ref.key):
            raise bad("NOT_FOUND", "There is no space under that id, or none for you.")
        async with app.broadcast.listen(events, info.context.actor) as occurrences:
            async for one in occurrences:
                if one.space_id is None or not await _within(app, one.space_id, ref.key):
                    continue
                key = one.subject_id if one.subject_type == answer else one.id
                if (seen := await fetch_raw(info, answer, key)) is not None:
                    yield seen

    return subscribe


async def _sees(app: "Application", info: Resolving, space: UUID) -> bool:
    mapping = app.scope_mapping
    row = mapping.table.alias()
    question = select(row.c.id).where(row.c.id == space, app.access.visible(mapping, row.c))
    async with app.db.read() as connection:
        return (await connection.execute(question, {"viewer": info.context.actor.viewer})).first() is not None


async def _within(app: "Application", space: UUID, above: UUID) -> bool:
    below = app.access.scopes.below(bindparam("space", space), bindparam("above", above))
    async with app.db.read() as connection:
        return bool((await connection.execute(select(below))).scalar_one())
