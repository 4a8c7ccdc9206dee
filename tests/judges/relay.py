"""A Relay application made of our schema: for each connection, a fragment that pages and that asks for itself anew."""

import json
from collections.abc import Iterator
from pathlib import Path

from graphql import (
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_required_argument,
)

PAGE = {"first": '{ type: "Int", defaultValue: 10 }', "after": '{ type: "String" }'}


def connections(schema: GraphQLSchema) -> Iterator[tuple[GraphQLObjectType, str, GraphQLField]]:
    """Each field that is a connection, with the type that has it."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for name, field in type_.fields.items():
                if get_named_type(field.type).name.endswith("Connection"):
                    yield type_, name, field


def fixture(schema: GraphQLSchema, type_: GraphQLObjectType, name: str, field: GraphQLField) -> tuple[str, str]:
    """A module of JavaScript, and its name: the fragment on the type, and a query that shows it."""
    module = f"{type_.name}_{name}"
    needed = {key: one.type for key, one in field.args.items() if is_required_argument(one)}
    defined = PAGE | {key: f'{{ type: "{given}" }}' for key, given in needed.items()}
    declared = ", ".join(f"{key}: {one}" for key, one in defined.items())
    passed = ", ".join(f"{key}: ${key}" for key in defined)
    fragment = f"""fragment {module}_page on {type_.name}
    @argumentDefinitions({declared}) @refetchable(queryName: "{module}_again") {{
      {name}({passed}) @connection(key: "{module}_{name}") {{
        edges {{ cursor node {{ __typename id }} }}
        pageInfo {{ hasNextPage endCursor hasPreviousPage startCursor }}
      }}
    }}"""
    given = ", ".join(f"${key}: {_required(one)}" for key, one in needed.items())
    spread = f"...{module}_page{_called(needed)}"
    if type_ is schema.query_type:
        query = f"query {module}_Query{f'({given})' if given else ''} {{ {spread} }}"
    else:
        variables = ", ".join(filter(None, ("$id: ID!", given)))
        query = f"query {module}_Query({variables}) {{ node(id: $id) {{ {spread} @alias }} }}"
    return module, f"import {{ graphql }} from 'relay-runtime'\n\ngraphql`\n{fragment}`\n\ngraphql`\n{query}`\n"


def application(schema: GraphQLSchema, folder: Path) -> int:
    """Write the application beside `schema.graphql` in a folder; how many connections it pages through."""
    source = folder / "source"
    source.mkdir()
    made = [fixture(schema, *one) for one in connections(schema)]
    for module, text in made:
        (source / f"{module}.js").write_text(text, "utf-8")
    settings = {"src": "./source", "schema": "./schema.graphql", "language": "javascript", "eagerEsModules": True}
    (folder / "relay.config.json").write_text(json.dumps(settings), "utf-8")
    return len(made)


def _called(needed: dict[str, object]) -> str:
    return f" @arguments({', '.join(f'{key}: ${key}' for key in needed)})" if needed else ""


def _required(type_: object) -> str:
    assert isinstance(type_, GraphQLNonNull)
    return str(type_)
