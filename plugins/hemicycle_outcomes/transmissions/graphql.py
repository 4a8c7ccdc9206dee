"""Transmissions in the API."""

from datetime import datetime
from enum import Enum

import strawberry

from hemicycle.api import Connection, Node, Participant, ascending, column, connection, mapped, to_one, under, where
from hemicycle_outcomes.proposals.graphql import Proposal
from hemicycle_outcomes.transmissions import sight
from hemicycle_outcomes.transmissions.models import TransmissionRow


@strawberry.enum(description="Where a transmission stands.")
class TransmissionState(Enum):
    TO_SEND = strawberry.enum_value("TO_SEND", description="Decided, and not sent yet.")
    SENT = strawberry.enum_value("SENT", description="Sent.")
    ACKNOWLEDGED = strawberry.enum_value("ACKNOWLEDGED", description="The other level says that it has it.")
    ANSWERED = strawberry.enum_value("ANSWERED", description="The other level has answered.")
    SILENT = strawberry.enum_value("SILENT", description="No answer came in the time that counts as silence.")


@strawberry.enum(description="How something is handed on to another level.")
class TransmissionChannel(Enum):
    POST = strawberry.enum_value("POST", description="By post.")
    EMAIL = strawberry.enum_value("EMAIL", description="By e-mail.")
    MEETING = strawberry.enum_value("MEETING", description="In a meeting.")
    PLATFORM = strawberry.enum_value("PLATFORM", description="Through the other level's own platform.")


@strawberry.enum(description="Orders of transmissions.")
class TransmissionOrder(Enum):
    OLDEST = ascending("Oldest first.", lambda row: row.at)


@strawberry.input(description="Which transmissions.")
class TransmissionFilter:
    states: list[TransmissionState] | None = where("In these states.", lambda row, states: row.state.in_(states))


@mapped(
    TransmissionRow, "A proposal, handed on to another level of government.",
    visible=sight.visible, scope="space_id", own=sight.owned,
)  # fmt: skip
class Transmission(Node):
    proposal: Proposal | None = to_one("The proposal.", by="proposal_id")
    recipient: str = column("The other level.")
    state: TransmissionState = column("Where it stands.")
    channel: TransmissionChannel | None = column("How it was sent.")
    sent_by: Participant | None = to_one("Who sent it.", by="sent_by_id")
    sent_at: datetime | None = column("When it was sent.")
    silent_at: datetime | None = column("When no answer counts as silence.")
    acknowledged_at: datetime | None = column("When the other level said that it has it.")
    answer: str | None = column("What the other level answered, in Markdown.")
    answered_at: datetime | None = column("When it answered.")


@strawberry.type
class OnProposal:
    transmissions: Connection[Transmission] = connection(
        "Where it was handed on to.", by="proposal_id", order=TransmissionOrder.OLDEST, filter=TransmissionFilter
    )


@strawberry.type
class OnSpace:
    transmissions: Connection[Transmission] = connection(
        "What was handed on from here.", by="space_id", subtree=lambda row, space: under(row.space_id, space),
        order=TransmissionOrder.OLDEST, filter=TransmissionFilter,
    )  # fmt: skip


TYPES = (Transmission,)
