"""Transmissions: what was handed on to other levels of government, and what came back."""

from datetime import timedelta

from hemicycle.api import Action, Event, Job, PersonalData
from hemicycle_outcomes.proposals.models import ProposalRow
from hemicycle_outcomes.transmissions import figures, rules
from hemicycle_outcomes.transmissions.graphql import TYPES
from hemicycle_outcomes.transmissions.models import TransmissionRow
from hemicycle_outcomes.transmissions.open_data import OPEN_DATA
from hemicycle_outcomes.transmissions.samples import SAMPLES

STAFF = ["analyst", "decision_maker"]


def _action(verb: str, told: str, *states: str) -> Action:
    return Action(f"outcomes.{verb}", told, TransmissionRow, STAFF, not_own=True, states=states)


ACTIONS = [
    Action("outcomes.prepare_transmission", "Name one more level that it is for.", ProposalRow, STAFF, not_own=True,
           states=["TRIAGED", "RESPONDED", "IN_PROGRESS"]),
    _action("send_transmission", "Say that it was sent.", "TO_SEND"),
    _action("acknowledge_transmission", "Note that the other level has it.", "SENT"),
    _action("note_transmission_answer", "Note what the other level answered.", "SENT", "ACKNOWLEDGED", "SILENT"),
]  # fmt: skip


def _event(verb: str, told: str, english: str, french: str) -> Event:
    return Event(f"outcomes.transmission_{verb}", told, english=english, french=french)


EVENTS = [
    _event("prepared", "It is to be sent to another level.",
           "A proposal is to be handed on to another level.", "Une proposition sera transmise à un autre échelon."),
    _event("sent", "It was sent.",
           "A proposal was handed on to {reason}.", "Une proposition a été transmise à {reason}."),
    _event("acknowledged", "The other level has it.",
           "{reason} acknowledged a proposal.", "{reason} a accusé réception d’une proposition."),
    _event("answered", "The other level answered.",
           "{reason} answered a proposal.", "{reason} a répondu à une proposition."),
    _event("silent", "The other level gave no answer in time.",
           "{reason} gave no answer to a proposal.", "{reason} n’a pas répondu à une proposition."),
]  # fmt: skip
JOBS = [
    Job("outcomes.mark_silent", "Say so where no answer came in time.", run=rules.mark_silent,
        every=timedelta(hours=1)),
]  # fmt: skip
PERSONAL_DATA = [
    PersonalData("outcomes_transmission.sent_by_id", "That they sent it.", owner="sent_by_id", erase="KEEP"),
]
HANDLERS: list[object] = []
FIGURES = figures.FIGURES

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "OPEN_DATA", "PERSONAL_DATA", "SAMPLES", "TYPES"]
