"""The table of transmissions: what was handed on to another level of government, and what came back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Name, Utc, Words, new_id

STATES = ("TO_SEND", "SENT", "ACKNOWLEDGED", "ANSWERED", "SILENT")


class TransmissionRow(SQLModel, table=True):
    """One proposal, handed on to one other level."""

    __tablename__ = "outcomes_transmission"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("(state = 'TO_SEND') = (sent_at is null)", name="sent"),
        CheckConstraint("(state = 'ANSWERED') = (answer is not null)", name="answered"),
        Index("ix_outcomes_transmission_proposal", "proposal_id", "at", "id"),
        Index("ix_outcomes_transmission_due", "state", "silent_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    proposal_id: UUID = Field(foreign_key="outcomes_proposal.id")
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    recipient: str = Field(sa_type=Name)
    state: str = Field(default="TO_SEND", sa_type=Code)
    channel: str | None = Field(default=None, sa_type=Code)
    at: datetime = Field(sa_type=Utc)
    sent_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    sent_at: datetime | None = Field(default=None, sa_type=Utc)
    silent_at: datetime | None = Field(default=None, sa_type=Utc)  # when no answer counts as silence
    acknowledged_at: datetime | None = Field(default=None, sa_type=Utc)
    answer: str | None = Field(default=None, sa_type=Words)
    answered_at: datetime | None = Field(default=None, sa_type=Utc)
