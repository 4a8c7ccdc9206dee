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
from hemicycle.kernel.db.owners import CORE, tables_in
from hemicycle.kernel.db.owners import owner_of as owner_of_table
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
from hemicycle.kernel.graphql.whose import among, owner_of

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

Found = tuple[GraphQLObjectType, str, GraphQLField, MappedField]


def check(app: "Application") -> None:
    """SchemaConflict, with every problem, if the schema is not one that can be answered and guarded."""
    problems = [*_misnamed(app), *_undescribed(app), *_unguarded(app), *_ungrounded(app), *_lost(app), *_homeless(app)]
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


def _misnamed(app: "Application") -> Iterator[str]:
    """A table tells by its name whose it is: its migrations, its export and its end depend on it."""
    for one in app.plugins.loaded.values():
        prefix = CORE if one.core else one.name
        for model in tables_in(one.module.__name__):
            name = table_of(model).name
            if owner_of_table(name, {CORE, *app.plugins.optional}) != prefix:
                where = f"{model.__module__}.{model.__name__}"
                yield f"{one.name}: the table {name} of {where} does not say whose it is: call it {prefix}_…"


def _undescribed(app: "Application") -> Iterator[str]:
    """Every type, field, argument and enum value says what it is."""
    for type_ in app.schema._schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if not type_.description:
            yield f"{owner_of(app, type_)}: {type_.name} has no description: say what it is."
        if isinstance(type_, GraphQLEnumType):
            for name, value in type_.values.items():
                if not value.description:
                    yield f"{owner_of(app, type_, name)}: {type_.name}.{name} has no description: say what it means."
        fields: dict[str, Any] = getattr(type_, "fields", {})
        for name, field in fields.items():
            whose = owner_of(app, type_, field)
            if not field.description:
                yield f"{whose}: {type_.name}.{name} has no description: say what it is."
            for label, argument in getattr(field, "args", {}).items():
                if not argument.description:
                    yield f"{whose}: {type_.name}.{name}({label}:) has no description: say what it is."


def _unguarded(app: "Application") -> Iterator[str]:
    """A mutation or a subscription goes through a declared action or a declared event, never around them."""
    schema = app.schema._schema
    for root, kinds in ((schema.mutation_type, (Change,)), (schema.subscription_type, (Live,))):
        for name, field in (root.fields if root else {}).items():
            declared = field.extensions.get("strawberry-definition")
            if not isinstance(declared, MappedField) or not isinstance(declared.source, kinds):
                verb = "mutation(…, action=…)" if Change in kinds else "live(…)"
                whose = f"{owner_of(app, root, field)}: {root.name if root else ''}.{name}"
                yield f"{whose} has no declared permission: declare it with {verb}."


def _ungrounded(app: "Application") -> Iterator[str]:
    """An action is done to a type that is there; one that asks whose a row is, to a type that says it."""
    for action in app.access.actions.values():
        where = f"{app.access.owners[action.name]}: the action {action.name}"
        if action.on is not None and action.on is not Supportable and table_of(action.on) not in app.mappings:
            yield f"{where} is done to {action.on.__name__}, which no type is mapped to: map it (SchemaPart.types)."
            continue
        mapping = app.mappings.get(getattr(action.on, "__table__", None))
        if (action.own or action.not_own) and (mapping is None or mapping.own is None):
            whose = f"@mapped({action.on.__name__}, own=…)" if action.on else "Action(…, on=…), and @mapped(…, own=…)"
            yield f"{where} asks whose a row is: say it with {whose}, the column of its owner."


def _lost(app: "Application") -> Iterator[str]:
    """What is declared of a type is declared of one that is there."""
    for of in (Searchable, Supportable):
        for one in app.declared[of].values():
            known, owner = app.types.get(one.name), app.declared.owner_of(one)
            if known is None or mapping_of(known).table is not table_of(one.on):
                right = app.table_types.get(table_of(one.on))
                remedy = f"call it {right}" if right else "map it (@mapped, SchemaPart.types)"
                yield f"{owner}: the {of.__name__} {one.name} is not the GraphQL type of {one.on.__name__}: {remedy}."
            elif of is Supportable and mapping_of(known).scope is None:
                yield f"{owner}: the Supportable {one.name} lives in no space: say @mapped(…, scope=…), its column."


def _homeless(app: "Application") -> Iterator[str]:
    """What a plugin brings is there only where the plugin is active: so each of its types says where its rows live."""
    for name, type_ in app.types.items():
        if (owner := app.table_owners[mapping_of(type_).table]) not in app.access.optional:
            continue
        mapping: Mapping | None = mapping_of(type_)
        above: list[Mapping] = []
        while mapping and mapping.scope is None and mapping not in above:
            above.append(mapping)
            mapping = app.mappings.get(table_of(mapping.visible_through[1])) if mapping.visible_through else None
        if mapping is None or mapping in above:
            yield (
                f"{owner}: {name} does not say in which space its rows live, so it would answer where {owner} is not "
                "active: say @mapped(…, scope=…), their column of a space, or visible_through= something in a space."
            )


