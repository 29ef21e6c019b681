"""Rows of a table that are no return: titles under the names, and totals known by their name."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from qgdr_eval.french import listed, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem
from qgdr_eval.responses.campaign import Coding
from qgdr_eval.responses.codes import answer_codes
from qgdr_eval.responses.columns import Layout
from qgdr_eval.responses.faults import rows_named
from qgdr_eval.responses.spelling import answer_key, plain
from qgdr_eval.responses.tables import Table
from qgdr_eval.responses.totals import is_total

MOST_TITLES = 3  # lines of titles an export puts under the names of the columns
OFTEN = 3  # times a word may stand in a column and still be a total


def leave_out(
    table: Table,
    layout: Layout,
    instrument: Instrument,
    coding: Coding,
    roster: pd.DataFrame | None,
) -> tuple[Table, list[Problem]]:
    """The table without its lines of titles and totals, and the warnings that name them.

    Titles come first, where no cell can be an answer. A total is known by its name, in a column
    of places or subjects, when the roster has no such place.
    """
    titles = _titles(table, layout, instrument, coding)
    totals = {at: name for at, name in _totals(table, layout, roster).items() if at not in titles}
    if not titles and not totals:
        return table, []
    told = [*_told_titles(table, titles), *_told_totals(table, totals)]
    return table.without([*titles, *totals]), told


def _titles(table: Table, layout: Layout, instrument: Instrument, coding: Coding) -> list[int]:
    known = [answer_codes(instrument.scale_of(item), coding) for item in instrument.items]
    columns = [layout.items[item.code] for item in instrument.items]
    head = table.frame[columns].head(MOST_TITLES + 1).astype(object).to_numpy().tolist()
    titles: list[int] = []
    for at, cells in enumerate(head):
        read = [answer_key(text) in codes for text, codes in zip(cells, known, strict=True) if text]
        if any(read):
            return titles
        if read and 2 * len(read) < len(cells):
            return []
        titles += [at] if read else []
    return []


def _totals(table: Table, layout: Layout, roster: pd.DataFrame | None) -> dict[int, str]:
    """The rows that some text names as a total, with that text."""
    places = (
        () if roster is None else {*roster["facility"].map(plain), *roster["service"].map(plain)}
    )
    found: dict[int, str] = {}
    for name in _naming(table, layout):
        texts = table.frame[name]
        words = [
            word for word in texts.cat.categories if is_total(word) and plain(word) not in places
        ]
        for word in words:
            rows = np.flatnonzero(texts == word).tolist()
            if len(rows) <= OFTEN:
                found |= dict.fromkeys(rows, word)
    return _titled(table) | found


def _naming(table: Table, layout: Layout) -> list[str]:
    """The columns that say whose a row is; in a grid, every line that is no item."""
    items = set(layout.items.values())
    others = [name for name in table.frame.columns if name not in items]
    if table.grid is None:
        first = others[:1] if list(table.frame.columns[:1]) == others[:1] else []
        named = [layout.facility, layout.service, layout.subject, *first]
        others = [name for name in dict.fromkeys(named) if name]
    return others


def _titled(table: Table) -> dict[int, str]:
    """The columns of a grid whose title, beside « Code », is that of a total."""
    if table.grid is None:
        return {}
    titles = [table.grid.title(letter) for letter in table.grid.letters]
    return {at: title for at, title in enumerate(titles) if is_total(title)}


def _told_titles(table: Table, titles: list[int]) -> Iterator[Problem]:
    if titles:
        rows = table.rows(titles)
        what = "un titre, pas une réponse" if len(rows) == 1 else "des titres, pas des réponses"
        cure = "rien à faire si elles ne portent pas de réponses"
        yield table.problem(None, "", f"{rows_named(rows)} : {what}", cure, "warning")


def _told_totals(table: Table, totals: dict[int, str]) -> Iterator[Problem]:
    if totals:
        rows = table.rows(sorted(totals))
        names = listed(
            quote(name[:40]) for name in dict.fromkeys(totals[at] for at in sorted(totals))
        )
        what = f"{rows_named(rows)} : {names}, un total et non une réponse ; non compté"
        cure = "rien à faire si c'est bien un total ; sinon donnez un autre nom"
        yield table.problem(None, "", what, cure, "warning")
