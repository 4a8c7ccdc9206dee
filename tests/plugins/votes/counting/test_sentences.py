"""Why the winner won, in a sentence: each case of it says what is true there."""

from collections import Counter

import pytest

from hemicycle_votes.counting import Budget, Grades, Method, Options, Project, Rankings, Result, count


def judged(first: list[int], second: list[int]) -> Result:
    return count(Grades(("Ana", "Bo"), Counter(zip(first, second, strict=True)), 0, 5), Method.MAJORITY_JUDGMENT)


@pytest.mark.parametrize(
    ("first", "second", "english", "french"),
    [
        ([1, 3, 3, 4, 5], [1, 2, 3, 3, 4], "does not have more grades above it than below, 1 to 2, against 2 to 1",
         "n’a pas plus de mentions au-dessus qu’en dessous, 1 pour 2, contre 2 pour 1"),
        ([1, 3, 3, 4, 4], [1, 3, 3, 3, 3], "does not have more grades above it than below, 0 to 1, against 2 to 1",
         "contre 2 pour 1"),
        ([3, 3, 3, 4, 4], [3, 3, 3, 3, 4], "has fewer grades above it, 1 against 2", "1 contre 2"),
        ([2, 3, 3, 3, 3], [2, 2, 3, 3, 3], "has more grades below it, 2 against 1", "2 contre 1"),
        ([2, 2, 3, 4, 4], [1, 2, 3, 4, 4], "is behind when medians are taken away one after another", "une à une"),
    ],
)  # fmt: skip
def test_equal_medians(first: list[int], second: list[int], english: str, french: str) -> None:
    result = judged(first, second)
    assert result.winners == ["Ana"]
    assert f"Bo has the same median, and {english}" in result.because.en
    assert french in result.because.fr


def test_equal_grades_are_called_equal() -> None:
    assert "Bo has the same grades." in judged([1, 2], [2, 1]).because.en
    assert "Bo" not in judged([5, 5], [1, 1]).because.en


def test_stv_says_who_took_a_seat_below_the_quota() -> None:
    whole = count(Rankings(("A", "B", "C"), {((0,),): 5, ((1,),): 5, ((2,),): 1}), Method.STV, Options(2))
    assert whole.because.en.endswith("(the quota for 2).")
    result = count(Rankings(("A", "B"), {((0,),): 5}), Method.STV, Options(2))
    assert "in 2 rounds" in result.because.en
    assert result.because.en.endswith("went to the last left: B.")
    assert result.because.fr.endswith("vont aux derniers en lice : B.")
    one = count(Rankings(("A", "B"), {((0,),): 5}), Method.STV)
    assert "A is elected, in 1 round:" in one.because.en
    assert "en 1 tour :" in one.because.fr


def test_a_budget_says_what_stopped_it() -> None:
    projects = Project("p", "Park", 6), Project("q", "Quay", 6)
    short = Budget(projects, 10, {((0, 1),): 2, ((1, 1),): 1})
    assert (
        "supporters pay for 1 project together: 6 of 10. One unit more" in count(short, Method.EQUAL_SHARES).because.en
    )
    assert "1 project fits" in count(short, Method.GREEDY).because.en
    assert "1 projet entre dans" in count(short, Method.GREEDY).because.fr
    enough = Budget(projects, 12, {((0, 1),): 2, ((1, 1),): 1})
    assert count(enough, Method.EQUAL_SHARES).because.en.endswith("That is all that anyone voted for.")
    assert "2 projects fit" in count(enough, Method.GREEDY).because.en
