"""A stand-in for YouTube: the three endpoints with the shapes of their answers, and every way in which they fail.

The shapes are those of the Data API's discovery document (`youtube.v3.json`: VideoListResponse, Video, its snippet,
contentDetails, status and statistics), of oEmbed 1.0, and of the Atom feed of a channel.
"""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hemicycle.api import Answer, Failure, OutboundError
from hemicycle.testing import World
from hemicycle.testing.outside import Outside

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
CHANNEL = "UC" + "a" * 22
Said = dict[str, Any] | int | str | OutboundError


class YouTube(Outside):
    """`videos[id]`: what it knows of a video: a dict; or how it fails: a status, plain text, an error."""

    def __init__(self) -> None:
        super().__init__()
        self.videos: dict[str, Said] = {}
        self.fails: Said | None = None
        self.feed: Said = 404

    def _answer(self, asked: Any, most: int) -> Answer:
        self.asked.append(asked)
        parts = urlsplit(asked.url)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.fails is not None:
            return _told(asked.url, self.fails)
        if parts.path == "/oembed":
            return _told(asked.url, self._embed(given["url"].partition("v=")[2]))
        if parts.path == "/youtube/v3/videos":
            ids = given["id"].split(",")
            assert len(ids) <= 50
            items = [_item(one, said) for one in ids if isinstance(said := self.videos.get(one, 404), dict)]
            return _told(asked.url, {"kind": "youtube#videoListResponse", "items": items})
        if parts.path == "/feeds/videos.xml":
            return _told(asked.url, self.feed)
        if parts.hostname == "i.ytimg.com":
            return Answer(200, {}, PNG, asked.url)
        raise OutboundError(Failure.UNKNOWN_HOST, "no such host")

    def _embed(self, video: str) -> Said:
        said = self.videos.get(video, 404)
        if not isinstance(said, dict):
            return said
        return {"type": "video", "version": "1.0", "title": said["title"], "author_name": "A channel", "html": "",
                "thumbnail_url": f"https://i.ytimg.com/vi/{video}/hqdefault.jpg"}  # fmt: skip

    def calls(self, path: str) -> int:
        return sum(path in one.url for one in self.asked)


def _told(url: str, said: Said) -> Answer:
    if isinstance(said, OutboundError):
        raise said
    if isinstance(said, int):
        return Answer(said, {}, {401: b"Unauthorized", 403: b"Forbidden", 404: b"Not Found"}.get(said, b"<html>"), url)
    return Answer(200, {}, said.encode() if isinstance(said, str) else json.dumps(said).encode(), url)


def _item(video: str, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "youtube#video", "etag": "e", "id": video,
        "snippet": {
            "title": said["title"], "description": said.get("description", ""), "channelTitle": "A channel",
            "publishedAt": said.get("publishedAt", "2026-01-10T18:00:00Z"),
            "thumbnails": {"high": {"url": f"https://i.ytimg.com/vi/{video}/hqdefault.jpg", "width": 480}},
        },
        "contentDetails": {"duration": said.get("duration", "PT10M"), "caption": "false"},
        "status": {"privacyStatus": said.get("privacyStatus", "public"), "embeddable": said.get("embeddable", True),
                   "uploadStatus": said.get("uploadStatus", "processed")},
        "statistics": {"viewCount": said.get("viewCount", "12")},
    }  # fmt: skip


def error(reason: str, status: int = 403) -> tuple[int, dict[str, Any]]:
    """What the Data API says when it refuses: a status, and why."""
    return status, {"error": {"code": status, "errors": [{"reason": reason, "domain": "youtube.quota"}]}}


def stand_in(world: World) -> YouTube:
    """From now on, the world's requests reach this."""
    site = YouTube()
    world.app.outbound = world.outside = site
    return site
