"""Chapters are read from a description as YouTube reads them, or left alone as it leaves them."""

import pytest

from hemicycle_youtube.chapters import Chapter, read

GOOD = {
    "a time and a title": ("0:00 Intro\n1:30 Next\n3:00 End", [(0, "Intro"), (90, "Next"), (180, "End")]),
    "two digits": ("00:00 A\n01:00 B\n02:00 C", [(0, "A"), (60, "B"), (120, "C")]),
    "hours": ("0:00 A\n59:30 B\n1:00:00 C\n10:00:01 D", [(0, "A"), (3570, "B"), (3600, "C"), (36_001, "D")]),
    "no leading zero in hours": ("0:00:00 A\n0:01:00 B\n1:02:03 C", [(0, "A"), (60, "B"), (3723, "C")]),
    "more than an hour in minutes": ("0:00 A\n75:30 B\n120:00 C", [(0, "A"), (4530, "B"), (7200, "C")]),
    "a dash between": ("0:00 - A\n1:00 – B\n2:00 — C", [(0, "A"), (60, "B"), (120, "C")]),
    "brackets": ("(0:00) A\n[1:00] B\n(2:00) - C", [(0, "A"), (60, "B"), (120, "C")]),
    "a bullet before": ("• 0:00 A\n- 1:00 B\n▶ 2:00 C", [(0, "A"), (60, "B"), (120, "C")]),
    "the time at the end": ("A 0:00\nB - 1:00\nC (2:00)", [(0, "A"), (60, "B"), (120, "C")]),
    "a range": ("0:00 - 1:00 A\n1:00 - 2:00 B\n2:00-3:00 C", [(0, "A"), (60, "B"), (120, "C")]),
    "numbers in titles": ("0:00 1. A\n1:00 2) B\n2:00 3rd part", [(0, "1. A"), (60, "2) B"), (120, "3rd part")]),
    "quoted and accented": ("0:00 « Été »\n1:00 “B”\n2:00 'C'", [(0, "« Été »"), (60, "“B”"), (120, "'C'")]),
    "lines around them": (
        "Bienvenue !\n\nChapitres :\n0:00 A\n0:10 B\n\n0:20 C\n\nhttps://example.org/?t=1:30\nÀ bientôt",
        [(0, "A"), (10, "B"), (20, "C")],
    ),
    "a time in a sentence": ("Rendez-vous à 20:30 mardi\n0:00 A\n1:00 B\n2:00 C", [(0, "A"), (60, "B"), (120, "C")]),
    "carriage returns": ("0:00 A\r\n1:00 B\r\n2:00 C\r\n", [(0, "A"), (60, "B"), (120, "C")]),
    "a colon in a title": (
        "0:00 Partie 1: le début\n1:00 B\n2:00 C",
        [(0, "Partie 1: le début"), (60, "B"), (120, "C")],
    ),
}
ALONE = {
    "nothing": "",
    "no time": "A\nB\nC",
    "fewer than three": "0:00 A\n1:00 B",
    "the first is not at the beginning": "0:10 A\n1:00 B\n2:00 C",
    "out of order": "0:00 A\n2:00 B\n1:00 C",
    "twice the same": "0:00 A\n1:00 B\n1:00 C",
    "under ten seconds": "0:00 A\n0:09 B\n1:00 C",
    "no titles": "0:00\n1:00\n2:00",
    "a date and a score": "12/05/2024 10:00\n3:2 to 4:1",
    "seconds above 59": "0:00 A\n0:75 B\n2:00 C",
    "minutes above 59 after hours": "0:00 A\n1:75:00 B\n3:00:00 C",
}


@pytest.mark.parametrize("name", GOOD)
def test_chapters_are_read(name: str) -> None:
    text, expected = GOOD[name]
    assert read(text) == [Chapter(at, title) for at, title in expected]


@pytest.mark.parametrize("name", ALONE)
def test_a_description_without_chapters_is_left_alone(name: str) -> None:
    assert read(ALONE[name]) == []


def test_the_last_one_has_ten_seconds_too() -> None:
    text = "0:00 A\n1:00 B\n2:00 C"
    assert len(read(text, 130)) == 3
    assert read(text, 129) == []
    assert read(text, 100) == []


def test_a_title_is_cut_where_it_could_not_be_kept() -> None:
    assert [len(one.title) for one in read(f"0:00 {'a' * 5000}\n1:00 B\n2:00 C")] == [200, 1, 1]
