"""Transcripts: what was said when, read from .vtt and .srt files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

ARROW = re.compile(
    r"^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})(?:\s.*)?$"
)
VOICE = re.compile(r"<v(?:\.[^ >]*)?\s+([^>]+)>")
TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
BLANKS = re.compile(r"\s+")
ASIDE = ("NOTE", "STYLE", "REGION")  # blocks of .vtt that nobody says
MOST = 50_000  # cues: an episode of some forty hours


@dataclass(frozen=True)
class Cue:
    """Words, and the milliseconds between which they are said."""

    at: int
    until: int
    text: str
    speaker: str | None = None


def read(text: str) -> list[Cue]:
    """The cues of a .vtt or .srt file, in order of time. ValueError names the line that cannot be read."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: list[Cue] = []
    for first, block in _blocks(lines):
        cue = _cue(first, block)
        if cue is not None:
            found.append(cue)
        if len(found) > MOST:
            raise ValueError(f"line {first}: more than {MOST} cues: is this the transcript of one episode?")
    if not found:
        raise ValueError("there is no cue in it: a .vtt or .srt file has lines such as 00:01:02.000 --> 00:01:05.000")
    return _said_once(sorted(found, key=lambda one: (one.at, one.until)))


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty ones, with the number of the first."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(first: int, block: list[str]) -> Cue | None:
    head = block[0].split(maxsplit=1)[0]
    timed = next((at for at, line in enumerate(block[:2]) if "-->" in line), None)
    if timed is None:
        if (first == 1 and head.startswith("WEBVTT")) or head in ASIDE or len(block) == 1:
            return None  # a heading, an aside, a number without words
        raise ValueError(f"line {first}: neither a time nor a heading: {block[0][:60]!r}")
    match = ARROW.match(block[timed])
    if match is None:
        raise ValueError(f"line {first + timed}: not two times: {block[timed][:60]!r}")
    at, until = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:])
    if until < at:
        raise ValueError(f"line {first + timed}: it ends before it begins: {block[timed][:60]!r}")
    words = "\n".join(block[timed + 1 :])
    voice = VOICE.search(words)
    said = "\n".join(BLANKS.sub(" ", unescape(TAG.sub("", line))).strip() for line in words.split("\n"))
    return Cue(at, until, said.strip(), unescape(voice[1]).strip() if voice else None)


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = parts
    return ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)) * 1000 + int(
        (rest or "0").ljust(3, "0")
    )


def _said_once(cues: list[Cue]) -> list[Cue]:
    """Subtitles made by a machine roll: each cue repeats the line before. Every line is kept once."""
    found: list[Cue] = []
    before = ""
    for cue in cues:
        lines = [line for line in cue.text.split("\n") if line]
        fresh = lines[1:] if len(lines) > 1 and lines[0] == before else lines
        if lines:
            same = found and fresh == [before] and cue.at <= found[-1].until + 50
            if fresh and not same:
                found.append(Cue(cue.at, cue.until, " ".join(fresh), cue.speaker))
            before = lines[-1]
    return found
