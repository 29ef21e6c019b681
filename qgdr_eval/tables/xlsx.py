"""XLSX as a spreadsheet shows it: 4.0 is « 4 », a date its ISO form, TRUE « VRAI »."""

import datetime
import itertools
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from qgdr_eval.french import count, did_you_mean, quote
from qgdr_eval.tables.choices import fold_choices, line_of_choices, told_choices
from qgdr_eval.tables.csv import Cells
from qgdr_eval.tables.faults import refusal, some
from qgdr_eval.tables.heads import line_of_names, names_at
from qgdr_eval.tables.spelling import BLANKS
from qgdr_eval.tables.workbooks import CORRUPT, Extent, corrupt, measure, refuse_bomb, refuse_far


def read_xlsx(path: Path, sheet: str | None, names: Collection[str] | None = None) -> Cells:
    """Read one sheet, the first when none is named: one categorical column of texts per header.

    `line_of_names` finds where columns are named, if ``names`` are given. A column filled under no
    name gets "".

    Raises:
        Refused: corrupt workbook, no such sheet, an empty sheet, formulas whose result was
            never saved.
    """
    with _sheet(path, sheet) as (cells, extent):
        rows = [tuple(map(_text, row)) for row in cells]
    if extent.formulas:
        _refuse_unsaved_formulas(path, sheet)
    if not any(map(any, rows)):
        raise refusal(path.name, "la feuille est vide", "indiquez la bonne feuille avec « sheet »")
    rank = 0 if names is None else line_of_choices(rows, line_of_names(rows, names))
    head = rows[: rank + 1]
    rows[rank] = tuple(rows[rank] if names is None else names_at(rows, rank))
    headers, *lines = zip(*itertools.zip_longest(*rows[rank:], fillvalue=""), strict=True)
    frame = pd.DataFrame(lines, columns=range(len(headers)), dtype="str").astype("category")
    frame, names_given, made = fold_choices(frame, headers, head, rank)
    frame.columns = pd.Index([header.strip(BLANKS) for header in names_given])
    return Cells(frame, rank + 1, tuple(told_choices(path.name, made)))


def titles_of(path: Path) -> list[str]:
    """The names of the sheets of a workbook, in its order."""
    with _book(path) as book:
        return [page.title for page in book.worksheets]


@contextmanager
def _sheet(
    path: Path, sheet: str | None, *, formulas: bool = False
) -> Iterator[tuple[Iterator[Any], Extent]]:
    """The filled rows of a sheet, and how far they go."""
    with _book(path, formulas=formulas) as book:
        page = book[_sheet_name(path, book, sheet)]
        extent = measure(path, page._worksheet_path)
        refuse_far(path, extent)
        yield _filled_rows(page, extent), extent


@contextmanager
def _book(path: Path, *, formulas: bool = False) -> Iterator[openpyxl.Workbook]:
    """A workbook that is read as it goes. One that breaks on the way is corrupt."""
    try:
        refuse_bomb(path)
        # A stream: openpyxl refuses a path whose name does not end as it expects.
        with warnings.catch_warnings(), path.open("rb") as stream:
            warnings.simplefilter("ignore")  # styles and extensions of no concern here
            book = openpyxl.load_workbook(stream, read_only=True, data_only=not formulas)
            try:
                yield book
            finally:
                book.close()
    except CORRUPT:
        raise corrupt(path) from None


def _filled_rows(page: Any, extent: Extent) -> Iterator[Any]:
    """The rows down to the last filled one: what is only laid out under it is not read."""
    page.reset_dimensions()
    last = {"max_row": extent.rows, "max_col": extent.columns}
    return page.iter_rows(values_only=True, **last) if extent.filled else iter(())


def _sheet_name(path: Path, book: openpyxl.Workbook, sheet: str | None) -> str:
    names = [page.title for page in book.worksheets]
    if not names:
        raise refusal(path.name, "ce classeur n'a aucune feuille", "enregistrez-le de nouveau")
    wanted = sheet or names[0]
    if wanted not in names:
        raise refusal(
            path.name, f"aucune feuille ne s'appelle {quote(wanted)}", did_you_mean(wanted, names)
        )
    return wanted


def _text(value: Any) -> str:
    """What a French spreadsheet would write in its CSV export.

    >>> _text(4.0), _text(0.25), _text(True), _text(datetime.datetime(2026, 3, 1)), _text(None)
    ('4', '0,25', 'VRAI', '2026-03-01', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "VRAI" if value else "FAUX"
        case float():
            return f"{value:.15g}".replace(".", ",")
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
    return str(value)


def _refuse_unsaved_formulas(path: Path, sheet: str | None) -> None:
    """A formula without its result reads as an empty cell: say so instead of losing answers."""
    with _sheet(path, sheet) as (results, _), _sheet(path, sheet, formulas=True) as (formulas, _):
        lost = [
            f"{get_column_letter(column)}{row}"
            for row, pair in enumerate(zip(results, formulas, strict=True), start=1)
            for column, (result, formula) in enumerate(zip(*pair, strict=True), start=1)
            if result is None and isinstance(formula, str) and formula.startswith("=")
        ]
    if lost:
        raise refusal(
            path.name,
            f"{count(len(lost), 'formule')} sans résultat enregistré : {some(lost)}",
            "ouvrez le classeur dans un tableur, enregistrez-le, ou collez les valeurs seules",
        )
