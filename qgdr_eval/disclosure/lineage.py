"""Which returns were published with which others, from publication to publication.

Publications are told apart by sets of returns. Whatever linear algebra can work out from all of
their figures is made of *parts*: returns that were together in every one of them. A part that a new
publication would tell apart for the first time is a group like any other.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

ABSENT = -1  # a return that was in no cell, a cell that is not one of ours, a row that is gone


@dataclass(frozen=True)
class Entry:
    """One return in one publication: its print, the ``cell`` and ``stratum`` it was shown in."""

    print: str
    cell: int
    stratum: int = ABSENT


@dataclass
class Track:
    """One return, from publication to publication; ``row`` in the file, `ABSENT` when gone."""

    cells: list[int]
    strata: list[int]
    row: int = ABSENT

    @property
    def last(self) -> int:
        """The cell it was last seen in."""
        return next((cell for cell in reversed(self.cells) if cell != ABSENT), ABSENT)


@dataclass(frozen=True)
class Lineage:
    """Every return ever published or in the file: ``cells`` and ``strata`` (returns, publications).

    ``row``: its row in the file, `ABSENT` when it is not there any more.
    """

    prints: list[str]
    cells: np.ndarray
    strata: np.ndarray
    row: np.ndarray


@dataclass(frozen=True)
class Parts:
    """Parts that a publication would tell apart for the first time.

    ``of``: for each return the rank of its part, `ABSENT` when in none; ``beside``: for each part
    the ranks of those it was together with until now, itself among them.
    """

    of: np.ndarray
    beside: list[list[int]]


def trace(publications: Sequence[Sequence[Entry]], file: Sequence[Entry]) -> Lineage:
    """Follow every return; returns with equal answers stay where they were, as far as they can.

    >>> before = [Entry("a", 0), Entry("b", 0)]
    >>> found = trace([before], [Entry("b", 0), Entry("c", 0)])
    >>> found.cells.ravel().tolist(), found.row.tolist()
    ([0, 0, -1], [-1, 0, 1])
    """
    tracks: dict[str, list[Track]] = defaultdict(list)
    for depth, entries in enumerate(publications):
        for entry, track in _matched(tracks, entries, depth):
            track.cells.append(entry.cell)
            track.strata.append(entry.stratum)
        _catch_up(tracks, depth + 1)
    for rank, (_, track) in enumerate(_matched(tracks, file, len(publications))):
        track.row = rank
    every = [track for same in tracks.values() for track in same]
    shape = len(every), len(publications)
    return Lineage(
        [digest for digest, same in tracks.items() for _ in same],
        np.array([track.cells for track in every], dtype=np.int64).reshape(shape),
        np.array([track.strata for track in every], dtype=np.int64).reshape(shape),
        np.array([track.row for track in every], dtype=np.int64),
    )


def _matched(
    tracks: dict[str, list[Track]], entries: Iterable[Entry], depth: int
) -> list[tuple[Entry, Track]]:
    """Each entry with the track it goes on: one last seen in its cell, else any, else a new one."""
    free: dict[str, dict[int, list[Track]]] = {}
    found: dict[int, Track] = {}
    given = list(entries)
    for rank, entry in enumerate(given):
        if entry.print not in free:
            free[entry.print] = defaultdict(list)
            for track in tracks.get(entry.print, ()):
                free[entry.print][track.last].append(track)
        if same := free[entry.print].get(entry.cell):
            found[rank] = same.pop()
    for rank, entry in enumerate(given):
        if rank not in found:
            others = next((tracked for tracked in free[entry.print].values() if tracked), None)
            if others:
                found[rank] = others.pop()
            else:
                found[rank] = Track([ABSENT] * depth, [ABSENT] * depth)
                tracks[entry.print].append(found[rank])
    return [(entry, found[rank]) for rank, entry in enumerate(given)]


def _catch_up(tracks: dict[str, list[Track]], depth: int) -> None:
    for same in tracks.values():
        for track in same:
            track.cells += [ABSENT] * (depth - len(track.cells))
            track.strata += [ABSENT] * (depth - len(track.strata))


def renamed(entries: Sequence[Entry], known_as: Iterable[tuple[str, str, int]]) -> list[Entry]:
    """Give returns of a publication the prints they have by the questions asked now.

    ``known_as``: for each row of the file its print by the questions of that publication, its print
    now, and its cell. Returns that are not in the file keep theirs.
    """
    free: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for before, now, cell in known_as:
        free[before].append((now, cell))
    found = []
    for entry in entries:
        same = free.get(entry.print, [])
        chosen = next((known for known in same if known[1] == entry.cell), next(iter(same), None))
        if chosen:
            same.remove(chosen)
        found.append(replace(entry, print=chosen[0]) if chosen else entry)
    return found


def told_apart(before: np.ndarray, now: np.ndarray) -> Parts:
    """The parts that a publication would tell apart for the first time.

    Args:
        before: (returns, publications), where each return was; `ABSENT` where it was not shown.
        now: (returns), where it would be.

    Returns that were always together and stay together are no part, nor are new ones that make up
    all of their cell: the rules of one publication have judged those.

    >>> told_apart(np.array([[0], [0], [-1]]), np.array([0, 0, 0])).of.tolist()  # one more
    [-1, -1, 0]
    >>> told_apart(np.array([[0], [0], [0]]), np.array([0, 0, -1])).of.tolist()  # one less
    [1, 1, 0]
    >>> told_apart(np.array([[0], [0]]), np.array([1, 1])).of.tolist()  # another name
    [-1, -1]
    """
    cut = _cut(before, now)
    split = np.bincount(cut.old)[cut.old] > 1
    suspect = np.where(cut.seen, split, (cut.place != ABSENT) & ~cut.whole)
    ranks = np.where(suspect, np.cumsum(suspect) - 1, ABSENT)
    kept = np.flatnonzero(suspect)
    beside = [
        ranks[kept[cut.old[kept] == cut.old[i]]].tolist() if cut.seen[i] else [ranks[i]]
        for i in kept
    ]
    return Parts(ranks[cut.of], beside)


def crossed(cells: np.ndarray, strata: np.ndarray, cell: np.ndarray, stratum: np.ndarray) -> Parts:
    """The parts that strata and a change of cells would tell apart together for the first time.

    Where a cell gains or loses returns, and strata are shown before or after, what came and what
    was there are each cut by stratum: the figures of both cells and of the strata leave little of
    such a part unknown, though they do not add up to it.

    Args:
        cells, strata: (returns, publications), where each return was shown, `ABSENT` where not.
        cell, stratum: (returns), where it would be.

    >>> cells, strata = np.array([[0], [0], [-1], [-1]]), np.full((4, 1), -1)
    >>> crossed(cells, strata, np.zeros(4, int), np.array([5, 6, 5, 6])).of.tolist()
    [2, 3, 0, 1]
    >>> crossed(cells, strata, np.array([0, 0, -1, -1]), np.array([5, 6, -1, -1])).of.tolist()
    [-1, -1, -1, -1]
    """
    cut = _cut(cells, cell)
    split = cut.seen & (np.bincount(cut.old)[cut.old] > 1)
    changed = split | ((cut.place != ABSENT) & ~cut.whole)
    marked = (np.column_stack([strata, stratum]) != ABSENT).any(axis=1)
    place = np.unique(np.column_stack([cell, stratum]), axis=0, return_inverse=True)[1].reshape(-1)
    shown = (cell != ABSENT) | (stratum != ABSENT)
    parts = told_apart(np.hstack([cells, strata]), np.where(shown, place, ABSENT))
    kept = changed[cut.of] & marked & (parts.of != ABSENT)
    ranks = np.full(len(parts.beside), ABSENT)
    ranks[np.unique(parts.of[kept])] = np.arange(len(np.unique(parts.of[kept])))
    beside = [
        [int(ranks[other]) for other in parts.beside[rank] if ranks[other] != ABSENT]
        for rank in np.flatnonzero(ranks != ABSENT)
    ]
    return Parts(np.where(kept, np.append(ranks, ABSENT)[parts.of], ABSENT), beside)


def joined(before: np.ndarray, now: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Returns always shown together until now, that a publication would show with others.

    ``before``, ``now``: as for `told_apart`. For each return the rank of its part, `ABSENT` when in
    none; for each part the cell it would be in.

    >>> joined(np.array([[0], [0], [-1]]), np.array([4, 4, 4]))[0].tolist()  # one more
    [0, 0, -1]
    """
    cut = _cut(before, now)
    kept = cut.seen & (cut.place != ABSENT) & ~cut.whole
    ranks = np.where(kept, np.cumsum(kept) - 1, ABSENT)
    return ranks[cut.of], cut.place[kept].tolist()


@dataclass(frozen=True)
class _Cut:
    """Returns cut by where they were and where they would be, each as soon as it is told apart.

    ``of``: for each return the rank of its part; of each part: ``old``, the rank of where it was;
    ``place``, where it would be; ``seen``, whether it was shown; ``whole``, whether it is all there
    would be in that place.
    """

    of: np.ndarray
    old: np.ndarray
    place: np.ndarray
    seen: np.ndarray
    whole: np.ndarray


def _cut(before: np.ndarray, now: np.ndarray) -> _Cut:
    _, history = np.unique(before, axis=0, return_inverse=True)
    pairs, of = np.unique(np.stack([history.reshape(-1), now], axis=1), axis=0, return_inverse=True)
    of, (old, place) = of.reshape(-1), pairs.T
    first = np.unique(of, return_index=True)[1]
    seen = (before[first] != ABSENT).any(axis=1)
    whole = np.bincount(of) == np.bincount(now + 1)[place + 1]
    return _Cut(of, old, place, seen, whole)
