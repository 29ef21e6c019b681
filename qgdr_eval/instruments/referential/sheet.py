"""From the workbook to its cells: sheets, the line of titles, what each column holds."""

import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgdr_eval.french import did_you_mean, listed, quote
from qgdr_eval.instruments.referential.told import COLUMNS, PLACES, REQUIRED, fault, refusal
from qgdr_eval.problems import Problem
from qgdr_eval.tables.workbooks import CORRUPT, refuse_heavy

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

UNREADABLE = (
    "ce n'est pas un classeur Excel lisible",
    "ouvrez-le dans un tableur et enregistrez-le au format « Classeur Excel (.xlsx) »",
)
HEAD = 30  # lines in which the titles of the columns are looked for
Lines = dict[int, list[str]]  # line of the sheet, from 1: its cells
Roles = dict[str, list[int]]  # what a column holds: the ranks of the columns that say so
Row = dict[str, str]  # what a column holds: its cell, on one line


def read_sheets(path: Path) -> list[tuple[Lines, list[Any]]]:
    """Each sheet: its lines, and the ranges of its merged cells."""
    if not path.is_file():
        raise refusal(path.name, "fichier introuvable", f"vérifiez le chemin {quote(path)}")
    if not zipfile.is_zipfile(path):
        raise refusal(path.name, *UNREADABLE)
    refuse_heavy(path)
    try:
        values, formulas = _book(path, data_only=True), _book(path, data_only=False)
        return [
            (_lines(results, texts), list(results.merged_cells.ranges))
            for results, texts in zip(values.worksheets, formulas.worksheets, strict=True)
        ]
    except CORRUPT:
        raise refusal(path.name, *UNREADABLE) from None


def _book(path: Path, *, data_only: bool) -> "Workbook":
    from openpyxl import load_workbook  # slow to load

    # A stream: openpyxl refuses a path whose name does not end as it expects.
    with warnings.catch_warnings(), path.open("rb") as stream:
        warnings.simplefilter("ignore")  # styles and extensions of no concern here
        return load_workbook(stream, data_only=data_only)


def _lines(results: "Worksheet", texts: "Worksheet") -> Lines:
    """A formula that was never calculated has no result: its own text stands for it."""
    pairs = zip(results.iter_rows(values_only=True), texts.iter_rows(values_only=True), strict=True)
    return {
        line: [
            clean(text if result is None else result) for result, text in zip(*pair, strict=True)
        ]
        for line, pair in enumerate(pairs, start=1)
    }


def clean(value: object) -> str:
    """A cell on one line, without what cannot be seen; a date, as a spreadsheet shows it.

    >>> clean(" Le  projet\\n est\\u200b suivi "), clean(3.0), clean(True), clean(None)
    ('Le projet est suivi', '3', 'oui', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if hasattr(value, "strftime"):
        return str(value.strftime("%d/%m/%Y"))
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    seen = (c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(seen).split())


def key(text: str) -> str:
    """A text without accents, blanks, signs and capitals.

    >>> key("N° du Critère")
    'nducritere'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if c.isalnum())


def titles(lines: Lines) -> tuple[int, Roles]:
    """The line where most titles are recognised (0 when none is) and what its columns hold."""
    heads = {line: _roles(cells) for line, cells in lines.items() if line <= HEAD}
    line = max(heads, key=lambda line: len(heads[line]), default=0)
    return (line, heads[line]) if line and len(heads[line]) > 1 else (0, {})


def _roles(cells: list[str]) -> Roles:
    known = {key(name): role for role, names in COLUMNS.items() for name in names}
    roles: Roles = {}
    for rank, title in enumerate(cells):
        role = known.get(key(title)) or known.get(key(title.partition("(")[0]))
        if role:
            roles.setdefault(role, []).append(rank)
    return roles


def wrong_columns(
    file: str, titles: list[str], head: int, roles: Roles, whole: tuple[str, ...]
) -> Iterator[Problem]:
    """Columns that are absent, or given twice; one of ``whole`` is enough."""
    if not roles:
        names = listed(quote(COLUMNS[role][0]) for role in [*PLACES, *REQUIRED[1:]])
        yield fault(file, None, "aucune ligne de titres reconnue", f"écrivez {names}")
        return
    used = {rank for ranks in roles.values() for rank in ranks}
    others = [title for rank, title in enumerate(titles) if title and rank not in used]
    absent = [role for role in REQUIRED if role not in roles]
    absent += [] if set(whole) & set(roles) else ["objective"]
    for role in absent:
        cure = did_you_mean(COLUMNS[role][0], others) if others else "ajoutez-la"
        yield fault(file, head, "colonne absente", cure, role)
    for ranks in roles.values():
        if len(ranks) > 1:
            what = f"les colonnes {listed(quote(titles[rank]) for rank in ranks)} disent la même"
            yield fault(file, head, f"{what} chose", "gardez-en une seule, ou renommez les autres")


def fill_merged(lines: Lines, merged: list[Any], places: set[int]) -> None:
    """Write the value of a merged cell on every line it covers, in the columns of places."""
    for cells in merged:
        rank = cells.min_col - 1
        if rank in places:
            for line in range(cells.min_row + 1, cells.max_row + 1):
                lines[line][rank] = lines[cells.min_row][rank]
