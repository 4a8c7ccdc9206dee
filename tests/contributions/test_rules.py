"""What may be said, by whom, and what becomes of it until a moderator steps in."""

from typing import Any
from uuid import UUID

import pytest

from hemicycle.contributions import rules
from hemicycle.contributions.models import CategoryRow, ContributionRow, TallyRow, VersionRow
from hemicycle.kernel.errors import Refused
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.participants.models import ParticipantRow
from hemicycle.testing import World
from tests.asking import events, read, rows, verdict
from tests.contributions.saying import ANSWERED, RECORDED, SAID, a_structure, moderate_first, say

# -- to contribute --------------------------------------------------------------------------------------------------


async def test_what_is_said_is_published_at_once(world: World) -> None:
    said = await say(world, "participant", "new", categories=["Eau", "Eau", "Santé"], language="en")
    fields = "kind title body { text } state version channel language categories alignment author { id } space { id }"
    seen = await read(world, "visitor", said, f"{fields} parent {{ id }} recordedBy {{ id }} publishedAt")
    assert seen.pop("publishedAt").startswith("2026-03-02")
    assert seen == {
        "id": world.gid(said), "kind": "IDEA", "title": "A title", "body": {"text": "Some words."},
        "state": "PUBLISHED", "version": 1, "channel": "PLATFORM", "language": "en", "categories": ["Eau", "Santé"],
        "alignment": None, "author": {"id": world.gid("Participant:outsider")},
        "space": {"id": world.gid("Space:OPEN")}, "parent": None, "recordedBy": None,
    }  # fmt: skip
    assert await events(world, said) == ["contribution.published"]


async def test_where_a_moderator_reads_first_it_waits(world: World) -> None:
    await moderate_first(world)
    said = await say(world, "participant", "new")
    seen = await read(world, "participant", said, "state publishedAt")
    assert (seen["state"], seen["publishedAt"]) == ("PENDING", None)
    assert await events(world, said) == ["contribution.submitted"]


async def test_a_draft_is_seen_by_its_author_alone(world: World) -> None:
    await moderate_first(world)
    said = await say(world, "author", "new", draft=True)
    assert (await read(world, "author", said, "state"))["state"] == "DRAFT"
    for who in ("visitor", "participant", "moderator", "steward", "administrator"):
        assert await read(world, who, said, "state") is None, who
    assert await events(world, said) == []


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n "}, "text"),
        ({"text": "x" * 50_001}, "text"),
        ({"title": None}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"kind": "COMMENT"}, "kind"),
        ({"alignment": "FOR"}, "alignment"),
        ({"categories": [str(one) for one in range(21)]}, "categories"),
        ({"categories": ["x" * 101]}, "categories"),
        ({"categories": [" "]}, "categories"),
        ({"language": "FRENCH!"}, "language"),
        (ANSWERED | {"kind": "IDEA"}, "kind"),
    ],
)
async def test_what_is_not_acceptable_is_refused_by_its_name(world: World, given: Any, path: str) -> None:
    before = len(await rows(world, ContributionRow))
    assert await verdict(world, "contribute", "author", **SAID | given) == f"INVALID_INPUT {path}"
    assert len(await rows(world, ContributionRow)) == before


async def test_a_kind_that_nobody_declares_is_refused(world: World) -> None:
    async with world.app.write() as session:
        with pytest.raises(Refused, match="There is no kind SONG"):
            await rules.contribute(
                session, world.actor("author"), space=world.ids["Space:OPEN"], title="A title", text="La.", kind="SONG"
            )


async def test_twenty_categories_will_do(world: World) -> None:
    said = await say(world, "author", "new", categories=[str(one) for one in range(20)])
    assert len(await rows(world, CategoryRow, contribution_id=world.ids[said])) == 20


async def test_the_instance_itself_says_nothing_in_its_own_name(world: World) -> None:
    assert await verdict(world, "contribute", "system", **SAID) == "SIGN_IN_FIRST"
    assert await verdict(world, "contribute", "system", **RECORDED) == "done"


