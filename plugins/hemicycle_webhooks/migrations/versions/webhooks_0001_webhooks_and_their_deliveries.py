"""Webhooks: what is sent where, and each delivery of it."""

import sqlalchemy as sa
from alembic import op

revision = "webhooks_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "webhooks_webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("sight", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("disabled_because", sa.String(length=100), nullable=True),
        sa.Column("salt", sa.Uuid(), nullable=False),
        sa.Column("former_salt", sa.Uuid(), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("silences", sa.Integer(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sight in ('PUBLIC', 'MINE')", name=op.f("ck_webhooks_webhook_sight")),
        sa.CheckConstraint("state in ('ENABLED', 'DISABLED')", name=op.f("ck_webhooks_webhook_state")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["core_participant.id"], name=op.f("fk_webhooks_webhook_owner_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_webhooks_webhook_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks_webhook")),
        sa.UniqueConstraint("space_id", "owner_id", "url", name=op.f("uq_webhooks_webhook_space_id_owner_id_url")),
    )
    op.create_index(op.f("ix_webhooks_webhook_owner_id"), "webhooks_webhook", ["owner_id"], unique=False)
    op.create_table(
        "webhooks_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=100), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('WAITING', 'DELIVERED', 'DEAD', 'WITHHELD')", name=op.f("ck_webhooks_delivery_state")
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks_webhook.id"], name=op.f("fk_webhooks_delivery_webhook_id_webhooks_webhook")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks_delivery")),
        sa.UniqueConstraint("webhook_id", "journal_id", name=op.f("uq_webhooks_delivery_webhook_id_journal_id")),
    )
    op.create_index("ix_webhooks_delivery_due", "webhooks_delivery", ["webhook_id", "state", "due_at"], unique=False)
    op.create_index("ix_webhooks_delivery_page", "webhooks_delivery", ["webhook_id", "queued_at", "id"], unique=False)
    op.create_index("ix_webhooks_delivery_queued", "webhooks_delivery", ["queued_at"], unique=False)


def downgrade() -> None:
    op.drop_table("webhooks_delivery")
    op.drop_table("webhooks_webhook")
