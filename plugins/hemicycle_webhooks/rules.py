"""Webhooks: who has something sent where, and what may be asked of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from hemicycle.api import (
    Actor,
    Application,
    Event,
    OutboundError,
    ParticipantRow,
    RefusalCode,
    Refused,
    Session,
    SpaceRow,
    invalid,
    secret_id,
    table_of,
)
from hemicycle_webhooks import payload, signing
from hemicycle_webhooks.answers import WebhookSecret
from hemicycle_webhooks.models import DeliveryRow, WebhookRow

MOST = 20  # webhooks of one space
OVERLAP = timedelta(hours=24)  # how long a former secret still signs
TRIED = timedelta(hours=26)  # how long a delivery is tried: who was down for a whole day is asked once more
SEND = "webhooks.send"
webhooks, deliveries = table_of(WebhookRow), table_of(DeliveryRow)


async def subscribe(
    session: Session, actor: Actor, *, space: UUID, url: str, events: list[str], query: str | None = None,
    sight: str = "PUBLIC",
) -> WebhookSecret:  # fmt: skip
    """Have what happens in a space and below sent to an address. What it answers holds the secret: shown once."""
    place = await session.authorize(actor, "webhooks.subscribe", SpaceRow, space)  # locked: they are counted
    owner = in_person(actor)
    mine = col(WebhookRow.space_id) == place.id
    if (await session.execute(select(func.count()).select_from(WebhookRow).where(mine))).scalar_one() >= MOST:
        raise Refused(RefusalCode.CONFLICT, f"A space has {MOST} webhooks at most: remove one first.")
    row = WebhookRow(
        space_id=place.id, owner_id=owner, url=_address(session.app, url), events=_events(session.app, events),
        query=query or None, sight=sight, created_at=session.now,
    )  # fmt: skip
    if row.query is not None:
        await payload.check_query(session.app, payload.reader(row), row.query, place.id)
    if not await session.add_once(row):
        raise Refused(RefusalCode.ALREADY_DONE, "This address has a webhook of yours here: change that one.")
    session.record(actor, "webhooks.subscribed", row)
    return _with_secret(session.app, row)


async def change(
    session: Session, actor: Actor, *, webhook: UUID, events: list[str] | None = None, query: str | None = None,
    sight: str | None = None,
) -> WebhookRow:  # fmt: skip
    """Tell of other events, or something else of them; what is not given stays, and an empty query is none."""
    row = await session.authorize(actor, "webhooks.change", WebhookRow, webhook)
    in_person(actor)
    row.events = row.events if events is None else _events(session.app, events)
    row.sight = sight or row.sight
    row.query = row.query if query is None else query or None
    if row.query is not None:
        await payload.check_query(session.app, payload.reader(row), row.query, row.space_id)
    session.record(actor, "webhooks.changed", row)
    return row


async def rotate_secret(session: Session, actor: Actor, *, webhook: UUID) -> WebhookSecret:
    """A new secret. For a day the former one signs beside it, so that a receiver can be changed meanwhile."""
    row = await session.authorize(actor, "webhooks.rotate_secret", WebhookRow, webhook)
    in_person(actor)
    row.salt, row.former_salt, row.former_until = secret_id(), row.salt, session.now + OVERLAP
    session.record(actor, "webhooks.rotated", row)
    return _with_secret(session.app, row)


async def disable(session: Session, actor: Actor, *, webhook: UUID) -> WebhookRow:
    """Send nothing from now on."""
    row = await session.authorize(actor, "webhooks.disable", WebhookRow, webhook)
    row.state, row.disabled_because = "DISABLED", "ASKED"
    session.record(actor, "webhooks.disabled", row, reason=host_of(row))
    return row


async def enable(session: Session, actor: Actor, *, webhook: UUID) -> WebhookRow:
    """Send again, from now on; and what still waits."""
    row = await session.authorize(actor, "webhooks.enable", WebhookRow, webhook)
    await session.authorize(actor, "webhooks.subscribe", SpaceRow, row.space_id, lock="share")
    row.state, row.disabled_because = "ENABLED", None
    row.failing_since, row.rests_until, row.silences = None, None, 0
    session.record(actor, "webhooks.enabled", row)
    await wake(session, row.id)
    return row


async def remove(session: Session, actor: Actor, *, webhook: UUID) -> WebhookRow:
    """Forget a webhook, and its deliveries."""
    row = await session.authorize(actor, "webhooks.remove", WebhookRow, webhook)
    session.record(actor, "webhooks.removed", row)
    await session.execute(delete(deliveries).where(deliveries.c.webhook_id == row.id))
    await session.delete(row)
    return row


async def send_test(session: Session, actor: Actor, *, webhook: UUID) -> DeliveryRow:
    """Send something of which nothing is to be made, to see whether it arrives."""
    row = await session.authorize(actor, "webhooks.test", WebhookRow, webhook)
    session.record(actor, payload.TESTED, row)
    sent = DeliveryRow(webhook_id=row.id, journal_id=session.recorded[-1].id, event=payload.TESTED, **_times(session))
    session.add(sent)
    await session.flush()
    await wake(session, row.id)
    return sent


async def replay(session: Session, actor: Actor, *, delivery: UUID) -> DeliveryRow:
    """Send something once more, for another day."""
    row = await session.authorize(actor, "webhooks.replay", DeliveryRow, delivery)
    for name, value in _again(session).items():
        setattr(row, name, value)
    await wake(session, row.webhook_id)
    return row


async def replay_dead(session: Session, actor: Actor, *, webhook: UUID) -> WebhookRow:
    """Send all that was given up once more."""
    row = await session.authorize(actor, "webhooks.replay_dead", WebhookRow, webhook)
    dead = (deliveries.c.webhook_id == row.id, deliveries.c.state == "DEAD")
    await session.execute(update(deliveries).where(*dead).values(**_again(session)))
    await wake(session, row.id)
    return row


async def queue(session: Session, webhook: UUID, journal: UUID, event: str) -> None:
    """Have something that happened told to a webhook, once."""
    if await session.add_once(DeliveryRow(webhook_id=webhook, journal_id=journal, event=event, **_times(session))):
        await wake(session, webhook)


async def wake(session: Session, webhook: UUID, at: Any = None) -> None:
    """Have a worker send what is due to a webhook: now, or at a moment."""
    once = f"{SEND}:{webhook.hex}" + (f":{at:%Y%m%d%H%M%S}" if at else "")
    await session.enqueue(SEND, webhook.hex, at=at, once=once)


async def still_may(session: Session, row: WebhookRow) -> bool:
    """Whether the owner takes part, and could register it today."""
    owner = await session.get(ParticipantRow, row.owner_id)
    try:
        await session.authorize(Actor(row.owner_id), "webhooks.subscribe", SpaceRow, row.space_id, lock="share")
    except Refused:
        return False
    return owner is not None and owner.state == "ACTIVE"


def in_person(actor: Actor) -> UUID:
    """Who it is. Refused for a token: what it sets up would outlive it."""
    if actor.scopes is not None or actor.id is None:
        raise Refused(RefusalCode.NOT_ALLOWED, "A token cannot do this: sign in.")
    return actor.id


def host_of(row: WebhookRow) -> str:
    """Where it sends to, without what may be secret in an address."""
    return urlsplit(row.url).hostname or ""


def _address(app: Application, url: str) -> str:
    try:
        app.outbound.check(url)
    except OutboundError as error:
        raise invalid("url", f"Nothing can be sent there: {error}.") from None
    return url


def _events(app: Application, names: list[str]) -> list[str]:
    known: dict[str, Event] = app.declared[Event]
    if not names:
        raise invalid("events", "Say which events: one at least.")
    if private := sorted(one for one in names if not known[one].public):
        raise invalid("events", f"{private[0]} is no public event: webhooks tell of public ones.")
    return sorted(set(names))


def _times(session: Session) -> dict[str, Any]:
    return {"queued_at": session.now, "due_at": session.now, "until": session.now + TRIED}


def _again(session: Session) -> dict[str, Any]:
    return {"state": "WAITING", "attempts": 0, "due_at": session.now, "until": session.now + TRIED}


def _with_secret(app: Application, row: WebhookRow) -> WebhookSecret:
    return WebhookSecret(key=row.id, secret=signing.shown(signing.secret_of(app, row.id, row.salt)))
