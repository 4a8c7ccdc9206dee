"""Dispositions in the API, and the balance of a space."""

from datetime import datetime
from enum import Enum
from typing import Optional

import strawberry

from hemicycle.api import Connection, Node, Participant, ascending, column, computed, connection, mapped, to_one, where
from hemicycle_outcomes.dispositions import balance, sight
from hemicycle_outcomes.dispositions.balance import DispositionBalance
from hemicycle_outcomes.dispositions.kinds import Destination, UnusableBecause
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.proposals.graphql import Proposal


@strawberry.enum(description="Where a disposition stands.")
class DispositionState(Enum):
    PROPOSED = strawberry.enum_value("PROPOSED", description="An analyst proposes it.")
    REVIEWED = strawberry.enum_value("REVIEWED", description="Someone else has reviewed it.")
    RETURNED = strawberry.enum_value("RETURNED", description="Sent back to the analysts, with a reason.")
    DECIDED = strawberry.enum_value("DECIDED", description="It is in force; those who wrote it may contest it.")
    CONTESTED = strawberry.enum_value("CONTESTED", description="Contested; it stays in force until it is answered.")
    CONFIRMED = strawberry.enum_value("CONFIRMED", description="In force, after a contestation.")
    CHANGED = strawberry.enum_value("CHANGED", description="Another one took its place, after a contestation.")


@strawberry.enum(description="Orders of dispositions.")
class DispositionOrder(Enum):
    OLDEST = ascending("Oldest first.", lambda row: row.proposed_at)


@strawberry.input(description="Which dispositions.")
class DispositionFilter:
    states: list[DispositionState] | None = where("In these states.", lambda row, states: row.state.in_(states))
    destinations: list[Destination] | None = where("That go there.", lambda row, them: row.destination.in_(them))
    in_force: bool | None = where("Only those in force, or none.", lambda row, yes: row.in_force == yes)


@mapped(
    DispositionRow, "Where a proposal goes, and why: with who proposed, reviewed and decided it.",
    visible=sight.visible, scope="space_id", own=sight.owned,
)  # fmt: skip
class Disposition(Node):
    proposal: Proposal | None = to_one("The proposal.", by="proposal_id")
    destination: Destination = column("Where it goes.")
    unusable_because: UnusableBecause | None = column("Why it cannot be used, if it is UNUSABLE.")
    duplicate_of: Proposal | None = to_one("The proposal that says the same.", by="duplicate_of_id")
    recipient: str | None = column("Which other level it is for.")
    motive: str = column("Why, in public.")
    state: DispositionState = column("Where it stands.")
    in_force: bool = column("Whether it is the one that counts. Of each proposal, one at most is.")
    previous: Optional["Disposition"] = to_one("The one that it took the place of.", by="previous_id")
    analyst: Participant | None = to_one("Who proposed it.", by="analyst_id")
    reviewer: Participant | None = to_one("Who reviewed it.", by="reviewer_id")
    decided_by: Participant | None = to_one("Who decided it.", by="decided_by_id")
    proposed_at: datetime = column("When it was proposed.")
    reviewed_at: datetime | None = column("When it was reviewed.")
    decided_at: datetime | None = column("When it was decided.")
    review: str | None = column("What the reviewer said, or why it was sent back.")
    contestation: str | None = column("Why it was contested; null where the words were taken back.")
    contested_at: datetime | None = column("When it was contested.")
    answer: str | None = column("What was answered to the contestation.")
    answered_at: datetime | None = column("When that was answered.")


@strawberry.type
class OnProposal:
    disposition: Disposition | None = to_one("Where it goes: the disposition in force.", by=sight.in_force)
    dispositions: Connection[Disposition] = connection(
        "Every disposition that it had or was to have.", by="proposal_id", order=DispositionOrder.OLDEST,
        filter=DispositionFilter,
    )  # fmt: skip


@strawberry.type
class OnSpace:
    disposition_balance: DispositionBalance | None = computed(
        "How many proposals go where, here and below.", balance.balance, needs=balance.NEEDS
    )


@strawberry.input
class OnProposalFilter:
    destinations: list[Destination] | None = where("That go to one of these destinations.", sight.goes_to)


TYPES = (Disposition,)
