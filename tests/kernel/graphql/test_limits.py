"""What one document may ask: each limit, at it and beyond it, on the schema of the core."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
import strawberry
from graphql import get_introspection_query

from hemicycle.api import Actor, Mutation, SchemaPart, Session, hookimpl, mutation, value
from hemicycle.kernel.graphql import checking, operations
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.errors import CODES
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.operations import Answer, Operation
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import World, open_world


@strawberry.type(description="A secret.")
class Secret:
    text: str = strawberry.field(description="It.")


@strawberry.input(description="A guess.")
class GuessInput:
    text: str = value("What might be right.")


async def guess(session: Session, actor: Actor, text: str) -> Secret:
    await session.authorize_alone(actor, "participant.create_structure")
    return Secret(text=text)


@strawberry.type
class OnMutation:
    guess: Secret = mutation("Guess.", guess, GuessInput, action="participant.create_structure", secret=True)


class hemicycle_guess:  # noqa: N801  (it stands for a module)
    """A plugin with a mutation that takes a secret, as `signIn` does."""

    @staticmethod
    @hookimpl
    def extend_schema() -> SchemaPart:
        return SchemaPart(extend={Mutation: OnMutation})


Q2 = """query($contributions: Int = 20, $comments: Int = 10) { space(slug: "a") {
    contributions(first: $contributions) { nodes { id title publishedAt author { id displayName }
        replies(first: $comments) { nodes { id body { text } publishedAt author { id displayName } } } } } } }"""


@pytest_asyncio.fixture(scope="module")
async def world(made_databases: dict[str, Databases], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One world for all: nothing here is written."""
    if "sqlite" not in made_databases:
        made_databases["sqlite"] = Databases("sqlite", tmp_path_factory.mktemp("sqlite"))
    with made_databases["sqlite"].fresh() as url:
        async with open_world(url, given=[hemicycle_guess], samples=False) as made:
            yield made


@pytest.fixture
def ask(world: World) -> Any:
    """`await ask(document, **variables)`: the answer, as any transport would give it."""

    async def ask(document: str, **variables: Any) -> Answer:
        return await operations.execute(Operation(document, variables), Context(world.app))

    return ask


@pytest.fixture
def refused(ask: Any) -> Any:
    """`await refused(document, **variables)`: the code with which it is refused, before anything is executed."""

    async def refused(document: str, **variables: Any) -> str:
        answer = await ask(document, **variables)
        assert answer.data is None
        assert answer.errors
        for error in answer.errors:
            assert (error.extensions or {})["code"] in CODES
            assert error.original_error is None
        return answer.code or ""

    return refused


@pytest.fixture
def passes(ask: Any) -> Any:
    """`await passes(document, **variables)`: it was executed without an error."""

    async def passes(document: str, **variables: Any) -> bool:
        answer = await ask(document, **variables)
        assert answer.errors == []
        return answer.data is not None

    return passes


async def test_tokens(passes: Any, refused: Any) -> None:
    many = "...{name}" * 248  # four each, and eight around them
    assert await passes("{instance{__typename name version " + many + "}}")
    assert await refused("{instance{__typename name version version " + many + "}}") == "TOO_MANY_TOKENS"
    assert await refused("{" + "a " * 9_000 + "}") == "TOO_MANY_TOKENS"


async def test_overlapping_fields_never_reach_validation(refused: Any) -> None:
    """N13: 4,000 tokens that would keep validation busy for seconds."""
    assert await refused("{" + " ".join(f"a: n{i}" for i in range(1333)) + "}") == "TOO_MANY_TOKENS"


async def test_length(passes: Any, refused: Any) -> None:
    assert await passes("{instance{name}}".ljust(LIMITS.document))
    assert await refused("{instance{name}}".ljust(LIMITS.document + 1)) == "TOO_LARGE"
    assert await refused("{instance{name}}" + "#\n" * LIMITS.document) == "TOO_LARGE"


def nested(depth: int) -> str:
    """A document of that depth, on fields that there are."""
    return '{ space(slug: "a") ' + "{ parent " * (depth - 2) + "{ id }" + " }" * (depth - 2) + " }"


async def test_depth(passes: Any, refused: Any) -> None:
    assert await passes(nested(LIMITS.depth))
    assert await refused(nested(LIMITS.depth + 1)) == "TOO_DEEP"


