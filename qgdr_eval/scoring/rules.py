"""Scoring rules. A rule gives a value between 0 and 1 to each option, and says how items combine.

Adding an instrument never edits this file; adding a *rule* does, with its formula, its source and
worked cases.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Poles = Sequence[str]


@dataclass(frozen=True)
class Rule:
    """``values``: the value of each position, least favourable first, from the item's poles.

    ``combine``: ``items`` takes the unweighted mean of the item scores of a group; ``subjects``
    takes the mean over subjects of each subject's own mean.
    ``agreement_at``: also give the share of subjects whose mean reaches this value.
    """

    values: Callable[[Poles], np.ndarray]
    combine: Literal["items", "subjects"]
    agreement_at: float | None = None


def _positive(poles: Poles) -> np.ndarray:
    return np.array([pole == "positive" for pole in poles], dtype=float)


def _evenly_spaced(poles: Poles) -> np.ndarray:
    return np.arange(len(poles)) / (len(poles) - 1)


RULES = {
    # Share of favourable answers among valid ones; a composite is the unweighted mean of its
    # items' shares (AHRQ, SOPS user's guides).
    "positive_share": Rule(_positive, combine="items"),
    # (position − 1) / (options − 1) × 100, averaged within each subject then over subjects;
    # agreement: subjects at 75 or more (Safety Attitudes Questionnaire, Sexton et al. 2006).
    "mean_0_100": Rule(_evenly_spaced, combine="subjects", agreement_at=0.75),
}
