"""From where the text of a lot will come is said before a poll opens."""

import sqlalchemy as sa
from alembic import op

revision = "votes_0004"
down_revision = "votes_0003"


def upgrade() -> None:
    op.add_column("votes_poll", sa.Column("lot_source", sa.String(length=300), nullable=True))


def downgrade() -> None:
    op.drop_column("votes_poll", "lot_source")
