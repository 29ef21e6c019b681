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

    A draft says so on every row, in a first column, and in the name of the sheet.

    ``.csv``: UTF-8, comma, decimal point, four decimals. ``.xlsx``: one sheet. A text that a
    spreadsheet would run as a formula is kept as text, with an apostrophe before it.

    Raises:
        Refused: the name ends otherwise, or the file cannot be written.
    """
    refuse_format(path)
    draft = published.card.draft
    scores = published.scores.copy()
    if draft:
        scores.insert(0, "publication", "brouillon")
    for name in TEXTS:
        texts = scores[name].astype(str)
        scores[name] = texts.map({text: _as_text(text) for text in texts.unique()})
    content = BytesIO()  # an archive that could not be closed on a full disk would complain later
    if path.suffix.lower() == ".csv":
        scores.to_csv(content, index=False, float_format="%.4f", lineterminator="\n")
    else:
        sheet = "brouillon" if draft else "scores"
        scores.round(4).to_excel(content, index=False, sheet_name=sheet, engine="openpyxl")
    with written_whole(path) as half:
        half.write_bytes(content.getvalue())
    return len(scores)


def refuse_format(path: Path) -> None:
    """Raise `Refused` for a name that is neither a CSV's nor a workbook's."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        what, cure = (
            "format de tableau inconnu",
            f"terminez le nom par {quote('.csv')} ou {quote('.xlsx')}",
        )
        raise Refused([Problem(path.name, None, "", what, cure)])


def _as_text(text: str) -> str:
    """A name as a cell: no control character, nothing a spreadsheet would run."""
    plain = "".join(c for c in text if c.isprintable())
    return f"'{plain}" if plain.startswith(FORMULA_SIGNS) else plain
