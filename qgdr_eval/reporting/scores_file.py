"""The published scores as a table for other programs: CSV, or a workbook."""

from pathlib import Path

import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
TEXTS = [
    "instrument",
    "version",
    "campaign",
    "facility",
    "service",
    "stratum",
    "dimension",
    "item",
    "measure",
    "status",
]


def export_scores(published: Published, path: Path) -> int:
    """Write the published scores frame; returns its number of rows.

    ``.csv``: UTF-8, comma, decimal point, four decimals. ``.xlsx``: one sheet. A text that a
    spreadsheet would run as a formula is kept as text, with an apostrophe before it.

    Raises:
        Refused: the name ends otherwise.
    """
    scores = published.scores.copy()
    for name in TEXTS:
        scores[name] = scores[name].astype(str).map(_as_text)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".csv":
        scores.to_csv(path, index=False, float_format="%.4f", lineterminator="\n")
    elif path.suffix.lower() == ".xlsx":
        _round(scores).to_excel(path, index=False, sheet_name="scores")
    else:
        raise Refused(
            [
                Problem(
                    path.name,
                    None,
                    "",
                    "format de tableau inconnu",
                    f"terminez le nom par {quote('.csv')} ou {quote('.xlsx')}",
                )
            ]
        )
    return len(scores)


def _as_text(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _round(scores: pd.DataFrame) -> pd.DataFrame:
    return scores.round(4)
