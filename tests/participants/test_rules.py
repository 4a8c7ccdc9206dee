"""Who takes part, under which name, and what may be done about it."""

from uuid import UUID

import pytest

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.graphql.ids import decode_id, encode_id
from hemicycle.participants import rules
from hemicycle.participants.models import ParticipantRow, StructureMemberRow, VerificationRow
from hemicycle.testing import World
from tests.asking import change, events, holds, read, rows, verdict


async def a_person(world: World, name: str = "Someone new", state: str = "ACTIVE") -> str:
    """Someone more; the name of the sample."""
    async with world.app.write() as session:
        row = rules.new_participant(session, name, state=state)
        await session.flush()
        world.ids[f"Participant:{name}"] = row.id
    return f"Participant:{name}"


async def a_structure(world: World, speaker: str) -> str:
    """A structure for which someone speaks; its global id."""
    made = await change(world, "createStructure", speaker, "id", displayName="Some structure")
    id_: str = made["id"]
    return id_


# -- names --------------------------------------------------------------------------------------------------------


async def test_people_change_the_name_that_they_show(world: World) -> None:
    assert await verdict(world, "editProfile", "author", displayName="  Élodie \n du Cher ") == "done"
    assert (await read(world, "visitor", "Participant:ACTIVE", "displayName"))["displayName"] == "Élodie du Cher"
    assert await events(world, "Participant:ACTIVE") == ["participant.changed"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "\u202e"])
async def test_a_name_that_cannot_be_shown_is_refused(world: World, name: str) -> None:
    assert await verdict(world, "editProfile", "author", displayName=name) == "INVALID_INPUT displayName"
    assert (await read(world, "visitor", "Participant:ACTIVE", "displayName"))["displayName"] == "Sample person active"


async def test_people_are_sorted_without_accents_and_case(world: World) -> None:
    for name in ("zoé", "Émile", "eugénie", "Alma"):
        await a_person(world, name)
    data = await world.ask("{ participants(first: 100) { nodes { displayName } } }")
    names = [one["displayName"] for one in data["participants"]["nodes"]]
    assert [name for name in names if "ample" not in name] == ["Alma", "Émile", "eugénie", "zoé"]


# -- who sees whom --------------------------------------------------------------------------------------------------


async def test_whoever_is_only_invited_is_seen_by_themselves_alone(world: World) -> None:
    pending = await a_person(world, "Invited", "PENDING")
    assert await read(world, "administrator", pending, "state") is None
    assert (await read(world, pending, pending, "state"))["state"] == "PENDING"


async def test_viewer_is_whoever_asks(world: World) -> None:
    assert await world.ask("{ viewer { id } }", "author") == {"viewer": {"id": world.gid("Participant:ACTIVE")}}
    assert await world.ask("{ viewer { id } }") == {"viewer": None}


async def test_only_whoever_is_active_takes_part(world: World) -> None:
    pending = await a_person(world, "Invited", "PENDING")
    taking_part = rules.taking_part()
    assert [await holds(world, taking_part, who) for who in ("author", "member")] == [True, True]
    others = ["visitor", "Participant:SUSPENDED", "Participant:ERASED", pending]
    assert [await holds(world, taking_part, who) for who in others] == [False] * 4


async def test_anyone_is_a_visitor(world: World) -> None:
    assert [await holds(world, rules.anyone(), who) for who in ("visitor", "author")] == [True, True]


# -- suspension -----------------------------------------------------------------------------------------------------


async def test_a_suspended_person_takes_no_part_until_the_suspension_ends(world: World) -> None:
    said = {"space": "Space:OPEN", "title": "A title", "text": "Words."}
    someone = {"participant": "Participant:ACTIVE"}
    assert await verdict(world, "suspendParticipant", "administrator", reason="Threats.", **someone) == "done"
    assert (await read(world, "visitor", "Participant:ACTIVE", "state"))["state"] == "SUSPENDED"
    assert await verdict(world, "contribute", "author", **said) == "NOT_ALLOWED"
    assert await verdict(world, "reinstateParticipant", "administrator", reason="Apologies.", **someone) == "done"
    assert (await read(world, "visitor", "Participant:ACTIVE", "state"))["state"] == "ACTIVE"
    assert await verdict(world, "contribute", "author", **said) == "done"


