"""Scoring rules. A rule gives a value between 0 and 1 to each option, and says how items combine.

Adding an instrument never edits this file; adding a *rule* does, with its formula, its source and
worked cases.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qgdr_eval.instruments import Dimension, Item, Scale
from qgdr_eval.scoring.coding import favourable_poles

Kind = Literal["share", "points", "rating", "level", "zone"]


@dataclass(frozen=True)
class Rule:
    """``values``: the value of each position of an item, least favourable first.

    ``gives``: the kind of figure a score is: a ``share`` of answers, ``points`` from 0 to 100, a
    ``rating`` from 1 to 4, a ``level`` of the scale, a ``zone`` of a risk map.
    ``combine``: ``items`` takes the unweighted mean of the item scores of a group; ``subjects``
    the mean over subjects of each subject's own mean; ``median`` the median over subjects of each
    subject's own median; ``zone`` the zone of a risk map.
    ``agreement_at``: also give the share of subjects whose mean reaches this value.
    ``audit``: also give the pooled share and the share of records that meet every criterion, of
    each dimension and of the whole grid.
    ``required``: each item asks for a level of its own, and is met from it on.
    """

    values: Callable[[Item, Scale], np.ndarray]
    gives: Kind
    combine: Literal["items", "subjects", "median", "zone"]
    agreement_at: float | None = None
    audit: bool = False
    required: bool = False


def _positive(item: Item, scale: Scale) -> np.ndarray:
    return np.array([pole == "positive" for pole in favourable_poles(scale, item)], dtype=float)


def _evenly_spaced(item: Item, scale: Scale) -> np.ndarray:
    return np.arange(len(scale.options)) / (len(scale.options) - 1)


def _rating(item: Item, scale: Scale) -> np.ndarray:
    """Ratings 1 to 4, then the star, which counts 4."""
    return np.minimum(np.arange(len(scale.options)), 3) / 3


def _deep_enough(item: Item, scale: Scale) -> np.ndarray:
    required = next(
        rank for rank, option in enumerate(scale.options) if option.code == item.required
    )
    return (np.arange(len(scale.options)) >= required).astype(float)


RULES = {
    # Share of favourable answers among valid ones; a composite is the unweighted mean of its
    # items' shares (AHRQ, SOPS user's guides).
    "positive_share": Rule(_positive, "share", combine="items"),
    # (position − 1) / (options − 1) × 100, averaged within each subject then over subjects;
    # agreement: subjects at 75 or more (Safety Attitudes Questionnaire, Sexton et al. 2006).
    "mean_0_100": Rule(_evenly_spaced, "points", combine="subjects", agreement_at=0.75),
    # Yes ÷ (yes + no), what is not applicable or not recorded aside; a dimension is the mean of
    # its criteria. Pooled and all-or-none stand beside it (Nolan & Berwick, JAMA 2006;295:1168).
    "conformity": Rule(_positive, "share", combine="items", audit=True),
    # Ordered levels: the median, never a mean of ranks.
    "maturity": Rule(_evenly_spaced, "level", combine="median"),
    # 1 to 4, the star counting 4, written (rating − 1) / 3; what does not concern the place (NC)
    # or could not be answered (RI) leaves the mean (HAS, évaluation des ESSMS, 2022).
    "rating_1_4": Rule(_rating, "rating", combine="items"),
    # Share of the knowledge whose self-rated depth is at least the depth the role asks for.
    "depth_gap": Rule(_deep_enough, "share", combine="items", required=True),
    # Share of what is done; what is in progress is not done.
    "checklist": Rule(_positive, "share", combine="items"),
    # Gravity × likelihood gives a gross level, level × control a zone: the instrument's tables.
    "risk": Rule(_evenly_spaced, "zone", combine="zone"),
}
"""How each rule values the options of an item and combines items, by its name in an instrument.

Scores come out on 0–100; each rule's formula and source stand beside it.
"""


def gives(dimension: Dimension) -> Kind:
    """The kind of figure a score of a dimension is, by its rule.

    >>> gives(Dimension(id="tri", label="Tri", definition="Trier.", rule="maturity"))
    'level'
    """
    return RULES[dimension.rule].gives


def rating_of(score: float) -> float:
    """The rating, 1 to 4, that a score from 0 to 100 stands for.

    >>> rating_of(0), rating_of(100), score_of(rating_of(62.5))
    (1.0, 4.0, 62.5)
    """
    return 1 + 3 * score / 100


def score_of(rating: float) -> float:
    """The score, 0 to 100, of a rating from 1 to 4.

    >>> score_of(2.5)
    50.0
    """
    return (rating - 1) / 3 * 100
