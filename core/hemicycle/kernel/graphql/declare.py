"""How an author says where each field comes from: the annotation is the GraphQL type, the value its source."""

from collections.abc import Callable, Sequence
from inspect import Parameter, signature
from typing import Any, TypeVar, dataclass_transform

import strawberry
from sqlalchemy import ColumnElement, select
from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from hemicycle.kernel.db.dialect import VIEWER, table_of
from hemicycle.kernel.graphql import sources
from hemicycle.kernel.graphql.enums import Scope
from hemicycle.kernel.graphql.sources import Condition, Expression, Mapping, Order, Predicate, Row, Source, Where

T = TypeVar("T", bound=type)

PAGING = {
    "first": "How many, from the start: 20 if not said, 100 at most.",
    "after": "Only what follows this cursor.",
    "last": "How many, from the end: 100 at most.",
    "before": "Only what precedes this cursor.",
}
"""The arguments of every connection, and what each is."""


class MappedField(StrawberryField):
    """A Strawberry field that knows its source. The kernel resolves it."""

    source: Source
    owner: str | None = None  # the module that extends a type with it

    def __copy__(self) -> "MappedField":
        copied = super().__copy__()
        assert isinstance(copied, MappedField)
        copied.source, copied.owner = self.source, self.owner
        return copied


class InputField(StrawberryField):
    """A field of an input that knows the SQL it means (a filter), or what its ids may point to."""

    where: Where | None = None
    owner: str | None = None
    points_to: tuple[type, ...] | None = None  # mapped types; (): any

    def __copy__(self) -> "InputField":
        copied = super().__copy__()
        assert isinstance(copied, InputField)
        copied.where, copied.owner, copied.points_to = self.where, self.owner, self.points_to
        return copied


def mapped(
    table: type,
    description: str,
    *,
    visible: Predicate | None = None,
    visible_through: tuple[str, type] | None = None,
    scope: str | None = None,
    own: str | Predicate | None = None,
    about: tuple[str, str] | None = None,
) -> Callable[[T], T]:
    """A GraphQL type backed by `table`.

    Who sees its rows: say `visible`, an SQL predicate over a row, or `visible_through` = (our foreign key, the parent's
    table class): whoever sees the parent. scope: the column of the space where a row lives. own: the column of its
    owner, or an SQL predicate over a row. about: our columns (type, id) of something that may be supported (a Ref):
    whoever does not see that does not see the row either, unless it is their own.
    """
    if (visible is None) == (visible_through is None):
        raise TypeError(f"{table.__name__}: declare either visible= or visible_through=")

    @dataclass_transform(kw_only_default=True)
    def decorate(cls: T) -> T:
        cls = strawberry.type(cls, description=description)
        mapping = Mapping(
            table=table.__table__,  # type: ignore[attr-defined]
            visible=visible,
            visible_through=visible_through,
            scope=scope,
            own=own,
            about=about,
        )
        cls.__mapping__ = mapping  # type: ignore[attr-defined]
        return cls

    return decorate


def identity() -> Any:
    """The global id."""
    return _field("The global id: give it to `node`.", sources.Identity())


def abilities(description: str) -> Any:
    """What the viewer may do to the object. The kernel adds it by itself to every type that an action acts on."""
    return _field(description, sources.Abilities())


def column(description: str, of: str | Expression | None = None, *, requires: str | None = None, reads: int = 0) -> Any:
    """A column of the table (the field's own name if not said), or SQL: `lambda row: …`.

    reads: for how many reads of a document it counts, where the SQL looks at many rows.
    """
    return _field(description, sources.Column(of=of, requires=requires, reads=reads))


def to_one(description: str, *, by: str | Expression, requires: str | None = None) -> Any:
    """Another mapped object, whose id our column `by` (or SQL: `lambda row: …`) holds. Null where it is not seen."""
    return _field(description, sources.ToOne(by=by, requires=requires))


def to_any(description: str, *, type: str, by: str, requires: str | None = None) -> Any:
    """An object of any type: our column `type` holds the GraphQL type's name, `by` its id. Null where not seen."""
    return _field(description, sources.ToAny(type=type, by=by, requires=requires))


def count(description: str, of: type, *, by: str) -> Any:
    """How many `of` hold our id in their column `by`, as far as the viewer sees them."""
    return _field(description, sources.Count(of=of, by=by))


def computed(
    description: str,
    function: Callable[..., Any],
    *,
    needs: Sequence[str | Expression],
    requires: str | None = None,
    arguments: dict[str, str] | None = None,
) -> Any:
    """A plain function: its first parameters are the columns (or SQL) `needs`, the others GraphQL arguments.

    A parameter named `app` gets the application. arguments: what each of the others is, in plain English.
    It is null where one of its columns is.
    """
    extra = [one for one in list(signature(function).parameters.values())[len(needs) :] if one.name != "app"]
    told = arguments or {}
    if bare := [one.name for one in extra if one.annotation is Parameter.empty]:
        raise TypeError(f"computed({description!r}): annotate {', '.join(bare)} with a type: it is a GraphQL argument")
    given = [argument(p.name, p.annotation, told.get(p.name), default=p.default) for p in extra]
    source = sources.Computed(function=function, needs=tuple(needs), requires=requires)
    return _field(description, source, given)


