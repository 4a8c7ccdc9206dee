"""What may be done with a space, and when."""

from datetime import timedelta
from typing import Any

import pytest

from hemicycle.kernel.errors import Refused
from hemicycle.kernel.events.models import JournalRow
from hemicycle.spaces import rules
from hemicycle.spaces.models import ActivationRow, RoleRow, SpaceRow, SpaceTree
from hemicycle.testing import World
from hemicycle.testing.world import open_world
from tests.asking import change, events, read, rows, verdict

READY = {"modalities": "Rules.", "information": "What to know."}


def later(world: World, **by: float) -> str:
    """A moment from now, as an input."""
    return (world.clock.moment + timedelta(**by)).isoformat()


async def a_space(world: World, slug: str, parent: str = "Space", **given: Any) -> str:
    """Another space, a draft; the name of the sample."""
    made = await change(world, "createSpace", "steward", "id", parent=parent, slug=slug, title=slug.title(), **given)
    assert "id" in made, made
    (row,) = await rows(world, SpaceRow, slug=slug)
    world.ids[f"Space:{slug}"] = row.id
    return f"Space:{slug}"


async def state_of(world: World, space: str) -> str:
    (row,) = await rows(world, SpaceRow, id=world.ids[space])
    state: str = row.state
    return state


# -- create ---------------------------------------------------------------------------------------------------------


async def test_a_new_space_is_a_draft_below_its_parent(world: World) -> None:
    given = {"kind": "THEME", "access": "MEMBERS", "moderatesFirst": True, "endsAt": later(world, days=3), **READY}
    space = await a_space(world, "eau", "Space:OPEN", summary="De l’eau.", **given)
    seen = await read(
        world, "steward", space,
        "slug kind title summary modalities information state access moderatesFirst endsAt parent { slug } openedAt",
    )  # fmt: skip
    assert seen.pop("endsAt").startswith("2026-03-05")
    del seen["id"]
    assert seen == {
        "slug": "eau", "kind": "THEME", "title": "Eau", "summary": "De l’eau.", "modalities": "Rules.",
        "information": "What to know.", "state": "DRAFT", "access": "MEMBERS", "moderatesFirst": True,
        "parent": {"slug": "sample-open"}, "openedAt": None,
    }  # fmt: skip
    assert await events(world, space) == ["space.created"]
    above = {one.ancestor_id for one in await rows(world, SpaceTree, descendant_id=world.ids[space])}
    assert above == {world.ids[space], world.ids["Space:OPEN"], world.ids["Space"]}


@pytest.mark.parametrize("slug", ["", "Eau", "e--au", "-eau", "eau-", "de l'eau", "e_au", "eau\n", "x" * 101])
async def test_a_slug_is_made_of_small_letters_digits_and_hyphens(world: World, slug: str) -> None:
    given = {"parent": "Space", "title": "Water", "slug": slug}
    assert await verdict(world, "createSpace", "steward", **given) == "INVALID_INPUT slug"


async def test_a_slug_of_a_hundred_letters_will_do(world: World) -> None:
    assert await state_of(world, await a_space(world, "x" * 100)) == "DRAFT"


async def test_no_two_spaces_have_one_slug(world: World) -> None:
    given = {"parent": "Space", "title": "Water", "slug": "sample-members"}
    assert await verdict(world, "createSpace", "steward", **given) == "INVALID_INPUT slug"
    assert len(await rows(world, SpaceRow, slug="sample-members")) == 1


@pytest.mark.parametrize("title", ["", " \n "])
async def test_a_space_has_a_title(world: World, title: str) -> None:
    given = {"parent": "Space", "slug": "water", "title": title}
    assert await verdict(world, "createSpace", "steward", **given) == "INVALID_INPUT title"
    assert await rows(world, SpaceRow, slug="water") == []


async def test_only_the_instance_makes_the_root_and_only_once(world: World) -> None:
    async with world.app.write() as session:
        with pytest.raises(Refused, match="below which space") as refused:
            await rules.create(session, world.actor("administrator"), parent=None, slug="two", title="Two")
        assert refused.value.problems[0].path == "parent"
        with pytest.raises(Refused, match="has its root space already"):
            await rules.create(session, world.actor("system"), parent=None, slug="two", title="Two")


async def test_the_root_is_made_once_open_with_every_plugin(database_url: str) -> None:
    async with open_world(database_url, samples=False) as world:
        first = await rules.ensure_root(world.app)
        assert await rules.ensure_root(world.app) == first
        (root,) = await rows(world, SpaceRow)
        assert (root.id, root.state, root.parent_id, root.titles) == (first, "OPEN", None, {"fr": "Sample"})
        active = {one.plugin for one in await rows(world, ActivationRow)}
        assert active == set(world.app.plugins.optional)


