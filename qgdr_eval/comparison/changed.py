"""What changed in the questionnaire from round to round, for pages to say beside what moved."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.frames import ChangedRow
from qgdr_eval.instruments.difference import Difference, differ, texts_of

CHANGED_COLUMNS = list(ChangedRow._fields)


def changed_between(every: Sequence[Published]) -> pd.DataFrame:
    """What changed at each of these rounds, the latest last, for each service of the latest.

    One row a dimension that is no longer quite the same (``item`` ""), one an item of it that
    changed. ``round``: the first that has it so; ``changes``: words of
    `qgdr_eval.instruments.difference`, a space between; ``before``, ``now``: the item's texts.
    Columns: `CHANGED_COLUMNS`; no row when every round asked the same.
    """
    told = [
        (rank, *row)
        for rank, (before, after) in enumerate(pairwise(every), start=2)
        for row in _rows(differ(before.instrument, after.instrument))
    ]
    places = every[-1].services if told else []
    rows = [(*place, *row) for place in places for row in told]
    return pd.DataFrame(rows, columns=CHANGED_COLUMNS)


def _rows(found: Difference) -> Iterator[tuple[str, ...]]:
    for whole in found.dimensions:
        items = [(one, texts_of(one, found)) for one in whole.items if not one.unchanged]
        if whole.changes or items:
            yield whole.id, "", whole.state, " ".join(whole.changes), "", ""
        for one, (before, now) in items:
            yield whole.id, one.code, one.state, " ".join(one.changes), before, now
