"""How far tests search: in part while one works, whole when QGDR_THOROUGH is set (`.ci/run`).

Every assertion stands in both; only the number of examples and of cases differs.
"""

import os
from collections.abc import Iterable
from typing import Any

import pytest

WHOLE = bool(os.environ.get("QGDR_THOROUGH"))
PART = 5  # one example in so many, while one works
FEWEST = 5

thorough = pytest.mark.thorough
"""Marks a test, a file or a case that is run only when the search is whole."""


def sampled(cases: Iterable[str], kept: str) -> list[Any]:
    """Cases of a test, of which one alone is run unless the search is whole."""
    return [case if case == kept else pytest.param(case, marks=thorough) for case in cases]


def examples(n: int) -> int:
    """How many examples a property is tried on: ``n``, or a fifth of it and at least five."""
    return n if WHOLE else min(n, max(FEWEST, n // PART))
