"""The referential a structure downloaded and keyed in a workbook, turned into an instrument.

The kit ships no official criterion: each structure loads the edition it works with.
"""

import re
from pathlib import Path

from qgdr_eval.french import quote
from qgdr_eval.instruments.referential.criteria import (
    Kind,
    Referential,
    doubts,
    fill_down,
    make_criteria,
    wrong_places,
    wrong_rows,
)
from qgdr_eval.instruments.referential.sheet import (
    fill_merged,
    read_sheets,
    titles,
    wrong_columns,
)
from qgdr_eval.instruments.referential.structures import concerns, unknown_structure
from qgdr_eval.instruments.referential.text import write_text
from qgdr_eval.instruments.referential.told import PLACES, refusal
from qgdr_eval.problems import refuse_errors
from qgdr_eval.writing import written_whole

__all__ = ["Referential", "read_referential", "write_instrument"]
FILE = "instrument.yml"
IDS: dict[Kind, str] = {
    "essms": "referentiel_essms",
    "certification": "referentiel_certification",
}
WHOLE = {"essms": ("theme", "objective"), "certification": ("objective",)}  # one makes dimensions


def read_referential(path: Path, kind: Kind = "essms", structure: str = "") -> Referential:
    """Read the criteria of an XLSX workbook, on the sheet whose titles are best recognised.

    Columns in any order, under their names or usual synonyms (`COLUMNS`): chapitre, thématique,
    objectif, n° critère, critère, impératif; éléments d'évaluation, ESSMS concernés, méthode and
    champ d'application when known. Merged cells of the first three are filled down; so are empty
    ones, with a warning. A formula is read as its saved result, else as its own text.

    Args:
        kind: that of the social and medico-social structures, or the certification of hospitals,
            whose criteria stand under objectives.
        structure: keep the criteria that « ESSMS concernés » gives to it.

    >>> import tempfile
    >>> import pandas as pd
    >>> row = {"Chapitre": "Chapitre 1 – La personne", "Thématique": "Écoute",
    ...        "N° critère": "1.1.1", "Critère": "La personne est écoutée.", "Impératif": "non"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "referentiel.xlsx")
    ...     pd.DataFrame([row]).to_excel(path, index=False)
    ...     read_referential(path)["criteria"][0]["number"]
    '1.1.1'

    Raises:
        Refused: not a readable workbook; and, all together: columns missing or given twice; then
            criteria without text, numbers unreadable or given twice, requirements that are
            neither yes nor no, places nobody says, texts too long; a structure nobody names.
    """
    sheets = read_sheets(path)
    if not sheets:
        raise refusal(path.name, "ce classeur n'a aucune feuille", "enregistrez-le de nouveau")
    lines, merged = max(sheets, key=lambda sheet: len(titles(sheet[0])[1]))
    head, roles = titles(lines)
    refuse_errors(wrong_columns(path.name, lines.get(head, []), head, roles, WHOLE[kind]))
    fill_merged(lines, merged, {roles[role][0] for role in PLACES if role in roles})
    rows = {
        line: {role: cells[ranks[0]] for role, ranks in roles.items()}
        for line, cells in lines.items()
        if line > head
    }
    filled, guessed = fill_down(rows, [role for role in PLACES if role in roles])
    problems = [*wrong_places(path.name, filled, guessed), *wrong_rows(path.name, filled, kind)]
    notices = refuse_errors(sorted(problems, key=lambda problem: problem.line or 0))
    criteria = make_criteria(filled, rows)
    if structure:
        refuse_errors(unknown_structure(path.name, criteria, structure))
    kept = [one for one in criteria if not structure or concerns(one["concerned"], structure)]
    return {
        "file": path.name,
        "kind": kind,
        "structure": structure,
        "criteria": kept,
        "set_aside": tuple(one["number"] for one in criteria if one not in kept),
        "warnings": (*notices, *doubts(path.name, kept, kind)),
    }


def write_instrument(
    referential: Referential, folder: Path, *, id: str = "", replace: bool = False
) -> Path:
    """Write ``questionnaires/<id>/instrument.yml`` in ``folder``; returns its path.

    One dimension per objective (per theme without objectives), under its chapter. Of the social
    and medico-social structures: rule ``rating_1_4``, one row a group; RI is refused outside
    chapter 1, NC is to be justified, and pointed out on imperative criteria but 3.6.2. Of the
    certification: rule ``conformity``, one row a tracer; imperative criteria are critical.
    ``id``: the usual one of its kind when empty.

    >>> import tempfile
    >>> import pandas as pd
    >>> from qgdr_eval.instruments import load_instrument
    >>> row = {"Chapitre": "Chapitre 1 – La personne", "Thématique": "Écoute",
    ...        "N° critère": "1.1.1", "Critère": "La personne est écoutée.", "Impératif": "non"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "referentiel.xlsx")
    ...     pd.DataFrame([row]).to_excel(path, index=False)
    ...     written = write_instrument(read_referential(path), Path(folder), id="essms")
    ...     load_instrument(written).dimensions[0].rule
    'rating_1_4'

    Raises:
        Refused: an id of another shape; a file there with another content, unless ``replace``.
    """
    id = id or IDS[referential["kind"]]
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", id):
        what = f"{quote(id)} n'a pas la forme d'un nom court"
        raise refusal(FILE, what, "écrivez des minuscules sans accent, des chiffres ou « _ »")
    path = folder / "questionnaires" / id / FILE
    content = write_text(referential, id).encode()
    if path.is_file() and path.read_bytes() != content and not replace:
        what = "ce fichier existe déjà, avec un autre contenu"
        raise refusal(str(path), what, "choisissez un autre nom, ou demandez à le remplacer")
    with written_whole(path) as half:
        half.write_bytes(content)
    return path
