"""One schema of many parts: what plugins add is there, works, and is named when it cannot be."""

from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from sqlmodel import Field, SQLModel

from hemicycle.api import (
    Action,
    Actor,
    Contribution,
    ContributionFilter,
    ContributionOrder,
    ContributionRow,
    Mutation,
    Node,
    SchemaPart,
    Session,
    ascending,
    column,
    computed,
    descending,
    mapped,
    mutation,
    new_id,
    value,
    where,
)
from hemicycle.testing import World, a_plugin, open_world, refusal, start


class LoneRow(SQLModel, table=True):
    __tablename__ = "compose_lone"

    id: UUID = Field(default_factory=new_id, primary_key=True)


@strawberry.type
class OnContribution:
    shout: str | None = computed("Its title, louder.", lambda title: title.upper(), needs=[lambda row: row.kind])


@strawberry.input
class OnContributionFilter:
    in_language: str | None = where("In this language.", lambda row, language: row.language == language)


@strawberry.enum
class OnContributionOrder(Enum):
    BY_LANGUAGE = ascending("By language.", lambda row: row.language)


async def say(session: Session, actor: Actor, *, words: str) -> ContributionRow:
    raise AssertionError("only its signature is looked at")


def extending(name: str, types: tuple[type, ...] = (), **extend: Any) -> Any:
    """A plugin that extends these types of the core, by their names."""
    every: list[Any] = [Contribution, ContributionFilter, ContributionOrder, ContributionRow, Mutation]
    known = {one.__name__: one for one in every}
    part = SchemaPart(extend={known[target]: it for target, it in extend.items()}, types=types)
    return a_plugin(name, extend_schema=lambda: part)


LOUD = extending(
    "loud", Contribution=OnContribution, ContributionFilter=OnContributionFilter, ContributionOrder=OnContributionOrder
)
ASKED = """query($filter: ContributionFilter) {
    contributions(filter: $filter, order: BY_LANGUAGE) { totalCount nodes { shout } } }"""


async def test_types_inputs_and_enums_are_extended_alike(database_url: str) -> None:
    async with open_world(database_url, given=[LOUD]) as world:
        every = await world.ask(ASKED)
        assert {one["shout"] for one in every["contributions"]["nodes"]} == {"IDEA", "COMMENT"}
        french = await world.ask(ASKED, filter={"inLanguage": "fr"})
        assert french == every
        breton = await world.ask(ASKED, filter={"inLanguage": "br"})
        assert breton["contributions"] == {"totalCount": 0, "nodes": []}


async def test_an_application_without_the_plugin_knows_nothing_of_it(world: World) -> None:
    assert start(LOUD).schema.as_str() != world.app.schema.as_str()
    assert set(await world.errors(ASKED)) == {"VALIDATION_FAILED"}


async def test_a_plugin_extends_by_name_what_it_only_knows_from_a_declaration() -> None:
    part = SchemaPart(extend_named={"Contribution": OnContribution})
    assert "shout: String" in start(a_plugin("loud", extend_schema=lambda: part)).schema.as_str()
    wrong = SchemaPart(extend_named={"Motion": OnContribution})
    said = refusal(a_plugin("loud", extend_schema=lambda: wrong))
    assert said == "loud extends Motion, which no enabled module owns: mend the name"


def test_two_owners_of_one_field_are_both_named() -> None:
    said = refusal(extending("one", Contribution=OnContribution), extending("two", Contribution=OnContribution))
    assert said == "two and one both define Contribution.shout: rename one"


def test_two_owners_of_one_filter_are_both_named() -> None:
    added = {"ContributionFilter": OnContributionFilter}
    said = refusal(extending("one", **added), extending("two", **added))
    assert said == "two and one both define ContributionFilter.in_language: rename one"


def test_two_owners_of_one_order_are_both_named() -> None:
    added = {"ContributionOrder": OnContributionOrder}
    said = refusal(extending("one", **added), extending("two", **added))
    assert said == "two and one both define ContributionOrder.BY_LANGUAGE: rename one"


def test_a_field_of_the_core_cannot_be_replaced() -> None:
    @strawberry.type
    class Mine:
        title: str | None = column("Mine.")

    said = refusal(extending("one", Contribution=Mine))
    assert said == "one and its own module both define Contribution.title: rename one"


