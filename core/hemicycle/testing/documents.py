"""Documents made from a schema: for looking at every connection, every field, every filter and every mutation of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from hemicycle.kernel.application import Application
from hemicycle.kernel.graphql.checks import mapped_fields
from hemicycle.kernel.graphql.declare import InputField, MappedField
from hemicycle.kernel.graphql.sources import Live, Many

Ids = dict[str, str]
"""The global id of a sample of each GraphQL type."""

PLAIN = {
    "Boolean": True,
    "Int": 1,
    "Float": 1.0,
    "ID": "none",
    "DateTime": "2030-01-01T00:00:00Z",
    "Date": "2030-01-01",
}


@dataclass(frozen=True)
class Found:
    """One connection of a schema: `Space.contributions`, or `Query.spaces` at the root."""

    holder: str
    name: str
    target: str
    declared: MappedField
    source: Many
    definition: GraphQLField

    @property
    def label(self) -> str:
        return f"{self.holder}.{self.name}"

    @property
    def at_root(self) -> bool:
        return self.holder == "Query"

    @property
    def owner(self) -> str | None:
        """The module that added it to another's type."""
        return self.declared.owner

    @property
    def orders(self) -> list[str]:
        orders: Any = get_named_type(self.definition.args["order"].type)
        return list(orders.values)

    @property
    def filters(self) -> dict[str, Any]:
        argument = self.definition.args.get("filter")
        return dict(argument.type.fields) if argument is not None else {}  # type: ignore[union-attr]

    def document(self, arguments: str, body: str, ids: Ids, variables: str = "") -> str:
        """A question about it: at the root, or below `nodes(ids: $holders)`. `pages_of` reads the answer."""
        given = ", ".join(one for one in (_required(self.definition, ids), arguments) if one)
        page = f"page: {self.name}{f'({given})' if given else ''} {{ {body} }}"
        holders = "" if self.at_root else "$holders: [ID!]!"
        declared = ", ".join(one for one in (holders, variables) if one)
        asked = page if self.at_root else f"nodes(ids: $holders) {{ ... on {self.holder} {{ id {page} }} }}"
        return f"query{f'({declared})' if declared else ''} {{ {asked} }}"

    def pages_of(self, data: Any) -> list[tuple[str, Any]]:
        """(id of the holder, its page) of each holder that is seen; at the root, the one page there is."""
        if self.at_root:
            return [("", data["page"])]
        return [(one["id"], one["page"]) for one in data["nodes"] if one]


def connections(app: Application) -> list[Found]:
    """Every connection of the schema, those at the root first."""
    every = [
        Found(type_.name, name, get_named_type(definition.type).name.removesuffix("Connection"), declared,
              declared.source, definition)
        for type_, name, definition, declared in mapped_fields(app)
        if isinstance(declared.source, Many)
    ]  # fmt: skip
    return sorted(every, key=lambda one: (not one.at_root, one.label))


def mutations(app: Application, owner: str) -> Iterator[tuple[str, GraphQLField]]:
    """The mutations that a module adds: (name, field)."""
    root = app.schema._schema.mutation_type
    for name, definition in (root.fields if root else {}).items():
        if definition.extensions["strawberry-definition"].owner == owner:
            yield name, definition


def subscriptions(app: Application, owner: str) -> Iterator[tuple[str, Live, str]]:
    """The subscriptions that a module adds: (name, source, the type that they answer with)."""
    for type_, name, definition, declared in mapped_fields(app):
        if isinstance(declared.source, Live) and declared.owner == owner:
            assert type_ is app.schema._schema.subscription_type
            yield name, declared.source, get_named_type(definition.type).name


def call(name: str, definition: GraphQLField, ids: Ids) -> tuple[str, dict[str, Any]]:
    """A mutation with acceptable values, and its variables."""
    argument = definition.args.get("input")
    if argument is None:
        return f"mutation {{ {name} {{ __typename }} }}", {}
    document = (
        f"mutation($input: {argument.type}) {{ {name}(input: $input) {{ __typename ...on Refusal {{ code }} }} }}"
    )
    return document, {"input": a_value(argument.type, ids)}


def selection(definition: GraphQLField, ids: Ids) -> str:
    """What to ask below a field that anyone may be given: the plain values of an object, the ids of a page."""
    type_ = get_named_type(definition.type)
    given = _required(definition, ids)
    arguments = f"({given})" if given else ""
    if is_leaf_type(type_):
        return arguments
    if isinstance(type_, GraphQLObjectType) and type_.name.endswith("Connection"):
        arguments = f"({', '.join(one for one in (given, 'first: 2') if one)})"
        return f"{arguments} {{ totalCount nodes {{ id }} }}"
    return f"{arguments} {{ __typename {' '.join(_plain(type_))} }}"


def everything(app: Application, type_name: str, ids: Ids) -> str:
    """Every field of a type, as a selection; objects of any type apart, for they cost one statement for each type."""
    type_ = app.schema._schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    return " ".join(
        f"{name} {selection(definition, ids)}"
        for name, definition in type_.fields.items()
        if not isinstance(get_named_type(definition.type), GraphQLInterfaceType)
    )


def a_value(type_: Any, ids: Ids) -> Any:
    """Some acceptable value of an input type, as a variable: of an object, only what is required."""
    if isinstance(type_, GraphQLNonNull):
        return a_value(type_.of_type, ids)
    if isinstance(type_, GraphQLList):
        return [a_value(type_.of_type, ids)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return {
            name: _an_id(field, ids) or a_value(field.type, ids)
            for name, field in type_.fields.items()
            if is_required_input_field(field)
        }
    return PLAIN.get(type_.name, "sample")


def _an_id(field: Any, ids: Ids) -> str | None:
    declared = field.extensions.get("strawberry-definition")
    if not isinstance(declared, InputField) or declared.points_to is None:
        return None
    return ids.get(declared.points_to[0].__name__ if declared.points_to else "Contribution")


def _required(definition: GraphQLField, ids: Ids) -> str:
    """The arguments that a field cannot do without: ids of samples, by the name of the argument."""
    return ", ".join(
        f'{name}: "{ids.get(name.capitalize(), "")}"'
        for name, argument in definition.args.items()
        if is_required_argument(argument)
    )


def _plain(type_: Any) -> Iterator[str]:
    if "id" in type_.fields:
        yield "id"
        return
    for name, definition in type_.fields.items():
        if is_leaf_type(get_named_type(definition.type)) and not any(
            map(is_required_argument, definition.args.values())
        ):
            yield name
