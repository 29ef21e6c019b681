"""A table as people export it, whatever the format: every cell a text, nothing interpreted."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qgdr_eval.french import count, did_you_mean, listed, quote
from qgdr_eval.problems import Problem, Severity, refuse_errors
from qgdr_eval.responses.campaign import TableFile
from qgdr_eval.responses.csv_table import read_csv
from qgdr_eval.responses.faults import fault, refusal
from qgdr_eval.responses.file_kind import file_kind, refuse_kind
from qgdr_eval.responses.spelling import stripped

FIRST_ROW = 2  # row 1 of the table holds the names of the columns


@dataclass(frozen=True)
class Table:
    """A table read from a file.

    ``frame``: one categorical column of texts per column of the file, stripped of surrounding
    blanks; an empty cell is "". Row ``i`` of the frame is row ``i + 2`` of the table.
    """

    file: str
    frame: pd.DataFrame

    def texts(self, column: str) -> list[str]:
        """One column as a plain list."""
        return self.frame[column].astype(object).tolist()

    def problem(
        self, row: int | None, place: str, what: str, cure: str, severity: Severity = "error"
    ) -> Problem:
        """A problem of this table, at a table row (1-based) or of the whole file."""
        return fault(self.file, what, cure, row=row, place=place, severity=severity)


def read_table(source: TableFile, folder: Path) -> Table:
    """Read a CSV or XLSX file beside the campaign.

    The content decides of the format, not the name. Empty rows at the end are not rows.

    Raises:
        Refused: missing, unreadable or misnamed file; headers empty or given twice; no rows.
    """
    path = folder / source.file
    _refuse_absent(path, source.file)
    return _table(path.name, _read(path, source))


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
