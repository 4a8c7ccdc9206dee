"""Another plugin adds another site of videos; posters are served from here; commands do what timers do."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx2
import pytest

from hemicycle.api import Application
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.http.asgi import asgi
from hemicycle.testing import World, a_plugin
from hemicycle.testing.processes import Instance
from hemicycle_youtube import refreshing
from hemicycle_youtube.models import EpisodeRow
from hemicycle_youtube.sites import Details, Moment, Outcome, Reply, VideoSite
from tests.asking import rows
from tests.plugins.youtube.standin import PNG, stand_in

HERE = "https://tube.example/w/"


def _resolve(text: str) -> Moment:
    if not text.startswith(HERE):
        raise ValueError("not an address of tube.example")
    return Moment(text.removeprefix(HERE))


async def _refresh(app: Application, videos: Sequence[str]) -> dict[str, Reply]:
    return {one: Reply(Outcome.FOUND, Details(title=f"On our own server: {one}", duration=60)) for one in videos}


async def _newest(app: Application, channel: str) -> Reply:
    return Reply(Outcome.REFUSED, told="it has no channels")


def tube() -> ModuleType:
    site = VideoSite(
        "TUBE", "A PeerTube server.", resolve=_resolve, refresh=_refresh, newest=_newest,
        embed=lambda video, at: f"https://tube.example/videos/embed/{video}?start={at}s",
        watch=lambda video, at: f"{HERE}{video}?start={at}s",
    )  # fmt: skip
    return a_plugin("tube", declare_for_others=lambda: [site])


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["youtube"], "given": [tube()]}


async def test_a_plugin_adds_a_site(world: World) -> None:
    stand_in(world)
    new = await world.change(
        "declareEpisode", "steward", "id site videoId", show=world.gid("Show"), video="https://tube.example/w/abc"
    )
    assert (new["site"], new["videoId"]) == ("TUBE", "abc")
    await refreshing.round_of(world.app)
    text = "query($id: ID!) { episode(id: $id) { state title embedUrl(at: 5) watchUrl(at: 5) } }"
    assert (await world.ask(text, "steward", id=new["id"]))["episode"] == {
        "state": "METADATA_FETCHED", "title": "On our own server: abc",
        "embedUrl": "https://tube.example/videos/embed/abc?start=5s", "watchUrl": "https://tube.example/w/abc?start=5s",
    }  # fmt: skip


async def test_a_picture_is_served_from_here_to_whoever_may_see_it(world: World) -> None:
    site = stand_in(world)
    (shown,) = await rows(world, EpisodeRow, id=world.ids["Episode:PUBLISHED"])
    (waiting,) = await rows(world, EpisodeRow, id=world.ids["Episode:METADATA_FETCHED"])
    for row in (shown, waiting):
        site.videos[row.video] = {"title": "A title"}
    world.clock.forward(days=4)
    await refreshing.round_of(world.app)
    transport = httpx2.ASGITransport(asgi(world.app))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer = await client.get(f"/youtube/posters/{world.gid('Episode:PUBLISHED')}")
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")
        absent = [
            world.gid("Episode:METADATA_FETCHED"), world.gid("Episode:UNAVAILABLE"), world.gid("Show"), "x", "%00",
            encode_id("Episode", world.ids["Show"]),
        ]  # fmt: skip
        for gid in absent:
            assert (await client.get(f"/youtube/posters/{gid}")).status_code == 404


def test_a_transcript_is_brought_in_by_a_command(tmp_path: Path) -> None:
    here = Instance(tmp_path, f"sqlite:///{tmp_path}/instance.db", plugins=["youtube"])
    here.command("db", "upgrade")
    assert '"asked": 0' in here.command("youtube", "refresh", "--json")
    (tmp_path / "one.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nA\n", "utf-8")
    (tmp_path / "bad.vtt").write_bytes(b"\xff\xfe\x00")
    for episode, file, told in (
        ("nonsense", "one.vtt", "is not the id of an episode"),
        (encode_id("Episode", UUID(int=7)), "one.vtt", "no episode under that id"),
        ("nonsense", "bad.vtt", "it is not UTF-8"),
    ):
        with pytest.raises(RuntimeError, match=told):
            here.command("youtube", "transcript", episode, file)
