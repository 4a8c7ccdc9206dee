"""Webhooks of Participant:steward, with deliveries in every state, for tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hemicycle.api import SYSTEM, Sample, Session, SpaceRow
from hemicycle_webhooks.models import DeliveryRow, WebhookRow


def _webhook(state: str, **more: Any) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        row = WebhookRow(
            space_id=world["Space:OPEN"], owner_id=world["Participant:steward"], state=state,
            url=f"https://{state.lower()}.sample.example/", events=["space.archived"], created_at=session.now, **more,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        return row.id

    return Sample(f"Webhook:{state}", f"A webhook of Space:OPEN that is {state}.", make=make)


def _delivery(state: str, **more: Any) -> Sample:
    async def make(session: Session, world: dict[str, UUID]) -> UUID:
        session.record(SYSTEM, "space.changed", await session.get_one(SpaceRow, world["Space:OPEN"]))
        row = DeliveryRow(
            webhook_id=world["Webhook:DISABLED"], journal_id=session.recorded[-1].id, event="space.changed",
            state=state, queued_at=session.now, due_at=session.now, until=session.now + timedelta(days=1), **more,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        return row.id

    return Sample(f"WebhookDelivery:{state}", f"A delivery of Webhook:DISABLED that is {state}.", make=make)


SAMPLES = [
    _webhook("ENABLED"),
    _webhook("DISABLED", disabled_because="ASKED"),
    _delivery("WAITING"),
    _delivery("DELIVERED", attempts=1, status=204),
    _delivery("DEAD", attempts=14, failure="STATUS", status=500),
    _delivery("WITHHELD"),
]
