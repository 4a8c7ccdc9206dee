"""From what happened to a request that leaves: whom it is told, when it is tried again, and when nobody tries any more.

One job sends to one webhook, in places where nothing else waits (`Job.aside`): whoever is slow holds up nobody else.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import uniform
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlmodel import col

from hemicycle.api import SYSTEM, Application, Occurrence, OutboundError, Session, SpaceTree, table_of
from hemicycle_webhooks import payload, rules, signing
from hemicycle_webhooks.models import DeliveryRow, WebhookRow
from hemicycle_webhooks.rules import deliveries, wake, webhooks

log = logging.getLogger(__name__)

AT_ONCE = 2  # requests to one webhook
SECONDS, BYTES = 10.0, 64 * 1024  # what an answer may take
TURN = 20.0  # seconds after which a webhook gives its place to the next one
LEASE = timedelta(seconds=60)  # more than a turn, and the requests with which it ends
FIRST, FACTOR = timedelta(seconds=5), 3  # pauses: 5 s, 15 s, 45 s… give or take a fifth
LONGEST, LONGEST_REST = timedelta(hours=3), timedelta(hours=1)
PATIENCE = timedelta(days=7)  # without anything delivered
KEPT = timedelta(days=30)
GONE, OVERLOADED = 410, {429, 502, 503, 504}


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended. failure: why it failed; status: what the receiver answered, if it did."""

    state: str
    failure: str | None = None
    status: int | None = None

    @property
    def silent(self) -> bool:
        """Whether it is better to leave the receiver alone for a while."""
        return self.state == "FAILED" and (
            self.status in OVERLOADED or (self.status is None and self.failure != "OURS")
        )


async def queue(app: Application, happened: Occurrence) -> None:
    """Handler: have what happened told to each webhook that asked for it, and whose owner sees it."""
    it, tree = webhooks.c, table_of(SpaceTree).c
    above = select(it.id).join(table_of(SpaceTree), tree.ancestor_id == it.space_id)
    above = above.where(tree.descendant_id == happened.space_id, it.state == "ENABLED", it.created_at <= happened.at)
    async with app.db.read() as connection:
        ids = (await connection.execute(above)).scalars().all()
        rows = [WebhookRow(**one) for one in (await connection.execute(_those(ids))).mappings()] if ids else []
    for row in rows:
        if happened.event in row.events and await payload.told(app, payload.reader(row), happened.id):
            async with app.write() as session:
                await rules.queue(session, row.id, happened.id, happened.event)


async def send(app: Application, argument: str) -> None:
    """The job of one webhook: send what is due, a few at once, for a turn; then say when it wants the next one."""
    key, clock = UUID(argument), asyncio.get_running_loop().time
    ends = clock() + TURN
    if not await _begin(app, key):
        return
    while True:
        row, due = await _due(app, key)
        if row is None or not due:
            break
        outcomes = await asyncio.gather(*(_attempt(app, row, one) for one in due))
        await _note(app, key, {one.id: outcome for one, outcome in zip(due, outcomes, strict=True)})
        if clock() >= ends:
            break
    await _end(app, key)


async def tidy(app: Application, _: str) -> None:
    """The timer: forget what was delivered or given up a month ago, and look after what nobody was woken for."""
    it = deliveries.c
    async with app.write() as session:
        over = (it.queued_at < session.now - KEPT, it.state != "WAITING")
        await session.execute(delete(deliveries).where(*over))
        late = select(it.webhook_id).join(webhooks, webhooks.c.id == it.webhook_id).distinct()
        late = late.where(webhooks.c.state == "ENABLED", it.state == "WAITING", it.due_at <= session.now)
        for key in (await session.execute(late)).scalars().all():
            await wake(session, key)


async def settle(app: Application) -> dict[str, int]:
    """After a backup was restored: nothing is sent to who may not want it any more, nor what may have been sent since.

    People enable their webhooks again, and replay what they miss.
    """
    hooks, it = webhooks.c, deliveries.c
    off = update(webhooks).where(hooks.state == "ENABLED").values(state="DISABLED", disabled_because="RESTORED")
    over = update(deliveries).where(it.state == "WAITING").values(state="DEAD", failure="RESTORED")
    async with app.write() as session:
        return {
            "webhooks disabled": len((await session.execute(off.returning(hooks.id))).all()),
            "deliveries of webhooks given up": len((await session.execute(over.returning(it.id))).all()),
        }


def back_off(times: int, longest: timedelta = LONGEST) -> timedelta:
    """How long to wait after so many failures."""
    pause: timedelta = min(FIRST * FACTOR ** min(times - 1, 20), longest)
    return pause * uniform(0.8, 1.2)


