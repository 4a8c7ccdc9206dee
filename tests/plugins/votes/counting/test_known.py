"""Elections whose outcome is known: real ones where the data is at hand, and textbook examples always."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hemicycle_votes.counting import Budget, Grades, Method, Options, Project, Rankings, Result, count
from hemicycle_votes.counting.majority_judgment import Tally
from hemicycle_votes.reading import read

DATA = Path(__file__).parents[5] / "shared" / "data"


def real(names: str, cases: list[Any]) -> Any:
    """One test for each case, where the real data is: it is no part of the repository."""
    return pytest.mark.parametrize(names, cases if DATA.is_dir() else [])


def ranked(names: str, **ballots: int) -> Rankings:
    """`ABC=3`: three people prefer A to B to C."""
    orders = {tuple((names.index(one),) for one in order): times for order, times in ballots.items()}
    return Rankings(tuple(names), orders)


def tallied(file: str, method: Method, *scale: int) -> Result:
    return count(read(DATA / file, *scale), method)


@real(
    ("file", "method", "winner"),
    [
        ("burlington_2009.toi", Method.PLURALITY, "Kurt Wright"),
        ("burlington_2009.toi", Method.IRV, "Bob Kiss"),
        ("burlington_2009.toi", Method.CONDORCET, "Andy Montroll"),
        ("burlington_2009.toi", Method.SCHULZE, "Andy Montroll"),
        ("debian_2005.toc", Method.SCHULZE, "Branden Robinson"),
    ],
)
def test_ranked_elections(file: str, method: Method, winner: str) -> None:
    assert tallied(f"preflib/{file}", method).winners == [winner]


@real("file", ["Netherlands_Assen_2024.pb", "Poland_Swiecie_2023.pb"])
def test_cities_that_used_equal_shares(file: str) -> None:
    lines = (DATA / "pabulib" / file).read_text("utf-8").partition("PROJECTS\n")[2].partition("VOTES\n")[0].splitlines()
    column = lines[0].split(";").index("selected")
    selected = {line.split(";")[0] for line in lines[1:] if line.split(";")[column] == "1"}
    assert set(tallied(f"pabulib/{file}", Method.EQUAL_SHARES).winners) == selected


@real("file", ["France_Toulouse_2019.pb", "France_Toulouse_2022.pb"])
def test_toulouse_is_counted(file: str) -> None:
    result = tallied(f"pabulib/{file}", Method.GREEDY)
    assert result.winners
    assert result.data["budget"]["spent"] <= result.data["budget"]["amount"]


@real(("station", "ballots"), [("01", 559), ("06", 601)])
def test_orsay_by_its_own_medians(station: str, ballots: int) -> None:
    file = DATA / "orsay_2007" / f"bureau_{station}.csv"
    head, *rows = (line.split(",")[1:] for line in file.read_text("utf-8-sig").splitlines())
    result = tallied(f"orsay_2007/{file.name}", Method.MAJORITY_JUDGMENT, 1, 6, 0)
    assert (result.ballots, result.winners) == (ballots, ["Bayrou"])
    assert result.ranking is not None
    keys = []
    for one in result.ranking:
        grades = sorted(max(1, int(row[head.index(one["name"])])) for row in rows)
        assert one["median"] == grades[(len(grades) - 1) // 2]
        removed = []
        while grades:
            removed.append(grades.pop((len(grades) - 1) // 2))
        keys.append(removed)
    assert keys == sorted(keys, reverse=True)


@real("theme", ["consommer", "produire", "seDeplacer"])
def test_the_medians_of_the_convention_citoyenne_pour_le_climat(theme: str) -> None:
    every: list[dict[str, Any]] = json.loads((DATA / "convention_climat_2020" / f"{theme}.mj.json").read_text("utf-8"))
    for one in every:
        blank, worst, *others = (one["counts_per_grade"].get(str(grade), 0) for grade in (-1, 1, 2, 3, 4, 5))
        assert Tally((blank + worst, *others)).median + 1 == one["majority_grade"]


def test_the_capital_of_tennessee() -> None:
    cast = ranked("MNCK", MNCK=42, NCKM=26, CKNM=15, KCNM=17)
    won = {method: count(cast, method).winners for method in (Method.PLURALITY, Method.IRV, Method.CONDORCET)}
    assert won == {Method.PLURALITY: ["M"], Method.IRV: ["K"], Method.CONDORCET: ["N"]}
    assert "58 to 42" in count(cast, Method.CONDORCET).because.en
    assert "58 contre 42" in count(cast, Method.SCHULZE).because.fr


def test_a_cycle_has_no_condorcet_winner_and_schulze_says_who() -> None:
    cast = ranked("ABC", ABC=4, BCA=3, CAB=2)
    result = count(cast, Method.CONDORCET)
    assert result.winners == []
    assert "A, B and C" in result.because.en
    assert count(cast, Method.SCHULZE).winners == ["A"]


def test_schulze_on_the_example_of_its_author() -> None:
    cast = ranked("ABCDE", ACBED=5, ADECB=5, BEDAC=8, CABED=3, CAEBD=7, CBADE=2, DCEBA=7, EBADC=8)
    result = count(cast, Method.SCHULZE, Options(seats=5))
    assert result.winners == list("EACBD")
    assert result.data["paths"]["E"]["A"] == 25
    assert result.data["paths"]["A"]["E"] == 24


def test_stv_passes_a_surplus_on_at_a_part_of_its_worth() -> None:
    cast = ranked("ABCD", AB=4, AC=2, D=3)
    result = count(cast, Method.STV, Options(seats=2))
    # The quota is ⌊9 / 3⌋ + 1 = 4: A gives 2 of 6 votes on, each ballot at 2 / 6 = 0.33333.
    assert result.rules["quota"] == "4"
    assert result.rounds[1]["transfers"] == {"B": "1.33332", "C": "0.66666"}
    assert result.rounds[1]["exhausted"] == "0.00002"
    assert result.winners == ["A", "D"]


def test_stv_looks_at_earlier_rounds_before_the_tie_break() -> None:
    cast = ranked("ABCD", A=5, B=3, C=2, DC=1)
    result = count(cast, Method.STV)
    (tie,) = result.ties.met
    assert (tie.names, tie.taken, tie.rule) == (("B", "C"), "C", "earlier rounds")


def test_majority_judgment_removes_medians() -> None:
    # Same median (2): A has more above it than below, B the other way round.
    ballots = Counter({(3, 2): 2, (2, 2): 1, (2, 1): 1, (1, 1): 1})
    result = count(Grades(("A", "B"), ballots, 0, 3), Method.MAJORITY_JUDGMENT)
    assert result.ranking == [
        {"name": "A", "median": 2, "above": 2, "below": 1},
        {"name": "B", "median": 2, "above": 0, "below": 2},
    ]
    assert result.data["profiles"] == {"grades": [0, 1, 2, 3], "counts": {"A": [0, 1, 2, 2], "B": [0, 2, 3, 0]}}


def test_a_blank_is_the_worst_grade_also_on_a_scale_that_goes_down() -> None:
    ballots = Counter({(1, 3): 1, (None, 3): 2})
    result = count(Grades(("A", "B"), ballots, 6, 1), Method.MAJORITY_JUDGMENT)
    assert result.ranking is not None
    assert [(one["name"], one["median"]) for one in result.ranking] == [("B", 3), ("A", 6)]


def test_equal_shares_gives_a_minority_its_part() -> None:
    # 51 people for red, 49 for blue; ten projects of each, all at 100 of a budget of 1000: greedy buys red alone.
    projects = tuple(Project(f"{colour}{at}", "", 100) for colour in ("red", "blue") for at in range(10))
    red, blue = (tuple((at + start, 1) for at in range(10)) for start in (0, 10))
    profile = Budget(projects, 1000, {red: 51, blue: 49})
    assert all(one.startswith("red") for one in count(profile, Method.GREEDY).winners)
    shared = Counter(one.rstrip("0123456789") for one in count(profile, Method.EQUAL_SHARES).winners)
    assert shared == {"red": 5, "blue": 5}


def test_equal_shares_does_not_walk_through_what_is_out_of_reach() -> None:
    projects = (Project("A", "", 6), Project("B", "", 10**15))
    for amount, won in ((10, ["A"]), (2 * 10**15, ["A", "B"])):
        result = count(Budget(projects, amount, {((0, 1),): 1, ((1, 1),): 1}), Method.EQUAL_SHARES)
        assert (result.winners, result.rules["each"]) == (won, str(10**15 - (amount == 10)))


def test_equal_shares_goes_on_until_the_next_step_would_overspend() -> None:
    # At 5 for each nobody can pay; from 6 on the two pay for A. At 10 B could be bought as well, which overspends.
    projects = (Project("A", "", 6), Project("B", "", 10))
    profile = Budget(projects, 10, {((0, 1),): 1, ((1, 1),): 1})
    result = count(profile, Method.EQUAL_SHARES)
    assert result.winners == ["A"]
    assert result.rules["each"] == "9"