async def test_depth_counts_through_fragments(passes: Any, refused: Any) -> None:
    def chained(depth: int) -> str:
        chain = "".join(f"fragment F{i} on Space {{ parent {{ ...F{i + 1} }} }} " for i in range(depth - 2))
        return f'{{ space(slug: "a") {{ ...F0 }} }} {chain} fragment F{depth - 2} on Space {{ ... {{ ... {{ id }} }} }}'

    assert await passes(chained(LIMITS.depth))
    assert await refused(chained(LIMITS.depth + 1)) == "TOO_DEEP"


async def test_what_is_too_deep_for_a_parser_is_refused_cleanly(refused: Any) -> None:
    assert await refused("{a" * 330 + "}" * 330) == "TOO_DEEP"
    assert await refused("{instance(a: " + "[" * 490 + "]" * 490 + "){name}}") == "TOO_DEEP"


async def test_aliases(passes: Any, refused: Any) -> None:
    def many(number: int) -> str:
        return "{" + " ".join(f"a{i}: instance {{ name }}" for i in range(number)) + "}"

    assert await passes(many(LIMITS.aliases))
    assert await refused(many(LIMITS.aliases + 1)) == "TOO_MANY_ALIASES"


async def test_aliases_count_as_often_as_their_fragment_is_used(passes: Any, refused: Any) -> None:
    """N11 (CVE-2026-47707)."""

    def spread(times: int) -> str:
        return (
            "{ instance {" + "...F " * times + "} } fragment F on Instance { a: name b: name c: name d: name e: name }"
        )

    assert await passes(spread(3))
    assert await refused(spread(4)) == "TOO_MANY_ALIASES"
    doubling = "".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }} " for i in range(80))
    assert (
        await refused("{ ...F0 } " + doubling + "fragment F80 on Query { a: instance { name } }") == "TOO_MANY_ALIASES"
    )


async def test_fields_that_are_said_again(passes: Any, refused: Any) -> None:
    """Each would be compared with each: 240 of them took a seventh of a second."""

    def again(times: int) -> str:
        return "{ instance {" + " name" * (times + 1) + " } }"

    assert await passes(again(LIMITS.repeats))
    assert await refused(again(LIMITS.repeats + 1)) == "TOO_MANY_ALIASES"
    rows = '{ space(slug: "a") { ...F } }' + "fragment F on Space {" + "parent { id id id id id }" * 11 + "}"
    assert await refused(rows) == "TOO_MANY_ALIASES"  # eleven times four, and ten
    apart = " ".join(f"... on Space {{ id {'title' if at % 2 else 'slug'} }}" for at in range(100))
    assert await passes(f'{{ space(slug: "a") {{ {apart} }} }}')  # as tools write it


async def test_aliases_of_several_operations_add_up(refused: Any) -> None:
    half = " ".join(f"a{i}: instance {{ name }}" for i in range(8))
    assert await refused(f"query A {{ {half} }} query B {{ {half} }}") == "TOO_MANY_ALIASES"


@pytest.mark.parametrize(
    "document",
    [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A instance { name } }",
        '{ space(slug: "a") { ...A } } fragment A on Space { parent { ...B } } fragment B on Space { parent { ...A } }',
        "{ instance { name } } fragment A on Query { ...A }",
    ],
)
async def test_circles_of_fragments(refused: Any, document: str) -> None:
    """N12 (CVE-2026-47706)."""
    assert await refused(document) == "VALIDATION_FAILED"


async def test_directives_at_one_place(passes: Any, refused: Any) -> None:
    assert await passes("{ instance @skip(if: false) @include(if: true) { name } }")
    assert await refused("{ instance " + "@aa" * 5 + " { name } }") == "VALIDATION_FAILED"
    assert await refused("{ instance " + "@aa" * 6 + " { name } }") == "TOO_MANY_DIRECTIVES"
    assert await refused("query " + "@aa" * 6 + " { instance { name } }") == "TOO_MANY_DIRECTIVES"


async def test_directives_in_all(passes: Any, refused: Any) -> None:
    """N14."""

    def many(number: int) -> str:
        return "{ instance {" + " name @skip(if: false)" * number + " } }"

    assert await passes(many(LIMITS.directives))
    assert await refused(many(LIMITS.directives + 1)) == "TOO_MANY_DIRECTIVES"
    assert await refused("{ instance { name " + "@aa" * 10_000 + " } }") == "TOO_LARGE"


