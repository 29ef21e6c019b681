"""A plan's changes put into the workbook its team works in: everything else stays as it was.

Only cells whose value changed are touched, so that numbers, dates, formulas, colours, lists,
widths, hidden rows and the columns of the team's own keep what they were. An action that left the
plan leaves an empty row: no formula elsewhere then reads another row than before.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from qgdr_eval.actions.model import HEADERS
from qgdr_eval.actions.sheet import (
    DAY,
    PLAIN_TEXT,
    ROWS_TO_COME,
    USUAL,
    WIDTHS,
    Note,
    make_comment,
    offered_lists,
    open_book,
    put,
    value_of,
)
from qgdr_eval.tables.faults import refusal

PARTS = {  # of a workbook, that would not come through
    r"xl/drawings/drawing\d+\.xml|xl/charts/|xl/media/": "un graphique, une image ou une forme",
    r"xl/threadedComments/": "un fil de commentaires",
    r"xl/vbaProject\.bin": "des macros",
    r"xl/(slicers|timelines)/": "un segment ou une chronologie",
    r"xl/(ctrlProps|activeX|embeddings)/": "un bouton, une case ou un objet inséré",
    r"xl/(queryTables/|connections\.xml|model/)": "une connexion à d'autres données",
    r"xl/metadata\.xml": "une formule qui remplit plusieurs cellules d'elle-même",
}
EXTENSIONS = {  # within a sheet
    b"x14:dataValidation ": "une liste de choix prise dans une autre feuille",
    b"x14:conditionalFormatting ": "une mise en forme conditionnelle récente (barres, icônes)",
    b"x14:sparklineGroup ": "des courbes dans des cellules",
}


class Team(NamedTuple):
    """Where a plan stands in a workbook.

    ``keys``: what each column of the sheet holds, "" for none; ``actions``: what it says today, a
    row for each of ``lines``.
    """

    path: Path
    sheet: str
    keys: list[str]
    lines: list[int]
    actions: pd.DataFrame


def unkept(path: Path) -> list[str]:
    """What a workbook holds that could not be written back, in French."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        found = [
            what for part, what in PARTS.items() if any(re.match(part, name) for name in names)
        ]
        sheets = [archive.read(name) for name in names if name.startswith("xl/worksheets/sheet")]
    return found + [what for mark, what in EXTENSIONS.items() if any(mark in s for s in sheets)]


def edit_sheet(team: Team, plan: pd.DataFrame, notes: Mapping[tuple[int, int], Note]) -> bytes:
    """The workbook of a team with a plan's changes. ``notes``: by row and column of ``plan``."""
    book = open_book(team.path, rich_text=True)
    page = book[team.sheet]
    last = max(team.lines, default=1)
    columns = {key: at for at, key in enumerate(team.keys, start=1) if key}
    lines = _lines(page, team, plan["id"].tolist(), max(columns.values()))
    for line, key, text in _changes(team, plan, lines):
        if key not in columns:
            columns[key] = max(columns.values()) + 1
            _add_column(page, columns[key], key, max(lines, default=1))
        cell = page.cell(line, columns[key])
        if isinstance(cell, MergedCell):
            what = f"la cellule {cell.coordinate} est fusionnée avec une autre"
            raise refusal(team.path.name, what, "séparez-les, ou complétez-la dans le tableur")
        _change(cell, key, text)
    for (row, column), note in notes.items():
        key = list(plan)[column]
        if key in columns:
            _annotate(page.cell(lines[row] if row >= 0 else 1, columns[key]), note)
    _stretch(page, last, max(lines, default=1))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _lines(page: Worksheet, team: Team, ids: list[str], width: int) -> list[int]:
    """The line of each action; those that have none get the next ones, dressed as the last."""
    known = dict(zip(reversed(team.actions["id"].tolist()), reversed(team.lines), strict=True))
    for line in set(team.lines) - {known[id] for id in ids if id in known}:
        _empty(page, line)
    last = max(team.lines, default=1)
    lines = []
    for id in ids:
        if id not in known:
            last += 1
            _dress(page, last, width)
        lines.append(known.get(id, last))
    return lines


def _changes(team: Team, plan: pd.DataFrame, lines: list[int]) -> Iterator[tuple[int, str, str]]:
    """Line, column and text of each cell that does not say what the plan says."""
    rows = dict(zip(team.lines, team.actions.to_dict("records"), strict=True))
    for line, row in zip(lines, plan.to_dict("records"), strict=True):
        there = rows.get(line, {})
        yield from ((line, key, text) for key, text in row.items() if text != there.get(key, ""))


def _empty(page: Worksheet, line: int) -> None:
    for cell in page[line]:
        if not isinstance(cell, MergedCell):
            cell.value, cell.comment = None, None


def _dress(page: Worksheet, line: int, width: int) -> None:
    """Give a new row the look of the one above, when that is an action's."""
    for column in range(1, width + 1) if line > 2 else ():
        cell, above = page.cell(line, column), page.cell(line - 1, column)
        if not cell.has_style:
            cell._style = copy(above._style)


def _change(cell: Cell, key: str, text: str) -> None:
    """Write a value as its column wants it, in the format the cell has if it can be shown so."""
    dressed = cell.has_style
    kept, format = copy(cell._style), cell.number_format
    put(cell, key, text)
    value, wanted = cell.value, cell.number_format
    if dressed:
        prefixed = cell.quotePrefix
        cell._style = kept
        cell.quotePrefix = prefixed
    if key == "progress" and isinstance(value, int) and "%" in format:
        cell.value = value / 100
    elif dressed and not _suits(format, wanted):
        cell.number_format = wanted


def _suits(format: str, wanted: str) -> bool:
    """Whether a value is shown for what it is in the format its cell had."""
    if wanted == DAY:
        return bool(is_date_format(format))
    return wanted == PLAIN_TEXT or format != PLAIN_TEXT


def _annotate(cell: Cell, note: Note) -> None:
    """Leave a comment that says the same as it is."""
    if cell.comment is None or value_of(cell.comment) != note:
        cell.comment = make_comment(note)


def _add_column(page: Worksheet, column: int, key: str, last: int) -> None:
    """A column after all others, with its name and its list."""
    letter = get_column_letter(column)
    head, beside = page.cell(1, column), page.cell(1, column - 1)
    put(head, "", HEADERS.get(key, key))
    head._style = copy(beside._style)
    page.column_dimensions[letter].width = WIDTHS.get(key, USUAL)
    for check in offered_lists(key):
        check.add(f"{letter}2:{letter}{last + ROWS_TO_COME}")
        page.add_data_validation(check)


def _stretch(page: Worksheet, before: int, now: int) -> None:
    """A filter or a table that ended with the last action ends with the new one."""
    holders = [page.auto_filter, *page.tables.values()]
    holders += [table.autoFilter for table in page.tables.values() if table.autoFilter]
    for holder in holders:
        if holder.ref and now > before:
            left, top, right, bottom = range_boundaries(holder.ref)
            if bottom == before:
                holder.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{now}"
