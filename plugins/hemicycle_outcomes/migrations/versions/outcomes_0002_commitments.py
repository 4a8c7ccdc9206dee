"""Commitments with their steps and evidence, and the proposals that they follow from."""

import sqlalchemy as sa
from alembic import op

revision = "outcomes_0002"
down_revision = "outcomes_0001"


def upgrade() -> None:
    op.create_table(
        "outcomes_commitment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_by_id", sa.Uuid(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.Uuid(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_told", sa.Boolean(), nullable=False),
        sa.Column("review_told", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind in ('MEASURE', 'WORKSTREAM')", name=op.f("ck_outcomes_commitment_kind")),
        sa.CheckConstraint(
            "state in ('DECIDED', 'STARTED', 'DELAYED', 'DELIVERED', 'VERIFIED', 'ABANDONED')",
            name=op.f("ck_outcomes_commitment_state"),
        ),
        sa.CheckConstraint(
            "state not in ('DELAYED', 'ABANDONED') or reason is not null", name=op.f("ck_outcomes_commitment_reason")
        ),
        sa.CheckConstraint(
            "(state = 'VERIFIED') = (verified_at is not null)", name=op.f("ck_outcomes_commitment_verified")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["core_participant.id"], name=f"fk_outcomes_commitment_{column}_core_participant"
            )
            for column in ("owner_id", "decided_by_id", "delivered_by_id", "verified_by_id")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_outcomes_commitment_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_commitment"),
    )
    for column in ("owner_id", "decided_by_id", "delivered_by_id", "verified_by_id"):
        op.create_index(f"ix_outcomes_commitment_{column}", "outcomes_commitment", [column])
    op.create_index("ix_outcomes_commitment_space", "outcomes_commitment", ["space_id", "due_on", "id"])
    op.create_index("ix_outcomes_commitment_due", "outcomes_commitment", ["due_on", "id"])
    op.create_index("ix_outcomes_commitment_review", "outcomes_commitment", ["review_on"])
    op.create_table(
        "outcomes_follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["outcomes_commitment.id"],
            name="fk_outcomes_follow_up_commitment_id_outcomes_commitment",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["outcomes_proposal.id"], name="fk_outcomes_follow_up_proposal_id_outcomes_proposal"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_follow_up"),
        sa.UniqueConstraint("commitment_id", "proposal_id", name="uq_outcomes_follow_up_commitment_id_proposal_id"),
    )  # fmt: skip
    op.create_index("ix_outcomes_follow_up_proposal", "outcomes_follow_up", ["proposal_id", "id"])
    op.create_table(
        "outcomes_milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('PLANNED', 'REACHED')", name=op.f("ck_outcomes_milestone_state")),
        sa.CheckConstraint(
            "(state = 'REACHED') = (reached_at is not null)", name=op.f("ck_outcomes_milestone_reached")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["outcomes_commitment.id"],
            name="fk_outcomes_milestone_commitment_id_outcomes_commitment",
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_outcomes_milestone_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_milestone"),
        sa.UniqueConstraint("commitment_id", "position", name="uq_outcomes_milestone_commitment_id_position"),
    )  # fmt: skip
    op.create_index("ix_outcomes_milestone_space_id", "outcomes_milestone", ["space_id"])
    op.create_table(
        "outcomes_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("figure", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('LINK', 'FIGURE', 'FILE')", name=op.f("ck_outcomes_evidence_kind")),
        sa.CheckConstraint("kind <> 'LINK' or url is not null", name=op.f("ck_outcomes_evidence_link")),
        sa.CheckConstraint("(kind = 'FIGURE') = (figure is not null)", name=op.f("ck_outcomes_evidence_figure")),
        sa.CheckConstraint("kind <> 'FIGURE' or source is not null", name=op.f("ck_outcomes_evidence_source")),
        sa.CheckConstraint("(kind = 'FILE') = (sha256 is not null)", name=op.f("ck_outcomes_evidence_file")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["core_participant.id"], name="fk_outcomes_evidence_added_by_id_core_participant"
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["outcomes_commitment.id"],
            name="fk_outcomes_evidence_commitment_id_outcomes_commitment",
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["outcomes_milestone.id"], name="fk_outcomes_evidence_milestone_id_outcomes_milestone"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_evidence"),
    )  # fmt: skip
    op.create_index("ix_outcomes_evidence_added_by_id", "outcomes_evidence", ["added_by_id"])
    op.create_index("ix_outcomes_evidence_commitment", "outcomes_evidence", ["commitment_id", "at", "id"])
    op.create_index("ix_outcomes_evidence_milestone", "outcomes_evidence", ["milestone_id", "at", "id"])


def downgrade() -> None:
    for table in ("evidence", "milestone", "follow_up", "commitment"):
        op.drop_table(f"outcomes_{table}")
