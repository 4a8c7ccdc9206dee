"""What an author declares: fields that know their source, described arguments, classes that serve many schemas."""

from copy import copy
from typing import Any

import pytest
import strawberry
from strawberry import UNSET

from hemicycle.api import (
    Action,
    Actor,
    Contribution,
    ContributionFilter,
    ContributionRow,
    Mutation,
    SchemaPart,
    Session,
    column,
    computed,
    has_any,
    has_own,
    id_of,
    live,
    mapped,
    mutation,
    one,
    value,
    where,
)
from hemicycle.contributions.models import ContributionRow as Row
from hemicycle.testing import World, a_plugin, open_world, refusal, start


async def rule(session: Session, actor: Actor, *, words: str) -> ContributionRow:
    raise AssertionError("only its signature is looked at")


@strawberry.input(description="Words.")
class WordsInput:
    words: str = value("Words.")


def arguments(field: Any) -> dict[str, str | None]:
    return {one.python_name: one.description for one in field.arguments}


@pytest.mark.parametrize(
    "said", [{}, {"visible": lambda row: row.id.is_not(None), "visible_through": ("parent_id", ContributionRow)}]
)
def test_a_type_says_who_sees_it_in_one_way(said: Any) -> None:
    with pytest.raises(TypeError, match="ContributionRow: declare either visible= or visible_through="):
        mapped(ContributionRow, "It.", **said)


def test_the_further_parameters_of_a_computed_field_are_its_arguments() -> None:
    def shout(title: str, app: Any, times: int = 1) -> str:
        return title.upper() * times

    field = computed("Louder.", shout, needs=["title"], arguments={"times": "How often."})
    assert arguments(field) == {"times": "How often."}
    assert field.arguments[0].default == 1


def test_a_computed_argument_has_a_type_and_a_description() -> None:
    def shout(kind: str, times: int) -> str:
        return kind * times

    with pytest.raises(TypeError, match="annotate times with a type: it is a GraphQL argument"):
        computed("Louder.", lambda kind, times: kind * times, needs=["kind"])

    @strawberry.type
    class OnContribution:
        louder: str | None = computed("Louder.", shout, needs=["kind"])

    part = SchemaPart(extend={Contribution: OnContribution})
    said = refusal(a_plugin("loud", extend_schema=lambda: part))
    assert said == "loud: Contribution.louder(times:) has no description: say what it is."


def test_a_mutation_takes_a_key_unless_it_returns_a_secret() -> None:
    plain, secret = (mutation("It.", rule, WordsInput, action="a.b", secret=one) for one in (False, True))
    assert list(arguments(plain)) == ["input", "idempotency_key"]
    assert list(arguments(secret)) == ["input"]
    assert list(arguments(mutation("It.", rule, None, action="a.b"))) == ["idempotency_key"]


def test_a_subscription_listens_to_a_space() -> None:
    assert list(arguments(live("It.", "a.b"))) == ["space"]


def test_an_object_at_the_root_is_found_by_an_argument() -> None:
    assert arguments(one("It.")) == {"id": "Its global id."}
    assert arguments(one("It.", by="slug", argument_description="Its slug.")) == {"slug": "Its slug."}


def test_a_copy_keeps_what_was_declared() -> None:
    """Strawberry writes on fields, so each schema has copies of them."""
    field = computed("It.", str.upper, needs=["title"])
    field.owner = "loud"
    assert (copy(field).source, copy(field).owner) == (field.source, "loud")
    filtering: Any = where("It.", lambda row, it: row.kind == it)
    filtering.owner = "loud"
    assert (copy(filtering).where, copy(filtering).owner) == (filtering.where, "loud")
    pointing: Any = id_of("It.", Contribution)
    assert copy(pointing).points_to == (Contribution,)


def test_an_optional_id_has_a_default() -> None:
    assert id_of("It.", Contribution, optional=True).default is UNSET
    assert id_of("It.", Contribution).default is not UNSET


