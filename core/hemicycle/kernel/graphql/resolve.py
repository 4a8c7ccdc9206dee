"""The generic resolvers: what a plan has loaded is read, what stands at the root is planned and loaded."""

from collections.abc import Callable, Iterable
from inspect import signature
from typing import Any

from graphql import GraphQLObjectType, GraphQLResolveInfo, get_named_type
from graphql.execution.values import VariableValues

from hemicycle.kernel.graphql.context import Context, Info
from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.ids import Ref, decode_id, encode_id
from hemicycle.kernel.graphql.load import Loader
from hemicycle.kernel.graphql.selection import Reader
from hemicycle.kernel.graphql.sources import Abilities, Computed, Identity, Many, One, ToAny, ToOne

Resolver = Callable[..., Any]
Resolving = GraphQLResolveInfo[Any]


async def fetch(info: Info, type_: type | str, value: Any, by: str = "id") -> Any:
    """One object that the viewer may see, with all that the query asks of it; or None. For hand-written resolvers."""
    return await fetch_raw(info._raw_info, type_, value, by)


async def fetch_any(info: Info, refs: Iterable[Ref]) -> dict[Ref, Any]:
    """The objects behind these Refs that the viewer may see, with all that the query asks of them."""
    raw: Resolving = info._raw_info
    context, reader = reading(raw)
    wanted = context.app.planned(raw, "any", lambda: reader.any(raw.field_nodes))
    async with context.app.db.read() as connection:
        return await Loader(context, connection, reader.variables).many(wanted, refs)


async def fetch_rows(info: Info, refs: Iterable[Ref]) -> dict[Ref, Any]:
    """The same below a field that answers a connection of any type: all that is asked of its nodes."""
    raw: Resolving = info._raw_info
    context, reader = reading(raw)
    connection = get_named_type(raw.return_type)
    assert isinstance(connection, GraphQLObjectType)
    wanted = context.app.planned(raw, "rows", lambda: reader.any(reader.rows(raw.field_nodes, connection)[0]))
    async with context.app.db.read() as reads:
        return await Loader(context, reads, reader.variables).many(wanted, refs)


async def fetch_raw(info: Resolving, type_: type | str, value: Any, by: str = "id") -> Any:
    """`fetch`, for resolvers of graphql-core."""
    context, reader = reading(info)
    name = type_ if isinstance(type_, str) else context.app.names[type_]
    selection = context.app.planned(info, name, lambda: reader.read(info.field_nodes, name))
    async with context.app.db.read() as connection:
        return await Loader(context, connection, reader.variables).one(selection, by, value)


def reading(info: Resolving) -> tuple[Context, Reader]:
    """The context of a request, and what reads its document."""
    context: Context = info.context
    values: Any = info.variable_values
    return context, Reader(info.schema, context.app.types, info.fragments, VariableValues({}, values))


def resolver(declared: MappedField) -> Resolver:
    """The resolver of a field, by its source."""
    source, name = declared.source, declared.python_name

    def by_name(parent: Any, info: Resolving) -> Any:
        return getattr(parent, name)

    def by_key(parent: Any, info: Resolving, **_: Any) -> Any:
        return parent._at[info.path.key]

    def identity(parent: Any, info: Resolving) -> str:
        return encode_id(info.parent_type.name, parent.id)

    def abilities(parent: Any, info: Resolving) -> list[str]:
        can = (label[4:] for label, can in parent.__dict__.items() if can and label.startswith("can "))
        return [action for action in can if info.context.actor.has_scope(action)]

    if isinstance(source, Identity):
        return identity
    if isinstance(source, Abilities):
        return abilities
    if isinstance(source, Computed):
        return _computed(declared, source)
    if isinstance(source, One):
        return _root_one(declared, source)
    if isinstance(source, Many) and source.by is None:
        return _root_page(declared)
    return by_key if isinstance(source, ToOne | ToAny | Many) else by_name


def _computed(declared: MappedField, source: Computed) -> Resolver:
    labels = [f"{at} of {declared.python_name}" for at in range(len(source.needs))]
    function = source.function
    wants_app = "app" in signature(function).parameters

    def compute(parent: Any, info: Resolving, **arguments: Any) -> Any:
        values = [parent.__dict__[label] for label in labels]
        if wants_app:
            arguments["app"] = info.context.app
        return None if None in values else function(*values, **arguments)

    return compute


def _root_one(declared: MappedField, source: One) -> Resolver:
    async def resolve(_: Any, info: Resolving, **arguments: Any) -> Any:
        value: Any = arguments[source.by]
        target = info.context.app.type_of(declared)
        if source.by == "id":
            ref = decode_id(value)
            if ref is None or ref.type != info.context.app.names[target]:
                return None
            value = ref.key
        return await fetch_raw(info, target, value, source.by)

    return resolve


def _root_page(declared: MappedField) -> Resolver:
    async def resolve(_: Any, info: Resolving, **__: Any) -> Any:
        context, reader = reading(info)
        definition = info.parent_type.fields[info.field_name]
        key = str(info.path.key)
        page = context.app.planned(
            info, f"page {key}", lambda: reader.page(key, info.field_nodes, definition, declared)
        )
        async with context.app.db.read() as connection:
            return (await Loader(context, connection, reader.variables).pages(page, None))[None]

    return resolve