def test_two_owners_of_one_type_are_both_named() -> None:
    @mapped(LoneRow, "Another space.", visible=lambda row: row.id.is_not(None))
    class Space(Node):
        pass

    assert refusal(extending("one", (Space,))) == "one and spaces both own a type Space: rename one"


def test_two_inputs_of_one_name_are_refused_with_both_places() -> None:
    @strawberry.input(description="Another one.")
    class ContributeInput:
        words: str = value("Words.")

    @strawberry.type
    class OnMutation:
        say: Contribution = mutation("Say it.", say, ContributeInput, action="contribution.contribute")

    said = refusal(extending("one", Mutation=OnMutation))
    assert "hemicycle.contributions.mutations.ContributeInput" in said
    assert "test_compose" in said
    assert said.endswith("Type ContributeInput is defined multiple times in the schema: rename one")


def test_two_actions_of_one_name_in_the_api_are_refused() -> None:
    actions = [Action("one.say_it", "Say it."), Action("one.say.it", "Say it.")]
    said = refusal(a_plugin("one", declare_actions=lambda: actions))
    assert said == "'one.say_it' and 'one.say.it' are both ONE_SAY_IT in ActionName: rename one"


def test_an_extension_of_what_nothing_leads_to_is_refused() -> None:
    @strawberry.type(description="Nobody's.")
    class Nowhere:
        here: bool = strawberry.field(description="It is not.")

    @strawberry.input(description="Nobody's.")
    class NowhereFilter:
        here: bool | None = where("It is not.", lambda row, yes: yes)

    @strawberry.enum(description="Nobody's.")
    class NowhereOrder(Enum):
        ANY = descending("It is not.", lambda row: row.id)

    for target, extension in [
        (Nowhere, OnContribution),
        (NowhereFilter, OnContributionFilter),
        (NowhereOrder, OnContributionOrder),
    ]:
        part = SchemaPart(extend={target: extension})
        said = refusal(a_plugin("one", extend_schema=lambda part=part: part))
        assert said == f"one extends {target.__name__}, to which no field leads: enable its owner"


def test_what_is_no_graphql_type_cannot_be_extended() -> None:
    said = refusal(extending("one", ContributionRow=OnContribution))
    assert said == "one extends ContributionRow, which is no GraphQL type: mend it"


def test_an_extension_that_is_not_decorated_is_refused() -> None:
    class Bare:
        pass

    class BareEnum(Enum):
        ANY = 1

    told = "which is no Strawberry type: decorate it with @strawberry"
    assert refusal(extending("one", Contribution=Bare)) == f"one extends Contribution with Bare, {told}.type"
    assert (
        refusal(extending("one", ContributionFilter=Bare)) == f"one extends ContributionFilter with Bare, {told}.input"
    )
    for wrong in (Bare, BareEnum):
        said = refusal(extending("one", ContributionOrder=wrong))
        name = wrong.__name__
        assert said == f"one extends ContributionOrder with {name}: make it an Enum, with @strawberry.enum"


def test_two_types_of_one_table_are_refused() -> None:
    @mapped(ContributionRow, "The same, again.", visible=lambda row: row.id.is_not(None))
    class Twin(Node):
        pass

    said = refusal(extending("one", (Twin,)))
    assert said == "one: core_contribution is mapped by Contribution already: one type a table"


def test_an_annotation_that_is_no_type_is_refused() -> None:
    @strawberry.type
    class OnDict:
        kinds: dict[str, int] | None = column("Kinds.", "kind")

    said = refusal(extending("one", Contribution=OnDict))
    assert said.startswith("The schema cannot be made: ")
    assert "dict" in said
    assert said.endswith(": correct the annotation there.")


async def test_whether_an_input_takes_one_of_its_fields_can_be_asked_of_each_type(world: World) -> None:
    """Strawberry looks it up where there is nothing: a list, and what is not null."""
    known = await world.ask(
        '{ __type(name: "Space") { isOneOf fields { name type { kind isOneOf ofType { isOneOf } } } } }'
    )
    wraps = {one["type"]["kind"]: one["type"]["isOneOf"] for one in known["__type"]["fields"]}
    assert (known["__type"]["isOneOf"], wraps["NON_NULL"], wraps["OBJECT"]) == (None, None, None)
    asked = await world.ask('{ __type(name: "ContributionFilter") { isOneOf } }')
    assert asked["__type"]["isOneOf"] is False
