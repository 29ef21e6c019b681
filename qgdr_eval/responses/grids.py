"""The grid to fill in a spreadsheet: one line per item, one column per record, group or person."""

import math
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from qgdr_eval.frames import NoteRow
from qgdr_eval.french import quote, typography
from qgdr_eval.instruments import Instrument, Item, Option, Scale
from qgdr_eval.instruments.model import SpecialCode
from qgdr_eval.palette import PALETTE
from qgdr_eval.problems import refuse_errors
from qgdr_eval.responses.campaign import PLACES
from qgdr_eval.responses.columns import NOTES, SUBJECTS, check_notes, note_columns, noted
from qgdr_eval.responses.places import Places
from qgdr_eval.responses.reasons import reason_asked
from qgdr_eval.tables.faults import refusal
from qgdr_eval.tables.read import CODE, Table
from qgdr_eval.tables.workbooks import FORMULA_SIGNS
from qgdr_eval.writing import written_whole

NOTE_COLUMNS = list(NoteRow._fields)
LISTS = "Réponses admises"
REPEATED = "Une cellule vide répète celle de gauche."
MOST = 500  # columns: beyond, no spreadsheet is filled by hand
PER_PAGE = 10  # columns of answers on a printed page
WIDTHS = {"A": 12, "B": 62}  # characters
NARROW_COLUMN, WIDE_COLUMN = 14, 34  # characters; wide while there are few
FEW = 3
LINE_HEIGHT = 15  # points
WRAPPED = Alignment(wrap_text=True, vertical="center")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
NOTE = Alignment(wrap_text=True, vertical="top")
THIN = Side(style="thin", color=PALETTE["rule"][1:])
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def write_grid(
    instrument: Instrument,
    path: Path,
    columns: Sequence[Mapping[str, str]] | int,
    *,
    replace: bool = False,
) -> None:
    """Write a blank grid (XLSX): an item a line, an empty answer column a record, group or person.

    ``columns``: how many, or what is known of each: ``facility``, ``service`` and ``subject``
    (the number of the record, the name of the group), written above it. Any other key becomes a
    line of its own, under its name. The grid is read back with ``layout: grid``, by the names
    « Établissement », « Service » and the one `SUBJECTS` gives to the instrument's subject.
    Groups and persons have a line of free notes after each dimension.

    Raises:
        Refused: another format than .xlsx; a file of that name (unless ``replace``): it may have
            been filled; no column, or more than 500; a key that is the code of an item.
    """
    given = _known(columns, instrument)
    _refuse(instrument, path, given, replace)
    book = Workbook()
    page = book.active
    page.title = "Grille"
    lists = _write_lists(book.create_sheet(LISTS), instrument)
    _write_titles(page, instrument)
    titles = _write_heads(page, instrument, given)
    _write_items(page, instrument, len(given), lists)
    _lay_out(page, instrument, len(given), titles)
    content = BytesIO()
    book.save(content)
    with written_whole(path) as half:
        half.write_bytes(content.getvalue())


def notes_of(table: Table, instrument: Instrument, places: Places) -> pd.DataFrame:
    """The free notes of groups and persons: frame ``facility, service, dimension, item, text``.

    One row per note, in the order of the table then of the instrument, those of an item before
    those of its whole dimension (``item`` ""); places are spelled as the roster spells them. Line
    breaks within a note are kept.

    Raises:
        Refused: notes about no dimension and no item, or notes of respondents or records.
    """
    refuse_errors(check_notes(table, instrument))
    known = noted(instrument)
    ranks = {id: rank for rank, id in enumerate(_noted_in_order(instrument))}
    columns = sorted((one for one in note_columns(table) if one[0] in known),
                     key=lambda column: ranks[known[column[0]]])  # fmt: skip
    texts = [(known[id], table.texts(name)) for id, name in columns]
    notes = [
        (places.facility[row], places.service[row], *about, written[row])
        for row in range(len(table.frame))
        for about, written in texts
        if written[row]
    ]
    return pd.DataFrame(notes, columns=NOTE_COLUMNS, dtype="str")


def _noted_in_order(instrument: Instrument) -> Iterator[tuple[str, str]]:
    for dimension in instrument.dimensions:
        yield from ((dimension.id, item.code) for item in instrument.items_of(dimension.id))
        yield dimension.id, ""


def _known(
    columns: Sequence[Mapping[str, str]] | int, instrument: Instrument
) -> list[dict[str, str]]:
    """What is known of each column, by key; a key may also be the name it has on the sheet."""
    if isinstance(columns, int):
        return [{} for _ in range(min(columns, MOST + 1))]
    keys = {name: key for key, name in _heads(instrument).items()}
    return [{keys.get(name, name): text for name, text in column.items()} for column in columns]


