"""What one may do with commitments in the API: each mutation is a rule and its input."""

from datetime import date
from typing import Any

import strawberry
from strawberry import UNSET

from hemicycle.api import Participant, Space, id_of, mutation, value
from hemicycle_outcomes.commitments import milestones, rules
from hemicycle_outcomes.commitments.graphql import Commitment, CommitmentKind, Evidence, EvidenceKind, Milestone
from hemicycle_outcomes.proposals.graphql import Proposal


@strawberry.input(description="What is decided, for which proposals.")
class DecideCommitmentInput:
    space: strawberry.ID = id_of("The space that it belongs to.", Space)
    kind: CommitmentKind = value("What sort of commitment it is.")
    title: str = value("What will be done.")
    summary: str | None = value("The same at more length, in Markdown.", UNSET)
    owner: strawberry.ID = id_of("Who answers for it: a person, or a structure.", Participant)
    due_on: date = value("Until which day: one to come.")
    review_on: date | None = value("On which day it is looked at again.", UNSET)
    proposals: list[strawberry.ID] = id_of("The proposals that it follows from: 100 at most in one call.", Proposal)


@strawberry.input(description="One more proposal that a commitment follows from.")
class LinkCommitmentInput:
    commitment: strawberry.ID = id_of("The commitment.", Commitment)
    proposal: strawberry.ID = id_of("The proposal.", Proposal)


@strawberry.input(description="Which commitment.")
class CommitmentInput:
    commitment: strawberry.ID = id_of("The commitment.", Commitment)


@strawberry.input(description="Until when a commitment is delayed, and why.")
class DelayCommitmentInput:
    commitment: strawberry.ID = id_of("The commitment.", Commitment)
    due_on: date = value("Until which day: later than it was due.")
    reason: str = value("Why, in public: 2,000 characters at most.")
    review_on: date | None = value("On which day it is looked at again, if that moves too.", UNSET)


@strawberry.input(description="Why a commitment is given up.")
class AbandonCommitmentInput:
    commitment: strawberry.ID = id_of("The commitment.", Commitment)
    reason: str = value("Why, in public: 2,000 characters at most.")


@strawberry.input(description="How a commitment goes.")
class ReviewCommitmentInput:
    commitment: strawberry.ID = id_of("The commitment.", Commitment)
    finding: str = value("How it goes, in public: 2,000 characters at most.")
    review_on: date | None = value("On which day it is looked at again; never, if not said.", UNSET)


@strawberry.input(description="One more step of a commitment.")
class AddMilestoneInput:
    commitment: strawberry.ID = id_of("The commitment: 100 steps at most.", Commitment)
    title: str = value("What is done then.")
    due_on: date | None = value("Until which day.", UNSET)


@strawberry.input(description="Which milestone.")
class MilestoneInput:
    milestone: strawberry.ID = id_of("The milestone.", Milestone)


@strawberry.input(description="What shows that a commitment, or a step of it, was done.")
class AddEvidenceInput:
    commitment: strawberry.ID = id_of("The commitment.", Commitment)
    milestone: strawberry.ID | None = id_of("The step of it, if it is about one.", Milestone, optional=True)
    kind: EvidenceKind = value("What sort of thing it is.")
    title: str = value("What it shows.")
    url: str | None = value("Where it is found: an http(s) address. A LINK needs one.", UNSET)
    figure: float | None = value("The number of a FIGURE.", UNSET)
    unit: str | None = value("What a FIGURE counts.", UNSET)
    source: str | None = value("Where it comes from. A FIGURE needs one.", UNSET)
    sha256: str | None = value("The SHA-256 of the bytes of a FILE, in hexadecimal.", UNSET)


def _change(description: str, rule: Any, input: type, verb: str) -> Any:
    return mutation(description, rule, input, action=f"outcomes.{verb}")


@strawberry.type
class OnMutation:
    decide_commitment: Commitment = _change(
        "Decide to do something about proposals.", rules.decide, DecideCommitmentInput, "decide_commitment"
    )
    link_commitment: Commitment = _change(
        "Let it follow from one more proposal.", rules.link, LinkCommitmentInput, "link_commitment"
    )
    start_commitment: Commitment = _change("Say that work has begun.", rules.start, CommitmentInput, "start_commitment")
    deliver_commitment: Commitment = _change(
        "Say that it is done.", rules.deliver, CommitmentInput, "deliver_commitment"
    )
    verify_commitment: Commitment = _change(
        "Say that one has seen that it is done.", rules.verify, CommitmentInput, "verify_commitment"
    )
    delay_commitment: Commitment = _change(
        "Say that it comes later, and why.", rules.delay, DelayCommitmentInput, "delay_commitment"
    )
    abandon_commitment: Commitment = _change(
        "Give it up, and say why.", rules.abandon, AbandonCommitmentInput, "abandon_commitment"
    )
    review_commitment: Commitment = _change(
        "Say how it goes, and when to look again.", rules.review, ReviewCommitmentInput, "review_commitment"
    )
    add_milestone: Milestone = _change("Add a step.", milestones.add, AddMilestoneInput, "add_milestone")
    reach_milestone: Milestone = _change(
        "Say that a step is done.", milestones.reach, MilestoneInput, "reach_milestone"
    )
    add_evidence: Evidence = _change(
        "Show that it was done.", milestones.add_evidence, AddEvidenceInput, "add_evidence"
    )
