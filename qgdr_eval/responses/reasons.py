"""Answers that call for a written reason: « non concerné » is rare, and is explained."""

from collections.abc import Iterator

import numpy as np

from qgdr_eval.french import listed, quote, typography
from qgdr_eval.instruments import Instrument, Item
from qgdr_eval.problems import Problem
from qgdr_eval.responses.columns import NOTES, Layout, note_columns, noted
from qgdr_eval.tables.faults import SHOWN, rows_named
from qgdr_eval.tables.read import Table

Written = dict[tuple[str, str], np.ndarray]  # (dimension, item): which rows have a note about it


def check_reasons(
    table: Table, layout: Layout, instrument: Instrument, values: np.ndarray
) -> Iterator[Problem]:
    """Warnings, never errors: answers that must stay rare, then those nobody explained.

    A reason is a note about the item or, failing that, about its dimension. ``values``: the codes
    read (rows, items).
    """
    written = _written(table, instrument)
    bare: list[tuple[Item, np.ndarray]] = []
    for rank, item in enumerate(instrument.items):
        given = np.isin(values[:, rank], item.justified)
        unusual = np.isin(values[:, rank], item.unusual)
        explained = _rows(written, (item.dimension, item.code), given)
        if unusual.any():
            yield _unusual(table, layout, instrument, item, unusual, explained)
        silent = given & ~unusual & ~explained & ~_rows(written, (item.dimension, ""), given)
        if silent.any():
            bare.append((item, silent))
    if bare:
        yield _unexplained(table, instrument, bare)


def reason_asked(item: Item, instrument: Instrument) -> str:
    """What is asked beside a criterion whose special answers are to be justified.

    >>> from qgdr_eval.instruments import load_instrument
    >>> asked = load_instrument("essms_preparatoire")
    >>> item = asked.items[0].model_copy(update={"justify": (8,)})
    >>> reason_asked(item, asked).replace("\u202f", " ").replace("\xa0", " ")
    'Si « NC : non concerné » : pourquoi'
    """
    return typography(f"Si {_answers(instrument, item)} : pourquoi")


def _written(table: Table, instrument: Instrument) -> Written:
    known = noted(instrument)
    return {
        known[id]: (table.frame[name] != "").to_numpy()
        for id, name in note_columns(table)
        if id in known
    }


def _rows(written: Written, about: tuple[str, str], like: np.ndarray) -> np.ndarray:
    return written.get(about, np.zeros_like(like))


def _answers(instrument: Instrument, item: Item) -> str:
    answers = instrument.scale_of(item).answers
    return listed([quote(one.label) for one in answers if one.code in item.justified], "ou")


def _unusual(
    table: Table,
    layout: Layout,
    instrument: Instrument,
    item: Item,
    given: np.ndarray,
    explained: np.ndarray,
) -> Problem:
    rows = table.rows(np.flatnonzero(given).tolist())
    where = f" ({rows_named(rows)})" if len(rows) > 1 else ""
    column = quote(NOTES + item.code)
    cure = (
        f"relisez le motif écrit dans {column} : il est imprimé"
        if explained[given].all()
        else f"cotez-le s'il vous concerne ; sinon, écrivez pourquoi dans une colonne {column}"
    )
    kind = "impératif" if item.critical else "de cette sorte"
    what = f"{_answers(instrument, item)} est exceptionnel sur un critère {kind}{where}"
    place = f"colonne {quote(layout.items[item.code])}"
    return table.problem(rows[0], place, what, cure, "warning")


def _unexplained(
    table: Table, instrument: Instrument, bare: list[tuple[Item, np.ndarray]]
) -> Problem:
    first, given = bare[0]
    codes = [item.code for item, _ in bare]
    more = f" et {len(codes) - SHOWN} autres" if len(codes) > SHOWN else ""
    return table.problem(
        table.rows(np.flatnonzero(given).tolist())[0],
        "",
        f"{_answers(instrument, first)} sans justification écrite : "
        f"{', '.join(codes[:SHOWN]) if more else listed(codes)}{more}",
        f"écrivez pourquoi dans une colonne {quote(NOTES + first.code)}, ou dans le bloc-notes de "
        "sa dimension",
        "warning",
    )
