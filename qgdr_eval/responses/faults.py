"""Problems of tables, set in French typography."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qgdr_eval.french import count, listed, number, typography
from qgdr_eval.problems import Problem, Refused, Severity

CAMPAIGN = "campagne"  # the file a problem is in, when only its loaded content is at hand
SHOWN = 8  # rows or values named in a message before « … »


def fault(
    file: str,
    what: str,
    cure: str,
    *,
    row: int | None = None,
    place: str = "",
    severity: Severity = "error",
) -> Problem:
    """A problem of a table; ``row`` counts from 1, the row of the column names."""
    return Problem(file, row, typography(place), typography(what), typography(cure), severity)


def refusal(file: str, what: str, cure: str, *, row: int | None = None, place: str = "") -> Refused:
    """The exception for a table that cannot be read further."""
    return Refused([fault(file, what, cure, row=row, place=place)])


def some(texts: Sequence[str]) -> str:
    """The first of many texts, as an enumeration.

    >>> some(["a", "b"]), some("abcdefghijk")
    ('a, b', 'a, b, c, d, e, f, g, h…')
    """
    return ", ".join(texts[:SHOWN]) + ("…" if len(texts) > SHOWN else "")


def together(problems: Iterable[Problem]) -> list[Problem]:
    """Tell once, with its rows, what is wrong in the same way on several.

    >>> bad = [fault("t.csv", "mot inconnu", "corrigez-le", row=row) for row in (2, 3, 4, 9)]
    >>> [one.what.replace("\u202f", " ") for one in together(bad)]
    ['mot inconnu (lignes 2 à 4 et 9)']
    """
    alike: dict[Problem, list[int]] = {}
    for problem in problems:
        rows = alike.setdefault(replace(problem, line=None), [])
        rows += [] if problem.line is None else [problem.line]
    return [
        replace(
            problem,
            line=min(rows, default=None),
            what=typography(f"{problem.what} (lignes {listed(_spans(rows))})")
            if len(rows) > 1
            else problem.what,
        )
        for problem, rows in alike.items()
    ]


def _spans(rows: list[int]) -> list[str]:
    """Rows in order, those that follow one another by the first and the last."""
    spans: list[list[int]] = []
    for row in sorted(set(rows)):
        if spans and row == spans[-1][-1] + 1:
            spans[-1].append(row)
        else:
            spans.append([row])
    shown = [
        f"{number(span[0])} à {number(span[-1])}" if len(span) > 2 else listed(map(number, span))
        for span in spans
    ]
    rest = len(shown) - SHOWN
    return [*shown[:SHOWN], count(rest, "autre", "autres")] if rest > 1 else shown


def rows_named(rows: list[int]) -> str:
    """Name table rows in a sentence, the first ones when they are many.

    >>> rows_named([3]), rows_named([3, 5])
    ('ligne 3', 'lignes 3 et 5')
    """
    shown = [number(row) for row in rows]
    if len(rows) > SHOWN:
        return f"lignes {some(shown)} ({count(len(rows), 'ligne')} en tout)"
    return f"ligne{'s' if len(rows) > 1 else ''} {listed(shown)}"
