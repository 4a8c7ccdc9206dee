"""The tables of commitments: what was decided, for which proposals, step by step, and what shows that it was done."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Name, Utc, Words, new_id

KINDS = ("MEASURE", "WORKSTREAM")
OPEN = ("DECIDED", "STARTED", "DELAYED")
STATES = (*OPEN, "DELIVERED", "VERIFIED", "ABANDONED")


class CommitmentRow(SQLModel, table=True):
    """Something that was decided: who answers for it, until when, and where it stands."""

    __tablename__ = "outcomes_commitment"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("state not in ('DELAYED', 'ABANDONED') or reason is not null", name="reason"),
        CheckConstraint("(state = 'VERIFIED') = (verified_at is not null)", name="verified"),
        Index("ix_outcomes_commitment_space", "space_id", "due_on", "id"),
        Index("ix_outcomes_commitment_due", "due_on", "id"),
        Index("ix_outcomes_commitment_review", "review_on"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id")
    kind: str = Field(sa_type=Code)
    state: str = Field(default="DECIDED", sa_type=Code)
    title: str = Field(sa_type=Name)
    summary: str | None = Field(default=None, sa_type=Words)
    owner_id: UUID = Field(foreign_key="core_participant.id", index=True)
    due_on: date
    review_on: date | None = None
    reason: str | None = Field(default=None, sa_type=Words(2000))  # of the last delay, or why it was given up
    decided_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    decided_at: datetime = Field(sa_type=Utc)
    started_at: datetime | None = Field(default=None, sa_type=Utc)
    delivered_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    delivered_at: datetime | None = Field(default=None, sa_type=Utc)
    verified_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    verified_at: datetime | None = Field(default=None, sa_type=Utc)
    overdue_told: bool = False  # of this due date
    review_told: bool = False  # of this review date


class FollowUpRow(SQLModel, table=True):
    """That a commitment follows from a proposal."""

    __tablename__ = "outcomes_follow_up"
    __table_args__ = (
        UniqueConstraint("commitment_id", "proposal_id"),
        Index("ix_outcomes_follow_up_proposal", "proposal_id", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    commitment_id: UUID = Field(foreign_key="outcomes_commitment.id")
    proposal_id: UUID = Field(foreign_key="outcomes_proposal.id")


class MilestoneRow(SQLModel, table=True):
    """A step of a commitment."""

    __tablename__ = "outcomes_milestone"
    __table_args__ = (
        UniqueConstraint("commitment_id", "position"),
        CheckConstraint("state in ('PLANNED', 'REACHED')", name="state"),
        CheckConstraint("(state = 'REACHED') = (reached_at is not null)", name="reached"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    commitment_id: UUID = Field(foreign_key="outcomes_commitment.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    position: int  # 1 for the first one
    title: str = Field(sa_type=Name)
    state: str = Field(default="PLANNED", sa_type=Code)
    due_on: date | None = None
    reached_at: datetime | None = Field(default=None, sa_type=Utc)


class EvidenceRow(SQLModel, table=True):
    """What shows that a commitment, or a step of it, was done: a link, a figure with its source, or a file's hash."""

    __tablename__ = "outcomes_evidence"
    __table_args__ = (
        CheckConstraint("kind in ('LINK', 'FIGURE', 'FILE')", name="kind"),
        CheckConstraint("kind <> 'LINK' or url is not null", name="link"),
        CheckConstraint("(kind = 'FIGURE') = (figure is not null)", name="figure"),
        CheckConstraint("kind <> 'FIGURE' or source is not null", name="source"),
        CheckConstraint("(kind = 'FILE') = (sha256 is not null)", name="file"),
        Index("ix_outcomes_evidence_commitment", "commitment_id", "at", "id"),
        Index("ix_outcomes_evidence_milestone", "milestone_id", "at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    commitment_id: UUID = Field(foreign_key="outcomes_commitment.id")
    milestone_id: UUID | None = Field(default=None, foreign_key="outcomes_milestone.id")
    kind: str = Field(sa_type=Code)
    title: str = Field(sa_type=Name)
    url: str | None = Field(default=None, max_length=2000)
    figure: float | None = None
    unit: str | None = Field(default=None, sa_type=Name(100))
    source: str | None = Field(default=None, sa_type=Name)
    sha256: str | None = Field(default=None, max_length=64)
    added_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    at: datetime = Field(sa_type=Utc)
