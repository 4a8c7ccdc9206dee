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
    ParticipantRow,
    Query,
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
    one,
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


class HomelessRow(SQLModel, table=True):
    """It lives in no space, and in nothing that does."""

    __tablename__ = "checks_homeless"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="core_participant.id")
    thing_id: UUID = Field(foreign_key="checks_thing.id")


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
    raise AssertionError("only its signature is looked at")


@strawberry.input(description="Which.")
class TouchInput:
    words: str = value("Words.")


def test_a_type_that_is_in_order_starts() -> None:
    assert "type Thing implements Node" in start(owning(THING)).schema.as_str()


THING_HAS = "id, contribution_id, words, at"
HERE = "checks: Thing.it"


def field(annotation: Any, it: Any) -> Any:
    """A plugin that owns a type with this field."""
    return owning(thing(it=(annotation, it)))


def on_contribution(annotation: Any, it: Any, *types: type) -> Any:
    """A plugin that adds this field to contributions."""
    return extending(Contribution, *types, it=(annotation, it))


def seen(**said: Any) -> Any:
    """A plugin whose type is seen as it is said."""
    return owning(mapped(said.pop("table", ThingRow), "A thing.", **said)(a_class("Thing", Node)))


def anyone(row: Any) -> Any:
    return row.id.is_not(None)


@strawberry.enum(description="Orders.")
class ByCategories(Enum):
    CATEGORIES = ascending("By categories.", lambda row: row.categories)


@strawberry.enum(description="Orders.")
class Unsaid(Enum):
    ANY = ascending("", lambda row: row.id)


@strawberry.input
class MoreFilters:
    nice: bool | None = value("Nice ones.", strawberry.UNSET)


@strawberry.type
class ByHand:
    @strawberry.field(description="Whatever.")
    def touch(self) -> bool:
        return True


@strawberry.type
class HeardByHand:
    @strawberry.subscription(description="Whatever.")
    async def touched(self) -> bool:
        return True


def adding(target: type, extension: type, **hooks: Any) -> Any:
    return a_plugin("checks", extend_schema=lambda: SchemaPart(extend={target: extension}), **hooks)


def acting(*actions: Action, types: tuple[type, ...] = (THING,)) -> Any:
    return owning(*types, declare_actions=lambda: actions and list(actions))


def touching(action: str) -> Any:
    some = [Action("checks.look", "Look at it.", ThingRow)]
    fields = {"touch": (THING, mutation("Touch.", touch, TouchInput, action=action))}
    part = SchemaPart(extend={Mutation: strawberry.type(a_class("Extension", **fields))}, types=(THING,))
    return a_plugin("checks", extend_schema=lambda: part, declare_actions=lambda: some)


def things_by(order: Any) -> Any:
    return on_contribution(*things(order), THING)


