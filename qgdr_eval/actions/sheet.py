"""A plan on a sheet of a workbook: what its cells hold, and how people find it laid out."""

import datetime
import re
import warnings
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from qgdr_eval.actions.model import DATES, HEADERS, KNOWN, read_date
from qgdr_eval.palette import PALETTE
from qgdr_eval.tables.faults import refusal
from qgdr_eval.tables.kind import REFUSED
from qgdr_eval.tables.spelling import BLANKS
from qgdr_eval.tables.workbooks import CORRUPT, FORMULA_SIGNS, refuse_heavy

TITLE = "Plan d'actions"
DAY, PLAIN_TEXT = "DD/MM/YYYY", "@"
ROWS_TO_COME = 500  # rows under the last action that offer the lists too
WIDTHS = (  # in characters; any other column has the usual width
    dict.fromkeys(("finding", "action", "decided"), 46)
    | dict.fromkeys(("objective", "indicator", "method", "result", "comment"), 34)
    | dict.fromkeys(("id", "pilot", "contributors", "target"), 28)
    | dict.fromkeys(("facility", "pole", "service", "dimension", "parent"), 22)
)
USUAL = 14
HEAD = Font(bold=True, color=PALETTE["ink"][1:])
FILL = PatternFill("solid", start_color=PALETTE["soft"][1:])
TOP = Alignment(wrap_text=True, vertical="top")

_UNSTORED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_STORED = re.compile("_x([0-9A-Fa-f]{4})_")
_WHOLE_PERCENT = re.compile("100|[1-9]?[0-9]")


class Note(NamedTuple):
    """A comment somebody left on a cell."""

    text: str
    author: str = ""


class Grid(NamedTuple):
    """A table as it stands in a file; ``notes`` by place, row −1 being that of the names.

    ``lines``: the row of the file each row stands on.
    """

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]
    notes: dict[tuple[int, int], Note]


def encode(text: str) -> str:
    r"""Write the characters XML cannot hold as the format wants: `_xHHHH_` (ECMA-376, ST_Xstring).

    >>> encode("fin de ligne\r\n"), encode("_x000D_")
    ('fin de ligne_x000D_\n', '_x005F_x000D_')
    """
    return _UNSTORED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def decode(text: str) -> str:
    r"""Read back what `encode` wrote.

    >>> decode("_x005F_x000D_"), decode("a_x000D_\n")
    ('_x000D_', 'a\r\n')
    """
    return _STORED.sub(lambda found: chr(int(found[1], 16)), text)


def read_sheets(path: Path) -> dict[str, Grid]:
    """Every sheet of a workbook, in order. Raises `Refused` for a corrupt or too heavy one."""
    refuse_heavy(path)
    try:
        book = open_book(path)
        return {page.title: _grid(page) for page in book.worksheets}
    except CORRUPT:
        raise refusal(path.name, *REFUSED["corrupt"]) from None


def open_book(path: Path, *, rich_text: bool = False) -> openpyxl.Workbook:
    """Open a workbook, whatever its name. ``rich_text``: keep words in bold within a cell."""
    # A stream: openpyxl refuses a path whose name does not end as it expects.
    with warnings.catch_warnings(), path.open("rb") as stream:
        warnings.simplefilter("ignore")  # styles and extensions of no concern here
        return openpyxl.load_workbook(stream, rich_text=rich_text)


def _grid(page: Worksheet) -> Grid:
    cells = list(page.iter_rows()) or [()]
    texts = [[_text(cell) for cell in row] for row in cells]
    filled = [at for at, row in enumerate(texts) if at and any(row)]
    rank = {at: row for row, at in enumerate(filled)} | {0: -1}
    notes = {
        (rank[at], column): value_of(cell.comment)
        for at in rank
        for column, cell in enumerate(cells[at])
        if getattr(cell, "comment", None)
    }
    headers = [text.strip(BLANKS) for text in texts[0]]
    return Grid(headers, [texts[at] for at in filled], [at + 1 for at in filled], notes)


