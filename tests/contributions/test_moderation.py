"""Reports, decisions and second looks."""

from typing import Any

import pytest

from hemicycle.contributions import moderation
from hemicycle.contributions.models import ReportRow
from hemicycle.kernel.declarations import Occurrence
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.participants.models import ParticipantRow
from hemicycle.testing import World
from tests.asking import change, events, read, rows, verdict

HIDDEN, PENDING, PUBLISHED = (f"Contribution:{state}" for state in ("HIDDEN", "PENDING", "PUBLISHED"))
DECISIONS = [("hideContribution", PUBLISHED), ("restoreContribution", HIDDEN)]


async def state_of(world: World, name: str) -> str:
    state: str = (await read(world, "author", name, "state"))["state"]
    return state


async def test_what_is_reported_is_known_to_moderators_and_to_whoever_reported_it(world: World) -> None:
    given = {"contribution": PUBLISHED, "reason": " It names \r\n my neighbour. "}
    assert await verdict(world, "reportContribution", "participant", **given) == "done"
    (row,) = await rows(world, ReportRow, participant_id=world.ids["Participant:outsider"])
    assert row.reason == "It names \n my neighbour."
    world.ids["Report:new"] = row.id
    assert [bool(await read(world, who, "Report:new", "reason")) for who in ("moderator", "participant")] == [True] * 2
    assert [await read(world, who, "Report:new", "reason") for who in ("visitor", "author", "member")] == [None] * 3
    assert (await events(world, PUBLISHED))[-1] == "contribution.reported"


async def test_a_moderator_of_another_space_learns_of_no_report(world: World) -> None:
    given = {"space": "Space:MEMBERS", "participant": "Participant:outsider", "role": "MODERATOR"}
    assert await verdict(world, "grantRole", "steward", **given) == "done"
    assert await read(world, "participant", "Report", "reason") is None
    assert await verdict(world, "grantRole", "steward", **given | {"space": "Space:OPEN"}) == "done"
    assert await read(world, "participant", "Report", "reason") is not None


async def test_a_report_is_made_once_a_person(world: World) -> None:
    given = {"contribution": PUBLISHED, "reason": "Rude."}
    assert await verdict(world, "reportContribution", "member", **given) == "ALREADY_DONE"
    assert await verdict(world, "reportContribution", "participant", **given) == "done"
    assert await verdict(world, "reportContribution", "participant", **given) == "ALREADY_DONE"
    assert len(await rows(world, ReportRow)) == 2


@pytest.mark.parametrize(
    ("mutation", "who", "on"),
    [
        ("reportContribution", "participant", PUBLISHED),
        ("hideContribution", "moderator", PUBLISHED),
        ("restoreContribution", "moderator", HIDDEN),
        ("askReview", "author", HIDDEN),
    ],
)
@pytest.mark.parametrize("reason", ["", " \n", "x" * 2001])
async def test_a_reason_says_something_and_is_not_too_long(
    world: World, mutation: str, who: str, on: str, reason: str
) -> None:
    told = await events(world, on)
    assert await verdict(world, mutation, who, contribution=on, reason=reason) == "INVALID_INPUT reason"
    assert await events(world, on) == told


async def test_what_is_hidden_is_for_its_author_and_for_moderators(world: World) -> None:
    assert await verdict(world, "hideContribution", "moderator", contribution=PUBLISHED, reason="Rude.") == "done"
    assert await state_of(world, PUBLISHED) == "HIDDEN"
    assert await read(world, "participant", PUBLISHED, "state") is None
    (row,) = await rows(world, JournalRow, event="contribution.hidden", subject_id=world.ids[PUBLISHED])
    assert (row.reason, row.private, row.public) == ("Rude.", False, False)


async def test_what_was_hidden_is_published_again_and_listed_where_it_was(world: World) -> None:
    before = await read(world, "author", HIDDEN, "publishedAt")
    world.clock.forward(days=1)
    assert await verdict(world, "restoreContribution", "moderator", contribution=HIDDEN, reason="Not so.") == "done"
    assert await state_of(world, HIDDEN) == "PUBLISHED"
    assert await read(world, "visitor", HIDDEN, "publishedAt") == before
    (row,) = await rows(world, JournalRow, event="contribution.restored")
    assert (row.reason, row.public) == ("Not so.", True)


@pytest.mark.parametrize("first", ["approveContribution", "hideContribution"])
async def test_what_waited_is_published_the_day_it_is_decided(world: World, first: str) -> None:
    reason: Any = {"reason": "A reason."}
    assert (await read(world, "author", PENDING, "state"))["state"] == "PENDING"
    waiting = await change(world, "contribute", "author", "id", space="Space:OPEN", title="T", text="W.", draft=True)
    given = {"space": "Space:OPEN", "moderatesFirst": True}
    assert await verdict(world, "updateSpace", "steward", **given) == "done"
    assert await verdict(world, "publishContribution", "author", contribution=waiting["id"]) == "done"
    world.clock.forward(days=1)
    if first == "hideContribution":
        assert await verdict(world, first, "moderator", contribution=waiting["id"], **reason) == "done"
        assert (await read(world, "author", waiting["id"], "publishedAt"))["publishedAt"] is None
        second = await verdict(world, "restoreContribution", "moderator", contribution=waiting["id"], **reason)
    else:
        second = await verdict(world, first, "moderator", contribution=waiting["id"])
    assert second == "done"
    seen = await read(world, "visitor", waiting["id"], "state publishedAt")
    assert (seen["state"], seen["publishedAt"][:10]) == ("PUBLISHED", "2026-03-03")


