"""Transcripts: .vtt and .srt as people and machines write them, and what cannot be read is named by its line."""

import pytest

from hemicycle_youtube.subtitles import Cue, read

VTT = """\ufeffWEBVTT - a title
Kind: captions

NOTE
nobody says this

STYLE
::cue { color: red }

1
00:01.000 --> 00:02.500 align:start position:0%
<v Ada Lovelace>Hello &amp; <b>welcome</b>,
everyone

01:00:00.250 --> 01:00:03.000
<00:01:00.500><c>later</c>
"""
SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,500\r\nBonjour\r\nà tous\r\n\r\n"
    "2\r\n00:01:03,5 --> 00:01:04,000\r\n{\\an8}Ça va ?\r\n"
)
ROLLING = """WEBVTT

00:00.000 --> 00:02.000
we begin with the

00:02.000 --> 00:02.010
we begin with the

00:02.010 --> 00:04.000
we begin with the
question of trees

00:04.000 --> 00:06.000
question of trees
in our town
"""
BAD = {
    "": "no cue",
    "WEBVTT\n\nNOTE nothing": "no cue",
    "some words\nof a letter": "line 1",
    "WEBVTT\n\n00:01.000 --> 00:02.000\nA\n\nwords\nwithout a time": "line 6",
    "1\n00:00:01,000 --> soon\nA": "line 2",
    "1\n00:00:05,000 --> 00:00:04,000\nA": "line 2: it ends before it begins",
    "00:00:61 --> 00:00:62\nA": "line 1",
}


def test_a_vtt_file_is_read() -> None:
    assert read(VTT) == [
        Cue(1000, 2500, "Hello & welcome, everyone", "Ada Lovelace"),
        Cue(3_600_250, 3_603_000, "later"),
    ]


def test_an_srt_file_is_read() -> None:
    assert read(SRT) == [Cue(1000, 2500, "Bonjour à tous"), Cue(63_500, 64_000, "Ça va ?")]


def test_the_rolling_lines_of_a_machine_are_kept_once() -> None:
    assert [one.text for one in read(ROLLING)] == ["we begin with the", "question of trees", "in our town"]


def test_cues_come_in_the_order_of_time() -> None:
    text = "WEBVTT\n\n00:05.000 --> 00:06.000\nlater\n\n00:01.000 --> 00:02.000\nearlier\n"
    assert [one.text for one in read(text)] == ["earlier", "later"]


def test_what_someone_says_twice_is_kept_twice() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nyes\n\n00:09.000 --> 00:10.000\nyes\n"
    assert [one.at for one in read(text)] == [1000, 9000]


@pytest.mark.parametrize("text", BAD)
def test_what_cannot_be_read_is_named_by_its_line(text: str) -> None:
    with pytest.raises(ValueError, match=BAD[text]):
        read(text)


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 50000"):
        read("\n\n".join("00:01.000 --> 00:02.000\na" for _ in range(50_001)))
