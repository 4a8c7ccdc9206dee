"""A schema that could not be answered or guarded is refused at start, with the place and the remedy."""

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
import strawberry
from sqlmodel import Field, SQLModel

from hemicycle.api import (
    Action,
    Actor,
    Connection,
    Contribution,
    ContributionFilter,
    ContributionRow,
    Mutation,
    Node,
    SchemaPart,
    Searchable,
    Session,
    Subscription,
    Supportable,
    Utc,
    ascending,
    column,
    computed,
    connection,
    count,
    live,
    mapped,
    mutation,
    new_id,
    to_any,
    to_one,
    value,
)
from hemicycle.testing import a_plugin, refusal, start


class ThingRow(SQLModel, table=True):
    __tablename__ = "checks_thing"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    contribution_id: UUID = Field(foreign_key="core_contribution.id")
    words: str | None = None
    at: datetime | None = Field(default=None, sa_type=Utc)


class OtherRow(SQLModel, table=True):
    __tablename__ = "checks_other"

    id: UUID = Field(default_factory=new_id, primary_key=True)


@strawberry.enum(description="Orders of things.")
class ThingOrder(Enum):
    ANY = ascending("Any.", lambda row: row.id)


@strawberry.enum(description="Orders of things.")
class WhenOrder(Enum):
    WHEN = ascending("By when.", lambda row: row.at)


def a_class(name: str, *bases: type, **fields: Any) -> type:
    """A class with annotated fields: `words=(str | None, column("…"))`."""
    space: dict[str, Any] = {field: it for field, (_, it) in fields.items()}
    annotations = {field: type_ for field, (type_, _) in fields.items()}
    return type(name, bases, {**space, "__annotations__": annotations, "__module__": __name__})


def thing(**fields: Any) -> type:
    """A type over the table, with these fields."""
    through = ("contribution_id", ContributionRow)
    return mapped(ThingRow, "A thing.", visible_through=through)(a_class("Thing", Node, **fields))


def owning(*types: type, **hooks: Any) -> Any:
    """A plugin that owns these types."""
    return a_plugin("checks", extend_schema=lambda: SchemaPart(types=types), **hooks)


def extending(target: type, *types: type, **fields: Any) -> Any:
    """A plugin that extends a type with these fields, and owns these types."""
    part = SchemaPart(extend={target: strawberry.type(a_class("Extension", **fields))}, types=types)
    return a_plugin("checks", extend_schema=lambda: part)


def things(order: Any) -> Any:
    """A connection of things."""
    return Connection[THING], connection("The things on it.", by="contribution_id", order=order)  # type: ignore[valid-type]


THING = thing(words=(str | None, column("What it says.")))


async def touch(session: Session, actor: Actor, *, words: str) -> ThingRow:
    raise NotImplementedError


@strawberry.input(description="Which.")
class TouchInput:
    words: str = value("Words.")


def test_a_type_that_is_in_order_starts() -> None:
    assert "type Thing implements Node" in start(owning(THING)).schema.as_str()


COLUMNS = "checks_thing has no column '{}', only id, contribution_id, words, at."


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ((str | None, column("Text.")), "Thing.it: " + COLUMNS.format("it")),
        ((str | None, column("Text.", "text")), "Thing.it: " + COLUMNS.format("text")),
        ((str | None, computed("Text.", lambda text: text, needs=["text"])), "Thing.it: " + COLUMNS.format("text")),
        ((Contribution | None, to_one("What.", by="target_id")), "Thing.it: " + COLUMNS.format("target_id")),
        ((Node | None, to_any("What.", type="kind", by="id")), "Thing.it: " + COLUMNS.format("kind")),
        ((str | None, column("", "words")), "Thing.it has no description: say what it is."),
        ((str | None, column("Text.", "words", requires="thing.read")),
         "Thing.it requires 'thing.read', an action nobody declares."),
        ((str | None, strawberry.field(description="By hand.")),
         "Thing.it says no source: declare it with column(…), computed(…), to_one(…)."),
        ((Connection[Contribution], connection("Them.", by="thing_id", order=ThingOrder.ANY)),
         "Thing.it: core_contribution has no column 'thing_id'."),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_answered_is_refused(field: Any, said: str) -> None:
    assert said in refusal(owning(thing(it=field))).splitlines()


def test_every_problem_is_told_at_once() -> None:
    wrong = thing(one=(str | None, column("One.")), two=(str | None, column("Two.")))
    said = [f"Thing.{name}: {COLUMNS.format(name)}" for name in ("one", "two")]
    assert refusal(owning(wrong)).splitlines() == said


def test_a_guarded_field_must_be_able_to_be_null() -> None:
    said = refusal(extending(Contribution, THING, many=(int, count("How many.", THING, by="contribution_id"))))
    assert said == "Contribution.many may answer null (checks): make its type optional."


