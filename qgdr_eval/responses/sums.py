"""Rows of numbers that count or add what the others answer: no return, whatever their name."""

import re
from collections.abc import Iterator

import numpy as np

from qgdr_eval.problems import Problem
from qgdr_eval.responses.columns import Layout
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import answer_key

MOST = 2000  # rows: nobody adds counts by hand beside more
SEVERAL = 3  # cells beyond the scale before they are no slips
MANY = 5  # cells, and other returns, before equal counts are no chance
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")


def check_sums(
    table: Table, layout: Layout, values: np.ndarray, unread: np.ndarray
) -> Iterator[Problem]:
    """Refuse rows of numbers that count or add what the others answer.

    They go beyond the scale, or each is the number of times the others gave one same answer.
    ``values``: codes as `Codes.values`; ``unread``: cells that are no answer (rows, items).
    """
    numbers = _numbers(table, layout)
    filled = _filled(table, layout)
    beyond = np.isfinite(numbers) & unread
    strange = np.flatnonzero((beyond.sum(1) >= SEVERAL) & (2 * beyond.sum(1) > filled.sum(1)))
    counts = [] if len(values) > MOST else _counts_of_others(numbers, filled, values)
    for at in sorted({*strange.tolist(), *counts}):
        yield table.problem(
            table.row(at),
            "",
            "des nombres qui ne sont pas des réponses : un total, un compte ou une moyenne ?",
            "retirez cette ligne, ou corrigez ses réponses",
        )


def _numbers(table: Table, layout: Layout) -> np.ndarray:
    """The cells of items as numbers, NaN where they are words: floats (rows, items)."""
    columns = []
    for name in layout.items.values():
        cells = table.frame[name]
        read = np.array([_number(text) for text in cells.cat.categories] or [np.nan])
        columns.append(read[cells.cat.codes.to_numpy()])
    return np.stack(columns).T


def _filled(table: Table, layout: Layout) -> np.ndarray:
    return np.stack([(table.frame[name] != "").to_numpy() for name in layout.items.values()]).T


def _number(text: str) -> float:
    key = answer_key(text)
    return float(key.replace(",", ".").rstrip("%")) if _NUMBER.fullmatch(key) else np.nan


def _counts_of_others(numbers: np.ndarray, filled: np.ndarray, values: np.ndarray) -> Iterator[int]:
    """Rows of numbers, among words, that all count how often the others gave one answer."""
    written = (np.isfinite(numbers) | ~filled).all(axis=1) & (filled.sum(axis=1) >= MANY)
    words = ~np.isfinite(numbers) & filled
    if 2 * int(words.any(axis=1).sum()) < len(values) or len(values) <= MANY:
        return
    for at in np.flatnonzero(written).tolist():
        others, totals = np.delete(values, at, axis=0)[:, filled[at]], numbers[at, filled[at]]
        answers = set(np.unique(others).tolist()) | set(np.unique(values[at]).tolist())
        if any(((others == code).sum(axis=0) == totals).all() for code in answers):
            yield at
