"""Which strata may be shown: what remains when the known ones are subtracted must stay unknown."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from qgdr_eval.disclosure.floor import Floor
from qgdr_eval.disclosure.members import Members
from qgdr_eval.disclosure.suppress import add_up


@dataclass(frozen=True)
class Tables:
    """What strata hold: ``heads`` (groups, strata, 1) and ``valid`` answers (groups, strata, rows).

    ``spread`` (groups, strata, rows, worths): the same answers by what they are worth, where
    ``has_spread`` (rows,); rows made of other rows have none.
    """

    heads: np.ndarray
    valid: np.ndarray
    spread: np.ndarray
    has_spread: np.ndarray
    floor: Floor

    def large(self) -> np.ndarray:
        """Whether every stratum of a group is empty or reaches the floor, (groups, rows)."""
        enough = (self.heads == 0) | (self.heads >= self.floor.group)
        answered = (self.valid == 0) | (self.valid >= self.floor.answers)
        return (enough & answered).all(axis=1)

    def is_told(self) -> np.ndarray:
        """Whether the row of everybody tells the strata of a group, (groups, rows).

        All its answers are of one stratum, or worth the same.
        """
        in_one = (self.valid > 0).sum(axis=1) == 1
        return in_one | self._of_one_voice()

    def is_known(self) -> np.ndarray:
        """The same for who does not know which question was left empty by whom, (groups, rows).

        Everybody in the group is of one stratum, or all its answers are worth the same.
        """
        return ((self.heads > 0).sum(axis=1) == 1) | self._of_one_voice()

    def _of_one_voice(self) -> np.ndarray:
        return (self.spread.sum(axis=1) > 0).sum(axis=-1) == 1

    def of(self, kept: np.ndarray) -> "Tables":
        """The same, emptied where ``kept`` (groups, rows) is false."""
        inside = kept[:, None, :]
        spread = self.spread * inside[..., None]
        return Tables(self.heads * inside, self.valid * inside, spread, self.has_spread, self.floor)

    def summed(self, totals_of: np.ndarray, totals: int) -> "Tables":
        """The sums of the groups of each total."""
        heads, valid, spread = (
            add_up(part, totals_of, totals) for part in (self.heads, self.valid, self.spread)
        )
        return Tables(heads, valid, spread, self.has_spread, self.floor)

    def can_be_summed(self, totals_of: np.ndarray, totals: int) -> np.ndarray:
        """Whether the sums of each total may be told: nothing, or large, of several, and loose."""
        whole = self.summed(totals_of, totals)
        several = add_up((self.valid > 0).astype(int), totals_of, totals)
        stuck = (self.valid > 0) & ~self.loose(totals_of, totals)
        fixed = add_up(stuck.any(axis=1).astype(int), totals_of, totals) > 0
        return whole.large() & (several != 1).all(axis=1) & ~fixed

    def loose(self, totals_of: np.ndarray, totals: int) -> np.ndarray:
        """Whether other answers of the same people would give the same figures, cell by cell.

        Every figure stays as it is, those of each group and those of each stratum, when two people
        of one group, in two strata, exchange their answers, and two people of another group of the
        same total, in these strata, exchange the same answers back. A cell, (groups, strata,
        rows), each of whose answers can go or come so is fixed by no figure, nor is the number of
        those who gave one answer. Rows without a spread are loose: what they are made of is judged.
        """
        chosen = self.spread > 0
        free = ~chosen | ~self.has_spread[:, None]
        worths = list(combinations(range(self.spread.shape[-1]), 2))
        for stratum, other in combinations(range(self.valid.shape[1]), 2):
            for low, high in worths:
                up = chosen[:, stratum, :, low] & chosen[:, other, :, high]
                down = chosen[:, stratum, :, high] & chosen[:, other, :, low]
                moves = _exchanged(up, down, totals_of, totals)[..., None]
                free[:, stratum][..., [low, high]] |= moves
                free[:, other][..., [low, high]] |= moves
        answered = chosen.any(axis=-1) | ~self.has_spread  # one voice, hidden, has no spread left
        return free.all(axis=-1) & answered


def _exchanged(up: np.ndarray, down: np.ndarray, totals_of: np.ndarray, totals: int) -> np.ndarray:
    """Whether a group can go up while another of its total goes down, or the reverse."""
    others_up, others_down = (
        add_up(moves.astype(int), totals_of, totals)[totals_of] - moves for moves in (up, down)
    )
    return (up & (others_down > 0)) | (down & (others_up > 0))


def shown_strata(
    tables: list[Tables],
    seen: list[np.ndarray],
    counted: list[np.ndarray],
    members: Members,
    totals_of: np.ndarray,
) -> list[np.ndarray]:
    """Whether the strata of each group may be shown, row by row: services, facilities, campaign.

    Strata are shown all or none: when their whole is, when each is empty or large enough, and when
    what remains after subtracting the strata known one level below is too, and tells no stratum
    of one service.

    Args:
        tables: the counts of each of the three levels.
        seen: whether the row of everybody is shown, (groups, rows), at each level.
        counted: whether the row of a service is in that of its facility, of the campaign.
        members: who is shown and who counts.
        totals_of: for each service the rank of its facility.
    """
    large = [table.large() & whole for table, whole in zip(tables, seen, strict=True)]
    given_away = [table.is_told() & whole for table, whole in zip(tables, seen, strict=True)]
    by_service = members.shown[:, None] & large[0]
    known = by_service | given_away[0]
    left = tables[0].of(counted[0] & ~known)
    by_facility = large[1] & _may_be_told(left, members, totals_of, len(large[1]))
    known |= (by_facility | given_away[1])[totals_of]
    # Where no service is shown, the row of the facility stands for those of its services.
    units = np.where(members.shown, np.arange(len(totals_of)), _first_of(totals_of)[totals_of])
    left = tables[0].of(counted[1] & ~known).summed(units, len(units))
    whole = np.zeros_like(totals_of)
    summed = large[2] & left.can_be_summed(whole, 1)
    # A row all of one stratum by its empty cells is told to nobody: its answers must be loose too.
    shown = by_service | by_facility[totals_of]
    unsure = tables[0].of(counted[1] & ~shown & ~(tables[0].is_known() & seen[0]))
    return [by_service, by_facility, summed & unsure.can_be_summed(whole, 1)]


def _may_be_told(left: Tables, members: Members, totals_of: np.ndarray, totals: int) -> np.ndarray:
    """Whether the sums of each facility may be told, services being shown in it or not.

    Where none is, nothing is known of a service: two of them in each stratum are enough, unless
    all the answers of the stratum are worth the same.
    """
    shown = add_up(members.shown.astype(int), totals_of, totals) > 0
    whole = left.summed(totals_of, totals)
    several = (add_up((left.valid > 0).astype(int), totals_of, totals) != 1).all(axis=1)
    alike = ((whole.spread > 0).sum(axis=-1) == 1).any(axis=1)
    by_total = whole.large() & several & ~alike
    return np.where(shown[:, None], left.can_be_summed(totals_of, totals), by_total)


def _first_of(totals_of: np.ndarray) -> np.ndarray:
    """The first service of each total."""
    return np.unique(totals_of, return_index=True)[1]
