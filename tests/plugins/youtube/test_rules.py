"""Shows and episodes: who makes them, in which state, and what a wrong input is told."""

from typing import Any

import pytest

from hemicycle.kernel.search.rebuild import rebuild
from hemicycle.testing import World
from hemicycle_youtube.models import EpisodeRow
from tests.asking import rows
from tests.plugins.youtube.standin import CHANNEL, stand_in

VIDEO = "https://youtu.be/rules-001__?t=30"


@pytest.fixture(autouse=True)
def site(world: World) -> None:
    stand_in(world).videos["rules-001__"] = {"title": "A title"}


async def declare(world: World, **more: Any) -> Any:
    return await world.change(
        "declareEpisode", "steward", "id state", **({"show": world.gid("Show"), "video": VIDEO} | more)
    )


async def test_an_episode_is_declared_described_and_published(world: World) -> None:
    new = await declare(world)
    assert new["state"] == "DECLARED"
    early = await world.change("publishEpisode", "steward", episode=new["id"])
    assert early["code"] == "WRONG_STATE"
    known = await world.change("describeEpisode", "steward", "state title", episode=new["id"], title=" A  title ")
    assert known == {"__typename": "Episode", "state": "METADATA_FETCHED", "title": "A title"}
    shown = await world.change("publishEpisode", "steward", "state shownAt", episode=new["id"])
    assert shown["state"] == "PUBLISHED"
    assert shown["shownAt"]
    assert (await world.change("publishEpisode", "steward", episode=new["id"]))["code"] == "WRONG_STATE"


async def test_a_video_is_an_episode_of_a_show_once(world: World) -> None:
    await declare(world)
    again = await declare(world, video="https://www.youtube.com/watch?v=rules-001__")
    assert again["code"] == "ALREADY_DONE"
    other = await world.change("createShow", "steward", "id", space=world.gid("Space:OPEN"), title="Another show")
    assert (await declare(world, show=other["id"]))["state"] == "DECLARED"
    assert len(await rows(world, EpisodeRow, video="rules-001__")) == 2


@pytest.mark.parametrize(
    ("mutation", "given", "path", "told"),
    [
        ("declareEpisode", {"show": "Show", "video": "https://vimeo.com/1"}, "video", "YouTube"),
        ("declareEpisode", {"show": "Show", "video": ""}, "video", "id of a video|address"),
        ("updateShow", {"show": "Show", "channel": "@handle"}, "channel", "UC"),
        ("createShow", {"space": "Space:OPEN", "title": "T", "channel": "UC1"}, "channel", "24"),
        ("describeEpisode", {"episode": "Episode:DECLARED", "title": "T", "duration": -1}, "duration", "seconds"),
        ("setChapters", {"episode": "Episode:PUBLISHED", "text": "0:00 A\n1:00 B"}, "text", "three"),
        ("setTranscript", {"episode": "Episode:PUBLISHED", "text": "WEBVTT\n\n1\nsoon --> later\nA"}, "text", "line 4"),
        ("linkMoment", {"episode": "Episode:PUBLISHED", "target": "Space:OPEN", "at": 601}, "at", "600"),
        ("linkMoment", {"episode": "Episode:PUBLISHED", "target": "Space:OPEN", "at": -1}, "at", "from 0"),
        ("linkMoment", {"episode": "Episode:PUBLISHED", "target": "Space:OPEN", "at": 5, "until": 5}, "until", "after"),
    ],
)  # fmt: skip
async def test_a_wrong_value_is_told_where_and_why(
    world: World, mutation: str, given: dict[str, Any], path: str, told: str
) -> None:
    sent = {name: world.gid(value) if value in world.ids else value for name, value in given.items()}
    answer = await world.change(mutation, "steward", **sent)
    assert answer["code"] == "INVALID_INPUT", answer
    assert [one["path"] for one in answer["problems"]] == [f"input.{path}"]
    assert any(word in answer["message"] for word in told.split("|"))


async def test_a_show_is_changed_where_it_is_said(world: World) -> None:
    changed = await world.change(
        "updateShow", "steward", "title description channel", show=world.gid("Show"), description="About trees.",
        channel=CHANNEL,
    )  # fmt: skip
    assert changed == {
        "__typename": "Show", "title": "Sample show", "description": "About trees.", "channel": CHANNEL,
    }  # fmt: skip
    emptied = await world.change(
        "updateShow",
        "steward",
        "title description channel",
        show=world.gid("Show"),
        title="New",
        channel="",
        description="",
    )
    assert (emptied["title"], emptied["description"], emptied["channel"]) == ("New", None, None)


