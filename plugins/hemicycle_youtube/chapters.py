"""The chapters that a description lists, by the rules that YouTube itself applies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

TIME = r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})"
FIRST = re.compile(
    rf"^[\W_]*?(?<![\d:.,]){TIME}(?![\d:])(?:\s*[-–—]\s*{TIME}(?![\d:]))?[\s\W_]*?(?=\w|[\"'«“(\[¿¡#]|$)"
)
LAST = re.compile(rf"(?<=[\s(\[]){TIME}[\s)\]]*$")
TRIM = " \t-–—|:•·*>→"
FEWEST = 3
SHORTEST = 10  # seconds
LONGEST = 200  # characters of a title


@dataclass(frozen=True)
class Chapter:
    """A part of an episode: its title, and the second at which it begins."""

    at: int
    title: str


def read(description: str, duration: int | None = None) -> list[Chapter]:
    """The chapters of a description, or none: it takes three or more, the first at 0:00, each later than the one
    before by 10 seconds at least. duration: of the video, in seconds; no chapter begins in its last ten.
    """
    found = list(_listed(description))
    if len(found) < FEWEST or found[0].at != 0:
        return []
    if any(after.at - one.at < SHORTEST for one, after in pairwise(found)):
        return []
    if duration is not None and duration - found[-1].at < SHORTEST:
        return []
    return found


def _listed(description: str) -> Iterator[Chapter]:
    """A line that begins or ends with a time, and has a title beside it."""
    for line in description.splitlines():
        text = line.strip()
        match = FIRST.match(text)
        title = text[match.end() :] if match else ""
        if match is None:
            match = LAST.search(text)
            title = text[: match.start()].rstrip("([ \t") if match else ""
        title = title.strip(TRIM)
        if match is None or not title:
            continue
        hours, minutes, seconds = (int(one or 0) for one in match.groups()[:3])
        if seconds < 60 and not (hours and minutes > 59):
            yield Chapter(hours * 3600 + minutes * 60 + seconds, title[:LONGEST])
