"""Moments and what is spoken of there find each other, both ways, and cost the same whatever their number."""

import asyncio
import threading
from typing import Any

import pytest

from hemicycle.testing import World
from hemicycle_youtube import linking
from hemicycle_youtube.models import LinkRow, QuestionRow
from tests.asking import rows

CONTRIBUTION = """query($id: ID!) { contribution(id: $id) { episodes { totalCount nodes {
    at until label embedUrl state episode { title space { title } } } } } }"""
EPISODE = """query($id: ID!) { episode(id: $id) { links { nodes { at label target {
    ... on Contribution { id title } ... on Space { slug } } } } } }"""


async def link(world: World, target: str, at: int, who: str = "steward", **more: Any) -> Any:
    return await world.change(
        "linkMoment", who, "id state", episode=world.gid("Episode:PUBLISHED"), target=world.gid(target), at=at, **more
    )


async def test_from_a_contribution_to_the_second_and_back(world: World) -> None:
    await link(world, "Contribution:PUBLISHED", 75, until=90, label="About trees")
    found = (await world.ask(CONTRIBUTION, id=world.gid("Contribution:PUBLISHED")))["contribution"]["episodes"]
    moment = next(one for one in found["nodes"] if one["at"] == 75)
    assert moment["until"] == 90
    assert moment["embedUrl"] == "https://www.youtube-nocookie.com/embed/sample-003_?start=75"
    assert moment["episode"]["title"] == "Sample episode"
    back = (await world.ask(EPISODE, id=world.gid("Episode:PUBLISHED")))["episode"]["links"]["nodes"]
    assert {"at": 75, "label": "About trees", "target": {
        "id": world.gid("Contribution:PUBLISHED"),
        "title": next(one["target"]["title"] for one in back if one["at"] == 75),
    }} in back  # fmt: skip


async def test_the_number_of_statements_does_not_depend_on_the_number_of_links(world: World) -> None:
    async def cost() -> tuple[int, int, int]:
        with world.counting() as first:
            one = await world.ask(CONTRIBUTION, id=world.gid("Contribution:PUBLISHED"))
        with world.counting() as second:
            await world.ask(EPISODE, id=world.gid("Episode:PUBLISHED"))
        return len(first), len(second), one["contribution"]["episodes"]["totalCount"]

    few = await cost()
    for at in range(100, 150):
        await link(world, "Contribution:PUBLISHED", at)
    many = await cost()
    assert many[2] == few[2] + 50
    assert many[:2] == few[:2]


async def test_a_suggestion_waits_for_a_person(world: World) -> None:
    gid = world.gid("EpisodeLink:SUGGESTED")
    seen = "query($id: ID!) { node(id: $id) { ... on EpisodeLink { state } } }"
    assert (await world.ask(seen, id=gid))["node"] is None
    assert (await world.change("confirmLink", "steward", "state", link=gid))["state"] == "CONFIRMED"
    assert (await world.ask(seen, id=gid))["node"] == {"state": "CONFIRMED"}
    assert (await world.change("confirmLink", "steward", link=gid))["code"] == "WRONG_STATE"
    assert (await world.change("unlinkMoment", "steward", "id", link=gid))["id"] == world.gid("Episode:PUBLISHED")
    assert (await world.ask(seen, "steward", id=gid))["node"] is None


