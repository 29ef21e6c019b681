"""The interval of an opened score: the size it is made with, from figures that are all published.

Of people, that size is made of how many answered and of what is pooled over the campaign; nothing
tells how far apart the answers of one team are. Of records, it is worked back from the ends.
"""

import math

import pandas as pd

from qgdr_eval.frames import ScoreRow
from qgdr_eval.french import number
from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting.team.arithmetic import ordinal, plain
from qgdr_eval.reporting.team.sample import Sample
from qgdr_eval.scoring import gives
from qgdr_eval.scoring.intervals import Z, lasting_size
from qgdr_eval.scoring.medians import outer_rank
from qgdr_eval.wording.scores import ends_words

AS_PUBLISHED = "tel que publié"
OF_ONE_TEAM = "fait avec les écarts entre les réponses de cette équipe, qu'on ne montre pas"


def work_interval(sample: Sample, dimension: Dimension, row: ScoreRow, answered: float) -> str:
    """How the interval of a row is made; "" where nothing was drawn.

    ``answered``: answers behind the row. Wilson's formula with its size; for a median, the two
    ranks it runs between.
    """
    if row.status != "published" or not sample.instrument.sampled or gives(dimension) == "zone":
        return ""
    ends = ends_words(row.low, row.high, dimension, sample.instrument)
    if not sample.instrument.of_people:
        return _of_records(sample, dimension, row, answered, ends)
    if gives(dimension) == "level":
        return _between_ranks(sample, row, answered, ends)
    size = _size_of_people(sample, dimension, row, answered)
    if not size:
        return f"{AS_PUBLISHED if row.item else OF_ONE_TEAM} : {ends}"
    return f"{_share(dimension, row)}{size} : {ends}"


def _size_of_people(sample: Sample, dimension: Dimension, row: ScoreRow, answered: float) -> str:
    """n and how it is made, answers ÷ D ÷ (1 − f × α); "" where a team keeps its own spread."""
    design, alpha = sample.spread_of(row.dimension, row.item)
    if row.item and gives(dimension) == "share":
        design = 1.0  # yes or no: nothing to measure
    if math.isnan(design):
        return ""
    size = lasting_size(answered / design, answered / sample.head_count, alpha)
    shared = "" if design == 1 else f" ÷ {plain(design)}"
    known = _known(sample, answered, alpha)
    made = f"n = {plain(answered)}{shared}{known}"
    if not shared and not known:
        return made
    named = f"D = {plain(design)}, " if shared else ""
    return f"{named}{_named(known, alpha)}{made} = {_plain_size(float(size))}"


def _known(sample: Sample, answered: float, alpha: float) -> str:
    """What is gained because many of those asked have answered."""
    heads = sample.head_count
    if pd.isna(heads) or not alpha:
        return ""
    return f" ÷ (1 − {plain(answered)} ÷ {number(heads)} × {plain(alpha)})"


def _named(known: str, alpha: float) -> str:
    """α by its name, before the formula it stands in."""
    return f"α = {plain(alpha)}, " if known else ""


def _share(dimension: Dimension, row: ScoreRow) -> str:
    known = gives(dimension) == "share" and row.item  # it is written just above
    return "" if known else f"p = {number(row.score / 100, 3)}, "


def _of_records(
    sample: Sample, dimension: Dimension, row: ScoreRow, answered: float, ends: str
) -> str:
    heads = sample.head_count
    if row.measure == "all_or_none" or (row.item and gives(dimension) == "share"):
        if not pd.isna(heads):
            what = sample.subject.count(int(heads))
            return f"au plus {what} à juger, loi hypergéométrique : {ends}"
    elif not pd.isna(heads):
        unread = f"les {sample.subject.plural} non {sample.subject.agree(sample.subject.seen)}"
        return f"{AS_PUBLISHED}, borné par ce que {unread} peuvent changer : {ends}"
    if answered >= heads:
        return f"il ne manque {sample.subject.none}, l'intervalle se réduit au score : {ends}"
    size = _size(row, answered, sample.head_count)
    return f"{_share(dimension, row)}n = {size} : {ends}" if size else f"{AS_PUBLISHED} : {ends}"


def _size(row: ScoreRow, answered: float, heads: float) -> str:
    """The size Wilson's formula takes, enlarged when most records have been read."""
    size = wilson_size(row.score, row.wide_low, row.wide_high)
    near = wilson_size(row.score, row.low, row.high)
    if not math.isfinite(size + near):
        return ""
    if pd.isna(heads):
        return _plain_size(size)
    known, whole = number(answered), number(heads)
    return f"{_plain_size(size)} × ({whole} − 1) ÷ ({whole} − {known}) = {_plain_size(near)}"


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


def _between_ranks(sample: Sample, row: ScoreRow, answered: float, ends: str) -> str:
    """The two answers, in order, that the interval of a median runs between."""
    n, what = int(row.n_valid), "réponse" if row.item else "médiane"
    _, alpha = sample.spread_of(row.dimension, row.item)
    growth = float(lasting_size(1, answered / sample.head_count, alpha))
    rank, made = int(outer_rank(n, growth)), _known(sample, answered, alpha)
    worth = (
        f"{_named(made, alpha)}comme pour {n}{made} = {_plain_size(n * growth)} {what}s, "
        if made
        else ""
    )
    if not rank:
        return f"{worth}trop peu de {what}s, l'échelle entière : {ends}"
    return f"{worth}de la {ordinal(rank)} à la {ordinal(n + 1 - rank)} {what} : {ends}"
