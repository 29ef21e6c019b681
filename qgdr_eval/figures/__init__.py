"""Drawn: published results as figures, and their words. Draws, never computes."""

from qgdr_eval.figures.alternatives import heatmap_alt, items_alt, profile_alt
from qgdr_eval.figures.heatmap import heatmap_figure
from qgdr_eval.figures.items import items_figure
from qgdr_eval.figures.profile import profile_figure
from qgdr_eval.figures.svg import to_svg

__all__ = [
    "heatmap_alt",
    "heatmap_figure",
    "items_alt",
    "items_figure",
    "profile_alt",
    "profile_figure",
    "to_svg",
]
