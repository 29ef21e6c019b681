"""Scores laid out as sheets, judged, and put back with what is hidden blanked.

A total is made of published figures only: whatever is hidden of a service, for its number or for
what its answers say, is missing from the answers its totals are scored on. No subtraction, of
shares or of whole numbers, can then find it.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.floor import Floor
from qgdr_eval.disclosure.levels import Levels
from qgdr_eval.disclosure.masking import mask
from qgdr_eval.disclosure.spread import by_worth, count_options, is_alone, read_worths
from qgdr_eval.disclosure.strata import Tables, shown_strata
from qgdr_eval.disclosure.suppress import (
    Rows,
    Sheet,
    add_up,
    is_hidden,
    judge_alone,
    protect_bounds,
    protect_items,
    protect_meaning,
    protect_small,
)
from qgdr_eval.scoring import RULES, Coded, evaluate
from qgdr_eval.scoring.spread import NO_SPREAD

NUMBERS = ["n", "n_valid", "score", "low", "high", "wide_low", "wide_high"]
STATUSES = ["published", "suppressed", "complementary", "no_answer"]
SERVICES, FACILITIES, CAMPAIGN = range(3)


@dataclass(frozen=True)
class Disclosed:
    """``scores`` with what may not be shown blanked; ``coded``: the answers the campaign may count.

    ``left_out``: for each facility, then the campaign, how many of the items shown do not count
    all of its services.
    """

    scores: pd.DataFrame
    coded: Coded
    left_out: np.ndarray


@dataclass(frozen=True)
class Judged:
    """The groups of one level after judgement.

    ``coded``: the answers they were scored on; ``status`` (groups, rows); ``left`` (services,
    rows): the rows of services that the level above must leave out; ``left_out``: of each group,
    how many of the items shown leave a service out.
    """

    coded: Coded
    status: np.ndarray
    left: np.ndarray
    left_out: np.ndarray


def disclose(
    coded: Coded,
    levels: Levels,
    floor: Floor,
    campaign: str = "",
    spread: pd.DataFrame = NO_SPREAD,
    withheld: np.ndarray | None = None,
) -> Disclosed:
    """Score every group of a campaign and blank what may not be shown.

    Services are judged first; then facilities, scored without the hidden rows of their services;
    then the campaign, scored without those of facilities too. ``spread``: as for `evaluate`.
    ``withheld`` (services, items): rows hidden whatever they say, nothing when not given.
    """
    scores = evaluate(coded, levels.breakdowns, campaign, spread)
    if withheld is None:
        withheld = np.zeros((len(levels.members.shown), len(coded.states)), dtype=bool)
    case = _Case(coded, levels, floor, spread, scores, withheld)
    services = case.judge_services()
    facilities = case.judge_totals(FACILITIES, services)
    judged = [services, facilities, case.judge_totals(CAMPAIGN, facilities)]
    statuses = [level.status for level in judged]
    for first in range(3, len(levels.breakdowns), 3):
        statuses += case.judge_strata(first, judged)
    shown = _blank(case.scores, np.concatenate([status.ravel() for status in statuses]))
    left_out = np.concatenate([level.left_out for level in judged[1:]])
    return Disclosed(_without_unseen_strata(shown), judged[CAMPAIGN].coded, left_out)


@dataclass
class _Case:
    """A campaign under judgement: its answers, its groups, its scores so far.

    ``withheld`` (services, items): rows of services, and of facilities that show none of theirs,
    hidden whatever they say.
    """

    coded: Coded
    levels: Levels
    floor: Floor
    spread: pd.DataFrame
    scores: pd.DataFrame
    withheld: np.ndarray

    @cached_property
    def cuts(self) -> list[tuple[int, int]]:
        """The first and last group of each breakdown in the scores."""
        groups = [len(breakdown.groups) for breakdown in self.levels.breakdowns]
        return list(pairwise(accumulate(groups, initial=0)))

    @cached_property
    def rows(self) -> Rows:
        """What each row of a group is."""
        first = self.scores.head(len(self.scores) // self.cuts[-1][1])
        ranks = {item.code: rank for rank, item in enumerate(self.coded.instrument.items)}
        measures = [str(measure) for measure in first["measure"]]
        shares = [name == "all_or_none" or name.startswith("agreement_") for name in measures]
        ways = [RULES[name].combine if name in RULES else "" for name in measures]
        items = np.array([ranks.get(code, -1) for code in first["item"]])
        return Rows(
            pd.factorize(first["dimension"])[0],
            items,
            (first["dimension"] == "").to_numpy(),
            np.array(shares),
            np.array([way not in ("median", "zone") for way in ways]),
            (items < 0) & np.array([way != "items" for way in ways]),
            self._bounds(measures),
            np.array([name == "all_or_none_most" for name in measures]),
        )

    def _bounds(self, measures: list[str]) -> np.ndarray:
        """For each row the rank of the share it bounds: its bounds follow it."""
        after = {"all_or_none_least": 1, "all_or_none_most": 2}
        return np.array([i - after.get(name, i + 1) for i, name in enumerate(measures)])

    @property
    def people(self) -> bool:
        """Whether people answered: what all of them said is theirs."""
        return self.coded.instrument.of_people

    def judge_services(self) -> Judged:
        """Each service alone."""
        sheet = self._withhold(self._sheet(SERVICES), self.withheld)
        status = protect_items(judge_alone(sheet, self.floor), self.rows)
        status = protect_bounds(status, sheet.valid, self.rows, self.floor)
        left = self._to_leave(status) & self.levels.members.shown[:, None]
        return Judged(self.coded, status, left, np.zeros(len(left), dtype=int))

    def judge_totals(self, level: int, below: Judged) -> Judged:
        """Totals, scored without what is hidden below them."""
        coded = mask(self.coded, self.levels.plain[SERVICES], self._items(below.left))
        if coded is not self.coded:
            self._score_again(coded, level)
        members, of = self.levels.members, self._totals_of(level)
        services = self._sheet(SERVICES)
        answering = members.counted[:, None] & (services.valid > 0)
        within = (members.counted & ~members.shown & (level == FACILITIES))[:, None]
        withheld = add_up((self.withheld & within).astype(int), of, len(self._sheet(level).sizes))
        unseen, sheet = answering & within, self._withhold(self._sheet(level), withheld > 0)
        status = judge_alone(self._of_alike(sheet, unseen, of), self.floor)
        status = protect_small(status, self.rows.parts(services.valid) * unseen, of)
        status = protect_meaning(status, services.sizes, answering, below.left, of)
        status = protect_items(status, self.rows)
        partly = add_up((answering & below.left).astype(int), of, len(status)) > 0
        status[partly & self._is_carried & (status == "published")] = "complementary"
        status = protect_bounds(status, sheet.valid, self.rows, self.floor)
        short = partly & self.rows.is_item & (status == "published")
        left = below.left | (within & self._to_leave(status)[of])  # not concerned is a fate too
        return Judged(coded, status, left, short.sum(axis=1))

    def judge_strata(self, first: int, judged: list[Judged]) -> list[np.ndarray]:
        """Strata of one variable: one rule on subjects and on answers; they fall with the whole."""
        sheets, tables = zip(
            *(self._lay_strata(first, *level) for level in enumerate(judged)), strict=True
        )
        counted = self.levels.members.counted[:, None]
        shown = shown_strata(
            list(tables),
            [level.status == "published" for level in judged],
            [counted & ~level.left for level in judged[:2]],
            self.levels.members,
            self.levels.totals_of,
        )
        statuses = []
        for sheet, may in zip(sheets, shown, strict=True):
            each = may.repeat(len(sheet.sizes) // len(may), axis=0)
            alone = judge_alone(sheet, self.floor)
            status = np.where(each | (alone == "no_answer"), alone, "suppressed")
            status = protect_items(status, self.rows)
            status[self._never_split & (status == "published")] = "suppressed"
            statuses.append(np.where(status == "complementary", "suppressed", status))
        return statuses

    @property
    def _never_split(self) -> np.ndarray:
        """Rows no stratum shows: « tout ou rien » joins the criteria of a record.

        Beside those criteria, and the same of the whole, it could give one stratum's back.
        """
        return self.rows.is_bound | (self.rows.is_share & (not self.people))

    def _lay_strata(self, first: int, level: int, judged: Judged) -> tuple[Sheet, Tables]:
        """The strata of one level as a sheet, then group by group."""
        breakdown, plain = self.levels.breakdowns[first + level], self.levels.plain[level]
        worths, sheet = read_worths(self.coded, self.rows), self._sheet(first + level)
        options = count_options(judged.coded, breakdown, self.rows)
        whole = count_options(judged.coded, plain, self.rows)
        if self.people:
            around = whole.repeat(len(options) // len(whole), axis=0)
            sheet = replace(sheet, telling=sheet.telling | is_alone(options, around, worths))
        valid = np.where(sheet.telling, 1, sheet.valid)  # one is too few
        parts = sheet.sizes[:, None], valid, by_worth(options, sheet, self.rows, worths)
        heads, answered, spread = (part.reshape(len(whole), -1, *part.shape[1:]) for part in parts)
        judged_rows = self.rows.is_item | self.rows.is_share
        return sheet, Tables(heads, answered, spread, judged_rows, self.floor)

    def _sheet(self, breakdown: int) -> Sheet:
        """The scores of one breakdown, (groups, rows)."""
        width = len(self.rows.item)
        first, last = self.cuts[breakdown]
        part = self.scores.iloc[first * width : last * width]
        sizes, valid, score = (
            part[name].to_numpy().reshape(-1, width) for name in ("n", "n_valid", "score")
        )
        telling = (part["status"] == "telling").to_numpy().reshape(-1, width)
        return Sheet(sizes[:, 0], valid, score, telling)

    def _withhold(self, sheet: Sheet, items: np.ndarray) -> Sheet:
        """A sheet where some items of some groups, (groups, items), may not be shown."""
        telling = sheet.telling.copy()
        telling[:, self.rows.is_item] |= items[:, self.rows.item[self.rows.is_item]]
        return replace(sheet, telling=telling)

    def _score_again(self, coded: Coded, level: int) -> None:
        """Score the groups of one level, and their strata, on other answers."""
        width = len(self.rows.item)
        for rank in range(level, len(self.levels.breakdowns), 3):
            again = evaluate(coded, [self.levels.breakdowns[rank]], spread=self.spread)
            first, last = self.cuts[rank]
            for name in [*NUMBERS, "status"]:
                column = self.scores.columns.get_loc(name)
                self.scores.iloc[first * width : last * width, column] = again[name].to_numpy()

    def _of_alike(self, sheet: Sheet, unseen: np.ndarray, of: np.ndarray) -> Sheet:
        """A total of services not shown tells all of them when every answer is worth the same."""
        extreme = np.isclose(sheet.score, 0) | np.isclose(sheet.score, 100)
        small = add_up(unseen.astype(int), of, len(sheet.sizes)) > 0
        return replace(
            sheet, telling=sheet.telling | (extreme & small & self.rows.is_mean & self.people)
        )

    def _to_leave(self, status: np.ndarray) -> np.ndarray:
        """The rows of groups that may not be counted above them, (groups, rows).

        A hidden item; and all those of a hidden dimension, where its score joins what one subject
        answered to several items: the total would join them for that group too. A hidden bound, or
        joint score of the grid, leaves no item out: it hides its row of the total, unless an item
        left out makes every subject of the group incomplete.
        """
        rows, hidden = self.rows, is_hidden(status)
        leave = hidden & rows.is_item
        for rank in np.flatnonzero(rows.is_joint & ~self._is_carried):
            leave[:, self._home(rank)] |= hidden[:, [rank]]
        for rank in np.flatnonzero(self._is_carried):
            leave[:, rank] = hidden[:, rank] & ~leave[:, self._home(rank)].any(axis=1)
        for rank in np.flatnonzero(rows.is_upper & rows.is_grid):
            leave[:, rank] |= self._still_bounds(leave, hidden, status == "published")
        return leave

    def _still_bounds(self, leave: np.ndarray, hidden: np.ndarray, shown: np.ndarray) -> np.ndarray:
        """Whether items left out make the grid's upper bound one nobody judged, (groups,).

        It counts incomplete subjects by the items that remain: those of several dimensions, or of
        one whose own bound is hidden.
        """
        uppers = np.flatnonzero(self.rows.is_upper & ~self.rows.is_grid)
        remain = np.array([(shown & ~leave)[:, self._home(rank)].any(axis=1) for rank in uppers])
        away = (leave & self.rows.is_item).any(axis=1)
        return away & ((remain.sum(axis=0) > 1) | (remain & hidden[:, uppers].T).any(axis=0))

    @property
    def _is_carried(self) -> np.ndarray:
        """The rows that are hidden above where they are hidden below."""
        return self.rows.is_joint & (self.rows.is_grid | self.rows.is_bound)

    def _home(self, rank: Any) -> np.ndarray:
        """The rows of the items that a row is made of."""
        rows = self.rows
        return rows.is_item & (rows.is_grid[rank] | (rows.dimension == rows.dimension[rank]))

    def _totals_of(self, level: int) -> np.ndarray:
        """For each service the rank of its total at a level."""
        of = self.levels.totals_of
        return of if level == FACILITIES else np.zeros_like(of)

    def _items(self, rows: np.ndarray) -> np.ndarray:
        """What is said of rows, (services, rows), said of items, (services, items)."""
        items = np.zeros((len(rows), len(self.coded.instrument.items)), dtype=bool)
        items[:, self.rows.item[self.rows.is_item]] = rows[:, self.rows.is_item]
        return items


def _blank(scores: pd.DataFrame, status: np.ndarray) -> pd.DataFrame:
    shown = status == "published"
    numbers = {name: scores[name].astype(float).where(shown) for name in NUMBERS}
    return scores.assign(**numbers, status=pd.Categorical(status, categories=STATUSES))


def _without_unseen_strata(scores: pd.DataFrame) -> pd.DataFrame:
    """Drop strata shown nowhere in the campaign: a rare profession's very name would tell."""
    shown = scores.loc[scores["status"] == "published", "stratum"].unique()
    return scores[scores["stratum"].isin(["", *shown])].reset_index(drop=True)
