"""Proposals with their sources and versions, amendments, where each goes, and what was handed on."""

import sqlalchemy as sa
from alembic import op

revision = "outcomes_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "outcomes_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("theme", sa.String(length=100), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("analyst_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("origin in ('PARTICIPANTS', 'EXECUTIVE')", name=op.f("ck_outcomes_proposal_origin")),
        sa.CheckConstraint(
            "state in ('SUBMITTED', 'TRIAGED', 'RESPONDED', 'IN_PROGRESS', 'DONE', 'NOT_RETAINED', 'REPLACED')",
            name=op.f("ck_outcomes_proposal_state"),
        ),
        sa.CheckConstraint("(answer is null) = (answered_at is null)", name=op.f("ck_outcomes_proposal_answered")),
        sa.ForeignKeyConstraint(
            ["analyst_id"], ["core_participant.id"], name="fk_outcomes_proposal_analyst_id_core_participant"
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["core_participant.id"],
            name="fk_outcomes_proposal_answered_by_id_core_participant",
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_outcomes_proposal_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_proposal"),
    )
    op.create_index("ix_outcomes_proposal_analyst_id", "outcomes_proposal", ["analyst_id"])
    op.create_index("ix_outcomes_proposal_answered_by_id", "outcomes_proposal", ["answered_by_id"])
    op.create_index("ix_outcomes_proposal_space", "outcomes_proposal", ["space_id", "submitted_at", "id"])
    op.create_index("ix_outcomes_proposal_submitted", "outcomes_proposal", ["submitted_at", "id"])
    op.create_table(
        "outcomes_amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('PROPOSED', 'ACCEPTED', 'REJECTED', 'WITHDRAWN')", name=op.f("ck_outcomes_amendment_state")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["core_participant.id"], name="fk_outcomes_amendment_author_id_core_participant"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["core_participant.id"],
            name="fk_outcomes_amendment_decided_by_id_core_participant",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["outcomes_proposal.id"], name="fk_outcomes_amendment_proposal_id_outcomes_proposal"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_outcomes_amendment_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_amendment"),
    )
    op.create_index("ix_outcomes_amendment_author_id", "outcomes_amendment", ["author_id"])
    op.create_index("ix_outcomes_amendment_decided_by_id", "outcomes_amendment", ["decided_by_id"])
    op.create_index("ix_outcomes_amendment_proposal", "outcomes_amendment", ["proposal_id", "at", "id"])
    op.create_index("ix_outcomes_amendment_space_id", "outcomes_amendment", ["space_id"])
    op.create_table(
        "outcomes_co_author",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.CheckConstraint("state in ('INVITED', 'ACCEPTED')", name=op.f("ck_outcomes_co_author_state")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["core_participant.id"],
            name="fk_outcomes_co_author_participant_id_core_participant",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["outcomes_proposal.id"], name="fk_outcomes_co_author_proposal_id_outcomes_proposal"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_outcomes_co_author_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_co_author"),
        sa.UniqueConstraint("proposal_id", "participant_id", name="uq_outcomes_co_author_proposal_id_participant_id"),
    )
    op.create_index("ix_outcomes_co_author_participant", "outcomes_co_author", ["participant_id", "id"])
    op.create_index("ix_outcomes_co_author_space_id", "outcomes_co_author", ["space_id"])
    op.create_table(
        "outcomes_disposition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("destination", sa.String(length=100), nullable=False),
        sa.Column("unusable_because", sa.String(length=100), nullable=True),
        sa.Column("duplicate_of_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.String(length=300), nullable=True),
        sa.Column("motive", sa.Text(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("analyst_id", sa.Uuid(), nullable=True),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("contestation", sa.Text(), nullable=True),
        sa.Column("contested_by_id", sa.Uuid(), nullable=True),
        sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(destination = 'OTHER_LEVEL') = (recipient is not null)", name=op.f("ck_outcomes_disposition_recipient")
        ),
        sa.CheckConstraint(
            "(destination = 'UNUSABLE') = (unusable_because is not null)", name=op.f("ck_outcomes_disposition_unusable")
        ),
        sa.CheckConstraint(
            "coalesce(unusable_because = 'DUPLICATE', false) = (duplicate_of_id is not null)",
            name=op.f("ck_outcomes_disposition_duplicate"),
        ),
        sa.CheckConstraint(
            "destination in ('CHARTER', 'IMMEDIATE_MEASURE', 'WORKSTREAM', 'OTHER_LEVEL', 'UNUSABLE')",
            name=op.f("ck_outcomes_disposition_destination"),
        ),
        sa.CheckConstraint("motive <> ''", name=op.f("ck_outcomes_disposition_motive")),
        sa.CheckConstraint(
            "not in_force or state in ('DECIDED', 'CONTESTED', 'CONFIRMED')",
            name=op.f("ck_outcomes_disposition_in_force"),
        ),
        sa.CheckConstraint(
            "state in ('PROPOSED', 'REVIEWED', 'RETURNED', 'DECIDED', 'CONTESTED', 'CONFIRMED', 'CHANGED')",
            name=op.f("ck_outcomes_disposition_state"),
        ),
        sa.CheckConstraint(
            "unusable_because in ('OFF_TOPIC', 'UNINTELLIGIBLE', 'DUPLICATE', 'PERSONAL_CASE', 'ILLEGAL_CONTENT', "
            "'NO_PROPOSAL')",
            name=op.f("ck_outcomes_disposition_unusable_because"),
        ),
        sa.ForeignKeyConstraint(
            ["analyst_id"], ["core_participant.id"], name="fk_outcomes_disposition_analyst_id_core_participant"
        ),
        sa.ForeignKeyConstraint(
            ["contested_by_id"],
            ["core_participant.id"],
            name="fk_outcomes_disposition_contested_by_id_core_participant",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["core_participant.id"],
            name="fk_outcomes_disposition_decided_by_id_core_participant",
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"],
            ["outcomes_proposal.id"],
            name="fk_outcomes_disposition_duplicate_of_id_outcomes_proposal",
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["outcomes_disposition.id"],
            name="fk_outcomes_disposition_previous_id_outcomes_disposition",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["outcomes_proposal.id"],
            name="fk_outcomes_disposition_proposal_id_outcomes_proposal",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["core_participant.id"], name="fk_outcomes_disposition_reviewer_id_core_participant"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_outcomes_disposition_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_disposition"),
    )
    op.create_index("ix_outcomes_disposition_analyst_id", "outcomes_disposition", ["analyst_id"])
    op.create_index("ix_outcomes_disposition_contested_by_id", "outcomes_disposition", ["contested_by_id"])
    op.create_index("ix_outcomes_disposition_decided_by_id", "outcomes_disposition", ["decided_by_id"])
    op.create_index("ix_outcomes_disposition_duplicate_of_id", "outcomes_disposition", ["duplicate_of_id"])
    op.create_index("ix_outcomes_disposition_previous_id", "outcomes_disposition", ["previous_id"])
    op.create_index("ix_outcomes_disposition_proposal", "outcomes_disposition", ["proposal_id", "proposed_at", "id"])
    op.create_index("ix_outcomes_disposition_reviewer_id", "outcomes_disposition", ["reviewer_id"])
    op.create_index("ix_outcomes_disposition_space", "outcomes_disposition", ["space_id", "destination"])
    op.create_index(
        "uq_outcomes_disposition_in_force",
        "outcomes_disposition",
        ["proposal_id"],
        unique=True,
        sqlite_where=sa.text("in_force"),
        postgresql_where=sa.text("in_force"),
    )
    op.create_index(
        "uq_outcomes_disposition_pending",
        "outcomes_disposition",
        ["proposal_id"],
        unique=True,
        sqlite_where=sa.text("state in ('PROPOSED', 'REVIEWED')"),
        postgresql_where=sa.text("state in ('PROPOSED', 'REVIEWED')"),
    )
    op.create_table(
        "outcomes_lineage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("replaced_id", sa.Uuid(), nullable=False),
        sa.Column("replacing_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('MERGED', 'SPLIT')", name=op.f("ck_outcomes_lineage_kind")),
        sa.CheckConstraint("replaced_id <> replacing_id", name=op.f("ck_outcomes_lineage_itself")),
        sa.ForeignKeyConstraint(
            ["replaced_id"], ["outcomes_proposal.id"], name="fk_outcomes_lineage_replaced_id_outcomes_proposal"
        ),
        sa.ForeignKeyConstraint(
            ["replacing_id"], ["outcomes_proposal.id"], name="fk_outcomes_lineage_replacing_id_outcomes_proposal"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_lineage"),
        sa.UniqueConstraint("replaced_id", "replacing_id", name="uq_outcomes_lineage_replaced_id_replacing_id"),
    )
    op.create_index("ix_outcomes_lineage_replacing", "outcomes_lineage", ["replacing_id", "id"])
    op.create_table(
        "outcomes_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.CheckConstraint("role in ('VERBATIM', 'MERGED', 'SPLIT')", name=op.f("ck_outcomes_source_role")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["core_contribution.id"],
            name="fk_outcomes_source_contribution_id_core_contribution",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["outcomes_proposal.id"], name="fk_outcomes_source_proposal_id_outcomes_proposal"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_source"),
        sa.UniqueConstraint("proposal_id", "contribution_id", name="uq_outcomes_source_proposal_id_contribution_id"),
    )
    op.create_index("ix_outcomes_source_contribution", "outcomes_source", ["contribution_id", "id"])
    op.create_table(
        "outcomes_transmission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("silent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'ANSWERED') = (answer is not null)", name=op.f("ck_outcomes_transmission_answered")
        ),
        sa.CheckConstraint("(state = 'TO_SEND') = (sent_at is null)", name=op.f("ck_outcomes_transmission_sent")),
        sa.CheckConstraint(
            "state in ('TO_SEND', 'SENT', 'ACKNOWLEDGED', 'ANSWERED', 'SILENT')",
            name=op.f("ck_outcomes_transmission_state"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["outcomes_proposal.id"],
            name="fk_outcomes_transmission_proposal_id_outcomes_proposal",
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["core_participant.id"], name="fk_outcomes_transmission_sent_by_id_core_participant"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name="fk_outcomes_transmission_space_id_core_space"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_transmission"),
    )
    op.create_index("ix_outcomes_transmission_due", "outcomes_transmission", ["state", "silent_at"])
    op.create_index("ix_outcomes_transmission_proposal", "outcomes_transmission", ["proposal_id", "at", "id"])
    op.create_index("ix_outcomes_transmission_sent_by_id", "outcomes_transmission", ["sent_by_id"])
    op.create_index("ix_outcomes_transmission_space_id", "outcomes_transmission", ["space_id"])
    op.create_table(
        "outcomes_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("verbatim_of_id", sa.Uuid(), nullable=True),
        sa.Column("amendment_id", sa.Uuid(), nullable=True),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["outcomes_proposal.id"], name="fk_outcomes_version_proposal_id_outcomes_proposal"
        ),
        sa.ForeignKeyConstraint(
            ["verbatim_of_id"],
            ["core_contribution.id"],
            name="fk_outcomes_version_verbatim_of_id_core_contribution",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["core_participant.id"], name="fk_outcomes_version_written_by_id_core_participant"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes_version"),
        sa.UniqueConstraint("proposal_id", "number", name="uq_outcomes_version_proposal_id_number"),
    )
    op.create_index("ix_outcomes_version_verbatim_of_id", "outcomes_version", ["verbatim_of_id"])
    op.create_index("ix_outcomes_version_written_by_id", "outcomes_version", ["written_by_id"])


def downgrade() -> None:
    op.drop_table("outcomes_version")
    op.drop_table("outcomes_transmission")
    op.drop_table("outcomes_source")
    op.drop_table("outcomes_lineage")
    op.drop_table("outcomes_disposition")
    op.drop_table("outcomes_co_author")
    op.drop_table("outcomes_amendment")
    op.drop_table("outcomes_proposal")
