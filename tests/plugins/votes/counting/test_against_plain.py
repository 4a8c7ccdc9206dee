"""Random elections, with ties, truncations and equal ranks, counted twice: by us, and by the plainest code."""

import os
import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import cmp_to_key
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemicycle_votes.counting import Budget, Equal, Grades, Method, Options, Project, Rankings, Ties, count
from hemicycle_votes.counting.equal_shares import Completion
from hemicycle_votes.counting.estimates import Unsure, purchases
from hemicycle_votes.counting.majority_judgment import Tally, compare
from hemicycle_votes.counting.pairwise import matrix, smith
from hemicycle_votes.counting.schulze import strongest_paths
from tests.plugins.votes.counting import plain

NAMES = tuple("ABCDE")
GRADED = st.lists(st.tuples(*[st.none() | st.integers(1, 4)] * 3), min_size=1, max_size=9)
Property = Callable[..., None]


@st.composite
def orders(draw: st.DrawFn, size: int) -> list[list[int]]:
    """A ballot: some of the candidates, in groups."""
    some = draw(st.permutations(range(size)))[: draw(st.integers(0, size))]
    ballot: list[list[int]] = []
    for one in some:
        if ballot and draw(st.integers(0, 3)) == 0:
            ballot[-1].append(one)
        else:
            ballot.append([one])
    return ballot


@st.composite
def elections(draw: st.DrawFn) -> tuple[int, list[list[list[int]]]]:
    size = draw(st.integers(1, 5))
    return size, draw(st.lists(orders(size), max_size=15))


def rankings(size: int, ballots: list[list[list[int]]]) -> Rankings:
    return Rankings(NAMES[:size], Counter(tuple(tuple(sorted(group)) for group in ballot) for ballot in ballots))


def many(check: Property) -> Property:
    """Some hundred examples in every run."""
    return settings(max_examples=200, deadline=None, derandomize=True, database=None)(check)


@many
@given(elections())
def test_duels_and_paths(election: tuple[int, Any]) -> None:
    size, ballots = election
    beats = matrix(rankings(size, ballots))
    paths = strongest_paths(beats)
    for a in range(size):
        for b in range(size):
            if a != b:
                assert beats[a][b] == plain.preferred(ballots, a, b)
                assert paths[a][b] == plain.strongest(ballots, size, a, b)


@many
@given(elections())
def test_schulze_elects_the_condorcet_winner_and_else_one_of_the_smith_set(election: tuple[int, Any]) -> None:
    cast = rankings(*election)
    (won,) = count(cast, Method.SCHULZE).winners
    assert count(cast, Method.CONDORCET).winners in ([], [won])
    assert NAMES.index(won) in smith(matrix(cast))


@many
@given(elections())
def test_instant_runoff(election: tuple[int, Any]) -> None:
    size, ballots = election
    expected = plain.runoff(ballots, size)
    assert count(rankings(size, ballots), Method.IRV).winners == ([] if expected is None else [NAMES[expected]])


@many
@given(elections(), st.integers(1, 5), st.sampled_from([Equal.SPLIT, Equal.EXHAUST]))
def test_stv_fills_the_seats_and_loses_no_vote(election: tuple[int, Any], seats: int, equal: Equal) -> None:
    size, ballots = election
    seats = min(seats, size)
    result = count(rankings(size, ballots), Method.STV, Options(seats, equal))
    assert len(set(result.winners)) == len(result.winners) == seats
    valid = {sum(map(Fraction, one["votes"].values())) + Fraction(one["exhausted"]) for one in result.rounds}
    assert len(valid) == 1
    quota = Fraction(result.rules["quota"])
    assert (seats + 1) * quota > valid.pop()


@many
@given(elections(), st.integers(1, 5))
def test_stv(election: tuple[int, Any], seats: int) -> None:
    size, ballots = election
    seats = min(seats, size)
    result = count(rankings(size, ballots), Method.STV, Options(seats))
    assert result.winners == [NAMES[one] for one in plain.stv(ballots, size, seats)]


@many
@given(elections(), st.sampled_from([Method.PLURALITY, Method.IRV, Method.STV, Method.SCHULZE]), st.randoms())
def test_neutrality_and_anonymity(election: tuple[int, Any], method: Method, chance: Any) -> None:
    size, ballots = election
    first = count(rankings(size, ballots), method)
    chance.shuffle(ballots)
    assert count(rankings(size, ballots), method).winners == first.winners
    turned = list(range(size))
    chance.shuffle(turned)
    other = count(rankings(size, [[[turned[one] for one in group] for group in ballot] for ballot in ballots]), method)
    if not first.ties.met and not other.ties.met:
        assert other.winners == [NAMES[turned[NAMES.index(name)]] for name in first.winners]


