"""How many records an audit needs, what they can conclude, and which ones to draw.

Shares, targets and half widths are in points, from 0 to 100. A ``population`` is the number of
records the draw is made from, when the question is about these records and no others; left out,
the question is about practice beyond them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from qgdr_eval.french import count, quote
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.scoring.exact import records_bounds
from qgdr_eval.scoring.intervals import Z, finite_size, wilson
from qgdr_eval.tables.faults import fault, some

SAMPLE_SIZE_COLUMNS = ["n", "fewest_above", "most_below", "half_width"]
LIST = "liste des dossiers"


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


def draw_records(
    records: Sequence[str] | pd.DataFrame,
    n: int,
    seed: int,
    by: str | None = None,
    allocation: Literal["proportional", "equal"] = "proportional",
) -> pd.DataFrame:
    """Draw ``n`` records without replacement, the same ones whenever the seed is the same.

    The order of the list given does not matter. Asking for more with the same seed keeps the
    records already drawn and adds to them: an unusable record is replaced by the next one.

    Args:
        records: identifiers, or a frame with a column ``subject`` and any others.
        n: how many to draw.
        seed: any whole number from 0 up, to be written down with the audit.
        by: a column whose strata share the draw; all of the list without it.
        allocation: ``proportional`` to the strata's sizes (Sainte-Laguë's rule) or ``equal``, as
            far as the smallest ones allow.

    Returns:
        The rows drawn, in the order of the draw, columns as given (``subject`` for a list).

    Raises:
        Refused: identifiers missing or given twice, records in no stratum, more than the list has.

    >>> draw_records(["d3", "d1", "d2"], 2, seed=1)["subject"].tolist()
    ['d3', 'd1']
    """
    table = _table(records)
    refuse_errors(_problems(table, n, seed, by))
    drawn = _shuffled(table, seed)
    if by:
        drawn = drawn.iloc[_turns(_plain(drawn[by]), allocation)]
    return drawn.head(n).reset_index(drop=True)


def _known(population: int | None) -> float:
    return np.nan if population is None else population


def _half_width(n: ArrayLike, share: ArrayLike, population: int | None) -> np.ndarray:
    low, high = wilson(np.asarray(share) / 100, finite_size(n, n, _known(population)))
    return 50 * (high - low)


def _table(records: Sequence[str] | pd.DataFrame) -> pd.DataFrame:
    if isinstance(records, pd.DataFrame):
        return records
    return pd.DataFrame({"subject": list(records)}, dtype=object)


def _plain(cells: pd.Series) -> pd.Series:
    """Cells as texts without blanks around, "" when missing."""
    return cells.astype(object).where(cells.notna(), "").astype(str).str.strip()


def _shuffled(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Rows in an order that depends on their identifiers and the seed alone.

    NumPy promises the raw stream of PCG64 for good, and `Generator.permutation` for one version.
    """
    sorted_rows = table.iloc[_plain(table["subject"]).to_numpy(dtype=object).argsort()]
    return sorted_rows.iloc[np.random.PCG64(seed).random_raw(len(table)).argsort(kind="stable")]


def _turns(strata: pd.Series, allocation: str) -> np.ndarray:
    """Positions in the order strata are served, one record at a time.

    ``equal``: each in turn. ``proportional``: the k-th record of a stratum of size s comes at
    (k − 1/2) / s, which is Sainte-Laguë's (Webster's) rule.
    """
    rank = strata.groupby(strata).cumcount()
    size = strata.groupby(strata).transform("size")
    return np.lexsort((strata, rank if allocation == "equal" else (2 * rank + 1) / size))


def _problems(table: pd.DataFrame, n: int, seed: int, by: str | None) -> Iterator[Problem]:
    for column in ("subject", *([by] if by else [])):
        if column in table:
            yield from _blank(table, column)
        else:
            yield _absent(column)
    if "subject" in table:
        yield from _twice(_plain(table["subject"]))
    if not 0 < n <= len(table):
        yield fault(
            LIST,
            f"{count(n, 'dossier')} à tirer dans une liste de {len(table)}",
            "demandez au moins un dossier, et pas plus que la liste n'en compte",
        )
    if seed < 0:
        yield fault(LIST, f"graine négative : {seed}", "donnez un nombre entier à partir de 0")


def _absent(column: str) -> Problem:
    return fault(
        LIST, f"la colonne {quote(column)} n'existe pas", "ajoutez-la, ou corrigez son nom"
    )


def _blank(table: pd.DataFrame, column: str) -> Iterator[Problem]:
    ranks = [str(rank) for rank in np.flatnonzero(_plain(table[column]) == "") + 1]
    if ranks:
        yield fault(
            LIST,
            f"{count(len(ranks), 'dossier')} sans valeur, aux rangs {some(ranks)} de la liste",
            "complétez la liste avant le tirage",
            place=f"colonne {quote(column)}",
        )


def _twice(subjects: pd.Series) -> Iterator[Problem]:
    repeated = subjects[(subjects != "") & subjects.duplicated()].unique()
    if len(repeated):
        yield fault(
            LIST,
            f"{count(len(repeated), 'identifiant')} en double : "
            + some([quote(subject) for subject in repeated]),
            "gardez une ligne par dossier",
        )