async def test_a_thread_and_introspection_pass(passes: Any) -> None:
    assert await passes(Q2)
    assert await passes(Q2, contributions=100, comments=20)
    options = {"input_value_deprecation": True, "specified_by_url": True, "directive_is_repeatable": True}
    assert await passes(get_introspection_query(**options))


DETAILS = "name description args { name type { name } }"


@pytest.mark.parametrize(
    "document",
    [
        f"{{ again: __schema {{ types {{ name fields {{ {DETAILS} }} }} }} }}",
        f"{{ __schema {{ types {{ again: fields {{ {DETAILS} }} }} }} }}",
        f"{{ __schema {{ types {{ fields {{ type {{ fields {{ {DETAILS} }} }} }} }} }} }}",
        "{ __schema { types { ...T } } } fragment T on __Type { interfaces { possibleTypes { name } } }",
        "{ __schema { types { fields { type { ofType { enumValues { name } } } } } } }",
        '{ __type(name: "Query") { fields { args { type { inputFields { again: name } } } } } }',
        'query A { instance { name } } query B { ... { __type(name: "Query") { again: name } } }',
    ],
)
async def test_introspection_is_asked_for_plainly(refused: Any, document: str) -> None:
    """Fifteen schemas in one answer took a second."""
    assert await refused(document) == "TOO_COSTLY"


async def test_introspection_in_circles(refused: Any) -> None:
    circle = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    assert await refused(circle) == "VALIDATION_FAILED"


def pages(first: str) -> str:
    return f"contributions(first: {first}) {{ nodes {{ replies(first: {first}) {{ nodes {{ id }} }} }} }}"


@pytest.mark.parametrize("first", ["100", "$n", "$d"])
async def test_cost_multiplies(refused: Any, passes: Any, first: str) -> None:
    declared = {"100": "", "$n": "($n: Int)", "$d": "($d: Int = 100)"}[first]
    variables = {"n": 100} if first == "$n" else {}
    children = f"children(first: {first}) {{ nodes {{ {pages(first)} }} }}"
    assert await passes(f'query{declared} {{ space(slug: "a") {{ {pages(first)} }} }}', **variables)
    assert await refused(f'query{declared} {{ space(slug: "a") {{ {children} }} }}', **variables) == "TOO_COSTLY"


async def test_cost_takes_what_the_variables_say(passes: Any, refused: Any) -> None:
    document = f"query($n: Int = 100) {{ spaces(first: $n) {{ nodes {{ {pages('$n')} }} }} }}"
    assert await refused(document) == "TOO_COSTLY"
    assert await passes(document, n=10)
    assert await passes(document, n=0)
    assert await refused(document, n=100.0) == "TOO_COSTLY"  # GraphQL takes it for 100
    both = (
        "query($f: Int, $l: Int) { spaces(first: $f, last: $l) { nodes { contributions(first: 100) { nodes { id title"
    )
    both += " author { id displayName kind } } } } } }"
    assert await passes(both, l=20)
    assert await refused(both, l=100) == "TOO_COSTLY"
    assert await refused(both, f=100) == "TOO_COSTLY"


async def test_cost_counts_edges_fragments_and_lists_of_ids(refused: Any, passes: Any) -> None:
    inner = "contributions(first: 100) { edges { node { ...C ...C } } }"
    fragment = "fragment C on Contribution { id title publishedAt author { id displayName } }"
    assert await refused(f"{{ spaces(first: 100) {{ edges {{ node {{ {inner} }} }} }} }} {fragment}") == "TOO_COSTLY"
    ids = (
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Space { contributions(first: 100) { nodes { id ...C } } } } }"
    )
    assert await passes(ids + fragment, ids=["x"] * 10)
    assert await refused(ids + fragment, ids=["x"] * 100) == "TOO_COSTLY"


async def test_cost_of_a_document_that_doubles_itself(refused: Any) -> None:
    chain = "".join(f"fragment F{i} on Space {{ id ...F{i + 1} ...F{i + 1} }} " for i in range(60))
    assert await refused(f'{{ space(slug: "a") {{ ...F0 }} }} {chain} fragment F60 on Space {{ slug }}') == "TOO_COSTLY"


