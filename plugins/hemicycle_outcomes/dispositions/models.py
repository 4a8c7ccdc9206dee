"""The table of dispositions: where a proposal goes, who says so, and why. Rows are added, never overwritten."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from hemicycle.api import Code, Name, Utc, Words, new_id

DESTINATIONS = ("CHARTER", "IMMEDIATE_MEASURE", "WORKSTREAM", "OTHER_LEVEL", "UNUSABLE")
UNUSABLE_BECAUSE = ("OFF_TOPIC", "UNINTELLIGIBLE", "DUPLICATE", "PERSONAL_CASE", "ILLEGAL_CONTENT", "NO_PROPOSAL")
PENDING = ("PROPOSED", "REVIEWED")
STATES = (*PENDING, "RETURNED", "DECIDED", "CONTESTED", "CONFIRMED", "CHANGED")


class DispositionRow(SQLModel, table=True):
    """A destination for a proposal, from the analyst's word for it to what came of a contestation.

    At most one of a proposal is on its way, and at most one in force.
    """

    __tablename__ = "outcomes_disposition"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"destination in {DESTINATIONS}", name="destination"),
        CheckConstraint(f"unusable_because in {UNUSABLE_BECAUSE}", name="unusable_because"),
        CheckConstraint("(destination = 'UNUSABLE') = (unusable_because is not null)", name="unusable"),
        CheckConstraint("coalesce(unusable_because = 'DUPLICATE', false) = (duplicate_of_id is not null)",
                        name="duplicate"),
        CheckConstraint("(destination = 'OTHER_LEVEL') = (recipient is not null)", name="recipient"),
        CheckConstraint("motive <> ''", name="motive"),
        CheckConstraint("not in_force or state in ('DECIDED', 'CONTESTED', 'CONFIRMED')", name="in_force"),
        Index("uq_outcomes_disposition_in_force", "proposal_id", unique=True,
              sqlite_where=text("in_force"), postgresql_where=text("in_force")),
        Index("uq_outcomes_disposition_pending", "proposal_id", unique=True,
              sqlite_where=text("state in ('PROPOSED', 'REVIEWED')"),
              postgresql_where=text("state in ('PROPOSED', 'REVIEWED')")),
        Index("ix_outcomes_disposition_proposal", "proposal_id", "proposed_at", "id"),
        Index("ix_outcomes_disposition_space", "space_id", "destination"),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    proposal_id: UUID = Field(foreign_key="outcomes_proposal.id")
    space_id: UUID = Field(foreign_key="core_space.id")
    state: str = Field(default="PROPOSED", sa_type=Code)
    in_force: bool = False
    destination: str = Field(sa_type=Code)
    unusable_because: str | None = Field(default=None, sa_type=Code)
    duplicate_of_id: UUID | None = Field(default=None, foreign_key="outcomes_proposal.id", index=True)
    recipient: str | None = Field(default=None, sa_type=Name)  # the other level
    motive: str = Field(sa_type=Words(2000))
    previous_id: UUID | None = Field(default=None, foreign_key="outcomes_disposition.id", index=True)
    analyst_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    reviewer_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    decided_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    proposed_at: datetime = Field(sa_type=Utc)
    reviewed_at: datetime | None = Field(default=None, sa_type=Utc)
    decided_at: datetime | None = Field(default=None, sa_type=Utc)
    review: str | None = Field(default=None, sa_type=Words(2000))  # what the reviewer says, or why it was sent back
    contestation: str | None = Field(default=None, sa_type=Words(2000))
    contested_by_id: UUID | None = Field(default=None, foreign_key="core_participant.id", index=True)
    contested_at: datetime | None = Field(default=None, sa_type=Utc)
    answer: str | None = Field(default=None, sa_type=Words(2000))  # what was answered to the contestation
    answered_at: datetime | None = Field(default=None, sa_type=Utc)