# -- to answer ------------------------------------------------------------------------------------------------------


async def test_an_answer_takes_a_stand_on_what_it_answers(world: World) -> None:
    said = await say(world, "participant", "new", **ANSWERED, title=None, alignment="AGAINST")
    seen = await read(world, "visitor", said, "kind title alignment parent { id }")
    del seen["id"]
    published = {"id": world.gid("Contribution:PUBLISHED")}
    assert seen == {"kind": "COMMENT", "title": None, "alignment": "AGAINST", "parent": published}


@pytest.mark.parametrize(
    ("parent", "who", "expected"),
    [
        ("Contribution:REPLY", "participant", "done"),
        ("Contribution:WITHDRAWN", "participant", "WRONG_STATE"),
        ("Contribution:HIDDEN", "participant", "NOT_FOUND"),
        ("Contribution:HIDDEN", "author", "WRONG_STATE"),
        ("Contribution:PENDING", "moderator", "WRONG_STATE"),
        ("Contribution:DRAFT", "moderator", "NOT_FOUND"),
        ("Contribution:DRAFT", "author", "WRONG_STATE"),
        ("Contribution:MEMBERS", "participant", "NOT_FOUND"),
        ("Contribution:MEMBERS", "member", "NOT_FOUND"),  # it is said in another space
    ],
)
async def test_only_what_is_published_and_seen_in_this_space_is_answered(
    world: World, parent: str, who: str, expected: str
) -> None:
    assert await verdict(world, "contribute", who, **ANSWERED | {"parent": parent}) == expected


async def test_nothing_unknown_is_answered(world: World) -> None:
    nothing = encode_id("Contribution", UUID(int=7))
    assert await verdict(world, "contribute", "author", **ANSWERED | {"parent": nothing}) == "NOT_FOUND"


async def reply_count(world: World) -> int:
    """What the counter says, which must be how many there are."""
    seen = await read(world, "visitor", "Contribution:PUBLISHED", "replyCount replies { nodes { state } }")
    published = [one for one in seen["replies"]["nodes"] if one["state"] == "PUBLISHED"]
    assert seen["replyCount"] == len(published)
    return len(published)


async def test_published_answers_are_counted(world: World) -> None:
    """Whatever becomes of an answer, the counter of what it answers is right."""
    assert await reply_count(world) == 1
    draft = await say(world, "author", "draft", **ANSWERED, title=None, draft=True)
    assert await reply_count(world) == 1
    assert await verdict(world, "publishContribution", "author", contribution=draft) == "done"
    assert await reply_count(world) == 2
    assert await verdict(world, "hideContribution", "moderator", contribution=draft, reason="Rude.") == "done"
    assert await reply_count(world) == 1
    assert await verdict(world, "restoreContribution", "moderator", contribution=draft, reason="Not so.") == "done"
    assert await reply_count(world) == 2
    assert await verdict(world, "withdrawContribution", "author", contribution=draft) == "done"
    assert await verdict(world, "withdrawContribution", "member", contribution="Contribution:REPLY") == "done"
    assert await reply_count(world) == 0
    (row,) = await rows(world, TallyRow)
    assert (row.contribution_id, row.replies) == (world.ids["Contribution:PUBLISHED"], 0)
    assert (await read(world, "visitor", "Contribution:REPLY", "replyCount"))["replyCount"] == 0


# -- in the name of a structure, and of someone without an account --------------------------------------------------


async def test_a_structure_speaks_through_its_members(world: World) -> None:
    structure = await a_structure(world, "author")
    said = await say(world, "author", "new", asStructure=structure)
    seen = await read(world, "visitor", said, "author { id kind } recordedBy { id }")
    assert seen["author"] == {"id": structure, "kind": "STRUCTURE"}
    assert seen["recordedBy"] == {"id": world.gid("Participant:ACTIVE")}
    assert await verdict(world, "contribute", "member", **SAID, asStructure=structure) == "NOT_ALLOWED"
    other = {"asStructure": "Participant:STRUCTURE_ACTIVE"}
    assert await verdict(world, "contribute", "author", **SAID, **other) == "NOT_ALLOWED"
    assert await verdict(world, "contribute", "system", **SAID, **other) == "done"


