"""The published scores as a table for other programs: CSV, or a workbook."""

from io import BytesIO
from pathlib import Path

from qgdr_eval.disclosure import Published
from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import written_whole

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
TEXTS = "instrument version campaign facility service stratum dimension item measure status".split()


def export_scores(published: Published, path: Path) -> int:
    """Write the published scores frame; returns its number of rows.

    ``.csv``: UTF-8, comma, decimal point, four decimals. ``.xlsx``: one sheet. A text that a
    spreadsheet would run as a formula is kept as text, with an apostrophe before it.

    Raises:
        Refused: the name ends otherwise, or the file cannot be written.
    """
    scores = published.scores.copy()
    for name in TEXTS:
        texts = scores[name].astype(str)
        scores[name] = texts.map({text: _as_text(text) for text in texts.unique()})
    if path.suffix.lower() not in (".csv", ".xlsx"):
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
    content = BytesIO()  # an archive that could not be closed on a full disk would complain later
    if path.suffix.lower() == ".csv":
        scores.to_csv(content, index=False, float_format="%.4f", lineterminator="\n")
    else:
        scores.round(4).to_excel(content, index=False, sheet_name="scores", engine="openpyxl")
    with written_whole(path) as half:
        half.write_bytes(content.getvalue())
    return len(scores)


def _as_text(text: str) -> str:
    """A name as a cell: no control character, nothing a spreadsheet would run."""
    plain = "".join(c for c in text if c.isprintable())
    return f"'{plain}" if plain.startswith(FORMULA_SIGNS) else plain
