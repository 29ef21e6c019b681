"""What totals by place and by period fix together, on a table worked by hand.

Two places over two periods, numerator / denominator:

             period 1   period 2   both
    A          3 / 5      4 / 6     7 / 11
    B         10 / 20    12 / 30   22 / 50
    A and B   13 / 25    16 / 36
"""

import math

import pytest

from qgdr_eval.disclosure.crossed import find_more_to_hide

A1, A2, B1, B2, A, B, FIRST, SECOND = range(8)
AMOUNTS = {
    A1: (3, 5), A2: (4, 6), B1: (10, 20), B2: (12, 30),
    A: (7, 11), B: (22, 50), FIRST: (13, 25), SECOND: (16, 36),
}  # fmt: skip
SUMS = [(A, [A1, A2]), (B, [B1, B2]), (FIRST, [A1, B1]), (SECOND, [A2, B2])]


@pytest.mark.parametrize(
    ("hidden", "more"),
    [
        # A1 + A2 = 7 with A2 at most 6, and A1 at most 5: from 1 to 5, the three others follow.
        ([A1, A2, B1, B2], []),
        # A2 = 16 − 12 = 4, so A1 = 7 − 4 = 3, which A alone left open; B1 = 22 − 12 = 10. To hide:
        # the smallest beside A1 and A2, their total A of 11; beside B1 the first period, of 25.
        ([A1, A2, B1], [A, A, FIRST]),
        # Nobody is hidden: nothing to protect.
        ([], []),
    ],
    ids=["one is free, so all are", "two totals fix what each leaves open", "nothing hidden"],
)
def test_what_totals_fix_together_asks_for_more(hidden, more):
    assert find_more_to_hide(AMOUNTS, AMOUNTS.keys() - set(hidden), SUMS) == more


def test_totals_that_share_no_row_fix_nothing_together():
    assert find_more_to_hide(AMOUNTS, AMOUNTS.keys() - {A1}, [SUMS[0]]) == []


def test_without_a_numerator_nothing_is_worked_out():
    unknown = AMOUNTS | {B2: (math.nan, 30)}
    assert find_more_to_hide(unknown, unknown.keys() - {A1, A2, B1}, SUMS) == []


def test_a_total_that_counts_others_too_leaves_its_parts_open():
    """Up to 9 others in A, 10 in B, 15 and 14 in the periods: A1 is 0 to 5, A2 to 4, B1 to 10."""
    wider = AMOUNTS | {A: (7, 20), B: (22, 60), FIRST: (13, 40), SECOND: (16, 50)}
    assert find_more_to_hide(wider, wider.keys() - {A1, A2, B1}, SUMS) == []
