"""The tables of proposals: what was made of contributions, from whose words, and what became of it in its turn."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Name, Utc, Words, new_id, secret_id

STATES = ("SUBMITTED", "TRIAGED", "RESPONDED", "IN_PROGRESS", "DONE", "NOT_RETAINED", "REPLACED")


class ProposalRow(SQLModel, table=True):
    """One proposal. Its words are in its versions, its sources in rows of their own."""

    __tablename__ = "outcomes_proposal"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("origin in ('PARTICIPANTS', 'EXECUTIVE')", name="origin"),
        CheckConstraint("(answer is null) = (answered_at is null)", name="answered"),
        Index("ix_outcomes_proposal_space", "space_id", "submitted_at", "id"),
        Index("ix_outcomes_proposal_submitted", "submitted_at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id")
    origin: str = Field(default="PARTICIPANTS", sa_type=Code)
    state: str = Field(default="SUBMITTED", sa_type=Code)
    theme: str | None = Field(default=None, sa_type=Name(100))
    version: int = 1
    analyst_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    submitted_at: datetime = Field(sa_type=Utc)
    answer: str | None = Field(default=None, sa_type=Words)
    answered_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    answered_at: datetime | None = Field(default=None, sa_type=Utc)
    reason: str | None = Field(default=None, sa_type=Words(2000))  # why it is NOT_RETAINED


class ProposalVersionRow(SQLModel, table=True):
    """The words of one version. Those that are someone's very own go when they take them back."""

    __tablename__ = "outcomes_version"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    proposal_id: UUID = Field(foreign_key="outcomes_proposal.id")
    number: int
    title: str | None = Field(default=None, sa_type=Name)
    statement: str | None = Field(default=None, sa_type=Words)
    verbatim_of_id: UUID | None = Field(default=None, foreign_key="core_contribution.id", index=True)
    amendment_id: UUID | None = None  # the amendment that it took up
    written_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    at: datetime = Field(sa_type=Utc)


class SourceRow(SQLModel, table=True):
    """A contribution that a proposal comes from: VERBATIM, MERGED with others, or SPLIT into several."""

    __tablename__ = "outcomes_source"
    __table_args__ = (
        UniqueConstraint("proposal_id", "contribution_id"),
        CheckConstraint("role in ('VERBATIM', 'MERGED', 'SPLIT')", name="role"),
        Index("ix_outcomes_source_contribution", "contribution_id", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    proposal_id: UUID = Field(foreign_key="outcomes_proposal.id")
    contribution_id: UUID = Field(foreign_key="core_contribution.id")
    role: str = Field(sa_type=Code)


class CoAuthorRow(SQLModel, table=True):
    """That someone stands behind a proposal with others: once they agreed."""

    __tablename__ = "outcomes_co_author"
    __table_args__ = (
        UniqueConstraint("proposal_id", "participant_id"),
        CheckConstraint("state in ('INVITED', 'ACCEPTED')", name="state"),
        Index("ix_outcomes_co_author_participant", "participant_id", "id"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    proposal_id: UUID = Field(foreign_key="outcomes_proposal.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    participant_id: UUID = Field(foreign_key="core_participant.id")
    state: str = Field(default="INVITED", sa_type=Code)
