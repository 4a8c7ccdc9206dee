"""The table of lineage: which proposal was replaced by which."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Utc, new_id


class LineageRow(SQLModel, table=True):
    """That a proposal was replaced by another one. Only what lives replaces, so no circle can be written."""

    __tablename__ = "outcomes_lineage"
    __table_args__ = (
        UniqueConstraint("replaced_id", "replacing_id"),
        CheckConstraint("replaced_id <> replacing_id", name="itself"),
        CheckConstraint("kind in ('MERGED', 'SPLIT')", name="kind"),
        Index("ix_outcomes_lineage_replacing", "replacing_id", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    replaced_id: UUID = Field(foreign_key="outcomes_proposal.id")
    replacing_id: UUID = Field(foreign_key="outcomes_proposal.id")
    kind: str = Field(sa_type=Code)
    at: datetime = Field(sa_type=Utc)
