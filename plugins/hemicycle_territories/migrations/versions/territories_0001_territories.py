"""Territories, their communes, and what is where."""

import sqlalchemy as sa
from alembic import op

revision = "territories_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "territories_territory",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "evidence in ('OFFICIAL', 'ATTESTED', 'INFERRED')", name=op.f("ck_territories_territory_evidence")
        ),
        sa.CheckConstraint(
            "kind in ('COMMUNE', 'EPCI', 'EPT', 'ARRONDISSEMENT', 'DEPARTMENT', 'REGION', 'LIVING_AREA', 'OTHER')",
            name=op.f("ck_territories_territory_kind"),
        ),
        sa.CheckConstraint("scheme in ('COG', 'SIREN', 'LOCAL')", name=op.f("ck_territories_territory_scheme")),
        sa.ForeignKeyConstraint(
            ["space_id"], ["core_space.id"], name=op.f("fk_territories_territory_space_id_core_space")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories_territory")),
        sa.UniqueConstraint("scheme", "kind", "code", name=op.f("uq_territories_territory_scheme_kind_code")),
    )
    op.create_index("ix_territories_territory_name", "territories_territory", ["sort_key", "id"], unique=False)
    op.create_index(op.f("ix_territories_territory_space_id"), "territories_territory", ["space_id"], unique=False)
    op.create_table(
        "territories_member",
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("commune", sa.String(length=100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories_territory.id"],
            name=op.f("fk_territories_member_territory_id_territories_territory"),
        ),
        sa.PrimaryKeyConstraint("territory_id", "commune", "valid_from", name=op.f("pk_territories_member")),
    )
    op.create_index("ix_territories_member_commune", "territories_member", ["commune", "territory_id"], unique=False)
    op.create_table(
        "territories_place",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_territories_place_space_id_core_space")),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories_territory.id"],
            name=op.f("fk_territories_place_territory_id_territories_territory"),
        ),
        sa.PrimaryKeyConstraint("space_id", name=op.f("pk_territories_place")),
    )
    op.create_index(op.f("ix_territories_place_territory_id"), "territories_place", ["territory_id"], unique=False)
    op.create_table(
        "territories_residence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["core_participant.id"],
            name=op.f("fk_territories_residence_participant_id_core_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["core_space.id"], name=op.f("fk_territories_residence_space_id_core_space")
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories_territory.id"],
            name=op.f("fk_territories_residence_territory_id_territories_territory"),
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"],
            ["core_participant.id"],
            name=op.f("fk_territories_residence_verified_by_id_core_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories_residence")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_territories_residence_participant_id")),
    )
    op.create_index(op.f("ix_territories_residence_space_id"), "territories_residence", ["space_id"], unique=False)
    op.create_index(
        op.f("ix_territories_residence_territory_id"), "territories_residence", ["territory_id"], unique=False
    )
    op.create_index(
        op.f("ix_territories_residence_verified_by_id"), "territories_residence", ["verified_by_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("territories_residence")
    op.drop_table("territories_place")
    op.drop_table("territories_member")
    op.drop_table("territories_territory")