async def _begin(app: Application, key: UUID) -> bool:
    """Take the webhook for ourselves; False if there is nothing to do now."""
    async with app.write() as session:
        row = await session.get(WebhookRow, key, with_for_update=True)
        if row is None or row.state != "ENABLED":
            return False
        if not await rules.still_may(session, row):
            await _switch_off(session, row, "NOT_ALLOWED")
            return False
        later = max(filter(None, (row.busy_until, row.rests_until)), default=session.now)
        if later > session.now:
            await wake(session, key, later)
            return False
        row.busy_until = session.now + LEASE
        return True


async def _due(app: Application, key: UUID) -> tuple[WebhookRow | None, Sequence[DeliveryRow]]:
    """The webhook, if it still sends, and what is due."""
    async with app.write() as session:
        row = await session.get(WebhookRow, key, with_for_update=True)
        if row is None or row.state != "ENABLED" or (row.rests_until is not None and row.rests_until > session.now):
            return None, ()
        row.busy_until = session.now + LEASE
        it = deliveries.c
        due = select(DeliveryRow).where(it.webhook_id == key, it.state == "WAITING", it.due_at <= session.now)
        return row, (await session.execute(due.order_by(it.due_at, it.id).limit(AT_ONCE))).scalars().all()


async def _attempt(app: Application, row: WebhookRow, delivery: DeliveryRow) -> Outcome:
    try:
        body = await payload.body(app, row, delivery)
    except Exception:
        log.exception("webhooks: the delivery %s could not be made", delivery.id)
        return Outcome("FAILED", "OURS")
    if body is None:
        return Outcome("WITHHELD")
    signed = signing.headers(app, row, f"msg_{delivery.id.hex}", app.clock.now(), body)
    try:
        answer = await app.outbound.post(row.url, body, signed, seconds=SECONDS, most=BYTES)
    except OutboundError as error:
        return Outcome("FAILED", error.failure.value)
    if 200 <= answer.status < 300:
        return Outcome("DELIVERED", status=answer.status)
    return Outcome("FAILED", "STATUS", answer.status)


async def _note(app: Application, key: UUID, outcomes: dict[UUID, Outcome]) -> None:
    """Write down how attempts ended, and what it says about the receiver."""
    async with app.write() as session:
        row = await session.get(WebhookRow, key, with_for_update=True)
        if row is None:
            return
        for delivery, outcome in outcomes.items():
            await _note_one(session, delivery, outcome)
        states = {one.state for one in outcomes.values()}
        if "DELIVERED" in states:
            row.failing_since, row.silences = None, 0
        elif "FAILED" in states:
            row.failing_since = row.failing_since or session.now
            if any(one.silent for one in outcomes.values()):
                row.silences += 1
                row.rests_until = session.now + back_off(row.silences, LONGEST_REST)
                await _give_up_old(session, row)
        if any(one.status == GONE for one in outcomes.values()):
            await _switch_off(session, row, "GONE")
        elif row.failing_since is not None and session.now - row.failing_since >= PATIENCE:
            await _switch_off(session, row, "FAILING")


async def _note_one(session: Session, key: UUID, outcome: Outcome) -> None:
    one = await session.get(DeliveryRow, key)
    if one is None:
        return
    one.failure, one.status = outcome.failure, outcome.status
    if outcome.state == "WITHHELD":
        one.state = "WITHHELD"
        return
    one.attempts, one.tried_at = one.attempts + 1, session.now
    if outcome.state == "DELIVERED":
        one.state = "DELIVERED"
    elif session.now >= one.until:
        one.state = "DEAD"
    else:
        one.due_at = min(session.now + back_off(one.attempts), one.until)


async def _give_up_old(session: Session, row: WebhookRow) -> None:
    """Whoever answers nothing answers none of what waits: what is a day old is not tried one by one."""
    it = deliveries.c
    old = (it.webhook_id == row.id, it.state == "WAITING", it.until <= session.now)
    await session.execute(update(deliveries).where(*old).values(state="DEAD"))


async def _switch_off(session: Session, row: WebhookRow, why: str) -> None:
    """Send no more, and tell whoever registered it."""
    if row.state == "DISABLED":
        return
    row.state, row.disabled_because = "DISABLED", why
    session.record(SYSTEM, "webhooks.disabled", row, reason=rules.host_of(row))
    told = f"{session.recorded[-1].id.hex}:{row.owner_id.hex}"
    await session.enqueue("participant.notify", told, once=f"notify:{told}")


async def _end(app: Application, key: UUID) -> None:
    """Let go of it; if something waits, come again when it is due."""
    async with app.write() as session:
        row = await session.get(WebhookRow, key, with_for_update=True)
        if row is None:
            return
        row.busy_until = None
        it = deliveries.c
        waiting = select(func.min(it.due_at)).where(it.webhook_id == key, it.state == "WAITING")
        first: datetime | None = (await session.execute(waiting)).scalar()
        if row.state == "ENABLED" and first is not None:
            at = max(first, row.rests_until or first)
            await wake(session, key, at if at > session.now else None)


def _those(ids: Sequence[UUID]) -> Select[Any]:
    return select(webhooks).where(col(WebhookRow.id).in_(ids))
