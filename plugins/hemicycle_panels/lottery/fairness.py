"""The fairest probabilities that quotas leave room for: leximin and maximin over the quota polytope.

The polytope holds every lottery over allowed panels, so its answer bounds what any lottery can give.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hemicycle_panels.lottery.pool import LotteryError, Pool, Reals
from hemicycle_panels.lottery.solver import INFINITY, Model

Algorithm = Literal["leximin", "maximin"]
NONZERO = 1e-7


@dataclass(frozen=True)
class Cut:
    """weights · panel ≤ most holds for every allowed panel (weights: one per type)."""

    weights: Reals
    most: float


@dataclass(frozen=True)
class Bound:
    """probabilities (types): what each member of a type has; slack: how far the stages' own proofs are from exact."""

    probabilities: Reals
    stages: int
    slack: float


def fairest(pool: Pool, algorithm: Algorithm = "leximin", cuts: Sequence[Cut] = ()) -> Bound:
    """Raise the lowest probability as far as it goes, fix whoever cannot go higher, and go on with the others.

    maximin stops after the first time, and then spreads what is left as evenly as one linear program can.
    Raises LotteryError when no fraction of panels keeps the quotas.
    """
    stage = _Stages(pool, cuts)
    while stage.free.any():
        stage.raise_lowest()
        if algorithm == "maximin":
            break
    return Bound(stage.probabilities, stage.count, stage.slack)


class _Stages:
    """p = level + x, where level is the common z of the free types, and the fixed value of the others.

    So the program has one row for each quota, not one for each type: the rows p ≤ 1 are added where they are broken.
    """

    def __init__(self, pool: Pool, cuts: Sequence[Cut]) -> None:
        types = len(pool.counts)
        weights = np.vstack([pool.matrix, *(cut.weights for cut in cuts)]) * pool.counts
        self.scaled = weights
        self.lower = np.concatenate([pool.lower, np.full(len(cuts), -INFINITY)])
        self.upper = np.concatenate([pool.upper, [cut.most for cut in cuts]])
        self.fixed, self.free = np.zeros(types), np.ones(types, dtype=bool)
        self.probabilities = np.zeros(types)
        self.capped: dict[int, int] = {}
        self.count, self.slack, self.width = 0, 0.0, 1e-10
        most = np.append(np.full(types, 1.0), 1.0)
        matrix = np.column_stack([weights, weights.sum(axis=1)])
        self.model = Model(matrix, self.lower, self.upper, np.zeros(types + 1), most, np.append(np.zeros(types), 1.0))

    def raise_lowest(self) -> None:
        """One stage: the highest z, and the types that no solution of that z raises further (their dual says so)."""
        self._solve()
        types = len(self.free)
        level = float(self.model.x[types])
        prices = -self.model.reduced_costs[:types]
        stuck = self.free & (prices > NONZERO)
        if not stuck.any():
            stuck = self.free & (prices >= prices[self.free].max())
        self.slack = max(self.slack, self._proved() - level)
        self.fixed[stuck], self.count = level, self.count + 1
        self.free &= ~stuck
        for type_, row in self.capped.items():
            if stuck[type_]:
                self.model.solver.changeCoeff(row, types, 0.0)
                self.model.solver.changeRowBounds(row, -INFINITY, 1 - level)

    def _solve(self) -> None:
        types = len(self.free)
        self._shift()
        while True:
            while not self.model.solve():
                # Fixed values carry round-off: the rows give way by less than anyone could notice, or not at all.
                self.width *= 10
                if self.width > 1e-6:
                    raise LotteryError("no panel keeps all quotas")
                self._shift()
                self.model.restart()
            x = self.model.x
            self.probabilities = np.where(self.free, x[types], self.fixed) + x[:types]
            broken = [int(t) for t in np.nonzero(self.probabilities > 1 + 1e-9)[0] if int(t) not in self.capped]
            if not broken:
                return
            for type_ in broken:
                free = self.free[type_]
                room = 1.0 if free else 1 - self.fixed[type_]
                self.capped[type_] = self.model.add_row(
                    -INFINITY, room, [type_, types][: 1 + free], [1.0, 1.0][: 1 + free]
                )

    def _shift(self) -> None:
        """Tell the rows what is fixed."""
        given, free = self.scaled @ np.where(self.free, 0.0, self.fixed), self.scaled @ self.free
        for row in range(len(given)):
            self.model.solver.changeCoeff(row, len(self.free), free[row])
            self.model.solver.changeRowBounds(
                row, self.lower[row] - given[row] - self.width, self.upper[row] - given[row] + self.width
            )

    def _proved(self) -> float:
        """A bound on z that follows from the row prices by arithmetic alone (weak duality), whatever HiGHS claims."""
        prices = self.model.row_duals[: len(self.lower)]
        ends = np.where(prices > 0, self.upper, self.lower)
        prices, ends = np.where(np.isinf(ends), 0.0, prices), np.where(np.isinf(ends), 0.0, ends)
        weights = prices @ self.scaled
        rising = self.free & (weights > 0)
        if not rising.any():
            return 1.0
        # What the other types take at least: their fixed value, or at most 1 where they count against it.
        others = np.where(self.free, np.minimum(weights, 0.0), weights * self.fixed).sum()
        return float(min(1.0, (prices @ ends - others) / weights[rising].sum()))