async def test_no_structure_that_is_suspended_or_unknown_speaks(world: World) -> None:
    structure = await a_structure(world, "author")
    given = {"participant": structure, "reason": "Threats."}
    assert await verdict(world, "suspendParticipant", "administrator", **given) == "done"
    assert await verdict(world, "contribute", "author", **SAID, asStructure=structure) == "NOT_ALLOWED"
    nobody = encode_id("Participant", UUID(int=7))
    assert await verdict(world, "contribute", "system", **SAID, asStructure=nobody) == "NOT_ALLOWED"


async def test_what_a_structure_said_is_its_members_to_change(world: World) -> None:
    structure = await a_structure(world, "author")
    said = await say(world, "author", "new", asStructure=structure, draft=True)
    assert await read(world, "member", said, "state") is None
    one_more = {"structure": structure, "participant": "Participant:member"}
    assert await verdict(world, "addStructureMember", "author", **one_more) == "done"
    assert await verdict(world, "publishContribution", "member", contribution=said) == "done"


async def test_what_someone_without_an_account_said_is_written_down_with_their_consent(world: World) -> None:
    said = await say(world, "moderator", "new", **RECORDED)
    seen = await read(world, "visitor", said, "channel state author { displayName kind } recordedBy { id }")
    assert (seen["channel"], seen["state"]) == ("WORKSHOP", "PUBLISHED")
    assert seen["author"] == {"displayName": "Madame Petit", "kind": "PERSON"}
    assert seen["recordedBy"] == {"id": world.gid("Participant:moderator")}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"onBehalfOf": {"displayName": "Madame Petit", "consent": False}}, "INVALID_INPUT onBehalfOf.consent"),
        ({"onBehalfOf": {"displayName": " ", "consent": True}}, "INVALID_INPUT displayName"),
        ({"channel": "PLATFORM"}, "INVALID_INPUT channel"),
        ({"draft": True}, "INVALID_INPUT draft"),
        ({"parent": "Contribution:HIDDEN"}, "WRONG_STATE"),
    ],
)
async def test_what_cannot_be_written_down_leaves_nobody_behind(world: World, given: Any, expected: str) -> None:
    before = len(await rows(world, ParticipantRow))
    assert await verdict(world, "contribute", "moderator", **RECORDED | given) == expected
    assert len(await rows(world, ParticipantRow)) == before


@pytest.mark.parametrize("given", [{"channel": "SHOW"}, {"onBehalfOf": RECORDED["onBehalfOf"]}])
async def test_another_channel_than_the_platform_takes_the_right_to_record(world: World, given: Any) -> None:
    assert await verdict(world, "contribute", "participant", **SAID | given) == "NOT_ALLOWED"


async def test_a_moderator_says_where_they_said_it_themselves(world: World) -> None:
    said = await say(world, "moderator", "new", channel="SHOW", draft=True)
    seen = await read(world, "moderator", said, "author { id } recordedBy { id } channel state")
    assert (seen["author"]["id"], seen["recordedBy"]) == (world.gid("Participant:moderator"), None)
    assert (seen["channel"], seen["state"]) == ("SHOW", "DRAFT")


# -- to publish and to edit -----------------------------------------------------------------------------------------


async def test_a_draft_is_published_where_the_space_is_open(world: World) -> None:
    given = {"contribution": "Contribution:DRAFT"}
    world.clock.forward(days=2)
    assert await verdict(world, "publishContribution", "author", **given) == "done"
    seen = await read(world, "visitor", "Contribution:DRAFT", "state publishedAt")
    assert (seen["state"], seen["publishedAt"][:10]) == ("PUBLISHED", "2026-03-04")
    data = await world.ask("{ contributions(first: 1) { nodes { id } } }")
    assert data["contributions"]["nodes"] == [{"id": world.gid("Contribution:DRAFT")}]  # listed when it was published


