"""What a reader of one publication holds: its figures laid out, and what each says of whom.

Nothing here is asked of the code that chose what to hide: whom a total counts is read off its
number of answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring import RULES
from qgdr_eval.scoring.coding import favourable_poles

ABSENT = -1
PLACE = ["facility", "service"]
CAMPAIGN = ("", "")
Group = tuple[str, str, str]  # facility, service, stratum


@dataclass(frozen=True)
class Layer:
    """One publication, and where each return ever published is in it.

    ``scores``, ``distributions``: its frames. ``groups``: (facility, service, stratum), whose
    stratum is "" where no figure speaks of it; a service that is not known has a name all the same.
    ``where``: for each return the rank of its group, -1 for none. ``apart``: (facility, service)
    whose figures are dated, so that no total counts them.
    """

    scores: pd.DataFrame
    distributions: pd.DataFrame
    groups: tuple[Group, ...]
    where: np.ndarray
    apart: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Row:
    """A figure about some cells: their ``valid`` answers, the sum of what these are worth.

    ``points`` is NaN where the score is no mean. ``chosen``: how many chose an option of each of
    some ``sides``, (sides, options); none where the answers to a question are not spread out.
    """

    cells: np.ndarray
    valid: float
    points: float
    sides: np.ndarray
    chosen: np.ndarray


class Asked:
    """The questions of an instrument, as figures speak of them.

    ``values``: of the options of each item, least favourable first; ``poles``: their sides;
    ``is_mean``, ``is_joint`` (items,): whether the score is the mean value of the answers, whether
    the dimension joins what one subject said to several items.
    """

    def __init__(self, instrument: Instrument) -> None:
        rules = {one.id: RULES[one.rule] for one in instrument.dimensions}
        self.instrument, items = instrument, instrument.items
        given = [(item, instrument.scale_of(item), rules[item.dimension]) for item in items]
        self.codes = [item.code for item in items]
        self.values = [rule.values(item, scale) for item, scale, rule in given]
        self.poles = [np.array(favourable_poles(scale, item)) for item, scale, _ in given]
        self.is_mean = np.array([rule.combine in ("items", "subjects") for *_, rule in given])
        self.is_joint = np.array([rule.audit or rule.combine != "items" for *_, rule in given])

    def own_rows(self, scores: pd.DataFrame) -> pd.DataFrame:
        """The rows of items, by their rule's own measure."""
        rules = {one.id: one.rule for one in self.instrument.dimensions}
        rows = scores[scores["item"].astype(str) != ""]
        return rows[rows["measure"].astype(str) == rows["dimension"].astype(str).map(rules)]