def _heads(instrument: Instrument) -> dict[str, str]:
    return {**PLACES, "subject": SUBJECTS[instrument.subject]}


def _refuse(
    instrument: Instrument, path: Path, columns: list[dict[str, str]], replace: bool
) -> None:
    if path.suffix.lower() != ".xlsx":
        raise refusal(
            path.name, "une grille est un classeur Excel", "terminez le nom par « .xlsx »"
        )
    if path.exists() and not replace:
        raise refusal(
            path.name,
            "ce fichier existe déjà, peut-être rempli",
            "choisissez un autre nom, ou supprimez-le vous-même",
        )
    if not 1 <= len(columns) <= MOST:
        raise refusal(
            path.name, f"{len(columns)} colonnes de réponses", f"demandez-en de 1 à {MOST}"
        )
    for name in dict.fromkeys(key for column in columns for key in column):
        if name in instrument.codes:
            raise refusal(
                path.name, f"{quote(name)} est aussi le code d'un item", "donnez un autre nom"
            )


def _put(page: Worksheet, line: int, column: int, text: str, **look: object) -> None:
    """Write a text that stays one, whatever it begins with: nothing a spreadsheet would run."""
    cell = page.cell(line, column)
    if text:
        cell.value = "".join(c for c in text if unicodedata.category(c)[0] != "C" or c == "\n")
        cell.data_type = "s"
        cell.quotePrefix = text.lstrip().startswith(FORMULA_SIGNS)
    for name, value in look.items():
        setattr(cell, name, value)


def _font(size: int = 10, bold: bool = False, color: str = "ink") -> Font:
    return Font(name="Calibri", size=size, bold=bold, color=PALETTE[color][1:])


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", fgColor=PALETTE[color][1:])


def _write_wide(page: Worksheet, text: str, font: Font) -> None:
    """A text over both fixed columns; a merged cell does not find its height by itself."""
    line = page.max_row + 1 if page["A1"].value else 1
    _put(page, line, 1, text, font=font, alignment=WRAPPED)
    page.merge_cells(start_row=line, end_row=line, start_column=1, end_column=2)
    width = sum(WIDTHS.values()) * 10 / font.size
    rows = sum(len(textwrap.wrap(part, int(width))) or 1 for part in text.splitlines())
    page.row_dimensions[line].height = rows * LINE_HEIGHT * font.size / 10


def _write_titles(page: Worksheet, instrument: Instrument) -> None:
    _write_wide(page, typography(instrument.title), _font(14, bold=True))
    used = dict.fromkeys(item.scale for item in instrument.items)
    legend = "\n".join(_legend(instrument.scales[name]) for name in used)
    _write_wide(page, typography(legend), _font(color="muted"))


def _legend(scale: Scale) -> str:
    """A scale on one line: what it asks, then each answer with its code.

    >>> _legend(Scale(label="Conforme ?", options=[
    ...     Option(code=0, label="Non", pole="negative"), Option(code=1, label="Oui",
    ...     pole="positive")], not_applicable=[SpecialCode(code=8, label="Sans objet")]))
    'Conforme ? Non (0) · Oui (1) · Sans objet (8)'
    """
    answers = " · ".join(
        answer.label if answer.label == str(answer.code) else f"{answer.label} ({answer.code})"
        for answer in _answers(scale)
    )
    return f"{scale.label}{'' if scale.label[-1] in '?:.' else ' :'} {answers}"


def _answers(scale: Scale) -> list[Option | SpecialCode]:
    return [*scale.options, *scale.not_applicable, *scale.dont_know]


def _write_lists(page: Worksheet, instrument: Instrument) -> dict[tuple[str, object], str]:
    """One column per list of admitted answers; returns where each is, for the drop-downs."""
    ranges: dict[tuple[str, object], str] = {}
    for item in instrument.items:
        if (item.scale, item.forbidden) in ranges:
            continue
        scale, rank = instrument.scale_of(item), len(ranges) + 1
        labels = [answer.label for answer in _answers(scale) if answer.code not in item.forbidden]
        _put(page, 1, rank, typography(scale.label), font=_font(bold=True), alignment=WRAPPED)
        for line, label in enumerate(labels, start=2):
            _put(page, line, rank, typography(label), font=_font(), alignment=WRAPPED)
        letter = get_column_letter(rank)
        page.column_dimensions[letter].width = 30
        ranges[item.scale, item.forbidden] = (
            f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(labels) + 1}"
        )
    return ranges


