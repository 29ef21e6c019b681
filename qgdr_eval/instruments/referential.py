"""The referential a structure downloaded and keyed in a workbook, turned into an instrument.

The kit ships no official criterion: each structure loads the edition it works with.
"""

import json
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

from qgdr_eval.french import count, did_you_mean, listed, quote, typography
from qgdr_eval.problems import Problem, Refused, Severity, refuse_errors

FILE = "instrument.yml"
ID = "referentiel_essms"
LARGEST = 50 * 2**20  # bytes, unpacked: a referential is a few hundred lines
LONGEST = 1900  # characters of a text, a little under what an instrument admits
HEAD = 30  # lines in which the titles of the columns are looked for
CHAPTERS = 3
SHOWN = 8  # lines named in a message

# What a column holds: its name in messages, then its other names as `_key` writes them.
COLUMNS = {
    "chapter": ["chapitre", "chapitres", "chap"],
    "theme": ["thématique", "thematiques", "theme", "themes"],
    "objective": ["objectif", "objectifs", "objectifdevaluation"],
    "number": [
        "n° critère",
        *"nocritere ndecritere nocritere nducritere numero numerocritere numerodecritere".split(),
        *"numeroducritere n no num code codecritere codeducritere reference ref".split(),
    ],
    "text": [
        "critère",
        *"criteres libelle libellecritere libelleducritere criterelibelle intitule".split(),
        *"intituleducritere criteredevaluation criteresdevaluation".split(),
    ],
    "requirement": [
        "impératif",
        *"imperatifs critereimperatif exigence exigences niveaudexigence typedexigence".split(),
        *"typedecritere type standardimperatif imperatifstandard".split(),
    ],
    "elements": ["éléments d'évaluation", "elements", "elementdevaluation", "elementevaluation"],
    "concerned": ["ESSMS concernés", "essms", "essmsconcerne", "concernes"],
}
PLACES = ("chapter", "theme", "objective")
REQUIRED = ("chapter", "number", "text", "requirement")
IMPERATIVE = set("oui o vrai true 1 x imperatif critereimperatif exigenceimperative".split())
STANDARD = set("non n faux false 0 standard criterestandard exigencestandard".split())
_NUMBER = re.compile(r"[^\d/]*?(\d+(?:[.\-]\d+)*)\.?")
_CORRUPT = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    OSError,
    AttributeError,
    IndexError,
    zlib.error,
)

Lines = dict[int, list[str]]  # line of the sheet, from 1: its cells
Roles = dict[str, list[int]]  # what a column holds: the ranks of the columns that say so
Row = dict[str, str]  # what a column holds: its cell, on one line


class Criterion(TypedDict):
    """One criterion; ``row`` is its line in the workbook, ``objective`` "" when there is none."""

    row: int
    number: str
    chapter: str
    theme: str
    objective: str
    text: str
    imperative: bool
    elements: list[str]
    concerned: str


class Referential(TypedDict):
    """What a workbook holds, in its order, and what its reader should look at again."""

    file: str
    criteria: list[Criterion]
    warnings: tuple[Problem, ...]


def read_referential(path: Path) -> Referential:
    """Read the criteria of an XLSX workbook, on the sheet whose titles are best recognised.

    Columns in any order, under their names or usual synonyms (`COLUMNS`): chapitre, thématique,
    objectif, n° critère, critère, impératif; éléments d'évaluation and ESSMS concernés when known.
    Merged cells of the first three are filled down; so are empty ones, with a warning. A formula
    is read as its saved result, else as its own text.

    Raises:
        Refused: not a readable workbook; and, all together: columns missing or given twice; then
            criteria without text, numbers unreadable or given twice, requirements that are
            neither yes nor no, places nobody says, texts too long.
    """
    sheets = _sheets(path)
    lines, merged = max(sheets, key=lambda sheet: len(_titles(sheet[0])[1]))
    head, roles = _titles(lines)
    refuse_errors(_wrong_columns(path.name, lines.get(head, []), head, roles))
    _fill_merged(lines, merged, {roles[role][0] for role in PLACES if role in roles})
    rows = {
        line: {role: cells[ranks[0]] for role, ranks in roles.items()}
        for line, cells in lines.items()
        if line > head
    }
    filled, guessed = _fill_down(rows, [role for role in PLACES if role in roles])
    told = [*_wrong_places(path.name, filled, guessed), *_wrong_rows(path.name, filled)]
    notices = refuse_errors(sorted(told, key=lambda problem: problem.line or 0))
    criteria = _criteria(filled, rows)
    return {
        "file": path.name,
        "criteria": criteria,
        "warnings": (*notices, *_doubts(path.name, criteria)),
    }