class Sight:
    """The figures of one publication, (places, strata, items), and the cells they speak of.

    Places are services, facilities, the campaign; stratum 0 is everybody. ``valid`` answers and
    ``points``, the sum of their values, are NaN where hidden. ``groups`` are those of the layer,
    ``cells`` the rank of the group of each cell.
    """

    def __init__(self, layer: Layer, asked: Asked, cells: np.ndarray) -> None:
        self.asked = asked
        rows = asked.own_rows(layer.scores).astype(dict.fromkeys([*PLACE, "stratum", "item"], str))
        groups = [layer.groups[rank] for rank in np.unique(cells[cells != ABSENT])]
        told = rows[PLACE].drop_duplicates().itertuples(index=False, name=None)
        facilities = {facility for facility, *_ in groups} | set(rows["facility"])
        self.places = sorted({*told, *(group[:2] for group in groups), CAMPAIGN,
                              *((facility, "") for facility in facilities)})  # fmt: skip
        self.strata = ["", *sorted(({*rows["stratum"]} | {name for *_, name in groups}) - {""})]
        self.is_service = np.array([service != "" for _, service in self.places])
        self.above = _ranks([(facility, "") for facility, _ in self.places], self.places)
        self.facilities = np.setdiff1d(np.unique(self.above), [0])
        self._lay_cells([*layer.groups, ("", "", "")], cells)
        self._lay_scores(rows)
        self._lay_options(layer.distributions)
        self.apart = np.array([place in layer.apart for place in self.places])
        self._find_members(self._held(layer.scores))

    def _lay_cells(self, groups: Sequence[Group], cells: np.ndarray) -> None:
        of = np.array([_ranks([group[:2] for group in groups], self.places),
                       _ranks([group[2] for group in groups], self.strata)])  # fmt: skip
        self.place, self.stratum = np.where(cells == ABSENT, ABSENT, of[:, cells])

    def _lay_scores(self, rows: pd.DataFrame) -> None:
        status = rows["status"].astype(str).to_numpy()
        valid = np.where(status == "published", rows["n_valid"].to_numpy(float), np.nan)
        valid[status == "no_answer"] = 0
        points = valid * np.where(valid > 0, rows["score"].to_numpy(float), 0) / 100
        shape = len(self.places), len(self.strata), len(self.asked.codes)
        at = (
            _ranks(list(rows[PLACE].itertuples(index=False, name=None)), self.places),
            _ranks(rows["stratum"], self.strata),
            _ranks(rows["item"], self.asked.codes),
        )
        self.valid, self.points = np.full((2, *shape), np.nan)
        self.valid[at], self.points[at] = valid, points

    def _lay_options(self, distributions: pd.DataFrame) -> None:
        """How many of each service chose each option; or each side, where its first one stands."""
        width = max(map(len, self.asked.values))
        self.options = np.full((len(self.places), len(self.asked.codes), width), np.nan)
        self.by_side = np.zeros(self.options.shape[:2], dtype=bool)
        state = distributions["state"].astype(str)
        shown = (distributions["status"].astype(str) == "published") & state.isin(
            ["option", "pole"]
        )
        rows, sides = distributions[shown], (state == "pole")[shown].to_numpy()
        names = rows[PLACE].astype(str).itertuples(index=False, name=None)
        place, item = (
            _ranks(list(names), self.places),
            _ranks(rows["item"].astype(str), self.asked.codes),
        )
        self.options[place, item, rows["position"].to_numpy(int)] = rows["count"].to_numpy(float)
        self.by_side[place[sides], item[sides]] = True

    def _held(self, scores: pd.DataFrame) -> np.ndarray:
        """Whether a place hides a dimension that joins answers, (places, items)."""
        rows = scores[(scores["item"].astype(str) == "") & (scores["stratum"].astype(str) == "")]
        hidden = rows["status"].astype(str).isin(["suppressed", "complementary"])
        bounds = rows["measure"].astype(str).str.startswith("all_or_none_")  # leave no item out
        names = rows.loc[hidden & ~bounds, [*PLACE, "dimension"]].astype(str)
        found = set(names.itertuples(index=False, name=None))
        of = [item.dimension for item in self.asked.instrument.items]
        held = np.array([[(*place, one) in found for one in of] for place in self.places])
        return held & self.asked.is_joint

    def _find_members(self, held: np.ndarray) -> None:
        """Which services the totals count, (places, items): of their facility, of the campaign.

        By the rules, neither a hidden row nor that of a hidden dimension that joins answers. Where
        a total has more answers than those add up to, all that it could count; where it has fewer,
        nobody knows, and it says nothing.
        """
        whole, services = self.valid[:, 0], (self.is_service & ~self.apart)[:, None]
        by_rule = services & ~np.isnan(whole) & ~held
        self._forget(self.facilities, self._summed(by_rule)[self.facilities])
        self.in_facility = by_rule | (services & self._disagree(by_rule)[self.above])
        open_ = np.isnan(whole) & self.in_facility
        left = np.zeros_like(held)
        np.logical_or.at(left, self.above, open_)
        left &= held
        by_rule = self.in_facility & ~left[self.above]
        known = self._summed(by_rule & ~open_)
        for rank in self.facilities:
            inside = (open_ & by_rule)[self.above == rank].any(axis=0)
            known[rank] = np.where(inside, np.nan_to_num(whole[rank]), known[rank])
        every = known[self.facilities].sum(axis=0)
        self._forget(np.array([0]), every[None, :])
        self.in_campaign = by_rule | (services & ~np.isnan(whole[0]) & (every != whole[0]))

    def _disagree(self, counted: np.ndarray) -> np.ndarray:
        """Whether the total of a place counts others than these, (places, items)."""
        return ~np.isnan(self.valid[:, 0]) & (self._summed(counted) != self.valid[:, 0])

    def _forget(self, totals: np.ndarray, known: np.ndarray) -> None:
        """Learn nothing of items of totals, nor of their strata, that have fewer answers."""
        fewer = self.valid[totals, 0] < known
        for figures in (self.valid, self.points):
            figures[totals] = np.where(fewer[:, None], np.nan, figures[totals])

    def _summed(self, counted: np.ndarray) -> np.ndarray:
        """The valid answers of the services that count, added up in the place of their facility."""
        summed = np.zeros(counted.shape)
        np.add.at(summed, self.above, np.where(counted, np.nan_to_num(self.valid[:, 0]), 0))
        return summed

    # What figures say of cells.

    def remainders(self) -> Iterator[tuple[int, Row]]:
        """What is left of each total less the figures below it, with its item; nothing is left out.

        Totals that are sums of other figures say nothing more.
        """
        for stratum in range(len(self.strata)):
            for facility in self.facilities:
                inside = self.in_facility & (self.above == facility)[:, None]
                yield from self._remainder(facility, stratum, inside, np.zeros_like(inside))
            told = self._told_by_facilities(stratum)
            yield from self._remainder(0, stratum, self.in_campaign & ~told[self.above], told)

    def _told_by_facilities(self, stratum: int) -> np.ndarray:
        """The facilities whose own figure is in that of the campaign, (places, items)."""
        other = np.zeros(self.in_facility.shape, dtype=bool)
        np.logical_or.at(other, self.above, self.in_facility != self.in_campaign)
        some = np.zeros_like(other)
        np.logical_or.at(some, self.above, self.in_campaign)
        told = ~np.isnan(self.valid[:, stratum]) & ~other & some
        told[self.is_service] = told[0] = False
        return told

    def _remainder(
        self, total: int, stratum: int, inside: np.ndarray, told: np.ndarray
    ) -> Iterator[tuple[int, Row]]:
        known = ~np.isnan(self.valid[:, stratum])
        less = (inside & known) | told
        unknown = inside & ~known & self._answering(stratum)[:, None]
        for item in np.flatnonzero(known[total] & unknown.any(axis=0)):
            cells = self._cells(np.flatnonzero(unknown[:, item]), stratum)
            valid, points = (
                figures[total, stratum, item] - figures[less[:, item], stratum, item].sum()
                for figures in (self.valid, self.points)
            )
            yield int(item), self._row(int(item), cells, valid, points)

    def _answering(self, stratum: int) -> np.ndarray:
        """The places that hold cells of a stratum."""
        of = (self.stratum == stratum) | (stratum == 0)
        return np.isin(np.arange(len(self.places)), self.place[of])

    def _cells(self, places: np.ndarray, stratum: Any) -> np.ndarray:
        of = (self.stratum == stratum) | (stratum == 0)
        return np.flatnonzero(np.isin(self.place, places) & of)

    def rows_of(self, place: int, item: int) -> Iterator[Row]:
        """The figures of one service, of everybody in it and of its strata."""
        for stratum in np.flatnonzero(~np.isnan(self.valid[place, :, item])):
            cells = self._cells(np.array([place]), stratum)
            if len(cells):
                figures = (array[place, stratum, item] for array in (self.valid, self.points))
                yield self._row(
                    item, cells, *figures, *(() if stratum else self._spread(place, item))
                )

    def _row(self, item: int, cells: np.ndarray, valid: float, points: float, *spread: Any) -> Row:
        sides, chosen = spread or (np.zeros((0, len(self.asked.values[item]))), np.zeros(0))
        return Row(cells, valid, points if self.asked.is_mean[item] else np.nan, sides, chosen)

    def _spread(self, place: int, item: int) -> tuple[np.ndarray, np.ndarray] | tuple[()]:
        """How many of a service chose each option or side, where it is shown."""
        poles = self.asked.poles[item]
        chosen = self.options[place, item, : len(poles)]
        at = np.flatnonzero(~np.isnan(chosen))
        if not len(at):
            return ()
        same = (
            poles[at][:, None] == poles
            if self.by_side[place, item]
            else at[:, None] == range(len(poles))
        )
        return same.astype(float), chosen[at]


def _ranks(names: Sequence[Any], among: Sequence[Any]) -> np.ndarray:
    """The rank of each name among others."""
    known = {name: rank for rank, name in enumerate(among)}
    return np.array([known[name] for name in names], dtype=np.intp)
