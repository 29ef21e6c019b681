"""A table as people export it, whatever the format: every cell a text, nothing interpreted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qgdr_eval.french import NARROW, count, did_you_mean, listed, quote
from qgdr_eval.problems import Problem, Severity, refuse_errors
from qgdr_eval.responses.campaign import TableFile
from qgdr_eval.responses.csv_table import read_csv
from qgdr_eval.responses.faults import fault, refusal
from qgdr_eval.responses.file_kind import file_kind, refuse_kind
from qgdr_eval.responses.spelling import BLANKS, plain, stripped

FIRST_ROW = 2  # row 1 of the table holds the names of the columns
CODE = "Code"  # the first cell of the line of titles of a grid
TEXTS = ("critere", "question", "item", "libelle")  # titles of the texts beside the codes
_HEAD = 60  # lines in which the titles of a grid are looked for
_TURNED = re.compile(
    rf"«[^»]*»|lignes? (?P<rows>[\d{NARROW}]+(?:, [\d{NARROW}]+)*(?: et [\d{NARROW}]+)?)"
    r"|lignes?|colonnes?"
)


@dataclass(frozen=True)
class Grid:
    """Where a table was read in a grid: an item is a line of the sheet, a subject a column.

    ``letters``: the sheet column of each row of the table. ``lines``: the sheet line of each
    column of the table, by its name. ``titles``: the cells of the line of titles.
    """

    letters: tuple[str, ...]
    lines: dict[str, int]
    titles: tuple[str, ...]

    def column(self, row: int) -> str:
        """The sheet column of a table row; the names of the table's columns are in A."""
        return self.letters[row - FIRST_ROW] if row >= FIRST_ROW else "A"

    def turned(self, text: str) -> str:
        """A message about the table, said of the sheet: its lines are columns, and conversely.

        >>> Grid(("C", "F"), {}, ()).turned("colonne « Service » : vide aux lignes 2 et 3")
        'ligne « Service » : vide aux colonnes C et F'
        """
        return _TURNED.sub(self._turn, text)

    def _turn(self, found: re.Match[str]) -> str:
        word, rows = found[0], found["rows"]
        if word.startswith("«"):
            return word
        if rows is None:
            return word.replace("ligne", "\0").replace("colonne", "ligne").replace("\0", "colonne")
        letters = re.sub(
            rf"[\d{NARROW}]+", lambda n: self.column(int(n[0].replace(NARROW, ""))), rows
        )
        return f"{word.split()[0].replace('ligne', 'colonne')} {letters}"


@dataclass(frozen=True)
class Table:
    """A table read from a file.

    ``frame``: one categorical column of texts per column of the file, stripped of surrounding
    blanks; an empty cell is "". Row ``i`` of the frame is row ``i + 2`` of the table.
    ``grid``: where the cells were, when the file is a grid.
    """

    file: str
    frame: pd.DataFrame
    grid: Grid | None = None

    def texts(self, column: str) -> list[str]:
        """One column as a plain list."""
        return self.frame[column].astype(object).tolist()

    def label(self, row: int) -> str:
        """What a row is called where the user finds it: its number, or its column in a grid."""
        return self.grid.column(row) if self.grid else str(row)

    def problem(
        self, row: int | None, place: str, what: str, cure: str, severity: Severity = "error"
    ) -> Problem:
        """A problem of this table, at a table row (1-based) or of the whole file.

        A grid is read turned; its problems are turned back, to where the user finds them.
        """
        if self.grid is None:
            return fault(self.file, what, cure, row=row, place=place, severity=severity)
        place, what, cure = map(self.grid.turned, (place, what, cure))
        column = f"colonne {self.grid.column(row)}" if row else ""
        where = ", ".join(part for part in (column, place) if part)
        return fault(self.file, what, cure, place=where, severity=severity)


def read_table(source: TableFile, folder: Path) -> Table:
    """Read a CSV or XLSX file beside the campaign.

    The content decides of the format, not the name. Empty rows at the end are not rows. A grid
    (``layout: grid``) comes out as the table it stands for, one row per subject.

    Raises:
        Refused: missing, unreadable or misnamed file; headers empty or given twice; no rows; a
            grid where rows are declared, or the contrary.
    """
    path = folder / source.file
    _refuse_absent(path, source.file)
    frame = _read(path, source)
    if source.layout == "grid":
        return _grid_table(path.name, _lines(frame))
    _refuse_grid(path.name, source.file, _lines(frame.head(_HEAD)))
    return _table(path.name, frame)


def _read(path: Path, source: TableFile) -> pd.DataFrame:
    if refuse_kind(path, file_kind(path)) == "xlsx":
        from qgdr_eval.responses.xlsx_table import read_xlsx  # slow to load

        return read_xlsx(path, source.sheet)
    return read_csv(path, source.encoding, source.separator)


def _refuse_absent(path: Path, given: str) -> None:
    if path.is_dir():
        raise refusal(path.name, "c'est un dossier", "indiquez le fichier lui-même")
    if not path.exists():
        beside = [p.name for p in path.parent.glob("*") if p.suffix.lower() in (".csv", ".xlsx")]
        raise refusal(
            given,
            "fichier introuvable",
            did_you_mean(path.name, sorted(beside))
            if beside
            else f"vérifiez le chemin {quote(path)}",
        )


