"""Petitions: a question to the collectivité that people sign."""

from hemicycle.api import Action, Event, Job, PersonalData, SpaceRow
from hemicycle_votes.petitions import rules
from hemicycle_votes.petitions.models import PetitionRow, SignatureRow

ACTIONS = [
    Action("votes.create_petition", "Ask by a petition.", SpaceRow, ["participant"], states=["OPEN"]),
    Action("votes.update_petition", "Change its words.", PetitionRow, own=True, states=["DRAFT"]),
    Action("votes.open_petition", "Let people sign.", PetitionRow, ["steward"], states=["DRAFT"]),
    Action("votes.sign", "Sign it, once.", PetitionRow, ["participant"], states=["OPEN", "REACHED"]),
    Action("votes.withdraw_signature", "Take one's signature back.", SignatureRow, own=True),
    Action("votes.answer_petition", "Answer it.", PetitionRow, ["steward"], states=["REACHED", "LAPSED"]),
    Action("votes.withdraw_petition", "Take one's petition back.", PetitionRow, own=True, states=["DRAFT", "OPEN"]),
]


def _event(verb: str, told: str, english: str, french: str, *, public: bool = True) -> Event:
    return Event(f"votes.petition_{verb}", told, english=english, french=french, public=public)


EVENTS = [
    _event("drafted", "It was written, or its words changed.", "{actor} writes a petition.",
           "{actor} rédige une pétition.", public=False),
    _event("discarded", "Its author took a draft back.", "A draft was discarded.", "Un brouillon a été abandonné.",
           public=False),
    _event("opened", "One may sign it.", "A petition can be signed.", "Une pétition est ouverte aux signatures."),
    _event("signed", "Someone signed.", "Someone signed a petition.", "Quelqu’un a signé une pétition.", public=False),
    _event("unsigned", "Someone took their signature back.", "Someone took their signature back.",
           "Quelqu’un a retiré sa signature.", public=False),
    _event("reached", "It has enough signatures.", "A petition is reached, with {reason} signatures.",
           "Une pétition a abouti, avec {reason} signatures."),
    _event("lapsed", "Its day came, and it has not enough.", "A petition has lapsed, with {reason} signatures.",
           "Une pétition est échue, avec {reason} signatures."),
    _event("answered", "The collectivité answered.", "A petition was answered.", "Une pétition a reçu sa réponse."),
    _event("withdrawn", "Its author took it back.", "A petition was withdrawn.", "Une pétition a été retirée."),
]  # fmt: skip

JOBS = [Job(rules.JOB, "End a petition whose day has come.", run=rules.close)]


def _signature(column: str, told: str) -> PersonalData:
    return PersonalData(f"votes_signature.{column}", told, owner="participant_id", erase="DELETE")


PERSONAL_DATA = [
    PersonalData("votes_petition.author_id", "That they asked it.", owner="author_id", erase="KEEP"),
    PersonalData("votes_petition.title", "What they asked about.", owner="author_id", erase="NULL", content=True),
    PersonalData("votes_petition.text", "What they asked.", owner="author_id", erase="NULL", content=True),
    _signature("petition_id", "What they signed. The count of it stays."),
    _signature("groups", "Which groups of the petition their signature counts for."),
    _signature("at", "On which day they signed."),
]