def doubling(levels: int, fields: str = "id") -> str:
    """Spaces that are read twice at each level, as their parents and as the space of what is said in them."""
    chain = "".join(
        f"fragment F{i} on Space {{ parent {{ ...{below} }} contributions {{ nodes {{ space {{ ...{below} }} }} }} }} "
        for i, below in ((i, f"F{i + 1}") for i in range(levels))
    )
    return f'{{ space(slug: "a") {{ ...F0 }} }} {chain} fragment F{levels} on Space {{ {fields} }}'


async def test_what_is_read_is_counted_as_often_as_its_fragment_is_used(passes: Any, refused: Any) -> None:
    """Each object and each list is SQL to be written: 938 characters took 38 seconds."""
    assert await passes(doubling(3))  # 1 + 4 * (1 + 2 + 4)
    assert await refused(doubling(4)) == "TOO_COSTLY"
    one, most = "contributions { nodes { author { id } } }", LIMITS.reads // 3
    apart = " ".join(f"... on Space {{ {one} }}" for _ in range(most))
    assert await passes(f'{{ space(slug: "a") {{ {apart} }} }}')
    assert await refused(f'{{ space(slug: "a") {{ {apart} {one} }} }}') == "TOO_COSTLY"


async def test_totals_and_abilities_are_read_too(passes: Any, refused: Any) -> None:
    assert await refused(doubling(3, "viewerCan")) == "TOO_COSTLY"  # eight times five
    totals = " ".join("... { contributions { totalCount } spaces { totalCount } }" for _ in range(12))
    assert await passes(f"{{ {totals} }}")
    assert await refused(f"{{ {totals} contributions {{ totalCount }} spaces {{ totalCount }} }}") == "TOO_COSTLY"


async def test_what_may_be_of_any_type_is_read_type_by_type(passes: Any, refused: Any, ask: Any, world: World) -> None:
    """A few hundred characters, and an id of each type in a variable, took 2.8 seconds."""

    def asked(times: int) -> str:
        return "query($ids: [ID!]!) {" + " ".join(f"a{i}: nodes(ids: $ids) {{ id }}" for i in range(times)) + "}"

    most = LIMITS.reads // LIMITS.reads_of_many
    assert await passes(asked(most), ids=[])
    assert await refused(asked(most + 1), ids=[]) == "TOO_COSTLY"
    types = sorted(world.app.types)[: LIMITS.types_at_once + 1]
    ids = [encode_id(name, UUID(int=number)) for name in types for number in range(3)]
    assert await passes(asked(1), ids=ids[3:])
    (error,) = (await ask(asked(1), ids=ids)).errors
    assert error.extensions["code"] == "BAD_PAGE"


async def test_numbers_of_all_that_a_space_holds_are_for_a_few_spaces(passes: Any, refused: Any) -> None:
    """With 200,000 contributions, 15 times `figures` took 10 seconds; 7 times both counts of people, 8."""
    few = LIMITS.reads // LIMITS.reads_of_all
    for number in ("figures(space: $space) { value }", 'space(slug: "a") { participantCount }'):
        asked = [f"a{i}: {number}" for i in range(few + 1)]
        variables = "($space: ID!)" if "$space" in number else ""
        given = {"space": "x"} if variables else {}
        assert await passes(f"query{variables} {{ {' '.join(asked[: few - 1])} }}", **given)
        assert await refused(f"query{variables} {{ {' '.join(asked)} }}", **given) == "TOO_COSTLY"


async def test_cost_is_not_undone_by_odd_numbers(ask: Any) -> None:
    for first in ("-1", "99999999999", "1" * 5000):
        answer = await ask(f"{{ spaces(first: {first}) {{ nodes {{ id }} }} }}")
        assert [(error.extensions or {})["code"] for error in answer.errors] in (["BAD_PAGE"], ["VALIDATION_FAILED"])


GUESS = 'guess(input: { text: "a" }) { __typename }'


@pytest.mark.parametrize(
    "document",
    [
        f"mutation {{ a: {GUESS} b: {GUESS} }}",
        f"mutation {{ a: {GUESS} ...F }} fragment F on Mutation {{ {GUESS} }}",
        f"mutation {{ ... {{ a: {GUESS} }} ... {{ ... {{ b: {GUESS} }} }} }}",
        f"mutation A {{ {GUESS} }} mutation B {{ a: {GUESS} b: {GUESS} }}",
    ],
)
async def test_a_secret_is_tried_once(refused: Any, document: str) -> None:
    assert await refused(document) == "FORBIDDEN"


