"""Give every declared field of a schema the resolver that its source asks for."""

from typing import TYPE_CHECKING

from graphql import GraphQLObjectType

from hemicycle.kernel.graphql import change, live, resolve
from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.sources import Change, Live

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application


def install(app: "Application") -> None:
    """Give mapped fields plain graphql-core resolvers: Strawberry's own cost ten times as much."""
    for known in app.schema._schema.type_map.values():
        if not isinstance(known, GraphQLObjectType):
            continue
        for definition in known.fields.values():
            declared = definition.extensions.get("strawberry-definition")
            if not isinstance(declared, MappedField):
                continue
            if isinstance(declared.source, Live):
                definition.subscribe = live.subscriber(app, declared, definition)
                definition.resolve = lambda event, _info, **_: event
            elif isinstance(declared.source, Change):
                definition.resolve = change.resolver(app, known, declared, definition)
            else:
                definition.resolve = resolve.resolver(declared)
