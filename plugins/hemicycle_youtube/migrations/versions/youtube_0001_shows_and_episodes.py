"""Shows and episodes, what is said in them, and what their moments are about."""

import sqlalchemy as sa
from alembic import op

revision = "youtube_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "youtube_quota",
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("day", sa.String(length=100), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site", "day", name=op.f("pk_youtube_quota")),
    )
    op.create_table(
        "youtube_show",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("channel", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_youtube_show_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_youtube_show")),
    )
    op.create_index(op.f("ix_youtube_show_space_id"), "youtube_show", ["space_id"], unique=False)
    op.create_table(
        "youtube_episode",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("show_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("video", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("author", sa.String(length=300), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("views", sa.Integer(), nullable=True),
        sa.Column("poster", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=100), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["show_id"], ["youtube_show.id"], name=op.f("fk_youtube_episode_show_id_youtube_show")),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_youtube_episode_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_youtube_episode")),
        sa.UniqueConstraint("show_id", "site", "video", name=op.f("uq_youtube_episode_show_id_site_video")),
    )
    op.create_index("ix_youtube_episode_due", "youtube_episode", ["due_at", "id"], unique=False)
    op.create_index("ix_youtube_episode_space", "youtube_episode", ["space_id", "aired_at", "id"], unique=False)
    op.create_table(
        "youtube_chapter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["youtube_episode.id"], name=op.f("fk_youtube_chapter_episode_id_youtube_episode")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_youtube_chapter")),
        sa.UniqueConstraint("episode_id", "at", name=op.f("uq_youtube_chapter_episode_id_at")),
    )
    op.create_table(
        "youtube_cue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("speaker", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["youtube_episode.id"], name=op.f("fk_youtube_cue_episode_id_youtube_episode")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_youtube_cue_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_youtube_cue")),
    )
    op.create_index("ix_youtube_cue_episode", "youtube_cue", ["episode_id", "at", "id"], unique=False)
    op.create_index(op.f("ix_youtube_cue_space_id"), "youtube_cue", ["space_id"], unique=False)
    op.create_table(
        "youtube_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=300), nullable=True),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.CheckConstraint("at >= 0 AND (until IS NULL OR until > at)", name=op.f("ck_youtube_link_moment")),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["youtube_episode.id"], name=op.f("fk_youtube_link_episode_id_youtube_episode")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_youtube_link_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_youtube_link")),
        sa.UniqueConstraint(
            "episode_id", "object_id", "type", "at", name=op.f("uq_youtube_link_episode_id_object_id_type_at")
        ),
    )
    op.create_index("ix_youtube_link_object", "youtube_link", ["object_id", "at", "id"], unique=False)
    op.create_index(op.f("ix_youtube_link_space_id"), "youtube_link", ["space_id"], unique=False)
    op.create_table(
        "youtube_poster",
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["youtube_episode.id"], name=op.f("fk_youtube_poster_episode_id_youtube_episode")
        ),
        sa.PrimaryKeyConstraint("episode_id", name=op.f("pk_youtube_poster")),
    )
    op.create_table(
        "youtube_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("show_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["core_contribution.id"],
            name=op.f("fk_youtube_question_contribution_id_core_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["youtube_link.id"], name=op.f("fk_youtube_question_link_id_youtube_link"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["show_id"], ["youtube_show.id"], name=op.f("fk_youtube_question_show_id_youtube_show")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_youtube_question")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_youtube_question_contribution_id")),
    )
    op.create_index(op.f("ix_youtube_question_link_id"), "youtube_question", ["link_id"], unique=False)
    op.create_index(op.f("ix_youtube_question_show_id"), "youtube_question", ["show_id"], unique=False)


def downgrade() -> None:
    op.drop_table("youtube_question")
    op.drop_table("youtube_poster")
    op.drop_table("youtube_link")
    op.drop_table("youtube_cue")
    op.drop_table("youtube_chapter")
    op.drop_table("youtube_episode")
    op.drop_table("youtube_show")
    op.drop_table("youtube_quota")
