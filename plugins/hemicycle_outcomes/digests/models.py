"""The tables of digests: which time each tells of, of which proposals, and to whom it was written."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Utc, new_id, secret_id


class DigestRow(SQLModel, table=True):
    """What happened after `since` and until `until`, told to everyone concerned: planned batch by batch."""

    __tablename__ = "outcomes_digest"
    __table_args__ = (UniqueConstraint("space_id", "since"), Index("ix_outcomes_digest_until", "until", "id"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    space_id: UUID = Field(foreign_key="core_space.id")  # the root
    since: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    reached: UUID | None = None  # whoever was planned last: planning goes on after them
    batches: int = 0
    letters: int = 0
    planned_at: datetime | None = Field(default=None, sa_type=Utc)


class DigestItemRow(SQLModel, table=True):
    """A proposal to which something happened in that time."""

    __tablename__ = "outcomes_digest_item"

    digest_id: UUID = Field(primary_key=True, foreign_key="outcomes_digest.id")
    proposal_id: UUID = Field(primary_key=True, foreign_key="outcomes_proposal.id", index=True)


class LetterRow(SQLModel, table=True):
    """The mail of a digest to one person: there is one at most, and what was begun is not begun again."""

    __tablename__ = "outcomes_letter"
    __table_args__ = (
        UniqueConstraint("digest_id", "participant_id"),
        CheckConstraint("state in ('TO_SEND', 'SENDING', 'SENT', 'SKIPPED')", name="state"),
        Index("ix_outcomes_letter_batch", "digest_id", "batch", "state", "tries"),
    )

    id: UUID = Field(default_factory=secret_id, primary_key=True)
    digest_id: UUID = Field(foreign_key="outcomes_digest.id")
    participant_id: UUID = Field(foreign_key="core_participant.id", index=True)
    batch: int
    state: str = Field(default="TO_SEND", sa_type=Code)
    tries: int = 0
