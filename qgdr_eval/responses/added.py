"""Items that an instrument gained since a file was filled in: read as not asked, and told."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from qgdr_eval.french import count, listed
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem
from qgdr_eval.responses.campaign import Campaign
from qgdr_eval.tables.faults import fault
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import plain


def added_since(table: Table, campaign: Campaign, instrument: Instrument) -> list[str]:
    """The codes of the items added since a table was filled in.

    All the items a version added are absent together, or none is: one alone is a column lost.
    """
    headers = {plain(name) for name in (*table.frame.columns, *table.doubled)}
    named = campaign.columns.items
    there = {item.since for item in instrument.items
             if item.code in named or plain(item.code) in headers}  # fmt: skip
    return [
        item.code
        for item in instrument.items
        if item.since and item.since not in there and None in there
    ]


def with_columns(table: Table, codes: list[str]) -> Table:
    """The table with an empty column for each of these items."""
    if not codes:
        return table
    empty = {code: pd.Categorical([""] * len(table.frame)) for code in codes}
    frame = pd.concat([table.frame, pd.DataFrame(empty, index=table.frame.index)], axis=1)
    return replace(table, frame=frame)


def not_asked(
    values: np.ndarray, instrument: Instrument, codes: list[str], answered: np.ndarray
) -> np.ndarray:
    """Codes of answers (rows, items) where these items are « sans objet », if they admit it.

    ``answered``: the rows that answer anything; the others stay empty.
    """
    filled = values.copy()
    for rank, item in enumerate(instrument.items):
        special = [answer.code for answer in instrument.scale_of(item).not_applicable]
        admitted = [code for code in special if code not in item.forbidden]
        if item.code in codes and admitted:
            filled[answered, rank] = admitted[0]
    return filled


def told_added(table: Table, codes: list[str]) -> Iterator[Problem]:
    """What a file was not asked, to whoever holds it."""
    if codes:
        what = (
            f"{count(len(codes), 'critère ou question', 'critères ou questions')} que cette "
            f"version du questionnaire a de plus ({listed(codes)}) : lus comme non demandés"
        )
        cure = "rien à faire si ce fichier date d'avant ; sinon retrouvez leurs colonnes"
        yield fault(table.file, what, cure, severity="warning")
