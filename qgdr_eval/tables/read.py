"""A table as people export it, whatever the format: every cell a text, nothing interpreted."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.definitions.source import cut
from qgdr_eval.french import NARROW, count, did_you_mean, listed, quote
from qgdr_eval.problems import Problem, Severity, refuse_errors
from qgdr_eval.tables.csv import Cells, read_csv_cells
from qgdr_eval.tables.faults import fault, refusal
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.kind import file_kind, refuse_kind
from qgdr_eval.tables.spelling import BLANKS, plain, stripped

FIRST_ROW = 2  # row 1 of the table holds the names of the columns, unless titles stand above
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

    def title(self, letter: str) -> str:
        """What the line of titles says of a sheet column."""
        from openpyxl.utils import column_index_from_string  # slow to load

        return self.titles[column_index_from_string(letter) - 1]

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
    blanks; an empty cell is "". Columns without a name, or whose name several columns bear, are
    not in it: ``nameless`` has the ranks of the former, ``doubled`` those of the latter by name.
    ``numbers``: the row of the file each row of the frame stands on; from 2 when not given.
    ``grid``: where the cells were, when the file is a grid. ``warnings``: how it had to be read.

    >>> table = Table("reponses.csv", pd.DataFrame({"Service": ["Nuit", "Jour"]}, dtype="category"))
    >>> table.texts("Service"), table.row(0)
    (['Nuit', 'Jour'], 2)
    """

    file: str
    frame: pd.DataFrame
    grid: Grid | None = None
    numbers: np.ndarray | None = None
    doubled: dict[str, list[int]] = field(default_factory=dict)
    nameless: tuple[int, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def texts(self, column: str) -> list[str]:
        """One column as a plain list."""
        return self.frame[column].astype(object).tolist()

    def row(self, position: int) -> int:
        """The row of the file, from 1, of a row of the frame, from 0."""
        return position + FIRST_ROW if self.numbers is None else int(self.numbers[position])

    def rows(self, positions: Iterable[int]) -> list[int]:
        """The rows of the file of some rows of the frame."""
        return [self.row(position) for position in positions]

    def without(self, positions: Collection[int]) -> "Table":
        """The table without some rows of its frame; those that stay keep their numbers."""
        kept = np.setdiff1d(np.arange(len(self.frame)), list(positions))
        frame = self.frame.iloc[kept].reset_index(drop=True)
        return replace(self, frame=frame, numbers=np.array(self.rows(kept.tolist())))

    def borne_twice(self, names: Iterable[str] | None = None) -> Iterator[Problem]:
        """Problems about names several columns bear: all of them, or those that are used."""
        used = None if names is None else set(map(plain, names))
        for name, ranks in self.doubled.items():
            if used is None or plain(name) in used:
                yield self.problem(
                    self.row(0) - 1,
                    f"colonne {quote(name)}",
                    f"le nom est porté par {len(ranks)} colonnes (rangs {listed(map(str, ranks))})",
                    "gardez une seule de ces colonnes, ou renommez les autres",
                )

    def unnamed(self) -> Iterator[Problem]:
        """The problem of columns that are filled under no name, where every column counts."""
        if self.nameless:
            ranks = listed(map(str, self.nameless))
            yield self.problem(
                self.row(0) - 1,
                "",
                f"{count(len(self.nameless), 'colonne')} sans nom (rang {ranks})",
                "nommez chaque colonne remplie",
            )

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


def read_table(source: TableFile, folder: Path, names: Collection[str] = ()) -> Table:
    r"""Read a CSV or XLSX file beside the campaign.

    The content decides of the format, not the name. Empty rows at the end are not rows. A grid
    (``layout: grid``) comes out as the table it stands for, one row per subject. ``names``: what
    columns are looked for; they tell the line of names from the titles above it.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "services.csv").write_text("Service;Effectif\nNuit; 12 \n", "utf-8")
    ...     read_table(TableFile(file="services.csv"), Path(folder)).texts("Effectif")
    ['12']

    Raises:
        Refused: missing, unreadable or misnamed file; no rows; a grid where rows are declared, or
            the contrary.
    """
    path = folder / source.file
    _refuse_absent(path, source.file)
    if source.layout == "grid":
        return _grid_table(path.name, _lines(_read(path, source, None)))
    cells = _read(path, source, names)
    _refuse_grid(path.name, source.file, _lines(cells, _HEAD))
    return _table(path.name, cells)


def sheet_names(path: Path) -> list[str] | list[None]:
    """The sheets of a workbook, in its order; for a CSV, one that has no name.

    Raises:
        Refused: a file that is neither; a corrupt workbook.
    """
    if refuse_kind(path, file_kind(path)) == "xlsx":
        from qgdr_eval.tables.xlsx import titles_of

        return titles_of(path)
    return [None]


def read_cells(source: TableFile, folder: Path, names: Collection[str] = ()) -> Cells:
    """Every column of a table of rows, those without a name of their own too, as `read_table`."""
    path = folder / source.file
    _refuse_absent(path, source.file)
    return _read(path, source, names)


def _read(path: Path, source: TableFile, names: Collection[str] | None) -> Cells:
    if refuse_kind(path, file_kind(path)) == "xlsx":
        from qgdr_eval.tables.xlsx import read_xlsx

        return read_xlsx(path, source.sheet, names)
    return read_csv_cells(path, source.encoding, source.separator, names)


def _refuse_absent(path: Path, given: str) -> None:
    try:
        folder, file, there = path.is_dir(), path.is_file(), path.exists()
    except OSError:  # a name no system accepts
        raise refusal(cut(given), "nom de fichier impossible", "écrivez un nom court") from None
    if folder:
        raise refusal(path.name, "c'est un dossier", "indiquez le fichier lui-même")
    if there and not file:  # a pipe would be waited for without end
        raise refusal(path.name, "ce n'est pas un fichier ordinaire", "indiquez un fichier")
    if not there:
        beside = [p.name for p in path.parent.glob("*") if p.suffix.lower() in (".csv", ".xlsx")]
        raise refusal(
            given,
            "fichier introuvable",
            did_you_mean(path.name, sorted(beside))
            if beside
            else f"vérifiez le chemin {quote(path)}",
        )


def _table(file: str, cells: Cells) -> Table:
    """Strip, cut the empty end, and leave out the columns that no name of their own designates."""
    headers = list(cells.frame.columns)
    columns = {i: stripped(cells.frame.iloc[:, i]) for i in range(len(headers))}
    filled = {i: (column != "").to_numpy() for i, column in columns.items()}
    rows = max(
        (int(cells.nonzero()[0].max()) + 1 for cells in filled.values() if cells.any()), default=0
    )
    if not rows:
        raise refusal(
            file,
            "le tableau n'a aucune ligne sous les noms de colonnes",
            "remplissez-le, ou exportez-le de nouveau",
        )
    ranks = _ranks_by_name(headers)
    named = {name: columns[own[0]].iloc[:rows] for name, own in ranks.items() if len(own) == 1}
    return Table(
        file,
        pd.DataFrame(named, index=range(rows)),
        numbers=np.arange(rows) + cells.names_row + 1,
        doubled={name: [i + 1 for i in own] for name, own in ranks.items() if len(own) > 1},
        nameless=tuple(i + 1 for i, name in enumerate(headers) if not name and filled[i].any()),
        warnings=(*_titles_above(file, cells.names_row), *cells.warnings),
    )


def _titles_above(file: str, row: int) -> Iterator[Problem]:
    if row > 1:
        yield fault(
            file,
            f"les noms des colonnes sont lus à la ligne {row} : au-dessus, ce sont des titres",
            "rien à faire si cette ligne porte bien les noms",
            row=row,
            severity="warning",
        )


def _ranks_by_name(headers: list[str]) -> dict[str, list[int]]:
    """The columns of each name, empty ones too: nobody can tell which was meant."""
    ranks: dict[str, list[int]] = {}
    for i, name in enumerate(headers):
        if name:
            ranks.setdefault(name, []).append(i)
    return ranks


# A grid is small, and its lines are read as they stand: titles and headings among the items.
Lines = dict[int, list[str]]  # line of the sheet, from 1: its cells


def _lines(cells: Cells, most: int | None = None) -> Lines:
    frame = cells.frame.head(most) if most else cells.frame
    rows = [list(frame.columns), *frame.astype(object).to_numpy().tolist()]
    return {
        i: [text.strip(BLANKS) for text in row] for i, row in enumerate(rows, start=cells.names_row)
    }


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
