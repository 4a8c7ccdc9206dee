"""Who is given what role where, by whom, and who takes it back."""

from uuid import UUID

import pytest

from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.participants.rules import new_participant
from hemicycle.spaces import roles
from hemicycle.spaces.models import RoleRow
from hemicycle.testing import World
from tests.asking import read, rows, verdict

OUTSIDER = "Participant:outsider"


async def roles_of(world: World, who: str = OUTSIDER) -> set[tuple[str, str]]:
    """(role, sample of the space) of each role of someone."""
    names = {key: name for name, key in world.ids.items()}
    return {(one.role, names[one.space_id]) for one in await rows(world, RoleRow, participant_id=world.ids[who])}


# -- to join and to leave -------------------------------------------------------------------------------------------


async def test_people_join_a_public_space_and_leave_it(world: World) -> None:
    for _ in range(2):
        assert await verdict(world, "joinSpace", "participant", space="Space:OPEN") == "done"
    assert await roles_of(world) == {("member", "Space:OPEN")}
    assert await verdict(world, "leaveSpace", "participant", space="Space:OPEN") == "done"
    assert await roles_of(world) == set()
    told = await rows(world, JournalRow, subject_id=world.ids[OUTSIDER])
    assert [(one.event, one.space_id, one.public) for one in told] == [
        ("role.granted", world.ids["Space:OPEN"], False),
        ("role.revoked", world.ids["Space:OPEN"], False),
    ]


async def test_nobody_joins_a_space_of_members_by_themselves(world: World) -> None:
    assert await verdict(world, "joinSpace", "participant", space="Space:MEMBERS") == "NOT_FOUND"
    assert await verdict(world, "joinSpace", "steward", space="Space:MEMBERS") == "NOT_ALLOWED"
    assert await roles_of(world, "Participant:steward") == {("steward", "Space")}


async def test_to_leave_ends_ones_own_membership_of_this_very_space(world: World) -> None:
    for space in ("Space:OPEN", "Space:CLOSED"):
        assert await verdict(world, "joinSpace", "participant", space=space) == "done"
    assert await verdict(world, "joinSpace", "author", space="Space:OPEN") == "done"
    assert await verdict(world, "leaveSpace", "participant", space="Space:OPEN") == "done"
    assert await verdict(world, "leaveSpace", "participant", space="Space:OPEN") == "NOT_FOUND"
    assert await roles_of(world) == {("member", "Space:CLOSED")}
    assert await roles_of(world, "Participant:ACTIVE") == {("member", "Space:OPEN")}


async def test_to_leave_keeps_ones_other_roles(world: World) -> None:
    given = {"space": "Space", "participant": "Participant:member", "role": "MODERATOR"}
    assert await verdict(world, "grantRole", "steward", **given) == "done"
    assert await verdict(world, "leaveSpace", "member", space="Space") == "done"
    assert await roles_of(world, "Participant:member") == {("moderator", "Space")}


# -- what membership opens ------------------------------------------------------------------------------------------


async def test_to_join_a_public_space_opens_nothing_that_is_closed_below_it(world: World) -> None:
    assert await verdict(world, "joinSpace", "participant", space="Space") == "done"
    assert await read(world, "participant", "Space:MEMBERS", "slug") is None
    assert await read(world, "participant", "Contribution:MEMBERS", "title") is None


@pytest.mark.parametrize("space", ["Space", "Space:MEMBERS"])
@pytest.mark.parametrize("role", ["MEMBER", "MODERATOR"])
async def test_whoever_is_given_a_role_here_or_above_reads_what_is_kept_for_members(
    world: World, space: str, role: str
) -> None:
    assert await verdict(world, "grantRole", "steward", space=space, participant=OUTSIDER, role=role) == "done"
    assert await read(world, "participant", "Contribution:MEMBERS", "title") is not None
    given = {"space": space, "participant": OUTSIDER, "role": role}
    assert await verdict(world, "revokeRole", "steward", **given) == "done"
    assert await read(world, "participant", "Contribution:MEMBERS", "title") is None


async def test_a_role_beside_opens_nothing(world: World) -> None:
    for role in ("MEMBER", "MODERATOR", "STEWARD"):
        given = {"space": "Space:OPEN", "participant": OUTSIDER, "role": role}
        assert await verdict(world, "grantRole", "administrator", **given) == "done"
    assert await read(world, "participant", "Space:MEMBERS", "slug") is None
    assert await read(world, "participant", "Space:DRAFT", "slug") is None


