"""Rows of a table that are no return: titles under the names, totals and remarks known by name."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from qgdr_eval.french import listed, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem
from qgdr_eval.responses.campaign import Coding
from qgdr_eval.responses.codes import answer_codes
from qgdr_eval.responses.columns import Layout, note_columns
from qgdr_eval.responses.totals import is_remark, is_total
from qgdr_eval.tables.faults import rows_named
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import answer_key, plain, unaccented

MOST_TITLES = 3  # lines of titles an export puts under the names of the columns
OFTEN = 3  # times a word may stand in a column and still be a total
FEW_CELLS = 3  # filled at most on a line that says when a file was written
_FOOT = re.compile(
    r"(?:(?:document|fichier|rapport|donnees|tableau) )?"
    r"(?:exporte|extrait|genere|edite|imprime|telecharge)e?s? (?:le|par|depuis|du|au|a)\b"
    r"|(?:date (?:d'|de l')?)?(?:export|extraction|edition|impression) ?(?:du|le|au|par|:|\d)"
    r"|(?:generated|exported|printed) (?:on|by|at)\b|page \d+(?: ?(?:/|sur) ?\d+)?$"
)


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
    others = {**_totals(table, layout, roster), **_feet(table, layout)}
    again = [at for at in _names_again(table, layout) if at not in titles]
    totals = {at: name for at, name in others.items() if at not in {*titles, *again}}
    if not titles and not again and not totals:
        return table, []
    warnings = [
        *_told_titles(table, titles),
        *_told_names(table, again),
        *_told_totals(table, totals),
    ]
    return table.without([*titles, *again, *totals]), warnings


def _names_again(table: Table, layout: Layout) -> list[int]:
    """Rows that repeat the names of the columns: several exports pasted one under the other."""
    cells = [table.frame[name] for name in layout.items.values()]
    filled = sum((texts != "").to_numpy().astype(int) for texts in cells)
    met = sum((texts == str(texts.name)).to_numpy().astype(int) for texts in cells)
    return [int(at) for at in np.flatnonzero((met == filled) & (met > 0))]


def _feet(table: Table, layout: Layout) -> dict[int, str]:
    """The rows that only say when or by whom the file was written, with what they say."""
    if table.grid:
        return {}
    found: dict[int, str] = {}
    for name in dict.fromkeys([table.frame.columns[0], *_naming(table, layout)]):
        texts = table.frame[name]
        words = [word for word in texts.cat.categories if _FOOT.match(unaccented(word))]
        found |= {int(at): texts.iloc[at] for at in np.flatnonzero(texts.isin(words))}
    cells = (table.frame.iloc[list(found)] != "").to_numpy().sum(axis=1)
    return {at: text for (at, text), n in zip(found.items(), cells, strict=True) if n <= FEW_CELLS}


def _titles(table: Table, layout: Layout, instrument: Instrument, coding: Coding) -> list[int]:
    known = [answer_codes(instrument.scale_of(item), coding) for item in instrument.items]
    columns = [layout.items[item.code] for item in instrument.items]
    head = table.frame[columns].head(MOST_TITLES + 1).astype(object).to_numpy().tolist()
    titles = _ranks_below(table, layout)
    for at, cells in enumerate(head):
        if at in titles:
            continue
        read = [answer_key(text) in codes for text, codes in zip(cells, known, strict=True) if text]
        if any(read):
            return titles
        if read and 2 * len(read) < len(cells):
            return []
        titles += [at] if read else []
    return []


def _ranks_below(table: Table, layout: Layout) -> list[int]:
    """The first row, when it only numbers the columns: 1, 2, 3, 4.

    Somebody may answer 2, 3, 4: only the place tells, where all the others are words.
    """
    first = [str(table.frame[name].iloc[0]) for name in table.frame.columns]
    if table.grid or layout.service is None or first != [str(i + 1) for i in range(len(first))]:
        return []
    numbers = [text for text in table.texts(layout.service) if text.isdecimal()]
    return [0] if len(numbers) == 1 else []


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
        cure = "rien à faire si c'est bien cela ; sinon, corrigez la première réponse"
        yield table.problem(None, "", f"{rows_named(rows)} : {what}", cure, "warning")


def _told_names(table: Table, again: list[int]) -> Iterator[Problem]:
    if again:
        what = f"{rows_named(table.rows(again))} : les noms des colonnes, répétés ; non comptés"
        cure = "rien à faire si deux exports ont été mis bout à bout, sans réponse en double"
        yield table.problem(None, "", what, cure, "warning")


def _told_totals(table: Table, totals: dict[int, str]) -> Iterator[Problem]:
    feet = {at: name for at, name in totals.items() if _FOOT.match(unaccented(name))}
    sums = {at: name for at, name in totals.items() if at not in feet and is_total(name)}
    remarks = {at: name for at, name in totals.items() if at not in {**feet, **sums}}
    for rows, kind, kinds in (
        (sums, "un total", "des totaux"),
        (remarks, "des remarques", "des remarques"),
        (feet, "le pied de l'export", "le pied de l'export"),
    ):
        if rows:
            numbers, names = rows_named(table.rows(sorted(rows))), dict.fromkeys(rows.values())
            shown, single = listed(quote(name[:40]) for name in names), len(rows) == 1
            what = f"{numbers} : {shown}, {kind if single else kinds}" + (
                " et non une réponse ; non compté"
                if single
                else " et non des réponses ; non comptés"
            )
            name = "un autre nom" if single else "d'autres noms"
            cure = f"rien à faire si c'est bien cela ; sinon donnez {name}"
            yield table.problem(None, "", what, cure, "warning")
