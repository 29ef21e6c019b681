"""The attacker in whole numbers, who kept every printing of a campaign that changed in between.

Returns come late, are erased, get other answers, move to another service or category; services are
cut otherwise. He knows who did what, and when, and which returns each printing counts; not what
they said. Unknown, for each group of returns that every printing showed in the same service and
category: what `attack` leaves unknown. What such a group said must stay so, unless it is a group
that may be shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.attack import Leak
from qgdr_eval.disclosure.attack import attack as attack_layers
from qgdr_eval.disclosure.floor import FEWEST_ANSWERS
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.disclosure.register import Register
from qgdr_eval.disclosure.secret import Key
from qgdr_eval.disclosure.settle import Settled, _Settling, settle
from qgdr_eval.instruments import Instrument, load_instrument, shipped_instruments
from qgdr_eval.responses import Answers
from tests.disclosure.attack import (
    ATTACKED,
    EMPTY,
    KEY,
    KINDS,
    Attacker,
    Made,
    Puzzle,
    make_campaign,
    values_of_item,
)

MOST_CHANGES = 4
MANY = [1, 1, 2, 4, 11, 13]  # returns that one change touches
Place = tuple[str, str]
Cell = tuple[tuple[Place, str] | None, ...]  # where each printing shows a return


@dataclass(frozen=True)
class State:
    """A campaign at one time. ``returns``: a plain frame, its index says which return a row is."""

    made: Made
    returns: pd.DataFrame

    @property
    def places(self) -> list[Place]:
        """Its services."""
        roster = self.made.answers.roster
        return list(roster[KEY].itertuples(index=False, name=None))

    def where(self, place: Place) -> pd.Index:
        """The returns of a service."""
        here = (self.returns["facility"] == place[0]) & (self.returns["service"] == place[1])
        return self.returns.index[here]

    def changed(self, returns: pd.DataFrame, places: list[Place]) -> "State":
        """The same campaign with other returns, or services."""
        heads = pd.array([pd.NA] * len(places), dtype="Int64")
        roster = pd.DataFrame(places, columns=KEY).assign(head_count=heads)
        known = {name: dict.fromkeys(roster[name]) for name in KEY} | {"profession": KINDS[1:]}
        texts = {
            name: pd.Categorical(returns[name].where(returns[name] != ""), list(of))
            for name, of in known.items()
        }
        responses = returns.assign(**texts).reset_index(drop=True)
        answers = replace(self.made.answers, responses=responses, roster=roster)
        return State(replace(self.made, answers=answers), returns)


def begin(instrument: Instrument, rng: np.random.Generator) -> State:
    """A campaign as it is first printed."""
    made = make_campaign(instrument, rng)
    kinds = made.answers.responses["profession"].astype(object)
    plain = made.answers.responses.astype(dict.fromkeys(KEY, object))
    return State(made, plain.assign(profession=kinds.where(kinds.notna(), "")))


def go_on(state: State, rng: np.random.Generator) -> State:
    """The same campaign after some changes."""
    for _ in range(rng.integers(1, MOST_CHANGES + 1)):
        state = CHANGES[rng.integers(len(CHANGES))](state, rng)
    return state


def _some(state: State, rng: np.random.Generator) -> pd.Index:
    """Some returns of a service."""
    held = state.where(state.places[rng.integers(len(state.places))])
    return pd.Index(rng.permutation(held)[: rng.choice(MANY)])


def come_late(state: State, rng: np.random.Generator) -> State:
    """New returns of a service, answering as others of the campaign or otherwise."""
    place = state.places[rng.integers(len(state.places))]
    like = state.returns.loc[rng.choice(state.returns.index, rng.choice(MANY))]
    kinds = rng.choice(KINDS[1:], len(like))
    new = like.assign(facility=place[0], service=place[1], profession=kinds)
    new = _answered(new, state.made.instrument, rng).set_axis(_fresh(state, len(like)))
    return state.changed(pd.concat([state.returns, new]), state.places)


def are_erased(state: State, rng: np.random.Generator) -> State:
    """Returns that are no more in the file."""
    left = state.returns.drop(_some(state, rng))
    return state.changed(left, state.places) if len(left) else state


def answer_otherwise(state: State, rng: np.random.Generator) -> State:
    """Returns replaced by other ones of the same people."""
    some = _some(state, rng)
    new = _answered(state.returns.loc[some], state.made.instrument, rng)
    new = new.set_axis(_fresh(state, len(new)))
    return state.changed(pd.concat([state.returns.drop(some), new]), state.places)


def move(state: State, rng: np.random.Generator) -> State:
    """Returns that count in another service."""
    place = state.places[rng.integers(len(state.places))]
    returns = state.returns.copy()
    returns.loc[_some(state, rng), KEY] = place
    return state.changed(returns, state.places)


def change_category(state: State, rng: np.random.Generator) -> State:
    """Returns of another category than was believed."""
    returns = state.returns.copy()
    returns.loc[_some(state, rng), "profession"] = rng.choice(KINDS[1:])
    return state.changed(returns, state.places)


def cut_otherwise(state: State, rng: np.random.Generator) -> State:
    """Two services of one facility, whose returns are cut into two others."""
    facility = rng.choice([facility for facility, _ in state.places])
    inside = [place for place in state.places if place[0] == facility][:2]
    kept = [place for place in state.places if place not in inside]
    cut = [(facility, f"{inside[0][1]}{half}") for half in "ab"]
    returns = state.returns.copy()
    for unit in returns.index[[one in inside for one in returns[KEY].itertuples(False, None)]]:
        returns.loc[unit, KEY] = cut[int(rng.random() < 0.5)]
    return state.changed(returns, [*kept, *cut])


CHANGES: list[Callable[[State, np.random.Generator], State]] = [
    come_late,
    are_erased,
    answer_otherwise,
    move,
    change_category,
    cut_otherwise,
]


def _fresh(state: State, n: int) -> range:
    """Ranks of returns that never were."""
    first = int(state.returns.index.max()) + 1000
    return range(first, first + n)


def _answered(returns: pd.DataFrame, instrument: Instrument, rng) -> pd.DataFrame:
    """The same returns with other answers to some items, to all of them sometimes."""
    share = rng.choice([0.2, 1.0])
    made = returns.copy()
    for item in instrument.items:
        codes = [option.code for option in instrument.scale_of(item).options]
        given = pd.Series(rng.choice(codes, len(made)), made.index).astype("Int16")
        made[item.code] = made[item.code].where(rng.random(len(made)) > share, given)
    return made


@dataclass(frozen=True)
class Printing:
    """What one printing shows of returns that are in the file: these, and in which service.

    ``counted``: the answers it counts, ``of``: which return each of their rows is. Figures that
    come from the register are those of an earlier printing: nothing is learnt from them again.
    """

    made: Made
    published: Published
    of: list[int]

    @cached_property
    def attacker(self) -> Attacker:
        """Who reads it alone."""
        return Attacker(self.made, self.published)

    @cached_property
    def cells(self) -> dict[int, tuple[Place, str]]:
        """The service and category that each return is counted in."""
        return {
            unit: ((cell[0], cell[1]), cell[2])
            for unit, cell in zip(self.of, self.attacker.of, strict=True)
        }

    def status(self, place: Place, stratum: str, item: str) -> str:
        """What became of a row."""
        key = (*place, stratum, item)
        rows = self.attacker.items
        return str(rows.loc[key].status) if key in rows.index else ""


class Printings:
    """A campaign printed time after time, each time beside its register."""

    def __init__(self) -> None:
        self.register = Register(Path("essai.jsonl"), Key("1f" * 32))
        self.printings: list[Printing] = []
        self.days = 0
        self.settled: list[Settled] = []

    def print(self, state: State) -> None:
        """Print once more."""
        made, self.days = state.made, self.days + 1
        with patch.object(_Settling, "conclude", self._noted(state, _Settling.conclude)):
            read = Read(made.campaign, made.instrument, made.answers, EMPTY)
            settled = settle(read, self.register, f"2026-01-{self.days:02d}")
        self.settled.append(settled)
        if settled.publication:
            publications = (*self.register.publications, settled.publication)
            self.register = replace(self.register, publications=publications)

    def _noted(self, state: State, conclude):
        """The end of a publication; which returns it counts is noted."""

        def noted(settling, attempt, day):
            answers: Answers = settling._count(attempt.placed)
            units = state.returns.index[attempt.placed >= 0].tolist()
            made = replace(state.made, answers=answers)
            if units:  # else every figure comes from the register
                self.printings.append(Printing(made, attempt.published, units))
            return conclude(settling, attempt, day)

        return noted


class Comparison:
    """All printings of a campaign, read together. ``made``: the campaign, whatever its answers."""

    def __init__(self, made: Made, printings: list[Printing]) -> None:
        self.printings, self.instrument = printings, made.instrument
        self.floor = made.campaign.disclosure.minimum
        self.where: dict[int, Cell] = {
            unit: tuple(one.cells.get(unit) for one in printings)
            for one in printings
            for unit in one.of
        }
        self.cells = list(dict.fromkeys(self.where.values()))
        self.rank = {cell: rank for rank, cell in enumerate(self.cells)}

    def puzzle(self, item: int) -> tuple[Puzzle, list[np.ndarray]]:
        """What all printings tell of one item, and the counts that must stay unknown."""
        parts = [printing.attacker.puzzle(item) for printing in self.printings]
        whole = Puzzle(self.cells, self._truth(item, parts[0][0].truth.shape[1]))
        heads = whole.truth.sum(axis=1)
        for cell, n in zip(np.eye(len(self.cells)), heads, strict=True):
            whole.learn(cell, np.ones(whole.truth.shape[1]), n, n)
        for depth, (part, _) in enumerate(parts):
            self._learn(whole, part, depth)
        return whole, list(self._secrets(whole, self.instrument.items[item]))

    def _truth(self, item: int, options: int) -> np.ndarray:
        truth, known = np.zeros((len(self.cells), options), dtype=int), set()
        for printing in self.printings:
            for unit, state in zip(printing.of, printing.attacker.states[item], strict=True):
                if unit not in known:
                    known.add(unit)
                    truth[self.rank[self.where[unit]], min(state, options - 1)] += 1
        return truth

    def _learn(self, whole: Puzzle, part: Puzzle, depth: int) -> None:
        """The equations of one printing, about the returns it counts."""
        at = {((cell[0], cell[1]), cell[2]): rank for rank, cell in enumerate(part.cells)}
        ranks = np.array([at[cell[depth]] if cell[depth] else -1 for cell in self.cells])
        shape = part.truth.shape
        for row, low, high in zip(part.rows, part.low, part.high, strict=True):
            padded = np.vstack([row.reshape(shape), np.zeros(shape[1])])[ranks]
            known = padded.ravel() @ whole.truth.ravel()
            assert low - 1e-6 <= known <= high + 1e-6, "the attacker's equation is wrong"
            whole.rows.append(padded.ravel())
            whole.low.append(low)
            whole.high.append(high)
        options = list(range(shape[1] - 1))
        for groups in part.either:
            lifted = [(np.append(inside, False)[ranks], voices) for inside, voices in groups]
            before = [(part, options) for whole, _ in lifted for part in self._joined(whole, depth)]
            found = [*lifted, *before]
            counts = [(whole.truth[inside][:, :-1].sum(axis=0), voices) for inside, voices in found]
            assert any(
                0 < n.sum() < FEWEST_ANSWERS or 0 < n.sum() == n[voices].max(initial=0)
                for n, voices in counts
            ), "the attacker's suspicion is wrong"
            whole.either.append(found)

    def _joined(self, group: np.ndarray, depth: int) -> Iterator[np.ndarray]:
        """Parts of a group that earlier printings showed together, without the others of it.

        A row hidden for one of these may be why it still is.
        """
        paths = [tuple(at and at[0] for at in cell[:depth]) for cell in self.cells]
        for path in dict.fromkeys(paths[rank] for rank in np.flatnonzero(group)):
            part = group & np.array([one == path for one in paths])
            if any(path) and (part != group).any():
                yield part

    def _secrets(self, whole: Puzzle, item) -> Iterator[np.ndarray]:
        """Counts of groups that may not be shown, in each worth and option somebody chose."""
        worth = np.unique(values_of_item(self.instrument, item), return_inverse=True)[1]
        groups = [*self._groups(), *np.eye(len(self.cells), dtype=bool)]
        for group in {group.tobytes(): group for group in groups}.values():
            counts = whole.truth[group].sum(axis=0)
            if not self._may_be_shown(counts) and not self._told(whole, group, item, worth):
                yield from _counts_of(group, counts[:-1], worth)

    def _groups(self) -> Iterator[np.ndarray]:
        """Returns that were together in every printing; in one and in the next."""
        paths = [tuple(at and at[0] for at in cell) for cell in self.cells]
        depths = [range(len(self.printings)), *pairwise(range(len(self.printings)))]
        for some in depths:
            cut = [tuple(path[depth] for depth in some) for path in paths]
            for one in dict.fromkeys(cut):
                yield np.array([other == one for other in cut])

    def _may_be_shown(self, counts: np.ndarray) -> bool:
        """Whether a group is one that a page could show."""
        valid = counts[:-1].sum()
        enough = counts.sum() >= self.floor and valid >= FEWEST_ANSWERS
        return bool(valid == 0 or (enough and counts[:-1].max() < valid))

    def _told(self, whole: Puzzle, group: np.ndarray, item, worth) -> bool:
        """Whether a row that is shown, all of one worth, tells each of a group."""
        return all(
            any(self._of_one_worth(whole, depth, at, item, worth)
                for depth, at in enumerate(cell) if at)
            for cell in (self.cells[rank] for rank in np.flatnonzero(group))
        )  # fmt: skip

    def _of_one_worth(self, whole: Puzzle, depth: int, at: tuple[Place, str], item, worth) -> bool:
        place, kind = at
        for stratum in ("", f"profession={kind}"):
            if self.printings[depth].status(place, stratum, item.code) == "published":
                inside = [
                    bool(cell[depth])
                    and cell[depth][0] == place
                    and stratum in ("", f"profession={cell[depth][1]}")
                    for cell in self.cells
                ]
                counts = whole.truth[inside][:, :-1].sum(axis=0)
                if len(np.unique(worth[counts > 0])) == 1:
                    return True
        return False


def _counts_of(group: np.ndarray, counts: np.ndarray, worth: np.ndarray) -> Iterator[np.ndarray]:
    for chosen in (worth == one for one in np.unique(worth)):
        if counts[chosen].sum():
            yield np.outer(group, np.append(chosen, False)).ravel().astype(float)
        if chosen.sum() > 1:
            for option in np.flatnonzero(chosen & (counts > 0)):
                yield np.outer(group, np.eye(len(worth) + 1)[option]).ravel()


def of_people() -> list[str]:
    """The shipped questionnaires that people answer."""
    shipped = shipped_instruments()
    return [name for name in shipped if load_instrument(name).subject == "respondent"]


def print_several(instrument: Instrument, rng: np.random.Generator) -> tuple[State, Printings]:
    """A campaign printed two or three times, and as it was the last one."""
    state, printings = begin(instrument, rng), Printings()
    printings.print(state)
    for _ in range(1 + int(rng.random() < 0.3)):
        state = go_on(state, rng)
        printings.print(state)
    return state, printings


def attack_printed_at_run_time(seed: int) -> list[Leak]:
    """What the attack of `qgdr_eval.disclosure` finds in all printings of a random campaign."""
    names = of_people()
    instrument = load_instrument(names[seed % len(names)])
    state, printings = print_several(instrument, np.random.default_rng([7, seed]))
    minimum = state.made.campaign.disclosure.minimum
    return [leak for one in printings.settled
            for leak in attack_layers(tuple(one.layers()), instrument, minimum).leaks]  # fmt: skip


def attack_printings(instrument: Instrument, rng: np.random.Generator) -> tuple[int, list[str]]:
    """How many counts of groups that may not be shown were tried, and those given back."""
    state, printings = print_several(instrument, rng)
    compared = Comparison(state.made, printings.printings)
    tried, found = 0, []
    for item in rng.permutation(len(instrument.items))[:ATTACKED]:
        puzzle, secrets = compared.puzzle(int(item))
        tried += len(secrets)
        for which in puzzle.pinned(secrets, rng):
            counted = secrets[which].reshape(puzzle.truth.shape)
            count = int(secrets[which] @ puzzle.truth.ravel())
            where = [puzzle.cells[cell] for cell in np.flatnonzero(counted.any(axis=1))]
            of = int(puzzle.truth[counted.any(axis=1)].sum())
            found.append(f"{instrument.items[item].code} of {where}: {count} of {of}")
    return tried, found


def attack_printed(campaigns: int, first: int = 0) -> tuple[int, list[str]]:
    """Attack random campaigns printed several times, the questionnaires of people in turn."""
    names, tried, found = of_people(), 0, []
    for seed in range(first, first + campaigns):
        rng = np.random.default_rng([7, seed])
        instrument = load_instrument(names[seed % len(names)])
        more, given_back = attack_printings(instrument, rng)
        tried += more
        found += [f"printings {seed}, {instrument.id}, {one}" for one in given_back]
    return tried, found
