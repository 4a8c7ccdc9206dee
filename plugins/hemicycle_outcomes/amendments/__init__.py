"""Amendments: other words for a proposal, and what was decided on them."""

from hemicycle.api import Action, Event, PersonalData
from hemicycle_outcomes.amendments.graphql import TYPES
from hemicycle_outcomes.amendments.models import AmendmentRow
from hemicycle_outcomes.amendments.open_data import OPEN_DATA
from hemicycle_outcomes.amendments.samples import SAMPLES
from hemicycle_outcomes.proposals.models import ProposalRow

DECIDERS = ["analyst", "decision_maker"]
OPEN = ["SUBMITTED", "TRIAGED"]
ACTIONS = [
    Action("outcomes.propose_amendment", "Propose other words for it.", ProposalRow, ["participant"], states=OPEN),
    Action("outcomes.withdraw_amendment", "Take it back.", AmendmentRow, own=True, states=["PROPOSED"]),
    Action(
        "outcomes.decide_amendment", "Accept or reject it.", AmendmentRow, DECIDERS, not_own=True, states=["PROPOSED"]
    ),
    Action("outcomes.take_up_amendment", "Take an amendment up.", ProposalRow, DECIDERS, not_own=True, states=OPEN),
]


def _event(verb: str, told: str, english: str, french: str) -> Event:
    return Event(f"outcomes.amendment_{verb}", told, english=english, french=french)


EVENTS = [
    _event("proposed", "Other words are proposed.",
           "{actor} proposes other words for a proposal.", "{actor} propose un amendement."),
    _event("withdrawn", "It was taken back.", "An amendment was withdrawn.", "Un amendement a été retiré."),
    _event("accepted", "It was accepted.",
           "An amendment was accepted: {reason}", "Un amendement est accepté : {reason}"),
    _event("rejected", "It was rejected.", "An amendment was rejected: {reason}",
           "Un amendement est rejeté : {reason}"),
]  # fmt: skip


def _words(column: str, told: str) -> PersonalData:
    return PersonalData(f"outcomes_amendment.{column}", told, owner="author_id", erase="NULL", content=True)


PERSONAL_DATA = [
    _words("title", "The title that they proposed."),
    _words("statement", "The words that they proposed."),
    _words("reason", "Why they proposed them."),
    PersonalData("outcomes_amendment.author_id", "That they proposed it.", owner="author_id", erase="KEEP"),
    PersonalData("outcomes_amendment.decided_by_id", "That they decided on it.", owner="decided_by_id", erase="KEEP"),
]
HANDLERS: list[object] = []
JOBS: list[object] = []
FIGURES: list[object] = []

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "OPEN_DATA", "PERSONAL_DATA", "SAMPLES", "TYPES"]
