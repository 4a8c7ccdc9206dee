"""Asking YouTube: every answer has its own outcome, nothing that we had is lost, and the quota is kept."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from hemicycle.api import Answer, Failure, OutboundError, table_of
from hemicycle.kernel.jobs.run import run_due
from hemicycle.kernel.outbound.client import Client
from hemicycle.testing import World
from hemicycle_youtube import refreshing, youtube
from hemicycle_youtube.models import EpisodeRow, QuotaRow
from hemicycle_youtube.sites import Outcome
from tests.asking import rows
from tests.plugins.youtube.standin import CHANNEL, PNG, YouTube, error, stand_in

FIRST, SECOND = "first-001__", "second-02__"
CHAPTERS = "0:00 A\n1:00 B\n2:00 C"
SLOW = OutboundError(Failure.TOO_SLOW, "no whole answer within 10 seconds")
HUGE = OutboundError(Failure.TOO_BIG, "more than 1048576 bytes")


@pytest.fixture(params=[None, "a key"], ids=["oembed", "api"])
def key(request: pytest.FixtureRequest) -> str | None:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def site(world: World) -> YouTube:
    """YouTube, and nothing due but what the test declares."""
    return stand_in(world)


def with_key(world: World, key: str | None, **more: Any) -> None:
    known = world.app.plugin_settings["youtube"]
    world.app.plugin_settings["youtube"] = known.model_copy(update={"key": key, **more})


async def declare(world: World, video: str = FIRST) -> str:
    answer = await world.change("declareEpisode", "steward", "id state", show=world.gid("Show"), video=video)
    assert answer["state"] == "DECLARED", answer
    return str(answer["id"])


async def episode(world: World, gid: str) -> Any:
    text = """query($id: ID!) { episode(id: $id) { state unavailable title author description duration views publishedAt
        posterUrl lastOutcome lastTold chapters { nodes { at title } } } }"""
    return (await world.ask(text, "steward", id=gid))["episode"]


async def again(world: World) -> refreshing.Round:
    """Later: what is due is asked about."""
    world.clock.forward(days=4)
    return await refreshing.round_of(world.app)


async def test_a_new_episode_is_asked_about_at_once(world: World, site: YouTube, key: str | None) -> None:
    with_key(world, key)
    site.videos[FIRST] = {"title": "A title", "description": CHAPTERS, "duration": "PT1H2M3S", "viewCount": "77"}
    gid = await declare(world)
    await run_due(world.app)
    found = await episode(world, gid)
    assert (found["state"], found["title"], found["author"]) == ("METADATA_FETCHED", "A title", "A channel")
    assert (found["lastOutcome"], found["unavailable"]) == ("FOUND", None)
    if key:
        assert (found["duration"], found["views"]) == (3723, 77)
        assert found["publishedAt"] == "2026-01-10T18:00:00+00:00"
        assert [(one["at"], one["title"]) for one in found["chapters"]["nodes"]] == [(0, "A"), (60, "B"), (120, "C")]
    assert found["posterUrl"].startswith("http://127.0.0.1:8000/youtube/posters/")
    assert not [one for one in site.asked if "key=" in one.url] or key


@pytest.mark.parametrize(
    ("said", "outcome", "state"),
    [
        (401, "NOT_EMBEDDABLE", "UNAVAILABLE"), (403, "PRIVATE", "UNAVAILABLE"), (404, "GONE", "UNAVAILABLE"),
        (410, "GONE", "UNAVAILABLE"), (429, "QUOTA", "PUBLISHED"), (400, "REFUSED", "PUBLISHED"),
        (500, "REFUSED", "PUBLISHED"), (503, "REFUSED", "PUBLISHED"), ("Not Found", "UNREADABLE", "PUBLISHED"),
        ("[]", "UNREADABLE", "PUBLISHED"), ("", "UNREADABLE", "PUBLISHED"), (SLOW, "UNREACHABLE", "PUBLISHED"),
        (HUGE, "UNREADABLE", "PUBLISHED"),
    ],
)  # fmt: skip
async def test_each_answer_of_oembed_has_its_outcome(
    world: World, site: YouTube, said: Any, outcome: str, state: str
) -> None:
    gid = await known(world, site)
    before = await episode(world, gid)
    site.videos[FIRST] = said
    await again(world)
    after = await episode(world, gid)
    assert after["state"] == state
    if outcome != "QUOTA":  # then the episode is not even counted as asked about
        assert after["lastOutcome"] == outcome
    assert after["unavailable"] == (outcome if state == "UNAVAILABLE" else None)
    kept = ("title", "author", "description", "duration", "posterUrl", "chapters")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}, "nothing is lost"


async def known(world: World, site: YouTube, video: str = FIRST) -> str:
    """A published episode, with all that there is to lose."""
    site.videos[video] = {"title": "A title"}
    gid = await declare(world, video)
    await run_due(world.app)
    await world.change("describeEpisode", "steward", episode=gid, title="A title", description=CHAPTERS, duration=300)
    assert (await world.change("publishEpisode", "steward", "state", episode=gid))["state"] == "PUBLISHED"
    return gid


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (error("quotaExceeded"), "QUOTA"), (error("dailyLimitExceeded"), "QUOTA"),
        (error("rateLimitExceeded", 429), "QUOTA"),
        (error("keyInvalid", 400), "REFUSED"), (error("forbidden"), "REFUSED"),
        (error("accessNotConfigured"), "REFUSED"),
        (error("backendError", 500), "UNREACHABLE"), (error("backendError", 503), "UNREACHABLE"),
        ((200, "plain text"), "UNREADABLE"), ((200, {"items": "none"}), "UNREADABLE"), ((200, {}), "UNREADABLE"),
        ((403, "plain text"), "REFUSED"), ((200, {"items": []}), "GONE"), ((200, {"items": [1, {"id": 2}]}), "GONE"),
    ],
)  # fmt: skip
async def test_each_answer_of_the_api_has_its_outcome(world: World, site: YouTube, said: Any, outcome: str) -> None:
    with_key(world, "a key")
    status, body = said
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    site.get = lambda url, *_, **__: _once(Answer(status, {}, content, url))  # type: ignore[method-assign]
    reply = (await youtube.refresh(world.app, [FIRST]))[FIRST]
    assert reply.outcome == Outcome(outcome)
    assert reply.told


async def _once(answer: Answer) -> Answer:
    return answer


@pytest.mark.parametrize(
    ("said", "outcome"),
    [({"privacyStatus": "private"}, "PRIVATE"), ({"uploadStatus": "deleted"}, "GONE"),
     ({"uploadStatus": "rejected"}, "GONE"),
     ({"embeddable": False}, "NOT_EMBEDDABLE"), ({"privacyStatus": "unlisted"}, "FOUND")],
)  # fmt: skip
async def test_what_the_api_says_of_a_video(world: World, site: YouTube, said: dict[str, Any], outcome: str) -> None:
    with_key(world, "a key")
    site.videos[FIRST] = {"title": "A title", **said}
    assert (await youtube.refresh(world.app, [FIRST]))[FIRST].outcome == Outcome(outcome)


async def test_strange_values_are_left_aside(world: World, site: YouTube) -> None:
    with_key(world, "a key")
    site.videos[FIRST] = {"title": 7, "description": None, "duration": "soon", "viewCount": "many", "publishedAt": "x"}
    details = (await youtube.refresh(world.app, [FIRST]))[FIRST].details
    assert (details.title, details.duration, details.views, details.published_at) == (None, None, None, None)


async def test_a_video_that_comes_back_is_shown_again(world: World, site: YouTube) -> None:
    gid = await known(world, site)
    site.videos[FIRST] = 403
    await again(world)
    assert (await episode(world, gid))["unavailable"] == "PRIVATE"
    site.videos[FIRST] = {"title": "A new title"}
    await again(world)
    found = await episode(world, gid)
    assert (found["state"], found["unavailable"], found["title"]) == ("PUBLISHED", None, "A new title")


async def test_what_was_never_shown_is_not_shown_by_coming_back(world: World, site: YouTube) -> None:
    site.videos[FIRST] = 404
    gid = await declare(world)
    await run_due(world.app)
    assert (await episode(world, gid))["state"] == "UNAVAILABLE"
    site.videos[FIRST] = {"title": "A title"}
    await again(world)
    assert (await episode(world, gid))["state"] == "METADATA_FETCHED"


async def test_five_hundred_episodes_cost_ten_units(world: World, site: YouTube) -> None:
    with_key(world, "a key")
    await many(world, 500)
    done = await refreshing.round_of(world.app)
    assert (done.asked, done.units, done.stopped) == (500, 10, False)
    assert site.calls("/youtube/v3/videos") == 10
    assert (await rows(world, QuotaRow))[0].units == 10
    assert (await refreshing.round_of(world.app)).asked == 0, "nothing is due any more"


async def many(world: World, number: int) -> None:
    """So many episodes that are due; the samples are not."""
    async with world.app.write() as session:
        for row in (await session.execute(select(EpisodeRow))).scalars():
            row.due_at = session.now + timedelta(days=1000)
        session.add_all(
            EpisodeRow(show_id=world.ids["Show"], space_id=world.ids["Space:OPEN"], site="YOUTUBE",
                       video=f"video-{at:04}_", aired_at=session.now, due_at=session.now)
            for at in range(number)
        )  # fmt: skip


async def test_the_daily_quota_is_kept_and_the_place_too(world: World, site: YouTube) -> None:
    with_key(world, "a key", daily_quota=3)
    await many(world, 250)
    first = await refreshing.round_of(world.app)
    assert (first.asked, first.units, first.stopped) == (150, 3, True)
    assert (await refreshing.round_of(world.app)).asked == 0
    world.clock.forward(days=1)
    second = await refreshing.round_of(world.app)
    asked = [one.url.partition("id=")[2].partition("&")[0].split(",") for one in site.asked if "/v3/videos" in one.url]
    every = [one for some in asked for one in some]
    assert (second.asked, len(every), len(set(every))) == (100 + 50, 300, 250), (
        "those that waited first, then the eldest"
    )
    assert set(every[150:250]) == {f"video-{at:04}_" for at in range(150, 250)}


async def test_when_the_site_says_enough_the_round_ends_where_it_stands(world: World, site: YouTube) -> None:
    with_key(world, "a key")
    await many(world, 120)
    status, body = error("quotaExceeded")
    real, calls = site.get, []

    async def get(url: str, *rest: Any, **more: Any) -> Answer:
        if "/v3/videos" in url:
            calls.append(url)
            if len(calls) == 2:
                return Answer(status, {}, json.dumps(body).encode(), url)
        return await real(url, *rest, **more)

    site.get = get  # type: ignore[method-assign]
    done = await refreshing.round_of(world.app)
    assert (done.asked, done.stopped, len(calls)) == (50, True, 2)
    later = await refreshing.round_of(world.app)
    assert (later.asked, later.stopped) == (70, False), "the others were still due"


async def test_failures_wait_longer_each_time(world: World, site: YouTube) -> None:
    await many(world, 1)
    site.fails = 500
    waits = []
    for _ in range(12):
        await refreshing.round_of(world.app)
        (row,) = await rows(world, EpisodeRow, video="video-0000_")
        waits.append(row.due_at - row.checked_at)
        world.clock.moment = row.due_at
    assert waits[:4] == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40), timedelta(minutes=80)]
    assert waits[-1] == timedelta(days=2)
    site.fails, site.videos["video-0000_"] = None, {"title": "There"}
    await refreshing.round_of(world.app)
    (row,) = await rows(world, EpisodeRow, video="video-0000_")
    assert row.failures == 0


async def test_a_picture_is_kept_here_and_stays(world: World, site: YouTube) -> None:
    gid = await known(world, site)
    (row,) = await rows(world, EpisodeRow, video=FIRST)
    assert await picture(world, row.id) == ("image/png", PNG)
    before = site.calls("i.ytimg.com")
    await again(world)
    assert site.calls("i.ytimg.com") == before, "it is not asked for twice"
    site.videos[FIRST] = 404
    await again(world)
    assert (await episode(world, gid))["posterUrl"]
    assert await picture(world, row.id) == ("image/png", PNG)


async def picture(world: World, key: UUID) -> Any:
    table = table_of(refreshing.PosterRow)
    async with world.app.db.read() as connection:
        found = await connection.execute(select(table.c.type, table.c.image).where(table.c.episode_id == key))
        return tuple(found.one())


FEED = f"""<?xml version="1.0"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
<entry><id>yt:video:{FIRST}</id><yt:videoId>{FIRST}</yt:videoId><title>One</title><author><name>A channel</name>
</author><published>2026-02-01T10:00:00+00:00</published><media:group><media:description>words</media:description>
</media:group></entry>
<entry><yt:videoId>{SECOND}</yt:videoId><title>Two</title></entry>
<entry><yt:videoId>not an id</yt:videoId></entry></feed>"""
BOMB = """<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><feed>&b;&b;&b;</feed>"""


async def test_new_videos_of_a_channel_are_declared_once(world: World, site: YouTube) -> None:
    await world.change("updateShow", "steward", show=world.gid("Show"), channel=CHANNEL)
    site.feed = FEED
    assert await refreshing.look_at_channels(world.app) == 2
    assert await refreshing.look_at_channels(world.app) == 0
    (row,) = await rows(world, EpisodeRow, video=FIRST)
    assert (row.state, row.aired_at.isoformat()) == ("DECLARED", "2026-02-01T10:00:00+00:00")


@pytest.mark.parametrize("said", [404, 500, 429, "not xml", "", "<feed>", BOMB, SLOW, HUGE])
async def test_a_feed_that_fails_says_nothing(world: World, site: YouTube, said: Any) -> None:
    await world.change("updateShow", "steward", show=world.gid("Show"), channel=CHANNEL)
    site.feed = said
    before = await rows(world, EpisodeRow)
    assert await refreshing.look_at_channels(world.app) == 0
    assert await rows(world, EpisodeRow) == before


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], []])
async def test_no_name_leads_into_our_own_network(world: World, addresses: list[str]) -> None:
    """With the real client: a name that leads to a private address is one that does not answer, and nothing is lost."""

    async def resolve(host: str, port: int) -> list[str]:
        return addresses

    world.app.outbound = Client(resolve=resolve)
    reply = (await youtube.refresh(world.app, [FIRST]))[FIRST]
    assert reply.outcome == Outcome.UNREACHABLE
    before = await rows(world, refreshing.PosterRow)
    for url in ("https://i.ytimg.com/vi/x/hqdefault.jpg", "https://127.0.0.1/x.png", "http://i.ytimg.com/x.png"):
        await refreshing._picture(world.app, world.ids["Episode:PUBLISHED"], url)
    assert await rows(world, refreshing.PosterRow) == before
