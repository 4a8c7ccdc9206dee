"""At least once: tried again with patience, given up after a day, replayed by a person, disabled after a week."""

import asyncio
from typing import Any

import pytest
from graphql import ExecutionResult
from sqlalchemy import delete, func, select, update

from hemicycle.api import Check, table_of
from hemicycle.kernel.graphql.errors import bad
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.participants.identity.models import IdentityRow
from hemicycle.testing import World
from hemicycle_webhooks import sending
from hemicycle_webhooks.models import DeliveryRow, WebhookRow
from tests.plugins.webhooks.hooks import DOWN, register, say, status, work

ADDRESS = "steward@sample.example"


async def address(world: World) -> None:
    async with world.app.write() as session:
        person = world.ids["Participant:steward"]
        session.add(IdentityRow(participant_id=person, email=ADDRESS, locale="en", created_at=session.now))


def about(world: World) -> list[str]:
    """What was written to the owner."""
    return [one.text for one in world.letters.sent if one.to == ADDRESS]


def test_pauses_grow_and_are_never_the_same() -> None:
    pauses = {times: [sending.back_off(times).total_seconds() for _ in range(50)] for times in (1, 2, 8, 1000)}
    for times, around in ((1, 5), (2, 15), (8, 3 * 3600), (1000, 3 * 3600)):
        assert len(set(pauses[times])) > 1
        assert all(0.8 * around <= one <= 1.2 * around for one in pauses[times])


async def test_it_comes_again_until_it_is_taken_under_the_same_id(world: World) -> None:
    hook = await register(world)
    hook.answers(DOWN, status(500), status(302), status(204))
    said = await say(world)
    await work(world)
    seen = await hook.look()
    (one,) = seen["deliveries"]["nodes"]
    assert (one["state"], one["attempts"], one["lastFailure"], one["lastStatus"]) == ("WAITING", 1, "UNREACHABLE", None)
    assert one["lastTriedAt"] < one["nextTryAt"]
    assert seen["restsUntil"] is not None
    assert seen["failingSince"] is not None
    await work(world)
    assert len(hook.asked) == 1, "not before its time"
    await work(world, seconds=7)
    (one,) = (await hook.look())["deliveries"]["nodes"]
    assert (one["attempts"], one["lastFailure"], one["lastStatus"]) == (2, "STATUS", 500)
    await work(world, minutes=5, times=2)
    assert hook.subjects == [said] * 4
    assert len({one.headers["webhook-id"] for one in hook.asked}) == 1
    assert len({one.headers["webhook-timestamp"] for one in hook.asked}) == 4
    seen = await hook.look()
    (one,) = seen["deliveries"]["nodes"]
    assert (one["state"], one["attempts"], one["nextTryAt"], seen["failingSince"]) == ("DELIVERED", 4, None, None)


async def test_a_message_that_is_refused_keeps_no_other_from_coming(world: World) -> None:
    """Whereas nobody is asked in vain who answers nothing at all."""
    hook = await register(world)
    hook.answers(status(500), status(204))
    first = await say(world)
    await work(world)
    second = await say(world)
    await work(world)
    assert hook.subjects == [first, second]
    hook.answers(status(503))
    for _ in range(5):
        await say(world)
    await work(world)
    assert len(hook.asked) == 2 + sending.AT_ONCE, "it says that it is overloaded"
    hook.answers(status(204))
    await work(world, minutes=30)
    assert await hook.states() == ["DELIVERED"] * 7


async def test_after_a_day_it_is_dead_and_a_person_replays_it(world: World) -> None:
    hook = await register(world)
    hook.answers(DOWN)
    said = [await say(world) for _ in range(5)]
    await work(world, hours=5, times=5)
    assert await hook.states() == ["WAITING"] * 5
    await work(world, hours=5)
    assert await hook.states() == ["DEAD"] * 5
    tried = len(hook.asked)
    assert tried <= 7 * sending.AT_ONCE, "who answers nothing is not asked for each of them"
    (told,) = [one async for one in world.app.declared[Check]["webhooks.dead"].run(world.app)]
    assert told.message.startswith("6 deliveries"), "one is a sample"
    hook.answers(status(204))
    await work(world, hours=3)
    assert len(hook.asked) == tried
    dead = (await hook.look())["deliveries"]["nodes"]
    assert {one["lastFailure"] for one in dead[-sending.AT_ONCE :]} == {"UNREACHABLE"}
    told = await world.change("replayDelivery", "steward", "state attempts", delivery=dead[-1]["id"])
    assert told == {"__typename": "WebhookDelivery", "state": "WAITING", "attempts": 0}
    await work(world)
    assert sorted(await hook.states()) == ["DEAD"] * 4 + ["DELIVERED"]
    await hook.do("replayDeadDeliveries")
    await work(world)
    assert await hook.states() == ["DELIVERED"] * 5
    assert sorted(hook.subjects[tried:]) == sorted(said)


async def test_who_is_down_for_a_day_loses_nothing(world: World) -> None:
    """Events come while it is down; it gets all of them when it is back, each once."""
    hook = await register(world)
    hook.answers(DOWN)
    said = []
    for _ in range(6):
        said.append(await say(world))
        await work(world, hours=4)
    hook.answers(status(200))
    tried = len(hook.asked)
    await work(world, minutes=75)
    assert set(await hook.states()) == {"DELIVERED"}
    assert sorted(hook.subjects[tried:]) == sorted(said)
    assert tried < 30, "it was not asked for each of them again and again"


