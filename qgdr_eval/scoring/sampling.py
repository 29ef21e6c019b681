"""How many records an audit needs, what they can conclude, and which ones to draw.

Shares, targets and half widths are in points, from 0 to 100. A ``population`` is the number of
records the draw is made from, when the question is about these records and no others; left out,
the question is about practice beyond them.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from qgdr_eval.scoring.exact import records_bounds
from qgdr_eval.scoring.intervals import Z, finite_size, wilson

SAMPLE_SIZE_COLUMNS = ["n", "fewest_above", "most_below", "half_width"]


@dataclass(frozen=True)
class Conclusive:
    """What ``n`` records can conclude: counts of met records, None where no count ever could."""

    n: int
    fewest_above: int | None
    most_below: int | None


def conclusive_counts(n: int, target: float = 80.0, population: int | None = None) -> Conclusive:
    """Which counts of met records, out of ``n``, settle the question of a target.

    ``fewest_above``: from this count on the whole 95 % interval is above the target;
    ``most_below``: up to this count it is below; in between nothing can be said. Wilson's, or the
    exact one when the ``population`` is known (`records_bounds`).

    >>> conclusive_counts(30)
    Conclusive(n=30, fewest_above=29, most_below=19)
    >>> conclusive_counts(10).fewest_above is None
    True
    """
    met = np.arange(n + 1)
    if population is None:
        low, high = wilson(met / n, n)
    else:
        low, high = records_bounds(met, n, population) / max(population, n)
    above, below = met[low > target / 100], met[high < target / 100]
    return Conclusive(
        n,
        int(above[0]) if len(above) else None,
        int(below[-1]) if len(below) else None,
    )


def half_width(n: ArrayLike, share: ArrayLike, population: int | None = None) -> np.ndarray:
    """Half the width of the 95 % Wilson interval, in points, of a share seen on ``n`` records.

    Finite population correction when the ``population`` is known: see `finite_size`.

    >>> round(float(half_width(30, 60)), 1), round(float(half_width(30, 60, population=40)), 1)
    (16.5, 8.7)
    """
    return _half_width(n, share, population)


def records_for(half_width: float, share: float = 50.0, population: int | None = None) -> int:
    """The fewest records whose half width is at most the one wanted, in points.

    50 is the share that asks for most. Raises ``ValueError`` unless the half width is positive.

    >>> records_for(10), records_for(10, population=60)
    (93, 37)
    """
    if half_width <= 0:
        raise ValueError(f"half width of {half_width}")
    # At any share Wilson's half width is under 50 · Z / √n.
    enough = int(np.ceil((50 * Z / half_width) ** 2))
    wider = bisect_left(
        range(1, enough), -half_width, key=lambda n: -float(_half_width(n, share, population))
    )
    return wider + 1


def tabulate_sample_sizes(
    sizes: Iterable[int], target: float = 80.0, share: float = 50.0, population: int | None = None
) -> pd.DataFrame:
    """What each number of records can conclude against a target, and how precise it is.

    Columns `SAMPLE_SIZE_COLUMNS`: see `conclusive_counts` (<NA> where no count concludes) and
    `half_width`, here at ``share``.

    >>> tabulate_sample_sizes([10, 30]).round(1).set_index("n").loc[30].tolist()
    [29.0, 19.0, 16.8]
    """
    found = [conclusive_counts(n, target, population) for n in sizes]
    counts = pd.DataFrame(found, columns=SAMPLE_SIZE_COLUMNS[:-1]).astype("Int64")
    widths = half_width(counts["n"].to_numpy(float), share, population)
    return counts.astype({"n": "int64"}).assign(half_width=widths)


def _known(population: int | None) -> float:
    return np.nan if population is None else population


def _half_width(n: ArrayLike, share: ArrayLike, population: int | None) -> np.ndarray:
    low, high = wilson(np.asarray(share) / 100, finite_size(n, n, _known(population)))
    return 50 * (high - low)
