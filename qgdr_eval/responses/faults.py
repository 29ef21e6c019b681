"""Problems of tables, set in French typography."""

from collections.abc import Sequence

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


def rows_named(rows: list[int]) -> str:
    """Name table rows in a sentence, the first ones when they are many.

    >>> rows_named([3]), rows_named([3, 5])
    ('ligne 3', 'lignes 3 et 5')
    """
    shown = [number(row) for row in rows]
    if len(rows) > SHOWN:
        return f"lignes {some(shown)} ({count(len(rows), 'ligne')} en tout)"
    return f"ligne{'s' if len(rows) > 1 else ''} {listed(shown)}"
