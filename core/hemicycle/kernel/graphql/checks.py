"""What start-up refuses in a schema: better a sentence now than a wrong answer later."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)
from sqlalchemy import Column as TableColumn

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Event, Searchable, Supportable
from hemicycle.kernel.errors import SchemaConflict
from hemicycle.kernel.graphql.cursors import KINDS, kind
from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.sources import (
    Change,
    Column,
    Computed,
    Count,
    Live,
    Many,
    Mapping,
    One,
    ToAny,
    ToOne,
    mapping_of,
)

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

Found = tuple[GraphQLObjectType, str, GraphQLField, MappedField]


def check(app: "Application") -> None:
    """SchemaConflict, with every problem, if the schema is not one that can be answered and guarded."""
    problems = [*_undescribed(app), *_unguarded(app), *_ownerless(app), *_lost(app)]
    problems += [problem for name, type_ in app.types.items() for problem in _of_type(app, name, mapping_of(type_))]
    problems += [problem for found in mapped_fields(app) for problem in _problems(app, *found)]
    if problems:
        raise SchemaConflict("\n".join(problems))


def mapped_fields(app: "Application") -> Iterator[Found]:
    """Every field that has a source: (type, name, field, declaration)."""
    for type_ in app.schema._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for name, definition in type_.fields.items():
                declared = definition.extensions.get("strawberry-definition")
                if isinstance(declared, MappedField):
                    yield type_, name, definition, declared


def _undescribed(app: "Application") -> Iterator[str]:
    """Every type, field, argument and enum value says what it is."""
    for type_ in app.schema._schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if not type_.description:
            yield f"{type_.name} has no description: say what it is."
        if isinstance(type_, GraphQLEnumType):
            for name, value in type_.values.items():
                if not value.description:
                    yield f"{type_.name}.{name} has no description: say what it means."
        fields: dict[str, Any] = getattr(type_, "fields", {})
        for name, field in fields.items():
            if not field.description:
                yield f"{type_.name}.{name} has no description: say what it is."
            for label, argument in getattr(field, "args", {}).items():
                if not argument.description:
                    yield f"{type_.name}.{name}({label}:) has no description: say what it is."


def _unguarded(app: "Application") -> Iterator[str]:
    """A mutation or a subscription goes through a declared action or a declared event, never around them."""
    schema = app.schema._schema
    for root, kinds in ((schema.mutation_type, (Change,)), (schema.subscription_type, (Live,))):
        for name, field in (root.fields if root else {}).items():
            declared = field.extensions.get("strawberry-definition")
            if not isinstance(declared, MappedField) or not isinstance(declared.source, kinds):
                verb = "mutation(…, action=…)" if Change in kinds else "live(…)"
                yield f"{root.name if root else ''}.{name} has no declared permission: declare it with {verb}."


def _ownerless(app: "Application") -> Iterator[str]:
    """An action that asks whose a row is, on a type that says it."""
    for action in app.access.actions.values():
        mapping = app.mappings.get(getattr(action.on, "__table__", None))
        if (action.own or action.not_own) and (mapping is None or mapping.own is None):
            yield f"action {action.name} asks whose a row is: say it with @mapped({action.on}, own=…)."


def _lost(app: "Application") -> Iterator[str]:
    """What is declared of a type is declared of one that is there."""
    for of in (Searchable, Supportable):
        for one in app.declared[of].values():
            known = app.types.get(one.name)
            if known is None or mapping_of(known).table is not table_of(one.on):
                owner = app.declared.owner_of(one)
                yield f"{owner}: the {of.__name__} {one.name} is not the GraphQL type of {one.on.__name__}."


def _of_type(app: "Application", name: str, mapping: Mapping) -> Iterator[str]:
    """A mapped type: its table has the columns that it names, and each of its fields says where it comes from."""
    for column in (mapping.scope, mapping.own, (mapping.visible_through or (None,))[0]):
        if isinstance(column, str) and column not in mapping.table.c:
            yield f"{name}: {mapping.table} has no column {column!r}, only {', '.join(mapping.table.c.keys())}."
    if mapping.visible_through and table_of(mapping.visible_through[1]) not in app.mappings:
        yield f"{name} is visible through {mapping.visible_through[1].__name__}, which no enabled module maps."
    known: Any = app.schema._schema.type_map[name]
    for label, definition in known.fields.items():
        if not isinstance(definition.extensions.get("strawberry-definition"), MappedField):
            yield f"{name}.{label} says no source: declare it with column(…), computed(…), to_one(…)."


def _problems(
    app: "Application", type_: GraphQLObjectType, name: str, definition: GraphQLField, declared: MappedField
) -> Iterator[str]:
    where, source = f"{type_.name}.{name}", declared.source
    if source.requires and source.requires not in app.access.actions:
        yield f"{where} requires {source.requires!r}, an action nobody declares."
    owner = declared.owner if declared.owner in app.access.optional else None
    guarded = (owner or source.requires) and type_.name in app.types and not isinstance(source, Many)
    if guarded and isinstance(definition.type, GraphQLNonNull):
        yield f"{where} may answer null ({owner or source.requires}): make its type optional."
    if (known := app.types.get(type_.name)) is not None:
        table = mapping_of(known).table
        needed: list[Any] = []
        if isinstance(source, Computed):
            needed = [one for one in source.needs if isinstance(one, str)]
        elif isinstance(source, ToOne):
            needed = [source.by] if isinstance(source.by, str) else []
        elif isinstance(source, ToAny):
            needed = [source.type, source.by]
        elif isinstance(source, Column) and not callable(source.of):
            needed = [source.of or declared.python_name]
        for column in needed:
            if column not in table.c:
                yield f"{where}: {table} has no column {column!r}, only {', '.join(table.c.keys())}."
    if isinstance(source, Count):
        counted = mapping_of(source.of).table
        if counted not in app.mappings:
            yield f"{where} counts {source.of.__name__}, which no enabled module owns (SchemaPart.types)."
        elif source.by not in counted.c:
            yield f"{where}: {counted} has no column {source.by!r}, only {', '.join(counted.c.keys())}."
    if isinstance(source, Live):
        for event in source.events:
            if event not in app.declared[Event]:
                yield f"{where} tells of {event!r}, an event nobody declares."
    if isinstance(source, One):
        target = app.types.get(get_named_type(definition.type).name)
        if target is None or source.by not in mapping_of(target).table.c:
            yield f"{where}: {get_named_type(definition.type).name} has no column {source.by!r} to be found by."
    if isinstance(source, Many):
        yield from _many(app, where, source, definition)


def _many(app: "Application", where: str, source: Many, definition: GraphQLField) -> Iterator[str]:
    connection = get_named_type(definition.type)
    target = app.types.get(connection.name.removesuffix("Connection"))
    if target is None:
        yield f"{where}: {connection.name} is not a connection of a type that a module owns (SchemaPart.types)."
        return
    table = mapping_of(target).table
    if isinstance(source.by, str) and source.by not in table.c:
        yield f"{where}: {table} has no column {source.by!r}."
    orders = get_named_type(definition.args["order"].type)
    assert isinstance(orders, GraphQLEnumType)
    for name, member in orders.values.items():
        for key in member.value.value.keys if hasattr(member.value, "value") else member.value.keys:
            column = key(table.c)
            if isinstance(column, TableColumn) and column.nullable:
                yield f"{where}: order {name} uses {column}, which may be null: order keys are NOT NULL."
            if kind(column.type) not in KINDS:
                yield f"{where}: order {name} is by {column.type!r}, which a cursor cannot carry."
    if source.filter is not None:
        filters = get_named_type(definition.args["filter"].type)
        assert isinstance(filters, GraphQLInputObjectType)
        for name, field in filters.fields.items():
            if getattr(field.extensions.get("strawberry-definition"), "where", None) is None:
                yield f"{where}: the filter {name} says no SQL: declare it with where(…)."