async def test_a_secret_may_be_tried(passes: Any) -> None:
    assert await passes(f"mutation {{ {GUESS} }}")
    assert await passes(f"mutation {{ {GUESS} ...F }} fragment F on Mutation {{ {GUESS} }}")  # the same field, once
    join = 'joinSpace(input: { space: "x" }) { __typename }'
    assert await passes(f"mutation {{ a: {join} b: {join} }}")  # nothing to guess


async def test_errors_are_few(ask: Any) -> None:
    answer = await ask("{" + " ".join(f"n{i}" for i in range(100)) + "}")
    assert len(answer.errors) == LIMITS.errors


@pytest.mark.parametrize(
    "document",
    [
        "{ instanse { name } }",
        "{ instance { nam } }",
        '{ space(slugg: "a") { id } }',
        "{ spaces(order: NEWES) { nodes { id } } }",
        "{ spaces(filter: { stat: OPEN }) { nodes { id } } }",
        "fragment A on Spase { id } { ...A }",
        "{ instance @skipp(if: true) { name } }",
    ],
)
async def test_names_are_not_suggested(ask: Any, document: str) -> None:
    answer = await ask(document)
    assert answer.code == "VALIDATION_FAILED"
    assert not any("Did you mean" in error.message for error in answer.errors)


async def test_names_are_not_suggested_for_variables(ask: Any) -> None:
    answer = await ask("query($f: SpaceFilter) { spaces(filter: $f) { nodes { id } } }", f={"stat": ["OPEN"]})
    assert answer.code == "BAD_VARIABLES"
    assert "Did you mean" not in answer.errors[0].message


async def test_a_document_is_read_once(passes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    validate = checking.validate
    monkeypatch.setattr(checking, "validate", lambda *known, **more: seen.append(1) or validate(*known, **more))
    for _ in range(3):
        assert await passes("{ instance { name version } }")
    assert len(seen) == 1


async def test_errors_of_a_document_are_the_same_each_time(ask: Any) -> None:
    first, second = [await ask("{ nobody }") for _ in range(2)]
    assert [one.formatted for one in first.errors] == [one.formatted for one in second.errors]
    assert len(second.errors) == 1


def test_what_is_kept_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(LIMITS), "kept_tokens", 100)
    documents, schema = checking.Documents(), world.app.schema._schema
    texts = [f"{{ instance {{ name }} }} # {number}" for number in range(30)]
    first = documents.read(schema, texts[0])
    assert documents.read(schema, texts[0]) is first
    last = [documents.read(schema, text) for text in texts][-1]
    kept = [known.document.token_count for known in documents._known.values()]
    assert sum(kept) == documents._tokens <= 100
    assert 1 < len(kept) < len(texts)
    assert documents.read(schema, texts[-1]) is last
    assert documents.read(schema, texts[0]) is not first


def test_what_is_wrong_is_not_kept(world: World) -> None:
    documents, schema = checking.Documents(), world.app.schema._schema
    for text in ("{ nobody }", "{" + "instance { name }" * 100 + "}", "{ ...A } fragment A on Query { ...A }"):
        assert documents.read(schema, text).errors
    assert (len(documents._known), documents._tokens) == (0, 0)


async def test_what_is_kept_of_one_document_is_bounded(world: World) -> None:
    known = checking.read(world.app.schema._schema, "query($n: Int) { spaces(first: $n) { nodes { id } } }")
    for n in range(250):
        checking._too_costly(known, None, {"n": n})
    assert 0 < len(known.prices) <= 100
    declared = ", ".join(f"$b{i}: Boolean!" for i in range(8))
    fields = " ".join(f"id @include(if: $b{i})" for i in range(8))
    document = f"query({declared}) {{ spaces {{ nodes {{ slug {fields} }} }} }}"
    for number in range(256):
        context = Context(world.app)
        await operations.execute(Operation(document, {f"b{i}": bool(number >> i & 1) for i in range(8)}), context)
    assert 0 < len(context.plans) <= 100


async def test_each_refusal_says_what_to_do(ask: Any) -> None:
    for document in (nested(17), "{ a" + " @aa" * 6 + " }", f'{{ space(slug: "a") {{ {"b: id " * 16} }} }}'):
        (error,) = (await ask(document)).errors
        assert any(char.isdigit() for char in error.message)  # the limit itself
