"""A declared position beside what an outside evaluation had said: nothing is tested."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from qgdr_eval.comparison.evolution import EVOLUTION_COLUMNS
from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ScoreRow
from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring import gives, score_of

EVALUATED = "evaluated"  # the method of these rows


def compare_to_evaluation(published: Published, ratings: Mapping[str, float]) -> pd.DataFrame:
    """The dimensions and criteria of each service that the evaluation rated too.

    ``ratings``: 1 to 4, by what they are about (« objectif 1.2 », « critère 2.2.1 »), as
    ``official`` of a dimension or an item says it. Columns `EVOLUTION_COLUMNS`, scores from 0 to
    100; ``verdict`` is ``declared``, ``method`` `EVALUATED`.
    """
    before = dict(_before(published.instrument, ratings))
    scores = published.scores
    rows = rows_of(scores[scores["service"] != ""], ScoreRow, stratum="", status="published")
    found = [
        {
            **dict.fromkeys(EVOLUTION_COLUMNS, np.nan),
            **{name: str(getattr(row, name)) for name in ("facility", "service", "measure")},
            "dimension": str(row.dimension),
            "item": str(row.item),
            "n": row.n_valid,
            "score_before": before[row.dimension, row.item],
            "score": row.score,
            "difference": row.score - before[row.dimension, row.item],
            "verdict": "declared",
            "campaign_verdict": "declared",
            "method": EVALUATED,
        }
        for row in rows
        if (row.dimension, row.item) in before
    ]
    return pd.DataFrame(found, columns=EVOLUTION_COLUMNS)


def _before(
    instrument: Instrument, ratings: Mapping[str, float]
) -> Iterator[tuple[tuple[str, str], float]]:
    """The ratings as scores, 0 to 100, of what the instrument has of them."""
    for dimension in instrument.dimensions:
        named = dimension.official or ""
        if gives(dimension) == "rating" and named in ratings:
            yield (dimension.id, ""), score_of(ratings[named])
    for item in instrument.items:
        if (named := f"critère {item.official}") in ratings:
            yield (item.dimension, item.code), score_of(ratings[named])
