"""Dispositions: where each proposal goes, proposed, reviewed, decided, and perhaps contested; and their balance."""

from hemicycle.api import Action, Event, PersonalData, SpaceRow
from hemicycle_outcomes.dispositions.balance import FIGURES
from hemicycle_outcomes.dispositions.graphql import TYPES
from hemicycle_outcomes.dispositions.models import DispositionRow
from hemicycle_outcomes.dispositions.open_data import OPEN_DATA
from hemicycle_outcomes.dispositions.samples import SAMPLES
from hemicycle_outcomes.proposals.models import ProposalRow

DECIDED = ["TRIAGED", "RESPONDED", "IN_PROGRESS", "DONE", "NOT_RETAINED"]  # states of a proposal


def _action(verb: str, told: str, *roles: str, states: tuple[str, ...]) -> Action:
    return Action(f"outcomes.{verb}", told, DispositionRow, roles, not_own=True, states=states)


def _many(verb: str, role: str) -> Action:
    told = f"{verb.capitalize()} many dispositions at once."
    return Action(f"outcomes.{verb}_dispositions", told, SpaceRow, [role], states=["OPEN", "CLOSED"])


ACTIONS = [
    Action("outcomes.propose_disposition", "Say where it should go, and why.", ProposalRow, ["analyst"], not_own=True,
           states=["SUBMITTED"]),
    _action("review_disposition", "Review what an analyst proposes.", "reviewer", states=("PROPOSED",)),
    _action("send_back_disposition", "Send it back to the analysts.", "reviewer", "decision_maker",
            states=("PROPOSED", "REVIEWED")),
    _action("decide_disposition", "Decide that it goes there.", "decision_maker", states=("REVIEWED",)),
    Action("outcomes.contest_disposition", "Contest where it goes.", ProposalRow, own=True, states=DECIDED),
    _action("answer_contestation", "Confirm or change it.", "decision_maker", states=("CONTESTED",)),
    _many("propose", "analyst"),
    _many("review", "reviewer"),
    _many("decide", "decision_maker"),
]  # fmt: skip


def _event(verb: str, told: str, english: str, french: str, *, public: bool = True) -> Event:
    return Event(f"outcomes.disposition_{verb}", told, english=english, french=french, public=public)


EVENTS = [
    _event("proposed", "An analyst says where a proposal goes.", "A destination was proposed.",
           "Une orientation a été proposée.", public=False),
    _event("reviewed", "It was reviewed.", "A destination was reviewed.", "Une orientation a été relue.",
           public=False),
    _event("returned", "It was sent back.", "A destination was sent back: {reason}",
           "Une orientation a été renvoyée : {reason}", public=False),
    _event("decided", "It is in force.", "The destination of a proposal is decided: {reason}",
           "L’orientation d’une proposition est décidée : {reason}"),
    _event("contested", "Those who wrote the proposal contest it.", "The destination of a proposal is contested.",
           "L’orientation d’une proposition est contestée."),
    _event("confirmed", "It stays, after a contestation.", "The destination of a proposal is confirmed: {reason}",
           "L’orientation d’une proposition est confirmée : {reason}"),
    _event("changed", "Another one takes its place.", "The destination of a proposal has changed: {reason}",
           "L’orientation d’une proposition a changé : {reason}"),
]  # fmt: skip


def _who(column: str, told: str) -> PersonalData:
    return PersonalData(f"outcomes_disposition.{column}", told, owner=column, erase="KEEP")


PERSONAL_DATA = [
    PersonalData("outcomes_disposition.contestation", "Why they contested where their proposal goes.",
                 owner="contested_by_id", erase="NULL", content=True),
    _who("contested_by_id", "That they contested it."),
    _who("analyst_id", "That they proposed it."),
    _who("reviewer_id", "That they reviewed it."),
    _who("decided_by_id", "That they decided it."),
]  # fmt: skip
HANDLERS: list[object] = []
JOBS: list[object] = []

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "OPEN_DATA", "PERSONAL_DATA", "SAMPLES", "TYPES"]
