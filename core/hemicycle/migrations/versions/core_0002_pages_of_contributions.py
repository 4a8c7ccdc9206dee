"""Indexes for pages of contributions without their answers: their cost no longer grows with the table."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0001"

TOP: dict[str, Any] = {f"{dialect}_where": sa.text("parent_id IS NULL") for dialect in ("sqlite", "postgresql")}


def upgrade() -> None:
    op.create_index("ix_core_contribution_space_top", "core_contribution", ["space_id", "listed_at", "id"], **TOP)
    op.create_index("ix_core_contribution_top", "core_contribution", ["listed_at", "id"], **TOP)


def downgrade() -> None:
    for name in ("ix_core_contribution_top", "ix_core_contribution_space_top"):
        op.drop_index(name, "core_contribution")
