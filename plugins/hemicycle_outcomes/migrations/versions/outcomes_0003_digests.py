"""Digests: of which time and which proposals each tells, and the letters that it is made of."""

import sqlalchemy as sa
from alembic import op

revision = "outcomes_0003"
down_revision = "outcomes_0002"


def upgrade() -> None:
    op.create_table(
        "outcomes_digest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached", sa.Uuid(), nullable=True),
        sa.Column("batches", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_outcomes_digest_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_digest"),
        sa.UniqueConstraint("space_id", "since", name="uq_outcomes_digest_space_id_since"),
    )
    op.create_index("ix_outcomes_digest_until", "outcomes_digest", ["until", "id"])
    op.create_table(
        "outcomes_digest_item",
        sa.Column("digest_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["outcomes_digest.id"], name="fk_outcomes_digest_item_digest_id_outcomes_digest"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["outcomes_proposal.id"], name="fk_outcomes_digest_item_proposal_id_outcomes_proposal"
        ),
        sa.PrimaryKeyConstraint("digest_id", "proposal_id", name="pk_outcomes_digest_item"),
    )
    op.create_index("ix_outcomes_digest_item_proposal_id", "outcomes_digest_item", ["proposal_id"])
    op.create_table(
        "outcomes_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('TO_SEND', 'SENDING', 'SENT', 'SKIPPED')", name=op.f("ck_outcomes_letter_state")),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["outcomes_digest.id"], name="fk_outcomes_letter_digest_id_outcomes_digest"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name="fk_outcomes_letter_participant_id_core_participant"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_letter"),
        sa.UniqueConstraint("digest_id", "participant_id", name="uq_outcomes_letter_digest_id_participant_id"),
    )
    op.create_index("ix_outcomes_letter_batch", "outcomes_letter", ["digest_id", "batch", "state", "tries"])
    op.create_index("ix_outcomes_letter_participant_id", "outcomes_letter", ["participant_id"])


def downgrade() -> None:
    for table in ("letter", "digest_item", "digest"):
        op.drop_table(f"outcomes_{table}")
