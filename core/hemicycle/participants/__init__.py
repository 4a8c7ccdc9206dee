"""People and structures that take part."""

from hemicycle.kernel.declarations import Action, Event, PersonalData, Role, Sample
from hemicycle.kernel.graphql.parts import SchemaPart
from hemicycle.kernel.graphql.roots import Mutation, Query
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.participants import rules, samples
from hemicycle.participants.graphql import OnMutation, OnQuery, Participant
from hemicycle.participants.models import ParticipantRow


@hookimpl
def declare_roles() -> list[Role]:
    return [
        Role("visitor", "Anyone, signed in or not.", implied=rules.anyone),
        Role("participant", "Whoever is signed in, and not suspended.", implied=rules.taking_part),
        Role("verified", "A participant whose identity someone checked.", implied=rules.verified),
    ]


@hookimpl
def declare_actions() -> list[Action]:
    on = ParticipantRow
    return [
        Action("participant.edit_profile", "Change one's display name.", on, own=True, states=["ACTIVE"]),
        Action("participant.read_identity", "Read someone's address.", on, own=True),
        Action("participant.suspend", "Suspend someone, with a reason.", on, ["administrator"], not_own=True,
               states=["ACTIVE"]),
        Action("participant.reinstate", "End a suspension.", on, ["administrator"], states=["SUSPENDED"]),
        Action("participant.verify", "Say that an identity was checked.", on, ["administrator"], states=["ACTIVE"]),
        Action("participant.create_structure", "Bring a structure, to speak for it.", roles=["participant"]),
        Action("participant.change_members", "Say who speaks for a structure.", on, ["administrator"], own=True,
               states=["ACTIVE"]),
    ]  # fmt: skip


@hookimpl
def declare_events() -> list[Event]:
    def event(name: str, told: str, english: str, french: str) -> Event:
        return Event(name, told, english=english, french=french, public=False)

    return [
        event("participant.joined", "Someone began to take part.", "{subject} takes part.", "{subject} participe."),
        event("participant.changed", "Someone changed their profile.",
              "{subject} changed their profile.", "{subject} a modifié son profil."),
        event("participant.suspended", "Someone was suspended.",
              "{subject} was suspended: {reason}", "{subject} a été suspendu·e : {reason}"),
        event("participant.reinstated", "A suspension ended.",
              "{subject} may take part again.", "{subject} peut de nouveau participer."),
        event("participant.verified", "Someone's identity was checked.",
              "The identity of {subject} was checked.", "L’identité de {subject} a été vérifiée."),
    ]  # fmt: skip


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    return [
        PersonalData("core_participant.display_name", "The name that they show.", owner="id", erase="NULL"),
        PersonalData("core_participant.sort_key", "The same, for sorting.", owner="id", erase="BLANK", export=False),
        PersonalData("core_verification.attribute", "What was checked.", owner="participant_id", erase="DELETE"),
        PersonalData("core_verification.checked_by_id", "Who checked it.", owner="checked_by_id", erase="KEEP"),
        PersonalData("core_structure_member.structure_id", "A structure that they speak for.",
                     owner="participant_id", erase="DELETE"),
    ]  # fmt: skip


@hookimpl
def declare_samples() -> list[Sample]:
    return samples.SAMPLES


@hookimpl
def extend_schema() -> SchemaPart:
    return SchemaPart(extend={Query: OnQuery, Mutation: OnMutation}, types=(Participant,))
