"""The published scores as a table for other programs: CSV, or a workbook."""

from pathlib import Path

from qgdr_eval.disclosure import Published
from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
TEXTS = "instrument version campaign facility service stratum dimension item measure status".split()


def export_scores(published: Published, path: Path) -> int:
    """Write the published scores frame; returns its number of rows.

    ``.csv``: UTF-8, comma, decimal point, four decimals. ``.xlsx``: one sheet. A text that a
    spreadsheet would run as a formula is kept as text, with an apostrophe before it.

    Raises:
        Refused: the name ends otherwise.
    """
    scores = published.scores.copy()
    for name in TEXTS:
        texts = scores[name].astype(str)
        scores[name] = texts.map({text: _as_text(text) for text in texts.unique()})
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    if path.suffix.lower() == ".csv":
        scores.to_csv(half, index=False, float_format="%.4f", lineterminator="\n")
    elif path.suffix.lower() == ".xlsx":
        scores.round(4).to_excel(half, index=False, sheet_name="scores", engine="openpyxl")
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
    half.replace(path)
    return len(scores)


def _as_text(text: str) -> str:
    """A name as a cell: no control character, nothing a spreadsheet would run."""
    plain = "".join(c for c in text if c.isprintable())
    return f"'{plain}" if plain.startswith(FORMULA_SIGNS) else plain