async def test_after_a_week_without_any_delivery_it_is_disabled(world: World) -> None:
    await address(world)
    hook = await register(world, "steward", "hidden-name")
    hook.answers(DOWN)
    for _ in range(3):
        await say(world)
        await work(world, days=2)
        assert (await hook.look())["state"] == "ENABLED"
    await say(world)
    await work(world, days=2)
    seen = await hook.look()
    assert (seen["state"], seen["disabledBecause"]) == ("DISABLED", "FAILING")
    (letter,) = about(world)
    assert "hidden-name.example" in letter
    assert "/hook" not in letter, "what may be secret in the address is told to nobody"
    hook.answers(status(204))
    assert (await hook.do("enableWebhook"))["__typename"] == "Webhook"
    assert (await hook.do("replayDeadDeliveries"))["__typename"] == "Webhook"
    await work(world)
    assert set(await hook.states()) == {"DELIVERED"}


async def test_who_wants_no_more_gets_no_more(world: World) -> None:
    await address(world)
    hook = await register(world)
    hook.answers(status(410))
    await say(world)
    await work(world)
    assert (await hook.look())["disabledBecause"] == "GONE"
    assert len(about(world)) == 1
    await say(world)
    await work(world, hours=1)
    assert len(hook.asked) == 1


async def test_a_worker_that_died_is_followed_by_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It dies after the receiver took it, and before it could note it: it comes again, under the same id."""
    hook = await register(world)
    await say(world)

    async def die(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_note", die)
        await work(world)
    assert (await hook.states(), len(hook.asked)) == (["WAITING"], 1)
    async with world.app.db.read() as connection:
        lease = (await connection.execute(select(table_of(WebhookRow).c.busy_until))).scalars().all()
    assert any(lease)
    await work(world, seconds=10)
    assert len(hook.asked) == 1, "nobody else sends to it while the lease lasts"
    await work(world, minutes=2)
    assert await hook.states() == ["DELIVERED"]
    assert len({one.headers["webhook-id"] for one in hook.asked}) == 1
    assert len(hook.asked) == 2


async def test_what_cannot_be_read_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is found out who is to be told, and when it is sent: the receiver did nothing wrong."""
    hook = await register(world, query="query($id: ID!) { contribution(id: $id) { title } }")

    async def busy(*_: Any, **__: Any) -> ExecutionResult:
        return ExecutionResult(None, [bad("BUSY", "Not now.")])

    await say(world)
    with monkeypatch.context() as patched:
        patched.setattr(world.app, "execute", busy)
        await work(world)
    assert await hook.states() == []
    hook.answers(status(500))
    await work(world, seconds=5)
    assert await hook.states() == ["WAITING"]
    with monkeypatch.context() as patched:
        patched.setattr(world.app, "execute", busy)
        await work(world, minutes=1)
    seen = await hook.look()
    (one,) = seen["deliveries"]["nodes"]
    assert (one["state"], one["attempts"], one["lastFailure"], seen["restsUntil"]) == ("WAITING", 2, "OURS", None)
    hook.answers(status(204))
    await work(world, minutes=1)
    assert (await hook.states(), len(hook.asked)) == (["DELIVERED"], 2)


async def test_many_are_sent_in_turns(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook with much to send gives its place to the next one, and comes again."""
    monkeypatch.setattr(sending, "TURN", 0.0)
    hooks = [await register(world, name=name) for name in ("first", "second")]
    for _ in range(6):
        await say(world)
    await work(world)
    assert [len(one.asked) for one in hooks] == [6, 6]


async def test_what_nobody_was_woken_for_is_looked_after(world: World) -> None:
    hook = await register(world)
    hook.answers(DOWN, status(204))
    await say(world)
    await work(world)
    async with world.app.write() as session:
        await session.execute(delete(JobRow).where(table_of(JobRow).c.name == "webhooks.send"))
    await work(world, minutes=50)
    assert await hook.states() == ["WAITING"]
    await work(world, minutes=11)
    assert await hook.states() == ["DELIVERED"]


async def test_what_is_over_is_forgotten_after_a_month(world: World) -> None:
    hook = await register(world)
    await say(world)
    await work(world)
    hook.answers(DOWN)
    async with world.app.write() as session:
        await session.execute(update(WebhookRow).values(failing_since=None))
    world.clock.forward(days=29)
    await say(world)
    await work(world)
    assert await hook.states() == ["DELIVERED", "WAITING"]
    await work(world, days=1.5)
    assert await hook.states() == ["DEAD"]
    async with world.app.db.read() as connection:
        rows = select(func.count()).select_from(DeliveryRow).where(table_of(DeliveryRow).c.state == "DELIVERED")
        assert (await connection.execute(rows)).scalar_one() == 0, "the samples too"


async def test_after_a_backup_was_restored_a_person_says_what_is_sent(world: World) -> None:
    """It may have been removed, or sent, since the backup."""
    hook = await register(world)
    hook.answers(DOWN, status(204))
    await say(world)
    await work(world)
    told = await sending.settle(world.app)
    assert told == {"webhooks disabled": 2, "deliveries of webhooks given up": 2}  # the samples too
    await say(world)
    await work(world, days=1)
    seen = await hook.look()
    assert (seen["state"], seen["disabledBecause"], len(hook.asked)) == ("DISABLED", "RESTORED", 1)
    assert await hook.states() == ["DEAD"]
    await hook.do("enableWebhook")
    await hook.do("replayDeadDeliveries")
    await work(world)
    assert await hook.states() == ["DELIVERED"]


async def test_a_webhook_takes_little_of_the_queue(world: World) -> None:
    """However much waits for it: a job for now, one for later."""
    hook = await register(world)
    hook.answers(DOWN)
    for _ in range(10):
        await say(world)
        await work(world)
    mine = select(func.count()).select_from(JobRow).where(table_of(JobRow).c.name == "webhooks.send")
    async with world.app.db.read() as connection:
        assert (await connection.execute(mine)).scalar_one() <= 2
