"""What a site of videos must be able to say. YouTube ships; another plugin may declare another site."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from hemicycle.api import Application, Declared


@dataclass(frozen=True)
class Moment:
    """A video, and the second at which an address enters it (0 if it says none)."""

    video: str
    at: int = 0


class Outcome(Enum):
    """What came of asking about a video. Only the first four say something about it; the others pass."""

    FOUND = "FOUND"
    NOT_EMBEDDABLE = "NOT_EMBEDDABLE"
    PRIVATE = "PRIVATE"
    GONE = "GONE"
    QUOTA = "QUOTA"
    REFUSED = "REFUSED"
    UNREADABLE = "UNREADABLE"
    UNREACHABLE = "UNREACHABLE"


LOST = {Outcome.NOT_EMBEDDABLE, Outcome.PRIVATE, Outcome.GONE}


@dataclass(frozen=True)
class Details:
    """What is known of a video. None: not said by whoever was asked, so what we had stays."""

    title: str | None = None
    author: str | None = None
    poster: str | None = None
    """An address of a picture: https."""
    description: str | None = None
    duration: int | None = None
    """Seconds."""
    published_at: datetime | None = None
    views: int | None = None


@dataclass(frozen=True)
class Reply:
    """What came of asking about one video. told: what the site said, for whoever looks after the instance."""

    outcome: Outcome
    details: Details = Details()
    told: str = ""


@dataclass(frozen=True)
class VideoSite(Declared):
    """A site of videos; `name` is what episodes keep (YOUTUBE). A plugin returns its own in `declare_for_others`.

    resolve: the video that an id or an address means; ValueError says what is wrong. refresh: what is known of some
    videos (at most `at_once`), an entry for each whatever happens; each call costs one unit of the day's quota. embed,
    watch: the addresses of the player, for after a click, and of the video's own page, from a second on.
    """

    resolve: Callable[[str], Moment] = field(kw_only=True)
    refresh: Callable[[Application, Sequence[str]], Awaitable[dict[str, Reply]]] = field(kw_only=True)
    newest: Callable[[Application, str], Awaitable[dict[str, Details] | Reply]] = field(kw_only=True)
    embed: Callable[[str, int], str] = field(kw_only=True)
    watch: Callable[[str, int], str] = field(kw_only=True)
    at_once: int = 1
