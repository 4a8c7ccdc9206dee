"""What happened, as it is told in a space."""

from typing import Any

import pytest

from hemicycle.kernel.events.models import JournalRow
from hemicycle.spaces.models import SpaceRow
from hemicycle.testing import World
from tests.asking import read, rows, verdict


async def told(world: World, who: str, space: str = "Space:OPEN", fields: str = "event") -> list[Any]:
    """The activity of a space, as someone reads it, newest first."""
    data = await read(world, who, space, f"activity(first: 100) {{ totalCount nodes {{ {fields} }} }}")
    assert data["activity"]["totalCount"] == len(data["activity"]["nodes"])
    nodes: list[Any] = data["activity"]["nodes"]
    return [one["event"] for one in nodes] if fields == "event" else nodes


async def test_public_events_are_told_to_whoever_reads_the_space(world: World) -> None:
    for who in ("visitor", "author", "moderator", "steward"):
        assert {"SPACE_OPENED", "CONTRIBUTION_PUBLISHED", "CONTRIBUTION_WITHDRAWN"} <= set(await told(world, who))


async def test_other_events_are_told_to_stewards(world: World) -> None:
    private = {"SPACE_CREATED", "CONTRIBUTION_HIDDEN"}
    for who, expected in {"visitor": set(), "moderator": set(), "steward": private, "administrator": private}.items():
        assert private & set(await told(world, who)) == expected, who


async def test_the_steward_of_another_space_is_told_what_everyone_is(world: World) -> None:
    given = {"space": "Space:CLOSED", "participant": "Participant:outsider", "role": "STEWARD"}
    assert await verdict(world, "grantRole", "administrator", **given) == "done"
    assert "SPACE_CREATED" not in await told(world, "participant")
    assert "SPACE_CREATED" in await told(world, "participant", "Space:CLOSED")


async def test_what_happened_nowhere_is_told_nowhere(world: World) -> None:
    async with world.app.write() as session:
        row = JournalRow(
            at=session.now, event="space.changed", subject_type="Space", subject_id=world.ids["Space:OPEN"]
        )
        session.add(row)
    world.ids["Activity:nowhere"] = row.id
    for who in ("visitor", "steward", "administrator"):
        assert await read(world, who, "Activity:nowhere", "event") is None


async def test_a_reason_is_told_where_it_was_given_in_public(world: World) -> None:
    async with world.app.write() as session:
        space = await session.get_one(SpaceRow, world.ids["Space:OPEN"])
        session.record(world.actor("steward"), "space.extended", space, reason="Few came.")
        session.record(world.actor("steward"), "space.extended", space, reason="Not for all.", private=True)
        session.record(world.actor("steward"), "space.extended", space)
    found = await told(world, "steward", fields="event reason sentence(locale: EN)")
    extended = [(one["reason"], one["sentence"]) for one in found if one["event"] == "SPACE_EXTENDED"]
    nothing = (None, "Space was extended: —")
    assert extended == [nothing, nothing, ("Few came.", "Space was extended: Few came.")]


@pytest.mark.parametrize(("locale", "expected"), [("EN", "is open"), ("FR", "est ouvert")])
async def test_what_happened_is_told_in_plain_words(world: World, locale: str, expected: str) -> None:
    found = await told(world, "visitor", fields=f"event sentence(locale: {locale}) actor {{ id }} subject {{ id }}")
    (opened,) = [one for one in found if one["event"] == "SPACE_OPENED"]
    assert expected in opened["sentence"]
    assert (opened["actor"], opened["subject"]) == (None, {"id": world.gid("Space:OPEN")})


async def test_whoever_did_it_is_named(world: World) -> None:
    assert await verdict(world, "updateSpace", "steward", space="Space:OPEN", title="Other") == "done"
    (changed, *_) = await told(world, "visitor", fields="event actor { displayName }")
    assert changed == {"event": "SPACE_CHANGED", "actor": {"displayName": "Sample steward"}}
    assert len(await rows(world, JournalRow, event="space.changed")) == 1
    given = {"contribution": "Contribution:REPLY", "version": 1, "text": "Other words."}
    assert await verdict(world, "editContribution", "member", **given) == "done"
    (edited, *_) = await told(world, "visitor", fields="sentence(locale: EN)")
    assert edited == {"sentence": "Sample member edited a contribution."}