async def test_the_root_is_found_among_other_spaces(world: World) -> None:
    assert await rules.ensure_root(world.app) == world.ids["Space"]


async def test_what_was_deliberated_elsewhere_is_a_closed_space_below_the_root(world: World) -> None:
    opened, closed = world.clock.moment - timedelta(days=90), world.clock.moment - timedelta(days=60)
    given: Any = {"slug": "past", "title": "Past", "opened_at": opened, "closed_at": closed}
    async with world.app.write() as session:
        with pytest.raises(Refused, match="it takes the action space.create"):
            await rules.create_closed(session, world.actor("moderator"), **given)
    async with world.app.write() as session:
        row = await rules.create_closed(session, world.actor("steward"), **given, summary="Words.")
    assert (row.parent_id, row.state, row.summaries) == (world.ids["Space"], "CLOSED", {"fr": "Words."})
    assert (row.opened_at, row.closed_at, row.ends_at) == (opened, closed, closed)


async def test_what_is_below_a_space_is_told_from_what_is_beside_it(world: World) -> None:
    await a_space(world, "below", "Space:OPEN")
    text = "query($id: ID!) { node(id: $id) { ... on Space { children { nodes { slug } } } } }"
    data = await world.ask(text, "steward", id=world.gid("Space:OPEN"))
    assert data["node"]["children"]["nodes"] == [{"slug": "below"}]


# -- texts ----------------------------------------------------------------------------------------------------------


async def test_texts_are_kept_in_several_languages(world: World) -> None:
    given = {"space": "Space:OPEN", "title": "Water", "summary": "About water.", "locale": "EN"}
    assert await verdict(world, "updateSpace", "steward", **given) == "done"
    fields = "title english: title(locale: EN) summary french: summary(locale: FR)"
    seen = await read(world, "visitor", "Space:OPEN", fields)
    assert (seen["title"], seen["english"]) == ("Sample Open", "Water")
    assert (seen["summary"], seen["french"]) == ("About water.", "About water.")  # there is no other one
    assert await events(world, "Space:OPEN") == ["space.created", "space.opened", "space.changed"]


@pytest.mark.parametrize("name", ["title", "summary", "modalities", "information", "results"])
async def test_hostile_texts_are_refused_by_their_name(world: World, name: str) -> None:
    given: Any = {name: "x\x00y"}
    async with world.app.write() as session:
        with pytest.raises(Refused) as refused:
            await rules.update(session, world.actor("steward"), space=world.ids["Space:OPEN"], **given)
        assert [one.path for one in refused.value.problems] == [name]


async def test_what_is_not_given_stays(world: World) -> None:
    given = {"access": "MEMBERS", "moderatesFirst": True, "resultsDueAt": later(world, days=60), "summary": "Words."}
    fields = "title summary access moderatesFirst resultsDueAt endsAt"
    assert await verdict(world, "updateSpace", "steward", space="Space:OPEN", **given) == "done"
    before = await read(world, "steward", "Space:OPEN", fields)
    assert await verdict(world, "updateSpace", "steward", space="Space:OPEN") == "done"
    assert await read(world, "steward", "Space:OPEN", fields) == before
    changed = await change(world, "updateSpace", "steward", fields, space="Space:OPEN", moderatesFirst=False)
    assert (changed["moderatesFirst"], changed["access"]) == (False, "MEMBERS")


async def test_results_count_as_published_while_there_are_some(world: World) -> None:
    text = '{{ spaces(filter: {{ resultsOverdueAt: "{}" }}) {{ nodes {{ slug }} }} }}'
    early, overdue = text.format(later(world, days=59)), text.format(later(world, days=90))
    for space in ("Space:CLOSED", "Space:OPEN"):  # of what is open, no results are due yet
        given = {"space": space, "resultsDueAt": later(world, days=60)}
        assert await verdict(world, "updateSpace", "steward", **given) == "done"
    assert (await world.ask(early))["spaces"]["nodes"] == []
    assert (await world.ask(overdue))["spaces"]["nodes"] == [{"slug": "sample-closed"}]
    assert await verdict(world, "updateSpace", "steward", space="Space:CLOSED", results="Much.") == "done"
    assert (await world.ask(overdue))["spaces"]["nodes"] == []
    assert await verdict(world, "updateSpace", "steward", space="Space:CLOSED", results="") == "done"
    assert (await world.ask(overdue))["spaces"]["nodes"] == [{"slug": "sample-closed"}]