async def test_a_draft_waits_where_a_moderator_reads_first(world: World) -> None:
    await moderate_first(world)
    assert await verdict(world, "publishContribution", "author", contribution="Contribution:DRAFT") == "done"
    assert (await read(world, "author", "Contribution:DRAFT", "state"))["state"] == "PENDING"


@pytest.mark.parametrize(
    ("mutation", "given"),
    [
        ("publishContribution", {"contribution": "Contribution:DRAFT"}),
        ("editContribution", {"contribution": "Contribution:PUBLISHED", "version": 1, "title": "T", "text": "W."}),
    ],
)
async def test_nothing_is_published_or_changed_in_a_closed_space(world: World, mutation: str, given: Any) -> None:
    assert await verdict(world, "closeSpace", "steward", space="Space:OPEN") == "done"
    assert await verdict(world, mutation, "author", **given) == "WRONG_STATE"


@pytest.mark.parametrize(
    ("mutation", "given"),
    [
        ("publishContribution", {"contribution": "Contribution:DRAFT"}),
        ("editContribution", {"contribution": "Contribution:PUBLISHED", "version": 1, "title": "T", "text": "W."}),
    ],
)
async def test_whoever_is_suspended_publishes_and_changes_nothing(world: World, mutation: str, given: Any) -> None:
    suspended = {"participant": "Participant:ACTIVE", "reason": "Threats."}
    assert await verdict(world, "suspendParticipant", "administrator", **suspended) == "done"
    assert await verdict(world, mutation, "author", **given) == "NOT_ALLOWED"


async def test_an_edit_makes_a_version_and_keeps_the_one_before(world: World) -> None:
    given = {"contribution": "Contribution:PUBLISHED", "title": "Other", "text": "Other words."}
    assert await verdict(world, "editContribution", "author", version=1, categories=["Eau"], **given) == "done"
    fields = "version title categories state versions { nodes { number title body { text } } }"
    seen = await read(world, "visitor", "Contribution:PUBLISHED", fields)
    assert (seen["version"], seen["title"], seen["categories"], seen["state"]) == (2, "Other", ["Eau"], "PUBLISHED")
    assert [one["body"]["text"] for one in seen["versions"]["nodes"]] == ["Other words.", "Sample words."]
    assert (await events(world, "Contribution:PUBLISHED"))[-1] == "contribution.edited"
    assert await verdict(world, "editContribution", "author", version=2, **given) == "done"
    seen = await read(world, "visitor", "Contribution:PUBLISHED", "categories version")
    assert (seen["version"], seen["categories"]) == (3, ["Eau"])  # what is not given stays
    assert await verdict(world, "editContribution", "author", version=3, categories=["Air"], **given) == "done"
    kept = await rows(world, CategoryRow, contribution_id=world.ids["Contribution:PUBLISHED"])
    assert [one.category for one in kept] == ["Air"]


async def test_an_edit_of_what_changed_meanwhile_is_refused(world: World) -> None:
    given = {"contribution": "Contribution:PUBLISHED", "title": "Other", "text": "Other words."}
    assert await verdict(world, "editContribution", "author", version=2, **given) == "CONFLICT"
    assert await verdict(world, "editContribution", "author", version=1, **given) == "done"
    assert await verdict(world, "editContribution", "author", version=1, **given) == "CONFLICT"


async def test_what_is_edited_waits_again_where_a_moderator_reads_first(world: World) -> None:
    await moderate_first(world)
    given = {"version": 1, "title": "Other", "text": "Other words."}
    for state, expected in (("PUBLISHED", "PENDING"), ("PENDING", "PENDING"), ("DRAFT", "DRAFT")):
        name = f"Contribution:{state}"
        told = await events(world, name)
        assert await verdict(world, "editContribution", "author", contribution=name, **given) == "done"
        assert (await read(world, "author", name, "state"))["state"] == expected
        assert (await events(world, name))[len(told) :] == (["contribution.submitted"] if state == "PUBLISHED" else [])