@pytest.mark.parametrize(
    ("mutation", "of", "event"),
    [
        ("suspendParticipant", "Participant:ACTIVE", "participant.suspended"),
        ("reinstateParticipant", "Participant:SUSPENDED", "participant.reinstated"),
    ],
)
async def test_the_reason_of_a_suspension_is_kept_and_not_public(
    world: World, mutation: str, of: str, event: str
) -> None:
    assert await verdict(world, mutation, "administrator", participant=of, reason=" Threats. ") == "done"
    (row,) = await rows(world, JournalRow, event=event)
    assert (row.reason, row.private, row.public, row.subject_id) == ("Threats.", True, False, world.ids[of])


@pytest.mark.parametrize(
    ("mutation", "of"),
    [("suspendParticipant", "Participant:ACTIVE"), ("reinstateParticipant", "Participant:SUSPENDED")],
)
async def test_a_suspension_begins_and_ends_with_a_reason(world: World, mutation: str, of: str) -> None:
    assert await verdict(world, mutation, "administrator", participant=of, reason=" ") == "INVALID_INPUT reason"
    assert await events(world, of) == []


async def test_nobody_suspends_themselves_or_the_structure_that_they_speak_for(world: World) -> None:
    given = {"reason": "Tired."}
    me = "Participant:administrator"
    assert await verdict(world, "suspendParticipant", "administrator", participant=me, **given) == "NOT_ALLOWED"
    mine = await a_structure(world, "administrator")
    assert await verdict(world, "suspendParticipant", "administrator", participant=mine, **given) == "NOT_ALLOWED"
    theirs = await a_structure(world, "author")
    assert await verdict(world, "suspendParticipant", "administrator", participant=theirs, **given) == "done"


# -- verification ---------------------------------------------------------------------------------------------------


async def test_a_verified_participant_is_one_whose_identity_was_checked(world: World) -> None:
    assert await verdict(world, "verifyParticipant", "administrator", participant="Participant:ACTIVE") == "done"
    (row,) = await rows(world, VerificationRow, participant_id=world.ids["Participant:ACTIVE"])
    assert row.attribute == "identity"
    assert row.checked_by_id == world.ids["Participant:administrator"]
    verified = rules.verified()
    assert [await holds(world, verified, who) for who in ("author", "member", "visitor")] == [True, False, False]


async def test_another_attribute_does_not_make_someone_verified(world: World) -> None:
    given = {"participant": "Participant:ACTIVE", "attribute": "resident"}
    assert await verdict(world, "verifyParticipant", "administrator", **given) == "done"
    assert not await holds(world, rules.verified(), "author")


async def test_a_suspended_participant_is_not_verified_meanwhile(world: World) -> None:
    someone = {"participant": "Participant:ACTIVE"}
    assert await verdict(world, "verifyParticipant", "administrator", **someone) == "done"
    assert await verdict(world, "suspendParticipant", "administrator", reason="Threats.", **someone) == "done"
    assert not await holds(world, rules.verified(), "author")


async def test_to_verify_twice_changes_nothing(world: World) -> None:
    for _ in range(2):
        assert await verdict(world, "verifyParticipant", "administrator", participant="Participant:ACTIVE") == "done"
    assert await events(world, "Participant:ACTIVE") == ["participant.verified"]


@pytest.mark.parametrize("attribute", ["", "two words", "x" * 51, "drop-table"])
async def test_an_attribute_is_one_word(world: World, attribute: str) -> None:
    given = {"participant": "Participant:ACTIVE", "attribute": attribute}
    assert await verdict(world, "verifyParticipant", "administrator", **given) == "INVALID_INPUT attribute"


# -- structures -----------------------------------------------------------------------------------------------------


async def speakers(world: World, structure: str) -> set[UUID]:
    ref = decode_id(structure)
    assert ref is not None
    return {one.participant_id for one in await rows(world, StructureMemberRow, structure_id=ref.key)}


async def test_whoever_brings_a_structure_speaks_for_it(world: World) -> None:
    made = await change(world, "createStructure", "author", "id kind displayName", displayName=" Les  Amis ")
    assert (made["kind"], made["displayName"]) == ("STRUCTURE", "Les Amis")
    assert await speakers(world, made["id"]) == {world.ids["Participant:ACTIVE"]}
    (row,) = await rows(world, ParticipantRow, display_name="Les Amis")
    assert [one.event for one in await rows(world, JournalRow, subject_id=row.id)] == ["participant.joined"]


