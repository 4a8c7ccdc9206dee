"""Polls: a question, its ballots, sealed until it closes, and a result that anyone can count again."""

from datetime import timedelta

from hemicycle.api import Action, Check, Event, Job, KeptApart, PersonalData, Role, SpaceRow
from hemicycle_votes.polls import closing, keys, rules
from hemicycle_votes.polls.models import PollRow

ROLES = [
    Role("poll_organiser", "Prepares polls, opens them, and has them counted.", granted_by=["steward"]),
    Role("poll_clerk", "Enters paper ballots, two together.", granted_by=["steward"]),
]


def _action(verb: str, told: str, *states: str, roles: tuple[str, ...] = rules.ORGANISERS) -> Action:
    return Action(f"votes.{verb}", told, PollRow, roles, states=states)


ACTIONS = [
    Action("votes.prepare_poll", "Prepare a poll in a space.", SpaceRow, rules.ORGANISERS, states=["OPEN"]),
    _action("change_poll", "Change a draft.", "DRAFT"),
    _action("import_roll", "Say who is on its roll.", "DRAFT"),
    _action("open_poll", "Open it.", "DRAFT"),
    _action("close_poll", "Close it before its time.", "OPEN"),
    _action("cancel_poll", "Call it off.", "DRAFT", "OPEN", "CLOSED"),
    _action("count_poll", "Count it.", "CLOSED"),
    _action("publish_poll", "Publish its result.", "COUNTED"),
    _action("cast", "Cast one's ballot.", "OPEN", roles=("participant",)),
    _action("give_proxy", "Entrust someone with one's voice.", "OPEN", roles=("participant",)),
    _action("enter_paper", "Enter a paper ballot.", "OPEN", roles=("poll_clerk", "steward")),
]


def _event(verb: str, told: str, english: str, french: str, *, public: bool = True) -> Event:
    return Event(f"votes.{verb}", told, english=english, french=french, public=public)


EVENTS = [
    _event("poll_prepared", "It was prepared, or its draft changed.",
           "A poll is being prepared.", "Un scrutin se prépare.", public=False),
    _event("roll_imported", "People were put on its roll.",
           "People were put on the roll of a poll.", "La liste d’un scrutin a été complétée.", public=False),
    _event("poll_opened", "One may vote.", "A poll is open.", "Un scrutin est ouvert."),
    _event("poll_closed", "Its time is over.", "A poll has closed.", "Un scrutin est clos."),
    _event("poll_closed_early", "It was closed before its time.",
           "A poll was closed before its time: {reason}", "Un scrutin a été clos avant l’heure : {reason}"),
    _event("poll_cancelled", "It was called off.",
           "A poll was called off: {reason}", "Un scrutin a été annulé : {reason}"),
    _event("poll_discarded", "It was called off before it opened.",
           "A draft was called off: {reason}", "Un brouillon a été annulé : {reason}", public=False),
    _event("poll_counted", "It was counted.", "A poll was counted.", "Un scrutin a été dépouillé."),
    _event("poll_published", "Its result is public.",
           "The result of a poll was published.", "Le résultat d’un scrutin a été publié."),
    _event("ballot_cast", "Someone voted.", "Someone voted.", "Quelqu’un a voté.", public=False),
    _event("proxy_given", "Someone entrusted their voice to someone else.",
           "A proxy was given.", "Une procuration a été donnée.", public=False),
    _event("proxy_withdrawn", "Someone took their voice back.",
           "A proxy was withdrawn.", "Une procuration a été retirée.", public=False),
    _event("paper_entered", "A paper ballot was entered; another person is to confirm it.",
           "A paper ballot was entered.", "Un bulletin papier a été saisi.", public=False),
    _event("paper_confirmed", "A paper ballot was confirmed.",
           "A paper ballot was confirmed.", "Un bulletin papier a été confirmé.", public=False),
    _event("paper_discarded", "A paper ballot that was not confirmed was taken back.",
           "A paper ballot was taken back.", "La saisie d’un bulletin papier a été retirée.", public=False),
]  # fmt: skip

JOBS = [
    Job(rules.OPEN_JOB, "Open a poll at its moment.", run=rules.open_on_time),
    Job(rules.CLOSE_JOB, "Close a poll at its moment.", run=closing.close_on_time, timeout=timedelta(minutes=30)),
    Job(rules.DESTROY_JOB, "Destroy the key of a poll that is over.", run=keys.destroy),
]
KEPT_APART = [
    KeptApart(
        "votes.keys",
        "The keys of open polls: without its key no ballot of a poll can be opened; with its key and a backup, anyone "
        "reads who voted what. Keep copies on another disk, for other hands, and destroy them when the poll is over.",
        where=keys.folder,
    )
]
CHECKS = [Check("votes.keys", "Whether the keys of open polls are there, and for nobody else.", run=keys.check)]


def _voter(column: str, told: str) -> PersonalData:
    return PersonalData(f"votes_voter.{column}", told, owner="participant_id", erase="KEEP")


PERSONAL_DATA = [
    _voter("poll_id", "That they voted in it. What they voted in a CONFIDENTIAL poll, once counted, cannot be found "
           "again by anyone: it can be neither given to them nor erased."),
    _voter("channel", "How their ballot came."),
    _voter("tracker", "Their receipt: it proves that a ballot was counted, never which."),
    _voter("at", "On which day they voted."),
    PersonalData("votes_voter.participant_id", "That it was they. The count of voters stays.", owner="participant_id",
                 erase="NULL"),
    PersonalData("votes_ballot.choice", "What they voted in an OPEN poll. It stays counted, without their name.",
                 owner="participant_id", erase="KEEP"),
    PersonalData("votes_ballot.participant_id", "That it was their vote.", owner="participant_id", erase="NULL"),
    PersonalData("votes_roll.entry", "That they are on the roll of a poll.", owner="participant_id", erase="DELETE"),
    PersonalData("votes_proxy.poll_id", "That they entrusted someone with their voice.", owner="giver_id",
                 erase="DELETE"),
    PersonalData("votes_proxy.holder_id", "That someone entrusted them with their voice.", owner="holder_id",
                 erase="DELETE"),
    PersonalData("votes_paper.participant_id", "That a paper ballot of theirs was entered.", owner="participant_id",
                 erase="NULL"),
    PersonalData("votes_paper.entered_by_id", "That they entered a paper ballot.", owner="entered_by_id", erase="KEEP"),
]  # fmt: skip
