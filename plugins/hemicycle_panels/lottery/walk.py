"""Write probabilities as panels: a walk that takes one allowed panel after the other from what is left.

Given totals N for M panels, each step takes a panel whose seats are N/M rounded up or down, as often as the rest still
allows. Where no such panel exists, the walk goes back some steps and takes another way.
"""

from dataclasses import dataclass, field

import numpy as np

from hemicycle_panels.lottery.limit import Limit
from hemicycle_panels.lottery.pool import Pool, Reals, Whole
from hemicycle_panels.lottery.solver import Model

SMALL = 90  # columns of a first whole-number model: it grows threefold until it holds a panel


@dataclass
class Walk:
    """panels: (people of each type, how often). left, rest: how many panels and which totals are not yet written."""

    left: int
    rest: Whole
    panels: list[tuple[Whole, int]] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return self.left == 0


class PanelFinder:
    """Finds an allowed panel within bounds that is good for given weights, quickly: a warm linear program, then a small
    whole-number model over the few types where it was fractional."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.counts = pool.counts.astype(np.float64)
        self.relaxed = Model(pool.matrix, pool.lower, pool.upper, np.zeros_like(self.counts), self.counts)

    def find(
        self, weights: Reals, least: Reals | None = None, most: Reals | None = None, lower: Reals | None = None,
        upper: Reals | None = None,
    ) -> Whole | None:  # fmt: skip
        """None: there is no panel within these bounds."""
        pool = self.pool
        least, most = np.zeros_like(self.counts) if least is None else least, self.counts if most is None else most
        lower, upper = pool.lower if lower is None else lower, pool.upper if upper is None else upper
        self.relaxed.set_columns(least, most)
        self.relaxed.set_rows(lower, upper)
        self.relaxed.set_cost(weights)
        if not self.relaxed.solve():
            self.relaxed.restart()
            if not self.relaxed.solve():
                return None
        x, prices = self.relaxed.x, np.abs(self.relaxed.reduced_costs)
        panel = np.rint(x)
        fractional = np.abs(x - panel) > 1e-6
        if not fractional.any():
            return panel.astype(np.int64)
        movable = most > least
        order = np.argsort(np.where(fractional, -1.0, np.where(movable, prices, np.inf)), kind="stable")
        size, whole = SMALL, int(movable.sum())
        while True:
            some = order[: min(size, whole)]
            panel[some] = 0
            held = pool.matrix @ panel
            model = Model(pool.matrix[:, some], lower - held, upper - held, least[some], most[some], weights[some],
                          whole=True, gap=0.3)  # fmt: skip
            model.solver.setOptionValue("mip_max_improving_sols", 3)
            model.solve()
            if model.found:
                panel[some] = np.rint(model.x)
                return panel.astype(np.int64)
            if size >= whole:
                return None
            size *= 3


def totals(pool: Pool, expected: Reals, panels: int) -> Whole:
    """Whole seats of each type over all panels: panels × expected, rounded up or down so that quotas still hold."""
    goal = panels * expected
    floor = np.floor(goal + 1e-7)
    part = np.clip(goal - floor, 0.0, 1.0)
    held = pool.matrix @ floor
    model = Model(pool.matrix, panels * pool.lower - held, panels * pool.upper - held, np.zeros(len(goal)),
                  (part > 1e-6).astype(float), part - 0.5, whole=True, gap=1e-3)  # fmt: skip
    rounded = floor + np.rint(model.x) if model.solve() else np.rint(goal)
    return rounded.astype(np.int64)


def walk(
    pool: Pool, finder: PanelFinder, goal: Whole, panels: int, retries: int = 40, limit: Limit | None = None
) -> Walk:
    """Write the totals `goal` (types) as so many panels. `Walk.done` says whether it came to its end."""
    state, stuck, back = Walk(panels, goal.copy()), 0, 2
    best = state
    while not state.done:
        if limit is not None and limit.passed:
            return best
        panel = _next(pool, finder, state, stuck)
        if panel is not None:
            times = _how_often(pool, state, panel)
            state.panels.append((panel, times))
            state.rest, state.left = state.rest - times * panel, state.left - times
            if state.left < best.left:
                best = Walk(state.left, state.rest.copy(), list(state.panels))
            continue
        stuck += 1
        if stuck > retries:
            return best
        for _ in range(min(back, len(state.panels))):
            undone, times = state.panels.pop()
            state.rest, state.left = state.rest + times * undone, state.left + times
        back = 2 * back if stuck % 4 == 0 else back
    return state


def _next(pool: Pool, finder: PanelFinder, state: Walk, stuck: int) -> Whole | None:
    left, rest = state.left, state.rest
    least = np.clip(rest // left, 0, None).astype(np.float64)
    most = np.minimum(-(-rest // left), pool.counts).astype(np.float64)
    part = np.clip(rest / left - least, 0.0, 1.0)
    seats = pool.matrix @ rest
    lower = np.maximum(pool.lower, seats - (left - 1) * pool.upper)
    upper = np.minimum(pool.upper, seats - (left - 1) * pool.lower)
    weights = np.log((part + 0.5 / left) / (1 - part + 0.5 / left))
    if stuck:
        weights = weights + np.random.default_rng([stuck, len(state.panels)]).normal(0, 0.5, len(weights))
    return finder.find(weights, least, most, lower, upper)


def _how_often(pool: Pool, state: Walk, panel: Whole) -> int:
    """As often as what remains can still be written: within the rounding of its seats, and within the quotas."""
    left, rest = state.left, state.rest
    least, most = rest // left, -(-rest // left)
    room = np.where(most == least, left, np.where(panel == least, left * most - rest, rest - left * least)).min()
    often = [int(room), left]
    seats, all_seats = pool.matrix @ panel, pool.matrix @ rest
    up, down = pool.upper - seats, seats - pool.lower
    if (up > 0).any():
        often.append(int(((left * pool.upper - all_seats)[up > 0] // up[up > 0]).min()))
    if (down > 0).any():
        often.append(int(((all_seats - left * pool.lower)[down > 0] // down[down > 0]).min()))
    return max(1, min(often))
