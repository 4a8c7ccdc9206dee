"""Participants in the API."""

from enum import Enum

import strawberry

from hemicycle.kernel.graphql.context import Info
from hemicycle.kernel.graphql.declare import (
    ascending,
    column,
    connection,
    id_of,
    mapped,
    mutation,
    one,
    value,
    where,
)  # fmt: skip
from hemicycle.kernel.graphql.resolve import fetch
from hemicycle.kernel.graphql.types import Connection, Node
from hemicycle.participants import rules
from hemicycle.participants.models import ParticipantRow


@strawberry.enum(description="A person, or an organisation that acts through its members.")
class ParticipantKind(Enum):
    PERSON = strawberry.enum_value("PERSON", description="One person.")
    STRUCTURE = strawberry.enum_value("STRUCTURE", description="An organisation.")


@strawberry.enum(description="Where a participant stands.")
class ParticipantState(Enum):
    PENDING = strawberry.enum_value("PENDING", description="Invited, not yet signed in.")
    ACTIVE = strawberry.enum_value("ACTIVE", description="Takes part.")
    SUSPENDED = strawberry.enum_value("SUSPENDED", description="May not take part for now.")
    ERASED = strawberry.enum_value("ERASED", description="Gone; what was counted stays counted.")


@strawberry.enum(description="Orders of participants.")
class ParticipantOrder(Enum):
    NAME = ascending("By display name.", lambda row: row.sort_key)


@strawberry.input(description="Which participants.")
class ParticipantFilter:
    kinds: list[ParticipantKind] | None = where("Of these kinds.", lambda row, kinds: row.kind.in_(kinds))


@mapped(
    ParticipantRow,
    "A person or a structure that takes part, under the name that they chose to show.",
    visible=rules.visible,
    own=rules.owned,
)
class Participant(Node):
    kind: ParticipantKind = column("A person or a structure.")
    display_name: str | None = column("The name that they chose to show: a pseudonym, unless they chose otherwise.")
    state: ParticipantState = column("Where they stand.")


@strawberry.type
class OnQuery:
    participants: Connection[Participant] = connection(
        "Everyone who takes part.", order=ParticipantOrder.NAME, filter=ParticipantFilter
    )
    participant: Participant | None = one("The participant of that id.")

    @strawberry.field(description="Who asks; null if nobody is signed in.")
    async def viewer(self, info: Info) -> Participant | None:
        me = info.context.actor.viewer
        found: Participant | None = await fetch(info, Participant, me) if me else None
        return found


@strawberry.input(description="What to show of oneself.")
class EditProfileInput:
    display_name: str = value("The name to show: 100 characters at most.")


@strawberry.input(description="Whom, and why.")
class SuspensionInput:
    participant: strawberry.ID = id_of("The participant.", Participant)
    reason: str = value("Why: for them, and for who administers the instance.")


@strawberry.input(description="Who was checked.")
class VerifyParticipantInput:
    participant: strawberry.ID = id_of("The participant.", Participant)
    attribute: str = value("What was checked: `identity` if not said.", "identity")


@strawberry.input(description="A structure that takes part.")
class CreateStructureInput:
    display_name: str = value("Its name: 100 characters at most.")


@strawberry.input(description="Who speaks for which structure.")
class StructureMemberInput:
    structure: strawberry.ID = id_of("The structure.", Participant)
    participant: strawberry.ID = id_of("The person.", Participant)


@strawberry.type
class OnMutation:
    edit_profile: Participant = mutation(
        "Change one's display name.", rules.edit_profile, EditProfileInput, action="participant.edit_profile"
    )
    suspend_participant: Participant = mutation(
        "Suspend a participant: their sessions end, their words stay.", rules.suspend, SuspensionInput,
        action="participant.suspend",
    )  # fmt: skip
    reinstate_participant: Participant = mutation(
        "End a suspension.", rules.reinstate, SuspensionInput, action="participant.reinstate"
    )
    verify_participant: Participant = mutation(
        "Say that someone's identity was checked.", rules.verify, VerifyParticipantInput, action="participant.verify"
    )
    create_structure: Participant = mutation(
        "Bring a structure, and speak for it.", rules.create_structure, CreateStructureInput,
        action="participant.create_structure",
    )  # fmt: skip
    add_structure_member: Participant = mutation(
        "Let one more person speak for a structure.", rules.add_member, StructureMemberInput,
        action="participant.change_members",
    )  # fmt: skip
    remove_structure_member: Participant = mutation(
        "Let one person less speak for a structure.", rules.remove_member, StructureMemberInput,
        action="participant.change_members",
    )  # fmt: skip
