"""When no panel keeps all quotas: which quotas stand in the way, and the least by which they must give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemicycle_panels.lottery.pool import Pool, Quota, Reals, Whole
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
    large group gives a seat before a small one does. None, if no change of quotas helps."""
    return next(iter(relaxations(pool, 1)), [])


def relaxations(pool: Pool, most: int = 3) -> list[Sequence[Change]]:
    """The smallest change first, then others that spare the quotas which those before move. Each has one of its own."""
    rows = len(pool.matrix)
    free = np.zeros(rows)
    free[1 : 1 + len(pool.quotas)] = INFINITY  # the size of the panel stays, and who lives together
    price = 1.0 + 1.0 / np.maximum(pool.upper, 1.0)
    found: list[Sequence[Change]] = []
    seen: set[frozenset[int]] = set()
    for _ in range(2 * most):
        moved = _cheapest(pool, free, price)
        if moved is None or len(found) == most:
            break
        rows_moved = frozenset(np.nonzero(moved[:rows] + moved[rows:])[0].tolist())
        if not any(one <= rows_moved for one in seen):
            found.append([
                Change(quota, quota.minimum - int(moved[row]), quota.maximum + int(moved[rows + row]))
                for row, quota in enumerate(pool.quotas, 1)
                if row in rows_moved
            ])  # fmt: skip
        seen.add(rows_moved)
        price[list(rows_moved)] *= 4.0
    return found


def _cheapest(pool: Pool, free: Reals, price: Reals) -> Whole | None:
    """By how many seats each row gives way, downwards and then upwards, at these prices; None: nothing helps."""
    rows, types = pool.matrix.shape
    model = Model(
        np.hstack([pool.matrix, np.eye(rows), -np.eye(rows)]), pool.lower, pool.upper, np.zeros(types + 2 * rows),
        np.concatenate([pool.counts, np.minimum(free, pool.lower), free]),
        np.concatenate([np.zeros(types), price, price]), whole=True, maximise=False,
    )  # fmt: skip
    return np.rint(model.x[types:]).astype(np.int64) if model.solve() else None
