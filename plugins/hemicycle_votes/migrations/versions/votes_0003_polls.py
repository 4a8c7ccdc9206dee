"""Polls: who may vote and who did, envelopes, the box, and results."""

import sqlalchemy as sa
from alembic import op

revision = "votes_0003"
down_revision = "votes_0002"


def upgrade() -> None:
    op.create_table(
        "votes_poll",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("method", sa.String(length=100), nullable=False),
        sa.Column("secrecy", sa.String(length=100), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("equal_ranks", sa.String(length=100), nullable=False),
        sa.Column("tie_break", sa.String(length=100), nullable=False),
        sa.Column("worst", sa.Integer(), nullable=False),
        sa.Column("best", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=True),
        sa.Column("budget", sa.Integer(), nullable=True),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("replaceable", sa.Boolean(), nullable=False),
        sa.Column("proxies", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("by_roll", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=True),
        sa.Column("rules_hash", sa.String(length=64), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("cancelled_because", sa.Text(), nullable=True),
        sa.CheckConstraint("secrecy in ('OPEN', 'CONFIDENTIAL', 'BELENIOS')", name=op.f("ck_votes_poll_secrecy")),
        sa.CheckConstraint(
            "state in ('DRAFT', 'OPEN', 'CLOSED', 'COUNTED', 'PUBLISHED', 'CANCELLED')",
            name=op.f("ck_votes_poll_state"),
        ),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_votes_poll_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes_poll")),
    )
    op.create_index("ix_votes_poll_space", "votes_poll", ["space_id", "created_at", "id"], unique=False)
    op.create_table(
        "votes_ballot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_votes_ballot_participant_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["votes_poll.id"], name=op.f("fk_votes_ballot_poll_id_votes_poll")),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_votes_ballot_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes_ballot")),
    )
    op.create_index(op.f("ix_votes_ballot_participant_id"), "votes_ballot", ["participant_id"], unique=False)
    op.create_index("ix_votes_ballot_poll", "votes_ballot", ["poll_id", "id"], unique=False)
    op.create_index(op.f("ix_votes_ballot_space_id"), "votes_ballot", ["space_id"], unique=False)
    op.create_table(
        "votes_option",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(length=100), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["poll_id"], ["votes_poll.id"], name=op.f("fk_votes_option_poll_id_votes_poll")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes_option")),
        sa.UniqueConstraint("poll_id", "place", name=op.f("uq_votes_option_poll_id_place")),
    )
    op.create_index("ix_votes_option_object", "votes_option", ["object_id", "id"], unique=False)
    op.create_table(
        "votes_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("voter", sa.String(length=40), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["core_participant.id"], name=op.f("fk_votes_paper_entered_by_id_core_participant")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_votes_paper_participant_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["votes_poll.id"], name=op.f("fk_votes_paper_poll_id_votes_poll")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes_paper")),
        sa.UniqueConstraint("poll_id", "voter", name=op.f("uq_votes_paper_poll_id_voter")),
    )
    op.create_index(op.f("ix_votes_paper_entered_by_id"), "votes_paper", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_votes_paper_participant_id"), "votes_paper", ["participant_id"], unique=False)
    op.create_table(
        "votes_proxy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["core_participant.id"], name=op.f("fk_votes_proxy_giver_id_core_participant")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["core_participant.id"], name=op.f("fk_votes_proxy_holder_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["votes_poll.id"], name=op.f("fk_votes_proxy_poll_id_votes_poll")),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_votes_proxy_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes_proxy")),
        sa.UniqueConstraint("poll_id", "giver_id", name=op.f("uq_votes_proxy_poll_id_giver_id")),
        sa.UniqueConstraint("poll_id", "holder_id", "slot", name=op.f("uq_votes_proxy_poll_id_holder_id_slot")),
    )
    op.create_index(op.f("ix_votes_proxy_giver_id"), "votes_proxy", ["giver_id"], unique=False)
    op.create_index(op.f("ix_votes_proxy_holder_id"), "votes_proxy", ["holder_id"], unique=False)
    op.create_index(op.f("ix_votes_proxy_space_id"), "votes_proxy", ["space_id"], unique=False)
    op.create_table(
        "votes_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("quorum_reached", sa.Boolean(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.Column("svg", sa.String(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["votes_poll.id"], name=op.f("fk_votes_result_id_votes_poll")),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_votes_result_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes_result")),
    )
    op.create_index(op.f("ix_votes_result_space_id"), "votes_result", ["space_id"], unique=False)
    op.create_table(
        "votes_roll",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("entry", sa.String(length=254), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_votes_roll_participant_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["votes_poll.id"], name=op.f("fk_votes_roll_poll_id_votes_poll")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes_roll")),
        sa.UniqueConstraint("poll_id", "entry", name=op.f("uq_votes_roll_poll_id_entry")),
    )
    op.create_index(op.f("ix_votes_roll_participant_id"), "votes_roll", ["participant_id"], unique=False)
    op.create_table(
        "votes_tracker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("tracker", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["votes_poll.id"], name=op.f("fk_votes_tracker_poll_id_votes_poll")),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_votes_tracker_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes_tracker")),
        sa.UniqueConstraint("poll_id", "tracker", name=op.f("uq_votes_tracker_poll_id_tracker")),
    )
    op.create_index(op.f("ix_votes_tracker_space_id"), "votes_tracker", ["space_id"], unique=False)
    op.create_table(
        "votes_voter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("voter", sa.String(length=40), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("tracker", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel in ('ONLINE', 'PROXY', 'PAPER')", name=op.f("ck_votes_voter_channel")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["core_participant.id"], name=op.f("fk_votes_voter_participant_id_core_participant")
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["votes_poll.id"], name=op.f("fk_votes_voter_poll_id_votes_poll")),
        sa.ForeignKeyConstraint(["space_id"], ["core_space.id"], name=op.f("fk_votes_voter_space_id_core_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes_voter")),
        sa.UniqueConstraint("poll_id", "participant_id", name=op.f("uq_votes_voter_poll_id_participant_id")),
        sa.UniqueConstraint("poll_id", "voter", name=op.f("uq_votes_voter_poll_id_voter")),
    )
    op.create_index(op.f("ix_votes_voter_participant_id"), "votes_voter", ["participant_id"], unique=False)
    op.create_index(op.f("ix_votes_voter_space_id"), "votes_voter", ["space_id"], unique=False)
    op.create_table(
        "votes_envelope",
        sa.Column("voter_id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["votes_poll.id"], name=op.f("fk_votes_envelope_poll_id_votes_poll")),
        sa.ForeignKeyConstraint(["voter_id"], ["votes_voter.id"], name=op.f("fk_votes_envelope_voter_id_votes_voter")),
        sa.PrimaryKeyConstraint("voter_id", name=op.f("pk_votes_envelope")),
    )
    op.create_index(op.f("ix_votes_envelope_poll_id"), "votes_envelope", ["poll_id"], unique=False)


def downgrade() -> None:
    op.drop_table("votes_envelope")
    op.drop_table("votes_voter")
    op.drop_table("votes_tracker")
    op.drop_table("votes_roll")
    op.drop_table("votes_result")
    op.drop_table("votes_proxy")
    op.drop_table("votes_paper")
    op.drop_table("votes_option")
    op.drop_table("votes_ballot")
    op.drop_table("votes_poll")
