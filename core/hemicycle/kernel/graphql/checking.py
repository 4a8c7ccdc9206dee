"""Parse and validate documents, once each, and refuse those that ask too much before they cost anything."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute_sync,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from hemicycle.kernel.graphql import introspection
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.declare import MappedField
from hemicycle.kernel.graphql.errors import bad, coded
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.measures import Fragments, Price, measure, price
from hemicycle.kernel.graphql.sources import Change
from hemicycle.kernel.observability.seen import current

PRICES = 100  # of one document
RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


class Checking(SchemaExtension):
    """The one extension of the schema. The work on a document is done when it is first seen."""

    def __init__(self, documents: "Documents") -> None:
        self.documents = documents

    def on_parse(self) -> Iterator[None]:
        asked = self.execution_context
        with self._span("graphql.parse"):
            self.known = self.documents.read(asked.schema._schema, asked.query or "")
        asked.graphql_document = self.known.document
        if isinstance(asked.context, Context):
            asked.context.plans = self.known.plans
        if (seen := current.get()) is not None:
            seen.document, seen.named = self.known, asked._provided_operation_name
        yield

    def on_validate(self) -> Iterator[None]:
        asked = self.execution_context
        errors = list(self.known.errors)
        if not errors and len(self.known.operations) > 1 and not asked._provided_operation_name:
            names = ", ".join(str(name) for name in self.known.operations)
            errors = [bad("BAD_REQUEST", f"There are several operations: name one in `operationName` ({names}).")]
        if not errors:
            problem = _too_costly(self.known, asked.operation_name, asked.variables or {})
            problem = problem or _too_often(self.known, asked.operation_name, asked.context)
            errors = [problem] if problem else []
        if not errors:
            asked.result = self.documents.answer(self.known, asked.operation_name)
        asked.pre_execution_errors = errors
        yield

    def _span(self, name: str) -> AbstractContextManager[Any]:
        context = self.execution_context.context
        return context.app.observer.span(name) if isinstance(context, Context) else nullcontext()


@dataclass(frozen=True, eq=False)
class Known:
    """A document that was parsed and validated: its operations, or what is wrong with it."""

    schema: GraphQLSchema
    document: DocumentNode
    errors: tuple[GraphQLError, ...]
    operations: Mapping[str | None, OperationDefinitionNode]
    fragments: Fragments
    digest: str = ""  # of its text: what a log tells
    introspects: bool = False
    prices: dict[Any, Price] = field(default_factory=dict)
    plans: dict[Any, Any] = field(default_factory=dict)


class Documents:
    """The documents of one application that were asked last: a few long ones, or many short ones."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._tokens = 0
        self._answers: OrderedDict[tuple[Known, str | None], ExecutionResult] = OrderedDict()

    def read(self, schema: GraphQLSchema, text: str) -> Known:
        """The document of this text. Raises GraphQLError if it is none, or is too long or too deep to be read."""
        if (known := self._known.get(text)) is not None:
            self._known.move_to_end(text)
            return known
        known = read(schema, text)
        if known.errors:
            return known  # whoever sends one wrong document after the other takes no room from the right ones
        self._known[text] = known
        self._tokens += known.document.token_count
        while self._tokens > LIMITS.kept_tokens:
            _, oldest = self._known.popitem(last=False)
            self._tokens -= oldest.document.token_count
        return known

    def answer(self, known: Known, name: str | None) -> ExecutionResult | None:
        """What the schema says of itself; None if this operation asks anything else.

        It is found without a viewer, so that nothing which is not the same for everyone can be kept.
        """
        operation = known.operations[name]
        if not known.introspects or operation.variable_definitions:
            return None
        if not introspection.THE_SAME_FOR_ALL.issuperset(_roots(operation, known.fragments)):
            return None
        if (told := self._answers.get((known, name))) is None:
            told = self._answers[known, name] = execute_sync(known.schema, known.document, operation_name=name)
        self._answers.move_to_end((known, name))
        while len(self._answers) > LIMITS.kept_answers:
            self._answers.popitem(last=False)
        return told


def read(schema: GraphQLSchema, text: str) -> Known:
    """The document of this text. Raises GraphQLError if it is none, or is too long or too deep to be read."""
    if len(text) > LIMITS.document:
        raise bad("TOO_LARGE", f"A document has {LIMITS.document} characters at most: put long texts in variables.")
    document = parse(text, max_lexical_tokens=LIMITS.tokens)
    operations, fragments = dict[str | None, OperationDefinitionNode](), dict[str, FragmentDefinitionNode]()
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode):
            operations[one.name.value if one.name else None] = one
        elif isinstance(one, FragmentDefinitionNode):
            fragments[one.name.value] = one
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    wrong, introspects = _wrong(schema, document, fragments), bool(introspection.questions(document))
    return Known(schema, document, wrong, operations, fragments, digest, introspects)


def _wrong(schema: GraphQLSchema, document: DocumentNode, fragments: Fragments) -> tuple[GraphQLError, ...]:
    if (problem := _too_much(document, fragments)) is not None:
        return (problem,)
    try:
        errors = validate(schema, document, RULES, max_errors=LIMITS.errors, hide_suggestions=True)
        errors += [*_twice(schema, document, fragments), *_too_curious(document, fragments)] if not errors else []
    except RecursionError:
        return (bad("TOO_DEEP", "The document is nested too deeply."),)
    return tuple(coded(one, "VALIDATION_FAILED") for one in errors[: LIMITS.errors])


