"""The table of work for later."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from hemicycle.kernel.clock import new_id
from hemicycle.kernel.db.types import Code, Utc


class JobRow(SQLModel, table=True):
    """One piece of work: claimed with a lease, removed when done, tried again with back-off, DEAD after too many."""

    __tablename__ = "core_job"
    __table_args__ = (Index("ix_core_job_due", "state", "run_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(sa_type=Code)
    argument: str = Field(default="", max_length=255)
    once: str = Field(unique=True, max_length=255)  # what may wait only once; its own id if nothing; a timer's name
    run_at: datetime = Field(sa_type=Utc)
    lease_until: datetime | None = Field(default=None, sa_type=Utc)
    attempts: int = 0
    state: str = Field(default="READY", sa_type=Code)  # READY, DEAD
    error: str | None = Field(default=None, sa_type=Code)  # the class of the last failure, never its text
