"""Show that probabilities can be had: weights on panels that give them, or a rule of all panels that forbids them.

Column generation: the weights on known panels that come nearest, then the panel that would help most, until the nearest
are near enough, or an exact search proves that no panel helps: that proof is a cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hemicycle_panels.lottery.fairness import Cut
from hemicycle_panels.lottery.limit import Limit
from hemicycle_panels.lottery.pool import Pool, Reals, Whole
from hemicycle_panels.lottery.solver import INFINITY, Model
from hemicycle_panels.lottery.walk import PanelFinder


@dataclass(frozen=True)
class Proof:
    """A lottery. missing: how far its worst-served type is below what was wanted. cut: why, if that is known."""

    panels: list[Whole]
    weights: Reals
    missing: float
    cut: Cut | None


def nearest_lottery(
    pool: Pool, finder: PanelFinder, wanted: Reals, known: Sequence[Whole], tolerance: float, limit: Limit,
    rounds: int = 400,
) -> Proof:  # fmt: skip
    """The lottery that gives each type at least `wanted` (probabilities), or as little less as possible."""
    panels = list({panel.tobytes(): panel for panel in known}.values())
    seen = {panel.tobytes() for panel in panels}
    types = len(pool.counts)
    shares = np.array(panels, np.float64) / pool.counts
    # Rows: one per type (its probability + missing ≥ wanted), then the weights' sum. Column 0 is what is missing.
    matrix = np.vstack([np.column_stack([np.ones(types), shares.T]), np.append(0.0, np.ones(len(panels)))])
    model = Model(
        matrix, np.append(wanted, 1.0), np.append(np.full(types, INFINITY), 1.0), np.zeros(len(panels) + 1),
        np.full(len(panels) + 1, INFINITY), np.append(1.0, np.zeros(len(panels))), maximise=False,
    )  # fmt: skip
    exact = Model(pool.matrix, pool.lower, pool.upper, np.zeros(types), pool.counts, whole=True)
    least, cut = 0.0, None
    for _ in range(rounds):
        model.solve()
        missing = float(model.x[0])
        if missing <= tolerance or limit.passed:
            return _proof(panels, model, missing, None)
        prices = np.maximum(model.row_duals[:types], 0.0)
        reached = float(prices @ wanted) - missing
        weights = prices / pool.counts
        panel = finder.find(weights)
        if panel is None or panel.tobytes() in seen or float(weights @ panel) <= reached + tolerance:
            exact.set_cost(weights)
            if not exact.solve(limit.left(1.0)):
                break
            panel, most = np.rint(exact.x).astype(np.int64), exact.bound
            if float(prices @ wanted) - most > least:
                least, cut = float(prices @ wanted) - most, Cut(weights, most)
            if panel.tobytes() in seen or missing - least <= max(tolerance, 0.3 * least):
                break
        panels.append(panel)
        seen.add(panel.tobytes())
        model.add_column(np.append(panel / pool.counts, 1.0))
    return _proof(panels, model, float(model.x[0]), cut)


def _proof(panels: list[Whole], model: Model, missing: float, cut: Cut | None) -> Proof:
    weights = np.maximum(model.x[1:], 0.0)
    return Proof(panels, weights[: len(panels)] / weights.sum(), missing, cut)