def _table(file: str, frame: pd.DataFrame) -> Table:
    """Strip, cut the empty end, and refuse headers that do not name one column each."""
    headers = list(frame.columns)
    columns = {i: stripped(frame.iloc[:, i]) for i in range(len(headers))}
    filled = {i: (column != "").to_numpy() for i, column in columns.items()}
    rows = max(
        (int(cells.nonzero()[0].max()) + 1 for cells in filled.values() if cells.any()), default=0
    )
    unnamed = [i + 1 for i, name in enumerate(headers) if not name and filled[i].any()]
    refuse_errors([*_unnamed(file, unnamed), *_named_twice(file, headers)])
    if not rows:
        raise refusal(
            file,
            "le tableau n'a aucune ligne sous les noms de colonnes",
            "exportez de nouveau les réponses",
        )
    named = {name: columns[i].iloc[:rows] for i, name in enumerate(headers) if name}
    return Table(file, pd.DataFrame(named))


def _unnamed(file: str, columns: list[int]) -> list[Problem]:
    if not columns:
        return []
    ranks = listed([str(rank) for rank in columns])
    return [
        fault(
            file,
            f"{count(len(columns), 'colonne')} sans nom (rang {ranks})",
            "nommez chaque colonne remplie ; la ligne 1 porte les noms, sans titre au-dessus",
            row=1,
        )
    ]


def _named_twice(file: str, headers: list[str]) -> list[Problem]:
    twice = [name for name in dict.fromkeys(headers) if name and headers.count(name) > 1]
    return [
        fault(
            file,
            f"le nom est porté par {headers.count(name)} colonnes",
            "gardez une seule de ces colonnes, ou renommez les autres",
            row=1,
            place=f"colonne {quote(name)}",
        )
        for name in twice
    ]


# A grid is small, and its lines are read as they stand: titles and headings among the items.
Lines = dict[int, list[str]]  # line of the sheet, from 1: its cells


def _lines(frame: pd.DataFrame) -> Lines:
    rows = [list(frame.columns), *frame.astype(object).to_numpy().tolist()]
    return {i: [text.strip(BLANKS) for text in row] for i, row in enumerate(rows, start=1)}


def _grid_table(file: str, lines: Lines) -> Table:
    """Turn a grid: the first cell of a line names it; texts and untouched columns are left out.

    Headings come out as empty columns: only the instrument tells them from items.
    """
    from openpyxl.utils import get_column_letter  # slow to load

    titles = lines.pop(_line_of_titles(file, lines))
    beside = {0, *(i for i, title in enumerate(titles) if plain(title) in TEXTS)}
    kept = [
        i for i in range(len(titles)) if i not in beside and any(line[i] for line in lines.values())
    ]
    if not kept:
        raise refusal(file, "aucune colonne de la grille n'est remplie", "remplissez-la d'abord")
    answers = {line: [cells[i] for i in kept] for line, cells in lines.items()}
    names = {line: cells[0] for line, cells in lines.items()}
    refuse_errors([*_lines_without_code(file, names, answers), *_lines_twice(file, names, answers)])
    named: dict[str, int] = {}
    for line, name in names.items():
        if name and (name not in named or any(answers[line])):
            named[name] = line
    frame = pd.DataFrame({name: answers[line] for name, line in named.items()}, dtype="str")
    letters = tuple(get_column_letter(i + 1) for i in kept)
    return Table(file, frame.astype("category"), Grid(letters, named, tuple(titles)))


def _line_of_titles(file: str, lines: Lines) -> int:
    for line, cells in lines.items():
        if plain(cells[0]) == plain(CODE):
            return line
    raise refusal(
        file,
        f"ce n'est pas une grille : aucune cellule de la colonne A n'est {quote(CODE)}",
        "repartez d'une grille vierge ; si le fichier a une ligne par réponse, retirez "
        "« layout: grid »",
    )


def _refuse_grid(file: str, given: str, lines: Lines) -> None:
    for line, cells in lines.items():
        if plain(cells[0]) == plain(CODE) and any(plain(cell) in TEXTS for cell in cells):
            raise refusal(
                file,
                "c'est une grille : un item par ligne, une réponse par colonne",
                f"dites-le dans la campagne : « responses: {{file: {given}, layout: grid}} »",
                row=line,
            )


def _lines_without_code(file: str, names: dict[int, str], answers: Lines) -> Iterator[Problem]:
    for line, name in names.items():
        filled = sum(map(bool, answers[line]))
        if filled and not name:
            yield fault(
                file,
                f"{count(filled, 'cellule remplie', 'cellules remplies')}, rien en colonne A",
                "écrivez en colonne A le code de l'item, ou videz la ligne",
                row=line,
            )


def _lines_twice(file: str, names: dict[int, str], answers: Lines) -> Iterator[Problem]:
    """Of two lines of one name, an empty one loses nothing: only filled ones count."""
    first: dict[str, int] = {}
    for line, name in names.items():
        if name and any(answers[line]) and first.setdefault(name, line) != line:
            yield fault(
                file,
                f"{quote(name)} est déjà à la ligne {first[name]}",
                "gardez une seule de ces lignes",
                row=line,
            )
