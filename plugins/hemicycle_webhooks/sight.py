"""Who sees webhooks and their deliveries."""

from typing import Any

from sqlalchemy import ColumnElement, case, or_, select

from hemicycle.api import VIEWER, Row, holds, table_of
from hemicycle_webhooks.models import WebhookRow


def visible(row: Row) -> ColumnElement[bool]:
    """Whoever registered it, and those who answer for the space that it tells of."""
    return or_(row.owner_id == VIEWER, holds(frozenset({"administrator"}), row.space_id))


def of_owner(row: Row) -> ColumnElement[bool]:
    """A delivery of a webhook of the viewer's."""
    it = table_of(WebhookRow).alias().c
    return select(1).where(it.id == row.webhook_id, it.owner_id == VIEWER).correlate(row.id.table).exists()


def next_try(row: Row) -> ColumnElement[Any]:
    """When a delivery that waits is sent next."""
    return case((row.state == "WAITING", row.due_at))