def _too_much(document: DocumentNode, fragments: Fragments) -> GraphQLError | None:
    """What exceeds a limit, whatever the schema says."""
    found = measure(document, fragments)
    if found.depth > LIMITS.depth:
        return bad("TOO_DEEP", f"Fields are nested {found.depth} deep, and {LIMITS.depth} is the most: ask in steps.")
    if found.aliases > LIMITS.aliases:
        return bad(
            "TOO_MANY_ALIASES",
            f"{LIMITS.aliases} aliases are the most, fragments included: send two documents.",
        )
    if found.repeats > LIMITS.repeats:
        again = (
            f"{found.repeats} fields are said again where they stand, and {LIMITS.repeats} is the most: say each once."
        )
        return bad("TOO_MANY_ALIASES", again)
    if found.directives > LIMITS.directives or found.directives_at_once > LIMITS.directives_at_once:
        most = f"{LIMITS.directives_at_once} directives at one place and {LIMITS.directives} in all are the most."
        return bad("TOO_MANY_DIRECTIVES", most)
    return None


def _too_curious(document: DocumentNode, fragments: Fragments) -> list[GraphQLError]:
    """The schema is asked about itself once, plainly: a document could have it told many times over."""
    asked = introspection.questions(document)
    if not any(introspection.is_too_much(one, fragments) for one in asked):
        return []
    message = "Introspection takes no aliases, and no lists of fields or types within others: ask in steps."
    return [bad("TOO_COSTLY", message)]


def _twice(schema: GraphQLSchema, document: DocumentNode, fragments: Fragments) -> list[GraphQLError]:
    """Mutations that take or give a secret stand once in a document, so that nobody tries many secrets with one."""
    names = [name for one in document.definitions for name in _changes(one, fragments)]
    fields: Any = schema.mutation_type.fields if schema.mutation_type else {}
    problems = []
    for name in sorted({name for name in names if names.count(name) > 1}):
        declared = fields[name].extensions.get("strawberry-definition")
        if isinstance(declared, MappedField) and isinstance(declared.source, Change) and declared.source.secret:
            problems.append(bad("FORBIDDEN", f"`{name}` may stand once in a document: send another one."))
    return problems


def _changes(definition: Any, fragments: Fragments) -> list[str]:
    """The names of the mutations that an operation calls, as often as it calls them."""
    changes = isinstance(definition, OperationDefinitionNode) and definition.operation is OperationType.MUTATION
    return _roots(definition, fragments) if changes else []


def _roots(operation: OperationDefinitionNode, fragments: Fragments) -> list[str]:
    """The names of the fields that an operation asks of the root, as often as it asks for them."""
    found: dict[str, str] = {}
    seen: set[str] = set()

    def collect(selections: SelectionSetNode) -> None:
        for one in selections.selections:
            if isinstance(one, FieldNode):
                found[one.alias.value if one.alias else one.name.value] = one.name.value
            elif (spread := getattr(one, "name", None)) is None:
                collect(one.selection_set)  # type: ignore[attr-defined]
            elif spread.value not in seen and spread.value in fragments:
                seen.add(spread.value)
                collect(fragments[spread.value].selection_set)

    collect(operation.selection_set)
    return list(found.values())


def _too_costly(known: Known, name: str | None, variables: Mapping[str, Any]) -> GraphQLError | None:
    sizes = {key: _size(value) for key, value in variables.items() if isinstance(value, int | float | list)}
    key = name, frozenset(sizes.items())
    if key not in known.prices:
        if len(known.prices) >= PRICES:
            known.prices.clear()
        known.prices[key] = price(known.schema, known.operations[name], known.fragments, sizes)
    found = known.prices[key]
    if found.reads > LIMITS.reads:
        message = f"The document reads {min(found.reads, 10**12)} objects and lists, fragments included, and "
        message += f"{LIMITS.reads} is the most (`viewerCan`, and what may be of any type, count for "
        message += f"{LIMITS.reads_of_many}): ask in steps."
    elif found.values > LIMITS.values:
        message = f"The answer could hold {min(found.values, 10**12)} values, and {LIMITS.values} is the most: "
        message += "ask for fewer with `first`, or for fewer fields."
    else:
        return None
    return bad("TOO_COSTLY", message)


def _size(value: float | list[Any]) -> int:
    return len(value) if isinstance(value, list) else int(min(max(value, 0), 10**6))


def _too_often(known: Known, name: str | None, context: Any) -> GraphQLError | None:
    """Mutations are counted one by one, however many a document holds; and introspection, which costs much.

    Only over HTTP, where there is an address.
    """
    if not isinstance(context, Context) or not context.address:
        return None
    limits, minute = context.app.settings.limits, timedelta(minutes=1)
    changes = len(_changes(known.operations[name], known.fragments))
    for what, times, most in (
        ("changes", changes, limits.mutations_per_minute),
        ("introspections", int(known.introspects), limits.introspections_per_minute),
    ):
        wait = times and context.app.rates.wait(f"{what} {context.actor.id or context.address}", most, minute, times)
        if wait:
            return bad("RATE_LIMITED", f"{most} {what} a minute are the most: wait {wait} seconds.", retryAfter=wait)
    return None
