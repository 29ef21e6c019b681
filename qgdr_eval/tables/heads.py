"""Which line of a table names its columns: titles, dates and empty lines may stand above it."""

from collections.abc import Collection, Sequence

from qgdr_eval.tables.spelling import BLANKS, plain

HEAD = 20  # lines in which the names of the columns are looked for
UNTOLD = {"", "response", "openendedresponse", "reponse", "reponseouverte"}  # no name by itself
ENOUGH = 2  # names looked for, met on one line, before it is believed


def line_of_names(lines: Sequence[Sequence[str]], names: Collection[str] = ()) -> int:
    """The rank, from 0, of the line that names the columns.

    It is the first of those that hold the most of ``names`` (what the reader looks for), two at
    least. Where they are not met, lines much emptier than the fullest are titles.

    >>> line_of_names([["Enquête 2026", ""], ["Service", "E1"], ["Bloc", "4"]], ["E1", "Service"])
    1
    >>> line_of_names([["Enquête 2026", ""], ["Unité", "Q1"], ["Bloc", "4"]])
    1
    """
    wanted = set(map(plain, names))
    met = [len(wanted & set(map(plain, line))) for line in lines[:HEAD]]
    if max(met, default=0) >= ENOUGH:
        return met.index(max(met))
    filled = [sum(bool(cell.strip(BLANKS)) for cell in line) for line in lines[:HEAD]]
    fullest = max(filled, default=0)
    return next((rank for rank, cells in enumerate(filled) if 2 * cells > fullest > 1), 0)


def names_at(lines: Sequence[Sequence[str]], rank: int) -> list[str]:
    """The names on a line; where it says nothing, those of the line above it.

    Tools that ask several things in one question write it above, and what is asked under it.

    >>> names_at([["Service", "Votre avis", ""], ["Response", "E1", "E2"]], 1)
    ['Service', 'E1', 'E2']
    """
    above = lines[rank - 1] if rank else []
    padded = [*above, *[""] * len(lines[rank])]
    return [
        over if plain(name) in UNTOLD and over.strip(BLANKS) else name
        for name, over in zip(lines[rank], padded, strict=False)
    ]