def _of_type(app: "Application", name: str, mapping: Mapping) -> Iterator[str]:
    """A mapped type: its table has the columns that it names, and each of its fields says where it comes from."""
    known: Any = app.schema._schema.type_map[name]
    owner = owner_of(app, known)
    for column in (mapping.scope, mapping.own, (mapping.visible_through or (None,))[0], *(mapping.about or ())):
        if isinstance(column, str):
            yield from _columns(f"{owner}: {name}", mapping, column)
    if mapping.visible_through and table_of(mapping.visible_through[1]) not in app.mappings:
        through = mapping.visible_through[1].__name__
        yield f"{owner}: {name} is visible through {through}, which no type is mapped to: map it, or require its owner."
    for label, definition in known.fields.items():
        if not isinstance(definition.extensions.get("strawberry-definition"), MappedField):
            whose = owner_of(app, known, definition)
            yield f"{whose}: {name}.{label} says no source: declare it with column(…), computed(…), to_one(…)."


def _columns(where: str, mapping: Mapping, *names: str) -> Iterator[str]:
    """The columns that a table has not."""
    for name in names:
        if name not in mapping.table.c:
            yield f"{where}: {mapping.table} has no column {name!r}: name one of {', '.join(mapping.table.c.keys())}."


def _problems(
    app: "Application", type_: GraphQLObjectType, name: str, definition: GraphQLField, declared: MappedField
) -> Iterator[str]:
    where, source = f"{owner_of(app, type_, definition)}: {type_.name}.{name}", declared.source
    target = get_named_type(definition.type).name
    if source.requires and source.requires not in app.access.actions:
        known = among(source.requires, app.access.actions)
        yield f"{where} requires {source.requires!r}, an action nobody declares: declare it, or name one of {known}."
    owner = declared.owner if declared.owner in app.access.optional else None
    guarded = (owner or source.requires) and type_.name in app.types and not isinstance(source, Many)
    if guarded and isinstance(definition.type, GraphQLNonNull):
        yield f"{where} may answer null ({owner or source.requires}): make its type optional."
    if (on := app.types.get(type_.name)) is not None:
        needed: list[Any] = []
        if isinstance(source, Computed):
            needed = [one for one in source.needs if isinstance(one, str)]
        elif isinstance(source, ToOne):
            needed = [source.by] if isinstance(source.by, str) else []
        elif isinstance(source, ToAny):
            needed = [source.type, source.by]
        elif isinstance(source, Column) and not callable(source.of):
            needed = [source.of or declared.python_name]
        yield from _columns(where, mapping_of(on), *needed)
    if isinstance(source, Count):
        counted = mapping_of(source.of)
        if counted.table not in app.mappings:
            yield f"{where} counts {source.of.__name__}, which no enabled module owns: add it to SchemaPart.types."
        else:
            yield from _columns(where, counted, source.by)
    if isinstance(source, Live):
        for event in source.events:
            if event not in app.declared[Event]:
                known = among(event, app.declared[Event])
                yield f"{where} tells of {event!r}, an event nobody declares: declare it, or name one of {known}."
    if isinstance(source, ToOne | One | Live) and target not in app.types:
        yield f"{where}: {target} is not a type that a module owns: make it one (@mapped, SchemaPart.types)."
    elif isinstance(source, One):
        yield from _columns(where, mapping_of(app.types[target]), source.by)
    if isinstance(source, Many):
        yield from _many(app, where, source, definition)


def _many(app: "Application", where: str, source: Many, definition: GraphQLField) -> Iterator[str]:
    connection = get_named_type(definition.type)
    target = app.types.get(connection.name.removesuffix("Connection"))
    if target is None:
        yield f"{where}: {connection.name} is no connection of a type that a module owns: add it to SchemaPart.types."
        return
    mapping = mapping_of(target)
    if isinstance(source.by, str):
        yield from _columns(where, mapping, source.by)
    orders = get_named_type(definition.args["order"].type)
    assert isinstance(orders, GraphQLEnumType)
    for name, member in orders.values.items():
        for key in member.value.value.keys if hasattr(member.value, "value") else member.value.keys:
            column = key(mapping.table.c)
            if isinstance(column, TableColumn) and column.nullable:
                yield f"{where}: order {name} uses {column}, which may be null: order keys are NOT NULL."
            if kind(column.type) not in KINDS:
                yield f"{where}: order {name} is by {column.type!r}, which a cursor cannot carry."
    if source.filter is not None:
        filters = get_named_type(definition.args["filter"].type)
        assert isinstance(filters, GraphQLInputObjectType)
        for name, field in filters.fields.items():
            if getattr(field.extensions.get("strawberry-definition"), "where", None) is None:
                whose = f"{owner_of(app, filters, field)}: {where.partition(': ')[2]}"
                yield f"{whose}: the filter {name} says no SQL: declare it with where(…)."
