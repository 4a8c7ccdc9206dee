"""Make the lottery of a pool: the fairest probabilities, the panels that give them, and the measure of how near."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hemicycle_panels.lottery.fairness import Algorithm, Bound, Cut, fairest
from hemicycle_panels.lottery.limit import Limit
from hemicycle_panels.lottery.pool import LotteryError, PersonId, Pool, Reals, Whole
from hemicycle_panels.lottery.proof import nearest_lottery
from hemicycle_panels.lottery.relaxation import feasible, relaxations
from hemicycle_panels.lottery.seats import seat
from hemicycle_panels.lottery.solver import INFINITY, Model, version
from hemicycle_panels.lottery.walk import PanelFinder, totals, walk

FINE = 4_000_000  # panels of the certificate's lottery: the rounding of its seats is below the tolerance
COARSE = 1000  # panels of a lottery that is written when time is out
WRITING = 30.0  # seconds that each writing of panels may take after it
TOLERANCE = 1e-6
ROUNDS = 60  # cuts before the best lottery found is returned with its gap
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Lottery:
    """probabilities: of each person. panels: the uniform lottery, each a sorted tuple of ids.

    certificate_gap: measured on the optimal lottery's own panels: by how much anyone's probability is below the bound
    that no lottery beats, plus what the bound's own proof leaves open. deviation: the largest difference of a person's
    share of the uniform lottery from their probability.
    """

    algorithm: str
    probabilities: dict[PersonId, float]
    panels: list[tuple[PersonId, ...]]
    certificate_gap: float
    deviation: float
    solver: str

    @property
    def gini(self) -> float:
        """Inequality of the probabilities: 0 when all have the same."""
        values = np.sort(list(self.probabilities.values()))
        ranks = np.arange(1, len(values) + 1)
        return float(abs(((2 * ranks - len(values) - 1) * values).sum()) / (len(values) * values.sum()))


def make_lottery(
    pool: Pool, algorithm: Algorithm = "leximin", size: int = 1000, progress: Progress = lambda _: None,
    seconds: float | None = None,
) -> Lottery:  # fmt: skip
    """The fairest lottery of the pool and a uniform one of `size` panels. The same pool has the same lottery.

    seconds: after them, the best lottery found is written down, which may take some thirty more; its name says so.
    Raises LotteryError when no panel keeps all quotas, with the smallest change that would help.
    """
    if not feasible(pool):
        raise LotteryError(f"no panel keeps all quotas; {_remedy(pool)}")
    finder, limit = PanelFinder(pool), Limit(seconds)
    optimum = _optimum(pool, finder, algorithm, progress, limit)
    progress(f"writing {size} panels")
    panels = seat(pool, _uniform(pool, finder, optimum, size, Limit(limit.left(WRITING))))
    probabilities, gap = optimum.probabilities, optimum.gap
    people = {person.id: float(p) for p, members in zip(probabilities, pool.members, strict=True) for person in members}
    shares = dict.fromkeys(people, 0)
    for panel in panels:
        for id_ in panel:
            shares[id_] += 1
    deviation = max(abs(shares[id_] / size - p) for id_, p in people.items())
    ran: str = algorithm
    if gap > TOLERANCE:
        ran += f", stopped after {seconds:g} s" if seconds is not None and limit.passed else ", not proved"
    ordered = {person.id: people[person.id] for person in pool.people}
    return Lottery(ran, ordered, panels, gap, deviation, version())


def _remedy(pool: Pool) -> str:
    """Which quotas would have to give way; other ways too, where there are."""
    ways = ["; ".join(map(str, one)) for one in relaxations(pool)]
    if not ways:
        return "no change of quotas helps: ask for a smaller panel, or leave the household rule out"
    return f"the smallest change that helps: {' -- or: '.join(ways)}"


@dataclass(frozen=True)
class _Optimum:
    """A lottery that was written down: panels with weights, what each type has from it, and the measured gap."""

    panels: list[Whole]
    weights: Reals
    probabilities: Reals
    gap: float


def _optimum(pool: Pool, finder: PanelFinder, algorithm: Algorithm, progress: Progress, limit: Limit) -> _Optimum:
    cuts: list[Cut] = []
    known: list[Whole] = []
    best: _Optimum | None = None
    for number in range(1, ROUNDS + 1):
        bound = fairest(pool, algorithm, cuts)
        progress(f"bound {number}: the lowest probability is at most {bound.probabilities.min():.4%}")
        written = walk(pool, finder, totals(pool, bound.probabilities * pool.counts, FINE), FINE, limit=limit)
        panels = [panel for panel, _ in written.panels]
        if written.done:
            weights = np.array([times for _, times in written.panels]) / FINE
            return _measured(pool, bound, algorithm, panels, weights)
        known += panels or [_any(finder, pool)]
        progress(f"bound {number}: looking for panels that reach it")
        wanted = bound.probabilities
        if algorithm == "maximin":
            wanted = np.full_like(wanted, wanted.min())
        proof = nearest_lottery(pool, finder, wanted, known, TOLERANCE / 4, limit)
        known = list(proof.panels)
        found = _measured(pool, bound, algorithm, proof.panels, proof.weights)
        best = found if best is None or found.gap < best.gap else best
        if best.gap <= TOLERANCE or proof.cut is None or limit.passed:
            break
        cuts.append(proof.cut)
    assert best is not None
    if limit.passed:
        # A thousand panels are written soon, and are near to what the bound promises everyone.
        again = Limit(WRITING)
        written = walk(pool, finder, totals(pool, bound.probabilities * pool.counts, COARSE), COARSE, limit=again)
        if written.done:
            weights = np.array([times for _, times in written.panels]) / COARSE
            soon = _measured(pool, bound, algorithm, [panel for panel, _ in written.panels], weights)
            best = soon if soon.gap < best.gap else best
    return best


def _measured(pool: Pool, bound: Bound, algorithm: Algorithm, panels: list[Whole], weights: Reals) -> _Optimum:
    """Count what the lottery of these panels gives each type, and compare it with the bound. Every panel is checked."""
    _check(pool, panels)
    used = weights > 0
    panels, weights = [panel for panel, one in zip(panels, used, strict=True) if one], weights[used]
    given = (weights @ np.array(panels, np.float64)) / pool.counts
    short = bound.probabilities - given if algorithm == "leximin" else bound.probabilities.min() - given
    return _Optimum(panels, weights, given, float(max(short.max(), 0.0) + max(bound.slack, 0.0)))


def _uniform(
    pool: Pool, finder: PanelFinder, optimum: _Optimum, size: int, limit: Limit
) -> list[tuple[Whole, int]]:  # fmt: skip
    """`size` panels whose seats are the expected ones rounded up or down; where the walk finds none, the optimal
    lottery's own panels, each as often as brings everyone nearest to their probability."""
    times = np.rint(size * optimum.weights).astype(int)
    if np.abs(size * optimum.weights - times).max() < 1e-9:  # it is uniform already
        return [(panel, int(often)) for panel, often in zip(optimum.panels, times, strict=True)]
    written = walk(
        pool, finder, totals(pool, optimum.probabilities * pool.counts, size), size, retries=200, limit=limit
    )
    panels = written.panels if written.done else _rounded(pool, optimum, size, limit)
    _check(pool, [panel for panel, _ in panels])
    return panels


