"""Figures as they stand in a page: once for a wide page, once for a telephone."""

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from qgdr_eval.figures import (
    heatmap_alt,
    heatmap_figure,
    items_alt,
    items_figure,
    profile_alt,
    profile_figure,
    to_svg,
)
from qgdr_eval.figures.heatmap import heatmap_lines
from qgdr_eval.figures.items import item_bars
from qgdr_eval.figures.profile import profile_rows
from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.reporting.page import Drawing
from qgdr_eval.reporting.view import CampaignReport, ServiceReport


def profile_drawing(report: ServiceReport) -> Drawing:
    """The dimensions of a service on one frame."""
    shown = (report.published, report.readings, report.comparisons)
    return _both(
        lambda narrow: profile_figure(*shown, narrow=narrow),
        profile_alt(*shown),
        "profil",
        report.fingerprint,
        profile_rows(*shown),
    )


def items_drawing(report: ServiceReport, dimension: str) -> Drawing:
    """The answers to the questions of one dimension."""
    return _both(
        lambda narrow: items_figure(report.published, dimension, narrow=narrow),
        items_alt(report.published, dimension),
        f"questions-{dimension}",
        report.fingerprint,
        item_bars(report.published, dimension),
    )


def heatmap_drawing(report: CampaignReport) -> Drawing:
    """Every service on every dimension."""
    shown = (report.published, report.readings)
    return _both(
        lambda narrow: heatmap_figure(*shown, narrow=narrow),
        heatmap_alt(*shown),
        "carte",
        report.fingerprint,
        heatmap_lines(*shown),
    )


def _both(
    draw: Callable[[bool], Figure], alt: str, id: str, results: str, data: Sequence[Any]
) -> Drawing:
    wide, narrow = (
        Markup(to_svg(draw(narrow), alt, f"figure-{id}-{'etroite' if narrow else 'large'}"))
        for narrow in (False, True)
    )
    return Drawing(wide, narrow, results, of_bytes(repr(data).encode()))
