"""The tables of petitions. What is asked and how many sign is public; who signs is not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Json, Name, Utc, Words, new_id, secret_id

STATES = ("DRAFT", "OPEN", "REACHED", "LAPSED", "ANSWERED", "WITHDRAWN")
KINDS = ("PETITION", "INTERPELLATION")


class PetitionRow(SQLModel, table=True):
    """A question to the collectivité that people sign. Its counts are changed in the transaction of each signature.

    groups: {name, criterion, parameters, needed, signatures} of each part of the people whose number matters.
    days: how many signed on which day. rules: their text by locale, frozen when it opens, and its SHA-256.
    """

    __tablename__ = "votes_petition"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("signatures >= 0", name="signatures"),
        CheckConstraint("(state in ('DRAFT', 'WITHDRAWN')) or (closes_at is not null)", name="opened"),
        CheckConstraint("(state = 'ANSWERED') = (answer is not null)", name="answered"),
        Index("ix_votes_petition_space", "space_id", "created_at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id")
    author_id: UUID = Field(foreign_key="core_participant.id", index=True)
    state: str = Field(default="DRAFT", sa_type=Code)
    kind: str = Field(default="INTERPELLATION", sa_type=Code)
    title: str | None = Field(default=None, sa_type=Name)
    text: str | None = Field(default=None, sa_type=Words)
    criterion: str | None = Field(default=None, sa_type=Code)
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    needed: int | None = None
    groups_needed: int = 0
    groups: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    signatures: int = 0
    days: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    rules: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    rules_hash: str | None = Field(default=None, sa_type=Code)
    created_at: datetime = Field(sa_type=Utc)
    opened_at: datetime | None = Field(default=None, sa_type=Utc)
    closes_at: datetime | None = Field(default=None, sa_type=Utc)
    reached_at: datetime | None = Field(default=None, sa_type=Utc)
    answer: str | None = Field(default=None, sa_type=Words)
    answered_at: datetime | None = Field(default=None, sa_type=Utc)


class SignatureRow(SQLModel, table=True):
    """That a person signed a petition: once. groups: the places of the groups that it counts for."""

    __tablename__ = "votes_signature"
    __table_args__ = (UniqueConstraint("participant_id", "petition_id"),)

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="core_participant.id")
    petition_id: UUID = Field(foreign_key="votes_petition.id", index=True)
    space_id: UUID = Field(foreign_key="core_space.id", index=True)
    groups: list[int] = Field(default_factory=list, sa_type=Json)
    at: datetime = Field(sa_type=Utc)  # midnight of its day: the moment could betray someone
