"""Problems of tables, set in French typography."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qgdr_eval.french import count, listed, number, typography
from qgdr_eval.problems import Problem, Refused, Severity

CAMPAIGN = "campagne"  # the file a problem is in, when only its loaded content is at hand
AT_ONCE = 3  # values wrong in one way that are told one by one; more are told together
_VALUE = re.compile(r"^«[^»]*»")  # the value a problem begins with
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
    kinds: dict[Problem, list[Problem]] = {}
    for problem in alike:
        kinds.setdefault(replace(problem, what=_VALUE.sub("", problem.what)), []).append(problem)
    groups = [
        group
        for same in kinds.values()
        for group in ([same] if len(same) > AT_ONCE else [[kind] for kind in same])
    ]
    return [_told_once(group, [row for kind in group for row in alike[kind]]) for group in groups]


def _told_once(same: list[Problem], rows: list[int]) -> Problem:
    """One problem for several that differ by the value they quote, with the first of them."""
    values = [found[0].strip() for other in same[1:] if (found := _VALUE.match(other.what))]
    rest = [count(len(values) - AT_ONCE, "autre", "autres")] if len(values) > AT_ONCE else []
    others = f"de même {listed([*values[:AT_ONCE], *rest])} ; " if values else ""
    places = f" ({others}lignes {listed(_spans(rows))})" if len(rows) > 1 else ""
    what = typography(f"{same[0].what}{places}")
    return replace(same[0], line=min(rows, default=None), what=what)


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
    shown = [number(row) for row in rows[: SHOWN + 1]]
    if len(rows) > SHOWN:
        return f"lignes {some(shown)} ({count(len(rows), 'ligne')} en tout)"
    return f"ligne{'s' if len(rows) > 1 else ''} {listed(shown)}"
