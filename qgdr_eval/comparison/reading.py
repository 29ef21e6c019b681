"""What a score and its interval allow to say about the reading thresholds.

The example reads ``campaign_report``: `qgdr demo essai` writes a campaign, and
``open_campaign("essai/campagne.yml")`` of `qgdr_eval.reporting` opens it.
"""

from collections.abc import Sequence

import pandas as pd

from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import Band, ReadingRow, ScoreRow, Verdict
from qgdr_eval.instruments import Instrument, Threshold

READING_COLUMNS = list(ReadingRow._fields)


def read_interval(
    score: float, low: float, high: float, thresholds: Sequence[Threshold]
) -> tuple[Verdict, Band]:
    """Place a score between the thresholds and say how sure the place is.

    Returns ``(verdict, band)``. ``band`` is where the score itself stands: ``strength`` (at or
    above the ``at_least`` mark), ``priority`` (at or below ``at_most``) or ``between``.
    ``verdict`` is ``established`` when the whole interval stands in that band,
    ``cannot_conclude`` when the interval touches both the strength and the priority bands,
    ``to_confirm`` otherwise, ``no_threshold`` when the instrument gives none.

    >>> marks = [Threshold(kind="at_least", value=75, label="a", origin="b"),
    ...          Threshold(kind="at_most", value=50, label="c", origin="d")]
    >>> read_interval(82, 76, 88, marks), read_interval(62, 48, 77, marks)
    (('established', 'strength'), ('cannot_conclude', 'between'))
    """
    if not thresholds:
        return "no_threshold", "between"
    marks = {threshold.kind: threshold.value for threshold in thresholds}
    top, bottom = marks.get("at_least", 101.0), marks.get("at_most", -1.0)  # none: never met
    bands = [_band(value, bottom, top) for value in (low, score, high)]
    if bands[0] == bands[2]:
        return "established", bands[1]
    both = bands[0] == "priority" and bands[2] == "strength"
    return ("cannot_conclude" if both else "to_confirm"), bands[1]


def _band(value: float, bottom: float, top: float) -> Band:
    value = round(value, 9)  # thirds that add up to 75 may come as 74.99999999999999
    return "strength" if value >= top else "priority" if value <= bottom else "between"


def read_dimensions(published: Published) -> pd.DataFrame:
    """One reading per group and dimension, in the instrument's order.

    Columns: `READING_COLUMNS`, scores on 0–100; ``verdict`` and ``band`` as `read_interval` gives
    them, besides ``hidden`` where disclosure shows nothing, and ``capped`` where the score is a
    strength but a critical criterion is not always met.

    >>> first = read_dimensions(campaign_report.published).iloc[0]
    >>> round(first["score"]), first["verdict"], first["band"]  # its interval goes past 50
    (41, 'to_confirm', 'priority')
    """
    failed = failed_critical(published)
    rows = [
        (
            row.facility,
            row.service,
            row.dimension,
            row.score,
            row.low,
            row.high,
            *_read(row, published.instrument, failed),
        )
        for row in rows_of(published.dimension_scores(), ScoreRow)
    ]
    return pd.DataFrame(rows, columns=READING_COLUMNS)


def failed_critical(published: Published) -> set[tuple[str, str, str]]:
    """(facility, service, dimension) of the groups where a critical criterion is not always met."""
    critical = [item.code for item in published.instrument.items if item.critical]
    rows = published.scores[published.scores["item"].isin(critical)]
    unmet = rows[(rows["stratum"] == "") & (rows["score"].round(9) < 100)]
    keys = unmet[["facility", "service", "dimension"]].astype(str)
    return set(keys.itertuples(index=False, name=None))


def _read(
    row: ScoreRow, instrument: Instrument, failed: set[tuple[str, str, str]]
) -> tuple[Verdict, Band]:
    """A reading; a critical criterion that fails once keeps its dimension from being a strength."""
    if row.status != "published":
        return "hidden", "between"
    marks = instrument.thresholds_of(str(row.dimension))
    verdict, band = read_interval(row.score, row.low, row.high, marks)
    capped = band == "strength" and (row.facility, row.service, row.dimension) in failed
    return ("capped" if capped else verdict), band
