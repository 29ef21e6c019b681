"""Who is shown and who counts in which total, decided on numbers of respondents alone.

The decision is taken before any answer is looked at. A hidden service must not come back by
subtracting the services shown from a total, so a total either counts everybody, when the hidden
services in it are several and together large enough, or leaves the hidden ones out and says so.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Members:
    """One boolean per service: ``shown`` on its own, counted in its ``facility``'s total, in the
    ``campaign``'s."""

    shown: np.ndarray
    facility: np.ndarray
    campaign: np.ndarray


def safe_together(sizes: np.ndarray, minimum: int) -> bool:
    """Whether hidden groups may be left inside a total whose other groups are all shown.

    Subtraction then gives their sum: it must be no group's own (two at least) nor small.

    >>> safe_together(np.array([4]), 10), safe_together(np.array([4, 7]), 10)
    (False, True)
    """
    held = sizes[sizes > 0]
    return len(held) == 0 or (len(held) >= 2 and int(held.sum()) >= minimum)


def choose_members(facilities: np.ndarray, sizes: np.ndarray, minimum: int) -> Members:
    """Decide for every service of a campaign.

    Args:
        facilities: the facility of each service, any labels.
        sizes: respondents of each service.
        minimum: fewest respondents shown.
    """
    shown = sizes >= minimum
    in_facility = shown.copy()
    for facility in np.unique(facilities):
        inside = facilities == facility
        if safe_together(sizes[inside & ~shown], minimum):
            in_facility |= inside
    rest = safe_together(sizes[~in_facility], minimum)
    return Members(shown, in_facility, np.ones_like(shown) if rest else in_facility)