async def test_a_moderator_below_moderates_there_and_nowhere_else(world: World) -> None:
    given = {"space": "Space:OPEN", "participant": OUTSIDER, "role": "MODERATOR"}
    assert await verdict(world, "grantRole", "steward", **given) == "done"
    hidden = {"contribution": "Contribution:PUBLISHED", "reason": "Rude."}
    assert await verdict(world, "hideContribution", "participant", **hidden) == "done"
    assert await verdict(world, "closeSpace", "participant", space="Space:OPEN") == "NOT_ALLOWED"
    recorded = {
        "space": "Space:CLOSED", "title": "A title", "text": "Words.", "channel": "STREET",
        "onBehalfOf": {"displayName": "Someone", "consent": True},
    }  # fmt: skip
    assert await verdict(world, "contribute", "participant", **recorded) == "NOT_ALLOWED"


# -- to grant and to revoke -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "role", "expected"),
    [
        ("moderator", "MEMBER", "NOT_ALLOWED"),
        ("steward", "MEMBER", "done"),
        ("steward", "MODERATOR", "done"),
        ("steward", "STEWARD", "NOT_ALLOWED"),
        ("steward", "ADMINISTRATOR", "NOT_ALLOWED"),
        ("administrator", "MEMBER", "done"),
        ("administrator", "STEWARD", "done"),
        ("administrator", "ADMINISTRATOR", "done"),
        ("administrator", "VISITOR", "INVALID_INPUT role"),
        ("administrator", "PARTICIPANT", "INVALID_INPUT role"),
        ("administrator", "VERIFIED", "INVALID_INPUT role"),
        ("system", "ADMINISTRATOR", "done"),
        ("system", "PARTICIPANT", "INVALID_INPUT role"),
    ],
)
async def test_a_role_is_given_and_taken_back_by_whom_it_says(world: World, who: str, role: str, expected: str) -> None:
    given = {"space": "Space:OPEN", "participant": OUTSIDER, "role": role}
    assert await verdict(world, "grantRole", who, **given) == expected
    assert await roles_of(world) == ({(role.lower(), "Space:OPEN")} if expected == "done" else set())
    assert await verdict(world, "revokeRole", who, **given) == expected
    assert await roles_of(world) == set()


async def test_a_role_that_nobody_declares_is_refused(world: World) -> None:
    async with world.app.write() as session:
        with pytest.raises(Exception, match="The role king cannot be given"):
            await roles.grant(
                session, world.actor("administrator"), space=world.ids["Space:OPEN"],
                participant=world.ids[OUTSIDER], role="king",
            )  # fmt: skip


async def test_a_steward_of_one_space_gives_no_role_in_another(world: World) -> None:
    given = {"participant": OUTSIDER, "role": "STEWARD"}
    assert await verdict(world, "grantRole", "administrator", space="Space:OPEN", **given) == "done"
    member = {"participant": "Participant:ACTIVE", "role": "MEMBER"}
    assert await verdict(world, "grantRole", "participant", space="Space:CLOSED", **member) == "NOT_ALLOWED"
    assert await verdict(world, "grantRole", "participant", space="Space", **member) == "NOT_ALLOWED"
    assert await verdict(world, "grantRole", "participant", space="Space:OPEN", **member) == "done"


async def test_a_role_is_given_once_and_told_once(world: World) -> None:
    given = {"space": "Space:OPEN", "participant": OUTSIDER, "role": "MEMBER"}
    for _ in range(2):
        assert await verdict(world, "grantRole", "steward", **given) == "done"
    (row,) = await rows(world, RoleRow, participant_id=world.ids[OUTSIDER])
    assert row.granted_by_id == world.ids["Participant:steward"]
    assert len(await rows(world, JournalRow, subject_id=world.ids[OUTSIDER], event="role.granted")) == 1


@pytest.mark.parametrize(("who", "expected"), [("SUSPENDED", "NOT_FOUND"), ("ERASED", "NOT_FOUND")])
async def test_only_who_takes_part_is_given_a_role(world: World, who: str, expected: str) -> None:
    given = {"space": "Space:OPEN", "participant": f"Participant:{who}", "role": "MEMBER"}
    assert await verdict(world, "grantRole", "steward", **given) == expected
    assert await roles_of(world, f"Participant:{who}") == set()


async def test_whoever_was_invited_is_given_a_role_before_they_first_sign_in(world: World) -> None:
    async with world.app.write() as session:
        row = new_participant(session, "Invited", state="PENDING")
        await session.flush()
    given = {"space": "Space:OPEN", "participant": encode_id("Participant", row.id), "role": "MODERATOR"}
    assert await verdict(world, "grantRole", "steward", **given) == "done"


