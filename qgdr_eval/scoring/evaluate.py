"""From answers to the scores frame: the whole story in one function."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd

from qgdr_eval.frames import ScoreRow
from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring.breakdowns import GROUP, Breakdown
from qgdr_eval.scoring.coding import Coded
from qgdr_eval.scoring.precision import (
    UNKNOWN,
    Bounds,
    Precision,
    bounds_of_facts,
    bounds_of_people,
    bounds_of_records,
)
from qgdr_eval.scoring.rules import RULES
from qgdr_eval.scoring.spread import NO_SPREAD
from qgdr_eval.scoring.tally import Measured, count_states, measure_dimension, measure_whole

Pooled = dict[tuple[str, str], Precision]  # by dimension and item
ROW = ["dimension", "item", "measure"]
SCORE_COLUMNS = list(ScoreRow._fields)
"""The columns of the scores frame: `evaluate` says what they hold."""


def evaluate(
    coded: Coded,
    breakdowns: Iterable[Breakdown],
    campaign: str = "",
    spread: pd.DataFrame = NO_SPREAD,
) -> pd.DataFrame:
    """Score every group of every breakdown on every dimension and item.

    Returns the scores frame, `SCORE_COLUMNS`: one row per group, dimension and item (``item`` is
    "" on the dimension's own rows); ``score``, ``low``, ``high`` from 0 to 100. ``low`` and
    ``high`` speak of the people of the group, on whatever day they are asked (`lasting_size`); of
    records, of those the sample was drawn from. ``wide_low`` and ``wide_high`` speak of the group
    beyond these people. ``spread``: what `pool_spread` found over the services of the campaign;
    without it, each group's own spread is used and nothing is gained by asking everybody.
    ``status``: ``measured``, ``no_answer``, or ``telling`` when all gave the one option that has
    this score, which disclosure then hides.

    Formulas and their sources stand at each rule of `RULES`, those of intervals in
    `qgdr_eval.scoring.intervals`.

    >>> from qgdr_eval.instruments import load_instrument
    >>> from qgdr_eval.scoring import code_answers
    >>> asked = load_instrument("culture_ehpad")  # share of favourable answers
    >>> answers = pd.DataFrame({code: [4, 4, 4, 2] for code in asked.codes}, dtype="Int16")
    >>> group = pd.DataFrame({"facility": ["EHPAD"], "service": ["Nuit"], "stratum": [""],
    ...                       "head_count": [5.0]})
    >>> night = Breakdown(group, np.zeros(4, int))
    >>> scores = evaluate(code_answers(answers, asked, already_reversed=True), [night])
    >>> scores["score"].unique().tolist()  # three favourable answers out of four, everywhere
    [75.0]
    """
    tables, pooled = list(breakdowns), _by_row(spread)
    measured = [_measure(coded, table) for table in tables]
    numbers = [
        _numbers(coded.instrument, table, rows, pooled)
        for table, rows in zip(tables, measured, strict=True)
    ]
    groups = pd.concat([table.groups for table in tables])
    rows = measured[0]  # those of every table
    scores = pd.DataFrame(
        {
            **{name: _named(groups[name], lambda c: c.repeat(len(rows))) for name in GROUP},
            **{
                name: _named(
                    [getattr(row, name) for row in rows], lambda c: np.tile(c, len(groups))
                )
                for name in ROW
            },
            **{name: np.concatenate([part[name] for part in numbers]) for name in numbers[0]},
        },
        copy=False,
    )
    return _signed(scores, coded.instrument, campaign)


def _named(
    texts: Sequence[str] | pd.Series, lay: Callable[[np.ndarray], np.ndarray]
) -> pd.Categorical:
    """Names laid over the rows of the frame, their categories in the order they come in."""
    categories = pd.unique(np.array(texts))
    return pd.Categorical.from_codes(lay(pd.Categorical(texts, categories).codes), categories)


def _by_row(spread: pd.DataFrame) -> Pooled:
    columns = (spread[name].tolist() for name in ("dimension", "item", "design_effect", "alpha"))
    return {
        (dimension, item): Precision(*known)
        for dimension, item, *known in zip(*columns, strict=True)
    }


def _measure(coded: Coded, breakdown: Breakdown) -> list[Measured]:
    """Every dimension and item of the groups of one breakdown."""
    counts = count_states(coded, breakdown)
    rows = [
        measured
        for dimension in coded.instrument.dimensions
        for measured in measure_dimension(coded, counts, breakdown, dimension)
    ]
    return [*rows, *measure_whole(coded, counts, breakdown)]


def _numbers(
    instrument: Instrument, breakdown: Breakdown, rows: list[Measured], pooled: Pooled
) -> dict[str, np.ndarray]:
    """The numbers of one breakdown, group by group in its order."""
    heads = breakdown.groups["head_count"].to_numpy(float)
    each = [_of_row(row, _bounds(row, heads, pooled, instrument)) for row in rows]
    return {
        "n": np.repeat(breakdown.sizes(), len(rows)),
        **{name: np.stack([values[name] for values in each], axis=1).ravel() for name in each[0]},
    }


def _bounds(
    row: Measured, head_count: np.ndarray, pooled: Pooled, instrument: Instrument
) -> tuple[Bounds, Bounds]:
    """The interval of those who were asked, then of the group beyond them, by who they are.

    Chosen cases stand for no others: what is known of them is their score.
    """
    if instrument.chosen:
        return (row.share, row.share), (row.share, row.share)
    if instrument.of_people:
        own_rule = row.measure in RULES  # what is pooled is the score of the rule, no other
        known = pooled.get((row.dimension, row.item), UNKNOWN) if own_rule else UNKNOWN
        return bounds_of_people(row, head_count, known)
    return (bounds_of_records if instrument.of_records else bounds_of_facts)(row, head_count)


def _of_row(row: Measured, bounds: tuple[Bounds, Bounds]) -> dict[str, np.ndarray]:
    """The numbers of one row for every group, in percent."""
    near, wide = bounds
    return {
        "n_valid": row.n_valid.astype(np.int64),
        "score": 100 * row.share,
        "low": 100 * near[0],
        "high": 100 * near[1],
        "wide_low": 100 * wide[0],
        "wide_high": 100 * wide[1],
        "telling": row.telling,
    }


def _signed(scores: pd.DataFrame, instrument: Instrument, campaign: str) -> pd.DataFrame:
    codes = np.where(scores["n_valid"] == 0, 1, 2 * scores["telling"]).astype(np.int8)
    status = pd.Categorical.from_codes(codes, categories=["measured", "no_answer", "telling"])
    constants = {"instrument": instrument.id, "version": instrument.version, "campaign": campaign}
    return scores.assign(
        status=status,
        **{
            name: pd.Categorical.from_codes(np.zeros(len(scores), np.int8), categories=[value])
            for name, value in constants.items()
        },
    )[SCORE_COLUMNS]