def test_a_count_is_of_a_known_type_by_a_known_column() -> None:
    said = refusal(extending(Contribution, THING, many=(int | None, count("How many.", THING, by="target_id"))))
    assert said == "Contribution.many: " + COLUMNS.format("target_id")
    said = refusal(extending(Contribution, many=(int | None, count("How many.", THING, by="contribution_id"))))
    assert said == "Contribution.many counts Thing, which no enabled module owns (SchemaPart.types)."


def test_a_connection_is_of_a_type_that_a_module_owns() -> None:
    said = refusal(extending(Contribution, things=things(ThingOrder.ANY)))
    assert said == (
        "Contribution.things: ThingConnection is not a connection of a type that a module owns (SchemaPart.types)."
    )


def test_an_order_by_what_may_be_null_is_refused() -> None:
    said = refusal(extending(Contribution, THING, things=things(WhenOrder.WHEN)))
    assert said == "Contribution.things: order WHEN uses checks_thing.at, which may be null: order keys are NOT NULL."


def test_an_order_that_a_cursor_cannot_carry_is_refused() -> None:
    @strawberry.enum(description="Orders.")
    class ByCategories(Enum):
        CATEGORIES = ascending("By categories.", lambda row: row.categories)

    field = (Connection[Contribution], connection("Them.", by="parent_id", order=ByCategories.CATEGORIES))
    said = refusal(extending(Contribution, others=field))
    assert said.startswith("Contribution.others: order CATEGORIES is by JSON(")
    assert said.endswith("which a cursor cannot carry.")


def test_a_filter_that_says_no_sql_is_refused() -> None:
    @strawberry.input
    class MoreFilters:
        nice: bool | None = value("Nice ones.", strawberry.UNSET)

    part = SchemaPart(extend={ContributionFilter: MoreFilters})
    said = refusal(a_plugin("checks", extend_schema=lambda: part)).splitlines()
    assert "Space.contributions: the filter nice says no SQL: declare it with where(…)." in said


def test_a_mutation_without_a_declared_action_is_refused() -> None:
    @strawberry.type
    class OnMutation:
        @strawberry.field(description="Whatever.")
        def touch(self) -> bool:
            return True

    part = SchemaPart(extend={Mutation: OnMutation})
    said = refusal(a_plugin("checks", extend_schema=lambda: part))
    assert said == "Mutation.touch has no declared permission: declare it with mutation(…, action=…)."


def test_a_mutation_with_an_unknown_action_is_refused() -> None:
    field = (THING, mutation("Touch.", touch, TouchInput, action="checks.touch"))
    said = refusal(extending(Mutation, THING, touch=field))
    assert said == "Mutation.touch requires 'checks.touch', an action nobody declares."


def test_a_subscription_without_declared_events_is_refused() -> None:
    @strawberry.type
    class OnSubscription:
        @strawberry.subscription(description="Whatever.")
        async def touched(self) -> bool:
            return True

    part = SchemaPart(extend={Subscription: OnSubscription})
    said = refusal(a_plugin("checks", extend_schema=lambda: part)).splitlines()
    assert "Subscription.touched has no declared permission: declare it with live(…)." in said


def test_a_subscription_to_an_unknown_event_is_refused() -> None:
    said = refusal(extending(Subscription, THING, touched=(THING, live("Touches.", "checks.touched"))))
    assert said == "Subscription.touched tells of 'checks.touched', an event nobody declares."


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("Thing: " + COLUMNS.format("space_id"), {"scope": "space_id"}),
        ("Thing: " + COLUMNS.format("author_id"), {"own": "author_id"}),
    ],
)
def test_a_type_names_columns_of_its_table(said: str, options: dict[str, str]) -> None:
    made = mapped(ThingRow, "A thing.", visible=lambda row: row.id.is_not(None), **options)(a_class("Thing", Node))
    assert refusal(owning(made)) == said


def test_a_type_is_visible_through_one_that_is_there() -> None:
    made = mapped(ThingRow, "A thing.", visible_through=("contribution_id", OtherRow))(a_class("Thing", Node))
    assert refusal(owning(made)) == "Thing is visible through OtherRow, which no enabled module maps."


@pytest.mark.parametrize("kind", [Searchable, Supportable])
def test_what_is_declared_of_a_type_names_it_as_graphql_does(kind: type) -> None:
    hook = f"declare_{kind.__name__.lower()}"
    for name in ("Thing", "Motion"):
        hello = a_plugin("checks", **{hook: lambda name=name: [kind(name, "Things.", on=ThingRow)]})
        assert refusal(hello) == f"checks: the {kind.__name__} {name} is not the GraphQL type of ThingRow."


def test_an_action_on_ones_own_needs_a_type_that_says_whose_a_row_is() -> None:
    actions = [Action("checks.touch", "Touch it.", ThingRow, own=True)]
    said = refusal(owning(THING, declare_actions=lambda: actions))
    assert said.startswith("action checks.touch asks whose a row is: say it with @mapped(")
