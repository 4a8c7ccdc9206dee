"""The tables of spaces."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.kernel.clock import new_id, secret_id
from hemicycle.kernel.db.types import Code, Json, Utc

STATES = ("DRAFT", "OPEN", "CLOSED", "ARCHIVED")
Texts = dict[str, str]  # locale -> text


class SpaceRow(SQLModel, table=True):
    """A place to deliberate. Its texts are in several locales."""

    __tablename__ = "core_space"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("access in ('PUBLIC', 'MEMBERS')", name="access"),
        Index("ix_core_space_parent", "parent_id", "sort_key", "id"),
        Index("ix_core_space_title", "sort_key", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    parent_id: UUID | None = Field(default=None, foreign_key="core_space.id")
    slug: str = Field(unique=True, max_length=100)
    kind: str = Field(default="PROGRAMME", sa_type=Code)
    access: str = Field(default="PUBLIC", sa_type=Code)  # inherited: MEMBERS closes all that is below
    state: str = Field(default="DRAFT", sa_type=Code)
    moderates_first: bool = False
    sort_key: str = Field(default="", max_length=200)
    titles: Texts = Field(default_factory=dict, sa_type=Json, nullable=False)
    summaries: Texts = Field(default_factory=dict, sa_type=Json, nullable=False)
    modalities: Texts = Field(default_factory=dict, sa_type=Json, nullable=False)
    information: Texts = Field(default_factory=dict, sa_type=Json, nullable=False)
    results: Texts = Field(default_factory=dict, sa_type=Json, nullable=False)
    has_results: bool = False
    created_at: datetime = Field(sa_type=Utc)
    opened_at: datetime | None = Field(default=None, sa_type=Utc)
    ends_at: datetime | None = Field(default=None, sa_type=Utc, index=True)
    closed_at: datetime | None = Field(default=None, sa_type=Utc)
    results_due_at: datetime | None = Field(default=None, sa_type=Utc)


class SpaceTree(SQLModel, table=True):
    """The closure of parenthood, each space with itself included."""

    __tablename__ = "core_space_tree"

    descendant_id: UUID = Field(primary_key=True, foreign_key="core_space.id")
    ancestor_id: UUID = Field(primary_key=True, foreign_key="core_space.id", index=True)


class RoleRow(SQLModel, table=True):
    """A role of someone in a space and below."""

    __tablename__ = "core_role"
    __table_args__ = (
        UniqueConstraint("participant_id", "space_id", "role"),
        Index("ix_core_role_space", "space_id", "id"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="core_participant.id")
    space_id: UUID = Field(foreign_key="core_space.id")
    role: str = Field(sa_type=Code)
    granted_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    at: datetime = Field(sa_type=Utc)


class ActivationRow(SQLModel, table=True):
    """A plugin that is active in a space and below."""

    __tablename__ = "core_activation"

    space_id: UUID = Field(primary_key=True, foreign_key="core_space.id")
    plugin: str = Field(primary_key=True, sa_type=Code)
