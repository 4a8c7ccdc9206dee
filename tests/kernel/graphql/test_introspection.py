"""What the schema says of itself is found once for everyone, and nothing else is kept with it."""

from typing import Any

import pytest
from graphql import get_introspection_query

from hemicycle.kernel.graphql import checking, operations
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.operations import Operation
from hemicycle.testing import World


def answers(world: World, text: str, name: str | None = None, documents: checking.Documents | None = None) -> list[Any]:
    """The same question about the schema, answered twice."""
    documents = documents or checking.Documents()
    known = documents.read(world.app.schema._schema, text)
    return [documents.answer(known, name) for _ in range(2)]


async def test_what_the_schema_says_of_itself_is_found_once(world: World) -> None:
    text = get_introspection_query()
    first, second = answers(world, text, "IntrospectionQuery")
    assert first is second
    assert first.errors is None
    assert {one["name"] for one in first.data["__schema"]["types"]} >= {"Space", "__Type"}
    told = [await operations.execute(Operation(text), Context(world.app)) for _ in range(2)]
    assert told[0].plain() == told[1].plain() == {"data": first.data}
    one, two = [await world.ask(f'{{ __type(name: "{name}") {{ name }} __typename }}') for name in ("Space", "Nothing")]
    assert (one, two) == (
        {"__type": {"name": "Space"}, "__typename": "Query"},
        {"__type": None, "__typename": "Query"},
    )
    several = 'query A { ...F } query B { __type(name: "Space") { kind } } '
    several += 'fragment F on Query { __type(name: "Space") { name } }'
    assert [answers(world, several, name)[0].data["__type"] for name in "AB"] == [{"name": "Space"}, {"kind": "OBJECT"}]


@pytest.mark.parametrize(
    "text",
    [
        '{ __type(name: "Space") { name } instance { name } }',
        '{ ...F } fragment F on Query { ... { viewer { id } } __type(name: "Space") { name } }',
        '{ __typename: viewer { id } __type(name: "Space") { name } }',
        "query($name: String!) { __type(name: $name) { name } }",
        "{ instance { name } }",
        "{ __typename }",
    ],
)
def test_nothing_else_is_kept(world: World, text: str) -> None:
    """What depends on who asks, or on variables, is found anew each time."""
    assert answers(world, text) == [None, None]


def test_few_answers_about_the_schema_are_kept(world: World) -> None:
    documents, first = checking.Documents(), '{ __type(name: "Space") { name } }'
    (told, _), known = answers(world, first, documents=documents), documents.read(world.app.schema._schema, first)
    for number in range(2 * LIMITS.kept_answers):
        answers(world, f'{{ __type(name: "A{number}") {{ name }} }}', documents=documents)
        assert len(documents._answers) <= LIMITS.kept_answers
    again = documents.answer(known, None)
    assert again is not told
    assert again == told
