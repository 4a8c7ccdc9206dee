"""YouTube: with a key, the Data API (50 videos for one unit of quota); without one, oEmbed, a video at a time."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree

from hemicycle.api import Answer, Application, Failure, Outbound, OutboundError
from hemicycle_youtube import addresses
from hemicycle_youtube.sites import Details, Outcome, Reply, VideoSite

OEMBED = "https://www.youtube.com/oembed"
FEED = "https://www.youtube.com/feeds/videos.xml"
VIDEOS = "https://youtube.googleapis.com/youtube/v3/videos"
PARTS = "snippet,contentDetails,status,statistics"
AT_ONCE = 50  # ids, for one unit
BY_STATUS = {401: Outcome.NOT_EMBEDDABLE, 403: Outcome.PRIVATE, 404: Outcome.GONE, 410: Outcome.GONE}
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
ATOM = {"a": "http://www.w3.org/2005/Atom", "yt": "http://www.youtube.com/xml/schemas/2015",
        "media": "http://search.yahoo.com/mrss/"}  # fmt: skip


async def refresh(app: Application, videos: Sequence[str]) -> dict[str, Reply]:
    """What is known of these videos: an entry for each. At most 50 with a key; without one, each is asked about."""
    key = key_of(app)
    if key is None:
        return {video: await _oembed(app.outbound, video) for video in videos}
    return await _listed(app.outbound, videos, key)


async def _oembed(outbound: Outbound, video: str) -> Reply:
    """One video, as any site may ask. Its words may be plain text, whatever the status says."""
    answer = await _asked(outbound, f"{OEMBED}?{urlencode({'url': watch(video, 0), 'format': 'json'})}")
    if isinstance(answer, Reply):
        return answer
    if answer.status == 429:
        return Reply(Outcome.QUOTA, told=_words(answer))
    if answer.status != 200:
        return Reply(BY_STATUS.get(answer.status, Outcome.REFUSED), told=_words(answer))
    said = _json(answer)
    if said is None:
        return Reply(Outcome.UNREADABLE, told=_words(answer))
    title, author, poster = _text(said, "title"), _text(said, "author_name"), _https(said, "thumbnail_url")
    return Reply(Outcome.FOUND, Details(title=title, author=author, poster=poster))


async def _listed(outbound: Outbound, videos: Sequence[str], key: str) -> dict[str, Reply]:
    """At most 50 videos, by the Data API. What is private or deleted is simply missing."""
    asked = urlencode({"part": PARTS, "id": ",".join(videos), "key": key, "maxResults": AT_ONCE}, safe=",")
    answer = await _asked(outbound, f"{VIDEOS}?{asked}")
    if isinstance(answer, Reply):
        return dict.fromkeys(videos, answer)
    said = _json(answer)
    if answer.status != 200:
        return dict.fromkeys(videos, Reply(_why(answer.status, said), told=_words(answer)))
    items = said.get("items") if said is not None else None
    if not isinstance(items, list):
        return dict.fromkeys(videos, Reply(Outcome.UNREADABLE, told=_words(answer)))
    known = {one["id"]: _item(one) for one in items if isinstance(one, dict) and isinstance(one.get("id"), str)}
    return {video: known.get(video, Reply(Outcome.GONE, told="private or deleted")) for video in videos}


async def newest(app: Application, channel: str) -> dict[str, Details] | Reply:
    """The last fifteen or so videos of a channel, by its feed. It often fails: that says nothing about the channel."""
    if not CHANNEL.fullmatch(channel):
        raise ValueError(f"{channel[:40]!r} is not the id of a channel: it begins with UC and has 24 characters")
    answer = await _asked(app.outbound, f"{FEED}?{urlencode({'channel_id': channel})}")
    if isinstance(answer, Reply):
        return answer
    if answer.status != 200:
        return Reply(Outcome.QUOTA if answer.status == 429 else Outcome.REFUSED, told=_words(answer))
    try:
        feed = ElementTree.fromstring(answer.body)
    except (ParseError, ValueError):
        return Reply(Outcome.UNREADABLE, told=_words(answer))
    found: dict[str, Details] = {}
    for entry in feed.findall("a:entry", ATOM):
        video = _inner(entry, "yt:videoId")
        if video is not None and addresses.ID.fullmatch(video):
            found[video] = Details(
                title=_inner(entry, "a:title"), author=_inner(entry, "a:author/a:name"),
                description=_inner(entry, "media:group/media:description"),
                published_at=_moment(_inner(entry, "a:published")),
            )  # fmt: skip
    return found


async def _asked(outbound: Outbound, url: str) -> Answer | Reply:
    try:
        return await outbound.get(url)
    except OutboundError as error:
        unreadable = error.failure in (Failure.TOO_BIG, Failure.BAD_ANSWER)
        return Reply(Outcome.UNREADABLE if unreadable else Outcome.UNREACHABLE, told=str(error))


def _why(status: int, said: Mapping[str, Any] | None) -> Outcome:
    """The Data API says 403 for a quota that is used up, and for a key that is not good."""
    error = said.get("error") if said is not None else None
    errors = error.get("errors") if isinstance(error, dict) else None
    reasons = {one.get("reason") for one in errors or () if isinstance(one, dict)}
    if status == 429 or reasons & {"quotaExceeded", "rateLimitExceeded", "dailyLimitExceeded", "userRateLimitExceeded"}:
        return Outcome.QUOTA
    return Outcome.UNREACHABLE if status >= 500 else Outcome.REFUSED


def _item(one: Mapping[str, Any]) -> Reply:
    parts = {name: value for name, value in one.items() if isinstance(value, dict)}
    snippet, status = parts.get("snippet", {}), parts.get("status", {})
    details = Details(
        title=_text(snippet, "title"), author=_text(snippet, "channelTitle"), poster=_poster(snippet),
        description=_text(snippet, "description"), published_at=_moment(_text(snippet, "publishedAt")),
        duration=_seconds(_text(parts.get("contentDetails", {}), "duration")),
        views=_number(_text(parts.get("statistics", {}), "viewCount")),
    )  # fmt: skip
    if status.get("privacyStatus") == "private":
        return Reply(Outcome.PRIVATE, told="private")
    if status.get("uploadStatus") in ("deleted", "failed", "rejected"):
        return Reply(Outcome.GONE, told=f"uploadStatus: {status['uploadStatus']}")
    if status.get("embeddable") is False:
        return Reply(Outcome.NOT_EMBEDDABLE, details, "its owner lets no other page show it")
    return Reply(Outcome.FOUND, details)


def _json(answer: Answer) -> dict[str, Any] | None:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _words(answer: Answer) -> str:
    return f"{answer.status}: {answer.body[:200].decode('utf-8', 'replace')}"


def _text(said: Mapping[str, Any], name: str) -> str | None:
    value = said.get(name)
    return value if isinstance(value, str) and value else None


def _https(said: Mapping[str, Any], name: str) -> str | None:
    value = _text(said, name)
    return value if value is not None and value.startswith("https://") and len(value) <= 500 else None


def _poster(snippet: Mapping[str, Any]) -> str | None:
    sizes = snippet.get("thumbnails")
    given = [sizes[name] for name in ("maxres", "standard", "high", "medium", "default") if name in sizes] \
        if isinstance(sizes, dict) else []  # fmt: skip
    return next((found for one in given if isinstance(one, dict) and (found := _https(one, "url"))), None)


def _seconds(text: str | None) -> int | None:
    """ISO 8601, as PT1H2M3S."""
    match = DURATION.fullmatch(text or "")
    if match is None:
        return None
    days, hours, minutes, seconds = (int(one or 0) for one in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 19 else None


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _inner(entry: Element, path: str) -> str | None:
    found = entry.find(path, ATOM)
    return found.text.strip() if found is not None and found.text else None


def key_of(app: Application) -> str | None:
    """The key of the Data API, if the instance has one."""
    key: str | None = app.plugin_settings["youtube"].key
    return key


def embed(video: str, at: int) -> str:
    """The player that sets no cookie before it plays. For after a click."""
    return f"https://www.youtube-nocookie.com/embed/{video}" + (f"?start={at}" if at else "")


def watch(video: str, at: int) -> str:
    """The page of the video."""
    return f"https://www.youtube.com/watch?v={video}" + (f"&t={at}s" if at else "")


SITE = VideoSite(
    "YOUTUBE", "YouTube.", resolve=addresses.read, refresh=refresh, newest=newest, embed=embed, watch=watch,
    at_once=AT_ONCE,
)  # fmt: skip