async def test_nobody_judges_their_own_words(world: World) -> None:
    given = {"space": "Space:OPEN", "participant": "Participant:ACTIVE", "role": "MODERATOR"}
    assert await verdict(world, "grantRole", "steward", **given) == "done"
    assert await verdict(world, "approveContribution", "author", contribution=PENDING) == "NOT_ALLOWED"
    restored = {"contribution": HIDDEN, "reason": "I was right."}
    assert await verdict(world, "restoreContribution", "author", **restored) == "NOT_ALLOWED"
    offered = set()
    for name in (PENDING, HIDDEN):
        offered |= set((await read(world, "author", name, "viewerCan"))["viewerCan"])
    assert not offered & {"CONTRIBUTION_APPROVE", "CONTRIBUTION_RESTORE"}
    assert await verdict(world, "approveContribution", "moderator", contribution=PENDING) == "done"
    assert await verdict(world, "restoreContribution", "moderator", **restored) == "done"


async def test_nobody_judges_the_words_of_the_structure_that_they_speak_for(world: World) -> None:
    structure = (await change(world, "createStructure", "moderator", "id", displayName="Some structure"))["id"]
    assert await verdict(world, "updateSpace", "steward", space="Space:OPEN", moderatesFirst=True) == "done"
    given = {"space": "Space:OPEN", "title": "T", "text": "W.", "asStructure": structure}
    waiting = (await change(world, "contribute", "moderator", "id", **given))["id"]
    assert await verdict(world, "approveContribution", "moderator", contribution=waiting) == "NOT_ALLOWED"
    assert await verdict(world, "approveContribution", "steward", contribution=waiting) == "done"


async def test_an_author_asks_for_another_look(world: World) -> None:
    given = {"contribution": HIDDEN, "reason": "I named nobody."}
    assert await verdict(world, "askReview", "author", **given) == "done"
    (row,) = await rows(world, JournalRow, event="contribution.review_asked")
    assert (row.reason, row.private, row.public) == ("I named nobody.", True, False)
    assert await state_of(world, HIDDEN) == "HIDDEN"


# -- the author learns of every decision ------------------------------------------------------------------------------


async def told(world: World, event: str) -> list[str]:
    """What is put in the queue for the author, once its handler has run."""
    (row,) = await rows(world, JournalRow, event=event, subject_id=world.ids[PUBLISHED])
    happened = Occurrence(row.id, row.event, row.at, row.actor_id, row.space_id, row.subject_type, row.subject_id)
    await moderation.tell_author(world.app, happened)
    await moderation.tell_author(world.app, happened)  # a delivery may come twice
    mine = f"{row.id.hex}:{world.ids['Participant:ACTIVE'].hex}"
    return [one.argument for one in await rows(world, JobRow, name="participant.notify") if one.argument == mine]


async def test_the_author_is_told_once_of_a_decision(world: World) -> None:
    assert await verdict(world, "hideContribution", "moderator", contribution=PUBLISHED, reason="Rude.") == "done"
    assert len(await told(world, "contribution.hidden")) == 1


async def test_nobody_is_told_of_what_they_did_themselves(world: World) -> None:
    assert await told(world, "contribution.published") == []


async def test_decisions_have_the_handlers_that_tell_of_them(world: World) -> None:
    assert await verdict(world, "hideContribution", "moderator", contribution=PUBLISHED, reason="Rude.") == "done"
    given = {"contribution": PUBLISHED, "reason": "Not so."}
    assert await verdict(world, "restoreContribution", "moderator", **given) == "done"
    queued = {one.argument.rpartition(":")[2] for one in await rows(world, JobRow, name="deliver")}
    expected = {"contribution.tell_hidden", "contribution.tell_restored", "contribution.tell_published"}
    assert expected <= queued


async def test_whoever_goes_with_their_words_leaves_tombstones(world: World) -> None:
    async with world.app.write() as session:
        gone = await session.get_one(ParticipantRow, world.ids["Participant:ACTIVE"])
        session.record(world.actor("system"), "participant.content_erased", gone)
        (happened,) = session.recorded
    await moderation.withdraw_erased(world.app, happened)
    states = {name: (await read(world, "author", f"Contribution:{name}", "state"))["state"] for name in
              ("PUBLISHED", "DRAFT", "PENDING", "HIDDEN", "WITHDRAWN", "REPLY")}  # fmt: skip
    assert states == {
        "PUBLISHED": "WITHDRAWN", "PENDING": "WITHDRAWN", "HIDDEN": "WITHDRAWN", "WITHDRAWN": "WITHDRAWN",
        "DRAFT": "DISCARDED", "REPLY": "PUBLISHED",
    }  # fmt: skip
    assert (await events(world, "Contribution:WITHDRAWN")).count("contribution.withdrawn") == 1
