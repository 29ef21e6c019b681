"""Rows of a table that are no return: titles under the names, totals and remarks known by name."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from qgdr_eval.french import listed, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem
from qgdr_eval.responses.campaign import Coding
from qgdr_eval.responses.codes import answer_codes
from qgdr_eval.responses.columns import Layout, note_columns
from qgdr_eval.responses.faults import rows_named
from qgdr_eval.responses.spelling import answer_key, plain
from qgdr_eval.responses.tables import Table
from qgdr_eval.responses.totals import is_remark, is_total

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
    """The rows that some text names as a total or, in a grid, as remarks, with that text."""
    places = (
        () if roster is None else {*roster["facility"].map(plain), *roster["service"].map(plain)}
    )
    found: dict[int, str] = {}
    left = is_total if table.grid is None else _is_aside
    for name in _naming(table, layout):
        texts = table.frame[name]
        words = [word for word in texts.cat.categories if left(word) and plain(word) not in places]
        for word in words:
            rows = np.flatnonzero(texts == word).tolist()
            if len(rows) <= OFTEN:
                found |= dict.fromkeys(rows, word)
    return _titled(table) | found


def _naming(table: Table, layout: Layout) -> list[str]:
    """The columns that say whose a row is; in a grid, every line that is neither item nor notes."""
    items = set(layout.items.values())
    notes = {name for _, name in note_columns(table)}
    others = [name for name in table.frame.columns if name not in items | notes]
    if table.grid is None:
        first = others[:1] if list(table.frame.columns[:1]) == others[:1] else []
        named = [layout.facility, layout.service, layout.subject, *first]
        others = [name for name in dict.fromkeys(named) if name]
    return others


def _titled(table: Table) -> dict[int, str]:
    """The columns of a grid whose title, beside « Code », is that of a total or of remarks."""
    if table.grid is None:
        return {}
    titles = [table.grid.title(letter) for letter in table.grid.letters]
    return {
        at: title
        for at, title in enumerate(titles)
        if is_total(title) or (is_remark(title) and titles.count(title) <= OFTEN < len(titles))
    }


def _is_aside(text: str) -> bool:
    return is_total(text) or is_remark(text)


def _told_titles(table: Table, titles: list[int]) -> Iterator[Problem]:
    if titles:
        rows = table.rows(titles)
        what = "un titre, pas une réponse" if len(rows) == 1 else "des titres, pas des réponses"
        cure = "rien à faire si elles ne portent pas de réponses"
        yield table.problem(None, "", f"{rows_named(rows)} : {what}", cure, "warning")


def _told_totals(table: Table, totals: dict[int, str]) -> Iterator[Problem]:
    remarks = {at: name for at, name in totals.items() if not is_total(name)}
    sums = {at: name for at, name in totals.items() if at not in remarks}
    for rows, kind, so in (
        (sums, "un total", "c'est bien un total"),
        (remarks, "des remarques", "ce sont bien des remarques"),
    ):
        if rows:
            numbers, names = rows_named(table.rows(sorted(rows))), dict.fromkeys(rows.values())
            shown = listed(quote(name[:40]) for name in names)
            what = f"{numbers} : {shown}, {kind} et non une réponse ; non compté"
            cure = f"rien à faire si {so} ; sinon donnez un autre nom"
            yield table.problem(None, "", what, cure, "warning")
