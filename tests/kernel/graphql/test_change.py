"""From an input to a rule, in one transaction, once; and from what was changed to the answer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
import strawberry
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from hemicycle.api import (
    Action,
    Actor,
    Contribution,
    ContributionRow,
    Mutation,
    Participant,
    Ref,
    RefusalCode,
    Refused,
    SchemaPart,
    Session,
    Space,
    id_of,
    mutation,
    table_of,
    value,
)
from hemicycle.contributions.kinds import Alignment
from hemicycle.kernel import idempotency
from hemicycle.kernel.idempotency import IdempotencyRow
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.testing import World, a_plugin, open_world

Rule = Callable[..., Any]
rows = table_of(ContributionRow)
UNSET = strawberry.UNSET


@strawberry.input(description="A part.")
class PartInput:
    display_name: str = value("A name.")


@strawberry.input(description="Everything that an input may hold.")
class TouchInput:
    target: strawberry.ID = id_of("What.", Contribution)
    words: str | None = value("Words.", UNSET)
    alignment: Alignment | None = value("For or against.", UNSET)
    one_of: strawberry.ID | None = id_of("A space or a participant.", Space, Participant, optional=True)
    many: list[strawberry.ID] | None = id_of("Several spaces.", Space, optional=True)
    tags: list[str] | None = value("Words.", UNSET)
    part_of: PartInput | None = value("A part.", UNSET)


@strawberry.type(description="What is told once.")
class Secret:
    words: str = strawberry.field(description="It.")


@asynccontextmanager
async def touching(url: str, rule: Rule, input: type | None = TouchInput) -> AsyncIterator[World]:
    """A world with a mutation `touch` that calls this rule."""

    @strawberry.type
    class OnMutation:
        touch: Contribution = mutation("Touch it.", rule, input, action="acts.touch")
        whisper: Secret = mutation("Tell.", _whisper, None, action="contribution.follow", secret=True)

    part = SchemaPart(extend={Mutation: OnMutation})
    actions = [Action("acts.touch", "Touch it.", ContributionRow, ["participant"])]
    acts = a_plugin("acts", extend_schema=lambda: part, declare_actions=lambda: actions)
    async with open_world(url, given=[acts]) as world:
        yield world


async def _whisper(session: Session, actor: Actor) -> Secret:
    await session.authorize_alone(actor, "contribution.follow")
    return Secret(words="Psst.")


class Touches:
    """A rule that keeps what it was given, and counts itself in the row's version."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    async def __call__(self, session: Session, actor: Actor, **given: Any) -> ContributionRow:
        row = await session.authorize(actor, "acts.touch", ContributionRow, given["target"])
        self.given.append(given)
        row.version += 1
        return row


async def version(world: World, name: str = "Contribution:PUBLISHED") -> int:
    async with world.app.db.read() as connection:
        found: int = (await connection.execute(select(rows.c.version).where(rows.c.id == world.ids[name]))).scalar_one()
        return found


# -- arguments -----------------------------------------------------------------------------------------------


async def test_a_null_is_what_a_rule_has_by_default(database_url: str) -> None:
    """GraphQL lets a client say null wherever it may say nothing; a rule that takes no null never sees one."""
    seen: list[Any] = []

    async def rule(
        session: Session, actor: Actor, *, target: UUID, words: str = "some", tags: Sequence[dict[str, Any]] = (),
        many: Sequence[UUID] | None = (), alignment: Any = "FOR", one_of: Any = None, part_of: Any = None,
    ) -> ContributionRow:  # fmt: skip
        seen.append((words, tags, many, alignment))
        return await session.authorize(actor, "acts.touch", ContributionRow, target)

    async with touching(database_url, rule) as world:
        nulls = dict.fromkeys(("words", "tags", "many", "alignment"))
        for given in ({}, nulls):
            done = await world.change("touch", "participant", target=world.gid("Contribution:PUBLISHED"), **given)
            assert done["__typename"] == "Contribution", done
    assert seen == [("some", (), (), "FOR"), ("some", (), None, None)]


