"""Documents made from a schema: for looking at every connection, every filter and every mutation of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

from hemicycle.kernel.application import Application
from hemicycle.kernel.graphql.checks import mapped_fields
from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.sources import Many


@dataclass(frozen=True)
class Found:
    """One connection of a schema: `Space.contributions`, or `Query.spaces` at the root."""

    holder: str
    name: str
    target: str
    declared: MappedField
    definition: Any

    @property
    def label(self) -> str:
        return f"{self.holder}.{self.name}"

    @property
    def owner(self) -> str | None:
        """The module that added it to another's type."""
        return self.declared.owner


def connections(app: Application) -> Iterator[Found]:
    """Every connection of the schema, those at the root first."""
    every = []
    for type_, name, definition, declared in mapped_fields(app):
        if isinstance(declared.source, Many):
            target = get_named_type(definition.type).name.removesuffix("Connection")
            every.append(Found(type_.name, name, target, declared, definition))
    return iter(sorted(every, key=lambda one: (one.holder != "Query", one.label)))


def document(found: Found, arguments: str, body: str, *, required: str = "") -> str:
    """A question about one connection: at the root, or below `node(id: $id)`."""
    given = ", ".join(one for one in (required, arguments) if one)
    asked = f"{found.name}{f'({given})' if given else ''} {{ {body} }}"
    if found.holder == "Query":
        return f"{{ page: {asked} }}"
    return f"query($id: ID!) {{ node(id: $id) {{ ... on {found.holder} {{ page: {asked} }} }} }}"


def required_arguments(found: Found, ids: dict[str, str]) -> str:
    """The arguments that the connection cannot do without: ids of samples, by their names."""
    return ", ".join(
        f'{name}: "{ids.get(name.capitalize(), "")}"'
        for name, argument in found.definition.args.items()
        if is_required_argument(argument)
    )


def a_value(type_: Any, ids: dict[str, str]) -> Any:
    """Some acceptable value of an input type, as a variable."""
    if isinstance(type_, GraphQLNonNull):
        return a_value(type_.of_type, ids)
    if isinstance(type_, GraphQLList):
        return [a_value(type_.of_type, ids)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return {
            name: ids.get(name, a_value(field.type, ids))
            for name, field in type_.fields.items()
            if is_required_input_field(field) or name in ids
        }
    plain = {
        "Boolean": True,
        "Int": 1,
        "Float": 1.0,
        "ID": "none",
        "DateTime": "2030-01-01T00:00:00Z",
        "Date": "2030-01-01",
    }
    return plain.get(type_.name, "sample")


def mutations(app: Application, owner: str) -> Iterator[tuple[str, Any]]:
    """The mutations that a module adds: (name, graphql field)."""
    root: GraphQLObjectType | None = app.schema._schema.mutation_type
    for name, definition in (root.fields if root else {}).items():
        declared = definition.extensions.get("strawberry-definition")
        if isinstance(declared, MappedField) and declared.owner == owner:
            yield name, definition
