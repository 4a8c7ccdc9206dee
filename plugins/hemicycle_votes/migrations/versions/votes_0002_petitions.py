"""Petitions, and their signatures."""

import sqlalchemy as sa
from alembic import op

revision = "votes_0002"
down_revision = "votes_0001"


def upgrade() -> None:
    op.create_table(
        "votes_petition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("criterion", sa.String(length=100), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("groups_needed", sa.Integer(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("rules_hash", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('DRAFT', 'OPEN', 'REACHED', 'LAPSED', 'ANSWERED', 'WITHDRAWN')",
            name=op.f("ck_votes_petition_state"),
        ),
        sa.CheckConstraint("kind in ('PETITION', 'INTERPELLATION')", name=op.f("ck_votes_petition_kind")),
        sa.CheckConstraint("signatures >= 0", name=op.f("ck_votes_petition_signatures")),
        sa.CheckConstraint(
            "(state in ('DRAFT', 'WITHDRAWN')) or (closes_at is not null)", name=op.f("ck_votes_petition_opened")
        ),
        sa.CheckConstraint("(state = 'ANSWERED') = (answer is not null)", name=op.f("ck_votes_petition_answered")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["core_participant.id"], name="fk_votes_petition_author_id_core_participant"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_votes_petition_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_votes_petition"),
    )
    op.create_index("ix_votes_petition_author_id", "votes_petition", ["author_id"])
    op.create_index("ix_votes_petition_space", "votes_petition", ["space_id", "created_at", "id"])
    op.create_table(
        "votes_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name="fk_votes_signature_participant_id_core_participant"
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["votes_petition.id"], name="fk_votes_signature_petition_id_votes_petition"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_votes_signature_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_votes_signature"),
        sa.UniqueConstraint("participant_id", "petition_id", name="uq_votes_signature_participant_id_petition_id"),
    )
    op.create_index("ix_votes_signature_petition_id", "votes_signature", ["petition_id"])
    op.create_index("ix_votes_signature_space_id", "votes_signature", ["space_id"])


def downgrade() -> None:
    op.drop_table("votes_signature")
    op.drop_table("votes_petition")
