"""Read a file of JSON lines by a mapping: what each line says, what is wrong with it, and what is left behind."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hemicycle.api import Record, StartupError
from hemicycle_exchange.mapping import LINE, Mapping, Take, word_of
from hemicycle_exchange.markup import AS_MARKDOWN

EMPTY: tuple[Any, ...] = (None, "", [], {}, 0, False)
"""Values that say nothing: where a field holds one of them, nothing is lost with it."""

NEEDED = ("id", "text", "author", "published_at")


@dataclass
class Reading:
    """What a file says. `problems`: (line, what is wrong). `duplicates`: (line, the line that had its id first, id).

    fields: those that it has. lost: those that are not kept, and in how many lines they said something.
    """

    lines: int = 0
    records: list[Record] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    duplicates: list[tuple[int, int, str]] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    lost: Counter[str] = field(default_factory=Counter)


class Wrong(Exception):
    """What is wrong with a line."""


def read(path: Path, mapping: Mapping) -> Reading:
    """Every line of the file, looked at. StartupError if the file itself cannot be read."""
    reading, kept, seen = Reading(), set(mapping.kept()), dict[str, int]()
    for number, line in _lines(path):
        reading.lines += 1
        try:
            said = _object(line)
            reading.fields.update(said)
            for name in said.keys() - kept:
                reading.lost[_shown(name)] += said[name] not in EMPTY
            record = _record(number, said, mapping)
        except Wrong as wrong:
            reading.problems.append((number, str(wrong)))
            continue
        if (first := seen.setdefault(record.id, number)) != number:
            reading.duplicates.append((number, first, _shown(record.id)))
        else:
            reading.records.append(record)
    return reading


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers; without the mark that some programs put at the start."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                bare = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip()
                if bare:
                    yield number, bare
    except OSError as error:
        raise StartupError(f"{path}: it cannot be read: {error.strerror}.") from None


def _object(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Wrong(f"It is not UTF-8: see its byte {error.start + 1}.") from None
    except (json.JSONDecodeError, RecursionError) as error:
        told = f"{error.msg}, at character {error.colno}" if isinstance(error, json.JSONDecodeError) else "too deep"
        raise Wrong(f"It is not JSON: {told}.") from None
    except ValueError as error:  # a number of thousands of digits
        raise Wrong(f"It is not JSON that can be read: {error}.") from None
    if not isinstance(said, dict):
        raise Wrong(f"It is a JSON {type(said).__name__}: an object in braces is expected.")
    return said


def _record(number: int, said: dict[str, Any], mapping: Mapping) -> Record:
    found: dict[str, Any] = {}
    said = {**said, LINE: number}
    for part, takes in mapping.takes().items():
        values = [value for take in takes for value in _values(take, said)]
        if part == "categories":
            found[part] = values
            continue
        if len(values) > 1:
            raise Wrong(f"The field {takes[0].field} has {len(values)} values, where {part} takes one.")
        if values:
            found[part] = values[0]
        elif part in NEEDED:
            raise Wrong(f"The field {takes[0].field} is missing or empty, and it gives the {part}.")
    found["text"] = AS_MARKDOWN[mapping.fields.text.format or "markdown"](found["text"])
    found["published_at"] = _moment(found["published_at"], mapping)
    return Record(number, **found)


def _values(take: Take, said: dict[str, Any]) -> list[str]:
    """The words that a line has for this; none where it says nothing."""
    if take.constant is not None:
        return [take.constant]
    assert take.field is not None
    given = said.get(take.field)
    every = given if isinstance(given, list) else [given]
    words = [_word(take, one) for one in every if one is not None and one != ""]
    return words or ([take.missing] if take.missing is not None else [])


def _word(take: Take, value: Any) -> str:
    if isinstance(value, list | dict):
        raise Wrong(f"The field {take.field} holds a {type(value).__name__}: a plain value is expected.")
    word = word_of(value)
    if take.values is not None:
        if word not in take.values:
            raise Wrong(f"The field {take.field} says {word!r}: give it a meaning in the mapping, in `values`.")
        word = take.values[word]
    return take.prefix + word


def _moment(text: str, mapping: Mapping) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None and mapping.timezone is None:
            raise Wrong(f"The moment {text!r} has no time zone: say `timezone` in the mapping.")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(mapping.timezone or "UTC"))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong(f"{text!r} is not a moment as 2015-09-26T02:27:54+02:00.") from None


def _shown(text: str) -> str:
    """Text of a source, so that it does no harm where it is shown."""
    return text if text.isprintable() else repr(text)
