"""Published estimates of many places and their variances, as R's metadat 1.2-0 gives them."""

from typing import NamedTuple

import numpy as np


class Effects(NamedTuple):
    y: np.ndarray
    variance: np.ndarray

    @property
    def people(self) -> np.ndarray:
        """How many people, one point apart from each other, leave that variance."""
        return 1 / self.variance


def _schools() -> Effects:
    """Coaching in eight schools: Rubin, J Educ Stat 1981;6:377, table 1."""
    errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    return Effects(np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), errors**2)


def _bcg() -> Effects:
    """BCG vaccine, log relative risks of 13 trials: Colditz et al., JAMA 1994;271:698."""
    ill = np.array([4.0, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27])
    well = np.array(
        [119.0, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886]
    )
    ill0 = np.array([11.0, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29])
    well0 = np.array(
        [128.0, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825]
    )
    n, n0 = ill + well, ill0 + well0
    return Effects(np.log(ill / n / (ill0 / n0)), 1 / ill - 1 / n + 1 / ill0 - 1 / n0)


def _stroke() -> Effects:
    """Days in hospital after a stroke, nine places: Normand, Stat Med 1999;18:321, table III."""
    n = np.array([155.0, 31, 75, 18, 8, 57, 34, 110, 60])
    mean = np.array([55.0, 27, 64, 66, 14, 19, 52, 21, 30])
    sd = np.array([47.0, 7, 17, 20, 8, 7, 45, 16, 27])
    n0 = np.array([156.0, 32, 71, 18, 13, 52, 33, 183, 52])
    mean0 = np.array([75.0, 29, 119, 137, 18, 18, 41, 31, 23])
    sd0 = np.array([64.0, 4, 29, 48, 11, 4, 34, 27, 20])
    return Effects(mean - mean0, sd**2 / n + sd0**2 / n0)


def _writing() -> Effects:
    """Writing to learn, 48 schools: Bangert-Drowns et al., Rev Educ Res 2004;74:29."""
    y = """.65 -.75 -.21 -.04 .23 .03 .26 .06 .06 .12 .77 0 .52 .54 .2 .2 -.16 .42 .6 .51 .58 .54
    .09 .37 -.01 -.13 .18 .27 -.02 .33 .59 .84 -.32 .12 1.12 -.12 -.44 -.07 .7 .49 .2 .58 .15
    .63 .04 1.46 .04 .25"""
    variance = """.07 .126 .042 .019 .022 .009 .106 .007 .04 .052 .107 .021 .037 .083 .086 .091 .167
    .052 .091 .065 .073 .061 .1 .06 .083 .037 .069 .018 .009 .053 .017 .112 .06 .044 .129 .023 .205
    .033 .265 .039 .021 .067 .014 .168 .016 .099 .087 .072"""
    return Effects(*(np.array(text.split(), float) for text in (y, variance)))


HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
"""Of 45 at bats, 18 baseball players of 1970: Efron & Morris, Sci Am 1977;236(5):119."""

SEASON = np.array(
    """.346 .298 .276 .222 .273 .270 .263 .210 .269 .230 .264 .256 .303 .264 .226 .285 .316
    .200""".split(),
    float,
)
"""What the same players did in the remainder of the season, about 370 at bats."""

SCHOOLS, BCG, STROKE, WRITING = _schools(), _bcg(), _stroke(), _writing()