async def test_a_rule_gets_keys_values_and_cleaned_texts(database_url: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        target, space = world.gid("Contribution:PUBLISHED"), world.gid("Space:OPEN")
        done = await world.change(
            "touch", "author", "id version", target=target, words="cafe\u0301\r\n", alignment="FOR", oneOf=space,
            many=[space], tags=["e\u0301"], partOf={"displayName": "Zoe\u0308"},
        )  # fmt: skip
        assert done == {"__typename": "Contribution", "id": target, "version": 2}
        assert rule.given == [{
            "target": world.ids["Contribution:PUBLISHED"], "words": "café\n", "alignment": "FOR",
            "one_of": Ref("Space", world.ids["Space:OPEN"]), "many": [world.ids["Space:OPEN"]], "tags": ["é"],
            "part_of": {"display_name": "Zoë"},
        }]  # fmt: skip


async def test_what_is_not_given_is_left_out(database_url: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        await world.change("touch", "author", target=world.gid("Contribution:PUBLISHED"))
        assert rule.given == [{"target": world.ids["Contribution:PUBLISHED"]}]


async def test_ids_that_are_of_another_type_or_none_are_unknown(database_url: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        target = world.gid("Contribution:PUBLISHED")
        wrong: list[dict[str, Any]] = [
            {"target": world.gid("Space:OPEN")},
            {"target": "nonsense"},
            {"target": target, "oneOf": target},
            {"target": target, "many": [world.gid("Space:OPEN"), target]},
        ]
        for given in wrong:
            refused = await world.change("touch", "author", **given)
            assert (refused["__typename"], refused["code"]) == ("NotAllowed", "NOT_FOUND"), given
        assert rule.given == []


async def test_every_text_that_cannot_be_kept_is_named_with_its_path(database_url: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        refused = await world.change(
            "touch", "author", target=world.gid("Contribution:PUBLISHED"), words="a\x00b", tags=["good", "\ud800"],
            partOf={"displayName": "\x07"},
        )  # fmt: skip
        assert refused["__typename"] == "InvalidInput"
        assert [one["path"] for one in refused["problems"]] == ["input.words", "input.tags", "input.partOf.displayName"]
        assert rule.given == []


async def test_a_list_of_more_than_a_hundred_is_refused(database_url: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        target = world.gid("Contribution:PUBLISHED")
        refused = await world.change("touch", "author", target=target, tags=["tag"] * 101)
        assert refused["problems"][0]["path"] == "input.tags"
        assert "101 members, and 100 is the most" in refused["problems"][0]["message"]
        assert (await world.change("touch", "author", target=target, tags=["tag"] * 100))[
            "__typename"
        ] == "Contribution"


# -- one transaction -----------------------------------------------------------------------------------------


async def test_a_refusal_leaves_nothing_behind(database_url: str) -> None:
    async def rule(session: Session, actor: Actor, *, target: Any, **_: Any) -> ContributionRow:
        row = await session.authorize(actor, "acts.touch", ContributionRow, target)
        row.version += 1
        session.record(actor, "contribution.edited", row)
        await session.enqueue("participant.notify", "x")
        await session.flush()
        raise Refused(RefusalCode.CONFLICT, "On second thoughts, no.")

    async with touching(database_url, rule) as world:
        before = await _jobs(world)
        refused = await world.change("touch", "author", target=world.gid("Contribution:PUBLISHED"))
        assert refused == {"__typename": "Conflict", "code": "CONFLICT", "message": "On second thoughts, no."}
        assert await version(world) == 1
        assert await _jobs(world) == before


async def test_a_refusal_that_is_returned_keeps_what_was_written(database_url: str) -> None:
    """A try that failed is counted."""

    async def rule(session: Session, actor: Actor, *, target: Any, **_: Any) -> Refused:
        row = await session.authorize(actor, "acts.touch", ContributionRow, target)
        row.version += 1
        return Refused(RefusalCode.NOT_ALLOWED, "Wrong code.")

    async with touching(database_url, rule) as world:
        for count in (2, 3):
            target = world.gid("Contribution:PUBLISHED")
            refused = await world.change_with_key("touch", "author", "key", target=target)
            assert refused["code"] == "NOT_ALLOWED"
            assert await version(world) == count


async def test_a_rule_that_does_not_authorize_is_undone(database_url: str) -> None:
    async def rule(session: Session, actor: Actor, *, target: Any, **_: Any) -> Any:
        await session.execute(update(rows).where(rows.c.id == target).values(version=99))
        return target

    async with touching(database_url, rule) as world:
        ask = "mutation($target: ID!) { touch(input: { target: $target }) { __typename } }"
        (said,) = await world.errors(ask, "author", target=world.gid("Contribution:PUBLISHED"))
        assert said == "the rule of the mutation touch did not authorize acts.touch"
        assert await version(world) == 1


async def test_a_rule_that_fails_is_undone(database_url: str) -> None:
    async def rule(session: Session, actor: Actor, *, target: Any, **_: Any) -> Any:
        row = await session.authorize(actor, "acts.touch", ContributionRow, target)
        row.version += 1
        await session.flush()
        raise ZeroDivisionError

    async with touching(database_url, rule) as world:
        ask = "mutation($target: ID!) { touch(input: { target: $target }) { __typename } }"
        result = await world.execute(ask, "author", target=world.gid("Contribution:PUBLISHED"))
        assert isinstance(result.errors[0].original_error, ZeroDivisionError)
        assert await version(world) == 1


async def test_two_that_waited_for_each_other_are_tried_again(database_url: str) -> None:
    class Origin(Exception):
        sqlstate = "40001"

    tries = []

    async def rule(session: Session, actor: Actor, *, target: Any, **_: Any) -> ContributionRow:
        row = await session.authorize(actor, "acts.touch", ContributionRow, target)
        row.version += 1
        await session.flush()
        tries.append(row.version)
        if len(tries) < 3:
            raise DBAPIError("update", {}, Origin())
        return row

    async with touching(database_url, rule) as world:
        done = await world.change("touch", "author", "version", target=world.gid("Contribution:PUBLISHED"))
        assert (done["version"], tries) == (2, [2, 2, 2])


async def test_what_is_not_seen_any_more_is_done(database_url: str) -> None:
    async def rule(session: Session, actor: Actor, *, target: Any, **_: Any) -> ContributionRow:
        row = await session.authorize(actor, "acts.touch", ContributionRow, target)
        row.state = "HIDDEN"
        return row

    async with touching(database_url, rule) as world:
        done = await world.change("touch", "participant", target=world.gid("Contribution:PUBLISHED"))
        assert done == {"__typename": "Done"}


async def test_a_plain_answer_is_what_the_rule_returned(database_url: str) -> None:
    async with touching(database_url, Touches()) as world:
        data = await world.ask("mutation { whisper { ... on Secret { words } } }", "author")
        assert data == {"whisper": {"words": "Psst."}}
        refused = await world.ask("mutation { whisper { ... on Refusal { code } } }")
        assert refused == {"whisper": {"code": "SIGN_IN_FIRST"}}


# -- once ----------------------------------------------------------------------------------------------------


async def test_a_key_acts_once_and_answers_alike(database_url: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        target = world.gid("Contribution:PUBLISHED")
        asked = (world.change_with_key("touch", "author", "key", "id version", target=target) for _ in range(50))
        answers = await asyncio.gather(*asked)
        assert answers == [{"__typename": "Contribution", "id": target, "version": 2}] * 50
        assert await version(world) == 2


async def test_a_key_is_of_one_person_and_one_input(database_url: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        target = world.gid("Contribution:PUBLISHED")
        await world.change_with_key("touch", "author", "key", target=target, words="One.")
        other = await world.change_with_key("touch", "author", "key", target=target, words="Two.")
        assert (other["__typename"], other["code"]) == ("Conflict", "IDEMPOTENCY_MISMATCH")
        await world.change_with_key("touch", "participant", "key", target=target, words="Two.")
        assert [one["words"] for one in rule.given] == ["One.", "Two."]


async def test_a_refusal_does_not_use_the_key_up(database_url: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        refused = await world.change_with_key("touch", "visitor", "key", target=world.gid("Contribution:PUBLISHED"))
        assert refused["code"] == "SIGN_IN_FIRST"
        async with world.app.db.read() as connection:
            kept = (await connection.execute(select(func.count()).select_from(table_of(IdempotencyRow)))).scalar_one()
        assert kept == 0


async def test_a_retry_reads_again_as_the_viewer_sees_it(database_url: str) -> None:
    async with touching(database_url, Touches()) as world:
        target = world.gid("Contribution:PUBLISHED")
        await world.change_with_key("touch", "participant", "key", target=target)
        await world.change("hideContribution", "moderator", contribution=target, reason="A reason.")
        again = await world.change_with_key("touch", "participant", "key", target=target)
        assert again == {"__typename": "Done"}


@pytest.mark.parametrize("key", ["", "x" * 256, "two\nlines"])
async def test_a_key_that_is_none_is_refused(database_url: str, key: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        refused = await world.change_with_key("touch", "author", key, target=world.gid("Contribution:PUBLISHED"))
        assert refused["problems"][0]["path"] == "input.idempotencyKey"
        assert rule.given == []


async def test_keys_are_forgotten_after_two_days(database_url: str) -> None:
    rule = Touches()
    async with touching(database_url, rule) as world:
        target = world.gid("Contribution:PUBLISHED")
        for hours, touched in ((47, 1), (2, 2)):
            await world.change_with_key("touch", "author", "key", target=target)
            world.clock.forward(hours=hours)
            await idempotency.forget(world.app, "")
            await world.change_with_key("touch", "author", "key", target=target)
            assert len(rule.given) == touched


async def _jobs(world: World) -> int:
    async with world.app.db.read() as connection:
        found: int = (await connection.execute(select(func.count()).select_from(table_of(JobRow)))).scalar_one()
        return found
