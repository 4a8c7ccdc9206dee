"""The table of amendments: other words for a proposal, and what was decided on them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Name, Utc, Words, new_id

STATES = ("PROPOSED", "ACCEPTED", "REJECTED", "WITHDRAWN")


class AmendmentRow(SQLModel, table=True):
    """Other words that someone would give to a proposal, and why."""

    __tablename__ = "outcomes_amendment"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        Index("ix_outcomes_amendment_proposal", "proposal_id", "at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    proposal_id: UUID = Field(foreign_key="outcomes_proposal.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    version: int  # the one that it would change
    author_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    title: str | None = Field(default=None, sa_type=Name)
    statement: str | None = Field(default=None, sa_type=Words)
    reason: str | None = Field(default=None, sa_type=Words(2000))
    state: str = Field(default="PROPOSED", sa_type=Code)
    decision: str | None = Field(default=None, sa_type=Words(2000))
    decided_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    decided_at: datetime | None = Field(default=None, sa_type=Utc)
    at: datetime = Field(sa_type=Utc)