def connection(
    description: str,
    *,
    order: Any,
    by: str | Condition | None = None,
    subtree: Condition | None = None,
    filter: type | None = None,
    where: Predicate | None = None,
    given: dict[str, Where] | None = None,
    requires: str | None = None,
) -> Any:
    """Pages of rows whose column `by` holds our id, or SQL: `lambda row, holder: …`, where `holder` is our id.

    order: the default one; its enum offers the others.

    subtree: for a connection of a space, what "here and below" means: `lambda row, space: …`.
    """
    arguments = [
        argument(name, it.type, it.description, UNSET if it.otherwise else ...) for name, it in (given or {}).items()
    ]
    arguments += [
        argument("first", int | None, PAGING["first"], UNSET),
        argument("after", str | None, PAGING["after"], UNSET),
        argument("last", int | None, PAGING["last"], UNSET),
        argument("before", str | None, PAGING["before"], UNSET),
        argument("order", type(order) | None, "In which order.", UNSET),
    ]
    if filter is not None:
        arguments.append(argument("filter", filter | None, "Which ones.", UNSET))
    if subtree is not None:
        arguments.append(
            argument("scope", Scope | None, "This space alone (if not said), or its descendants too.", UNSET)
        )
    source = sources.Many(
        order=order, by=by, subtree=subtree, filter=filter, where=where, given=given or {}, requires=requires
    )
    return _field(description, source, arguments)


def one(description: str, *, by: str = "id", argument_description: str = "Its global id.") -> Any:
    """At the root: the object whose column `by` holds the argument of that name; null if there is none to be seen."""
    known = argument(by, strawberry.ID if by == "id" else str, argument_description)
    return _field(description, sources.One(by=by), [known])


def mutation(
    description: str, rule: Callable[..., Any], input: type | None, *, action: str, secret: bool = False
) -> Any:
    """A change: `rule(session, actor, **the input's fields)` is called in one transaction.

    The annotation is the type that the mutation answers with: a mapped type (the rule returns its row or its id), or a
    plain one (the rule returns it). The rule must authorize `action`; if it does not, the change is undone. A refusal
    that it raises undoes the change too; one that it returns leaves what it wrote: that a try failed, say.
    Mutations take an optional `idempotencyKey`, unless they return a `secret`.
    """
    arguments = [] if input is None else [argument("input", input, "What to change, and how.")]
    if not secret:
        told = "A text of yours (1 to 255 characters) that makes a retry act once; kept for 48 hours."
        arguments.append(argument("idempotency_key", str | None, told, UNSET))
    return _field(description, sources.Change(rule=rule, input=input, secret=secret, requires=action), arguments)


def live(description: str, *events: str) -> Any:
    """A subscription: each time one of `events` (every public one if none is said) happens in a space or below, its
    subject as the viewer sees it; or, where the annotation is the type of activities, what happened."""
    space = argument("space", strawberry.ID, "The space to listen to, with its descendants.")
    return _field(description, sources.Live(events=events), [space])


def where(description: str, condition: Condition, type: Any = None, otherwise: Predicate | None = None) -> Any:
    """A field of a filter input (or, with a `type`, an argument of a connection), and the SQL that it means."""
    it = Where(condition, description, type, otherwise)
    if type is not None:
        return it
    field = InputField(description=description, default=UNSET)
    field.where = it
    return field


def has_any(of: type, *, by: str, own: str | None = None) -> Condition:
    """For a filter of yes or no: whether a row of the table class `of` holds our id in its column `by`.

    own: its column of whom it belongs to: only rows of the viewer's own count.
    """

    def condition(row: Row, yes: bool) -> ColumnElement[bool]:
        found = _exists(of, row, by, own)
        return found if yes else ~found

    return condition


def has_own(of: type, *, by: str, own: str) -> Expression:
    """For a column of yes or no: whether a row of the viewer's own (column `own`) holds our id in its column `by`."""
    return lambda row: _exists(of, row, by, own)


def _exists(of: type, row: Row, by: str, own: str | None) -> ColumnElement[bool]:
    it = table_of(of).alias().c
    mine = [it[own] == VIEWER] if own else []
    return select(1).where(it[by] == row.id, *mine).correlate(row.id.table).exists()


def id_of(description: str, *types: type, optional: bool = False) -> Any:
    """A field of an input that takes a global id of one of `types` (of any, if none is said); the rule gets its key.

    With several types, or none said, the rule gets a `Ref`. An id of another type is refused as unknown.
    """
    field = InputField(description=description, **({"default": UNSET} if optional else {}))
    field.points_to = types
    return field


def value(description: str, default: Any = ...) -> Any:
    """A plain field of an input. Optional ones (`… | None`) are left out of the rule's arguments when not given."""
    return strawberry.field(description=description, **({} if default is ... else {"default": default}))


def ascending(description: str, *keys: Expression) -> Any:
    """A member of an orders enum: by these keys, the smallest first."""
    return strawberry.enum_value(Order(keys, descending=False), description=description)


def descending(description: str, *keys: Expression) -> Any:
    """A member of an orders enum: by these keys, the largest first."""
    return strawberry.enum_value(Order(keys, descending=True), description=description)


def argument(name: str, type: Any, description: str | None = None, default: Any = ...) -> StrawberryArgument:
    """One GraphQL argument."""
    known = {} if default in (..., Parameter.empty) else {"default": default}
    return StrawberryArgument(name, None, StrawberryAnnotation(type), description=description, **known)


def _field(description: str, source: Source, arguments: list[StrawberryArgument] | None = None) -> Any:
    field = MappedField(description=description)
    field.source, field.arguments = source, arguments or []
    return field
