"""Words are compared without accents, capitals and endings, in French and English."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hemicycle.kernel.search.words import LONGEST_WORD, MOST_STEMS, MOST_WORDS, asked, stems, words
from hemicycle.kernel.text import LONGEST


def finds(query: str, text: str) -> bool:
    kept = set(stems(text).split())
    return bool(asked(query)) and all(kept.intersection(alternatives) for alternatives in asked(query))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("numerique", "Le numérique pour tous"),
        ("NUMÉRIQUE", "une république numerique"),
        ("habitant", "la participation des habitants"),
        ("habitants", "chaque habitant"),
        ("acces", "l’accès aux données"),
        ("l'accès", "Accès libre"),
        ("les donnees publiques", "l’accès aux données publiques"),
        ("developper", "développement durable"),
        ("cyclable", "pistes cyclables"),
        ("oeuvre", "une œuvre"),
        ("œuvres", "l'oeuvre"),
        ("citizen", "citizens' assemblies"),
        ("voting", "They voted"),
        ("library", "public libraries"),
        ("e\u0301cole", "école"),
        ("aujourd'hui", "aujourd’hui"),
        ("democratie", "𝓓𝕖𝘮ocratie"),
        ("δημοκρατία", "η ΔΗΜΟΚΡΑΤΙΑ"),
        ("la", "la"),
    ],
)
def test_finds(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("numerique", "les habitants"),
        ("numerique habitants", "les habitants"),
        ("la", "les"),
        ("", "texte"),
        ("?!", "?!"),
    ],
)
def test_does_not_find(query: str, text: str) -> None:
    assert not finds(query, text)


def test_words_that_say_nothing_do_not_narrow_a_query() -> None:
    assert asked("l'accès de la commune") == asked("accès commune")
    assert asked("of the") != [], "but they are asked for where they stand alone"


def test_a_word_asked_twice_counts_once() -> None:
    assert asked("école écoles ECOLE") == asked("ecole")


@given(st.text(max_size=300))
@example("𝓐")  # a capital that only shows once it is normalised
def test_only_plain_letters_and_digits_reach_a_database(text: str) -> None:
    every = [*stems(text).split(), *(stem for alternatives in asked(text) for stem in alternatives)]
    assert all(stem.isascii() and stem.isalnum() and stem == stem.lower() for stem in every)
    assert all(len(stem) <= 8 * LONGEST_WORD for stem in every)


@given(st.text(alphabet=st.characters(categories=["L", "N", "M", "P", "Zs"]), max_size=200))
def test_a_text_is_found_by_itself_however_it_is_composed(text: str) -> None:
    for form in ("NFC", "NFD"):
        other = unicodedata.normalize(form, text)
        assert not words(text) or finds(other, text)


def test_a_long_text_is_found_by_its_last_word() -> None:
    text = "Une phrase ordinaire sur la vie de la commune. " * 416 + " numériques"
    assert len(text) > 19_500
    assert finds("numerique", text)


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * LONGEST,
        "\ufdfa" * LONGEST,  # grows eighteen-fold when it is normalised
        "a" + "\u0301\u0323" * (LONGEST // 2),  # normalising a long row of marks takes seconds
        "\U0001d504 " * (LONGEST // 2),
        "\ud800 \0 " * (LONGEST // 5),
        "'\" AND OR NEAR( * : ^ - { } & | ! <-> ",
    ],
)
def test_hostile_texts_stay_small(hostile: str) -> None:
    assert len(stems(hostile)) <= 40 * LONGEST
    assert len(words(hostile)) <= MOST_WORDS


def test_a_long_row_of_marks_is_never_normalised(monkeypatch: pytest.MonkeyPatch) -> None:
    normalised: list[str] = []
    real = unicodedata.normalize
    monkeypatch.setattr(unicodedata, "normalize", lambda form, text: normalised.append(text) or real(form, text))
    assert words("a" + "\u0301\u0323" * 100 + "b") == ["ab"]
    assert normalised == ["ab"]


def test_a_text_of_endless_different_words_is_bounded() -> None:
    kept = stems(" ".join(f"mot{number}" for number in range(MOST_STEMS + 10))).split()
    assert f"mot{MOST_STEMS - 1}" in kept
    assert f"mot{MOST_STEMS}" not in kept