@many
@given(
    st.integers(1, 12).flatmap(lambda size: st.tuples(*[st.lists(st.integers(0, 4), min_size=size, max_size=size)] * 2))
)
def test_two_tallies_compare_as_their_medians_one_by_one(grades: tuple[list[int], list[int]]) -> None:
    one, other = (Tally(tuple(some.count(grade) for grade in range(5))) for some in grades)
    found = compare(one, other)
    assert (found < 0) - (found > 0) == plain.better(*grades)


@many
@given(GRADED)
def test_majority_judgment(ballots: list[tuple[int | None, ...]]) -> None:
    result = count(Grades(NAMES[:3], Counter(ballots), 1, 4), Method.MAJORITY_JUDGMENT)
    given_ = {name: [ballot[at] or 1 for ballot in ballots] for at, name in enumerate(NAMES[:3])}
    assert result.ranking is not None
    order = sorted(NAMES[:3], key=cmp_to_key(lambda a, b: plain.better(given_[b], given_[a])))
    assert [one["name"] for one in result.ranking] == order
    for one in result.ranking:
        mine = sorted(given_[one["name"]])
        assert one["median"] == mine[(len(mine) - 1) // 2]
        assert one["above"] == sum(grade > one["median"] for grade in mine)
        assert one["below"] == sum(grade < one["median"] for grade in mine)


@st.composite
def budgets(draw: st.DrawFn) -> tuple[list[int], int, list[dict[int, int]]]:
    costs = draw(st.lists(st.integers(1, 40), min_size=1, max_size=6))
    ballot = st.dictionaries(st.integers(0, len(costs) - 1), st.integers(1, 3), max_size=4)
    return costs, draw(st.integers(0, 100)), draw(st.lists(ballot, min_size=1, max_size=8))


@many
@given(budgets())
def test_equal_shares(drawn: tuple[list[int], int, list[dict[int, int]]]) -> None:
    costs, amount, ballots = drawn
    projects = tuple(Project(str(at), "", cost) for at, cost in enumerate(costs))
    profile = Budget(projects, amount, Counter(tuple(sorted(ballot.items())) for ballot in ballots))
    won = count(profile, Method.EQUAL_SHARES).winners
    assert won == [str(one) for one in plain.shares(costs, amount, ballots)]
    assert sum(costs[int(one)] for one in won) <= amount


def test_estimates_are_what_is_counted_exactly_or_nothing() -> None:
    chance, sure, unsure = random.Random(7), 0, 0
    for _ in range(40):
        projects = tuple(Project(str(at), "", chance.randrange(1, 2000)) for at in range(12))
        cast = [{at: chance.choice([1, 1, 1, 2, 3]) for at in chance.sample(range(12), 4)} for _ in range(60)]
        steps = Completion(Budget(projects, 6000, Counter(tuple(sorted(ballot.items())) for ballot in cast)))
        for each in range(1, 200, 5):
            shares = steps.shares(each)
            try:
                estimated = purchases(shares.backings, shares.groups, each)
            except Unsure:
                unsure += 1
                continue
            assert estimated == [one.project for one in shares.buy(each, Ties(steps.profile.candidates))]
            sure += bool(estimated)
    assert sure > unsure > 0


@many
@given(st.lists(st.frozensets(st.integers(0, 4), min_size=1), min_size=2, max_size=6), st.integers(1, 4))
def test_equal_shares_leaves_no_group_without_its_part(ballots: list[frozenset[int]], parts: int) -> None:
    """Extended justified representation: of people enough for n projects (all cost the same) who agree on n of them,
    at least one gets n of those that they approve of."""
    cost = 60 * len(ballots)
    projects = tuple(Project(str(at), "", cost) for at in range(5))
    cast = Counter(tuple((at, 1) for at in sorted(ballot)) for ballot in ballots)
    won = {int(one) for one in count(Budget(projects, cost * parts, cast), Method.EQUAL_SHARES).winners}
    for size in range(1, len(ballots) + 1):
        due = size * parts // len(ballots)
        for group in combinations(ballots, size):
            if due and len(frozenset.intersection(*group)) >= due:
                assert max(len(ballot & won) for ballot in group) >= due


MORE = 500 if os.environ.get("SOAK") == "short" else 5000


@pytest.mark.soak
@pytest.mark.parametrize(
    ("check", "drawn"),
    [
        (test_duels_and_paths, elections()),
        (test_instant_runoff, elections()),
        (test_majority_judgment, GRADED),
        (test_equal_shares, budgets()),
    ],
)
def test_thousands_of_them(check: Any, drawn: st.SearchStrategy[Any]) -> None:
    """The same again, on other elections in each run."""
    settings(max_examples=MORE, deadline=None, database=None)(given(drawn)(check.hypothesis.inner_test))()
