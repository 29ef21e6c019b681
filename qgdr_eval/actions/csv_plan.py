"""A plan as a CSV file: the same texts, guarded against spreadsheets that would run them."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from qgdr_eval.actions.model import HEADERS
from qgdr_eval.actions.sheet import Grid, Note
from qgdr_eval.french import count, number
from qgdr_eval.tables.csv import read_csv
from qgdr_eval.tables.faults import refusal

NOTES = "Notes de cellules"  # the column holding them: CSV has no other place
MOST_ACTIONS = 10_000  # a programme has hundreds: more is another file, read for minutes
_RISKY = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_GUARDED = re.compile(r"''*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula (OWASP).

    >>> guard("=1+1"), guard("'=1+1"), guard("a = b")
    ("'=1+1", "''=1+1", 'a = b')
    """
    return f"'{text}" if _RISKY.match(text) else text


def unguard(text: str) -> str:
    """Take back the apostrophe of `guard`.

    >>> unguard("'=1+1"), unguard("''=1+1"), unguard("'tous'")
    ('=1+1', "'=1+1", "'tous'")
    """
    return text[1:] if _GUARDED.match(text) else text


def read_grid(path: Path) -> Grid:
    """Read a CSV file of texts. Raises `Refused` for one that cannot be read."""
    table = read_csv(path, None, None)
    if len(table) > MOST_ACTIONS:
        what = f"{count(len(table), 'ligne')}, {number(MOST_ACTIONS)} au plus dans un plan"
        raise refusal(path.name, what, "vérifiez que c'est bien le plan d'actions")
    headers = [unguard(str(name)) for name in table.columns]
    columns = [table.iloc[:, at].astype(object).tolist() for at in range(len(headers))]
    rows = [[unguard(text) for text in row] for row in zip(*columns, strict=True)]
    filled = [at for at, row in enumerate(rows) if any(row)]
    grid = Grid(headers, [rows[at] for at in filled], [at + 2 for at in filled], {})
    return _with_notes(grid) if NOTES in headers else grid


def _with_notes(grid: Grid) -> Grid:
    """The notes taken out of their column."""
    last = grid.headers.index(NOTES)
    headers, *rows = ([*row[:last], *row[last + 1 :]] for row in [grid.headers, *grid.rows])
    notes = {
        (at, headers.index(name)): note
        for at, row in enumerate(grid.rows)
        for name, note in _notes(row[last]).items()
        if name in headers
    }
    return Grid(headers, rows, grid.lines, notes)


def _notes(text: str) -> dict[str, Note]:
    try:
        return {name: Note(*note) for name, note in json.loads(text or "{}").items()}
    except (ValueError, TypeError, AttributeError):  # somebody wrote there
        return {}


def write_grid(
    path: Path,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Mapping[tuple[int, int], Note],
) -> None:
    """Write a plan as a spreadsheet opens it: UTF-8 with its mark, semicolons.

    Notes go to a last column when there are any; those on the names of columns are left out.
    """
    headers = [HEADERS.get(name, name) for name in columns]
    lines = [list(row) for row in rows]
    if any(row >= 0 for row, _ in notes):
        headers = [*headers, NOTES]
        lines = [[*line, _told(headers, notes, at)] for at, line in enumerate(lines)]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerows([guard(text) for text in line] for line in [headers, *lines])


def _told(headers: Sequence[str], notes: Mapping[tuple[int, int], Note], row: int) -> str:
    noted = {headers[column]: note for (at, column), note in sorted(notes.items()) if at == row}
    return json.dumps(noted, ensure_ascii=False) if noted else ""
