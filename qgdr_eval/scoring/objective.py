"""A share against an objective, as HAS publishes its quality indicators (IQSS).

Our own interval stays Wilson's; this one stands beside it, to be compared with published figures.
"""

from typing import Literal

import numpy as np
from scipy.special import bdtr

Class = Literal["A", "B", "C"]
PERCENTS = np.arange(101)
TAIL = 0.025  # on either side, of an interval at 95 %


def whole_percent_interval(met: int, n: int) -> tuple[int, int]:
    """The 95 % interval of ``met`` records out of ``n``, in whole percents.

    Low: the p of 0, 1, …, 100 % for which P(X ≥ met) is nearest 2.5 %; high: that for which
    P(X ≤ met) is, never above 99 %; none met gives [0; 0], all of them [100; 100]. Inferred from
    the intervals HAS publishes as open data with its indicators, which it reproduces.
    Raises ``ValueError`` unless 0 ≤ met ≤ n and n ≥ 1.

    >>> whole_percent_interval(76, 80)
    (88, 99)
    """
    if not 0 <= met <= n or n < 1:
        raise ValueError(f"{met} of {n}")
    if met in (0, n):
        return 100 * met // n, 100 * met // n
    shares = PERCENTS / 100
    at_least, at_most = 1 - bdtr(met - 1, n, shares), bdtr(met, n, shares)
    low, high = (int(np.abs(tail - TAIL).argmin()) for tail in (at_least, at_most))
    return low, min(high, 99)


def class_against(low: float, high: float, objective: float = 80) -> Class:
    """The class of an interval against an objective, all in percents.

    A when the whole interval is above the objective, C when it is below, B otherwise; an interval
    that touches the objective is B.

    >>> class_against(88, 99), class_against(80, 95), class_against(38, 65)
    ('A', 'B', 'C')
    """
    if low > objective:
        return "A"
    return "C" if high < objective else "B"
