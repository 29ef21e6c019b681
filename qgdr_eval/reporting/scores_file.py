"""The published scores as a table for other programs."""

from pathlib import Path

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.precision import as_printed
from qgdr_eval.reporting.spreadsheet import one_line
from qgdr_eval.tables.workbooks import FORMULA_SIGNS
from qgdr_eval.writing import written_whole

TEXTS = "instrument version campaign facility service stratum dimension item measure status".split()


def export_scores(published: Published, path: Path) -> int:
    """Write the published scores frame as CSV; returns its number of rows.

    UTF-8, comma, decimal point, four decimals. Results of people are as precise as their pages. A
    draft says so on every row, in a first column. A text that a spreadsheet would run as a formula
    is kept as text, with an apostrophe before it.

    Raises:
        Refused: the file cannot be written.
    """
    scores = as_printed(published).scores.copy()
    if published.card.draft:
        scores.insert(0, "publication", "brouillon")
    for name in TEXTS:
        texts = scores[name].astype(str)
        scores[name] = texts.map({text: _as_text(text) for text in texts.unique()})
    with written_whole(path) as half:
        scores.to_csv(half, index=False, float_format="%.4f", lineterminator="\n")
    return len(scores)


def _as_text(text: str) -> str:
    """A name as a cell: no control character, nothing a spreadsheet would run."""
    plain = one_line(text)
    return f"'{plain}" if plain.lstrip().startswith(FORMULA_SIGNS) else plain
