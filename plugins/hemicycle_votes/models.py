"""The tables of supports. Who supports what is kept apart from how many do, so that the count outlives the person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Utc, secret_id


class SupportRow(SQLModel, table=True):
    """That a person supports an object: once."""

    __tablename__ = "votes_support"
    __table_args__ = (
        UniqueConstraint("participant_id", "type", "object_id"),
        Index("ix_votes_support_object", "object_id", "id"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="core_participant.id")
    type: str = Field(sa_type=Code)
    object_id: UUID
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    public: bool = False
    at: datetime = Field(sa_type=Utc)  # midnight of its day: the moment could betray someone


class SupportTallyRow(SQLModel, table=True):
    """How many people support an object: changed in the transaction of each support."""

    __tablename__ = "votes_tally"
    __table_args__ = (
        UniqueConstraint("type", "object_id"),
        CheckConstraint("supports >= 0", name="supports"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    type: str = Field(sa_type=Code)
    object_id: UUID
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    supports: int = 0


class ThresholdRow(SQLModel, table=True):
    """That an object was the first time supported by so many people: it is told once, whatever comes after."""

    __tablename__ = "votes_threshold"

    type: str = Field(primary_key=True, sa_type=Code)
    object_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
