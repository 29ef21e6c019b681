"""Tables people open in a French spreadsheet: CSV on a double click, or a workbook."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.actions.csv_plan import guard
from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import written_whole

WIDEST, NARROWEST = 60, 12  # characters of a column of a workbook
DECIMALS = 4
Given = str | float | np.integer | np.floating | None
Cell = str | int | float | None


def write_table(
    path: Path, title: str, columns: Sequence[str], rows: Sequence[Sequence[Given]]
) -> None:
    """Write a table of texts and numbers (None or NaN: an empty cell), whole or not at all.

    ``.csv``: UTF-8 with its mark, semicolons, decimal commas, whole numbers whole. ``.xlsx``:
    numbers as numbers, on one sheet named ``title`` whose line of names stays in sight. A text
    that a spreadsheet would run is kept as a text, with an apostrophe before it.

    Raises:
        Refused: the name ends otherwise, or the file cannot be written.
    """
    refuse_format(path)
    cells = [[_cell(value) for value in row] for row in rows]
    as_text = path.suffix.lower() == ".csv"
    content = _csv(columns, cells) if as_text else _workbook(title, columns, cells)
    with written_whole(path) as half:
        half.write_bytes(content)


def refuse_format(path: Path) -> None:
    """Raise `Refused` for a name that is neither a CSV's nor a workbook's."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        cure = f"terminez le nom par {quote('.csv')} ou {quote('.xlsx')}"
        raise Refused([Problem(path.name, None, "", "format de tableau inconnu", cure)])


def _cell(value: Given) -> Cell:
    """A text nothing would run, or a number, whole when it is.

    >>> _cell(48.0), _cell(72.29166), _cell(float("nan")), _cell("＝1+1")
    (48, 72.2917, None, "'＝1+1")
    """
    if isinstance(value, str):
        return guard(one_line(value))
    if value is None or pd.isna(value):
        return None
    rounded = round(float(value), DECIMALS)
    return int(rounded) if rounded.is_integer() else rounded


def one_line(text: str) -> str:
    """A text as a cell holds it: plain spaces for any other, no control character.

    >>> one_line("Sécurité\\u202f: où\\xa0en\\nsommes-nous")
    'Sécurité : où en sommes-nous'
    """
    spaced = (" " if c.isspace() else c for c in text)
    return "".join(c for c in spaced if c.isprintable())


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_comma(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _comma(cell: Cell) -> Cell:
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def _workbook(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    from openpyxl import Workbook  # slow to load
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book, stream = Workbook(), io.BytesIO()
    page = book.active
    page.title = title
    for row in [list(columns), *rows]:
        page.append(row)
    for cell in page[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    page.freeze_panes, page.auto_filter.ref = "A2", page.dimensions
    for rank, cells in enumerate(zip(columns, *rows, strict=True), start=1):
        width = max((len(str(cell)) for cell in cells[1:]), default=0) + 2
        letter = get_column_letter(rank)
        page.column_dimensions[letter].width = min(max(width, NARROWEST), WIDEST)
    book.save(stream)
    return stream.getvalue()
