"""Figures as they stand in a page: once for a wide page, once for a telephone."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

from qgdr_eval.comparison.series import Series
from qgdr_eval.comparison.unusual import curves_of
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures import heatmap_alt, heatmap_figure, to_svg
from qgdr_eval.figures.alternatives import say_items, say_profile, say_sketch
from qgdr_eval.figures.change_rows import pair_beside, pair_rows, round_beside, round_rows
from qgdr_eval.figures.change_words import say_changes
from qgdr_eval.figures.changes import Beside, Change, draw_changes
from qgdr_eval.figures.control import control_figure, spark_figure
from qgdr_eval.figures.control_words import say_control
from qgdr_eval.figures.funnel import Funnel, Point, draw_funnel, say_funnel
from qgdr_eval.figures.heatmap import heatmap_lines
from qgdr_eval.figures.items import draw_items, draw_shared_key, item_bars, share_a_key, shared_key
from qgdr_eval.figures.profile import draw_profile, profile_rows
from qgdr_eval.figures.sketch import draw_sketch
from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.frames import (
    ChangedRow,
    CompositionRow,
    EvolutionRow,
    FunnelRow,
    GapRow,
    HistoryRow,
    SelfGapRow,
)
from qgdr_eval.french import typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.page.fragment import Drawing
from qgdr_eval.reporting.report import CampaignReport, ServiceReport

CURVE = 41  # numbers of people at which limits are drawn


def profile_drawing(report: ServiceReport) -> Drawing:
    """The dimensions of a service on one frame."""
    rows = profile_rows(report.published, report.readings, report.comparisons)
    draw = partial(draw_profile, rows, report.instrument)
    return _both(report.fingerprint, "profil", rows, draw, say_profile(rows))


def sketch_drawing(report: ServiceReport) -> Drawing:
    """The same at a glance, for the first screen."""
    rows = profile_rows(report.published, report.readings, None)
    draw = partial(draw_sketch, rows, report.instrument)
    return _both(report.fingerprint, "apercu", rows, draw, say_sketch(rows))


def rounds_drawing(report: ServiceReport) -> Drawing:
    """Each dimension at every round, and what moved since the one before."""
    history = rows_of(report.history, HistoryRow)
    rows = round_rows(report.instrument, rows_of(report.evolution, EvolutionRow), history)
    beside = round_beside(
        report.instrument,
        rows,
        history,
        rows_of(report.composition, CompositionRow),
        rows_of(report.changed, ChangedRow),
    )
    return _changes(report.fingerprint, "tours", rows, beside)


def pair_drawing(
    results: str,
    instrument: Instrument,
    gaps: Sequence[GapRow | SelfGapRow],
    names: tuple[str, str, str],
) -> Drawing:
    """One's own position and the team's score on one line; ``names``: see `pair_beside`."""
    rows = pair_rows(instrument, gaps)
    return _changes(results, "equipe", rows, pair_beside(instrument, *names))


def _changes(results: str, id: str, rows: Sequence[Change], beside: Beside) -> Drawing:
    draw = partial(draw_changes, rows, beside)
    return _both(results, id, [*rows, beside], draw, say_changes(rows, beside))


def items_drawing(report: ServiceReport, dimension: str, *, keyed: bool = True) -> Drawing:
    """The answers to the questions of one dimension; ``keyed``: with what colours mean."""
    bars = item_bars(report.published, dimension)
    shown = report.instrument
    alternative = say_items(bars, shown.dimension(dimension).label, shown)
    draw = partial(draw_items, bars, report.instrument, keyed=keyed)
    return _both(report.fingerprint, f"questions-{dimension}", bars, draw, alternative)


def items_key_drawing(report: ServiceReport) -> Drawing | None:
    """What the colours of all questions mean, when it can be said once; None when it cannot."""
    dimensions = [dimension.id for dimension, _, _ in report.scores.dimensions]
    bars = [bar for id in dimensions for bar in item_bars(report.published, id)]
    if len(dimensions) < 2 or not share_a_key(bars, report.instrument):
        return None
    entries = shared_key(bars, report.instrument)
    alternative = typography("Légende commune aux figures qui suivent.")
    told = [entry.text for entry in entries]
    return _both(
        report.fingerprint, "legende", told, partial(draw_shared_key, entries), alternative
    )


def heatmap_drawing(report: CampaignReport) -> Drawing:
    """Every service on every dimension."""
    shown = (report.published, report.readings)
    draw, lines = partial(heatmap_figure, *shown), heatmap_lines(*shown)
    return _both(report.fingerprint, "carte", lines, draw, heatmap_alt(*shown))


def funnel_drawing(
    results: str, rows: Sequence[FunnelRow], names: Sequence[str], answers: tuple[str, str]
) -> Drawing:
    """The services of one dimension by how many answered; ``names``: "" leaves one unnamed."""
    sizes = [row.n_valid for row in rows]
    room = max(2.0, (max(sizes) - min(sizes)) / 12)
    people = np.linspace(max(1.0, min(sizes) - room), max(sizes) + room, CURVE)
    points = tuple(
        Point(row.n_valid, row.score, row.standing, name)
        for row, name in zip(rows, names, strict=True)
    )
    funnel = Funnel(points, curves_of(rows[0], people), rows[0].centre, answers)
    id = f"habituel-{rows[0].dimension}"
    return _both(results, id, [funnel], partial(draw_funnel, funnel), say_funnel(funnel))


def control_drawing(results: str, id: str, series: Series) -> Drawing:
    """One indicator over time."""
    alt = say_control(series)
    drawn = series.points[["period", "value", "low_limit", "high_limit", "outside", "run"]]
    data = [alt, series.target, series.reference, drawn.to_csv(index=False)]
    return _both(results, id, data, partial(control_figure, series), alt)


def spark_drawing(results: str, id: str, series: Series) -> Markup:
    """One indicator over time in a cell of a table; the words of its row say what it shows."""
    first, last = series.points.iloc[0], series.points.iloc[-1]
    alt = typography(f"{series.indicator} : courbe de {first['label']} à {last['label']}")
    drawn = series.points[["period", "value", "status", "outside", "run"]].to_csv(index=False)
    data = of_bytes(repr([alt, series.service, series.target, drawn]).encode())
    return Markup('<figure data-results="{}" data-drawn="{}">{}</figure>').format(
        results, data, Markup(to_svg(spark_figure(series), alt, f"courbe-{id}"))
    )


def _both(
    results: str, id: str, data: Sequence[object], draw: Callable[[bool], Figure], alt: str
) -> Drawing:
    """``data``: what is drawn; ``draw`` takes whether the drawing is narrow."""
    wide, narrow = (
        Markup(to_svg(draw(narrow), alt, f"figure-{id}-{'etroite' if narrow else 'large'}"))
        for narrow in (False, True)
    )
    return Drawing(wide, narrow, results, of_bytes(repr(data).encode()))
