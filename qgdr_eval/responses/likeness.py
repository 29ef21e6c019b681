"""How like headers are to questions, and the pairs that leave no doubt."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np

from qgdr_eval.responses.headers import Part, contradicts, cut_headers, parts_of

# With these two, no item of the kit is ever taken for another: benchmarks/recognition.py, whose
# counts stand in docs/decisions/0010.
FLOOR = 0.90  # likeness under which a header is not a question's
MARGIN = 0.10  # what any other matching must lose before a likeness is believed
NEAR = 0.55  # likeness from which a column is a candidate
CANDIDATES = 3
SHORTEST = 12  # letters of a header that is the very beginning of a question
LONG = 40  # letters of a header that is like the beginning of a question


class Likeness:
    """How like each header is to each question: from 0, nothing alike, to 1, the same words.

    ``near``: (questions, columns), with every reading of a header. ``believed``: with the readings
    that deny nothing the question says; 0 under `NEAR`.
    """

    def __init__(
        self, texts: Mapping[str, Sequence[str]], questions: Mapping[str, str], language: str = "fr"
    ) -> None:
        """``texts``: what heads each column; ``questions``: their words, each by its key."""
        self._keys, self._asked, self._names = (
            list(questions),
            list(questions.values()),
            list(texts),
        )
        cut = cut_headers(self._names)
        self._parts = [
            {part for text in written for part in parts_of(text, name in cut)}
            for name, written in texts.items()
        ]
        every = sorted({part for parts in self._parts for part in parts}, key=repr)
        seen = _ratios(every, self._asked)
        self.near = self._best(every, seen)
        self.believed = self._best(every, _undenied(every, self._asked, seen, language))

    def _best(self, every: Sequence[Part], seen: np.ndarray) -> np.ndarray:
        """For each question, the best of each column's readings."""
        rank = {part: i for i, part in enumerate(every)}
        best = [
            seen[[rank[part] for part in parts]].max(axis=0, initial=0) for parts in self._parts
        ]
        return np.reshape(best, (len(best), len(self._asked))).T

    def same(self) -> dict[str, str]:
        """Questions whose very text, or a beginning that no other has, heads one column."""
        whole = self._pointed(lambda part, text: part.words == text, {})
        return whole | self._pointed(_begins, whole)

    def nearest(self, key: str, taken: Collection[str]) -> tuple[str, ...]:
        """The columns not taken that could be a question's, the nearest first."""
        seen = self.near[self._keys.index(key)]
        ranked = [self._names[i] for i in np.argsort(-seen, kind="stable") if seen[i] >= NEAR]
        return tuple(name for name in ranked if name not in taken)[:CANDIDATES]

    def _pointed(
        self, points: Callable[[Part, str], bool], sure: Mapping[str, str]
    ) -> dict[str, str]:
        """Where a header points to one question, and no other header points to it."""
        pairs = [
            (key, name)
            for name, parts in zip(self._names, self._parts, strict=True)
            for key, text in zip(self._keys, self._asked, strict=True)
            if any(points(part, text) for part in parts)
        ]
        keys, names = Counter(key for key, _ in pairs), Counter(name for _, name in pairs)
        return {
            key: name
            for key, name in pairs
            if keys[key] == names[name] == 1 and key not in sure and name not in sure.values()
        }

    def likely(self, sure: Mapping[str, str]) -> dict[str, str]:
        """Of the others, the pairs of the best matching that no other comes near without."""
        rows = [i for i, key in enumerate(self._keys) if key not in sure]
        columns = [j for j, name in enumerate(self._names) if name not in sure.values()]
        left = self.believed[np.ix_(rows, columns)]
        return {
            self._keys[rows[i]]: self._names[columns[j]]
            for i, j in certain_pairs(left)
            if left[i, j] >= FLOOR
        }


def certain_pairs(values: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of the assignment of the greatest sum without which every other loses `MARGIN`.

    >>> list(certain_pairs(np.array([[0.9, 0.2], [0.6, 0.9]])))
    [(0, 0), (1, 1)]
    >>> list(certain_pairs(np.array([[0.9, 0.88], [0.9, 0.9]])))
    []
    """
    from scipy.optimize import linear_sum_assignment  # slow to load

    rows, columns = linear_sum_assignment(values, maximize=True)
    most = values[rows, columns].sum()
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        without = values.copy()
        without[i, j] = 0
        if most - without[linear_sum_assignment(without, maximize=True)].sum() >= MARGIN:
            yield i, j


def _begins(part: Part, text: str) -> bool:
    return part.cut and len(part.words) >= SHORTEST and text.startswith(part.words)


def _ratios(parts: Sequence[Part], texts: Sequence[str]) -> np.ndarray:
    """Likeness of every part and text, (parts, texts); a part that is cut, to as long a start."""
    from rapidfuzz import fuzz, process

    whole = process.cdist([part.words for part in parts], texts, scorer=fuzz.ratio) / 100
    for i, part in enumerate(parts):
        if part.cut and len(part.words) >= LONG:
            starts = [text[: len(part.words)] for text in texts]
            started = process.cdist([part.words], starts, scorer=fuzz.ratio)[0] / 100
            whole[i] = np.maximum(whole[i], started)
    return whole


def _undenied(
    parts: Sequence[Part], texts: Sequence[str], seen: np.ndarray, language: str
) -> np.ndarray:
    kept = np.where(seen >= NEAR, seen, 0)
    for i, j in np.argwhere(kept).tolist():
        if contradicts(parts[i], texts[j], language):
            kept[i, j] = 0
    return kept
