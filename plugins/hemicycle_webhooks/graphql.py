"""Webhooks in the API: for whoever registered them, and for those who answer for their space."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry

from hemicycle.api import (
    Activity,
    Application,
    Connection,
    Event,
    EventName,
    Node,
    Participant,
    Space,
    column,
    computed,
    connection,
    descending,
    mapped,
    to_one,
    where,
)
from hemicycle_webhooks import sight
from hemicycle_webhooks.models import DeliveryRow, WebhookRow


@strawberry.enum(description="Whether a webhook sends.")
class WebhookState(Enum):
    ENABLED = strawberry.enum_value("ENABLED", description="It sends.")
    DISABLED = strawberry.enum_value("DISABLED", description="It sends nothing: `disabledBecause` says why.")


@strawberry.enum(description="Why a webhook sends nothing.")
class WebhookDisabled(Enum):
    ASKED = strawberry.enum_value("ASKED", description="Somebody disabled it.")
    FAILING = strawberry.enum_value("FAILING", description="For a week, nothing could be delivered.")
    GONE = strawberry.enum_value("GONE", description="The receiver answered 410: it wants no more.")
    NOT_ALLOWED = strawberry.enum_value("NOT_ALLOWED", description="Whoever registered it may do so no longer.")
    RESTORED = strawberry.enum_value("RESTORED", description="A backup was restored: it may have been removed since.")


@strawberry.enum(description="With whose eyes a webhook reads what it sends.")
class WebhookSight(Enum):
    PUBLIC = strawberry.enum_value("PUBLIC", description="What everyone sees: as a token of `read:public`.")
    MINE = strawberry.enum_value("MINE", description="What whoever registered it sees: as a token of `read`.")


@strawberry.enum(description="Where a delivery stands.")
class WebhookDeliveryState(Enum):
    WAITING = strawberry.enum_value("WAITING", description="To be sent, now or again at `nextTryAt`.")
    DELIVERED = strawberry.enum_value("DELIVERED", description="The receiver answered 2xx.")
    DEAD = strawberry.enum_value("DEAD", description="Given up after a day: `replayDelivery` sends it again.")
    WITHHELD = strawberry.enum_value(
        "WITHHELD", description="Not sent: by then, the webhook saw no more what it is about."
    )


@strawberry.enum(description="Why an attempt failed.")
class WebhookFailure(Enum):
    STATUS = strawberry.enum_value("STATUS", description="The receiver answered, but not 2xx: see `lastStatus`.")
    BAD_ADDRESS = strawberry.enum_value("BAD_ADDRESS", description="The address is none that anything is sent to.")
    PRIVATE_ADDRESS = strawberry.enum_value("PRIVATE_ADDRESS", description="The name leads to a private network.")
    UNKNOWN_HOST = strawberry.enum_value("UNKNOWN_HOST", description="The name leads nowhere.")
    UNREACHABLE = strawberry.enum_value("UNREACHABLE", description="Nobody answers, or the connection broke.")
    BAD_CERTIFICATE = strawberry.enum_value("BAD_CERTIFICATE", description="The certificate is not to be trusted.")
    BAD_ANSWER = strawberry.enum_value("BAD_ANSWER", description="What came back is no HTTP.")
    TOO_SLOW = strawberry.enum_value("TOO_SLOW", description="There was no whole answer within ten seconds.")
    TOO_BIG = strawberry.enum_value("TOO_BIG", description="The answer was longer than 64 KiB.")
    TOO_MANY_REDIRECTS = strawberry.enum_value("TOO_MANY_REDIRECTS", description="It is sent from place to place.")
    OURS = strawberry.enum_value("OURS", description="What was to be sent could not be read: the log says why.")
    RESTORED = strawberry.enum_value("RESTORED", description="A backup was restored: it may have been sent since.")


@strawberry.enum(description="Orders of webhooks.")
class WebhookOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.created_at)


@strawberry.enum(description="Orders of deliveries.")
class WebhookDeliveryOrder(Enum):
    NEWEST = descending("Newest first.", lambda row: row.queued_at)


@strawberry.input(description="Which deliveries.")
class WebhookDeliveryFilter:
    states: list[WebhookDeliveryState] | None = where("In these states.", lambda row, states: row.state.in_(states))


def _known(events: list[str], app: Application) -> list[Any]:
    return [one for one in events if one in app.declared[Event]]  # the plugin of another one may be gone


@mapped(DeliveryRow, "Something that happened, told to a webhook.", visible_through=("webhook_id", WebhookRow),
        own=sight.of_owner)  # fmt: skip
class WebhookDelivery(Node):
    event: EventName = column("What happened.")
    activity: Activity | None = to_one("The same as it is told in its space; null for a test.", by="journal_id")
    state: WebhookDeliveryState = column("Where it stands.")
    attempts: int = column("How often it was sent, since it was queued or replayed.")
    queued_at: datetime = column("Since when it waited.")
    last_tried_at: datetime | None = column("When it was last sent.", "tried_at")
    last_failure: WebhookFailure | None = column("Why the last attempt failed.", "failure")
    last_status: int | None = column("What the receiver last answered, if it did.", "status")
    next_try_at: datetime | None = column(
        "When it is sent next, at the earliest; null if it does not wait.", sight.next_try
    )
    webhook: "Webhook | None" = to_one("The webhook.", by="webhook_id")


@mapped(WebhookRow, "An address that is told of what happens in a space and below.", visible=sight.visible,
        scope="space_id", own="owner_id")  # fmt: skip
class Webhook(Node):
    url: str = column("Where it sends to.")
    events: list[EventName] = computed("What it tells of: 100 at most.", _known, needs=["events"])
    query: str | None = column("What it asks of the API about each event.")
    sight: WebhookSight = column("With whose eyes it reads what it sends.")
    state: WebhookState = column("Whether it sends.")
    disabled_because: WebhookDisabled | None = column("Why it does not.")
    created_at: datetime = column("When it was registered.")
    failing_since: datetime | None = column("Since when attempts fail and nothing was delivered; null if all is well.")
    rests_until: datetime | None = column("Until when nothing is sent, since nobody answered there.")
    former_secret_until: datetime | None = column("Until when a former secret signs too.", "former_until")
    space: Space | None = to_one("Where, and below.", by="space_id")
    owner: Participant | None = to_one("Who registered it.", by="owner_id")
    deliveries: Connection[WebhookDelivery] = connection(
        "What it was told, of the last 30 days; in no promised order of arrival.", by="webhook_id",
        order=WebhookDeliveryOrder.NEWEST, filter=WebhookDeliveryFilter,
    )  # fmt: skip


@strawberry.type
class OnSpace:
    webhooks: Connection[Webhook] = connection(
        "What is sent elsewhere of what happens here: one's own, and all of them for administrators.", by="space_id",
        order=WebhookOrder.NEWEST,
    )  # fmt: skip


@strawberry.type
class OnParticipant:
    webhooks: Connection[Webhook] = connection(
        "Webhooks that they registered: for themselves, and for administrators.", by="owner_id",
        order=WebhookOrder.NEWEST,
    )  # fmt: skip
