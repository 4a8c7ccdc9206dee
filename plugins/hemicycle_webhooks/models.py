"""The tables of webhooks: where each sends what, and what is to be delivered. They hold ids, and no text of anyone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Json, Utc, Words, new_id, secret_id


class WebhookRow(SQLModel, table=True):
    """An address that is told of what happens in a space and below, and how it has fared.

    No secret is here: it is derived from a `salt` and the instance's own secret (see `signing.py`).
    """

    __tablename__ = "webhooks_webhook"
    __table_args__ = (
        UniqueConstraint("space_id", "owner_id", "url"),
        CheckConstraint("sight in ('PUBLIC', 'MINE')", name="sight"),
        CheckConstraint("state in ('ENABLED', 'DISABLED')", name="state"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id")
    owner_id: UUID = Field(foreign_key="core_participant.id", index=True)
    url: str = Field(sa_type=Words(2000))
    events: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
    query: str | None = Field(default=None, sa_type=Words)
    sight: str = Field(default="PUBLIC", sa_type=Code)
    state: str = Field(default="ENABLED", sa_type=Code)
    disabled_because: str | None = Field(default=None, sa_type=Code)
    salt: UUID = Field(default_factory=secret_id)
    former_salt: UUID | None = None
    former_until: datetime | None = Field(default=None, sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)
    failing_since: datetime | None = Field(default=None, sa_type=Utc)  # nothing was delivered since
    silences: int = 0  # attempts in a row that had no answer
    rests_until: datetime | None = Field(default=None, sa_type=Utc)  # whoever does not answer is left alone for a while
    busy_until: datetime | None = Field(default=None, sa_type=Utc)  # a worker sends to it now: the end of its lease


class DeliveryRow(SQLModel, table=True):
    """That something which happened is to be told to a webhook, once. What is told is made when it is sent."""

    __tablename__ = "webhooks_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "journal_id"),
        CheckConstraint("state in ('WAITING', 'DELIVERED', 'DEAD', 'WITHHELD')", name="state"),
        Index("ix_webhooks_delivery_due", "webhook_id", "state", "due_at"),
        Index("ix_webhooks_delivery_page", "webhook_id", "queued_at", "id"),
        Index("ix_webhooks_delivery_queued", "queued_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    webhook_id: UUID = Field(foreign_key="webhooks_webhook.id")
    journal_id: UUID
    event: str = Field(sa_type=Code)
    state: str = Field(default="WAITING", sa_type=Code)
    attempts: int = 0
    queued_at: datetime = Field(sa_type=Utc)
    due_at: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)  # an attempt that fails then is the last one
    tried_at: datetime | None = Field(default=None, sa_type=Utc)
    failure: str | None = Field(default=None, sa_type=Code)
    status: int | None = None
