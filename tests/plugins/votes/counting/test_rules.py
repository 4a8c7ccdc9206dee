"""Each method's rule, and what it refuses."""

from collections import Counter
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest

from hemicycle_votes.counting import (
    Budget,
    CannotCount,
    Equal,
    Grades,
    Method,
    Options,
    Profile,
    Project,
    Rankings,
    count,
)
from hemicycle_votes.counting.majority_judgment import Tally, compare
from hemicycle_votes.counting.words import english, exact, french, listed

A, B, C = (0,), (1,), (2,)
EQUAL = Rankings(("A", "B", "C"), {((0, 1), C): 2, (C, B): 3, (): 1})
GRADES = Grades(("A", "B"), {(1, 0): 2, (None, 1): 1})
BUDGET = Budget((Project("p", "Park", 7), Project("q", "Quay", 5)), 10, {((0, 2),): 1, ((1, 1),): 2, (): 1})


@pytest.mark.parametrize(
    ("equal", "votes"),
    [
        (Equal.SPLIT, {"A": 1, "B": 1, "C": 3}),
        (Equal.WHOLE, {"A": 2, "B": 2, "C": 3}),
        (Equal.EXHAUST, {"A": 0, "B": 0, "C": 3}),
    ],
)
def test_plurality_counts_equal_ranks_as_it_is_told(equal: Equal, votes: dict[str, int]) -> None:
    result = count(EQUAL, Method.PLURALITY, Options(equal=equal))
    assert result.rounds == [{"round": 1, "votes": votes, "blank": 1 if equal is not Equal.EXHAUST else 3}]
    assert (result.winners, result.ballots, result.rules["equal_ranks"]) == (["C"], 6, equal.value)


@pytest.mark.parametrize(
    ("equal", "winner", "rounds"),
    [
        (Equal.SPLIT, "A", [{"A": 3, "B": 3, "C": 5}, {"A": 6, "C": 5}]),
        (Equal.WHOLE, "A", [{"A": 6, "B": 6, "C": 5}, {"A": 6, "B": 11}]),
        (Equal.EXHAUST, "C", [{"A": 0, "B": 0, "C": 5}]),
    ],
)
def test_instant_runoff_counts_equal_ranks_as_it_is_told(
    equal: Equal, winner: str, rounds: list[dict[str, int]]
) -> None:
    cast = Rankings(("A", "B", "C"), {((0, 1),): 6, (C, B): 5})
    result = count(cast, Method.IRV, Options(equal=equal))
    assert [one["votes"] for one in result.rounds] == rounds
    assert result.winners == ([winner] if equal is not Equal.WHOLE else ["B"])


def test_a_whole_equal_rank_passes_on_once_all_of_it_have_left() -> None:
    cast = Rankings(tuple("ABCD"), {((0, 1), C): 2, (C,): 3, ((3,),): 4})
    result = count(cast, Method.IRV, Options(equal=Equal.WHOLE))
    assert [one["votes"] for one in result.rounds] == [
        {"A": 2, "B": 2, "C": 3, "D": 4},
        {"A": 2, "C": 3, "D": 4},
        {"C": 5, "D": 4},
    ]


def test_a_ballot_ends_where_it_names_nobody_left() -> None:
    cast = Rankings(("A", "B", "C"), {(A,): 4, (B,): 3, (C,): 2})
    first, second = count(cast, Method.IRV).rounds
    assert (first["eliminated"], first["transfers"], first["exhausted"]) == (["C"], {}, 0)
    assert (second["votes"], second["exhausted"]) == ({"A": 4, "B": 3}, 2)


def test_blank_ballots_alone_elect_nobody() -> None:
    result = count(Rankings(("A", "B"), {(): 3}), Method.IRV)
    assert (result.winners, result.ballots) == ([], 3)
    assert "no ballot names" in result.because.en


def test_ties_are_reported_and_broken_by_the_order_of_the_file() -> None:
    cast = Rankings(("A", "B", "C"), {(B,): 2, (A,): 2, (C,): 1})
    result = count(cast, Method.PLURALITY)
    (tie,) = result.as_json()["ties"]
    assert tie == {"names": ["A", "B"], "about": "elected", "round": 1, "taken": "A", "rule": "order"}
    assert result.as_json()["rules"]["ties"] == "order"
    assert "A (A and B: the order of the file)" in result.explanation().en
    assert "A (A et B : l’ordre du fichier)" in result.explanation().fr


def test_equals_who_all_get_a_seat_are_no_tie() -> None:
    result = count(Rankings(("A", "B", "C"), {(B,): 2, (A,): 2, (C,): 1}), Method.PLURALITY, Options(seats=2))
    assert (result.winners, result.ties.met) == (["A", "B"], [])


def test_a_lot_can_be_drawn_again_and_follows_its_text() -> None:
    cast = Rankings(tuple("ABCDEFGH"), {(): 1})
    drawn = [count(cast, Method.PLURALITY, Options(ties=f"lot:{at}")).winners for at in range(20)]
    assert drawn == [count(cast, Method.PLURALITY, Options(ties=f"lot:{at}")).winners for at in range(20)]
    assert len({name for (name,) in drawn}) > 3
    smallest = min("ABCDEFGH", key=lambda name: sha256(f"7\n{name}".encode()).hexdigest())
    assert drawn[7] == [smallest]


