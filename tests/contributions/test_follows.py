"""Following: what one sees, for oneself alone."""

from uuid import UUID

import pytest

from hemicycle.contributions.models import FollowRow
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.testing import World
from tests.asking import read, rows, verdict


async def test_people_follow_what_they_see_and_stop(world: World) -> None:
    for target in ("Space:CLOSED", "Contribution:PUBLISHED", "Participant:STRUCTURE_ACTIVE"):
        for _ in range(2):
            assert await verdict(world, "follow", "participant", target=target) == "done"
    mine = await rows(world, FollowRow, participant_id=world.ids["Participant:outsider"])
    assert {one.type for one in mine} == {"Space", "Contribution", "Participant"}
    assert len(mine) == 3
    assert await verdict(world, "unfollow", "participant", target="Space:CLOSED") == "done"
    assert await verdict(world, "unfollow", "participant", target="Space:CLOSED") == "NOT_FOUND"
    assert await verdict(world, "follow", "participant", target="Space:OPEN") == "done"
    assert await verdict(world, "follow", "participant", target="Space:CLOSED") == "done"
    assert await verdict(world, "unfollow", "participant", target="Space:CLOSED") == "done"
    kept = await rows(world, FollowRow, participant_id=world.ids["Participant:outsider"], type="Space")
    assert [one.object_id for one in kept] == [world.ids["Space:OPEN"]]
    assert await verdict(world, "unfollow", "participant", target="Space:OPEN") == "done"
    left = await rows(world, FollowRow, participant_id=world.ids["Participant:outsider"])
    assert {one.type for one in left} == {"Contribution", "Participant"}


@pytest.mark.parametrize("target", ["Contribution:DRAFT", "Contribution:HIDDEN", "Space:MEMBERS", "Space:DRAFT"])
async def test_what_is_not_seen_is_not_followed(world: World, target: str) -> None:
    assert await verdict(world, "follow", "participant", target=target) == "NOT_FOUND"
    assert await rows(world, FollowRow, participant_id=world.ids["Participant:outsider"]) == []


@pytest.mark.parametrize("type_", ["Space", "Contribution", "Nothing"])
async def test_what_is_not_there_is_not_followed(world: World, type_: str) -> None:
    assert await verdict(world, "follow", "author", target=encode_id(type_, UUID(int=7))) == "NOT_FOUND"


async def test_nobody_stops_following_for_another(world: World) -> None:
    assert await verdict(world, "unfollow", "participant", target="Space:OPEN") == "NOT_FOUND"
    assert await verdict(world, "unfollow", "visitor", target="Space:OPEN") == "SIGN_IN_FIRST"
    assert len(await rows(world, FollowRow)) == 1


async def test_what_one_follows_is_told_apart_by_type_and_object(world: World) -> None:
    async with world.app.write() as session:  # the key of one thing under the name of another
        me, key = world.ids["Participant:ACTIVE"], world.ids["Space:OPEN"]
        session.add(FollowRow(participant_id=me, type="Contribution", object_id=key))
    assert await verdict(world, "unfollow", "author", target="Space:OPEN") == "done"
    assert [one.type for one in await rows(world, FollowRow)] == ["Contribution"]


async def test_what_one_follows_is_nobody_elses_business(world: World) -> None:
    follows = "follows { totalCount nodes { target { id } } }"
    mine = await read(world, "author", "Participant:ACTIVE", follows)
    assert mine["follows"] == {"totalCount": 1, "nodes": [{"target": {"id": world.gid("Space:OPEN")}}]}
    for who in ("visitor", "participant", "administrator"):
        seen = await read(world, who, "Participant:ACTIVE", follows)
        assert seen["follows"] == {"totalCount": 0, "nodes": []}
        assert await read(world, who, "Follow", "id") is None


async def test_what_is_seen_no_more_is_followed_without_being_shown(world: World) -> None:
    assert await verdict(world, "follow", "participant", target="Contribution:PUBLISHED") == "done"
    hidden = {"contribution": "Contribution:PUBLISHED", "reason": "Rude."}
    assert await verdict(world, "hideContribution", "moderator", **hidden) == "done"
    follows = "follows { nodes { target { id } } }"
    seen = await read(world, "participant", "Participant:outsider", follows)
    assert seen["follows"]["nodes"] == [{"target": None}]