async def test_nobody_unknown_is_given_a_role(world: World) -> None:
    given = {"space": "Space:OPEN", "participant": encode_id("Participant", UUID(int=7)), "role": "MEMBER"}
    assert await verdict(world, "grantRole", "steward", **given) == "NOT_FOUND"


async def test_a_role_is_taken_back_where_it_was_given(world: World) -> None:
    given = {"participant": OUTSIDER, "role": "MODERATOR"}
    for space in ("Space:OPEN", "Space:CLOSED"):
        assert await verdict(world, "grantRole", "steward", space=space, **given) == "done"
    for who in (OUTSIDER, "Participant:ACTIVE"):
        member = {"space": "Space:OPEN", "participant": who, "role": "MEMBER"}
        assert await verdict(world, "grantRole", "steward", **member) == "done"
    assert await verdict(world, "revokeRole", "steward", space="Space", **given) == "NOT_FOUND"
    assert await verdict(world, "revokeRole", "steward", space="Space:OPEN", **given) == "done"
    assert await roles_of(world) == {("moderator", "Space:CLOSED"), ("member", "Space:OPEN")}
    assert await roles_of(world, "Participant:ACTIVE") == {("member", "Space:OPEN")}
    assert await verdict(world, "revokeRole", "steward", space="Space:OPEN", **given) == "NOT_FOUND"


# -- the last administrator -----------------------------------------------------------------------------------------


async def test_the_last_administrator_stays(world: World) -> None:
    mine = {"space": "Space", "participant": "Participant:administrator", "role": "ADMINISTRATOR"}
    assert await verdict(world, "revokeRole", "administrator", **mine) == "CONFLICT"
    elsewhere = {"space": "Space:OPEN", "participant": OUTSIDER, "role": "ADMINISTRATOR"}
    assert await verdict(world, "grantRole", "administrator", **elsewhere) == "done"
    assert await verdict(world, "revokeRole", "administrator", **mine) == "CONFLICT"
    assert await roles_of(world, "Participant:administrator") == {("administrator", "Space")}
    another = mine | {"participant": OUTSIDER}
    assert await verdict(world, "grantRole", "administrator", **another) == "done"
    assert await verdict(world, "revokeRole", "administrator", **mine) == "done"


async def test_a_suspended_administrator_is_nobody_to_count_on(world: World) -> None:
    mine = {"space": "Space", "participant": "Participant:administrator", "role": "ADMINISTRATOR"}
    another = mine | {"participant": OUTSIDER}
    assert await verdict(world, "grantRole", "administrator", **another) == "done"
    suspended = {"participant": OUTSIDER, "reason": "Threats."}
    assert await verdict(world, "suspendParticipant", "administrator", **suspended) == "done"
    assert await verdict(world, "revokeRole", "administrator", **mine) == "CONFLICT"


async def test_the_last_administrator_of_a_space_below_may_go(world: World) -> None:
    given = {"space": "Space:OPEN", "participant": OUTSIDER, "role": "ADMINISTRATOR"}
    assert await verdict(world, "grantRole", "administrator", **given) == "done"
    assert await verdict(world, "revokeRole", "administrator", **given) == "done"


async def test_the_last_steward_of_the_root_may_go(world: World) -> None:
    given = {"space": "Space", "participant": "Participant:steward", "role": "STEWARD"}
    assert await verdict(world, "revokeRole", "administrator", **given) == "done"


# -- who learns of a role -------------------------------------------------------------------------------------------


async def test_a_role_is_known_to_whoever_has_it_and_to_the_stewards_of_its_space(world: World) -> None:
    given = {"space": "Space:OPEN", "participant": OUTSIDER, "role": "STEWARD"}
    assert await verdict(world, "grantRole", "administrator", **given) == "done"
    member = {"space": "Space:OPEN", "participant": "Participant:ACTIVE", "role": "MEMBER"}
    assert await verdict(world, "grantRole", "participant", **member) == "done"
    roles_ = "roles { totalCount nodes { role participant { displayName } space { slug } } }"
    seen = {who: await read(world, who, "Space:OPEN", roles_) for who in ("participant", "author", "visitor")}
    counts = {who: one["roles"]["totalCount"] for who, one in seen.items()}
    assert counts == {"participant": 2, "author": 1, "visitor": 0}
    assert (await read(world, "participant", "Space", roles_))["roles"]["totalCount"] == 0
    mine = (await read(world, "author", "Participant:ACTIVE", roles_))["roles"]["nodes"]
    name = {"displayName": "Sample person active"}
    assert mine == [{"role": "MEMBER", "participant": name, "space": {"slug": "sample-open"}}]
    assert (await read(world, "visitor", "Participant:ACTIVE", roles_))["roles"]["totalCount"] == 0
