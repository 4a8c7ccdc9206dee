"""The table of what happened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from hemicycle.kernel.clock import new_id
from hemicycle.kernel.db.types import Code, Utc, Words


class JournalRow(SQLModel, table=True):
    """Who did what, when and why; kept. Its only text is the reason, public unless flagged."""

    __tablename__ = "core_journal"
    __table_args__ = (
        Index("ix_core_journal_space", "space_id", "at", "id"),
        Index("ix_core_journal_subject", "subject_id", "at"),
        Index("ix_core_journal_actor", "actor_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(sa_type=Utc)
    event: str = Field(sa_type=Code)
    actor_id: UUID | None = None
    by: str = Field(default="PERSON", sa_type=Code)  # PERSON, TOKEN, SYSTEM
    space_id: UUID | None = None
    subject_type: str = Field(sa_type=Code)
    subject_id: UUID
    reason: str | None = Field(default=None, sa_type=Words)
    private: bool = False  # of the reason
    public: bool = True  # of the event itself
