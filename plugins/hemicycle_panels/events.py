"""What may happen to a panel, and how it is told. Who applied, accepted or declined is in no journal."""

from hemicycle.api import Event


def _event(verb: str, told: str, english: str, french: str, *, public: bool = True) -> Event:
    return Event(f"panels.{verb}", told, english=english, french=french, public=public)


EVENTS = [
    _event("designed", "Its design was written.", "{actor} prepared a panel.", "{actor} a préparé un panel.",
           public=False),
    _event("quota_adjusted", "A quota was changed.", "A quota was changed: {reason}",
           "Un quota a été modifié : {reason}"),
    _event("call_opened", "Candidates are welcome.", "{subject} is looking for candidates.",
           "{subject} cherche des candidatures."),
    _event("applied", "Someone is a candidate.", "Someone is a candidate.", "Une personne est candidate.",
           public=False),
    _event("withdrawn", "Someone took their candidacy back.", "Someone is no candidate any more.",
           "Une personne a retiré sa candidature.", public=False),
    _event("pool_closed", "Its pool was sealed.", "The pool was sealed: {reason}", "Le vivier a été scellé : {reason}"),
    _event("lottery_asked", "Its lottery is being computed.", "{actor} asked for the lottery.",
           "{actor} a demandé la loterie."),
    _event("lottery_failed", "Its lottery cannot be made.", "There is no lottery: {reason}",
           "Il n’y a pas de loterie : {reason}"),
    _event("lottery_committed", "Its lottery was written down.", "The lottery was written down: {reason}",
           "La loterie a été consignée : {reason}"),
    _event("beacon_promised", "The source of the number was named.", "{actor} named the source of the number: {reason}",
           "{actor} a annoncé la source du nombre : {reason}"),
    _event("drawn", "The lot has decided.", "The number {reason} drew the panel.",
           "Le nombre {reason} a désigné le panel."),
    _event("replaced", "Seats that were given up were filled again.", "The number {reason} filled seats again.",
           "Le nombre {reason} a pourvu de nouveau des sièges."),
    _event("draw_closed", "Its transcript is complete.", "The record of the draw is complete: {reason}",
           "Le procès-verbal du tirage est complet : {reason}"),
    _event("accepted", "Someone took their seat.", "Someone took their seat.", "Une personne a accepté son siège.",
           public=False),
    _event("declined", "Someone did not take their seat.", "Someone did not take their seat.",
           "Une personne a décliné son siège.", public=False),
    _event("resigned", "Someone gave their seat up.", "Someone gave their seat up.", "Une personne a quitté son siège.",
           public=False),
    _event("released", "Someone's seat was freed.", "{actor} freed a seat.", "{actor} a libéré un siège.",
           public=False),
    _event("designated", "Someone was designated.", "Someone was designated.", "Une personne a été désignée.",
           public=False),
    _event("convened", "It begins to deliberate.", "{subject} begins to deliberate.", "{subject} se réunit."),
    _event("session_planned", "A session was announced.", "A session was announced.", "Une séance est annoncée."),
    _event("session_cancelled", "A session was cancelled.", "A session was cancelled: {reason}",
           "Une séance est annulée : {reason}"),
    _event("minutes_published", "The minutes of a session were published.", "The minutes of a session were published.",
           "Le compte rendu d’une séance est publié."),
    _event("opinion_adopted", "It adopted its opinion.", "{subject} adopted its opinion: {reason}",
           "{subject} a adopté son avis : {reason}"),
    _event("opinion_delivered", "Its opinion was handed over.", "The opinion was handed over: {reason}",
           "L’avis a été remis : {reason}"),
    _event("dissolved", "Its work is over.", "{subject} was dissolved.", "{subject} est dissous."),
    _event("linked", "What it works on changed.", "What a panel works on changed.",
           "Ce sur quoi un panel travaille a changé.", public=False),
]  # fmt: skip
