"""The interval of an opened score, worked back from the ends that are published."""

import math
from functools import lru_cache
from typing import Any

import pandas as pd
from scipy.stats import binom

from qgdr_eval.figures.words import ends_words
from qgdr_eval.french import number
from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting.opened_numbers import SHARES, ordinal
from qgdr_eval.reporting.view import ServiceReport
from qgdr_eval.scoring.intervals import Z

SURE = 6  # answers from which two of them, taken in order, enclose the median at 95 %


def work_interval(report: ServiceReport, dimension: Dimension, row: Any, answered: float) -> str:
    """How the interval of a row is made; "" where a position is declared.

    ``answered``: who the finite population correction counts as known. Wilson's formula with its
    size; for a median, the two ranks it runs between.
    """
    if row.status != "published" or report.instrument.declared or dimension.rule == "risk":
        return ""
    ends = ends_words(row.low, row.high, dimension, report.instrument)
    if answered >= report.turnout.head_count:
        everybody = "personne" if report.instrument.subject == "respondent" else "aucun dossier"
        return f"il ne manque {everybody}, l'intervalle se réduit au score : {ends}"
    if dimension.rule == "maturity":
        return _between_ranks(int(row.n_valid), "réponse" if row.item else "médiane", ends)
    size = _size(row, answered, report.turnout.head_count)
    if not size:
        return f"tel que publié : {ends}"
    known_share = dimension.rule in SHARES and row.item  # it is written just above
    p = "" if known_share else f"p = {number(row.score / 100, 3)}, "
    return f"{p}n = {size} : {ends}"


def _size(row: Any, answered: float, heads: float) -> str:
    """The size Wilson's formula takes, enlarged when most people asked have answered."""
    size = wilson_size(row.score, row.wide_low, row.wide_high)
    near = wilson_size(row.score, row.low, row.high)
    if not math.isfinite(size + near):
        return ""
    if pd.isna(heads):
        return _plain_size(size)
    known, asked = number(answered), number(heads)
    return f"{_plain_size(size)} × ({asked} − 1) ÷ ({asked} − {known}) = {_plain_size(near)}"


def _plain_size(size: float) -> str:
    return number(size, 0 if abs(size - round(size)) < 1e-3 else 1)


def wilson_size(score: float, low: float, high: float) -> float:
    """The size n from which Wilson's formula makes these ends (0–100); NaN when none does.

    With h half the width, p the share and q = z²/n, the formula's width says
    (1/4 − h²) q² + (p(1 − p) − 2h²) q − h² = 0, which has one positive root; its middle must then
    be (p + q/2) / (1 + q).

    >>> from qgdr_eval.scoring.intervals import wilson
    >>> low, high = wilson(81 / 263, 263)
    >>> round(wilson_size(100 * 81 / 263, float(100 * low), float(100 * high)), 3)
    263.0
    """
    p, half = score / 100, (high - low) / 200
    if half < 1e-9:
        return math.inf
    square, slope = 0.25 - half**2, p * (1 - p) - 2 * half**2
    if square <= 0:
        return math.nan
    q = (math.sqrt(slope**2 + 4 * square * half**2) - slope) / (2 * square)
    followed = abs((p + q / 2) / (1 + q) - (low + high) / 200) < 1e-6
    return Z**2 / q if followed else math.nan


def _between_ranks(n: int, what: str, ends: str) -> str:
    if n < SURE:
        return f"moins de six {what}s, l'échelle entière : {ends}"
    below = _below(n)
    return f"de la {ordinal(below)} à la {ordinal(n + 1 - below)} {what} : {ends}"


@lru_cache(maxsize=1024)
def _below(n: int) -> int:
    """The rank from either end at which the interval of a median of ``n`` answers stops."""
    return int(binom.ppf(0.025, n, 0.5))