def _rounded(pool: Pool, optimum: _Optimum, size: int, limit: Limit) -> list[tuple[Whole, int]]:
    shares = np.array(optimum.panels, np.float64).T / pool.counts[:, None]
    types, count = shares.shape
    goal, far = size * optimum.probabilities, np.ones((types, 1))
    # Whole copies near the weights, so the search is short: floor, and up to two more.
    floor = np.floor(size * optimum.weights + 1e-9)
    matrix = np.vstack([np.hstack([shares, far]), np.hstack([shares, -far]), np.append(np.ones(count), 0.0)])
    lower, upper = np.append(goal, np.full(types, -INFINITY)), np.append(np.full(types, INFINITY), goal)
    model = Model(
        matrix, np.append(lower, size), np.append(upper, size), np.append(floor, 0.0), np.append(floor + 2, INFINITY),
        np.append(np.zeros(count), 1.0), whole=[True] * count + [False], maximise=False, gap=0.05,
    )  # fmt: skip
    model.solver.setOptionValue("mip_max_nodes", 2000)
    model.solve(limit.left(10.0))
    assert model.found
    times = np.rint(model.x[:count]).astype(int)
    return [(panel, int(often)) for panel, often in zip(optimum.panels, times, strict=True) if often]


def _any(finder: PanelFinder, pool: Pool) -> Whole:
    panel = finder.find(np.zeros(len(pool.counts)))
    assert panel is not None
    return panel


def _check(pool: Pool, panels: list[Whole]) -> None:
    if not all(pool.allows(panel) for panel in panels):
        raise LotteryError("the solver returned a panel that breaks a quota: report this, with the pool if you may")
