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
        [one for one, same in tracks.items() for _ in same],
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
            others = next((held for held in free[entry.print].values() if held), None)
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
        chosen = next((one for one in same if one[1] == entry.cell), next(iter(same), None))
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
    _, history = np.unique(before, axis=0, return_inverse=True)
    pairs, pair = np.unique(
        np.stack([history.reshape(-1), now], axis=1), axis=0, return_inverse=True
    )
    pair, (old, place) = pair.reshape(-1), pairs.T
    first = np.unique(pair, return_index=True)[1]
    seen = (before[first] != ABSENT).any(axis=1)
    whole = np.bincount(pair) == np.bincount(now + 1)[place + 1]
    split = np.bincount(old)[old] > 1
    suspect = np.where(seen, split, (place != ABSENT) & ~whole)
    ranks = np.where(suspect, np.cumsum(suspect) - 1, ABSENT)
    kept = np.flatnonzero(suspect)
    beside = [ranks[kept[old[kept] == old[i]]].tolist() if seen[i] else [ranks[i]] for i in kept]
    return Parts(ranks[pair], beside)