async def test_chapters_by_hand_stay_when_the_description_changes(world: World) -> None:
    chapters = "query($id: ID!) { episode(id: $id) { chapters { nodes { at title } } } }"
    gid = world.gid("Episode:PUBLISHED")
    await world.change("setChapters", "steward", episode=gid, text="0:00 Mine\n0:30 Own\n1:00 End")
    await world.change("describeEpisode", "steward", episode=gid, title="T", description="0:00 X\n1:00 Y\n2:00 Z")
    assert [one["title"] for one in (await world.ask(chapters, id=gid))["episode"]["chapters"]["nodes"]] == [
        "Mine", "Own", "End",
    ]  # fmt: skip
    await world.change("setChapters", "steward", episode=gid, text="")
    await world.change("describeEpisode", "steward", episode=gid, title="T", description="0:00 P\n1:00 Q\n2:00 R")
    assert [one["title"] for one in (await world.ask(chapters, id=gid))["episode"]["chapters"]["nodes"]] == [
        "P", "Q", "R",
    ]  # fmt: skip


SEARCH = """query($text: String!) { search(text: $text) { nodes { ... on Cue { at text episode { title } } } } }"""


async def test_a_search_finds_the_moment_at_which_it_is_said(world: World) -> None:
    text = (
        "WEBVTT\n\n00:10.000 --> 00:12.000\nplus de pistes\n\n"
        "00:12.000 --> 00:14.000\ncyclables numériques\n\n01:00.000 --> 01:05.000\nmerci"
    )
    gid = world.gid("Episode:PUBLISHED")
    await world.change("setTranscript", "steward", episode=gid, text=text)
    found = (await world.ask(SEARCH, text="piste cyclable"))["search"]["nodes"]
    assert [(one["at"], one["text"]) for one in found] == [(10.0, "plus de pistes")], "over the border of two cues"
    assert {one["at"] for one in (await world.ask(SEARCH, text="numerique"))["search"]["nodes"]} == {10.0, 12.0}
    await world.change("setTranscript", "steward", episode=gid, text="")
    assert (await world.ask(SEARCH, text="numerique"))["search"]["nodes"] == []


async def test_what_is_said_before_it_is_published_is_not_found(world: World) -> None:
    gid = world.gid("Episode:METADATA_FETCHED")
    await world.change("setTranscript", "steward", episode=gid, text="WEBVTT\n\n00:10.000 --> 00:12.000\nsecretword")
    assert (await world.ask(SEARCH, text="secretword"))["search"]["nodes"] == []
    assert len((await world.ask(SEARCH, "steward", text="secretword"))["search"]["nodes"]) == 1


async def test_players_are_without_cookies_and_begin_where_they_are_told(world: World) -> None:
    text = "query($id: ID!) { episode(id: $id) { embedUrl(at: 75) watchUrl whole: embedUrl } }"
    found = (await world.ask(text, id=world.gid("Episode:PUBLISHED")))["episode"]
    assert found == {
        "embedUrl": "https://www.youtube-nocookie.com/embed/sample-003_?start=75",
        "watchUrl": "https://www.youtube.com/watch?v=sample-003_",
        "whole": "https://www.youtube-nocookie.com/embed/sample-003_",
    }


async def test_the_producer_may_do_all_of_it(world: World) -> None:
    await world.change(
        "grantRole", "administrator", space=world.gid("Space:OPEN"), participant=world.gid("Participant:outsider"),
        role="PRODUCER",
    )  # fmt: skip
    who = "Participant:outsider"
    new = await world.change("createShow", who, "id", space=world.gid("Space:OPEN"), title="Mine")
    assert new["__typename"] == "Show"
    assert (await world.change("declareEpisode", who, "id", show=new["id"], video=VIDEO))["__typename"] == "Episode"


async def test_what_is_found_is_found_again_when_the_index_is_made_anew(world: World) -> None:
    text = "WEBVTT\n\n00:10.000 --> 00:12.000\nplus de pistes\n\n00:12.000 --> 00:14.000\ncyclables"
    await world.change("setTranscript", "steward", episode=world.gid("Episode:PUBLISHED"), text=text)
    before = (await world.ask(SEARCH, text="piste cyclable"))["search"]["nodes"]
    assert (await rebuild(world.app))["Cue"] == 2
    assert (await world.ask(SEARCH, text="piste cyclable"))["search"]["nodes"] == before != []