def test_sums() -> None:
    assert count(GRADES, Method.APPROVAL).rounds[0]["votes"] == {"A": 2, "B": 1}
    half = Grades(("A", "B"), {(Fraction(5, 2), 1): 1, (None, 1): 1})
    assert count(half, Method.SCORE).rounds[0]["votes"] == {"A": "2.5", "B": 2}
    votes = Grades(("A", "B"), {(3, -4): 1, (0, 1): 2})
    spent = count(votes, Method.QUADRATIC, Options(credits=25))
    assert (spent.rounds[0]["votes"], spent.rules["most_spent"]) == ({"A": 3, "B": -2}, "25")


def test_budgets() -> None:
    assert count(BUDGET, Method.APPROVAL).rounds[0]["votes"] == {"p": 1, "q": 2}
    assert count(BUDGET, Method.SCORE).rounds[0]["votes"] == {"p": 2, "q": 2}
    result = count(BUDGET, Method.GREEDY)
    # Equal points: the cheaper is taken first, and then the other does not fit.
    assert result.winners == ["q"]
    assert [one["funded"] for one in result.rounds] == [True, False]
    assert result.ties.met[0].rule == "the cheaper project"
    assert result.data["budget"]["spent"] == 5


def test_a_project_that_costs_nothing_or_that_nobody_wants() -> None:
    projects = (Project("free", "", 0), Project("alone", "", 1), Project("park", "", Fraction(5, 2)))
    profile = Budget(projects, Fraction(5, 2), {((0, 1), (2, 1)): 2})
    for method in (Method.GREEDY, Method.EQUAL_SHARES):
        assert count(profile, method).winners == ["free", "park"]


REFUSED: list[tuple[Profile, Method, dict[str, Any], str]] = [
    (EQUAL, Method.IRV, {"seats": 2}, "take stv"),
    (EQUAL, Method.STV, {"equal": Equal.WHOLE}, "split or exhaust"),
    (EQUAL, Method.STV, {"seats": 4}, "4 seats for 3 candidates"),
    (EQUAL, Method.PLURALITY, {"seats": 0}, "say 1 or more"),
    (EQUAL, Method.PLURALITY, {"ties": "dice"}, "no tie-break 'dice'"),
    (EQUAL, Method.PLURALITY, {"ties": "lot:"}, "no tie-break 'lot:'"),
    (EQUAL, Method.SCORE, {}, "counts grades or a budget, and this file holds ranked ballots"),
    (GRADES, Method.GREEDY, {}, "counts a budget, and this file holds grades"),
    (BUDGET, Method.SCHULZE, {}, "counts ranked ballots, and this file holds a budget"),
    (Rankings((), {}), Method.IRV, {}, "no candidate"),
    (GRADES, Method.MAJORITY_JUDGMENT, {}, "--worst and --best"),
    (Grades(("A",), {(7,): 1}, 0, 5), Method.MAJORITY_JUDGMENT, {}, "grade 7, outside of the scale from 0"),
    (Grades(("A",), {(7,): 1}, 0, 5), Method.SCORE, {}, "outside of the scale"),
    (Grades(("A",), {}, 0, 5), Method.MAJORITY_JUDGMENT, {}, "Nobody has given a grade"),
    (Grades(("A",), {(2,): 1}), Method.APPROVAL, {}, "gives A a 2: an approval is 1"),
    (Grades(("A",), {(3,): 1}), Method.QUADRATIC, {"credits": 8}, "spends 9 credits, and 8 may be spent"),
]


@pytest.mark.parametrize(("profile", "method", "options", "message"), REFUSED)
def test_what_cannot_be_counted(profile: Profile, method: Method, options: dict[str, Any], message: str) -> None:
    with pytest.raises(CannotCount, match=message):
        count(profile, method, Options(**options))


def test_tallies_of_different_sizes_are_not_compared() -> None:
    with pytest.raises(CannotCount, match="3 grades cannot be compared with 2"):
        compare(Tally((1, 2)), Tally((1, 1)))


def test_majority_judgment_reports_a_tie_only_where_it_decides_a_seat() -> None:
    same = Grades(("A", "B", "C"), Counter({(1, 1, 0): 3}), 0, 1)
    assert [tie.names for tie in count(same, Method.MAJORITY_JUDGMENT).ties.met] == [("A", "B")]
    assert count(same, Method.MAJORITY_JUDGMENT, Options(seats=2)).ties.met == []


def test_every_method_explains_itself_in_both_languages() -> None:
    scaled = Grades(("A", "B"), {(1, 0): 2, (None, 1): 1}, 0, 1)
    for method in Method:
        for profile in (EQUAL, scaled, BUDGET):
            try:
                said = count(profile, method).as_json()
            except CannotCount:
                continue
            assert list(said)[:5] == ["method", "ballots", "winners", "rounds", "ties"]
            assert said["method"] == method.value
            assert said["explanation"]["en"].endswith(".")
            assert said["explanation"]["fr"] != said["explanation"]["en"]


def test_numbers_and_lists_as_people_write_them() -> None:
    assert [exact(one) for one in (4, Fraction(4), Fraction(5, 2), Fraction(-1, 4), Fraction(1, 3))] == [
        4,
        4,
        "2.5",
        "-0.25",
        "1/3",
    ]
    assert (english(4314), english(Fraction(25, 2)), english(100)) == ("4,314", "12.5", "100")
    assert (french(4314), french(Fraction(25, 2))) == ("4\u202f314", "12,5")
    assert listed(["A"]).en == "A"
    assert listed(["A", "B", "C"]).fr == "A, B et C"