async def test_a_structure_has_a_name_that_can_be_shown(world: World) -> None:
    assert await verdict(world, "createStructure", "author", displayName=" ") == "INVALID_INPUT displayName"
    assert len(await rows(world, ParticipantRow, kind="STRUCTURE")) == 1


async def test_a_member_lets_others_speak_for_the_structure(world: World) -> None:
    structure = await a_structure(world, "author")
    one_more = {"structure": structure, "participant": "Participant:member"}
    assert await verdict(world, "addStructureMember", "member", **one_more) == "NOT_ALLOWED"
    assert await verdict(world, "addStructureMember", "author", **one_more) == "done"
    assert await verdict(world, "addStructureMember", "author", **one_more) == "done"
    both = {world.ids["Participant:ACTIVE"], world.ids["Participant:member"]}
    assert await speakers(world, structure) == both
    another = one_more | {"participant": "Participant:outsider"}
    assert await verdict(world, "addStructureMember", "member", **another) == "done"


async def test_who_speaks_for_one_structure_speaks_for_no_other(world: World) -> None:
    structure = await a_structure(world, "author")
    given = {"structure": "Participant:STRUCTURE_ACTIVE", "participant": "Participant:member"}
    assert await verdict(world, "addStructureMember", "author", **given) == "NOT_ALLOWED"
    assert await verdict(world, "addStructureMember", "author", **given | {"structure": structure}) == "done"


@pytest.mark.parametrize("who", ["Participant:STRUCTURE_ACTIVE", "Participant:SUSPENDED", "Participant:ERASED"])
async def test_only_people_who_take_part_speak_for_a_structure(world: World, who: str) -> None:
    structure = await a_structure(world, "author")
    assert await verdict(world, "addStructureMember", "author", structure=structure, participant=who) == "NOT_FOUND"
    assert await speakers(world, structure) == {world.ids["Participant:ACTIVE"]}


async def test_nobody_unknown_speaks_for_a_structure(world: World) -> None:
    structure, nobody = await a_structure(world, "author"), encode_id("Participant", UUID(int=7))
    assert await verdict(world, "addStructureMember", "author", structure=structure, participant=nobody) == "NOT_FOUND"


@pytest.mark.parametrize("mutation", ["addStructureMember", "removeStructureMember"])
async def test_a_person_has_no_members(world: World, mutation: str) -> None:
    given = {"structure": "Participant:ACTIVE", "participant": "Participant:member"}
    assert await verdict(world, mutation, "author", **given) == "NOT_FOUND"
    assert await rows(world, StructureMemberRow, structure_id=world.ids["Participant:ACTIVE"]) == []


async def test_who_is_removed_speaks_for_it_no_longer_and_others_still_do(world: World) -> None:
    structure, other = await a_structure(world, "author"), await a_structure(world, "member")
    added = {"structure": structure, "participant": "Participant:member"}
    assert await verdict(world, "addStructureMember", "author", **added) == "done"
    assert await verdict(world, "removeStructureMember", "author", **added) == "done"
    assert await speakers(world, structure) == {world.ids["Participant:ACTIVE"]}
    assert await speakers(world, other) == {world.ids["Participant:member"]}
    assert await verdict(world, "addStructureMember", "member", **added) == "NOT_ALLOWED"


async def test_the_last_member_stays(world: World) -> None:
    structure, other = await a_structure(world, "author"), await a_structure(world, "author")
    given = {"structure": structure, "participant": "Participant:ACTIVE"}
    assert await verdict(world, "removeStructureMember", "author", **given) == "CONFLICT"
    another = given | {"participant": "Participant:member"}
    assert await verdict(world, "addStructureMember", "author", **another) == "done"
    assert await verdict(world, "removeStructureMember", "author", **given) == "done"
    assert await speakers(world, structure) == {world.ids["Participant:member"]}
    assert await speakers(world, other) == {world.ids["Participant:ACTIVE"]}


async def test_the_instance_itself_brings_a_structure_that_nobody_speaks_for_yet(world: World) -> None:
    async with world.app.write() as session:
        row = await rules.create_structure(session, world.actor("system"), display_name="A structure")
    assert await rows(world, StructureMemberRow, structure_id=row.id) == []


async def test_a_visitor_who_changes_their_name_is_asked_to_sign_in(world: World) -> None:
    assert await verdict(world, "editProfile", Actor(), displayName="Nobody") == "SIGN_IN_FIRST"
