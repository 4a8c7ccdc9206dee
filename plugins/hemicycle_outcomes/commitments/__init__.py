"""Commitments: what was decided because of proposals, its steps, what shows that it was done, and who verified it."""

from datetime import timedelta

from hemicycle.api import Action, Event, Job, PersonalData, SpaceRow
from hemicycle_outcomes.commitments import watching
from hemicycle_outcomes.commitments.figures import FIGURES
from hemicycle_outcomes.commitments.graphql import TYPES
from hemicycle_outcomes.commitments.models import OPEN, STATES, CommitmentRow, MilestoneRow
from hemicycle_outcomes.commitments.open_data import OPEN_DATA
from hemicycle_outcomes.commitments.samples import SAMPLES
from hemicycle_outcomes.proposals.models import ProposalRow

ALIVE = tuple(state for state in STATES if state != "ABANDONED")


def _action(verb: str, told: str, states: tuple[str, ...]) -> Action:
    """Something for whoever answers for it, and for those who decide."""
    return Action(f"outcomes.{verb}", told, CommitmentRow, ["decision_maker"], own=True, states=states)


ACTIONS = [
    Action("outcomes.decide_commitment", "Decide to do something.", SpaceRow, ["decision_maker"],
           states=["OPEN", "CLOSED"]),
    Action("outcomes.follow_up_proposal", "Let a commitment follow from it.", ProposalRow, ["decision_maker"],
           not_own=True, states=["TRIAGED", "RESPONDED", "IN_PROGRESS"]),
    Action("outcomes.link_commitment", "Let it follow from one more proposal.", CommitmentRow, ["decision_maker"],
           states=OPEN),
    _action("start_commitment", "Say that work has begun.", ("DECIDED", "DELAYED")),
    _action("deliver_commitment", "Say that it is done.", ("STARTED", "DELAYED")),
    Action("outcomes.verify_commitment", "Say that one has seen that it is done.", CommitmentRow, ["verifier"],
           not_own=True, states=["DELIVERED"]),
    _action("delay_commitment", "Say that it comes later, and why.", OPEN),
    Action("outcomes.abandon_commitment", "Give it up, and say why.", CommitmentRow, ["decision_maker"], states=OPEN),
    _action("review_commitment", "Say how it goes.", ALIVE),
    _action("add_milestone", "Add a step.", OPEN),
    Action("outcomes.reach_milestone", "Say that it is done.", MilestoneRow, ["decision_maker"], own=True,
           states=["PLANNED"]),
    _action("add_evidence", "Show that it was done.", ALIVE),
]  # fmt: skip


def _event(name: str, told: str, english: str, french: str) -> Event:
    return Event(f"outcomes.{name}", told, english=english, french=french)


EVENTS = [
    _event("commitment_decided", "It was decided.", "It is decided: {reason}", "C’est décidé : {reason}"),
    _event("commitment_linked", "It follows from one more proposal.",
           "One more proposal is taken up by: {reason}", "Une proposition de plus est prise en compte par : {reason}"),
    _event("commitment_started", "Work has begun.", "Work has begun: {reason}", "Les travaux commencent : {reason}"),
    _event("commitment_delivered", "It is said to be done.", "Delivered: {reason}", "Réalisé : {reason}"),
    _event("commitment_verified", "Somebody else has seen that it is done.",
           "Verified by somebody else: {reason}", "Vérifié par une autre personne : {reason}"),
    _event("commitment_delayed", "It comes later.",
           "Something that was decided comes later: {reason}", "Un engagement est reporté : {reason}"),
    _event("commitment_abandoned", "It was given up.",
           "Something that was decided is given up: {reason}", "Un engagement est abandonné : {reason}"),
    _event("commitment_reviewed", "It was looked at again.",
           "Something that was decided was reviewed: {reason}", "Un engagement a été réexaminé : {reason}"),
    _event("commitment_overdue", "Its day passed, and it is not delivered.",
           "Overdue: {reason}", "En retard : {reason}"),
    _event("commitment_review_due", "The day came to look at it again.",
           "Due for review: {reason}", "À réexaminer : {reason}"),
    _event("milestone_added", "It has one more step.", "A step was added: {reason}", "Une étape est prévue : {reason}"),
    _event("milestone_reached", "A step is done.", "A step was reached: {reason}", "Une étape est franchie : {reason}"),
    _event("evidence_added", "Something shows that it was done.",
           "Evidence was added: {reason}", "Une preuve est versée : {reason}"),
]  # fmt: skip


def _who(column: str, told: str) -> PersonalData:
    return PersonalData(f"outcomes_commitment.{column}", told, owner=column, erase="KEEP")


PERSONAL_DATA = [
    _who("owner_id", "That they answer for it."),
    _who("decided_by_id", "That they decided it."),
    _who("delivered_by_id", "That they said it was done."),
    _who("verified_by_id", "That they verified it."),
    PersonalData("outcomes_evidence.added_by_id", "That they added it.", owner="added_by_id", erase="KEEP"),
]
HANDLERS: list[object] = []
JOBS = [
    Job("outcomes.tell_dates", "Tell of what is overdue or due for review.", run=watching.tell_dates,
        every=timedelta(hours=1)),
]  # fmt: skip

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "OPEN_DATA", "PERSONAL_DATA", "SAMPLES", "TYPES"]
