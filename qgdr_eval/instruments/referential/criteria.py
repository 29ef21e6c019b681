"""From the cells to the criteria: places filled down, what is wrong, what is in doubt."""

import re
from collections.abc import Iterator
from typing import Literal, TypedDict

from qgdr_eval.french import listed, quote
from qgdr_eval.instruments.referential.sheet import Row, key
from qgdr_eval.instruments.referential.told import PLACES, fault, named
from qgdr_eval.problems import Problem

Kind = Literal["essms", "certification"]
LONGEST = 1900  # characters of a text, a little under what an instrument admits
CHAPTERS = 3
IMPERATIVE = set("oui o vrai true 1 x imperatif critereimperatif exigenceimperative".split())
STANDARD = set("non n faux false 0 standard criterestandard exigencestandard".split())
ADVANCED = set("avance critereavance exigenceavancee optionnel".split())  # of certification
_NUMBER = re.compile(r"[^\d/]*?(\d+(?:[.\-]\d+)*)\.?")


class Criterion(TypedDict):
    """One criterion; ``row`` is its line in the workbook.

    ``objective`` is "" when there is none, as are ``concerned`` (the structures it is for),
    ``method`` (how it is judged) and ``field`` (the care it is about).
    """

    row: int
    number: str
    chapter: str
    theme: str
    objective: str
    text: str
    imperative: bool
    elements: list[str]
    concerned: str
    method: str
    field: str


class Referential(TypedDict):
    """What a workbook holds, in its order, and what its reader should look at again.

    ``kind``: ``essms`` or ``certification``. ``structure``: the structure its criteria were kept
    for, "" for all of them; ``set_aside``: the numbers of those that are not for it.

    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from qgdr_eval.instruments.referential import read_referential
    >>> row = {"Chapitre": "Chapitre 1", "Objectif": "Objectif 1.1", "N°": "1.1.1",
    ...        "Critère": "La personne est saluée.", "Impératif": "non", "ESSMS concernés": "EHPAD"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "referentiel.xlsx")
    ...     other = row | {"N°": "1.1.2", "Critère": "Elle est attendue.", "ESSMS concernés": "SAD"}
    ...     pd.DataFrame([row, other]).to_excel(path, index=False)
    ...     kept = read_referential(path, structure="ehpad")
    >>> kept["structure"], kept["set_aside"]
    ('ehpad', ('1.1.2',))
    """

    file: str
    kind: Kind
    structure: str
    criteria: list[Criterion]
    set_aside: tuple[str, ...]
    warnings: tuple[Problem, ...]


def _is_criterion(row: Row) -> bool:
    """A line with a place alone is a heading, with elements alone the rest of a criterion."""
    return any(row[role] for role in ("number", "text", "requirement"))


