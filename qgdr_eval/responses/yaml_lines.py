"""Lines of a campaign file as people paste and complete them."""

import json
import unicodedata
from collections.abc import Iterator, Mapping

TO_SAY = "# à compléter :"
_BREAKS = {"Cc", "Zl", "Zp", "Cs", "Cn", "Co"}


def quoted(text: str) -> str:
    """A YAML text between double quotes, on one line; control characters become blanks.

    >>> print(quoted('Dites "oui" :\\nou non'))
    "Dites \\"oui\\" : ou non"
    """
    shown = "".join(" " if unicodedata.category(c) in _BREAKS else c for c in text)
    return json.dumps(shown, ensure_ascii=False)


def items_lines(
    columns: Mapping[str, str], candidates: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """The key ``items`` of ``columns``; an item whose column is its code needs no line.

    >>> print(*items_lines({"E1": "Q1", "E2": "E2"}, {"E3": ("Q3", "Q4")}), sep="\\n")
      items:
        E1: "Q1"
        # à compléter : E3: nom de sa colonne, peut-être "Q3" ou "Q4"
    """
    named = {code: column for code, column in columns.items() if column != code}
    if named or candidates:
        yield "  items:" if named else "  # items:"
    yield from (f"    {code}: {quoted(column)}" for code, column in named.items())
    for code, near in candidates.items():
        yield f"    {TO_SAY} {code}: nom de sa colonne{maybe(near)}"


def maybe(columns: tuple[str, ...]) -> str:
    """The columns that could be meant, at the end of a line."""
    return f", peut-être {' ou '.join(map(quoted, columns))}" if columns else ""
