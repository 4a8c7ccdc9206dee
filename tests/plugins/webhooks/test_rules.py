"""Who has something sent where: what is refused, and what happens once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from hemicycle.api import Actor, table_of
from hemicycle.testing import World
from hemicycle_webhooks.models import DeliveryRow, WebhookRow
from hemicycle_webhooks.rules import MOST
from tests.plugins.webhooks.hooks import EVENTS, register, say, work

TWO = "{ one: instance { name } two: instance { name } }"


@pytest.fixture
def given(world: World) -> dict[str, Any]:
    """An input with which a steward registers a webhook."""
    return {"space": world.gid("Space:OPEN"), "url": "https://some.example/hook", "events": EVENTS}


async def test_what_cannot_be_sent_is_refused(world: World, given: dict[str, Any], subtests: pytest.Subtests) -> None:
    wrong: dict[str, list[Any]] = {
        "url": ["http://some.example/", "https://some.example:8443/", "https://a:b@some.example/", "ftp://x/", "x", ""],
        "events": [[], ["CONTRIBUTION_HIDDEN"], ["CONTRIBUTION_PUBLISHED", "ROLE_GRANTED"]],
        "query": [
            "nonsense {", "{ nonsense }", "fragment A on Query { __typename }", f"query A {TWO} query B {TWO}",
            "query($other: ID!) { node(id: $other) { id } }", "query($id: String!) { node(id: $id) { id } }",
            "subscription($id: ID!) { activity(space: $id) { id } }", "mutation { signOut(input: {}) { __typename } }",
            "{ " + " ".join(f"a{number}: __typename" for number in range(20)) + " }", "{ " * 30 + "}" * 30, "a " * 2000,
        ],
    }  # fmt: skip
    for name, values in wrong.items():
        for value in values:
            with subtests.test(f"{name}: {value}"[:60]):
                told = await world.change("subscribeWebhook", "steward", **{**given, name: value})
                assert told["__typename"] == "InvalidInput"
                assert [one["path"] for one in told["problems"]] == [f"input.{name}"]
    hook = await register(world)
    told = await hook.do("changeWebhook", events=["CONTRIBUTION_HIDDEN"])
    assert [one["path"] for one in told["problems"]] == ["input.events"]
    told = await hook.do("changeWebhook", query="{ nonsense }")
    assert [one["path"] for one in told["problems"]] == ["input.query"]


async def test_a_token_registers_none(world: World, given: dict[str, Any]) -> None:
    """What it sets up would outlive it: nor does it change what is sent, or learn a secret."""
    hook = await register(world)
    token = Actor(world.ids["Participant:steward"], scopes=frozenset({"write"}))
    assert (await world.change("subscribeWebhook", token, **given))["code"] == "NOT_ALLOWED"
    for verb in ("changeWebhook", "rotateWebhookSecret"):
        assert (await world.change(verb, token, webhook=hook.id))["code"] == "NOT_ALLOWED"


async def test_an_address_is_registered_once_and_a_space_has_so_many(world: World, given: dict[str, Any]) -> None:
    told = await asyncio.gather(*(world.change("subscribeWebhook", "steward", **given) for _ in range(50)))
    assert sorted(one.get("code", "") for one in told) == [""] + ["ALREADY_DONE"] * 49
    urls = [f"https://{number}.example/" for number in range(50)]
    told = await asyncio.gather(*(world.change("subscribeWebhook", "steward", **{**given, "url": one}) for one in urls))
    there = 3  # the samples, and the first one
    assert sorted(one.get("code", "") for one in told) == [""] * (MOST - there) + ["CONFLICT"] * (50 - MOST + there)
    async with world.app.db.read() as connection:
        rows = select(func.count()).select_from(table_of(WebhookRow))
        assert (await connection.execute(rows)).scalar_one() == MOST
    elsewhere = {**given, "space": world.gid("Space:CLOSED")}
    assert (await world.change("subscribeWebhook", "steward", **elsewhere)).get("code") is None


async def test_a_webhook_is_changed_disabled_enabled_tested_and_removed(world: World) -> None:
    hook = await register(world, query="query($id: ID!) { contribution(id: $id) { title } }")
    told = await world.change(
        "changeWebhook", "steward", "events sight query", webhook=hook.id, events=["CONTRIBUTION_EDITED"], query="",
        sight="MINE",
    )  # fmt: skip
    assert told == {"__typename": "Webhook", "events": ["CONTRIBUTION_EDITED"], "sight": "MINE", "query": None}
    await say(world)
    assert (await hook.do("testWebhook"))["__typename"] == "WebhookDelivery"
    await work(world)
    assert [(one["type"], list(one["data"])) for one in hook.got] == [("webhooks.tested", ["webhook"])]
    await hook.do("changeWebhook", events=EVENTS)
    await hook.do("disableWebhook", "administrator")
    assert (await hook.look())["disabledBecause"] == "ASKED"
    assert (await hook.do("testWebhook"))["code"] == "WRONG_STATE"
    await say(world)
    await work(world)
    await hook.do("enableWebhook")
    await work(world)
    assert len(hook.got) == 1, "what happened while it was disabled is not sent later"
    await say(world)
    await work(world)
    assert len(hook.got) == 2
    samples = [f"WebhookDelivery:{state}" for state in ("WAITING", "DELIVERED", "DEAD")]
    assert (await hook.do("removeWebhook"))["__typename"] == "Done"
    there = select(func.count()).where(table_of(DeliveryRow).c.id.in_([world.ids[one] for one in samples]))
    async with world.app.db.read() as connection:
        assert (await connection.execute(there)).scalar_one() == 3, "those of other webhooks stay"
    await say(world)
    await work(world)
    assert (await hook.look(), len(hook.got)) == (None, 2)


async def test_who_has_a_webhook_replays_no_delivery_of_others(world: World) -> None:
    hook = await register(world, "administrator")
    others = {"delivery": world.gid("WebhookDelivery:DEAD")}
    assert (await world.change("replayDelivery", "administrator", **others))["code"] == "NOT_ALLOWED"
    assert (await hook.do("replayDeadDeliveries", "administrator"))["__typename"] == "Webhook"
    async with world.app.write() as session:
        assert (await session.get_one(DeliveryRow, world.ids["WebhookDelivery:DEAD"])).state == "DEAD"


async def test_a_key_makes_a_retry_act_once(world: World) -> None:
    hook = await register(world)
    for _ in range(2):
        told = await world.change_with_key("testWebhook", "steward", "the-same-key", "id", webhook=hook.id)
        assert told["__typename"] == "WebhookDelivery"
    await work(world)
    assert len(hook.got) == 1
