"""What may be changed about webhooks."""

from typing import Any

import strawberry

from hemicycle.api import EventName, Space, id_of, mutation, value
from hemicycle_webhooks import rules
from hemicycle_webhooks.answers import WebhookSecret
from hemicycle_webhooks.graphql import Webhook, WebhookDelivery, WebhookSight

UNSET = strawberry.UNSET
EVENTS = "What it tells of: names of public events."
QUERY = "A query about each event, answered in what is sent: $id is what the event is about, $activity the event."


@strawberry.input(description="A new webhook.")
class SubscribeWebhookInput:
    space: strawberry.ID = id_of("Where, and below.", Space)
    url: str = value("Where it sends to: https.")
    events: list[EventName] = value(EVENTS)
    query: str | None = value(QUERY, UNSET)
    sight: WebhookSight = value("With whose eyes it reads what it sends.", WebhookSight.PUBLIC)


@strawberry.input(description="What changes of a webhook; what is not given stays. Another address is another webhook.")
class ChangeWebhookInput:
    webhook: strawberry.ID = id_of("The webhook.", Webhook)
    events: list[EventName] | None = value(EVENTS, UNSET)
    query: str | None = value(f"{QUERY} An empty one is none.", UNSET)
    sight: WebhookSight | None = value("With whose eyes it reads what it sends.", UNSET)


@strawberry.input(description="Which webhook.")
class WebhookInput:
    webhook: strawberry.ID = id_of("The webhook.", Webhook)


@strawberry.input(description="Which delivery.")
class ReplayDeliveryInput:
    delivery: strawberry.ID = id_of("The delivery.", WebhookDelivery)


def _change(description: str, rule: Any, verb: str, *, secret: bool = False) -> Any:
    return mutation(description, rule, WebhookInput, action=f"webhooks.{verb}", secret=secret)


@strawberry.type
class OnMutation:
    subscribe_webhook: WebhookSecret = mutation(
        "Have what happens in a space and below sent to an address.", rules.subscribe, SubscribeWebhookInput,
        action="webhooks.subscribe", secret=True,
    )  # fmt: skip
    change_webhook: Webhook = mutation(
        "Change what a webhook tells.", rules.change, ChangeWebhookInput, action="webhooks.change"
    )
    rotate_webhook_secret: WebhookSecret = _change(
        "Take a new secret; for a day, the former one signs too.", rules.rotate_secret, "rotate_secret", secret=True
    )
    disable_webhook: Webhook = _change("Send nothing from now on.", rules.disable, "disable")
    enable_webhook: Webhook = _change("Send again from now on, and what still waits.", rules.enable, "enable")
    test_webhook: WebhookDelivery = _change("Send something, to see whether it arrives.", rules.send_test, "test")
    replay_delivery: WebhookDelivery = mutation(
        "Send something once more.", rules.replay, ReplayDeliveryInput, action="webhooks.replay"
    )
    replay_dead_deliveries: Webhook = _change("Send all that was given up once more.", rules.replay_dead, "replay_dead")
    remove_webhook: Webhook = _change("Forget a webhook, and its deliveries.", rules.remove, "remove")
