"""Which records of a list to read: drawn once, the same again from the same seed."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from qgdr_eval.french import count, quote
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.tables.faults import fault, some

LIST = "liste des dossiers"


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
