"""Where a field comes from: plain data, read by the resolver, the documentation and the checks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause

Row = Any  # the columns of one aliased table: `row.title`
Predicate = Callable[[Row], ColumnElement[bool]]
Expression = Callable[[Row], ColumnElement[Any]]
Condition = Callable[[Row, Any], ColumnElement[bool]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Source:
    """Any source. `requires`: the action on the row that a viewer needs, or the field is null."""

    requires: str | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Identity(Source):
    """The global id, made of the type's name and the primary key."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Abilities(Source):
    """What the viewer may do to the object now: every action on its table."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Column(Source):
    """A column of the table, or SQL over its row."""

    of: str | Expression | None = None  # a column's name (that of the field if None), or SQL
    reads: int = 0  # for how many reads it counts


@dataclass(frozen=True, eq=False, kw_only=True)
class ToOne(Source):
    """Another mapped object, joined with its own visibility."""

    by: str | Expression  # our column that holds the other's id, or SQL


@dataclass(frozen=True, eq=False, kw_only=True)
class ToAny(Source):
    """An object of any type: a Ref, as two columns (type, id)."""

    type: str
    by: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Count(Source):
    """How many rows of a type hold our id, as far as the viewer sees them."""

    of: type  # the mapped type
    by: str  # its column that holds our id


@dataclass(frozen=True, eq=False, kw_only=True)
class Computed(Source):
    """A plain function of columns."""

    function: Callable[..., Any]
    needs: tuple[str | Expression, ...]  # columns or SQL, in the order of its first parameters


@dataclass(frozen=True, eq=False, kw_only=True)
class Many(Source):
    """A connection."""

    order: Any  # a member of the orders enum: the default one
    by: str | Condition | None = None  # the target's column that holds our id, or (row, our id); None: all of them
    subtree: Condition | None = None  # (row, our id): what `scope: SUBTREE` means
    filter: type | None = None
    where: Predicate | None = None  # always true of its rows
    given: dict[str, "Where"] = field(default_factory=dict)  # arguments beside the filter


@dataclass(frozen=True, eq=False, kw_only=True)
class One(Source):
    """At the root: the object whose column holds the argument."""

    by: str  # "id", or a unique column


@dataclass(frozen=True, eq=False, kw_only=True)
class Change(Source):
    """A mutation: a rule, the input that its arguments come from, the action that it authorizes."""

    rule: Callable[..., Any]
    input: type | None
    secret: bool  # it returns a secret: no idempotency key, nothing kept


@dataclass(frozen=True, eq=False, kw_only=True)
class Live(Source):
    """A subscription: each of these events in a space or below, as the object that it is about."""

    events: tuple[str, ...]  # none: every public event


@dataclass(frozen=True, eq=False)
class Where:
    """One filter: the SQL that a value of it means; `otherwise` is what its absence means."""

    condition: Condition
    description: str
    type: Any = None
    otherwise: Predicate | None = None


@dataclass(frozen=True, eq=False)
class Order:
    """One order: keys, NOT NULL, all in one direction; the id settles ties."""

    keys: tuple[Expression, ...]
    descending: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class Mapping:
    """A GraphQL type backed by a table."""

    table: FromClause
    visible: Predicate | None = None
    visible_through: tuple[str, type] | None = None  # (our foreign key, the parent's table class)
    scope: str | None = None  # the column that says in which space a row lives
    own: str | Predicate | None = None  # the column that says whose it is, or SQL
    about: tuple[str, str] | None = None  # our columns (type, id) of something that may be supported


def mapping_of(type_: type) -> Mapping:
    """The mapping of a mapped type."""
    mapping: Mapping = vars(type_)["__mapping__"]
    return mapping