async def test_only_what_is_published_is_told_to_have_changed(world: World) -> None:
    given = {"version": 1, "title": "Other", "text": "Other words."}
    assert await verdict(world, "editContribution", "author", contribution="Contribution:DRAFT", **given) == "done"
    assert await events(world, "Contribution:DRAFT") == []


async def test_a_new_version_has_a_title_and_words(world: World) -> None:
    given = {"contribution": "Contribution:PUBLISHED", "version": 1}
    said = await verdict(world, "editContribution", "author", title="Other", text=" ", **given)
    assert said == "INVALID_INPUT text"
    assert await verdict(world, "editContribution", "author", text="Other.", **given) == "INVALID_INPUT title"
    answer = {"contribution": "Contribution:REPLY", "version": 1}
    assert await verdict(world, "editContribution", "member", text="Other.", **answer) == "done"


# -- to withdraw ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["PUBLISHED", "PENDING", "HIDDEN"])
async def test_withdrawn_words_are_gone_in_every_version_and_a_tombstone_stays(world: World, state: str) -> None:
    name = f"Contribution:{state}"
    if state != "HIDDEN":
        given = {"contribution": name, "version": 1, "title": "Other", "text": "Other.", "categories": ["Eau"]}
        assert await verdict(world, "editContribution", "author", **given) == "done"
    others = await rows(world, VersionRow, contribution_id=world.ids["Contribution:REPLY"])
    assert await verdict(world, "withdrawContribution", "author", contribution=name) == "done"
    seen = await read(
        world, "visitor", name, "state title body { text } excerpt categories versions { nodes { title } }"
    )
    assert (seen["state"], seen["title"], seen["body"], seen["excerpt"]) == ("WITHDRAWN", None, None, None)
    assert seen["categories"] == []
    assert {one["title"] for one in seen["versions"]["nodes"]} == {None}
    kept = await rows(world, VersionRow, contribution_id=world.ids[name])
    assert {(one.title, one.text) for one in kept} == {(None, None)}
    assert await rows(world, CategoryRow, contribution_id=world.ids[name]) == []
    assert await rows(world, VersionRow, contribution_id=world.ids["Contribution:REPLY"]) == others
    assert (await events(world, name))[-1] == "contribution.withdrawn"


async def test_withdrawn_words_are_found_no_more(world: World) -> None:
    text = '{ search(text: "published", first: 100) { nodes { id } } }'
    published = {"id": world.gid("Contribution:PUBLISHED")}
    assert published in (await world.ask(text))["search"]["nodes"]
    assert await verdict(world, "withdrawContribution", "author", contribution="Contribution:PUBLISHED") == "done"
    assert published not in (await world.ask(text))["search"]["nodes"]


async def test_to_withdraw_keeps_the_categories_of_others(world: World) -> None:
    mine, other = [await say(world, "author", name, categories=["Eau"]) for name in ("mine", "other")]
    assert await verdict(world, "withdrawContribution", "author", contribution=mine) == "done"
    kept = await rows(world, CategoryRow, category="Eau")
    assert [one.contribution_id for one in kept] == [world.ids[other]]


async def test_a_draft_is_thrown_away_without_a_trace_for_others(world: World) -> None:
    assert await verdict(world, "withdrawContribution", "author", contribution="Contribution:DRAFT") == "done"
    assert (await read(world, "author", "Contribution:DRAFT", "state"))["state"] == "DISCARDED"
    for who in ("visitor", "moderator", "administrator"):
        assert await read(world, who, "Contribution:DRAFT", "state") is None
    assert await events(world, "Contribution:DRAFT") == ["contribution.discarded"]
