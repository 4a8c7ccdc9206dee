"""Amendments in the API."""

from datetime import datetime
from enum import Enum

import strawberry

from hemicycle.api import Connection, Node, Participant, ascending, column, connection, mapped, to_one
from hemicycle_outcomes.amendments import sight
from hemicycle_outcomes.amendments.models import AmendmentRow
from hemicycle_outcomes.proposals.graphql import Proposal


@strawberry.enum(description="Where an amendment stands.")
class AmendmentState(Enum):
    PROPOSED = strawberry.enum_value("PROPOSED", description="Waits for a decision.")
    ACCEPTED = strawberry.enum_value("ACCEPTED", description="It made a new version of the proposal.")
    REJECTED = strawberry.enum_value("REJECTED", description="The proposal stays as it is; the reason is public.")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Taken back by its author: the words are gone.")


@strawberry.enum(description="Orders of amendments.")
class AmendmentOrder(Enum):
    OLDEST = ascending("Oldest first.", lambda row: row.at)


@mapped(
    AmendmentRow, "Other words that someone would give to a proposal.",
    visible=sight.visible, scope="space_id", own="author_id",
)  # fmt: skip
class Amendment(Node):
    proposal: Proposal | None = to_one("The proposal.", by="proposal_id")
    author: Participant | None = to_one("Who proposes it.", by="author_id")
    version: int = column("The version of the proposal that it would change.")
    title: str | None = column("The title that it would give; null where it keeps the one that stands.")
    statement: str | None = column("The words that it would give, in Markdown; null where they were taken back.")
    reason: str | None = column("Why.")
    state: AmendmentState = column("Where it stands.")
    decision: str | None = column("Why it was accepted or rejected.")
    decided_at: datetime | None = column("When it was decided.")
    at: datetime = column("When it was proposed.")


@strawberry.type
class OnProposal:
    amendments: Connection[Amendment] = connection(
        "Other words that people propose for it, and what was decided.", by="proposal_id", order=AmendmentOrder.OLDEST
    )


TYPES = (Amendment,)
