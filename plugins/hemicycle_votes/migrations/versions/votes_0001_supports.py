"""Supports, how many there are, and the thresholds that were told."""

import sqlalchemy as sa
from alembic import op

revision = "votes_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "votes_support",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name="fk_votes_support_participant_id_core_participant"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_votes_support_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_votes_support"),
        sa.UniqueConstraint(
            "participant_id", "type", "object_id", name="uq_votes_support_participant_id_type_object_id"
        ),
    )
    op.create_index("ix_votes_support_object", "votes_support", ["object_id", "id"])
    op.create_index("ix_votes_support_space_id", "votes_support", ["space_id"])
    op.create_table(
        "votes_tally",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.CheckConstraint("supports >= 0", name=op.f("ck_votes_tally_supports")),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_votes_tally_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_votes_tally"),
        sa.UniqueConstraint("type", "object_id", name="uq_votes_tally_type_object_id"),
    )
    op.create_index("ix_votes_tally_space_id", "votes_tally", ["space_id"])
    op.create_table(
        "votes_threshold",
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("type", "object_id", "number", name="pk_votes_threshold"),
    )


def downgrade() -> None:
    op.drop_table("votes_threshold")
    op.drop_table("votes_tally")
    op.drop_table("votes_support")
