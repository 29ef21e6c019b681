"""What an evaluation of HAS said of a structure, cut out of the national open data file.

The file is ``open_data_par_essms`` (XLSX or CSV): one row per structure and evaluation, ratings
from 1 to 4 to two decimals, by chapter, theme, objective and imperative criterion.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from qgdr_eval.french import count, number, quote, typography
from qgdr_eval.problems import Problem, Refused, refuse_errors
from qgdr_eval.tables.faults import fault, refusal
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import Table, read_table, sheet_names
from qgdr_eval.tables.write import csv_bytes
from qgdr_eval.writing import written_whole

FINESS, NAME, CLOSED = "finess_geo", "raison_sociale", "eval_date_cloture_tech"
LEVELS = {  # the columns of the open data that hold ratings, and what each is about
    r"cotation_chapitre_(\d)": "chapitre",
    r"cotation_thematique_([1-3]\.\d+)": "thématique",
    r"cotation_objectif_(\d\.\d+)": "objectif",
    r"cotation_critere_imperatif_([\d.]+)": "critère",
}
COUNTS = {"nb_ci": "impératifs évalués", "nb_ci_atteints": "impératifs atteints"}
NOT_CONCERNED = re.compile(r"([\d.]+)_nc")
NC = "NC"
TRUE = {"1", "true", "vrai", "oui"}
COLUMNS = ["finess", "structure", "date", "niveau", "numéro", "cotation"]
Row = Mapping[str, str]


@dataclass(frozen=True)
class Evaluated:
    """An evaluation of a structure: when it was closed, its ratings from 1 to 4 by what they are
    about (« objectif 1.2 », « critère 2.2.1 »), and how many imperative criteria it counts.

    >>> Evaluated("EHPAD", "17/01/2024", {"objectif 1.1": 3.5}).ratings["objectif 1.1"]
    3.5
    """

    structure: str
    day: str
    ratings: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def cut_evaluation(path: Path, finess: str, out: Path, *, replace: bool = False) -> list[str]:
    """Write the latest evaluation of a structure, a rating a line; returns the days of the others.

    ``path``: the national file, as it was downloaded. ``finess``: the geographic number of the
    structure, nine signs. The file written is what ``evaluation`` of a campaign names.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path, out = Path(folder, "open_data_par_essms.csv"), Path(folder, "evaluation.csv")
    ...     _ = path.write_text("finess_geo,eval_date_cloture_tech,cotation_objectif_1.1\\n"
    ...                         "010000001,2024-01-17,3.5\\n", encoding="utf-8")
    ...     cut_evaluation(path, "010000001", out), read_evaluation(out).ratings
    ([], {'objectif 1.1': 3.5})

    Raises:
        Refused: not that file; a structure it does not hold; ``out`` is there, unless ``replace``.
    """
    if out.exists() and not replace:
        raise refusal(
            out.name, "ce fichier existe déjà", "choisissez un autre nom, ou remplacez-le"
        )
    wanted = finess.strip().upper().zfill(9)
    found = _rows(_national(path), wanted)
    if not found:
        what = f"aucune évaluation de la structure {quote(wanted)}"
        raise refusal(path.name, what, "vérifiez son numéro FINESS géographique, à neuf signes")
    *others, latest = sorted(found, key=lambda row: _iso(row.get(CLOSED, "")))
    content = csv_bytes(pd.DataFrame([*_lines(wanted, latest)], columns=COLUMNS))
    with written_whole(out) as half:
        half.write_bytes(content)
    return [_day(row.get(CLOSED, "")) for row in others]


def _national(path: Path) -> Table:
    """The sheet of the national file that has its columns: notes may stand on another."""
    sheets = sheet_names(path) if path.is_file() else [None]
    for sheet in sheets:
        with suppress(Refused) if len(sheets) > 1 else nullcontext():
            table = read_table(TableFile(file=path.name, sheet=sheet), path.parent, [FINESS])
            if FINESS in table.frame.columns and any(map(_level, table.frame.columns)):
                return table
    what = f"colonnes absentes : {quote(FINESS)}, et celles qui commencent par « cotation_ »"
    cure = "prenez le fichier « open_data_par_essms » des données ouvertes de la HAS"
    raise refusal(path.name, what, cure)


def _rows(table: Table, finess: str) -> list[Row]:
    """The evaluations of one structure."""
    numbers = enumerate(table.texts(FINESS))
    own = [at for at, number in numbers if number.upper().zfill(9) == finess]
    return [{str(name): str(text) for name, text in table.frame.iloc[at].items()} for at in own]


def _level(column: str) -> str:
    """What a column of ratings is about, "" for any other.

    >>> _level("cotation_objectif_1.12"), _level("cotation_critere_imperatif_2.2.1"), _level("nom")
    ('objectif 1.12', 'critère 2.2.1', '')
    """
    for pattern, level in LEVELS.items():
        if found := re.fullmatch(pattern, column):
            return f"{level} {found[1]}"
    return ""


def _lines(finess: str, row: Row) -> Iterator[tuple[str, ...]]:
    known = finess, row.get(NAME, ""), _day(row.get(CLOSED, ""))
    aside = [found[1] for name, text in row.items() if text.casefold() in TRUE
             and (found := NOT_CONCERNED.fullmatch(name))]  # fmt: skip
    for name, text in row.items():
        level, _, rank = _level(name).partition(" ")
        if level == "critère" and rank in aside:
            yield (*known, level, rank, NC)
        elif level and text:
            yield (*known, level, rank, text.replace(".", ","))
        elif name in COUNTS and text:
            yield (*known, COUNTS[name], "", text)


def _iso(text: str) -> str:
    """A day in an order that sorts, whether it is written 2024-01-17 or 17/01/2024."""
    if found := re.match(r"(\d{2})/(\d{2})/(\d{4})", text):
        return f"{found[3]}-{found[2]}-{found[1]}"
    return text[:10]


def _day(text: str) -> str:
    return "/".join(reversed(_iso(text).split("-")))


def read_evaluation(path: Path) -> Evaluated:
    """Read back what `cut_evaluation` wrote, or the same columns typed from a report.

    Raises:
        Refused: columns that are absent; ratings that are none; several structures.
    """
    table = read_table(TableFile(file=path.name), path.parent, COLUMNS)
    refuse_errors(_absent(table))
    rows = list(zip(*(table.texts(name) for name in COLUMNS), strict=True))
    refuse_errors(_wrong(table, rows))
    named = [(f"{level} {rank}", text) for *_, level, rank, text in rows]
    ratings = {name: _number(text) for name, text in named if _is_rated(name) and text != NC}
    counts = {level: int(_number(text)) for *_, level, _, text in rows if level in COUNTS.values()}
    return Evaluated(rows[0][1], rows[0][2], ratings, counts)


def _is_rated(name: str) -> bool:
    return name.split()[0] in LEVELS.values()


def _absent(table: Table) -> Iterator[Problem]:
    absent = [name for name in COLUMNS if name not in table.frame.columns]
    if absent:
        what = f"colonnes absentes : {', '.join(absent)}"
        yield fault(table.file, what, "écrivez ce fichier par « qgdr evaluation »")


def _wrong(table: Table, rows: list[tuple[str, ...]]) -> Iterator[Problem]:
    structures = {row[0] for row in rows}
    if len(structures) > 1:
        what = f"{count(len(structures), 'structure')} dans ce fichier"
        yield fault(table.file, what, "gardez-en une seule")
    for at, (*_, level, rank, text) in enumerate(rows):
        rated = _is_rated(f"{level} {rank}")
        if not rated and level not in COUNTS.values():
            what, cure = f"niveau {quote(level)} inconnu", f"écrivez {', '.join(LEVELS.values())}"
            yield table.problem(table.row(at), "colonne « niveau »", what, cure)
        elif text != NC and not (1 if rated else 0) <= _number(text) <= (4 if rated else 157):
            what = f"{quote(text)} n'est pas une cotation de 1 à 4" if rated else quote(text)
            yield table.problem(table.row(at), "colonne « cotation »", what, "écrivez 3,25, ou NC")


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float("nan")


def evaluation_said(found: Evaluated) -> str:
    """An evaluation in words, as the page names what came before.

    >>> counts = {"impératifs évalués": 17, "impératifs atteints": 2}
    >>> said = evaluation_said(Evaluated("Foyer", "17/01/2024", {"chapitre 1": 3.03}, counts))
    >>> said.replace("\u202f", " ").replace("\xa0", " ")
    'évaluation de la HAS close le 17/01/2024 (chapitre 1 : 3,03 ; 2 impératifs atteints sur 17)'
    """
    parts = [f"{level} : {number(rating, 2)}" for level, rating in found.ratings.items()
             if level.startswith("chapitre")]  # fmt: skip
    evaluated, met = (found.counts.get(name) for name in COUNTS.values())
    if evaluated is not None and met is not None:
        parts.append(f"{count(met, 'impératif atteint', 'impératifs atteints')} sur {evaluated}")
    more = f" ({' ; '.join(parts)})" if parts else ""
    when = f" close le {found.day}" if found.day else ""
    return typography(f"évaluation de la HAS{when}{more}")
