"""Each line says something, or what is wrong with it is said; and what is left behind is counted."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hemicycle.api import StartupError
from hemicycle_exchange.reading import read
from tests.plugins.exchange.conftest import ANSWER, IDEA, Write, mapping


def test_a_line_is_a_contribution(write: Write) -> None:
    (idea, answer) = read(write(IDEA | {"themes": ["a", "b"]}, ANSWER), mapping()).records
    assert (idea.number, idea.id, idea.title, idea.text) == (1, "1", "An idea", "Its words.")
    assert (idea.author, idea.parent, idea.alignment, idea.categories) == ("ada", None, None, ["a", "b"])
    assert idea.published_at == datetime(2015, 9, 26, 0, 27, 54, tzinfo=UTC)
    assert (answer.parent, answer.alignment) == ("1", "AGAINST")


def test_a_line_without_an_id_is_known_by_its_number(write: Write) -> None:
    found = read(write(IDEA, IDEA), mapping(id={"field": "#line", "prefix": "answer/"}))
    assert [one.id for one in found.records] == ["answer/1", "answer/2"]
    assert "#line" not in found.fields


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "It is not JSON: "),
        ("nonsense", "It is not JSON: Expecting value, at character 1."),
        ('{"id": 1}}', "It is not JSON: Extra data, at character 10."),
        ("[1]", "It is a JSON list: an object in braces is expected."),
        ("null", "It is a JSON NoneType"),
        (b'{"id": "\xff"}', "It is not UTF-8: see its byte 9."),
        ("[" * 100_000, "It is not JSON: too deep."),
        ('{"id": ' + "1" * 5000 + "}", "It is not JSON that can be read"),
        ({"id": None}, "The field id is missing or empty, and it gives the id."),
        ({"body": ""}, "The field body is missing or empty, and it gives the text."),
        ({"by": []}, "The field by is missing or empty, and it gives the author."),
        ({"at": None}, "The field at is missing or empty, and it gives the published_at."),
        ({"title": {"fr": "x"}}, "The field title holds a dict: a plain value is expected."),
        ({"title": [["x"]]}, "The field title holds a list: a plain value is expected."),
        ({"title": ["x", "y"]}, "The field title has 2 values, where title takes one."),
        ({"side": "maybe"}, "The field side says 'maybe': give it a meaning in the mapping, in `values`."),
        ({"at": "yesterday"}, "'yesterday' is not a moment as 2015-09-26T02:27:54+02:00."),
        ({"at": "2015-02-30T00:00:00Z"}, "is not a moment"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "is not a moment"),
        ({"at": "2015-09-26T02:27:54"}, "The moment '2015-09-26T02:27:54' has no time zone: say `timezone` in"),
    ],
)
def test_what_is_wrong_is_told_by_line(write: Write, line: Any, told: str) -> None:
    wrong = IDEA | line if isinstance(line, dict) else line
    reading = read(write(IDEA, "", wrong, IDEA | {"id": 2}), mapping())
    ((number, problem),) = reading.problems
    assert number == 3
    assert told in problem
    assert (reading.lines, [one.id for one in reading.records]) == (3, ["1", "2"])


def test_an_id_comes_once(write: Write) -> None:
    reading = read(write(IDEA, ANSWER, IDEA, IDEA), mapping())
    assert reading.duplicates == [(3, 1, "1"), (4, 1, "1")]
    assert len(reading.records) == 2


def test_a_number_is_the_same_id_however_it_is_written(write: Write) -> None:
    assert read(write(IDEA, IDEA | {"id": 1.0}, IDEA | {"id": "1"}), mapping()).duplicates == [(2, 1, "1"), (3, 1, "1")]


def test_what_is_left_behind_is_counted_where_it_said_something(write: Write) -> None:
    more: list[dict[str, Any]] = [{"votes": 3, "note": ""}, {"votes": 0, "note": "x"}, {"votes": 2, "bin": False}]
    reading = read(write(*(IDEA | one | {"id": at} for at, one in enumerate(more))), mapping())
    assert reading.lost == {"votes": 2, "note": 1, "bin": 0}


def test_fields_that_do_harm_where_they_are_shown_are_told_harmlessly(write: Write) -> None:
    hostile = IDEA | {"\x1b[2J": 1, "\ud800": 1, "id": "\x07"}
    reading = read(write(json.dumps(hostile), json.dumps(hostile)), mapping())
    assert set(reading.lost) == {"'\\x1b[2J'", "'\\ud800'"}
    assert reading.duplicates == [(2, 1, "'\\x07'")]


def test_windows_files_are_read_too(write: Write) -> None:
    lines = [b"\xef\xbb\xbf" + json.dumps(IDEA).encode() + b"\r", json.dumps(ANSWER).encode() + b"\r"]
    assert [one.id for one in read(write(*lines), mapping()).records] == ["1", "a1"]


def test_a_moment_without_a_zone_is_of_the_zone_of_the_mapping(write: Write) -> None:
    known = mapping().model_copy(update={"timezone": "Europe/Paris"})
    lines = [IDEA | {"id": at, "at": moment} for at, moment in enumerate(["2015-09-26T02:00:00", "2015-12-26"])]
    records = read(write(*lines), known).records
    assert [one.published_at.isoformat() for one in records] == [
        "2015-09-26T00:00:00+00:00",
        "2015-12-25T23:00:00+00:00",
    ]


def test_a_mapping_adds_what_the_source_does_not_say(write: Write) -> None:
    known = mapping(
        id={"field": "id", "prefix": "opinion/"}, kind={"constant": "QUESTION"}, author={"field": "by", "missing": "x"}
    )
    (record,) = read(write(IDEA | {"by": None}), known).records
    assert (record.id, record.kind, record.author) == ("opinion/1", "QUESTION", "x")


@pytest.mark.parametrize(("format", "text"), [("plain", "\\*a\\*"), ("markdown", "*a*"), ("html", "\\*a\\*")])
def test_the_text_is_read_as_it_was_written(write: Write, format: str, text: str) -> None:
    (record,) = read(write(IDEA | {"body": "*a*"}), mapping(text={"field": "body", "format": format})).records
    assert record.text == text


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="nowhere.jsonl: it cannot be read: No such file"):
        read(tmp_path / "nowhere.jsonl", mapping())
    with pytest.raises(StartupError, match="it cannot be read: Is a directory"):
        read(tmp_path, mapping())
