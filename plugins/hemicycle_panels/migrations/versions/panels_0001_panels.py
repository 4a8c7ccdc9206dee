"""Panels: their design, candidates, draws, members, sessions, opinions and links."""

import sqlalchemy as sa
from alembic import op

revision = "panels_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "panels_panel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("call_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("criterion", sa.String(length=100), nullable=True),
        sa.Column("criterion_parameters", sa.JSON(), nullable=False),
        sa.Column("algorithm", sa.String(length=100), nullable=False),
        sa.Column("lottery_size", sa.Integer(), nullable=False),
        sa.Column("one_per_household", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('DESIGNED', 'CALL_OPEN', 'POOL_CLOSED', 'DRAWN', 'CONVENED', 'OPINION_ADOPTED', 'DELIVERED', "
            "'DISSOLVED')",
            name=op.f("ck_panels_panel_state"),
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_panels_panel_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_panel")),
    )
    op.create_index(op.f("ix_panels_panel_space_id"), "panels_panel", ["space_id"], unique=False)
    op.create_table(
        "panels_college",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=100), nullable=False),
        sa.CheckConstraint(
            "kind in ('CITIZENS', 'STRUCTURES', 'ELECTED_MEMBERS')", name=op.f("ck_panels_college_kind")
        ),
        sa.CheckConstraint("method in ('LOTTERY', 'DESIGNATION')", name=op.f("ck_panels_college_method")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_panels_college_seats")),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panels_panel.id"], name=op.f("fk_panels_college_panel_id_panels_panel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_college")),
        sa.UniqueConstraint("panel_id", "kind", name=op.f("uq_panels_college_panel_id_kind")),
    )
    op.create_table(
        "panels_dissent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panels_panel.id"], name=op.f("fk_panels_dissent_panel_id_panels_panel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_dissent")),
    )
    op.create_index(op.f("ix_panels_dissent_panel_id"), "panels_dissent", ["panel_id"], unique=False)
    op.create_table(
        "panels_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("pool_size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("leaves", sa.JSON(), nullable=False),
        sa.Column("profiles", sa.JSON(), nullable=True),
        sa.Column("households", sa.JSON(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("committed_by_id", sa.Uuid(), nullable=True),
        sa.Column("promised_by_id", sa.Uuid(), nullable=True),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("relaxed", sa.JSON(), nullable=False),
        sa.Column("algorithm", sa.String(length=100), nullable=True),
        sa.Column("solver", sa.String(length=200), nullable=True),
        sa.Column("min_probability", sa.Float(), nullable=True),
        sa.Column("max_probability", sa.Float(), nullable=True),
        sa.Column("gini", sa.Float(), nullable=True),
        sa.Column("certificate_gap", sa.Float(), nullable=True),
        sa.Column("deviation", sa.Float(), nullable=True),
        sa.Column("lottery_size", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('POOL_CLOSED', 'COMPUTING', 'COMMITTED', 'PROMISED', 'DRAWN', 'REPLACING', 'CLOSED')",
            name=op.f("ck_panels_draw_state"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["core_participant.id"], name=op.f("fk_panels_draw_closed_by_id_core_participant")
        ),
        sa.ForeignKeyConstraint(
            ["committed_by_id"], ["core_participant.id"], name=op.f("fk_panels_draw_committed_by_id_core_participant")
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["core_participant.id"], name=op.f("fk_panels_draw_drawn_by_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["id"], ["panels_panel.id"], name=op.f("fk_panels_draw_id_panels_panel")),
        sa.ForeignKeyConstraint(
            ["promised_by_id"], ["core_participant.id"], name=op.f("fk_panels_draw_promised_by_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_panels_draw_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_draw")),
    )
    op.create_index(op.f("ix_panels_draw_closed_by_id"), "panels_draw", ["closed_by_id"], unique=False)
    op.create_index(op.f("ix_panels_draw_committed_by_id"), "panels_draw", ["committed_by_id"], unique=False)
    op.create_index(op.f("ix_panels_draw_drawn_by_id"), "panels_draw", ["drawn_by_id"], unique=False)
    op.create_index(op.f("ix_panels_draw_promised_by_id"), "panels_draw", ["promised_by_id"], unique=False)
    op.create_index(op.f("ix_panels_draw_space_id"), "panels_draw", ["space_id"], unique=False)
    op.create_table(
        "panels_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels_panel.id"], name=op.f("fk_panels_link_panel_id_panels_panel")),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_panels_link_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_link")),
        sa.UniqueConstraint("panel_id", "type", "object_id", name=op.f("uq_panels_link_panel_id_type_object_id")),
    )
    op.create_index(op.f("ix_panels_link_object_id"), "panels_link", ["object_id"], unique=False)
    op.create_index(op.f("ix_panels_link_space_id"), "panels_link", ["space_id"], unique=False)
    op.create_table(
        "panels_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstentions", sa.Integer(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_to", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "votes_for >= 0 and votes_against >= 0 and abstentions >= 0", name=op.f("ck_panels_opinion_votes")
        ),
        sa.ForeignKeyConstraint(["id"], ["panels_panel.id"], name=op.f("fk_panels_opinion_id_panels_panel")),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_panels_opinion_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_opinion")),
    )
    op.create_index(op.f("ix_panels_opinion_space_id"), "panels_opinion", ["space_id"], unique=False)
    op.create_table(
        "panels_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.CheckConstraint("state in ('PLANNED', 'HELD', 'CANCELLED')", name=op.f("ck_panels_session_state")),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panels_panel.id"], name=op.f("fk_panels_session_panel_id_panels_panel")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_panels_session_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_session")),
    )
    op.create_index(op.f("ix_panels_session_panel_id"), "panels_session", ["panel_id"], unique=False)
    op.create_index(op.f("ix_panels_session_space_id"), "panels_session", ["space_id"], unique=False)
    op.create_table(
        "panels_candidacy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("household", sa.String(length=64), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("on", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["college_id"], ["panels_college.id"], name=op.f("fk_panels_candidacy_college_id_panels_college")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panels_panel.id"], name=op.f("fk_panels_candidacy_panel_id_panels_panel")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["core_participant.id"],
            name=op.f("fk_panels_candidacy_participant_id_core_participant"),
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_panels_candidacy_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_candidacy")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("uq_panels_candidacy_panel_id_number")),
        sa.UniqueConstraint("panel_id", "participant_id", name=op.f("uq_panels_candidacy_panel_id_participant_id")),
    )
    op.create_index(op.f("ix_panels_candidacy_college_id"), "panels_candidacy", ["college_id"], unique=False)
    op.create_index(op.f("ix_panels_candidacy_participant_id"), "panels_candidacy", ["participant_id"], unique=False)
    op.create_index(op.f("ix_panels_candidacy_space_id"), "panels_candidacy", ["space_id"], unique=False)
    op.create_table(
        "panels_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("shown_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('DRAWN', 'ACCEPTED', 'DECLINED', 'ACTIVE', 'RESIGNED', 'REPLACED')",
            name=op.f("ck_panels_member_state"),
        ),
        sa.ForeignKeyConstraint(
            ["college_id"], ["panels_college.id"], name=op.f("fk_panels_member_college_id_panels_college")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels_panel.id"], name=op.f("fk_panels_member_panel_id_panels_panel")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_panels_member_participant_id_core_participant")
        ),
        sa.ForeignKeyConstraint(
            ["shown_id"], ["core_participant.id"], name=op.f("fk_panels_member_shown_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_panels_member_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_member")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("uq_panels_member_panel_id_number")),
        sa.UniqueConstraint("panel_id", "participant_id", name=op.f("uq_panels_member_panel_id_participant_id")),
    )
    op.create_index(op.f("ix_panels_member_college_id"), "panels_member", ["college_id"], unique=False)
    op.create_index(op.f("ix_panels_member_participant_id"), "panels_member", ["participant_id"], unique=False)
    op.create_index(op.f("ix_panels_member_shown_id"), "panels_member", ["shown_id"], unique=False)
    op.create_index(op.f("ix_panels_member_space_id"), "panels_member", ["space_id"], unique=False)
    op.create_table(
        "panels_quota",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("feature", sa.String(length=100), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("flex_minimum", sa.Integer(), nullable=False),
        sa.Column("flex_maximum", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "0 <= flex_minimum and flex_minimum <= minimum and minimum <= maximum and maximum <= flex_maximum",
            name=op.f("ck_panels_quota_order"),
        ),
        sa.ForeignKeyConstraint(
            ["college_id"], ["panels_college.id"], name=op.f("fk_panels_quota_college_id_panels_college")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels_quota")),
        sa.UniqueConstraint("college_id", "feature", "value", name=op.f("uq_panels_quota_college_id_feature_value")),
    )


def downgrade() -> None:
    op.drop_table("panels_quota")
    op.drop_table("panels_member")
    op.drop_table("panels_candidacy")
    op.drop_table("panels_session")
    op.drop_table("panels_opinion")
    op.drop_table("panels_link")
    op.drop_table("panels_draw")
    op.drop_table("panels_dissent")
    op.drop_table("panels_college")
    op.drop_table("panels_panel")