def value_of(comment: Comment) -> Note:
    """What a comment says, and who."""
    unsigned = comment.author in (None, "None")  # what openpyxl reads where nobody signed
    return Note(decode(comment.text), "" if unsigned else comment.author)


def _text(cell: Cell) -> str:
    """What a cell says, as a French spreadsheet shows it; a formula says its own text."""
    match cell.value:
        case None:
            return ""
        case bool() as truth:
            return "VRAI" if truth else "FAUX"
        case int() | float() as value if "%" in cell.number_format:
            return f"{100 * value:.15g} %".replace(".", ",")
        case float() as value:
            return f"{value:.15g}".replace(".", ",")
        case datetime.datetime() as moment if moment.time() == datetime.time():
            return moment.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time() as moment:
            return moment.isoformat()
        case str() as text:
            return decode(text)
    return str(getattr(cell.value, "text", cell.value))  # the formula of several cells


def make_sheet(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Mapping[tuple[int, int], Note],
) -> bytes:
    """A new workbook that holds a plan. ``columns``: keys of `HEADERS`, or the user's own names."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = TITLE
    for column, name in enumerate(columns, start=1):
        put(page.cell(1, column), "", HEADERS.get(name, name))
        page.cell(1, column).font, page.cell(1, column).fill = HEAD, FILL
    for row, texts in enumerate(rows, start=2):
        for column, text in enumerate(texts, start=1):
            put(page.cell(row, column), columns[column - 1], text)
    for (row, column), note in notes.items():
        page.cell(row + 2, column + 1).comment = make_comment(note)
    _lay_out(page, columns, len(rows))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def put(cell: Cell, column: str, text: str) -> None:
    """Fill a cell. Only dates and whole percents are anything else than a text."""
    cell.alignment, cell.number_format = TOP, PLAIN_TEXT
    if column in DATES and _is_day(text):
        cell.value, cell.number_format = datetime.date.fromisoformat(text), DAY
    elif column == "progress" and _WHOLE_PERCENT.fullmatch(text):
        cell.value, cell.number_format = int(text), "General"
    else:
        cell.value = encode(text) or None
        # openpyxl takes « = » for a formula and « #N/A » for an error
        cell.data_type = "s" if text else "n"
        cell.quotePrefix = text.lstrip().startswith(FORMULA_SIGNS)


def _is_day(text: str) -> bool:
    """Whether a spreadsheet can hold this date as such: it counts days from 1900."""
    return read_date(text) == text and text >= "1901"


def make_comment(note: Note) -> Comment:
    """A comment on a cell, as large as its text needs."""
    lines = note.text.count("\n") + len(note.text) // 40 + 2
    return Comment(encode(note.text), note.author, width=300, height=max(60, 18 * lines))


def _lay_out(page: Worksheet, columns: Sequence[str], rows: int) -> None:
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{rows + 1}"
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A3
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True
    for column, name in enumerate(columns, start=1):
        letter = get_column_letter(column)
        shape = page.column_dimensions[letter]
        shape.width, shape.alignment = WIDTHS.get(name, USUAL), TOP
        shape.number_format = DAY if name in DATES else PLAIN_TEXT
        if name == "progress":
            shape.number_format = "General"
        for check in offered_lists(name):
            check.add(f"{letter}2:{letter}{rows + 1 + ROWS_TO_COME}")
            page.add_data_validation(check)


def offered_lists(column: str) -> list[DataValidation]:
    """The list a column offers. Only the states are closed: another word would stop the plan."""
    if column not in KNOWN:
        return []
    offered = DataValidation(
        type="list", formula1=f'"{",".join(KNOWN[column])}"', allow_blank=column != "state"
    )
    offered.showErrorMessage = column == "state"
    offered.errorTitle, offered.error = HEADERS[column], "Choisissez un mot de la liste."
    return [offered]
