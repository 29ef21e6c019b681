"""The plan as a file people work in: an XLSX workbook with drop-down lists, or a CSV table.

What is written is read back the same, whatever a cell holds. Nothing is ever evaluated: a text
that starts as a formula does is written as a text, and a formula somebody typed is read as its
own text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from qgdr_eval.actions import csv_plan, sheet
from qgdr_eval.actions.check import check_actions
from qgdr_eval.actions.model import ACTION_COLUMNS, HEADERS, make_actions, tidy_actions
from qgdr_eval.actions.sheet import Grid, Note
from qgdr_eval.actions.team_sheet import Team, edit_sheet, unkept
from qgdr_eval.definitions import is_file
from qgdr_eval.fingerprint import of_file
from qgdr_eval.french import listed, number, quote
from qgdr_eval.problems import Problem, Refused, refuse_errors
from qgdr_eval.tables.faults import fault, refusal
from qgdr_eval.tables.kind import file_kind, refuse_kind
from qgdr_eval.tables.spelling import plain
from qgdr_eval.writing import written_whole

Notes = Mapping[tuple[str, str], Note]  # by id ("" for the name of a column) and column
REQUIRED = ("id", "action", "state")
LONGEST = 32_767  # characters a cell holds; spreadsheets cut the rest without a word
ALSO = {"pilote": "pilot", "avancement": "progress"}
COLUMNS = {plain(name): key for key, name in HEADERS.items()} | ALSO


@dataclass(frozen=True)
class Plan:
    """A plan and where it comes from.

    ``notes``: what people left on cells; ``warnings``: what remains to fill in; ``digest``: the
    SHA-256 of the file when it was read, to tell later whether somebody else changed it;
    ``path``: where it is. Both are "" for a plan that no file holds.

    >>> plan = Plan("plan.xlsx", make_actions([{"id": "A", "state": "à faire"}]))
    >>> len(plan.actions), plan.warnings
    (1, ())
    """

    file: str
    actions: pd.DataFrame
    notes: Notes = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    digest: str = ""
    path: str = ""


def read_plan(path: str | Path) -> Plan:
    r"""Read a plan, XLSX or CSV; the content decides, not the name.

    Columns are known by their French names, in any order; others are kept under their own name,
    and columns of `ACTION_COLUMNS` that the file lacks come last, empty. Empty rows are left out.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "plan.csv")
    ...     lines = "Identifiant;Action;État", "A;Relire à deux voix;À faire"
    ...     _ = path.write_text("\n".join(lines), encoding="utf-8")
    ...     read_plan(path).actions.loc[0, ["id", "state", "pilot"]].tolist()
    ['A', 'à faire', '']

    Raises:
        Refused: with every problem of the file; also when it is missing or no plan at all.
    """
    path = Path(path)
    _, grid = _read(path)
    columns, actions = _keys(grid), _actions_of(grid)
    warnings = refuse_errors(
        [*_near_names(path.name, grid), *check_actions(actions, path.name, grid.lines)]
    )
    ids = [*actions["id"], ""]  # row −1 holds the names of the columns
    notes = {(ids[row], columns[at]): note for (row, at), note in grid.notes.items() if columns[at]}
    return Plan(path.name, actions, notes, warnings, of_file(path), str(path))


def write_plan(actions: pd.DataFrame, path: str | Path, notes: Notes | None = None) -> None:
    """Write a plan, whole or not at all, as XLSX or CSV after the name of the file.

    In a workbook that already holds a plan, only the cells that change are touched. ``notes``: what
    stands on cells, by id and column.

    >>> import tempfile
    >>> actions = make_actions([{"id": "A", "action": "=1+1", "state": "à faire"}])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_plan(actions, Path(folder, "plan.xlsx"))
    ...     read_plan(Path(folder, "plan.xlsx")).actions.equals(actions)  # a text, never a formula
    True

    Raises:
        Refused: the name ends otherwise, another kind of file has this name, a text is too long
            for a cell, the workbook holds what could not be kept, or it cannot be written.
    """
    path = Path(path)
    plan = make_actions(actions.to_dict("records"), list(actions))
    columns, rows = list(plan), plan.to_numpy(dtype=object).tolist()
    team = _refuse_unwritable(path, columns, rows)
    placed = _placed(plan, notes or {})
    with written_whole(path) as half:
        if path.suffix.lower() == ".csv":
            csv_plan.write_grid(half, columns, rows, placed)
        elif team:
            half.write_bytes(edit_sheet(team, plan, placed))
        else:
            half.write_bytes(sheet.make_sheet(columns, rows, placed))


def save_plan(plan: Plan, path: str | Path) -> Plan:
    """Write a plan and read it back, unless somebody else's work would be lost.

    Nothing is written when the file already says the same. The plan returned has the path and the
    digest of the file.

    >>> import tempfile
    >>> plan = Plan("", make_actions([{"id": "A", "action": "Relire", "state": "à faire"}]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = save_plan(plan, Path(folder, "plan.csv"))
    >>> saved.file, len(saved.digest)
    ('plan.csv', 64)

    Raises:
        Refused: as `write_plan`; also when the plan has errors, and when the file holds something
            else than what was read from it.
    """
    path = Path(path)
    refuse_errors(check_actions(plan.actions, path.name))
    if path.exists():
        there = read_plan(path)
        if there.actions.equals(tidy_actions(plan.actions)):
            return there
        if there.digest != plan.digest:
            what = "ce fichier existe déjà et ne dit pas ce qui a été ouvert ici"
            raise refusal(
                path.name, what, "rouvrez-le pour le compléter, ou choisissez un autre nom"
            )
    write_plan(plan.actions, path, plan.notes)
    return read_plan(path)


def _placed(plan: pd.DataFrame, notes: Notes) -> dict[tuple[int, int], Note]:
    """Notes by row and column; those of actions and columns the plan no longer has are left out."""
    rows = {id: at for at, id in enumerate(plan["id"])} | {"": -1}
    columns = {name: at for at, name in enumerate(plan)}
    return {
        (rows[id], columns[name]): note
        for (id, name), note in notes.items()
        if id in rows and name in columns
    }


def _read(path: Path) -> tuple[str, Grid]:
    """The sheet that holds the plan ("" in a CSV file) and its table."""
    if not is_file(path):
        raise refusal(path.name, "fichier introuvable", f"vérifiez le chemin {quote(path)}")
    if refuse_kind(path, file_kind(path)) != "xlsx":
        grids = {"": csv_plan.read_grid(path)}
    else:
        grids = sheet.read_sheets(path)
    for name, grid in grids.items():
        if set(REQUIRED) <= {COLUMNS.get(plain(header)) for header in grid.headers}:
            refuse_errors(_misnamed(path.name, grid))
            return name, grid
    names = listed(quote(HEADERS[name]) for name in REQUIRED)
    what = f"ce n'est pas un plan d'actions : la ligne 1 n'a pas les colonnes {names}"
    raise refusal(path.name, what, "partez du plan de « qgdr demo »")


def _keys(grid: Grid) -> list[str]:
    """What each column holds: a column of the plan, else the user's own name; "" without one."""
    return [COLUMNS.get(plain(name), name) for name in grid.headers]


def _actions_of(grid: Grid) -> pd.DataFrame:
    keys = _keys(grid)
    kept = [at for at, name in enumerate(keys) if name]
    named = [{keys[at]: row[at] for at in kept} for row in grid.rows]
    return tidy_actions(make_actions(named, [keys[at] for at in kept]))


def _misnamed(file: str, grid: Grid) -> Iterator[Problem]:
    """Two columns of the same name, or filled under no name: none of them could be kept."""
    keys = _keys(grid)
    for at, name in enumerate(grid.headers):
        if not name and any(row[at] for row in grid.rows):
            what, cure = f"colonne {at + 1} remplie sans nom", "nommez-la en ligne 1, ou videz-la"
            yield fault(file, what, cure, row=1)
        elif name and keys[at] in keys[:at]:
            what, cure = "deux colonnes portent ce nom", "renommez l'une des deux"
            yield fault(file, what, cure, row=1, place=f"colonne {quote(name)}")


def _near_names(file: str, grid: Grid) -> Iterator[Problem]:
    """A name nearly known, when the known one is missing: kept as it is, but said."""
    met = {COLUMNS.get(plain(name), name) for name in grid.headers}
    missing = {plain(HEADERS[key]): HEADERS[key] for key in ACTION_COLUMNS if key not in met}
    for name in grid.headers:
        near = get_close_matches(plain(name), missing, 1, 0.75)
        if near and plain(name) not in COLUMNS:
            what, cure = (
                "colonne inconnue, gardée telle quelle",
                f"écrivez {quote(missing[near[0]])}",
            )
            place = f"colonne {quote(name)}"
            yield fault(file, what, cure, row=1, place=place, severity="warning")


def _refuse_unwritable(
    path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> Team | None:
    """Refuse what would be lost; give the workbook to complete, if there is one."""
    if path.suffix.lower() not in (".xlsx", ".csv"):
        what = f"un plan ne s'enregistre pas au format {quote(path.suffix or path.name)}"
        raise refusal(path.name, what, "donnez un nom qui finit par .xlsx ou .csv")
    if not path.parent.is_dir():
        raise refusal(path.name, f"le dossier {quote(path.parent)} n'existe pas", "créez-le")
    refuse_errors(_unstorable(path.name, columns, rows))
    if not path.exists():
        return None
    try:
        name, grid = _read(path)
    except Refused:
        what = "un autre fichier porte ce nom, et ce n'est pas un plan d'actions"
        raise refusal(path.name, what, "choisissez un autre nom") from None
    if not name:
        return None
    _refuse_losing(path)
    return Team(path, name, _keys(grid), grid.lines, _actions_of(grid))


def _refuse_losing(path: Path) -> None:
    """Refuse to write a workbook back without what only the spreadsheet can keep."""
    if lost := unkept(path):
        what = f"ce classeur contient {listed(lost)}, qui serait perdu"
        cure = "enregistrez le plan sous un autre nom, puis recopiez-y vos changements"
        raise refusal(path.name, what, cure)
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            what = "ce classeur est ouvert dans un tableur, qui n'en verrait pas les changements"
            cure = f"fermez-le ; s'il ne l'est nulle part, supprimez {quote(lock.name)}"
            raise refusal(path.name, what, cure)


def _unstorable(
    file: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[Problem]:
    for at, row in enumerate(rows, start=2):
        for name, text in zip(columns, row, strict=True):
            place = f"colonne {quote(HEADERS.get(name, name))}"
            if len(sheet.encode(text).encode("utf-16-le")) > 2 * LONGEST:
                what = f"texte de {number(len(text))} caractères, {number(LONGEST)} au plus"
                yield fault(file, what, "raccourcissez-le", row=at, place=place)
            if "\0" in text:
                yield fault(file, "caractère nul", "supprimez-le", row=at, place=place)
