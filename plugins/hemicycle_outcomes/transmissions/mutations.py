"""What one may do with transmissions in the API: each mutation is a rule and its input."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from hemicycle.api import id_of, mutation, value
from hemicycle_outcomes.proposals.graphql import Proposal
from hemicycle_outcomes.transmissions import rules
from hemicycle_outcomes.transmissions.graphql import Transmission, TransmissionChannel


@strawberry.input(description="One more level that a proposal is for.")
class PrepareTransmissionInput:
    proposal: strawberry.ID = id_of("The proposal.", Proposal)
    recipient: str = value("The other level: its name.")


@strawberry.input(description="What was sent, and how.")
class SendTransmissionInput:
    transmission: strawberry.ID = id_of("The transmission.", Transmission)
    channel: TransmissionChannel = value("How it was sent.")
    sent_at: datetime | None = value("When it was sent: now, if not said.", UNSET)


@strawberry.input(description="Which transmission.")
class TransmissionInput:
    transmission: strawberry.ID = id_of("The transmission.", Transmission)


@strawberry.input(description="What another level answered.")
class NoteTransmissionAnswerInput:
    transmission: strawberry.ID = id_of("The transmission.", Transmission)
    text: str = value("The answer, in Markdown.")


def _change(description: str, rule: Any, input: type, verb: str) -> Any:
    return mutation(description, rule, input, action=f"outcomes.{verb}")


@strawberry.type
class OnMutation:
    prepare_transmission: Transmission = _change(
        "Name one more level that a proposal is for.", rules.prepare, PrepareTransmissionInput, "prepare_transmission"
    )
    send_transmission: Transmission = _change(
        "Say that it was sent.", rules.send, SendTransmissionInput, "send_transmission"
    )
    acknowledge_transmission: Transmission = _change(
        "Note that the other level has it.", rules.acknowledge, TransmissionInput, "acknowledge_transmission"
    )
    note_transmission_answer: Transmission = _change(
        "Note what the other level answered.",
        rules.note_answer,
        NoteTransmissionAnswerInput,
        "note_transmission_answer",
    )