async def test_what_is_said_is_compared_with_what_was_written(world: World) -> None:
    said = await world.change(
        "contribute", "author", "id", space=world.gid("Space:OPEN"), title="Des pistes cyclables vers le lycée",
        text="Il faut des pistes cyclables sûres entre la gare et le lycée agricole.",
    )  # fmt: skip
    text = (
        "WEBVTT\n\n00:01.000 --> 00:20.000\nBonjour à tous et bienvenue dans cette émission\n\n"
        "03:00.000 --> 03:20.000\nparlons des pistes cyclables vers la gare\n\n"
        "03:20.000 --> 03:40.000\net le lycée agricole demande des pistes sûres\n\n"
        "08:00.000 --> 08:20.000\nmerci de nous avoir suivis\n"
    )
    gid = world.gid("Episode:PUBLISHED")
    await world.change("setTranscript", "steward", episode=gid, text=text)
    await world.change("suggestLinks", "steward", episode=gid)
    links = "query($id: ID!) { contribution(id: $id) { episodes { nodes { id state at } } } }"
    (found,) = (await world.ask(links, "steward", id=said["id"]))["contribution"]["episodes"]["nodes"]
    assert (found["state"], found["at"]) == ("SUGGESTED", 180)
    assert (await world.ask(links, id=said["id"]))["contribution"]["episodes"]["nodes"] == []
    await world.change("suggestLinks", "steward", episode=gid)
    assert len((await world.ask(links, "steward", id=said["id"]))["contribution"]["episodes"]["nodes"]) == 1