async def test_the_end_of_a_draft_moves_freely_and_that_of_an_open_space_does_not(world: World) -> None:
    given = {"endsAt": later(world, days=90)}
    assert await verdict(world, "updateSpace", "steward", space="Space:DRAFT", **given) == "done"
    assert await verdict(world, "updateSpace", "steward", space="Space:OPEN", **given) == "WRONG_STATE"
    (draft,), (open_,) = [await rows(world, SpaceRow, id=world.ids[f"Space:{it}"]) for it in ("DRAFT", "OPEN")]
    assert draft.ends_at - open_.ends_at > timedelta(days=59)


@pytest.mark.parametrize("name", ["modalities", "information"])
async def test_what_has_opened_keeps_its_rules_and_its_information(world: World, name: str) -> None:
    nothing: Any = {name: ""}
    refusal = f"INVALID_INPUT {name}"
    assert await verdict(world, "updateSpace", "steward", space="Space:OPEN", **nothing) == refusal
    assert await verdict(world, "updateSpace", "steward", space="Space:CLOSED", **nothing) == refusal
    assert await verdict(world, "updateSpace", "steward", space="Space:OPEN", **{name: "Other words."}) == "done"
    assert await verdict(world, "updateSpace", "steward", space="Space:DRAFT", **nothing) == "done"
    assert await verdict(world, "updateSpace", "steward", space="Space:OPEN", locale="EN", **nothing) == "done"


# -- open, close, extend, archive -------------------------------------------------------------------------------------


async def test_a_space_that_is_ready_opens(world: World) -> None:
    assert await verdict(world, "openSpace", "steward", space="Space:DRAFT") == "done"
    seen = await read(world, "visitor", "Space:DRAFT", "state openedAt")
    assert (seen["state"], seen["openedAt"][:10]) == ("OPEN", "2026-03-02")
    assert "space.opened" in await events(world, "Space:DRAFT")


@pytest.mark.parametrize(
    ("missing", "paths"),
    [
        ({"modalities": ""}, "modalities"),
        ({"information": ""}, "information"),
        ({"modalities": "", "information": ""}, "modalities information"),
        ({"endsAt": None}, "endsAt"),
        ({"endsAt": "2026-03-02T08:00:00Z"}, "endsAt"),
    ],
)
async def test_a_space_opens_with_rules_information_and_an_end(world: World, missing: Any, paths: str) -> None:
    given = {"endsAt": later(world, days=3), **READY} | missing
    space = await a_space(world, "water", **{name: it for name, it in given.items() if it})
    assert await verdict(world, "openSpace", "steward", space=space) == f"INVALID_INPUT {paths}"
    assert await state_of(world, space) == "DRAFT"


async def test_a_space_closes_and_is_put_away(world: World) -> None:
    assert await verdict(world, "closeSpace", "steward", space="Space:OPEN") == "done"
    seen = await read(world, "visitor", "Space:OPEN", "state closedAt")
    assert (seen["state"], seen["closedAt"][:10]) == ("CLOSED", "2026-03-02")
    assert await verdict(world, "archiveSpace", "steward", space="Space:OPEN") == "done"
    assert await state_of(world, "Space:OPEN") == "ARCHIVED"
    told = ["space.created", "space.opened", "space.closed", "space.archived"]
    assert await events(world, "Space:OPEN") == told


async def test_more_time_is_given_with_a_reason_and_opens_what_was_closed(world: World) -> None:
    given = {"space": "Space:CLOSED", "endsAt": later(world, days=60)}
    assert await verdict(world, "extendSpace", "steward", reason=" ", **given) == "INVALID_INPUT reason"
    assert await state_of(world, "Space:CLOSED") == "CLOSED"
    assert await verdict(world, "extendSpace", "steward", reason="Few came.", **given) == "done"
    seen = await read(world, "visitor", "Space:CLOSED", "state closedAt endsAt")
    assert (seen["state"], seen["closedAt"], seen["endsAt"][:10]) == ("OPEN", None, "2026-05-01")
    (told,) = await rows(world, JournalRow, event="space.extended")
    assert (told.reason, told.private) == ("Few came.", False)


async def test_more_time_is_more_than_before(world: World) -> None:
    (space,) = await rows(world, SpaceRow, id=world.ids["Space:OPEN"])
    given = {"space": "Space:OPEN", "reason": "Few came."}
    for moment in (space.ends_at, space.ends_at - timedelta(days=1)):
        told = await verdict(world, "extendSpace", "steward", endsAt=moment.isoformat(), **given)
        assert told == "INVALID_INPUT endsAt"
    moment = (space.ends_at + timedelta(seconds=1)).isoformat()
    assert await verdict(world, "extendSpace", "steward", endsAt=moment, **given) == "done"


