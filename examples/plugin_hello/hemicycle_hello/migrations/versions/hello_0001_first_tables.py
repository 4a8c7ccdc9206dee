"""First tables"""

import sqlalchemy as sa
from alembic import op

revision = "hello_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "hello_greeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["core_participant.id"],
            name=op.f("fk_hello_greeting_author_id_core_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["core_contribution.id"],
            name=op.f("fk_hello_greeting_contribution_id_core_contribution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hello_greeting")),
        sa.UniqueConstraint(
            "contribution_id",
            "author_id",
            name=op.f("uq_hello_greeting_contribution_id_author_id"),
        ),
    )
    op.create_index(
        op.f("ix_hello_greeting_author_id"),
        "hello_greeting",
        ["author_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("hello_greeting")
