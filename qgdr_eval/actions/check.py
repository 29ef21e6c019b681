"""What is wrong in a plan, or remains to fill in, said to the person who keeps it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from qgdr_eval.actions.model import (
    DATES,
    DONE,
    EVALUATED,
    HEADERS,
    MOST_DECIDED,
    OPEN,
    PLACE,
    PRIORITIES,
    STATES,
    read_date,
    read_progress,
    records_of,
    tidy_actions,
)
from qgdr_eval.french import did_you_mean, listed, number, quote
from qgdr_eval.problems import Problem, Severity
from qgdr_eval.tables.faults import fault, together
from qgdr_eval.tables.spelling import first_spellings, plain

FIRST_ROW = 2  # row 1 of the sheet holds the names of the columns
TO_FILL_IN = ("pilot", "due", "indicator")  # what an open action cannot do without
NAMELESS = ("pilot", "contributors", "decided")  # a page may print them
EVIDENCE = ("result", "evaluated_on")  # what an evaluated one cannot do without
NOUNS = {
    "pilot": "pilote",
    "due": "échéance",
    "indicator": "indicateur",
    "result": "résultat",
    "evaluated_on": "date d'évaluation",
}
_PERSON = re.compile(r"\b(?:M\.|MM\.|Mr|Mme|Mlle|Madame|Monsieur|Dr|Pr|Docteur)\s+[A-ZÀ-Ý]")

Row = Mapping[str, str]


def check_actions(
    actions: pd.DataFrame, file: str = "plan", rows: Sequence[int] | None = None
) -> tuple[Problem, ...]:
    """Every problem of a plan: errors, and warnings for what remains to fill in.

    ``rows``: the row of the sheet each action stands on (from 2 downwards when not given).
    Errors: no id, an id given twice, an unknown state, an unreadable date, a due date before the
    start, a progress outside 0–100, a parent that is unknown or leads back to the action.

    >>> plan = pd.DataFrame([["A", "fini"]], columns=["id", "state"]).reindex(
    ...     columns=list(HEADERS), fill_value="")
    >>> [problem.place.replace("\u202f", " ") for problem in check_actions(plan)]
    ['colonne « État »']
    """
    given = tidy_actions(actions)
    places = list(rows or range(FIRST_ROW, FIRST_ROW + len(given)))
    found = [
        *_ids(given, places),
        *_parents(given),
        *_spellings(given),
        *((at, problem) for at, row in enumerate(records_of(given)) for problem in _of_action(row)),
    ]
    problems = (
        fault(file, problem.what, problem.cure, row=places[at],
              place=f"colonne {quote(HEADERS[problem.column])}", severity=problem.severity)
        for at, problem in sorted(found, key=lambda pair: pair[0])
    )  # fmt: skip
    return tuple(together(problems))


@dataclass(frozen=True)
class Told:
    """One thing wrong with an action, in one of its columns."""

    column: str
    what: str
    cure: str
    severity: Severity = "error"


def _of_action(row: Row) -> Iterator[Told]:
    yield from _state(row)
    yield from _progress(row)
    yield from _dates(row)
    yield from _people(row)
    yield from _decided(row)
    yield from _gaps(row)


def _state(row: Row) -> Iterator[Told]:
    if row["state"] not in STATES:
        what = f"état {quote(row['state'])} inconnu" if row["state"] else "état vide"
        yield Told("state", what, did_you_mean(row["state"], STATES))
    if row["priority"] not in ("", *PRIORITIES):
        what = f"priorité {quote(row['priority'])} inconnue"
        yield Told("priority", what, did_you_mean(row["priority"], PRIORITIES), "warning")


def _progress(row: Row) -> Iterator[Told]:
    progress = read_progress(row["progress"])
    if row["progress"] and (progress is None or not 0 <= progress <= 100):
        what = f"avancement {quote(row['progress'])} : ce n'est pas un nombre de 0 à 100"
        yield Told("progress", what, "écrivez un pourcentage, par exemple 40")


def _dates(row: Row) -> Iterator[Told]:
    for name in DATES:
        if row[name] and not read_date(row[name]):
            cure = "écrivez le jour, le mois et l'année : 31/12/2026"
            yield Told(name, f"date {quote(row[name])} illisible", cure)
    start, due = read_date(row["start"]), read_date(row["due"])
    if start and due and due < start:
        what = f"l'échéance ({due}) précède le début ({start})"
        yield Told("due", what, "corrigez l'une des deux dates")


def _people(row: Row) -> Iterator[Told]:
    for name in NAMELESS:
        if _PERSON.search(row[name]):
            what = f"{quote(row[name])} semble nommer une personne"
            yield Told(name, what, "écrivez une fonction : cadre de santé, pharmacien…", "warning")


def _decided(row: Row) -> Iterator[Told]:
    length = len(row["decided"])
    if length > MOST_DECIDED:
        what = f"décision de {number(length)} caractères, {number(MOST_DECIDED)} au plus"
        cure = "gardez l'essentiel : la page du tour suivant n'en reprend que le début"
        yield Told("decided", what, cure, "warning")


def _gaps(row: Row) -> Iterator[Told]:
    missing = missing_of(row)
    names = listed(NOUNS[name] for name in missing)
    if missing and row["state"] == EVALUATED:
        cure = f"complétez, ou repassez l'état à {quote(DONE)}"
        yield Told(missing[0], f"action dite évaluée, sans {names}", cure, "warning")
    elif missing:
        what = f"action ouverte à compléter : {names}"
        yield Told(missing[0], what, "décidez-en avec l'équipe, puis complétez", "warning")
    if row["state"] == DONE and all(row[name].strip() for name in EVIDENCE):
        what = "le résultat et la date d'évaluation sont remplis"
        yield Told("state", what, f"passez l'état à {quote(EVALUATED)}", "warning")


def missing_of(row: Row) -> list[str]:
    """The columns an action still lacks for the state it is in.

    >>> missing_of({"state": "en cours", "pilot": "cadre", "due": "", "indicator": " "})
    ['due', 'indicator']
    """
    needed = TO_FILL_IN if row["state"] in OPEN else EVIDENCE if row["state"] == EVALUATED else ()
    return [name for name in needed if not row[name].strip()]


def _ids(actions: pd.DataFrame, rows: Sequence[int]) -> Iterator[tuple[int, Told]]:
    first: dict[str, int] = {}
    for at, id in enumerate(actions["id"]):
        met = first.setdefault(id.strip(), at)
        if not id.strip():
            cure = "donnez un identifiant court, qui ne changera plus : PAQSS-01"
            yield at, Told("id", "action sans identifiant", cure)
        elif met != at:
            what = f"identifiant {quote(id)} déjà porté par la ligne {rows[met]}"
            yield at, Told("id", what, "donnez un autre identifiant à l'une des deux")


def _parents(actions: pd.DataFrame) -> Iterator[tuple[int, Told]]:
    parents = dict(zip(actions["id"], actions["parent"], strict=True))
    for at, (id, parent) in enumerate(zip(actions["id"], actions["parent"], strict=True)):
        if parent and parent not in parents:
            what = f"l'action {quote(parent)} n'est pas dans le plan"
            yield at, Told("parent", what, did_you_mean(parent, list(parents)))
        elif id in (line := ancestors_of(parents, id)):
            what = f"l'action se décline d'elle-même : {' → '.join([id, *line])}"
            yield at, Told("parent", what, "videz l'une de ces cases")


def ancestors_of(parents: Mapping[str, str], id: str) -> list[str]:
    """The ids an action is declined from, nearest first; a circle is walked once.

    >>> ancestors_of({"C": "B", "B": "A", "A": ""}, "C"), ancestors_of({"A": "B", "B": "A"}, "A")
    (['B', 'A'], ['B', 'A'])
    """
    line: list[str] = []
    parent = parents.get(id, "")
    while parent and parent in parents and parent not in line:
        line.append(parent)
        parent = parents[parent]
    return line


def _spellings(actions: pd.DataFrame) -> Iterator[tuple[int, Told]]:
    """A place written in two ways would stand twice on every page."""
    for name in PLACE:
        texts = actions[name].tolist()
        spelled = first_spellings(_commonest_first(texts))
        for at, text in enumerate(texts):
            usual = spelled[plain(text)]
            if text != usual:
                what = f"{quote(text)} s'écrit aussi {quote(usual)}"
                cure = "écrivez toujours ce nom de la même façon"
                yield at, Told(name, what, cure, "warning")


def _commonest_first(texts: list[str]) -> list[str]:
    return [text for text, _ in Counter(texts).most_common()]
