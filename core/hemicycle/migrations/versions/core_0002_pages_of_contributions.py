"""Indexes for pages of contributions without their answers: their cost no longer grows with the table."""

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0001"

TOP = sa.text("parent_id IS NULL")


def upgrade() -> None:
    for name, columns in (
        ("ix_core_contribution_space_top", ["space_id", "listed_at", "id"]),
        ("ix_core_contribution_top", ["listed_at", "id"]),
    ):
        op.create_index(name, "core_contribution", columns, sqlite_where=TOP, postgresql_where=TOP)


def downgrade() -> None:
    for name in ("ix_core_contribution_top", "ix_core_contribution_space_top"):
        op.drop_index(name, "core_contribution")