def fill_down(
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


def wrong_places(
    file: str, filled: dict[int, Row], guessed: dict[str, list[int]]
) -> Iterator[Problem]:
    """Places nobody says, and those read from the line above."""
    for role, empty in guessed.items():
        lost = [line for line in empty if not filled[line][role]]
        found = [line for line in empty if filled[line][role]]
        if lost:
            what, cure = f"cellule vide : {named(lost)}", "écrivez-y ce qui manque"
            yield fault(file, lost[0], what, cure, role)
        if found:
            what = f"cellule vide, lue comme celle du dessus : {named(found)}"
            yield fault(file, found[0], what, "complétez-la si c'est faux", role, "warning")


def wrong_rows(file: str, rows: dict[int, Row], kind: Kind) -> Iterator[Problem]:
    """What is wrong with numbers, texts and requirements, criterion by criterion."""
    if not rows:
        yield fault(file, None, "aucun critère sous les titres", "vérifiez la feuille")
    yield from _wrong_numbers(file, rows)
    yield from _wrong_texts(file, rows)
    yield from _wrong_requirements(file, rows, kind)


def _wrong_numbers(file: str, rows: dict[int, Row]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for line, row in rows.items():
        number = _number(row["number"])
        if not number:
            what = f"numéro illisible : {quote(row['number'])}" if row["number"] else "numéro vide"
            cure = "écrivez-le comme 1.1.1, dans une colonne au format Texte"
            yield fault(file, line, what, cure, "number")
        elif first.setdefault(number, line) != line:
            what = f"le numéro {number} est déjà à la ligne {first[number]}"
            cure = "corrigez l'un des deux ; hors du format Texte, 1.10 devient 1.1"
            yield fault(file, line, what, cure, "number")


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
            yield fault(file, line, "critère vide", cure, "text")
        for role in ("text", *PLACES):
            if len(row.get(role, "")) > LONGEST:
                what = f"texte de plus de {LONGEST} caractères"
                yield fault(file, line, what, "gardez le libellé seul", role)


def _wrong_requirements(file: str, rows: dict[int, Row], kind: Kind) -> Iterator[Problem]:
    known = IMPERATIVE | STANDARD | (ADVANCED if kind == "certification" else set())
    unread: dict[str, list[int]] = {}
    for line, row in rows.items():
        if key(row["requirement"]) not in known:
            unread.setdefault(row["requirement"], []).append(line)
    for given, lines in unread.items():
        what = f"{quote(given[:40])} n'est ni oui ni non" if given else "cellule vide"
        cure = "écrivez oui (impératif) ou non (standard) sur chaque ligne"
        if key(given) in ADVANCED:
            cure = "ce niveau est celui de la certification : ajoutez « --certification »"
        yield fault(file, lines[0], f"{what} : {named(lines)}", cure, "requirement")


def make_criteria(filled: dict[int, Row], rows: dict[int, Row]) -> list[Criterion]:
    """Criteria in the order of the workbook; elements may go on over the following lines."""
    criteria: list[Criterion] = []
    for line, row in rows.items():
        if line in filled:
            criteria.append(_criterion(line, filled[line]))
        if criteria and row.get("elements"):
            criteria[-1]["elements"].append(row["elements"])
        if criteria and row.get("method") and line not in filled:
            criteria[-1]["method"] = _with(criteria[-1]["method"], row["method"])
    return criteria


def _with(methods: str, method: str) -> str:
    """A criterion is judged in several ways, each told once, on one line or on several."""
    return methods if method in methods.split(" ; ") else f"{methods} ; {method}".lstrip(" ;")


def _criterion(line: int, row: Row) -> Criterion:
    return {
        "row": line,
        "number": _number(row["number"]),
        "chapter": row["chapter"],
        "theme": row.get("theme", ""),
        "objective": row.get("objective", ""),
        "text": row["text"],
        "imperative": key(row["requirement"]) in IMPERATIVE,
        "elements": [],
        "concerned": row.get("concerned", ""),
        "method": row.get("method", ""),
        "field": row.get("field", ""),
    }


def doubts(file: str, criteria: list[Criterion], kind: Kind) -> Iterator[Problem]:
    """What can be read, and should be looked at again."""
    chapters = chapters_of(criteria)
    if len(chapters) > CHAPTERS:
        first = listed(quote(name[:60]) for name in [*chapters][: CHAPTERS + 1])
        what = f"{len(chapters)} chapitres au lieu de {CHAPTERS}, dont {first}"
        cure = "vérifiez que chaque chapitre est écrit partout de la même façon"
        yield fault(file, None, what, cure, "chapter", "warning")
    apart = [
        criterion["row"]
        for criterion in criteria
        if _leads_elsewhere(criterion["number"], chapters[criterion["chapter"]])
    ]
    if apart:
        what = f"le numéro ne commence pas par celui du chapitre : {named(apart)}"
        cure = "vérifiez le chapitre"
        cure += " : RI n'est admis que dans le premier" if kind == "essms" else ""
        yield fault(file, apart[0], what, cure, "number", "warning")
    texts = zip(criteria, texts_of(criteria), strict=True)
    alike = [criterion["row"] for criterion, text in texts if criterion["text"] != text]
    if alike:
        what = f"même texte qu'un critère précédent : {named(alike)}"
        cure = "le numéro est ajouté au texte ; si c'est un doublon, supprimez la ligne"
        yield fault(file, alike[0], what, cure, "text", "warning")


def chapters_of(criteria: list[Criterion]) -> dict[str, int]:
    """The number of each chapter: the one its title begins with, else its rank."""
    names = dict.fromkeys(criterion["chapter"] for criterion in criteria)
    numbers = [re.match(r"\D{0,12}(\d{1,2})\b", name) for name in names]
    return {
        name: int(number[1]) if number else rank
        for rank, (name, number) in enumerate(zip(names, numbers, strict=True), start=1)
    }


def _leads_elsewhere(number: str, chapter: int) -> bool:
    """Only a number of three levels begins with its chapter."""
    return number.count(".") == 2 and int(number.partition(".")[0]) != chapter


def texts_of(criteria: list[Criterion]) -> list[str]:
    """The text of each item: no two items have the same, so a repeated one has its number."""
    met: set[str] = set()
    texts = []
    for criterion in criteria:
        again = criterion["text"].casefold() in met
        met.add(criterion["text"].casefold())
        texts.append(
            f"{criterion['text']} (critère {criterion['number']})" if again else criterion["text"]
        )
    return texts