async def test_others_are_answered_while_moments_are_compared(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(linking, "_alike", lambda *_: compared.append(threading.current_thread()) or [])
    answer = await world.change("suggestLinks", "steward", episode=world.gid("Episode:PUBLISHED"))
    assert answer["__typename"] == "Episode"
    assert compared
    assert threading.main_thread() not in compared


async def test_nothing_is_suggested_without_a_transcript(world: World) -> None:
    answer = await world.change("suggestLinks", "steward", episode=world.gid("Episode:METADATA_FETCHED"))
    assert (answer["code"], "transcript" in answer["message"]) == ("WRONG_STATE", True)


async def test_one_links_to_what_one_sees(world: World) -> None:
    assert (await link(world, "Contribution:DRAFT", 10))["code"] == "NOT_FOUND"
    assert (await link(world, "Contribution:PUBLISHED", 10, "participant"))["code"] == "NOT_ALLOWED"
    assert (await link(world, "Contribution:PUBLISHED", 10, "visitor"))["code"] == "SIGN_IN_FIRST"


async def test_a_person_is_linked_by_themselves_alone(world: World) -> None:
    assert (await link(world, "Participant:member", 10))["code"] == "NOT_ALLOWED"
    assert (await link(world, "Participant:steward", 10))["__typename"] == "EpisodeLink"
    structure = next(name for name in world.ids if name.startswith("Participant:STRUCTURE"))
    assert (await link(world, structure, 11))["__typename"] == "EpisodeLink"
    text = "query($id: ID!) { participant(id: $id) { episodes { nodes { at } } } }"
    assert (await world.ask(text, id=world.gid("Participant:steward")))["participant"]["episodes"]["nodes"] == []
    mine = await world.ask(text, "steward", id=world.gid("Participant:steward"))
    assert mine["participant"]["episodes"]["nodes"] == [{"at": 10}]
    theirs = await world.ask(text, id=world.gid(structure))
    assert theirs["participant"]["episodes"]["nodes"] == [{"at": 11}]


async def test_fifty_at_once_link_a_moment_once(world: World) -> None:
    answers = await asyncio.gather(*(link(world, "Contribution:PUBLISHED", 200) for _ in range(50)))
    assert sorted(one.get("code", "") for one in answers) == ["", *["ALREADY_DONE"] * 49]
    assert len(await rows(world, LinkRow, at=200)) == 1


async def test_a_contribution_that_is_hidden_shows_no_more(world: World) -> None:
    await link(world, "Contribution:PUBLISHED", 75)
    await world.change(
        "hideContribution", "moderator", contribution=world.gid("Contribution:PUBLISHED"), reason="Off topic"
    )
    back = (await world.ask(EPISODE, id=world.gid("Episode:PUBLISHED")))["episode"]["links"]["nodes"]
    assert [one["target"] for one in back if one["at"] == 75] == [None]


# -- questions -----------------------------------------------------------------------------------------------

QUESTION = """query($id: ID!) { node(id: $id) { ... on ShowQuestion {
    contribution { id kind channel title } answer { at episode { title } } } } }"""


async def test_a_question_is_asked_and_answered_at_a_moment(world: World) -> None:
    asked = await world.change(
        "askQuestion", "participant", "id", show=world.gid("Show"), text="When will trees be planted?"
    )
    found = (await world.ask(QUESTION, id=asked["id"]))["node"]
    assert found["contribution"] | {"id": ""} == {
        "id": "", "kind": "QUESTION", "channel": "PLATFORM", "title": "When will trees be planted?",
    }  # fmt: skip
    assert found["answer"] is None
    given = {"question": asked["id"], "episode": world.gid("Episode:PUBLISHED"), "at": 120}
    assert (await world.change("answerQuestion", "participant", **given))["code"] == "NOT_ALLOWED"
    assert (await world.change("answerQuestion", "steward", "id", **given))["__typename"] == "ShowQuestion"
    assert (await world.change("answerQuestion", "steward", **given))["code"] == "ALREADY_DONE"
    assert (await world.ask(QUESTION, id=asked["id"]))["node"]["answer"] == {
        "at": 120, "episode": {"title": "Sample episode"},
    }  # fmt: skip
    (moment,) = (await world.ask(CONTRIBUTION, id=found["contribution"]["id"]))["contribution"]["episodes"]["nodes"]
    assert moment["at"] == 120


async def test_a_question_waits_again_when_its_answer_is_taken_away(world: World) -> None:
    (row,) = await rows(world, QuestionRow, id=world.ids["ShowQuestion:ANSWERED"])
    world.ids["EpisodeLink:answer"] = row.link_id
    await world.change("unlinkMoment", "steward", link=world.gid("EpisodeLink:answer"))
    assert (await world.ask(QUESTION, id=world.gid("ShowQuestion:ANSWERED")))["node"]["answer"] is None


async def test_a_question_is_answered_in_its_own_show(world: World) -> None:
    other = await world.change("createShow", "steward", "id", space=world.gid("Space:OPEN"), title="Another show")
    asked = await world.change("askQuestion", "participant", "id", show=other["id"], text="And here?")
    given = {"question": asked["id"], "episode": world.gid("Episode:PUBLISHED"), "at": 1}
    assert (await world.change("answerQuestion", "steward", **given))["code"] == "NOT_FOUND"


async def test_what_was_asked_in_the_show_is_written_down_with_consent(world: World) -> None:
    given = {"show": world.gid("Show"), "text": "What about the station?", "displayName": "Camille"}
    refused = await world.change("recordQuestion", "steward", consent=False, **given)
    assert refused["code"] == "INVALID_INPUT"
    made = await world.change(
        "recordQuestion", "steward", "id", consent=True, episode=world.gid("Episode:PUBLISHED"), at=30, **given
    )
    found = (await world.ask(QUESTION, id=made["id"]))["node"]
    assert (found["contribution"]["channel"], found["answer"]["at"]) == ("SHOW", 30)
    assert (await world.change("recordQuestion", "participant", consent=True, **given))["code"] == "NOT_ALLOWED"
    nameless = {"show": given["show"], "text": "And trains?", "consent": True}
    assert (await world.change("recordQuestion", "steward", "id", **nameless))["__typename"] == "ShowQuestion"


async def test_questions_are_found_among_contributions(world: World) -> None:
    text = "query($show: ID!) { contributions(filter: { askedIn: $show }) { totalCount } }"
    assert (await world.ask(text, show=world.gid("Show")))["contributions"]["totalCount"] == 2
    waiting = (
        "query($id: ID!, $yes: Boolean) { show(id: $id) { questions(filter: { answered: $yes }) { totalCount } } }"
    )
    for yes in (True, False):
        assert (await world.ask(waiting, id=world.gid("Show"), yes=yes))["show"]["questions"]["totalCount"] == 1


@pytest.mark.parametrize("yes", [True, False])
async def test_contributions_that_are_spoken_of_are_found(world: World, yes: bool) -> None:
    text = "query($yes: Boolean) { contributions(filter: { inEpisode: $yes }, first: 100) { nodes { id } } }"
    found = {one["id"] for one in (await world.ask(text, yes=yes))["contributions"]["nodes"]}
    assert (world.gid("Contribution:PUBLISHED") in found) == yes
