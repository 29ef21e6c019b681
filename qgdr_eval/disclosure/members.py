"""Who is shown and who counts in which total, decided on numbers of respondents alone.

The decision is taken before any answer is looked at. A total counts the services that are shown,
so it is made of published figures and can give no hidden service back. Where every service of a
facility is too small to be shown, its total counts them all: nothing beside it can be subtracted.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Members:
    """Booleans, one per service: ``shown`` on its own, ``counted`` in the totals above it."""

    shown: np.ndarray
    counted: np.ndarray


def choose_members(
    facilities: np.ndarray, sizes: np.ndarray, minimum: int, dated: np.ndarray | None = None
) -> Members:
    """Decide for every service of a campaign.

    Services nobody answered in are counted: they add people asked, and hide nothing.

    Args:
        facilities: the facility of each service, any labels.
        sizes: respondents of each service.
        minimum: fewest respondents shown.
        dated: services whose figures come from an earlier publication: no total counts them.

    >>> choose_members(np.array(["F", "F", "G", "G"]), np.array([12, 4, 6, 7]), 10).counted.tolist()
    [True, False, True, True]
    """
    apart = np.zeros(len(sizes), dtype=bool) if dated is None else dated
    shown = (sizes >= minimum) & ~apart
    counted = (shown | (sizes == 0)) & ~apart
    for facility in np.unique(facilities):
        inside = facilities == facility
        if not (shown | apart)[inside].any() and sizes[inside].sum() >= minimum:
            counted |= inside
    return Members(shown, counted)
