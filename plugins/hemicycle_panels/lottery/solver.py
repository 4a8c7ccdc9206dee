"""One linear or whole-number model in HiGHS, kept warm from one solve to the next."""

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hemicycle_panels.lottery.pool import Reals

INFINITY: float = highspy.kHighsInf
_HIGHS: Any = highspy.Highs  # its stubs are untyped, and do not know all of its methods


class Model:
    """Maximise (or minimise) cost · x under lower ≤ matrix · x ≤ upper and least ≤ x ≤ most.

    One thread and fixed seeds: the same model has the same answer each time.
    """

    def __init__(
        self, matrix: Reals, lower: ArrayLike, upper: ArrayLike, least: ArrayLike, most: ArrayLike,
        cost: ArrayLike | None = None, *, whole: bool | Sequence[bool] = False, maximise: bool = True, gap: float = 0.0,
    ) -> None:  # fmt: skip
        """matrix: rows × columns. whole: x must be whole numbers (all of it, or the columns said).

        gap: how far from the best one a search for whole numbers may stop, relative to its value.
        """
        self.rows, self.columns = matrix.shape
        self.solver = solver = _HIGHS()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", gap),
                              ("mip_abs_gap", 1e-9), ("primal_feasibility_tolerance", 1e-9),
                              ("dual_feasibility_tolerance", 1e-9)):  # fmt: skip
            solver.setOptionValue(option, value)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = matrix.shape
        model.row_lower_, model.row_upper_ = np.array(lower, np.float64), np.array(upper, np.float64)
        model.col_lower_, model.col_upper_ = np.array(least, np.float64), np.array(most, np.float64)
        model.col_cost_ = np.zeros(self.columns) if cost is None else np.array(cost, np.float64)
        column, row = np.nonzero(matrix.T)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.searchsorted(column, np.arange(self.columns + 1)).astype(np.int32)
        model.a_matrix_.index_, model.a_matrix_.value_ = row.astype(np.int32), matrix[row, column]
        if maximise:
            model.sense_ = highspy.ObjSense.kMaximize
        if whole:
            kinds = [whole] * self.columns if isinstance(whole, bool) else whole
            model.integrality_ = [
                highspy.HighsVarType.kInteger if one else highspy.HighsVarType.kContinuous for one in kinds
            ]
        solver.passModel(model)

    def set_cost(self, cost: Reals) -> None:
        self.solver.changeColsCost(self.columns, _all(self.columns), cost)

    def set_columns(self, least: Reals, most: Reals) -> None:
        self.solver.changeColsBounds(self.columns, _all(self.columns), least, most)

    def set_rows(self, lower: Reals, upper: Reals) -> None:
        self.solver.changeRowsBounds(self.rows, _all(self.rows), lower, upper)

    def add_row(self, lower: float, upper: float, columns: ArrayLike, values: ArrayLike) -> int:
        """Returns its number."""
        at = np.array(columns, np.int32)
        self.solver.addRow(lower, upper, len(at), at, np.array(values, np.float64))
        self.rows += 1
        return int(self.rows - 1)

    def add_column(self, values: Reals, cost: float = 0.0) -> None:
        """A column ≥ 0 with these values (one per row)."""
        at = np.nonzero(values)[0].astype(np.int32)
        self.solver.addCol(cost, 0.0, INFINITY, len(at), at, values[at])
        self.columns += 1

    def solve(self, seconds: float | None = None) -> bool:
        """Whether there is a best x, and it was found: within so many seconds, if they are said."""
        if seconds is not None:  # HiGHS counts from the first time that a model was run
            self.solver.setOptionValue("time_limit", self.solver.getRunTime() + seconds)
        self.solver.run()
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def restart(self) -> None:
        """Forget the last basis: round-off may have spoilt it."""
        self.solver.clearSolver()

    @property
    def x(self) -> Reals:
        return np.array(self.solver.getSolution().col_value)

    @property
    def reduced_costs(self) -> Reals:
        return np.array(self.solver.getSolution().col_dual)

    @property
    def row_duals(self) -> Reals:
        return np.array(self.solver.getSolution().row_dual)

    @property
    def found(self) -> bool:
        """Whether x keeps all rules, also where the search stopped before it was proved the best."""
        return bool(self.solver.getInfo().primal_solution_status == 2)

    @property
    def value(self) -> float:
        return float(self.solver.getInfo().objective_function_value)

    @property
    def bound(self) -> float:
        """No x has a better value than this (whole-number models)."""
        return float(self.solver.getInfo().mip_dual_bound)


def version() -> str:
    return f"HiGHS {_HIGHS().version()}"


def _all(count: int) -> NDArray[np.int32]:
    return np.arange(count, dtype=np.int32)