REFUSED: list[tuple[Any, str]] = [
    # columns: the place, the table, and what is there
    (field(str | None, column("Text.")), f"{HERE}: checks_thing has no column 'it': name one of {THING_HAS}."),
    (field(str | None, column("Text.", "text")),
     f"{HERE}: checks_thing has no column 'text': name one of {THING_HAS}."),
    (field(str | None, computed("Text.", lambda text: text, needs=["text"])),
     f"{HERE}: checks_thing has no column 'text': name one of {THING_HAS}."),
    (field(Contribution | None, to_one("What.", by="target_id")),
     f"{HERE}: checks_thing has no column 'target_id': name one of {THING_HAS}."),
    (field(Node | None, to_any("What.", type="kind", by="id")),
     f"{HERE}: checks_thing has no column 'kind': name one of {THING_HAS}."),
    (field(Connection[Contribution], connection("Them.", by="thing_id", order=ThingOrder.ANY)),
     f"{HERE}: core_contribution has no column 'thing_id': name one of id, "),
    (on_contribution(int | None, count("How many.", THING, by="target_id"), THING),
     f"checks: Contribution.it: checks_thing has no column 'target_id': name one of {THING_HAS}."),
    (extending(Query, THING, thing=(THING | None, one("One.", by="name", argument_description="Its name."))),
     f"checks: Query.thing: checks_thing has no column 'name': name one of {THING_HAS}."),
    (seen(visible=anyone, scope="space_id"),
     f"checks: Thing: checks_thing has no column 'space_id': name one of {THING_HAS}."),
    (seen(visible_through=("contribution_id", ContributionRow), own="author_id"),
     f"checks: Thing: checks_thing has no column 'author_id': name one of {THING_HAS}."),
    # types: which one nobody has, and where to add it
    (on_contribution(int | None, count("How many.", THING, by="contribution_id")),
     "checks: Contribution.it counts Thing, which no enabled module owns: add it to SchemaPart.types."),
    (on_contribution(*things(ThingOrder.ANY)),
     ("checks: Contribution.it: ThingConnection is no connection of a type that a module owns: add it to "
     "SchemaPart.types.")),
    (on_contribution(THING | None, to_one("Which.", by="parent_id")),
     "checks: Contribution.it: Thing is not a type that a module owns: make it one (@mapped, SchemaPart.types)."),
    (seen(visible_through=("contribution_id", OtherRow)),
     "checks: Thing is visible through OtherRow, which no type is mapped to: map it, or require its owner."),
    # where a plugin is not active
    (seen(visible=anyone),
     ("checks: Thing does not say in which space its rows live, so it would answer where checks is not active: say "
     "@mapped(…, scope=…), their column of a space, or visible_through= something in a space.")),
    (seen(table=HomelessRow, visible_through=("person_id", ParticipantRow)),
     "checks: Thing does not say in which space its rows live, so"),
    (seen(table=HomelessRow, visible_through=("thing_id", HomelessRow)),
     "checks: Thing does not say in which space its rows live, so"),
    # descriptions
    (field(str | None, column("", "words")), f"{HERE} has no description: say what it is."),
    (on_contribution(str | None, column("", "id")), "checks: Contribution.it has no description: say what it is."),
    (things_by(Unsaid.ANY), f"{__name__}: Unsaid.ANY has no description: say what it means."),
    # sources, and what a cursor carries
    (field(str | None, strawberry.field(description="By hand.")),
     f"{HERE} says no source: declare it with column(…), computed(…), to_one(…)."),
    (on_contribution(int, count("How many.", THING, by="contribution_id"), THING),
     "checks: Contribution.it may answer null (checks): make its type optional."),
    (things_by(WhenOrder.WHEN),
     "checks: Contribution.it: order WHEN uses checks_thing.at, which may be null: order keys are NOT NULL."),
    (on_contribution(Connection[Contribution], connection("Them.", by="parent_id", order=ByCategories.CATEGORIES)),
     "checks: Contribution.it: order CATEGORIES is by JSON("),
    (adding(ContributionFilter, MoreFilters),
     "checks: Space.contributions: the filter nice says no SQL: declare it with where(…)."),
    # permissions and events
    (adding(Mutation, ByHand),
     "checks: Mutation.touch has no declared permission: declare it with mutation(…, action=…)."),
    (adding(Subscription, HeardByHand),
     "checks: Subscription.touched has no declared permission: declare it with live(…)."),
    (field(str | None, column("Text.", "words", requires="thing.read")),
     f"{HERE} requires 'thing.read', an action nobody declares: declare it, or name one of contribution.approve, "),
    (touching("checks.touch"),
     ("checks: Mutation.touch requires 'checks.touch', an action nobody declares: declare it, or name one of "
     "checks.look.")),
    (extending(Subscription, THING, touched=(THING, live("Touches.", "contribution.touched"))),
     ("checks: Subscription.touched tells of 'contribution.touched', an event nobody declares: declare it, or name one "
     "of contribution.")),
    (acting(Action("checks.touch", "Touch it.", ThingRow, own=True)),
     ("checks: the action checks.touch asks whose a row is: say it with @mapped(ThingRow, own=…), the column of its "
     "owner.")),
    (acting(Action("checks.touch", "Touch it.", own=True)),
     ("checks: the action checks.touch asks whose a row is: say it with Action(…, on=…), and @mapped(…, own=…), the "
     "column of its owner.")),
    (acting(Action("checks.touch", "Touch it.", OtherRow)),
     "checks: the action checks.touch is done to OtherRow, which no type is mapped to: map it (SchemaPart.types)."),
    (acting(Action("checks.touch", "Touch it.", roles=["wizard"])),
     "checks: the action checks.touch: there is no role 'wizard'; there are: administrator, "),
    (acting(Action("checks.touch", "Touch it.", criteria=[("tall", {})])),
     "checks: the action checks.touch: there is no criterion 'tall'; there are: none"),
]  # fmt: skip


@pytest.mark.parametrize(("plugin", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_is_wrong_is_refused_with_its_owner_its_place_and_the_remedy(plugin: Any, said: str) -> None:
    lines = refusal(plugin).splitlines()
    assert any(line.startswith(said) for line in lines), lines


def test_every_problem_is_told_at_once() -> None:
    wrong = thing(one=(str | None, column("One.")), two=(str | None, column("Two.")))
    said = [
        f"checks: Thing.{name}: checks_thing has no column '{name}': name one of {THING_HAS}."
        for name in ("one", "two")
    ]
    assert refusal(owning(wrong)).splitlines() == said


@pytest.mark.parametrize("kind", [Searchable, Supportable])
def test_what_is_declared_of_a_type_names_it_as_graphql_does(kind: type) -> None:
    hook = f"declare_{kind.__name__.lower()}"
    wrong = owning(THING, **{hook: lambda: [kind("Motion", "Things.", on=ThingRow)]})
    said = f"checks: the {kind.__name__} Motion is not the GraphQL type of ThingRow: "
    assert refusal(wrong) == said + "call it Thing."
    lost = a_plugin("checks", **{hook: lambda: [kind("Motion", "Things.", on=ThingRow)]})
    assert refusal(lost) == said + "map it (@mapped, SchemaPart.types)."


def test_what_is_supported_lives_in_a_space() -> None:
    wrong = owning(THING, declare_supportable=lambda: [Supportable("Thing", "Things.", on=ThingRow)])
    assert refusal(wrong) == "checks: the Supportable Thing lives in no space: say @mapped(…, scope=…), its column."


def test_a_table_tells_whose_it_is() -> None:
    """Every one of the package of a plugin: here, of this module."""
    here = a_plugin("here")
    here.__name__ = __name__
    name = __name__.rpartition(".")[2]
    assert refusal(here).splitlines()[:3] == [
        f"{name}: the table checks_{one.lower()} of {__name__}.{one}Row does not say whose it is: call it {name}_…"
        for one in ("Thing", "Homeless", "Other")
    ]
