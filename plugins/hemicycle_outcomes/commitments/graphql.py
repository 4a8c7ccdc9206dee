"""Commitments in the API, with their milestones and their evidence."""

from datetime import date, datetime
from enum import Enum
from typing import Optional

import strawberry

from hemicycle.api import (
    Activity,
    ActivityOrder,
    Connection,
    Contribution,
    ContributionOrder,
    Node,
    Participant,
    Space,
    ascending,
    column,
    connection,
    live,
    mapped,
    one,
    to_one,
    under,
    where,
)
from hemicycle_outcomes.commitments import sight
from hemicycle_outcomes.commitments.models import CommitmentRow, EvidenceRow, MilestoneRow
from hemicycle_outcomes.proposals.graphql import Proposal, ProposalOrder


@strawberry.enum(description="What sort of commitment it is.")
class CommitmentKind(Enum):
    MEASURE = strawberry.enum_value("MEASURE", description="A measure, done at once.")
    WORKSTREAM = strawberry.enum_value("WORKSTREAM", description="A workstream, that takes its time.")


@strawberry.enum(description="Where a commitment stands.")
class CommitmentState(Enum):
    DECIDED = strawberry.enum_value("DECIDED", description="Decided; nothing has begun.")
    STARTED = strawberry.enum_value("STARTED", description="Work has begun.")
    DELAYED = strawberry.enum_value("DELAYED", description="It comes later than was said; the reason is public.")
    DELIVERED = strawberry.enum_value("DELIVERED", description="Whoever answers for it says that it is done.")
    VERIFIED = strawberry.enum_value("VERIFIED", description="Somebody else has seen that it is done.")
    ABANDONED = strawberry.enum_value("ABANDONED", description="Given up; the reason is public.")


@strawberry.enum(description="Where a milestone stands.")
class MilestoneState(Enum):
    PLANNED = strawberry.enum_value("PLANNED", description="Still to be reached.")
    REACHED = strawberry.enum_value("REACHED", description="Reached.")


@strawberry.enum(description="What sort of thing shows that something was done.")
class EvidenceKind(Enum):
    LINK = strawberry.enum_value("LINK", description="A page that anyone can open.")
    FIGURE = strawberry.enum_value("FIGURE", description="A number, with its source.")
    FILE = strawberry.enum_value("FILE", description="A file, known by the SHA-256 of its bytes.")


@strawberry.enum(description="Orders of commitments.")
class CommitmentOrder(Enum):
    DUE = ascending("What is due first comes first.", lambda row: row.due_on)


@strawberry.enum(description="Orders of milestones.")
class MilestoneOrder(Enum):
    PLANNED = ascending("As they were planned.", lambda row: row.position)


@strawberry.enum(description="Orders of evidence.")
class EvidenceOrder(Enum):
    OLDEST = ascending("Oldest first.", lambda row: row.at)


@strawberry.input(description="Which commitments.")
class CommitmentFilter:
    kinds: list[CommitmentKind] | None = where("Of these kinds.", lambda row, kinds: row.kind.in_(kinds))
    states: list[CommitmentState] | None = where("In these states.", lambda row, states: row.state.in_(states))
    overdue_on: date | None = where("Overdue on this day: due before it, and not delivered.", sight.overdue)
    due_for_review_on: date | None = where("Due for review on this day, or since before it.", sight.due_for_review)


@mapped(
    EvidenceRow, "What shows that a commitment, or a step of it, was done.",
    visible_through=("commitment_id", CommitmentRow),
)  # fmt: skip
class Evidence(Node):
    kind: EvidenceKind = column("What sort of thing it is.")
    title: str = column("What it shows.")
    url: str | None = column("Where it is found.")
    figure: float | None = column("The number of a FIGURE.")
    unit: str | None = column("What a FIGURE counts.")
    source: str | None = column("Where it comes from.")
    sha256: str | None = column("The SHA-256 of the bytes of a FILE, in hexadecimal.")
    commitment: Optional["Commitment"] = to_one("The commitment.", by="commitment_id")
    milestone: Optional["Milestone"] = to_one("The step, where it is about one.", by="milestone_id")
    added_by: Participant | None = to_one("Who added it.", by="added_by_id")
    at: datetime = column("When it was added.")


