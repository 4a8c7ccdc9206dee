"""Proposals: made of contributions, with their sources, their versions and their co-authors."""

from hemicycle.api import Action, Event, PersonalData, SpaceRow
from hemicycle_outcomes.proposals import figures, samples
from hemicycle_outcomes.proposals.following import HANDLERS
from hemicycle_outcomes.proposals.graphql import TYPES
from hemicycle_outcomes.proposals.models import CoAuthorRow, ProposalRow
from hemicycle_outcomes.proposals.open_data import OPEN_DATA


def _action(verb: str, told: str, *roles: str, states: tuple[str, ...], own: bool = False) -> Action:
    return Action(f"outcomes.{verb}", told, ProposalRow, roles, own=own, not_own=not own, states=states)


def _event(name: str, told: str, english: str, french: str, *, public: bool = True) -> Event:
    return Event(name, told, english=english, french=french, public=public)


OPEN = ("SUBMITTED", "TRIAGED")
ACTIONS = [
    Action(
        "outcomes.make_proposal", "Make a proposal of contributions.", SpaceRow, ["analyst"], states=["OPEN", "CLOSED"]
    ),
    _action("revise_proposal", "Give it other words, as a version.", "analyst", states=OPEN),
    _action("answer_proposal", "Answer it, for the executive.", "decision_maker", states=("TRIAGED",)),
    _action("start_proposal", "Say that something is being done about it.", "decision_maker", states=("RESPONDED",)),
    _action("complete_proposal", "Say that it is done.", "decision_maker", states=("IN_PROGRESS",)),
    _action(
        "give_up_proposal",
        "Say that it will not be done, and why.",
        "decision_maker",
        states=("RESPONDED", "IN_PROGRESS"),
    ),
    _action("invite_co_author", "Ask someone to stand behind it too.", own=True, states=OPEN),
    Action("outcomes.accept_co_authorship", "Agree to be named with it.", CoAuthorRow, own=True, states=["INVITED"]),
    Action("outcomes.leave_co_authorship", "Decline, or be named no longer.", CoAuthorRow, own=True),
]
EVENTS = [
    _event("outcomes.proposal_made", "It was made.", "A proposal was made.", "Une proposition a été rédigée."),
    _event("outcomes.proposal_revised", "It has other words.",
           "A proposal was reworded.", "Une proposition a été reformulée."),
    _event("outcomes.proposal_triaged", "Its destination is decided.",
           "It is decided where a proposal goes.", "L’orientation d’une proposition est décidée."),
    _event("outcomes.proposal_answered", "It has an official answer.",
           "A proposal has an official answer.", "Une proposition a reçu une réponse officielle."),
    _event("outcomes.proposal_started", "Something is being done about it.",
           "Work on a proposal has begun.", "La mise en œuvre d’une proposition a commencé."),
    _event("outcomes.proposal_done", "It is done.", "A proposal is done.", "Une proposition est réalisée."),
    _event("outcomes.proposal_not_retained", "It will not be done.",
           "A proposal is not retained: {reason}", "Une proposition n’est pas retenue : {reason}"),
    _event("outcomes.proposal_replaced", "Others stand for it.",
           "A proposal was merged or split: others stand for it.",
           "Une proposition a été fusionnée ou scindée : d’autres la remplacent."),
    _event("outcomes.co_author_invited", "Someone was asked to stand behind a proposal.",
           "Someone was asked to stand behind a proposal.", "Une personne est invitée à cosigner une proposition.",
           public=False),
    _event("outcomes.co_author_accepted", "Someone stands behind a proposal.",
           "{actor} stands behind a proposal.", "{actor} cosigne une proposition."),
]  # fmt: skip
PERSONAL_DATA = [
    *(
        PersonalData(f"outcomes_version.{column}", told, owner="author_id", erase="NULL", content=True,
                     through=("verbatim_of_id", "core_contribution"))
        for column, told in (("title", "What they wrote about."), ("statement", "What they wrote, as a proposal."))
    ),
    PersonalData("outcomes_version.written_by_id", "That they worded it.", owner="written_by_id", erase="KEEP"),
    PersonalData("outcomes_proposal.analyst_id", "That they made it.", owner="analyst_id", erase="KEEP"),
    PersonalData("outcomes_proposal.answered_by_id", "That they answered it.", owner="answered_by_id", erase="KEEP"),
    PersonalData("outcomes_co_author.state", "What they stand behind.", owner="participant_id", erase="DELETE"),
]  # fmt: skip
JOBS: list[object] = []
FIGURES, SAMPLES = figures.FIGURES, samples.SAMPLES

__all__ = ["ACTIONS", "EVENTS", "FIGURES", "HANDLERS", "JOBS", "OPEN_DATA", "PERSONAL_DATA", "SAMPLES", "TYPES"]
