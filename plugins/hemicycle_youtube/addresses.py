"""Which video an address means. The address itself is never fetched: only the id in it is kept."""

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from hemicycle_youtube.sites import Moment

ID = re.compile(r"[A-Za-z0-9_-]{11}")
TIME = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s?)?")
LONGEST = 2000  # characters of an address

WATCH = {"youtube.com", "www.youtube.com", "m.youtube.com"}
SHORT = {"youtu.be", "www.youtu.be"}
EMBED = {"youtube-nocookie.com", "www.youtube-nocookie.com"}
FOLDERS = ("shorts", "live", "embed")
NOT_A_VIDEO = {"videoseries", "live_stream"}  # 11 letters after /embed/ that name no video
PORTS = {"http": 80, "https": 443}


def read(text: str) -> Moment:
    """The video that an id or an address of YouTube means. ValueError says what is wrong with it."""
    text = text.strip()
    if ID.fullmatch(text):
        return Moment(text)
    if len(text) > LONGEST:
        raise ValueError(f"an address has at most {LONGEST} characters")
    if not text.isascii() or not text.isprintable() or any(one in " \\" for one in text):
        raise ValueError("an address has no blanks, accents or backslashes in it")
    parts = _split(text)
    video = _video(parts)
    if not ID.fullmatch(video):
        raise ValueError(f"{video[:40]!r} is not the id of a video: it has 11 letters, digits, - and _")
    return Moment(video, _at(parts))


def _split(text: str) -> SplitResult:
    named = text if "://" in text else f"https://{text}"  # as people type it: youtu.be/…
    try:
        parts = urlsplit(named)
        port = parts.port
    except ValueError:
        raise ValueError("not an address: copy it from the page of the video") from None
    if parts.scheme not in PORTS:
        raise ValueError("an address of a video begins with https://")
    if "@" in parts.netloc or port not in (None, PORTS[parts.scheme]):
        raise ValueError("an address of a video has no name, password or port in it")
    if (parts.hostname or "") not in WATCH | SHORT | EMBED:
        raise ValueError("not an address of YouTube: youtube.com, youtu.be or youtube-nocookie.com")
    if "%" in parts.path:
        raise ValueError("the path of an address of a video has nothing encoded in it")
    return parts


def _video(parts: SplitResult) -> str:
    """What stands where the id should."""
    host, path = parts.hostname or "", parts.path.removeprefix("/").removesuffix("/").split("/")
    if host in SHORT and len(path) == 1:
        return path[0]
    if host in WATCH and path == ["watch"]:
        found = [one.partition("=")[2] for one in parts.query.split("&") if one.partition("=")[0] == "v"]
        if len(found) != 1:
            raise ValueError("the address names no video, or several (a playlist has no id of its own)")
        return found[0]
    folders = FOLDERS if host in WATCH else ("embed",) if host in EMBED else ()
    if len(path) == 2 and path[0] in folders and path[1] not in NOT_A_VIDEO:
        return path[1]
    raise ValueError("the address is not of a video: copy the one of its own page, or of the button to share it")


def _at(parts: SplitResult) -> int:
    """Seconds: `t=90`, `t=1h2m3s`, `start=90`, `#t=90`. What cannot be read is the beginning."""
    said = dict(reversed(parse_qsl(parts.query))) | dict(parse_qsl(parts.fragment))
    text = said.get("t") or said.get("start") or said.get("time_continue") or ""
    found = TIME.fullmatch(text)
    if not text or found is None:
        return 0
    hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return hours * 3600 + minutes * 60 + seconds
