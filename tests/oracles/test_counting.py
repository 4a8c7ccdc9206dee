"""Random elections counted by us and by packages that others wrote: `make oracles`, which installs them.

Where the rules differ, the difference is one that docs/counting.md states, and the test says how it is left out.
"""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hemicycle_votes.counting import Budget, Method, Options, Project, Rankings, Result, count
from tests.plugins.votes.counting.test_against_plain import orders

pytestmark = [
    pytest.mark.oracle,
    # numba, which pref_voting brings, still calls what later versions drop.
    pytest.mark.filterwarnings("ignore"),
]
NAMES = tuple("ABCDEF")
Ballots = list[tuple[list[list[int]], int]]
many = settings(max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@st.composite
def elections(draw: st.DrawFn, *, equal: bool = True) -> tuple[int, Ballots]:
    """Ballots of two to six candidates, each cast by up to a thousand people; `equal`: with equal ranks."""
    size = draw(st.integers(2, 6))
    cast = draw(st.lists(st.tuples(orders(size), st.integers(1, 1000)), min_size=1, max_size=12))
    if not equal:
        cast = [([[one] for group in order for one in group], times) for order, times in cast]
    ballots = [(order, times) for order, times in cast if order]
    assume(ballots)
    return size, ballots


def ours(size: int, ballots: Ballots, method: Method, seats: int = 1) -> Result:
    cast: Counter[Any] = Counter()
    for order, times in ballots:
        cast[tuple(tuple(sorted(group)) for group in order)] += times
    return count(Rankings(NAMES[:size], cast), method, Options(seats))


def theirs(size: int, ballots: Ballots) -> Any:
    from pref_voting.profiles_with_ties import ProfileWithTies

    ranks = [{one: at for at, group in enumerate(order) for one in group} for order, _ in ballots]
    made = ProfileWithTies(ranks, [times for _, times in ballots], candidates=list(range(size)))
    made.use_extended_strict_preference()  # who is not ranked is below all who are
    return made


def places(names: Any) -> set[int]:
    return {NAMES.index(name) for name in names}


@many
@given(elections())
def test_condorcet(election: tuple[int, Ballots]) -> None:
    from pref_voting.c1_methods import condorcet

    found = condorcet(theirs(*election))  # everyone, where there is no winner
    expected = set(found) if len(found) == 1 else set()
    assert places(ours(*election, Method.CONDORCET).winners) == expected


@many
@given(elections())
def test_schulze(election: tuple[int, Ballots]) -> None:
    """With ties too: those whom we found equal are those whom nobody beats."""
    from pref_voting.margin_based_methods import beat_path

    made = theirs(*election)
    result = ours(*election, Method.SCHULZE)
    unbeaten = places(result.ties.met[0].names if result.ties.met else result.winners)
    assert unbeaten == set(beat_path(made, strength_function=made.support))


@many
@given(elections(equal=False))
def test_instant_runoff(election: tuple[int, Ballots]) -> None:
    """Without equal ranks, which pref_voting does not count, and without ties, where it takes all out at once."""
    from pref_voting.voting_methods import instant_runoff_for_truncated_linear_orders as runoff

    result = ours(*election, Method.IRV)
    assume(not result.ties.met)
    assert places(result.winners) == set(runoff(theirs(*election)))


@many
@given(elections(equal=False), st.integers(1, 4))
def test_stv(election: tuple[int, Ballots], seats: int) -> None:
    """Without equal ranks, which pref_voting passes on otherwise, and without ties that no earlier round breaks."""
    from pref_voting.proportional_methods import stv_scottish

    assume(seats < election[0])
    result = ours(*election, Method.STV, seats)
    assume(all(tie.rule != "order" for tie in result.ties.met))
    assert places(result.winners) == set(stv_scottish(theirs(*election), num_seats=seats))


@st.composite
def budgets(draw: st.DrawFn) -> tuple[list[int], int, list[list[int]]]:
    """Costs, the budget, and what each person approves of."""
    costs = draw(st.lists(st.integers(1, 60), min_size=1, max_size=7))
    ballot = st.lists(st.integers(0, len(costs) - 1), min_size=1, max_size=4, unique=True)
    return costs, draw(st.integers(10, 200)), draw(st.lists(ballot, min_size=1, max_size=12))


def shared(costs: list[int], ballots: list[list[int]]) -> tuple[Any, Any, dict[str, Any]]:
    """The same for pabutools: the projects, the ballots, and how to count: by cost, of equals the cheaper."""
    from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat
    from pabutools.election import Project as Theirs
    from pabutools.tiebreaking import TieBreakingRule

    projects = [Theirs(str(at), cost) for at, cost in enumerate(costs)]
    profile = ApprovalProfile([ApprovalBallot([projects[at] for at in ballot]) for ballot in ballots])
    first = TieBreakingRule(lambda _i, _p, project: (project.cost, int(project.name)))
    return projects, profile, {"sat_class": Cost_Sat, "tie_breaking": first}


def funded(costs: list[int], amount: int, ballots: list[list[int]], method: Method) -> list[str]:
    cast = Counter(tuple(sorted((at, 1) for at in ballot)) for ballot in ballots)
    projects = tuple(Project(str(at), "", cost) for at, cost in enumerate(costs))
    return sorted(count(Budget(projects, amount, cast), method).winners)


@many
@given(budgets())
def test_equal_shares(drawn: tuple[list[int], int, list[list[int]]]) -> None:
    """Step by step as our completion says: one unit more for each, until the next step would overspend."""
    from pabutools.election import Instance
    from pabutools.rules import method_of_equal_shares

    costs, amount, ballots = drawn
    projects, profile, how = shared(costs, ballots)
    each, known = amount // len(ballots), list[Any]()
    while True:
        found = method_of_equal_shares(Instance(projects, budget_limit=each * len(ballots)), profile, **how)
        if sum(project.cost for project in found) > amount:
            break
        each, known = each + 1, list(found)
        if len(known) == len({at for ballot in ballots for at in ballot}):
            break
    assert funded(costs, amount, ballots, Method.EQUAL_SHARES) == sorted(project.name for project in known)


@many
@given(budgets())
def test_greedy(drawn: tuple[list[int], int, list[list[int]]]) -> None:
    """But for what nobody voted for, which pabutools funds as long as it fits."""
    from pabutools.election import Instance
    from pabutools.rules import greedy_utilitarian_welfare

    costs, amount, ballots = drawn
    projects, profile, how = shared(costs, ballots)
    found = greedy_utilitarian_welfare(Instance(projects, budget_limit=amount), profile, **how)
    wanted = {str(at) for ballot in ballots for at in ballot}
    expected = sorted(project.name for project in found if project.name in wanted)
    assert funded(costs, amount, ballots, Method.GREEDY) == expected