def _write_heads(page: Worksheet, instrument: Instrument, columns: list[dict[str, str]]) -> int:
    """The lines above the items: places, subject, whatever else is known; returns the last."""
    names = _heads(instrument)
    names |= {key: key for column in columns for key in column if key not in names}
    look: dict[str, object] = {"border": BOX, "fill": _fill("soft")}
    for key, name in names.items():
        line = page.max_row + 1
        _put(page, line, 1, name, font=_font(bold=True), alignment=WRAPPED, **look)
        hint = REPEATED if key in PLACES else ""
        _put(page, line, 2, hint, font=_font(9, color="muted"), alignment=WRAPPED, **look)
        for rank, column in enumerate(columns, start=3):
            text = column.get(key, "")
            _put(page, line, rank, text, font=_font(), alignment=CENTRED, **look)
            page.cell(line, rank).number_format = "@"
    line = page.max_row + 1
    for rank, text in enumerate([CODE, "Critère", *["Réponse"] * len(columns)], start=1):
        centred = CENTRED if rank > 2 else WRAPPED
        _put(page, line, rank, text, font=_font(bold=True), alignment=centred, **look)
    return line


def _write_items(
    page: Worksheet, instrument: Instrument, columns: int, lists: dict[tuple[str, object], str]
) -> None:
    drops = {key: _drop_down(where) for key, where in lists.items()}
    for drop in drops.values():
        page.add_data_validation(drop)
    explained = {item.code for item in instrument.explained}
    part = None
    for dimension in instrument.dimensions:
        if dimension.part and dimension.part != part:
            _write_heading(page, dimension.part, columns, _font(12, bold=True), "cool_light")
        part = dimension.part
        _write_heading(page, dimension.label, columns, _font(11, bold=True), "cool_soft")
        for item in instrument.items_of(dimension.id):
            line = _write_line(page, item.code, _text_of(item, instrument), columns)
            drops[item.scale, item.forbidden].add(f"C{line}:{get_column_letter(columns + 2)}{line}")
            if item.code in explained:
                _write_line(page, NOTES + item.code, reason_asked(item, instrument), columns, NOTE)
        if instrument.declared:
            line = _write_line(page, NOTES + dimension.id, "Bloc-notes", columns, NOTE)
            page.row_dimensions[line].height = 4 * LINE_HEIGHT


def _drop_down(where: str) -> DataValidation:
    """Warns and lets through: a code is an answer too."""
    drop = DataValidation("list", formula1=where, allow_blank=True, showErrorMessage=True)
    drop.errorStyle = "warning"
    drop.errorTitle = "Réponse"
    drop.error = "Cette réponse n'est pas dans la liste. Son code convient aussi."
    return drop


def _write_heading(page: Worksheet, text: str, columns: int, font: Font, color: str) -> None:
    _write_wide(page, typography(text), font)
    for column in range(1, columns + 3):
        page.cell(page.max_row, column).fill = _fill(color)


def _write_line(
    page: Worksheet, code: str, text: str, columns: int, align: Alignment = CENTRED
) -> int:
    line = page.max_row + 1
    _put(page, line, 1, code, font=_font(color="muted"), alignment=WRAPPED, border=BOX)
    _put(page, line, 2, text, font=_font(), alignment=WRAPPED, border=BOX)
    for column in range(3, columns + 3):  # as texts: a spreadsheet would take « 1-2 » for a date
        _put(page, line, column, "", font=_font(), alignment=align, border=BOX)
        page.cell(line, column).number_format = "@"
    return line


def _text_of(item: Item, instrument: Instrument) -> str:
    """The criterion, what it is judged on, and in words what is particular to it."""
    elements = (f"– {element}" for element in item.elements)
    helped = [item.help] if item.help else []
    return typography("\n".join([item.text, *helped, *elements, *_particulars(item, instrument)]))


def _particulars(item: Item, instrument: Instrument) -> Iterator[str]:
    if item.critical:
        yield "Critère critique, ou impératif."
    if item.official:
        yield f"Critère officiel n° {item.official}."
    if item.method:
        yield f"Méthode : {item.method}."
    if item.na_when:
        yield f"Non applicable : {item.na_when}."
    for answer in _answers(instrument.scale_of(item)):
        if answer.code in item.forbidden:
            yield f"« {answer.label} » n'est pas admis."


def _lay_out(page: Worksheet, instrument: Instrument, columns: int, titles: int) -> None:
    """On screen, titles that stay; on paper, A4 across, as many pages wide as readable."""
    for letter, width in WIDTHS.items():
        page.column_dimensions[letter].width = width
    wide = WIDE_COLUMN if columns <= FEW else NARROW_COLUMN
    for column in range(3, columns + 3):
        page.column_dimensions[get_column_letter(column)].width = wide
    page.freeze_panes = page.cell(titles + 1, 3)
    page.sheet_view.showGridLines = False
    page.print_title_rows, page.print_title_cols = f"3:{titles}", "A:B"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = math.ceil(columns / PER_PAGE), 0
    page.oddFooter.left.text = f"{instrument.title[:100]}, version {instrument.version}".replace(
        "&", "&&"
    )
    page.oddFooter.right.text = "&P / &N"
