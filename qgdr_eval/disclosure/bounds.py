"""The smallest and the largest value of hidden counts, by a solver kept warm between them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

NEAR = 1e-6  # of a whole number, as the solver leaves it
SECONDS = 5.0  # for one bound in whole numbers, sought only where the linear ones are close
See = Callable[[np.ndarray], None]
OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",  # the last solution is where the next search begins
    "simplex_strategy": 4,  # primal: only the objective changes
    "simplex_scale_strategy": 0,
    "primal_simplex_bound_perturbation_multiplier": 0.0,
    "time_limit": 1e4,
}


@dataclass(frozen=True)
class System:
    """What is known of counts: ``low ≤ rows @ counts ≤ high``, each between 0 and ``most``."""

    rows: csr_array
    low: np.ndarray
    high: np.ndarray
    most: np.ndarray


class Contradiction(Exception):
    """No counts give these figures."""


class Solver:
    """Bounds counts of one system, one after the other.

    >>> told = System(csr_array(np.array([[1.0, 1.0]])), np.array([3.0]), np.array([3.0]),
    ...               np.array([2.0, 2.0]))
    >>> found = Solver(told)
    >>> found.lowest(np.array([1.0, 0.0])).tolist(), found.solved
    ([1.0, 2.0], 1)
    """

    def __init__(self, system: System) -> None:
        import highspy  # 8 MB, for campaigns that hide something

        self.solved, self.width = 0, len(system.most)
        self.every = np.arange(self.width, dtype=np.int32)
        self.highs = _quiet(highspy)()
        for name, value in OPTIONS.items():
            self.highs.setOptionValue(name, value)
        self.optimal = highspy.HighsModelStatus.kOptimal
        self.whole = np.full(self.width, highspy.HighsVarType.kInteger)
        self.continuous = np.full(self.width, highspy.HighsVarType.kContinuous)
        self.highs.passModel(_model(highspy, system))

    def lowest(self, weights: np.ndarray) -> np.ndarray:
        """The counts where their weighted sum is the least.

        Raises:
            Contradiction: there are none.
        """
        self.highs.changeColsCost(self.width, self.every, weights)
        self.highs.run()
        self.solved += 1
        if self.highs.getModelStatus() != self.optimal:
            raise Contradiction
        return np.array(self.highs.getSolution().col_value)

    def ends(self, weights: np.ndarray, see: See = lambda counts: None) -> tuple[int, int]:
        """The least and the most that a weighted sum of counts, a whole number, can be.

        ``see`` is shown the counts that give each.
        """
        found = [self.lowest(sign * weights) for sign in (1, -1)]
        least, most = (float(weights @ counts) for counts in found)
        for counts in found:
            see(counts)
        return int(np.ceil(least - NEAR)), int(np.floor(most + NEAR))

    def ends_in_whole_numbers(self, weights: np.ndarray) -> tuple[int, int] | None:
        """The same where every count is a whole number; None when there was no time to tell."""
        self.highs.changeColsIntegrality(self.width, self.every, self.whole)
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + SECONDS)
        try:
            return self.ends(weights)
        except Contradiction:
            return None
        finally:
            self.highs.changeColsIntegrality(self.width, self.every, self.continuous)
            self.highs.setOptionValue("time_limit", OPTIONS["time_limit"])


def _quiet(highspy: Any) -> Any:
    """A solver that does not print its name when it is made."""

    class Quiet(highspy.Highs):  # type: ignore[misc]
        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()

    return Quiet


def _model(highspy: Any, system: System) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(system.most), len(system.low)
    model.col_cost_, model.col_lower_ = np.zeros((2, len(system.most)))
    model.col_upper_, model.row_lower_, model.row_upper_ = system.most, system.low, system.high
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_, matrix.index_ = system.rows.indptr, system.rows.indices
    matrix.value_ = system.rows.data
    return model
