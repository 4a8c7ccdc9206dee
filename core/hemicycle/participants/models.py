"""The tables of participants. Who they are elsewhere (an address, a subject) is kept apart: see identity."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from hemicycle.kernel.clock import secret_id
from hemicycle.kernel.db.types import Code, Name, Utc

STATES = ("PENDING", "ACTIVE", "SUSPENDED", "ERASED")


class ParticipantRow(SQLModel, table=True):
    """A person or a structure. The display name is a pseudonym unless they choose otherwise; erased, it is null."""

    __tablename__ = "core_participant"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("kind in ('PERSON', 'STRUCTURE')", name="kind"),
        Index("ix_core_participant_name", "sort_key", "id"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    kind: str = Field(default="PERSON", sa_type=Code)
    display_name: str | None = Field(default=None, sa_type=Name(100))
    sort_key: str = Field(default="", max_length=200)
    state: str = Field(default="ACTIVE", sa_type=Code)
    created_at: datetime = Field(sa_type=Utc)


class VerificationRow(SQLModel, table=True):
    """That an attribute of someone was checked: `identity`, or what a plugin names."""

    __tablename__ = "core_verification"

    participant_id: UUID = Field(primary_key=True, foreign_key="core_participant.id")
    attribute: str = Field(primary_key=True, sa_type=Code)
    checked_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    at: datetime = Field(sa_type=Utc)


class StructureMemberRow(SQLModel, table=True):
    """Who speaks for a structure."""

    __tablename__ = "core_structure_member"

    structure_id: UUID = Field(primary_key=True, foreign_key="core_participant.id")
    participant_id: UUID = Field(primary_key=True, foreign_key="core_participant.id", index=True)


class OriginRow(SQLModel, table=True):
    """Where an imported object came from: so that a second import changes nothing."""

    __tablename__ = "core_origin"

    type: str = Field(primary_key=True, sa_type=Code)
    system: str = Field(primary_key=True, max_length=200)
    external_id: str = Field(primary_key=True, max_length=200)
    object_id: UUID = Field(index=True)
