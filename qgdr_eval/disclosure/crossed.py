"""Rows summed in two ways, by place and by period: what their totals fix together.

Each total by itself may leave several hidden rows open, and two of them together none. The
smallest and the largest value of each hidden numerator are found by linear programming; in such
tables both are whole numbers, so that a row with one value only has been given back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

Sum = tuple[int, list[int]]  # a row, and the rows it is the sum of


def find_more_to_hide(
    amounts: Mapping[int, Sequence[float]], shown: Iterable[int], sums: Sequence[Sum]
) -> list[int]:
    """For each hidden row that totals fix, the smallest row to hide: in its own sums, else in any.

    Args:
        amounts: (numerator, denominator) of each row.
        shown: rows that are published.
        sums: totals with their parts, which may leave out some of what the total counts.
    """
    seen, more = set(shown), []
    for group in _linked(sums):
        rows = sorted({row for total, parts in group for row in (total, *parts)})
        if any(np.isnan(amounts[row][0]) for row in rows):
            continue
        for row in _fixed(rows, amounts, seen, group):
            beside = [
                other
                for total, parts in group
                if row in (total, *parts)
                for other in (parts if seen & set(parts) else [total])
                if other in seen
            ]
            among = beside or [other for other in rows if other in seen]
            more += sorted(among, key=lambda other: amounts[other][1])[:1]
    return more


def _linked(sums: Sequence[Sum]) -> Iterator[list[Sum]]:
    """Sums that share rows, together; those that stand alone left out."""
    groups: list[tuple[set[int], list[Sum]]] = []
    for total, parts in sums:
        rows, members = {total, *parts}, [(total, parts)]
        for other in [group for group in groups if group[0] & rows]:
            groups.remove(other)
            rows |= other[0]
            members += other[1]
        groups.append((rows, members))
    return (members for _, members in groups if len(members) > 1)


def _fixed(
    rows: list[int], amounts: Mapping[int, Sequence[float]], seen: set[int], sums: Sequence[Sum]
) -> Iterator[int]:
    """The hidden rows, of somebody, whose numerator can have one value only."""
    from scipy.optimize import linprog  # slow to load, and seldom needed

    hidden = [row for row in rows if row not in seen and amounts[row][1] > 0]
    if not hidden:
        return
    at = {row: rank for rank, row in enumerate(rows)}
    width = len(rows) + len(sums)
    equal = np.zeros((len(sums), width))
    bounds = [_between(amounts[row], row in seen) for row in rows]
    for rank, (total, parts) in enumerate(sums):
        equal[rank, [at[part] for part in parts]] = -1
        equal[rank, [at[total], len(rows) + rank]] = 1, -1
        others = amounts[total][1] - sum(amounts[part][1] for part in parts)
        bounds.append((0, max(others, 0)))
    for row in hidden:
        aim = np.eye(width)[at[row]]
        ends = [linprog(sign * aim, A_eq=equal, b_eq=np.zeros(len(sums)), bounds=bounds)
                for sign in (1, -1)]  # fmt: skip
        # Numerators are whole: ends less than 1 apart leave one value; 1e-6 is for the solver.
        if all(end.status == 0 for end in ends) and -ends[1].fun - ends[0].fun < 1 - 1e-6:
            yield row


def _between(amount: Sequence[float], seen: bool) -> tuple[float, float]:
    met, among = amount
    return (met, met) if seen else (0, among)