async def test_more_time_ends_in_the_future(world: World) -> None:
    world.clock.forward(days=40)  # its end has come and gone
    given = {"space": "Space:OPEN", "reason": "Few came."}
    past, future = later(world, days=-1), later(world, days=1)
    assert await verdict(world, "extendSpace", "steward", endsAt=past, **given) == "INVALID_INPUT endsAt"
    assert await verdict(world, "extendSpace", "steward", endsAt=future, **given) == "done"


async def test_a_space_without_an_end_is_given_one(database_url: str) -> None:
    async with open_world(database_url, samples=False) as world:
        root, moment = await rules.ensure_root(world.app), world.clock.moment + timedelta(days=3)
        async with world.app.write() as session:
            row = await rules.extend(session, world.actor("system"), space=root, ends_at=moment, reason="At last.")
        assert row.ends_at == moment


async def test_the_timer_closes_what_is_open_and_due_and_nothing_else(world: World) -> None:
    longer = later(world, days=60)
    given = {"space": "Space:MEMBERS", "endsAt": longer, "reason": "Few came."}
    assert await verdict(world, "extendSpace", "steward", **given) == "done"
    await rules.close_due(world.app, "")
    assert await state_of(world, "Space:OPEN") == "OPEN"
    world.clock.forward(days=31)
    await rules.close_due(world.app, "")
    states = {one.slug.removeprefix("sample-"): one.state for one in await rows(world, SpaceRow)}
    del states["root"]
    assert states == {
        "draft": "DRAFT", "open": "CLOSED", "closed": "CLOSED", "archived": "ARCHIVED", "members": "OPEN",
    }  # fmt: skip
    assert (await events(world, "Space:OPEN"))[-1] == "space.closed"
    assert (await events(world, "Space:CLOSED"))[-1] == "space.closed"
    assert (await events(world, "Space:CLOSED")).count("space.closed") == 1


# -- plugins ----------------------------------------------------------------------------------------------------------


async def test_only_enabled_plugins_are_made_active(world: World) -> None:
    given = {"space": "Space:OPEN", "plugins": ["nothing-of-the-kind"]}
    assert await verdict(world, "setPlugins", "administrator", **given) == "INVALID_INPUT plugins"


async def test_plugins_are_set_anew_in_this_space_alone(world: World) -> None:
    async with world.app.write() as session:
        for space, plugin in (("Space:OPEN", "old"), ("Space:CLOSED", "other")):
            session.add(ActivationRow(space_id=world.ids[space], plugin=plugin))
    assert await verdict(world, "setPlugins", "administrator", space="Space:OPEN", plugins=[]) == "done"
    assert await rows(world, ActivationRow, space_id=world.ids["Space:OPEN"]) == []
    assert len(await rows(world, ActivationRow, space_id=world.ids["Space:CLOSED"])) == 1
    assert (await events(world, "Space:OPEN"))[-1] == "space.changed"


# -- members, when a space closes to others ---------------------------------------------------------------------------


async def test_who_joined_a_public_space_stays_a_member_when_it_is_kept_for_members(world: World) -> None:
    assert await verdict(world, "joinSpace", "participant", space="Space:OPEN") == "done"
    assert await verdict(world, "joinSpace", "author", space="Space:CLOSED") == "done"
    invited = {"participant": "Participant:moderator", "role": "MEMBER"}
    assert await verdict(world, "grantRole", "administrator", space="Space:OPEN", **invited) == "done"
    assert await verdict(world, "updateSpace", "steward", space="Space:OPEN", access="MEMBERS") == "done"
    assert await read(world, "participant", "Space:OPEN", "slug") is not None
    assert await read(world, "author", "Space:OPEN", "slug") is None
    steward = world.ids["Participant:steward"]
    by = {one.participant_id: one.granted_by_id for one in await rows(world, RoleRow, role="member")}
    assert by[world.ids["Participant:outsider"]] == steward
    assert by[world.ids["Participant:ACTIVE"]] == world.ids["Participant:ACTIVE"]
    assert by[world.ids["Participant:moderator"]] == world.ids["Participant:administrator"]


async def test_whoever_joined_beside_stays_outside(world: World) -> None:
    below = await a_space(world, "below", "Space:OPEN", access="MEMBERS", endsAt=later(world, days=3), **READY)
    assert await verdict(world, "openSpace", "steward", space=below) == "done"
    assert await verdict(world, "joinSpace", "participant", space="Space:OPEN") == "done"
    assert await verdict(world, "updateSpace", "steward", space=below, access="MEMBERS") == "done"
    assert await read(world, "participant", below, "slug") is None