def write_instrument(
    referential: Referential, folder: Path, *, id: str = ID, replace: bool = False
) -> Path:
    """Write ``questionnaires/<id>/instrument.yml`` in ``folder``; returns its path.

    One dimension per objective (per theme without objectives), under its chapter; rule
    ``rating_1_4``; NC refused on imperative criteria, RI outside chapter 1.

    Raises:
        Refused: an id of another shape; a file there with another content, unless ``replace``.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", id):
        what = f"{quote(id)} n'a pas la forme d'un nom court"
        raise _refusal(FILE, what, "écrivez des minuscules sans accent, des chiffres ou « _ »")
    path = folder / "questionnaires" / id / FILE
    content = _instrument_text(referential, id).encode()
    if path.is_file() and path.read_bytes() != content and not replace:
        what = "ce fichier existe déjà, avec un autre contenu"
        raise _refusal(str(path), what, "choisissez un autre nom, ou demandez à le remplacer")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _fault(
    file: str, line: int | None, what: str, cure: str, role: str = "", severity: Severity = "error"
) -> Problem:
    place = f"colonne {quote(COLUMNS[role][0])}" if role else ""
    return Problem(file, line, place, typography(what), typography(cure), severity)


def _refusal(file: str, what: str, cure: str) -> Refused:
    return Refused([_fault(file, None, what, cure)])


def _named(lines: list[int]) -> str:
    shown = [str(line) for line in lines[:SHOWN]]
    if len(lines) > SHOWN:
        return f"lignes {', '.join(shown)}… ({count(len(lines), 'ligne')} en tout)"
    return f"ligne{'s' if len(lines) > 1 else ''} {listed(shown)}"


# From the workbook to its cells


def _sheets(path: Path) -> list[tuple[Lines, list[Any]]]:
    """Each sheet: its lines, and the ranges of its merged cells."""
    if not path.is_file():
        raise _refusal(path.name, "fichier introuvable", f"vérifiez le chemin {quote(path)}")
    try:
        values, formulas = _book(path, data_only=True), _book(path, data_only=False)
        return [
            (_lines(results, texts), list(results.merged_cells.ranges))
            for results, texts in zip(values.worksheets, formulas.worksheets, strict=True)
        ]
    except _CORRUPT:
        cure = "ouvrez-le dans un tableur et enregistrez-le au format « Classeur Excel (.xlsx) »"
        raise _refusal(path.name, "ce n'est pas un classeur Excel lisible", cure) from None


def _book(path: Path, *, data_only: bool) -> Any:
    from openpyxl import load_workbook  # slow to load

    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > LARGEST:
            cure = "enregistrez la feuille des critères seule"
            raise _refusal(path.name, "le classeur décompressé dépasse 50 Mo", cure)
    # A stream: openpyxl refuses a path whose name does not end as it expects.
    with warnings.catch_warnings(), path.open("rb") as stream:
        warnings.simplefilter("ignore")  # styles and extensions of no concern here
        return load_workbook(stream, data_only=data_only)


def _lines(results: Any, texts: Any) -> Lines:
    """A formula that was never calculated has no result: its own text stands for it."""
    pairs = zip(results.iter_rows(values_only=True), texts.iter_rows(values_only=True), strict=True)
    return {
        line: [
            _clean(text if result is None else result) for result, text in zip(*pair, strict=True)
        ]
        for line, pair in enumerate(pairs, start=1)
    }


def _clean(value: Any) -> str:
    """A cell on one line, without what cannot be seen; a date, as a spreadsheet shows it.

    >>> _clean(" Le  projet\\n est\\u200b suivi "), _clean(3.0), _clean(True), _clean(None)
    ('Le projet est suivi', '3', 'oui', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if hasattr(value, "strftime"):
        return str(value.strftime("%d/%m/%Y"))
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return "".join(c for c in " ".join(text.split()) if unicodedata.category(c)[0] != "C")


def _key(text: str) -> str:
    """A text without accents, blanks, signs and capitals.

    >>> _key("N° du Critère")
    'nducritere'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if c.isalnum())


def _titles(lines: Lines) -> tuple[int, Roles]:
    """The line where most titles are recognised (0 when none is) and what its columns hold."""
    heads = {line: _roles(cells) for line, cells in lines.items() if line <= HEAD}
    line = max(heads, key=lambda line: len(heads[line]), default=0)
    return (line, heads[line]) if line and len(heads[line]) > 1 else (0, {})


def _roles(cells: list[str]) -> Roles:
    known = {_key(name): role for role, names in COLUMNS.items() for name in names}
    roles: Roles = {}
    for rank, title in enumerate(cells):
        role = known.get(_key(title)) or known.get(_key(title.partition("(")[0]))
        if role:
            roles.setdefault(role, []).append(rank)
    return roles


def _wrong_columns(file: str, titles: list[str], head: int, roles: Roles) -> Iterator[Problem]:
    if not roles:
        names = listed(quote(COLUMNS[role][0]) for role in [*PLACES, *REQUIRED[1:]])
        yield _fault(file, None, "aucune ligne de titres reconnue", f"écrivez {names}")
        return
    used = {rank for ranks in roles.values() for rank in ranks}
    others = [title for rank, title in enumerate(titles) if title and rank not in used]
    absent = [role for role in REQUIRED if role not in roles]
    absent += [] if {"theme", "objective"} & set(roles) else ["objective"]
    for role in absent:
        cure = did_you_mean(COLUMNS[role][0], others) if others else "ajoutez-la"
        yield _fault(file, head, "colonne absente", cure, role)
    for ranks in roles.values():
        if len(ranks) > 1:
            what = f"les colonnes {listed(quote(titles[rank]) for rank in ranks)} disent la même"
            yield _fault(file, head, f"{what} chose", "gardez-en une seule, ou renommez les autres")


def _fill_merged(lines: Lines, merged: list[Any], places: set[int]) -> None:
    for cells in merged:
        rank = cells.min_col - 1
        if rank in places:
            for line in range(cells.min_row + 1, cells.max_row + 1):
                lines[line][rank] = lines[cells.min_row][rank]


# From the cells to the criteria


def _is_criterion(row: Row) -> bool:
    """A line with a place alone is a heading, with elements alone the rest of a criterion."""
    return any(row[role] for role in ("number", "text", "requirement"))


def _fill_down(
    rows: dict[int, Row], places: list[str]
) -> tuple[dict[int, Row], dict[str, list[int]]]:
    """The lines of criteria with every place said, and the lines where each was not.

    A new chapter or theme ends what stood under the one before.
    """
    above: Row = dict.fromkeys(places, "")
    filled: dict[int, Row] = {}
    for line, row in rows.items():
        for rank, role in enumerate(places):
            if row[role] and row[role] != above[role]:
                above |= dict.fromkeys(places[rank:], "") | {role: row[role]}
        if _is_criterion(row):
            filled[line] = row | above
    return filled, {role: [line for line in filled if not rows[line][role]] for role in places}


def _wrong_places(
    file: str, filled: dict[int, Row], guessed: dict[str, list[int]]
) -> Iterator[Problem]:
    for role, empty in guessed.items():
        lost = [line for line in empty if not filled[line][role]]
        found = [line for line in empty if filled[line][role]]
        if lost:
            what, cure = f"cellule vide : {_named(lost)}", "écrivez-y ce qui manque"
            yield _fault(file, lost[0], what, cure, role)
        if found:
            what = f"cellule vide, lue comme celle du dessus : {_named(found)}"
            yield _fault(file, found[0], what, "complétez-la si c'est faux", role, "warning")


def _wrong_rows(file: str, rows: dict[int, Row]) -> Iterator[Problem]:
    if not rows:
        yield _fault(file, None, "aucun critère sous les titres", "vérifiez la feuille")
    yield from _wrong_numbers(file, rows)
    yield from _wrong_texts(file, rows)
    yield from _wrong_requirements(file, rows)


def _wrong_numbers(file: str, rows: dict[int, Row]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for line, row in rows.items():
        number = _number(row["number"])
        if not number:
            what = f"numéro illisible : {quote(row['number'])}" if row["number"] else "numéro vide"
            cure = "écrivez-le comme 1.1.1, dans une colonne au format Texte"
            yield _fault(file, line, what, cure, "number")
        elif first.setdefault(number, line) != line:
            what = f"le numéro {number} est déjà à la ligne {first[number]}"
            cure = "corrigez l'un des deux ; hors du format Texte, 1.10 devient 1.1"
            yield _fault(file, line, what, cure, "number")


def _number(text: str) -> str:
    """The number of a criterion, "" when it cannot be read.

    >>> _number("Critère 1.2.3"), _number("3-1-4."), _number("01/01/2001"), _number("1.1 bis")
    ('1.2.3', '3.1.4', '', '')
    """
    found = _NUMBER.fullmatch(text)
    return found[1].replace("-", ".") if found and len(found[1]) <= 30 else ""


def _wrong_texts(file: str, rows: dict[int, Row]) -> Iterator[Problem]:
    for line, row in rows.items():
        if not row["text"]:
            cure = "écrivez-le, ou supprimez la ligne"
            yield _fault(file, line, "critère vide", cure, "text")
        for role in ("text", *PLACES):
            if len(row.get(role, "")) > LONGEST:
                what = f"texte de plus de {LONGEST} caractères"
                yield _fault(file, line, what, "gardez le libellé seul", role)


def _wrong_requirements(file: str, rows: dict[int, Row]) -> Iterator[Problem]:
    unread: dict[str, list[int]] = {}
    for line, row in rows.items():
        if _key(row["requirement"]) not in IMPERATIVE | STANDARD:
            unread.setdefault(row["requirement"], []).append(line)
    for given, lines in unread.items():
        what = f"{quote(given[:40])} n'est ni oui ni non" if given else "cellule vide"
        cure = "écrivez oui (impératif) ou non (standard) sur chaque ligne"
        yield _fault(file, lines[0], f"{what} : {_named(lines)}", cure, "requirement")


def _criteria(filled: dict[int, Row], rows: dict[int, Row]) -> list[Criterion]:
    """Criteria in the order of the workbook; elements may go on over the following lines."""
    criteria: list[Criterion] = []
    for line, row in rows.items():
        if line in filled:
            criteria.append(_criterion(line, filled[line]))
        if criteria and row.get("elements"):
            criteria[-1]["elements"].append(row["elements"])
    return criteria


def _criterion(line: int, row: Row) -> Criterion:
    return {
        "row": line,
        "number": _number(row["number"]),
        "chapter": row["chapter"],
        "theme": row.get("theme", ""),
        "objective": row.get("objective", ""),
        "text": row["text"],
        "imperative": _key(row["requirement"]) in IMPERATIVE,
        "elements": [],
        "concerned": row.get("concerned", ""),
    }


def _doubts(file: str, criteria: list[Criterion]) -> Iterator[Problem]:
    chapters = _chapters(criteria)
    if len(chapters) > CHAPTERS:
        named = listed(quote(name[:60]) for name in [*chapters][: CHAPTERS + 1])
        what = f"{len(chapters)} chapitres au lieu de {CHAPTERS}, dont {named}"
        cure = "vérifiez que chaque chapitre est écrit partout de la même façon"
        yield _fault(file, None, what, cure, "chapter", "warning")
    apart = [
        one["row"] for one in criteria if _leads_elsewhere(one["number"], chapters[one["chapter"]])
    ]
    if apart:
        what = f"le numéro ne commence pas par celui du chapitre : {_named(apart)}"
        cure = "vérifiez le chapitre : RI n'est admis que dans le premier"
        yield _fault(file, apart[0], what, cure, "number", "warning")
    texts = zip(criteria, _texts(criteria), strict=True)
    alike = [one["row"] for one, text in texts if one["text"] != text]
    if alike:
        what = f"même texte qu'un critère précédent : {_named(alike)}"
        cure = "le numéro est ajouté au texte ; si c'est un doublon, supprimez la ligne"
        yield _fault(file, alike[0], what, cure, "text", "warning")


def _chapters(criteria: list[Criterion]) -> dict[str, int]:
    """The number of each chapter: the one its title begins with, else its rank."""
    names = dict.fromkeys(one["chapter"] for one in criteria)
    numbers = [re.match(r"\D{0,12}(\d{1,2})\b", name) for name in names]
    return {
        name: int(number[1]) if number else rank
        for rank, (name, number) in enumerate(zip(names, numbers, strict=True), start=1)
    }


def _leads_elsewhere(number: str, chapter: int) -> bool:
    """Only a number of three levels begins with its chapter."""
    return number.count(".") == 2 and int(number.partition(".")[0]) != chapter


def _texts(criteria: list[Criterion]) -> list[str]:
    """The text of each item: no two items have the same, so a repeated one has its number."""
    met: set[str] = set()
    texts = []
    for one in criteria:
        again = one["text"].casefold() in met
        met.add(one["text"].casefold())
        texts.append(f"{one['text']} (critère {one['number']})" if again else one["text"])
    return texts


# From the criteria to the instrument

HEADER = """\
# yaml-language-server: $schema=../instrument.schema.json
id: {id}
version: 1.0.0
title: "Auto-évaluation préparatoire en ESSMS, sur le référentiel chargé par l'établissement"
source: {source}
licence: >-
  Les critères sont ceux du référentiel que l'établissement a téléchargé et chargé lui-même,
  aux conditions de son éditeur. Ils ne font pas partie de qgdr-eval.
subject: group
language: fr

# Code 8 is NC, code 9 is RI. NC leaves the imperative criteria; RI stays in chapter 1 alone.
scales:
  cotation:
    label: >-
      Cotation retenue par le groupe (1 : rien n'est organisé, ou presque ; 2 : c'est commencé ;
      3 : c'est en place pour l'essentiel ; 4 : c'est en place partout ; * : au-delà de ce qui est
      demandé ; NC : non concerné ; RI : réponse inadaptée)
    options:
      - {{code: 1, label: "1", pole: negative}}
      - {{code: 2, label: "2", pole: negative}}
      - {{code: 3, label: "3", pole: positive}}
      - {{code: 4, label: "4", pole: positive}}
      - {{code: 5, label: "*", pole: positive}}
    not_applicable:
      - {{code: 8, label: "NC"}}
    dont_know:
      - {{code: 9, label: "RI"}}

thresholds:
  - kind: at_least
    value: 66.6
    label: "plutôt solide"
    origin: >-
      Choix du kit (novembre 2026), sans source publiée : coter 3 partout donne 66,67, et le
      repère se tient juste dessous. Ce n'est pas une note de la HAS.
  - kind: at_most
    value: 33.4
    label: "à travailler d'abord"
    origin: >-
      Choix du kit (novembre 2026), sans source publiée : coter 2 partout donne 33,33, et le
      repère se tient juste au-dessus. Ce n'est pas une note de la HAS.

dimensions:
"""
NOTES = """\

notes:
  - >-
    Ceci est une auto-évaluation préparatoire, faite par un groupe de l'établissement : ce n'est
    pas une évaluation au sens de la HAS.
  - >-
    Un critère impératif coté sous 4 demande un plan d'actions. NC n'y est pas admis, et RI ne
    l'est que dans le chapitre 1.
"""
Key = tuple[str, str, str]


def _instrument_text(referential: Referential, id: str) -> str:
    source = (
        f"Critères lus dans le classeur « {_clean(referential['file'])} », chargé par "
        "l'établissement. Cotation de 1 à 4 ; l'étoile compte 4 ; NC et RI sortent du calcul."
    )
    dimensions = _dimensions(referential["criteria"])
    ids = _ids(dimensions)
    return "".join(
        [
            HEADER.format(id=id, source=_quoted(source)),
            *(_dimension_text(ids[key], criteria) for key, criteria in dimensions.items()),
            "\nitems:\n",
            *_item_texts(referential["criteria"], ids),
            NOTES,
        ]
    )


def _quoted(text: str) -> str:
    """A text as YAML reads it back, whatever it begins with or holds."""
    return json.dumps(text, ensure_ascii=False)


def _key_of(one: Criterion) -> Key:
    return _key(one["chapter"]), _key(one["theme"]), _key(one["objective"])


def _dimensions(criteria: list[Criterion]) -> dict[Key, list[Criterion]]:
    dimensions: dict[Key, list[Criterion]] = {}
    for one in criteria:
        dimensions.setdefault(_key_of(one), []).append(one)
    return dimensions


def _ids(dimensions: dict[Key, list[Criterion]]) -> dict[Key, str]:
    """Ids from the numbers when they tell: 1.2.1 and 1.2.2 make « objectif_1_2 »; else a rank."""
    stems = [
        {one["number"].rpartition(".")[0].replace(".", "_") for one in criteria}
        for criteria in dimensions.values()
    ]
    told = set().union(*stems)
    telling = len(told) == len(stems) == sum(map(len, stems)) and "" not in told
    word = "objectif" if any(objective for _, _, objective in dimensions) else "thematique"
    return {
        key: f"{word}_{min(stem) if telling else rank}"
        for rank, (key, stem) in enumerate(zip(dimensions, stems, strict=True), start=1)
    }


def _dimension_text(id: str, criteria: list[Criterion]) -> str:
    theme, objective = criteria[0]["theme"], criteria[0]["objective"]
    number = "Le critère" if len(criteria) == 1 else f"Les {len(criteria)} critères"
    what = "de cet objectif" if objective else "de cette thématique"
    within = f", thématique « {theme} »" if objective and theme else ""
    return (
        f"  - id: {id}\n"
        f"    label: {_quoted(objective or theme)}\n"
        f"    definition: {_quoted(f'{number} {what}{within}.')}\n"
        f"    part: {_quoted(criteria[0]['chapter'])}\n"
        "    rule: rating_1_4\n"
    )


def _item_texts(criteria: list[Criterion], ids: dict[Key, str]) -> Iterator[str]:
    chapters = _chapters(criteria)
    for one, text in zip(criteria, _texts(criteria), strict=True):
        for element in one["elements"]:
            yield f"  # élément d'évaluation : {element}\n"
        if one["concerned"]:
            yield f"  # ESSMS concernés : {one['concerned']}\n"
        keys = [f"code: C{one['number']}", f"text: {_quoted(text)}"]
        keys += [f"dimension: {ids[_key_of(one)]}", "scale: cotation"]
        keys += ["critical: true"] if one["imperative"] else []
        refused = ["8"] * one["imperative"] + ["9"] * (chapters[one["chapter"]] != 1)
        keys += [f"forbidden: [{', '.join(refused)}]"] if refused else []
        yield f"  - {{{', '.join(keys)}}}\n"