async def test_a_filter_of_yes_or_no_parts_a_list(database_url: str) -> None:
    @strawberry.input
    class OnContributionFilter:
        answered: bool | None = where("With answers of any state, or without.", has_any(Row, by="parent_id"))

    part = SchemaPart(extend={ContributionFilter: OnContributionFilter})
    async with open_world(database_url, given=[a_plugin("loud", extend_schema=lambda: part)]) as world:
        yes, no, every = [await _listed(world, one) for one in ("{answered: true}", "{answered: false}", "{}")]
    assert yes == {world.gid("Contribution:PUBLISHED")}
    assert no == every - yes


async def test_what_is_the_viewers_own_parts_a_list_for_each(database_url: str) -> None:
    """The member answered Contribution:PUBLISHED; the author of the samples answered nothing."""

    @strawberry.type
    class OnContribution:
        answered_by_you: bool | None = column("Whether you did.", has_own(Row, by="parent_id", own="author_id"))

    @strawberry.input
    class OnContributionFilter:
        mine: bool | None = where("Those, or not.", has_any(Row, by="parent_id", own="author_id"))

    part = SchemaPart(extend={Contribution: OnContribution, ContributionFilter: OnContributionFilter})
    asked = "{ contributions(filter: { mine: %s }) { nodes { id answeredByYou } } }"
    async with open_world(database_url, given=[a_plugin("loud", extend_schema=lambda: part)]) as world:
        answered = {"id": world.gid("Contribution:PUBLISHED"), "answeredByYou": True}
        assert (await world.ask(asked % "true", "member"))["contributions"]["nodes"] == [answered]
        assert (await world.ask(asked % "true", "author"))["contributions"]["nodes"] == []
        others = (await world.ask(asked % "false", "author"))["contributions"]["nodes"]
        assert {**answered, "answeredByYou": False} in others


async def _listed(world: World, filter: str) -> set[str]:
    data = await world.ask(f"{{ contributions(filter: {filter}) {{ nodes {{ id }} }} }}", "administrator")
    return {one["id"] for one in data["contributions"]["nodes"]}


def _changing(rule: Any, input: type | None, **more: Any) -> Any:
    @strawberry.type
    class OnMutation:
        say: Contribution = mutation("Say it.", rule, input, action="loud.say", **more)

    actions = [Action("loud.say", "Say it.", roles=["participant"])]
    part = SchemaPart(extend={Mutation: OnMutation})
    return a_plugin("loud", extend_schema=lambda: part, declare_actions=lambda: actions)


def test_an_input_fits_its_rule() -> None:
    async def other(session: Session, actor: Actor, *, title: str) -> ContributionRow:
        raise AssertionError("only its signature is looked at")

    async def more(session: Session, actor: Actor, *, words: str, title: str) -> ContributionRow:
        raise AssertionError("only its signature is looked at")

    assert "say(" in start(_changing(rule, WordsInput)).schema.as_str()
    assert refusal(_changing(other, WordsInput)).endswith(".other takes no argument 'words'")
    said = "loud: Mutation.say: its rule needs '{}', which its input does not have"
    assert refusal(_changing(more, WordsInput)) == said.format("title")
    assert refusal(_changing(rule, None)) == said.format("words")


def test_what_cannot_be_read_again_is_a_secret() -> None:
    @strawberry.type(description="A secret.")
    class Secret:
        words: str = strawberry.field(description="It.")

    def changing(**more: Any) -> Any:
        @strawberry.type
        class OnMutation:
            say: Secret = mutation("Say it.", rule, WordsInput, action="contribution.follow", **more)

        part = SchemaPart(extend={Mutation: OnMutation})
        return a_plugin("loud", extend_schema=lambda: part)

    assert "union SayResult = Secret | NotAllowed" in start(changing(secret=True)).schema.as_str()
    assert refusal(changing()) == "loud: Mutation.say answers with Secret, which cannot be read again: say secret=True"