@mapped(
    MilestoneRow, "A step of a commitment.", visible=sight.visible, scope="space_id", own=sight.step_owned
)  # fmt: skip
class Milestone(Node):
    title: str = column("What is done then.")
    position: int = column("Its number among the steps: 1 for the first one.")
    state: MilestoneState = column("Where it stands.")
    due_on: date | None = column("Until which day.")
    reached_at: datetime | None = column("When it was reached.")
    commitment: Optional["Commitment"] = to_one("The commitment.", by="commitment_id")
    evidence: Connection[Evidence] = connection(
        "What shows that it was reached.", by="milestone_id", order=EvidenceOrder.OLDEST
    )


@mapped(
    CommitmentRow, "Something that was decided because of proposals, with who answers for it and what shows it.",
    visible=sight.visible, scope="space_id", own=sight.owned,
)  # fmt: skip
class Commitment(Node):
    kind: CommitmentKind = column("What sort of commitment it is.")
    title: str = column("What will be done.")
    summary: str | None = column("The same at more length, in Markdown.")
    state: CommitmentState = column("Where it stands.")
    reason: str | None = column("Why it was delayed, or given up.")
    owner: Participant | None = to_one("Who answers for it.", by="owner_id")
    due_on: date = column("Until which day.")
    review_on: date | None = column("On which day it is looked at again.")
    decided_by: Participant | None = to_one("Who decided it.", by="decided_by_id")
    decided_at: datetime = column("When it was decided.")
    started_at: datetime | None = column("When work began.")
    delivered_at: datetime | None = column("When it was said to be done.")
    verified_by: Participant | None = to_one("Who has seen that it is done.", by="verified_by_id")
    verified_at: datetime | None = column("When that was seen.")
    space: Space | None = to_one("The space that it belongs to.", by="space_id")
    milestones: Connection[Milestone] = connection("Its steps.", by="commitment_id", order=MilestoneOrder.PLANNED)
    evidence: Connection[Evidence] = connection(
        "All that shows it, that of its steps included.", by="commitment_id", order=EvidenceOrder.OLDEST
    )
    proposals: Connection[Proposal] = connection(
        "What it follows from.", by=sight.followed_by, order=ProposalOrder.OLDEST
    )
    origins: Connection[Contribution] = connection(
        "The words that it comes from: what its proposals were made of.", by=sight.origin_of,
        order=ContributionOrder.OLDEST,
    )  # fmt: skip
    timeline: Connection[Activity] = connection(
        "What happened to it and to its steps, in plain sentences.", by=sight.told_of, order=ActivityOrder.OLDEST
    )


@strawberry.type
class OnProposal:
    commitments: Connection[Commitment] = connection(
        "What was decided because of it.", by=sight.follows_from, order=CommitmentOrder.DUE, filter=CommitmentFilter
    )


@strawberry.type
class OnSpace:
    commitments: Connection[Commitment] = connection(
        "What was decided here.", by="space_id", subtree=lambda row, space: under(row.space_id, space),
        order=CommitmentOrder.DUE, filter=CommitmentFilter,
    )  # fmt: skip


@strawberry.type
class OnQuery:
    commitments: Connection[Commitment] = connection(
        "Everything that was decided.", order=CommitmentOrder.DUE, filter=CommitmentFilter
    )
    commitment: Commitment | None = one("The commitment of that id.")


EVENTS = ("decided", "linked", "started", "delivered", "verified", "delayed", "abandoned", "reviewed", "overdue",
          "review_due")  # fmt: skip


@strawberry.type
class OnSubscription:
    commitment_changed: Commitment = live(
        "A commitment of a space or below, each time something happens to it.",
        *(f"outcomes.commitment_{verb}" for verb in EVENTS),
    )


TYPES = (Commitment, Milestone, Evidence)
