"""The tables of the core."""

import sqlalchemy as sa
from alembic import op

revision = "core_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "core_idempotency",
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_core_idempotency")),
    )
    with op.batch_alter_table("core_idempotency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_idempotency_at"), ["at"], unique=False)

    op.create_table(
        "core_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("argument", sa.String(length=255), nullable=False),
        sa.Column("once", sa.String(length=255), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_job")),
        sa.UniqueConstraint("once", name=op.f("uq_core_job_once")),
    )
    with op.batch_alter_table("core_job", schema=None) as batch_op:
        batch_op.create_index("ix_core_job_due", ["state", "run_at"], unique=False)

    op.create_table(
        "core_journal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.String(length=100), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_journal")),
    )
    with op.batch_alter_table("core_journal", schema=None) as batch_op:
        batch_op.create_index("ix_core_journal_actor", ["actor_id"], unique=False)
        batch_op.create_index("ix_core_journal_space", ["space_id", "at", "id"], unique=False)
        batch_op.create_index("ix_core_journal_subject", ["subject_id", "at"], unique=False)

    op.create_table(
        "core_origin",
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("system", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("type", "system", "external_id", name=op.f("pk_core_origin")),
    )
    with op.batch_alter_table("core_origin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_origin_object_id"), ["object_id"], unique=False)

    op.create_table(
        "core_participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("display_name", sa.String(length=100), nullable=True),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('PERSON', 'STRUCTURE')", name=op.f("ck_core_participant_kind")),
        sa.CheckConstraint(
            "state in ('PENDING', 'ACTIVE', 'SUSPENDED', 'ERASED')", name=op.f("ck_core_participant_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_participant")),
    )
    with op.batch_alter_table("core_participant", schema=None) as batch_op:
        batch_op.create_index("ix_core_participant_name", ["sort_key", "id"], unique=False)

    op.create_table(
        "core_personal_data",
        sa.Column("table_name", sa.String(length=100), nullable=False),
        sa.Column("column_name", sa.String(length=100), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("owner_column", sa.String(length=100), nullable=False),
        sa.Column("via_column", sa.String(length=100), nullable=True),
        sa.Column("via_table", sa.String(length=100), nullable=True),
        sa.Column("erase", sa.String(length=100), nullable=False),
        sa.Column("content", sa.Boolean(), nullable=False),
        sa.Column("export", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "column_name", name=op.f("pk_core_personal_data")),
    )
    with op.batch_alter_table("core_personal_data", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_personal_data_owner"), ["owner"], unique=False)

    op.create_table(
        "core_search",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_core_search")),
        sa.UniqueConstraint("object_id", "type", name=op.f("uq_core_search_object_id_type")),
    )
    op.create_table(
        "core_space",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("access", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("moderates_first", sa.Boolean(), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("summaries", sa.JSON(), nullable=False),
        sa.Column("modalities", sa.JSON(), nullable=False),
        sa.Column("information", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("has_results", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("results_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("access in ('PUBLIC', 'MEMBERS')", name=op.f("ck_core_space_access")),
        sa.CheckConstraint("state in ('DRAFT', 'OPEN', 'CLOSED', 'ARCHIVED')", name=op.f("ck_core_space_state")),
        sa.ForeignKeyConstraint(["parent_id"], ["core_space.id"], name=op.f("fk_core_space_parent_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_space")),
        sa.UniqueConstraint("slug", name=op.f("uq_core_space_slug")),
    )
    with op.batch_alter_table("core_space", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_space_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index("ix_core_space_parent", ["parent_id", "sort_key", "id"], unique=False)
        batch_op.create_index("ix_core_space_title", ["sort_key", "id"], unique=False)

    op.create_table(
        "core_activation",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("plugin", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_core_activation_space_id_core_space")),
        sa.PrimaryKeyConstraint("space_id", "plugin", name=op.f("pk_core_activation")),
    )
    op.create_table(
        "core_contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("alignment", sa.String(length=100), nullable=True),
        sa.Column("language", sa.String(length=100), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('DRAFT', 'PENDING', 'PUBLISHED', 'HIDDEN', 'WITHDRAWN', 'DISCARDED')",
            name=op.f("ck_core_contribution_state"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["core_participant.id"], name=op.f("fk_core_contribution_author_id_core_participant")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["core_contribution.id"], name=op.f("fk_core_contribution_parent_id_core_contribution")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["core_participant.id"],
            name=op.f("fk_core_contribution_recorded_by_id_core_participant"),
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_core_contribution_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_contribution")),
    )
    with op.batch_alter_table("core_contribution", schema=None) as batch_op:
        batch_op.create_index("ix_core_contribution_author", ["author_id", "listed_at", "id"], unique=False)
        batch_op.create_index("ix_core_contribution_listed", ["listed_at", "id"], unique=False)
        batch_op.create_index("ix_core_contribution_parent", ["parent_id", "listed_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_core_contribution_recorded_by_id"), ["recorded_by_id"], unique=False)
        batch_op.create_index("ix_core_contribution_space", ["space_id", "parent_id", "listed_at", "id"], unique=False)

    op.create_table(
        "core_follow",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_core_follow_participant_id_core_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_follow")),
        sa.UniqueConstraint(
            "participant_id", "type", "object_id", name=op.f("uq_core_follow_participant_id_type_object_id")
        ),
    )
    with op.batch_alter_table("core_follow", schema=None) as batch_op:
        batch_op.create_index("ix_core_follow_object", ["type", "object_id"], unique=False)

    op.create_table(
        "core_identity",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=100), nullable=False),
        sa.Column("consent_contact", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_core_identity_participant_id_core_participant")
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_core_identity")),
        sa.UniqueConstraint("email", name=op.f("uq_core_identity_email")),
    )
    op.create_table(
        "core_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("granted_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["core_participant.id"], name=op.f("fk_core_role_granted_by_id_core_participant")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_core_role_participant_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_core_role_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_role")),
        sa.UniqueConstraint(
            "participant_id", "space_id", "role", name=op.f("uq_core_role_participant_id_space_id_role")
        ),
    )
    with op.batch_alter_table("core_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_role_granted_by_id"), ["granted_by_id"], unique=False)
        batch_op.create_index("ix_core_role_space", ["space_id", "id"], unique=False)

    op.create_table(
        "core_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("transport", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("transport in ('COOKIE', 'BEARER')", name=op.f("ck_core_session_transport")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_core_session_participant_id_core_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_core_session_secret_hash")),
    )
    with op.batch_alter_table("core_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_core_session_participant", ["participant_id", "created_at", "id"], unique=False)

    op.create_table(
        "core_sign_in_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("purpose", sa.String(length=100), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.String(length=100), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose in ('SIGN_IN', 'CHANGE_EMAIL')", name=op.f("ck_core_sign_in_link_purpose")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["core_participant.id"],
            name=op.f("fk_core_sign_in_link_participant_id_core_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_sign_in_link")),
        sa.UniqueConstraint("email", "purpose", name=op.f("uq_core_sign_in_link_email_purpose")),
        sa.UniqueConstraint("request_hash", name=op.f("uq_core_sign_in_link_request_hash")),
    )
    with op.batch_alter_table("core_sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_sign_in_link_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_core_sign_in_link_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "core_space_tree",
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ancestor_id"], ["core_space.id"], name=op.f("fk_core_space_tree_ancestor_id_core_space")
        ),
        sa.ForeignKeyConstraint(
            ["descendant_id"], ["core_space.id"], name=op.f("fk_core_space_tree_descendant_id_core_space")
        ),
        sa.PrimaryKeyConstraint("descendant_id", "ancestor_id", name=op.f("pk_core_space_tree")),
    )
    with op.batch_alter_table("core_space_tree", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_space_tree_ancestor_id"), ["ancestor_id"], unique=False)

    op.create_table(
        "core_structure_member",
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["core_participant.id"],
            name=op.f("fk_core_structure_member_participant_id_core_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["core_participant.id"],
            name=op.f("fk_core_structure_member_structure_id_core_participant"),
        ),
        sa.PrimaryKeyConstraint("structure_id", "participant_id", name=op.f("pk_core_structure_member")),
    )
    with op.batch_alter_table("core_structure_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_structure_member_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "core_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_core_token_participant_id_core_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_core_token_secret_hash")),
    )
    with op.batch_alter_table("core_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_token_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_core_token_participant", ["participant_id", "created_at", "id"], unique=False)

    op.create_table(
        "core_unsubscribe",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["core_participant.id"],
            name=op.f("fk_core_unsubscribe_participant_id_core_participant"),
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_core_unsubscribe")),
    )
    with op.batch_alter_table("core_unsubscribe", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_unsubscribe_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_core_unsubscribe_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "core_verification",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("attribute", sa.String(length=100), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["core_participant.id"], name=op.f("fk_core_verification_checked_by_id_core_participant")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["core_participant.id"],
            name=op.f("fk_core_verification_participant_id_core_participant"),
        ),
        sa.PrimaryKeyConstraint("participant_id", "attribute", name=op.f("pk_core_verification")),
    )
    with op.batch_alter_table("core_verification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_verification_checked_by_id"), ["checked_by_id"], unique=False)

    op.create_table(
        "core_contribution_category",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["core_contribution.id"],
            name=op.f("fk_core_contribution_category_contribution_id_core_contribution"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", "category", name=op.f("pk_core_contribution_category")),
    )
    with op.batch_alter_table("core_contribution_category", schema=None) as batch_op:
        batch_op.create_index("ix_core_contribution_category_category", ["category"], unique=False)

    op.create_table(
        "core_contribution_tally",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["core_contribution.id"],
            name=op.f("fk_core_contribution_tally_contribution_id_core_contribution"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_core_contribution_tally")),
    )
    op.create_table(
        "core_contribution_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["core_contribution.id"],
            name=op.f("fk_core_contribution_version_contribution_id_core_contribution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_contribution_version")),
        sa.UniqueConstraint(
            "contribution_id", "number", name=op.f("uq_core_contribution_version_contribution_id_number")
        ),
    )
    op.create_table(
        "core_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["core_contribution.id"], name=op.f("fk_core_report_contribution_id_core_contribution")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_core_report_participant_id_core_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_report")),
        sa.UniqueConstraint(
            "contribution_id", "participant_id", name=op.f("uq_core_report_contribution_id_participant_id")
        ),
    )
    with op.batch_alter_table("core_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_report_participant_id"), ["participant_id"], unique=False)
    # The words that search finds: each database has a table of its own kind for them.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE core_search_fts USING fts5(words, tokenize='ascii')")
    else:
        op.execute("CREATE TABLE core_search_fts (rowid INTEGER NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_core_search_fts_words ON core_search_fts USING gin (words)")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS core_search_fts")
    with op.batch_alter_table("core_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_report_participant_id"))

    op.drop_table("core_report")
    op.drop_table("core_contribution_version")
    op.drop_table("core_contribution_tally")
    with op.batch_alter_table("core_contribution_category", schema=None) as batch_op:
        batch_op.drop_index("ix_core_contribution_category_category")

    op.drop_table("core_contribution_category")
    with op.batch_alter_table("core_verification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_verification_checked_by_id"))

    op.drop_table("core_verification")
    with op.batch_alter_table("core_unsubscribe", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_unsubscribe_participant_id"))
        batch_op.drop_index(batch_op.f("ix_core_unsubscribe_created_at"))

    op.drop_table("core_unsubscribe")
    with op.batch_alter_table("core_token", schema=None) as batch_op:
        batch_op.drop_index("ix_core_token_participant")
        batch_op.drop_index(batch_op.f("ix_core_token_expires_at"))

    op.drop_table("core_token")
    with op.batch_alter_table("core_structure_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_structure_member_participant_id"))

    op.drop_table("core_structure_member")
    with op.batch_alter_table("core_space_tree", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_space_tree_ancestor_id"))

    op.drop_table("core_space_tree")
    with op.batch_alter_table("core_sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_sign_in_link_participant_id"))
        batch_op.drop_index(batch_op.f("ix_core_sign_in_link_expires_at"))

    op.drop_table("core_sign_in_link")
    with op.batch_alter_table("core_session", schema=None) as batch_op:
        batch_op.drop_index("ix_core_session_participant")
        batch_op.drop_index(batch_op.f("ix_core_session_expires_at"))

    op.drop_table("core_session")
    with op.batch_alter_table("core_role", schema=None) as batch_op:
        batch_op.drop_index("ix_core_role_space")
        batch_op.drop_index(batch_op.f("ix_core_role_granted_by_id"))

    op.drop_table("core_role")
    op.drop_table("core_identity")
    with op.batch_alter_table("core_follow", schema=None) as batch_op:
        batch_op.drop_index("ix_core_follow_object")

    op.drop_table("core_follow")
    with op.batch_alter_table("core_contribution", schema=None) as batch_op:
        batch_op.drop_index("ix_core_contribution_space")
        batch_op.drop_index(batch_op.f("ix_core_contribution_recorded_by_id"))
        batch_op.drop_index("ix_core_contribution_parent")
        batch_op.drop_index("ix_core_contribution_listed")
        batch_op.drop_index("ix_core_contribution_author")

    op.drop_table("core_contribution")
    op.drop_table("core_activation")
    with op.batch_alter_table("core_space", schema=None) as batch_op:
        batch_op.drop_index("ix_core_space_title")
        batch_op.drop_index("ix_core_space_parent")
        batch_op.drop_index(batch_op.f("ix_core_space_ends_at"))

    op.drop_table("core_space")
    op.drop_table("core_search")
    with op.batch_alter_table("core_personal_data", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_personal_data_owner"))

    op.drop_table("core_personal_data")
    with op.batch_alter_table("core_participant", schema=None) as batch_op:
        batch_op.drop_index("ix_core_participant_name")

    op.drop_table("core_participant")
    with op.batch_alter_table("core_origin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_origin_object_id"))

    op.drop_table("core_origin")
    with op.batch_alter_table("core_journal", schema=None) as batch_op:
        batch_op.drop_index("ix_core_journal_subject")
        batch_op.drop_index("ix_core_journal_space")
        batch_op.drop_index("ix_core_journal_actor")

    op.drop_table("core_journal")
    with op.batch_alter_table("core_job", schema=None) as batch_op:
        batch_op.drop_index("ix_core_job_due")

    op.drop_table("core_job")
    with op.batch_alter_table("core_idempotency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_idempotency_at"))

    op.drop_table("core_idempotency")
