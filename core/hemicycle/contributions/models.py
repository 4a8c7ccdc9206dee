"""The tables of contributions. What was said lives only in version rows, so that it can be taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hemicycle.kernel.clock import new_id, secret_id
from hemicycle.kernel.db.types import Code, Json, Name, Utc, Words

STATES = ("DRAFT", "PENDING", "PUBLISHED", "HIDDEN", "WITHDRAWN", "DISCARDED")

TOP: dict[str, Any] = {f"{dialect}_where": text("parent_id IS NULL") for dialect in ("sqlite", "postgresql")}


class ContributionRow(SQLModel, table=True):
    """What someone said in a space, or in answer to another contribution of the same space."""

    __tablename__ = "core_contribution"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        Index("ix_core_contribution_space", "space_id", "parent_id", "listed_at", "id"),
        Index("ix_core_contribution_parent", "parent_id", "listed_at", "id"),
        Index("ix_core_contribution_author", "author_id", "listed_at", "id"),
        Index("ix_core_contribution_listed", "listed_at", "id"),
        # PostgreSQL takes no order from an index whose first column `is null`: these hold no answers at all.
        Index("ix_core_contribution_space_top", "space_id", "listed_at", "id", **TOP),
        Index("ix_core_contribution_top", "listed_at", "id", **TOP),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id")
    author_id: UUID = Field(foreign_key="core_participant.id")
    recorded_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    parent_id: UUID | None = Field(default=None, foreign_key="core_contribution.id")
    kind: str = Field(sa_type=Code)
    state: str = Field(default="DRAFT", sa_type=Code)
    channel: str = Field(default="PLATFORM", sa_type=Code)
    alignment: str | None = Field(default=None, sa_type=Code)
    language: str = Field(default="fr", sa_type=Code)
    categories: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
    version: int = 1
    created_at: datetime = Field(sa_type=Utc)
    published_at: datetime | None = Field(default=None, sa_type=Utc)
    listed_at: datetime = Field(sa_type=Utc)  # when it was published; until then, when it was written


class VersionRow(SQLModel, table=True):
    """The words of one version. Withdrawal and erasure null them."""

    __tablename__ = "core_contribution_version"
    __table_args__ = (UniqueConstraint("contribution_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    contribution_id: UUID = Field(foreign_key="core_contribution.id")
    number: int
    title: str | None = Field(default=None, sa_type=Name)
    text: str | None = Field(default=None, sa_type=Words)
    at: datetime = Field(sa_type=Utc)


class CategoryRow(SQLModel, table=True):
    """One category of a contribution, for filters."""

    __tablename__ = "core_contribution_category"
    __table_args__ = (Index("ix_core_contribution_category_category", "category"),)

    contribution_id: UUID = Field(primary_key=True, foreign_key="core_contribution.id")
    category: str = Field(primary_key=True, sa_type=Name(100))


class TallyRow(SQLModel, table=True):
    """How many published answers a contribution has: kept in the transaction that changes it."""

    __tablename__ = "core_contribution_tally"

    contribution_id: UUID = Field(primary_key=True, foreign_key="core_contribution.id")
    replies: int = 0


class ReportRow(SQLModel, table=True):
    """That someone reported a contribution: once a person."""

    __tablename__ = "core_report"
    __table_args__ = (UniqueConstraint("contribution_id", "participant_id"),)

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    contribution_id: UUID = Field(foreign_key="core_contribution.id")
    participant_id: UUID = Field(foreign_key="core_participant.id", index=True)
    reason: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=Utc)


class FollowRow(SQLModel, table=True):
    """That someone follows something: once."""

    __tablename__ = "core_follow"
    __table_args__ = (
        UniqueConstraint("participant_id", "type", "object_id"),
        Index("ix_core_follow_object", "type", "object_id"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="core_participant.id")
    type: str = Field(sa_type=Code)
    object_id: UUID
