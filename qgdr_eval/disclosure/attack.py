"""The attack that every publication must withstand before it leaves.

The attacker holds every figure of this publication and of those before it, knows the rules, who is
in which group and how many answered; not what they said, nor who left a question empty. Unknown:
how many of each cell, a group of returns that were always shown together, chose each option of an
item. Each figure is an equation on them. A hidden count whose smallest and largest value are the
same has been given back. What no linear programme sees is said in ``docs/anonymat.md``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array

from qgdr_eval.disclosure.bounds import Contradiction, Solver, System
from qgdr_eval.disclosure.sight import ABSENT, Asked, Layer, Row, Sight
from qgdr_eval.instruments import Instrument

FEWEST = 5  # valid answers: fewer, and a figure tells them; the attacker has his own rule
LEVELS = (10, 5, 2)  # values left to every hidden count, as the attestation says it
WITNESSES = 3  # sets of answers that move nothing more, before bounds are sought
CLOSE = 2  # values: linear bounds as near as this are sought again in whole numbers


@dataclass(frozen=True)
class Leak:
    """What the attack works out: a group, an item, and what it is (``count``, ``row``…)."""

    facility: str
    service: str
    stratum: str
    item: str
    what: str


@dataclass
class Verdict:
    """What the attack found. ``tried`` hidden counts, ``solved`` bounds.

    ``least``: the fewest values left to a hidden count, as far as its group is large enough for
    `LEVELS`; None when nothing is hidden.
    """

    leaks: list[Leak] = field(default_factory=list)
    tried: int = 0
    solved: int = 0
    least: int | None = None

    def left(self, values: int) -> None:
        """So many values are left to some hidden count."""
        self.least = values if self.least is None else min(self.least, values)


def attack(layers: Sequence[Layer], instrument: Instrument, minimum: int) -> Verdict:
    """Try to work out what a publication hides, with those that came before it.

    Figures that contradict those of before (answers read otherwise since) cannot be joined to them.

    Args:
        layers: the publications, the last one being that which is about to leave.
        minimum: fewest respondents of a group that is shown.
    """
    found = Verdict()
    if not instrument.declared:
        _Attack(layers, Asked(instrument), minimum, found).run()
    if len(layers) > 1 and any(leak.what == "contradiction" for leak in found.leaks):
        return attack(layers[-1:], instrument, minimum)
    return found


class _Attack:
    """One attack under way. A cell is a group of returns that were together in every layer."""

    def __init__(self, layers: Sequence[Layer], asked: Asked, minimum: int, found: Verdict) -> None:
        self.layers, self.asked, self.minimum, self.found = layers, asked, minimum, found
        where = np.column_stack([layer.where for layer in layers])
        self.cells, of = np.unique(where, axis=0, return_inverse=True)
        self.heads = np.bincount(of.reshape(-1), minlength=len(self.cells))
        self.sights = [
            Sight(layer, asked, cells) for layer, cells in zip(layers, self.cells.T, strict=True)
        ]
        self.now = self.sights[-1]
        self.people = asked.instrument.of_people
        self.unit, self.moved = self._units()

    def run(self) -> None:
        """What figures say by themselves, then item after item what they say together."""
        self.found.leaks += _told_by_rows(self.layers[-1], self.asked, self.minimum)
        remainders: dict[int, list[Row]] = {item: [] for item in range(len(self.asked.codes))}
        for sight in self.sights:
            for item, row in sight.remainders():
                remainders[item].append(row)
        for item, rows in remainders.items():
            linked = self.moved | {unit for row in rows for unit in self.unit[row.cells].tolist()}
            self._look_alone(item, linked)
            for units in _joined([self.unit[row.cells] for row in rows], linked):
                inside = [row for row in rows if self.unit[row.cells[0]] in units]
                self._attack_block(item, np.flatnonzero(np.isin(self.unit, [*units])), inside)

    def _units(self) -> tuple[np.ndarray, set[int]]:
        """Cells joined by the services of any layer, and the units that these cut otherwise."""
        sets = {
            np.flatnonzero(sight.place == place).tobytes()
            for sight in self.sights
            for place in np.unique(sight.place[sight.place != ABSENT])
        }
        cuts = [np.frombuffer(one, dtype=np.intp) for one in sets]
        of = np.arange(len(self.cells))
        for rank, joined in enumerate(_joined(cuts, set())):
            of[np.isin(of, [*joined])] = len(of) + rank
        of = np.unique(of, return_inverse=True)[1].reshape(-1)
        met = np.bincount([of[cut[0]] for cut in cuts], minlength=len(of))
        return of, set(np.flatnonzero(met > 1).tolist())

    def _is_hidden(self, item: int) -> np.ndarray:
        """Whether the figure of the group that each cell is in now is not shown, (cells,)."""
        place, stratum = self.now.place, self.now.stratum
        whole = ~np.isnan(self.now.valid[place, 0, item])
        own = ~np.isnan(self.now.valid[place, stratum, item])
        pairs = np.unique(np.column_stack([place, stratum]), axis=0)[:, 0]
        alone = np.bincount(pairs[pairs >= 0], minlength=len(self.now.places))[place] == 1
        return (place != ABSENT) & ~own & ~(alone & whole)

    def _look_alone(self, item: int, linked: set[int]) -> None:
        """What services say of their strata where no other figure speaks of these.

        An option that some of them chose may be that of any stratum, as far as it has people.
        """
        cells = np.flatnonzero(self._is_hidden(item) & ~np.isin(self.unit, [*linked]))
        place, heads = self.now.place[cells], self.heads[cells][:, None]
        inside = self.now.place != ABSENT
        around = np.bincount(
            self.now.place[inside], self.heads[inside], minlength=len(self.now.places)
        )
        chosen = self.now.options[place, item]
        most = np.fmin(heads, chosen)
        values = most - np.fmax(0, heads + chosen - around[place][:, None]) + 1
        told = (chosen > 0) & (chosen < around[place][:, None])
        self.found.tried += int((heads * np.ones_like(chosen) > 0).sum())
        for left, size in zip(values[told], np.broadcast_to(heads, told.shape)[told], strict=True):
            self._left(left, size)
        if len(cells):
            self.found.left(LEVELS[0])

    def _left(self, values: float, heads: float) -> None:
        """So many values are left to a count of so many people."""
        self.found.left(int(values) if values < min(LEVELS[0], heads + 1) else LEVELS[0])

    def _attack_block(self, item: int, cells: np.ndarray, remainders: list[Row]) -> None:
        """Bound the hidden counts of some cells, that figures hold together."""
        own = list(self._rows_of(item, cells))
        block = _Block(self.asked.values[item], cells, self.heads[cells], remainders, own)
        voiced = own if self.people else [*remainders, *own]
        exempt = self._of_one_voice(item, cells, voiced)
        targets = list(self._targets(item, cells, exempt, block))
        self.found.tried += len(targets)
        try:
            for target in block.pinned(targets, self.found):
                self.found.leaks.append(self._leak(cells[target.inside], item, "count"))
        except Contradiction:
            self.found.leaks.append(self._leak(cells, item, "contradiction"))

    def _rows_of(self, item: int, cells: np.ndarray) -> Iterator[Row]:
        """The figures of the services that hold some cells, in any layer, each once."""
        known = set()
        for sight in self.sights:
            places = np.unique(sight.place[cells])
            for row in (
                row for place in places[places != ABSENT] for row in sight.rows_of(place, item)
            ):
                said = row.cells.tobytes(), row.valid, row.points, row.chosen.tobytes()
                if said not in known:
                    known.add(said)
                    yield row

    def _of_one_voice(self, item: int, cells: np.ndarray, rows: list[Row]) -> np.ndarray:
        """The cells of a figure all of whose answers are worth the same: it says so itself."""
        values = self.asked.values[item]
        told = [
            row.cells for row in rows if row.valid and _is_extreme(row.points, row.valid, values)
        ]
        return np.isin(cells, np.concatenate([*told, np.zeros(0, dtype=np.intp)]))

    def _targets(
        self, item: int, cells: np.ndarray, exempt: np.ndarray, block: "_Block"
    ) -> Iterator["Target"]:
        """The counts of hidden groups that must stay unknown, by worth and by option."""
        values = self.asked.values[item]
        shown = {inside.tobytes() for inside, _ in block.shown}
        for inside in self._groups(item, cells):
            if inside.tobytes() not in shown:
                alike = bool(exempt[inside].all())
                if not alike or self.people:
                    for options in _worths(values, by_worth=not alike):
                        yield Target(inside, options, int(block.heads[inside].sum()))

    def _groups(self, item: int, cells: np.ndarray) -> Iterator[np.ndarray]:
        """Hidden groups of this publication, and small ones that earlier ones tell apart."""
        hidden = self._is_hidden(item)[cells]
        place, stratum = self.now.place[cells], self.now.stratum[cells]
        names = np.column_stack([place, stratum])
        found = [hidden & (names == name).all(axis=1) for name in np.unique(names[hidden], axis=0)]
        dark = hidden & np.isnan(self.now.valid[place, 0, item])
        found += [dark & (place == one) for one in np.unique(place[dark])]
        if len(self.sights) > 1:
            paths = np.column_stack([sight.place[cells] for sight in self.sights])
            apart = [(paths == path).all(axis=1) for path in np.unique(paths, axis=0)]
            small = [one for one in (*apart, *np.eye(len(cells), dtype=bool))
                     if 0 < self.heads[cells[one]].sum() < self.minimum]  # fmt: skip
            found += [one for one in small if (paths[one] != ABSENT).any()]
        yield from {one.tobytes(): one for one in found if one.any()}.values()

    def _leak(self, cells: np.ndarray, item: int, what: str) -> Leak:
        places = {self.now.places[rank] for rank in self.now.place[cells] if rank != ABSENT}
        strata = {self.now.strata[rank] for rank in self.now.stratum[cells] if rank != ABSENT}
        facility, service = sorted(places)[0] if places else ("", "")
        stratum = strata.pop() if len(strata) == 1 else ""
        service = service if len(places) == 1 else ""
        return Leak(facility, service, stratum, self.asked.codes[item], what)


@dataclass(frozen=True)
class Target:
    """A hidden count: of some cells, ``inside``, of ``heads`` people, who chose ``options``."""

    inside: np.ndarray
    options: np.ndarray
    heads: int

    @cached_property
    def weights(self) -> np.ndarray:
        """Its weights on the counts of cells and options."""
        return np.outer(self.inside, self.options).ravel().astype(float)


class _Block:
    """Cells whose counts figures hold together, as one system.

    ``remainders`` of totals, and the figures of services, their ``own``; ``shown``: for each of
    these the cells it is about, and its valid answers.
    """

    def __init__(
        self,
        values: np.ndarray,
        cells: np.ndarray,
        heads: np.ndarray,
        remainders: list[Row],
        own: list[Row],
    ) -> None:
        self.values, self.cells, self.heads = values, cells, heads
        self.rows = [*remainders, *own]
        self.shown = [(np.isin(cells, row.cells), row.valid) for row in own]
        self.rng = np.random.default_rng(0)

    def pinned(self, targets: list[Target], found: Verdict) -> list[Target]:
        """The targets that have one value only, which somebody chose."""
        if not targets:
            return []
        system = self._system()
        targets = [target for target in targets if target.weights @ system.most > 0]
        if not targets:
            return []
        solver, search = Solver(system), _Search(targets, self.shown, found)
        self._try_answers(solver, search)
        pinned = [target for rank, target in enumerate(targets) if search.settle(rank, solver)]
        found.solved += solver.solved
        return pinned

    def _try_answers(self, solver: Solver, search: "_Search") -> None:
        """See sets of answers that move as many counts as they can, while they move some."""
        closed, idle = len(search.targets) + 1, 0
        while search.closed.any() and idle < WITNESSES:
            idle = idle + 1 if search.closed.sum() == closed else 0
            closed = int(search.closed.sum())
            signs = self.rng.choice([-1.0, 1.0], closed)
            search.see(solver.lowest(signs @ search.weights[search.closed]))

    def _system(self) -> System:
        width = len(self.values)
        every = np.ones(width)
        lines = [(np.array([cell]), every, 0.0, float(n)) for cell, n in enumerate(self.heads)]
        for row in self.rows:
            inside = np.flatnonzero(np.isin(self.cells, row.cells))
            lines.append((inside, every, row.valid, row.valid))
            lines += [(inside, weights, n, n) for weights, n in _means(row, self.values)]
            lines += [(inside, side, n, n) for side, n in zip(row.sides, row.chosen, strict=True)]
        low, high = (np.array([line[end] for line in lines]) for end in (2, 3))
        return System(
            _stacked(lines, len(self.cells), width),
            low,
            high,
            self._most(),
        )

    def _most(self) -> np.ndarray:
        """No more than its people chose an option, nor than all around them."""
        most = np.repeat(self.heads[:, None].astype(float), len(self.values), axis=1)
        for row in self.rows:
            inside = np.isin(self.cells, row.cells)
            for side, n in zip(row.sides > 0, row.chosen, strict=True):
                most[np.ix_(inside, side)] = np.minimum(most[np.ix_(inside, side)], n)
        return most.ravel()


class _Search:
    """Values that targets were seen to have, in sets of answers that give every figure."""

    def __init__(
        self, targets: list[Target], shown: list[tuple[np.ndarray, float]], found: Verdict
    ) -> None:
        self.targets, self.shown, self.found = targets, shown, found
        self.weights = csr_array(np.array([target.weights for target in targets]))
        self.low, self.high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)

    @property
    def closed(self) -> np.ndarray:
        """The targets that were not seen with two values yet."""
        return ~(self.high > self.low)

    def see(self, counts: np.ndarray) -> None:
        """Note one set of answers, where they are whole."""
        if np.abs(counts - np.rint(counts)).max() < 1e-6:
            values = self.weights @ np.rint(counts)
            self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)

    def settle(self, rank: int, solver: Solver) -> bool:
        """Whether a target has one value; how many are left is noted else."""
        target = self.targets[rank]
        wanted = min(self.found.least or LEVELS[0], LEVELS[0], target.heads + 1)
        if self.high[rank] - self.low[rank] + 1 >= max(wanted, 2):
            return False
        low, high = solver.ends(target.weights, self.see)
        if high - low <= CLOSE and self.high[rank] <= self.low[rank] and low < high:
            low, high = solver.ends_in_whole_numbers(target.weights) or (low, high)
        if high > 0 and high > low:
            self.found.left(
                high - low + 1 if high - low < min(LEVELS[0] - 1, target.heads) else LEVELS[0]
            )
        return low == high > 0 and not self._is_whole_row(target, solver)

    def _is_whole_row(self, target: Target, solver: Solver) -> bool:
        """Whether a group gave all the answers of a figure that is shown: it is that figure."""
        every = np.ones_like(target.options)
        answered = solver.ends(replace(target, options=every).weights)[0]
        return any(
            answered == valid for inside, valid in self.shown if not (target.inside & ~inside).any()
        )


def _means(row: Row, values: np.ndarray) -> Iterator[tuple[np.ndarray, float]]:
    """The sum of what answers are worth, in whole numbers."""
    if not np.isnan(row.points):
        step = next(n for n in range(1, 61) if np.allclose(values * n, np.rint(values * n)))
        yield np.rint(values * step), float(np.rint(row.points * step))


def _stacked(
    lines: list[tuple[np.ndarray, np.ndarray, float, float]], cells: int, width: int
) -> csr_array:
    """Lines as a matrix on the counts of cells and options."""
    at, column, value = [], [], []
    for rank, (inside, weights, *_) in enumerate(lines):
        options = np.flatnonzero(weights)
        column.append((inside[:, None] * width + options).ravel())
        value.append(np.tile(weights[options], len(inside)))
        at.append(np.full(len(column[-1]), rank))
    parts = np.concatenate(value), (np.concatenate(at), np.concatenate(column))
    return csr_array(coo_array(parts, shape=(len(lines), cells * width)))


def _worths(values: np.ndarray, *, by_worth: bool) -> Iterator[np.ndarray]:
    """The options that are counted together: those of one worth, then each that is not alone."""
    for worth in np.unique(values):
        same = values == worth
        if by_worth:
            yield same
        if same.sum() > 1:
            yield from np.eye(len(values), dtype=bool)[same]


def _is_extreme(points: float, valid: float, values: np.ndarray) -> bool:
    """Whether answers are all worth the least, or the most."""
    return bool(
        np.isclose(points, values.min() * valid) or np.isclose(points, values.max() * valid)
    )


def _joined(groups: Sequence[np.ndarray], alone: set[int]) -> list[set[int]]:
    """Numbers that are in a group together, or by others; then those that are alone."""
    found: list[set[int]] = []
    parent: dict[int, int] = {}

    def top(one: int) -> int:
        while parent.setdefault(one, one) != one:
            parent[one] = one = parent[parent[one]]
        return one

    for group in groups:
        for other in group.tolist():
            parent[top(other)] = top(int(group[0]))
    sets: dict[int, set[int]] = {}
    for one in [*alone, *list(parent)]:
        sets.setdefault(top(one), set()).add(one)
    found.extend(sets.values())
    return found


def _told_by_rows(layer: Layer, asked: Asked, minimum: int) -> Iterator[Leak]:
    """Figures of too few people, of too few answers, or that say what each of them answered."""
    rows = asked.own_rows(layer.scores)
    rows = rows[rows["status"].astype(str) == "published"]
    ranks = rows["item"].astype(str).map({code: rank for rank, code in enumerate(asked.codes)})
    one = np.array([[(values == end(values)).sum() == 1 for end in (np.min, np.max)]
                    for values in asked.values])[ranks.to_numpy(int)]  # fmt: skip
    score = rows["score"].to_numpy(float)
    alike = (one[:, 0] & np.isclose(score, 0)) | (one[:, 1] & np.isclose(score, 100))
    small = (rows["n"] < minimum).to_numpy()
    if asked.instrument.of_people:
        small = (
            small
            | (rows["n_valid"] < FEWEST).to_numpy()
            | (alike & asked.is_mean[ranks.to_numpy(int)])
        )
    for row in rows[small].itertuples():
        yield Leak(str(row.facility), str(row.service), str(row.stratum), str(row.item), "row")
