"""From the cells to the criteria: places filled down, what is wrong, what is in doubt."""

import re
from collections.abc import Iterator
from typing import TypedDict

from qgdr_eval.french import listed, quote
from qgdr_eval.instruments.referential.sheet import Row, key
from qgdr_eval.instruments.referential.told import PLACES, fault, named
from qgdr_eval.problems import Problem

LONGEST = 1900  # characters of a text, a little under what an instrument admits
CHAPTERS = 3
IMPERATIVE = set("oui o vrai true 1 x imperatif critereimperatif exigenceimperative".split())
STANDARD = set("non n faux false 0 standard criterestandard exigencestandard".split())
_NUMBER = re.compile(r"[^\d/]*?(\d+(?:[.\-]\d+)*)\.?")


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
    """What a workbook holds, in its order, and what its reader should look at again.

    >>> empty: Referential = {"file": "referentiel.xlsx", "criteria": [], "warnings": ()}
    >>> sorted(empty)
    ['criteria', 'file', 'warnings']
    """

    file: str
    criteria: list[Criterion]
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


def wrong_rows(file: str, rows: dict[int, Row]) -> Iterator[Problem]:
    """What is wrong with numbers, texts and requirements, criterion by criterion."""
    if not rows:
        yield fault(file, None, "aucun critère sous les titres", "vérifiez la feuille")
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


def _wrong_requirements(file: str, rows: dict[int, Row]) -> Iterator[Problem]:
    unread: dict[str, list[int]] = {}
    for line, row in rows.items():
        if key(row["requirement"]) not in IMPERATIVE | STANDARD:
            unread.setdefault(row["requirement"], []).append(line)
    for given, lines in unread.items():
        what = f"{quote(given[:40])} n'est ni oui ni non" if given else "cellule vide"
        cure = "écrivez oui (impératif) ou non (standard) sur chaque ligne"
        yield fault(file, lines[0], f"{what} : {named(lines)}", cure, "requirement")


def make_criteria(filled: dict[int, Row], rows: dict[int, Row]) -> list[Criterion]:
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
        "imperative": key(row["requirement"]) in IMPERATIVE,
        "elements": [],
        "concerned": row.get("concerned", ""),
    }


def doubts(file: str, criteria: list[Criterion]) -> Iterator[Problem]:
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
        cure = "vérifiez le chapitre : RI n'est admis que dans le premier"
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
