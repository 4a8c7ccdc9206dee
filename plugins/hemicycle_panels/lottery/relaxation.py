"""When no panel keeps all quotas: which quotas stand in the way, and the least by which they must give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemicycle_panels.lottery.pool import Pool, Quota
from hemicycle_panels.lottery.solver import INFINITY, Model


@dataclass(frozen=True)
class Change:
    """A quota as it is, and as it would have to be."""

    quota: Quota
    minimum: int
    maximum: int

    def __str__(self) -> str:
        told = []
        if self.minimum != self.quota.minimum:
            told.append(f"at least {self.minimum} instead of {self.quota.minimum}")
        if self.maximum != self.quota.maximum:
            told.append(f"at most {self.maximum} instead of {self.quota.maximum}")
        return f"{self.quota.name}: {', '.join(told)}"


def feasible(pool: Pool) -> bool:
    """Whether some panel keeps all quotas."""
    model = Model(pool.matrix, pool.lower, pool.upper, np.zeros(len(pool.counts)), pool.counts, whole=True)
    return model.solve()


def smallest_relaxation(pool: Pool) -> Sequence[Change]:
    """The quotas that must move so that a panel exists: first the fewest seats in proportion to the quota, so that a
    large group gives a seat before a small one does."""
    rows, types = pool.matrix.shape
    down, up = np.eye(rows), -np.eye(rows)
    free = np.full(rows, INFINITY)
    free[0] = 0.0  # the size of the panel stays
    price = 1.0 + 1.0 / np.maximum(pool.upper, 1.0)
    model = Model(
        np.hstack([pool.matrix, down, up]), pool.lower, pool.upper, np.zeros(types + 2 * rows),
        np.concatenate([pool.counts, np.minimum(free, pool.lower), free]),
        np.concatenate([np.zeros(types), price, price]), whole=True, maximise=False,
    )  # fmt: skip
    model.solve()
    moved = np.rint(model.x[types:]).astype(int)
    return [
        Change(quota, quota.minimum - int(moved[row]), quota.maximum + int(moved[rows + row]))
        for row, quota in enumerate(pool.quotas, 1)
        if moved[row] or moved[rows + row]
    ]
