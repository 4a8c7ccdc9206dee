"""What was said elsewhere is brought in by the rules of what is said here: all of it, or nothing, and once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hemicycle.contributions.bulk import Added, add_many
from hemicycle.contributions.models import CategoryRow, ContributionRow, TallyRow, VersionRow
from hemicycle.contributions.records import Record
from hemicycle.kernel.errors import Refused
from hemicycle.kernel.events.models import JournalRow
from hemicycle.participants.models import OriginRow, ParticipantRow
from hemicycle.testing import World
from tests.asking import rows, verdict

MOMENT = datetime(2015, 9, 26, 12, tzinfo=UTC)
IDEA = Record(1, "idea", "Des mots numériques.", "ada", MOMENT, title="An idea", categories=["b", "a", "b"])
ANSWER = Record(2, "answer", "No.", "bob", MOMENT, parent="idea", alignment="AGAINST", language="en")


async def bring(world: World, *records: Record, who: str = "system", space: str = "Space:OPEN", **more: Any) -> Added:
    given = {"system": "old.example.org", "space": world.ids[space], "records": records} | more
    async with world.app.write() as session:
        return await add_many(session, world.actor(who), **given)


async def problem(world: World, *records: Record, **more: Any) -> tuple[int, str]:
    """The one thing that is wrong; nothing was written."""
    before = await rows(world, ContributionRow), await rows(world, ParticipantRow), await rows(world, OriginRow)
    added = await bring(world, *records, **more)
    assert before == (
        await rows(world, ContributionRow),
        await rows(world, ParticipantRow),
        await rows(world, OriginRow),
    )
    assert added.created == 0
    ((number, told),) = added.problems
    return number, told


async def test_it_is_published_as_it_was(world: World) -> None:
    assert await bring(world, IDEA, ANSWER) == Added(created=2)
    question = """{ contributions(order: OLDEST, first: 2) { nodes {
        kind title body { markdown } alignment categories language channel state publishedAt version replyCount
        author { displayName kind } recordedBy { id } space { id } parent { title }
        origin { system externalId } versions { nodes { number at } } } } }"""
    idea, answer = (await world.ask(question))["contributions"]["nodes"]
    assert idea == {
        "kind": "IDEA", "title": "An idea", "body": {"markdown": "Des mots numériques."}, "alignment": None,
        "categories": ["b", "a"], "language": "fr", "channel": "IMPORT", "state": "PUBLISHED",
        "publishedAt": "2015-09-26T12:00:00+00:00", "version": 1, "replyCount": 1,
        "author": {"displayName": "ada", "kind": "PERSON"}, "recordedBy": None,
        "space": {"id": world.gid("Space:OPEN")}, "parent": None,
        "origin": {"system": "old.example.org", "externalId": "idea"},
        "versions": {"nodes": [{"number": 1, "at": "2015-09-26T12:00:00+00:00"}]},
    }  # fmt: skip
    assert (answer["kind"], answer["title"], answer["parent"], answer["alignment"], answer["language"]) == (
        "COMMENT", None, {"title": "An idea"}, "AGAINST", "en",
    )  # fmt: skip
    assert {one.category for one in await rows(world, CategoryRow)} >= {"a", "b"}


async def test_it_is_found_by_its_words(world: World) -> None:
    await bring(world, IDEA)
    for text in ("numerique", "idea"):
        found = await world.ask("query($text: String!) { search(text: $text) { nodes { id } } }", text=text)
        assert len(found["search"]["nodes"]) == 1, text


async def test_one_event_tells_of_it_all(world: World) -> None:
    before = len(await rows(world, JournalRow))
    await bring(world, IDEA, ANSWER, who="moderator")
    (told,) = await rows(world, JournalRow, event="import.completed")
    assert len(await rows(world, JournalRow)) == before + 1
    assert (told.subject_id, told.space_id) == (world.ids["Space:OPEN"],) * 2
    assert (told.actor_id, told.reason) == (world.ids["Participant:moderator"], "old.example.org: 2")


async def test_it_takes_the_right_to_record(world: World) -> None:
    for who, code in (("visitor", "SIGN_IN_FIRST"), ("member", "NOT_ALLOWED")):
        with pytest.raises(Refused) as refused:
            await bring(world, IDEA, who=who)
        assert refused.value.code.value == code
    assert (await bring(world, IDEA, who="moderator")).created == 1


async def test_what_is_written_is_told_in_rounds(world: World) -> None:
    """More than one round, and each answer after what it answers, in whatever order they come."""
    ideas = [replace(IDEA, number=at, id=f"idea/{at}") for at in range(1100)]
    answers = [replace(ANSWER, number=at, id=f"answer/{at}", parent=f"idea/{at % 7}") for at in range(30)]
    heard: list[int] = []
    assert (await bring(world, *answers, *ideas, progress=heard.append)).created == 1130
    assert heard == [1000, 1100, 1130]
    assert sorted(one.replies for one in await rows(world, TallyRow)) == [1, 4, 4, 4, 4, 4, 5, 5]  # one is a sample's


async def test_answers_are_of_any_depth(world: World) -> None:
    chain = [replace(ANSWER, number=at, id=str(at), parent=str(at - 1)) for at in range(1, 60)]
    assert (await bring(world, *reversed(chain), replace(IDEA, id="0"))).created == 60
    assert len([one for one in await rows(world, TallyRow) if one.replies == 1]) == 59 + 1  # one is a sample's


async def test_a_second_time_changes_nothing(world: World) -> None:
    await bring(world, IDEA, ANSWER)
    before = [await rows(world, table) for table in (ContributionRow, VersionRow, OriginRow, TallyRow, JournalRow)]
    changed = replace(IDEA, text="Other words.")
    assert await bring(world, changed, ANSWER) == Added(unchanged=2)
    after = [await rows(world, table) for table in (ContributionRow, VersionRow, OriginRow, TallyRow, JournalRow)]
    assert after == before


async def test_what_was_taken_back_here_stays_so(world: World) -> None:
    await bring(world, IDEA)
    (row,) = await rows(world, ContributionRow, channel="IMPORT")
    world.ids["Contribution:IMPORTED"] = row.id
    assert await verdict(
        world, "hideContribution", "moderator", contribution="Contribution:IMPORTED", reason="Rude."
    ) == "done"  # fmt: skip
    assert await bring(world, IDEA) == Added(unchanged=1)
    (row,) = await rows(world, ContributionRow, channel="IMPORT")
    assert row.state == "HIDDEN"


async def test_how_it_came_in_is_kept(world: World) -> None:
    await bring(world, replace(IDEA, channel="WORKSHOP"))
    (row,) = [one for one in await rows(world, ContributionRow) if one.published_at == MOMENT]
    assert row.channel == "WORKSHOP"


async def test_another_system_has_its_own_ids(world: World) -> None:
    assert (await bring(world, IDEA)).created == 1
    assert (await bring(world, IDEA, system="other.example.org")).created == 1


async def test_an_author_and_a_contribution_may_have_the_same_id_there(world: World) -> None:
    await bring(world, replace(IDEA, author="idea"))
    assert await bring(world, replace(IDEA, author="idea"), replace(ANSWER, author="answer")) == Added(
        created=1, unchanged=1
    )
    assert await bring(world, replace(ANSWER, author="idea")) == Added(unchanged=1)


async def test_authors_are_known_again(world: World) -> None:
    """By their id, in a second import too; their name and kind are what is said first."""
    known = len(await rows(world, ParticipantRow))
    first = replace(IDEA, author_name="Ada L.", author_kind="STRUCTURE")
    await bring(world, first, replace(IDEA, number=3, id="idea/2", author_name="Another name"))
    await bring(world, replace(ANSWER, author="ada"))
    (author,) = {one.author_id for one in await rows(world, ContributionRow, channel="IMPORT")}
    (row,) = await rows(world, ParticipantRow, id=author)
    assert (row.display_name, row.sort_key, row.kind, row.state) == ("Ada L.", "ada l.", "STRUCTURE", "ACTIVE")
    assert len(await rows(world, ParticipantRow)) == known + 1


async def test_answers_to_an_earlier_import_count(world: World) -> None:
    await bring(world, IDEA, ANSWER)
    await bring(world, replace(ANSWER, id="answer/2"), replace(ANSWER, id="answer/3"))
    assert [one.replies for one in await rows(world, TallyRow) if one.replies > 1] == [3]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"id": ""}, "Its id cannot be kept: it is empty"),
        ({"id": " 1"}, "Its id has spaces around it, or characters that are not seen: ' 1'."),
        ({"id": "\u202e1"}, "Its id has spaces around it, or characters"),
        ({"id": "x" * 201}, "Its id cannot be kept: it has 201 characters"),
        ({"author": "\ud800"}, "Its author cannot be kept: half a character"),
        ({"author_name": "x" * 101}, "This name cannot be shown: it has 101 characters"),
        ({"author_kind": "ROBOT"}, "An author is a PERSON or a STRUCTURE, not ROBOT."),
        ({"published_at": datetime(2100, 1, 1, tzinfo=UTC)}, "It was published in the future: 2100-01-01"),
        ({"title": None}, "Say in a title what it is about"),
        ({"title": "x" * 301}, "The title cannot be kept: it has 301 characters"),
        ({"text": "  \n"}, "The text is empty"),
        ({"text": "x" * 50_001}, "The text cannot be kept: it has 50001 characters"),
        ({"text": "a\x00"}, "The text cannot be kept: a control character (U+0000)"),
        ({"text": "e" + "\u0301" * 1_000}, "The text cannot be kept: more than"),
        ({"kind": "SPEECH"}, "There is no kind SPEECH"),
        ({"channel": "RADIO"}, "There is no channel RADIO; there are: PLATFORM, WORKSHOP"),
        ({"kind": "COMMENT"}, "A COMMENT answers something: give its parent."),
        ({"alignment": "FOR"}, "Only an answer is for or against: give its parent."),
        ({"alignment": "MAYBE"}, "There is no alignment MAYBE; there are: FOR, AGAINST, NEUTRAL."),
        ({"categories": [str(at) for at in range(21)]}, "20 categories at most, not 21."),
        ({"categories": ["x" * 101]}, "A category cannot be kept: it has 101 characters"),
        ({"language": "french"}, "A language is a tag as `fr`"),
        ({"parent": "nothing"}, "It answers 'nothing', which is not here and was not imported before."),
        ({"parent": "idea"}, "idea answers itself in a circle."),
    ],
)
async def test_what_could_not_be_said_here_is_not_imported(world: World, given: dict[str, Any], told: str) -> None:
    number, message = await problem(world, replace(IDEA, number=7, **given), replace(IDEA, id="other"))
    assert number == 7
    assert message.startswith(told)


async def test_a_circle_of_answers_is_refused(world: World) -> None:
    circle = [replace(ANSWER, number=at, id=str(at), parent=str((at + 1) % 3)) for at in range(3)]
    below = replace(ANSWER, number=3, id="3", parent="0")
    added = await bring(world, IDEA, *circle, below)
    assert sorted(number for number, _ in added.problems) == [0, 1, 2, 3]
    assert added.created == 0


async def test_an_id_comes_once(world: World) -> None:
    assert await problem(world, IDEA, replace(IDEA, number=5)) == (5, "The id idea comes twice: see 1.")


async def test_it_stays_in_the_space_that_it_was_imported_into(world: World) -> None:
    await bring(world, IDEA)
    told = await problem(world, IDEA, space="Space:CLOSED")
    assert told == (1, "It was imported before into another space, and stays there.")
    told = await problem(world, ANSWER, space="Space:CLOSED")
    assert told == (2, "It answers 'idea', which is in another space.")


async def test_only_what_is_published_is_answered(world: World) -> None:
    await bring(world, IDEA)
    (row,) = await rows(world, ContributionRow, channel="IMPORT")
    world.ids["Contribution:IMPORTED"] = row.id
    await verdict(world, "hideContribution", "moderator", contribution="Contribution:IMPORTED", reason="Rude.")
    told = await problem(world, ANSWER)
    assert told == (2, "It answers 'idea', which is HIDDEN: only what is PUBLISHED is answered.")


async def test_what_would_become_of_them_is_said_without_writing(world: World) -> None:
    before = await rows(world, ContributionRow)
    assert await bring(world, IDEA, ANSWER, write=False) == Added(created=2)
    assert await rows(world, ContributionRow) == before


async def test_nothing_is_no_mistake(world: World) -> None:
    assert await bring(world) == Added()
    assert not await rows(world, JournalRow, event="import.completed")


async def test_a_failure_half_way_leaves_nothing(world: World) -> None:
    def fail(written: int) -> None:
        raise ZeroDivisionError

    before = await rows(world, ContributionRow), await rows(world, ParticipantRow), await rows(world, OriginRow)
    with pytest.raises(ZeroDivisionError):
        await bring(world, IDEA, ANSWER, progress=fail)
    assert before == (
        await rows(world, ContributionRow),
        await rows(world, ParticipantRow),
        await rows(world, OriginRow),
    )


async def test_what_was_withdrawn_there_keeps_its_place_and_not_its_words(world: World) -> None:
    gone = replace(IDEA, withdrawn=True)
    added = await bring(world, gone, ANSWER, replace(ANSWER, number=3, id="taken back", withdrawn=True))
    assert (added.created, added.problems) == (3, [])
    (row,) = await rows(world, ContributionRow, state="WITHDRAWN", channel="IMPORT", kind="IDEA")
    assert row.categories == []
    assert [(one.title, one.text) for one in await rows(world, VersionRow, contribution_id=row.id)] == [(None, None)]
    assert [one.replies for one in await rows(world, TallyRow, contribution_id=row.id)] == [1]


async def test_other_words_are_a_new_version_where_that_is_wanted(world: World) -> None:
    """What says the same stays; what is hidden here stays as it is."""
    await bring(world, IDEA, ANSWER)
    other = replace(IDEA, text="D’autres mots.", categories=["c"]), ANSWER
    assert (await bring(world, *other)).edited == 0
    added = await bring(world, *other, edit=True)
    assert (added.created, added.edited, added.unchanged) == (0, 1, 1)
    (row,) = [one for one in await rows(world, ContributionRow, version=2) if one.channel == "IMPORT"]
    assert row.categories == ["c"]
    assert [one.category for one in await rows(world, CategoryRow, contribution_id=row.id)] == ["c"]
    said = await rows(world, VersionRow, contribution_id=row.id)
    assert sorted((one.number, one.text) for one in said) == [(1, "Des mots numériques."), (2, "D’autres mots.")]
    assert (await bring(world, *other, edit=True)).edited == 0
    world.ids["Contribution:IMPORTED"] = row.id
    hidden = await verdict(world, "hideContribution", "moderator", contribution="Contribution:IMPORTED", reason="Rude.")
    assert hidden == "done"
    assert (await bring(world, IDEA, edit=True)).edited == 0
