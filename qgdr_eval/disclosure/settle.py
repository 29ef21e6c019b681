"""Which returns a publication counts, so that it tells nothing beside those before it.

The returns in the file are published when whatever this publication would tell apart for the first
time is itself a group that may be shown. Otherwise the services concerned go back to the returns of
the latest publication, and everything is published again from those: totals, pooled values and
intervals follow by themselves. Where such a return is gone from the file, the service's figures
come from the register, and totals leave it out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd

from qgdr_eval import __version__
from qgdr_eval.disclosure.figures import (
    Place,
    figures_of,
    put_back,
    scored_items,
    set_aside_as_before,
    spread_of,
    strata_of,
    with_notices,
)
from qgdr_eval.disclosure.floor import floor_of
from qgdr_eval.disclosure.layers import (
    layer_before,
    layer_now,
    names_of_marks,
    strata_in_file,
)
from qgdr_eval.disclosure.lineage import (
    ABSENT,
    Entry,
    Lineage,
    Parts,
    crossed,
    joined,
    renamed,
    told_apart,
    trace,
)
from qgdr_eval.disclosure.members import choose_members
from qgdr_eval.disclosure.publish import Read, publish
from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.register import Cell, Publication, Register, same_figures
from qgdr_eval.disclosure.sight import Layer
from qgdr_eval.french import listed, quote
from qgdr_eval.problems import Refused
from qgdr_eval.responses import Answers
from qgdr_eval.scoring import Breakdown, by_service, evaluate
from qgdr_eval.scoring.coding import STATES
from qgdr_eval.scoring.tally import count_states
from qgdr_eval.tables.faults import CAMPAIGN, fault

# What a service is published from: its returns in the file, those of them that were published
# before, or the figures of the register.
FILE, EARLIER, DATED = 0, 1, 2
KEY = ["facility", "service"]


@dataclass(frozen=True)
class Held:
    """A service that keeps earlier figures. ``since``: their day, "" when it is hidden instead.

    ``late`` and ``gone``: returns that came, or went, after them; told to whoever holds the
    answers, never on a page. ``by_strata``: without strata, nothing would hold it back.
    """

    facility: str
    service: str
    since: str
    late: int
    gone: int
    by_strata: bool = False


@dataclass(frozen=True)
class Settled:
    """A campaign as it may be published now.

    ``publication``: what the register must be told first, None when it knows all of it;
    ``layers`` gives this publication and those before it, as who attacks them is handed them.
    """

    published: Published
    publication: Publication | None
    held: tuple[Held, ...] = ()
    layers: Callable[[], Iterable[Layer]] = tuple


def settle(read: Read, register: Register, day: str) -> Settled:
    """Publish a campaign beside its earlier publications.

    ``day``: ISO day this publication bears. Services step back until nothing that publications tell
    apart is smaller than what may be shown: from the file to the returns published before, then,
    where one of these is gone, to the figures of the register.

    Raises:
        Refused: the register is that of another questionnaire, or of questions that are gone.
    """
    _refuse_other_questions(read, register)
    settling = _Settling(read, register)
    mode = np.full(len(settling.places), FILE)
    while True:
        attempt = settling.attempt(mode)
        services = settling.too_close(attempt)
        stepped = settling.step_back(mode, services)
        if not services or (mode == DATED).all():
            return settling.conclude(attempt, day)
        mode = stepped if (stepped != mode).any() else np.full(len(mode), DATED)


def _refuse_other_questions(read: Read, register: Register) -> None:
    """What is compared with what was published must be known by the same questions."""
    known, latest = set(read.instrument.codes), register.latest
    if latest and latest.instrument != read.instrument.id:
        what = f"cette campagne a été publiée avec {quote(latest.instrument)}"
        cure = "donnez un autre « id » à la campagne, ou rendez-lui son questionnaire"
        raise Refused([fault(CAMPAIGN, what, cure)])
    lost = {
        code
        for publication in register.publications
        for code in publication.items
        if code not in known
    }
    if lost:
        what = f"des questions déjà publiées ne sont plus posées : {listed(sorted(lost))}"
        retract = quote('qgdr retract CAMPAGNE.yml --reason "…"')
        cure = f"rendez-les au questionnaire, ou reprenez la publication : {retract}"
        raise Refused([fault(CAMPAIGN, what, cure)])


@dataclass(frozen=True)
class _Attempt:
    """A publication that was tried.

    ``mode``: what each service is published from, `FILE`, `EARLIER` or `DATED`; ``placed``: the
    service each row of the file counts in; ``cells``, ``strata``: where each return of the lineage
    is shown.
    """

    mode: np.ndarray
    published: Published
    placed: np.ndarray
    cells: np.ndarray
    strata: np.ndarray


class _Settling:
    """What the attempts at one publication share. A cell is known by its rank in ``names``."""

    def __init__(self, read: Read, register: Register) -> None:
        self.read, self.register, self.latest = read, register, register.latest
        self.floor = floor_of(read.instrument, read.campaign.disclosure.minimum)
        self.coded = read.code()
        roster = read.answers.roster[KEY].astype(str)
        self.places = list(roster.itertuples(index=False, name=None))
        self.facilities = roster["facility"].to_numpy()
        self.file = by_service(read.answers.responses, read.answers.roster).codes
        self.names: list[Place] = [*self.places]
        self.ranks = {name: rank for rank, name in enumerate(self.names)}
        self.marks: dict[str, int] = {}  # strata, by their print
        self.by_strata: set[int] = set()  # services that wait for their strata only
        self.lineage = self._trace()
        before = self.lineage.cells
        self.before = before[:, -1] if before.shape[1] else np.full(len(before), ABSENT)

    def attempt(self, mode: np.ndarray) -> _Attempt:
        """Publish what these modes count."""
        read, placed = self.read, self._place(mode)
        cells = self._cells(placed, mode)
        published = publish(
            read.campaign,
            read.instrument,
            self._count(placed),
            read.references,
            mode == DATED,
            self._withheld(cells),
        )
        strata = self._strata(published, placed, cells, self._kept(mode, published))
        return _Attempt(mode, published, placed, cells, strata)

    def too_close(self, attempt: _Attempt) -> set[int]:
        """The services of which an attempt would tell too much, beside earlier publications."""
        lineage, now = self.lineage, (attempt.cells, attempt.strata)
        cells, strata = map(told_apart, (lineage.cells, lineage.strata), now)
        both = crossed(lineage.cells, lineage.strata, *now)
        by_cells = self._touched(attempt, cells) | self._hardly_grown(attempt)
        by_strata = self._touched(attempt, strata) | self._touched(attempt, both)
        whole, split = map(self._all_services, (by_cells, by_strata))
        self.by_strata |= split - whole
        return whole | split

    def _touched(self, attempt: _Attempt, parts: Parts) -> set[int]:
        """The cells that unsafe parts of the returns are in, or were, with those beside them."""
        unsafe = np.flatnonzero(self._unsafe(parts))
        inside = np.isin(
            parts.of, [*unsafe, *(beside for i in unsafe for beside in parts.beside[i])]
        )
        return {*attempt.cells[inside].tolist(), *self.before[inside].tolist()}

    def _all_services(self, cells: set[int]) -> set[int]:
        return {service for cell in cells for service in self._services(cell)}

    def step_back(self, mode: np.ndarray, services: set[int]) -> np.ndarray:
        """Take services one step back, and with them those they exchanged returns with."""
        stepped = mode.copy()
        for service in services:
            lost = service in self._losing
            stepped[service] = DATED if lost or mode[service] > FILE else EARLIER
        return self._with_neighbours(stepped)

    def conclude(self, attempt: _Attempt, day: str) -> Settled:
        """What is published at last, and what the register must be told of it."""
        kept = self._kept(attempt.mode, attempt.published)
        services = list(self._held(attempt))
        published = attempt.published
        if self.latest:
            waiting = {(group.facility, group.service) for group in services}.difference(kept)
            published = put_back(published, self.latest.figures, kept)
            published = set_aside_as_before(published, self.latest.figures, waiting)
        dated = {(group.facility, group.service): group.since for group in services}
        dated |= {name: self._since(name) for name in kept}
        figures = figures_of(published)
        published = with_notices(published, dated.items(), self.register.events)
        made = Publication(
            self.register.rank + 1,
            day,
            __version__,
            self.read.instrument.id,
            tuple(self.read.instrument.codes),
            tuple(self._published_cells(attempt, day)),
            figures,
        )
        some = bool((attempt.mode == DATED).any())
        known = self.latest is not None and same_figures(self.latest, made, dated=some)
        layers = partial(self._layers, attempt, published, kept)
        return Settled(published, None if known else made, tuple(services), layers)

    # The returns of earlier publications, beside those of the file.

    def _trace(self) -> Lineage:
        items = tuple(self.read.instrument.codes)
        prints = self._prints(items)
        layers = [
            [
                Entry(digest, self._rank(cell.name), self._mark(stratum))
                for cell in publication.cells
                for digest, stratum in cell.returns
            ]
            for publication in self.register.publications
        ]
        for depth, publication in enumerate(self.register.publications):
            if publication.items != items:
                known_as = zip(
                    self._prints(publication.items), prints, self.file.tolist(), strict=True
                )
                layers[depth] = renamed(layers[depth], known_as)
        file = [Entry(*entry) for entry in zip(prints, self.file.tolist(), strict=True)]
        return trace(layers, file)

    def _prints(self, items: tuple[str, ...]) -> list[str]:
        return self.register.key.of_returns(self.read.answers.responses, items)

    def _rank(self, name: Place) -> int:
        if name not in self.ranks:
            self.ranks[name] = len(self.names)
            self.names.append(name)
        return self.ranks[name]

    def _mark(self, stratum: str) -> int:
        return self.marks.setdefault(stratum, len(self.marks)) if stratum else ABSENT

    def _services(self, cell: int) -> list[int]:
        """The services of the roster that a cell is made of."""
        if cell in (ABSENT, *range(len(self.places))):
            return [] if cell == ABSENT else [cell]
        facility, service = self.names[cell]
        return [] if service else np.flatnonzero(self.facilities == facility).tolist()

    @cached_property
    def _losing(self) -> set[int]:
        """Services whose latest publication counts returns that are not in the file any more."""
        lost = np.unique(self.before[self.lineage.row == ABSENT])
        return {service for cell in lost.tolist() for service in self._services(cell)}

    @cached_property
    def _in_file(self) -> np.ndarray:
        """The service of each return in the file, `ABSENT` for those that are gone."""
        return self._of_rows(self.file)

    def _of_rows(self, values: np.ndarray) -> np.ndarray:
        """A value of each row of the file, for each return; `ABSENT` for those that are gone."""
        return np.append(values, ABSENT)[self.lineage.row]

    def _with_neighbours(self, mode: np.ndarray) -> np.ndarray:
        """A return that one service takes back is not counted twice where it went since."""
        pairs = {*zip(self.before.tolist(), self._in_file.tolist(), strict=True)}
        moved = [(cell, place) for cell, place in pairs if place != ABSENT != cell != place]
        links = [around for cell, place in moved if place not in self._services(cell)
                 and (around := [place, *self._services(cell)])]  # fmt: skip
        before = None
        while before is None or (before != mode).any():
            before = mode.copy()
            for around in links:
                if (mode[around] > FILE).any():
                    mode[around] = np.maximum(mode[around], EARLIER)
        return mode

    # What is counted, and where it is shown.

    def _place(self, mode: np.ndarray) -> np.ndarray:
        """The service each row counts in; `ABSENT` for those left out."""
        rows = self.lineage.row >= 0
        before = np.full(len(self.file), ABSENT)
        before[self.lineage.row[rows]] = self.before[rows]
        modes = np.append(mode, FILE)  # those in no service
        placed = np.where(modes[self.file] == DATED, ABSENT, self.file)
        placed[(modes[self.file] == EARLIER) & (before == ABSENT)] = ABSENT
        ours = (before >= 0) & (before < len(mode))
        back = ours & (modes[np.where(ours, before, ABSENT)] > FILE)
        placed[back] = np.where(mode[before[back]] == EARLIER, before[back], ABSENT)
        return placed

    def _count(self, placed: np.ndarray) -> Answers:
        """The answers that are counted, where they count."""
        answers, kept = self.read.answers, placed >= 0
        if kept.all() and (placed == self.file).all():
            return answers
        responses = answers.responses[kept].reset_index(drop=True)
        counted = [self.places[place] for place in placed[kept].tolist()]
        at = {
            name: pd.Categorical([place[rank] for place in counted], dtype=responses[name].dtype)
            for rank, name in enumerate(KEY)
        }
        return replace(answers, responses=responses.assign(**at))

    def _cells(self, placed: np.ndarray, mode: np.ndarray) -> np.ndarray:
        """The cell each return is shown in."""
        sizes = np.bincount(placed[placed >= 0], minlength=len(self.places))
        members = choose_members(self.facilities, sizes, self.floor.group, mode == DATED)
        whole = [self._rank((facility, "")) for facility in self.facilities.tolist()]
        counted = np.where(members.counted & (sizes > 0), whole, ABSENT)
        shown = np.where(members.shown, np.arange(len(sizes)), counted)
        cells = np.append(shown, ABSENT)[self._of_rows(placed)]
        for name in self._dated(mode):
            cells[self.before == self.ranks[name]] = self.ranks[name]
        return cells

    def _dated(self, mode: np.ndarray) -> list[Place]:
        """The cells that are shown by the figures of the register."""
        dated = [self.places[rank] for rank in np.flatnonzero(mode == DATED).tolist()]
        dated += [(name, "") for name in dict.fromkeys(self.facilities.tolist())
                  if (mode[self.facilities == name] == DATED).all()]  # fmt: skip
        cells = self.latest.cells if self.latest else ()
        known = {cell.name for cell in cells if len(cell.returns) >= self.floor.group}
        return [name for name in dated if name in known]

    def _kept(self, mode: np.ndarray, published: Published) -> list[Place]:
        """The groups whose figures come from the register: cells, and totals nothing else is in."""
        dated = self._dated(mode)
        people = published.participation
        people = people[(people["status"] != "published") & (people["service"] == "")]
        empty = {*people[KEY].astype(str).itertuples(index=False, name=None)}
        around = [(facility, "") for facility, _ in dated] + [("", "")] * bool(dated)
        return list(dict.fromkeys([*dated, *(name for name in around if name in empty)]))

    def _strata(
        self, published: Published, placed: np.ndarray, cells: np.ndarray, kept: list[Place]
    ) -> np.ndarray:
        """The stratum each return is shown in, at the finest level where it is.

        ``kept``: the groups whose figures come from the register, with their strata.
        """
        strata = np.full(len(cells), ABSENT)
        variables = list(self.read.campaign.columns.strata)
        rows = published.scores
        rows = rows[(rows["status"] == "published") & (rows["stratum"] != "")]
        shown = set(rows[[*KEY, "stratum"]].astype(str).itertuples(index=False, name=None))
        if variables and shown:
            values = self.read.answers.responses[variables[0]].astype(object)
            names = values.where(values.notna(), "").astype(str)
            pairs = list(zip(placed.tolist(), names, strict=True))
            found = {pair: self._shown_in(*pair, variables[0], shown) for pair in set(pairs)}
            strata = self._of_rows(np.array([found[pair] for pair in pairs], dtype=np.int64))
        back = (self._of_rows(placed) == ABSENT) & (cells != ABSENT)
        if back.any():
            before = self.lineage.strata[:, -1]
            strata = np.where(back & np.isin(before, self._still_shown(kept)), before, strata)
        return np.where(cells == ABSENT, ABSENT, strata)

    def _still_shown(self, kept: list[Place]) -> list[int]:
        """The strata that figures of the register show again."""
        strata = strata_of(self.latest.figures, kept) if self.latest else []
        return [self._mark(self.register.key.of(*stratum)) for stratum in strata]

    def _shown_in(self, service: int, name: str, variable: str, shown: set[object]) -> int:
        if service == ABSENT:
            return ABSENT
        facility, ward = self.places[service]
        levels = ((facility, ward), (facility, ""), ("", ""))
        stratum = f"{variable}={name}"
        found = next((level for level in levels if (*level, stratum) in shown), None)
        return ABSENT if found is None else self._mark(self.register.key.of(*found, stratum))

    # What a part of the returns would tell.

    def _withheld(self, cells: np.ndarray) -> np.ndarray:
        """Rows that were hidden for some of a service's returns and still are, (services, items).

        Shown once others are counted with these, such a row would tell why it was hidden, and so
        what all of them said.
        """
        withheld = np.zeros((len(self.places), len(self.coded.states)), dtype=bool)
        of, places = joined(self.lineage.cells, cells)
        options = self._options(self._breakdown(of, len(places)))
        for cell, counts in zip(places, options, strict=True):
            withheld[self._services(cell)] |= self._telling(counts)
        return withheld

    def _unsafe(self, parts: Parts) -> np.ndarray:
        """Whether each part is less than what may be shown: too few, thin or alike in a row."""
        n = len(parts.beside)
        if not n:
            return np.zeros(0, dtype=bool)
        breakdown = self._breakdown(parts.of, n)
        unsafe = np.bincount(parts.of[parts.of >= 0], minlength=n) < self.floor.group
        for part, known in enumerate(self._options(breakdown)):
            gone = (parts.of == part) & (self.lineage.row == ABSENT)
            unsafe[part] |= not self._add_gone(known, gone) or self._telling(known).any()
        measured = evaluate(self.coded, [breakdown])["n_valid"].to_numpy().reshape(n, -1)
        return unsafe | ((measured > 0) & (measured < self.floor.answers)).any(axis=1)

    def _breakdown(self, of: np.ndarray, n: int) -> Breakdown:
        """``n`` parts of the returns, ``of`` being that of each, as groups of rows of the file."""
        codes = np.full(len(self.file), ABSENT, dtype=np.int32)
        rows = self.lineage.row >= 0
        codes[self.lineage.row[rows]] = of[rows]
        groups = pd.DataFrame({"facility": "", "service": [str(i) for i in range(n)],
                               "stratum": "", "head_count": np.nan})  # fmt: skip
        return Breakdown(groups, codes)

    def _options(self, breakdown: Breakdown) -> Iterator[list[np.ndarray]]:
        """For each group, how many chose each option of each item."""
        scales = map(self.coded.instrument.scale_of, self.coded.instrument.items)
        widths, counts = (
            [len(scale.options) for scale in scales],
            count_states(self.coded, breakdown),
        )
        for group in counts.swapaxes(0, 1):
            yield [row[:width].copy() for row, width in zip(group, widths, strict=True)]

    def _telling(self, counts: list[np.ndarray]) -> np.ndarray:
        """Whether what some answered to each item is thin or all the same, (items,)."""
        valid = np.array([options.sum() for options in counts])
        alike = valid == [options.max() for options in counts]
        negative = [(options < 0).any() for options in counts]  # read otherwise since
        return ((valid > 0) & (alike | (valid < self.floor.answers))) | negative

    def _add_gone(self, counts: list[np.ndarray], gone: np.ndarray) -> bool:
        """Add what returns that are gone had answered: what was counted before, less what remains.

        Items of which nothing was shown are left at nothing. False when it cannot be known.
        """
        for depth in reversed(range(self.lineage.cells.shape[1])):
            cells = self.lineage.cells[:, depth]
            for cell in np.unique(cells[gone & (cells != ABSENT)]).tolist():
                if not self.names[cell][1]:
                    return False  # totals do not show how answers spread
                rows = self.lineage.row[(cells == cell) & (self.lineage.row >= 0)]
                spread = self._spread(depth, self.names[cell])
                if spread is None:
                    return False
                for rank, before in spread.items():
                    if len(before) != len(counts[rank]):
                        return False  # another scale
                    states = self.coded.states[rank, rows]
                    counts[rank] += before - np.bincount(states, minlength=STATES)[: len(before)]
                gone = gone & (cells != cell)
        return True

    def _spread(self, depth: int, name: Place) -> dict[int, np.ndarray] | None:
        """Counts of the options of each item that a publication shows; None when some have none."""
        figures = self.register.publications[depth].figures
        items = {item.code: rank for rank, item in enumerate(self.coded.instrument.items)}
        spread = spread_of(figures, name)
        if scored_items(figures, name) - set(spread):
            return None
        return {items[code]: np.array(n, dtype=np.int64) for code, n in spread.items()}

    def _hardly_grown(self, attempt: _Attempt) -> set[int]:
        """Cells whose returns are nearly as many, though others: perhaps the same, read otherwise.

        Where every answer has another code, nothing tells that one return only was added.
        """
        touched: set[int] = set()
        n = len(self.names)
        for cells in self.lineage.cells.T:
            stay = np.bincount(cells[(cells == attempt.cells) & (cells >= 0)], minlength=n)
            new = np.bincount(attempt.cells[attempt.cells >= 0], minlength=n) - stay
            gone = np.bincount(cells[cells >= 0], minlength=n) - stay
            net = abs(new - gone)
            close = (new > 0) & (gone > 0) & (net > 0) & (net < self.floor.group)
            touched |= set(np.flatnonzero(close).tolist())
        return touched

    # What the register and the reader are told.

    def _published_cells(self, attempt: _Attempt, day: str) -> Iterator[Cell]:
        marks = {rank: mark for mark, rank in self.marks.items()} | {ABSENT: ""}
        for rank in np.unique(attempt.cells[attempt.cells >= 0]).tolist():
            inside = np.flatnonzero(attempt.cells == rank).tolist()
            returns = tuple(
                sorted((self.lineage.prints[i], marks[int(attempt.strata[i])]) for i in inside)
            )
            facility, service = self.names[rank]
            made = Cell(facility, service, day, returns)
            before = self.latest.cell(made.name) if self.latest else None
            same = before and sorted(before.returns) == list(returns)
            yield replace(made, since=before.since) if before and same else made

    def _layers(
        self, attempt: _Attempt, published: Published, kept: list[Place]
    ) -> Iterator[Layer]:
        """What readers of all publications hold, and where each return is in them."""
        names = names_of_marks(self.register, published)
        told = {rank: names.get(mark, "") for mark, rank in self.marks.items()} | {ABSENT: ""}
        lineage = self.lineage
        for depth, publication in enumerate(self.register.publications):
            strata = [told[mark] for mark in lineage.strata[:, depth].tolist()]
            shown = self._named(lineage.cells[:, depth])
            yield layer_before(published, publication.figures, shown, strata)
        counted = self._of_rows(attempt.placed)
        own = [*strata_in_file(self.read), ""]
        strata = [
            own[row] if here >= 0 else told[mark]
            for row, here, mark in zip(
                lineage.row.tolist(), counted.tolist(), attempt.strata.tolist(), strict=True
            )
        ]
        yield layer_now(published, self._named(attempt.cells), self._named(counted), strata, kept)

    def _named(self, cells: np.ndarray) -> list[Place | None]:
        return [None if cell == ABSENT else self.names[cell] for cell in cells.tolist()]

    def _held(self, attempt: _Attempt) -> Iterator[Held]:
        """The services that keep earlier figures, or show none, for want of safe new ones."""
        counted = self._of_rows(attempt.placed)
        people = attempt.published.participation
        people = people[people["status"] == "published"]
        shown = {*people[KEY].astype(str).itertuples(index=False, name=None)}
        shown |= {*self._dated(attempt.mode)}
        for rank in np.flatnonzero(attempt.mode > FILE).tolist():
            late = (self._in_file == rank) & (self.before != rank) & (counted != rank)
            gone = (self.before == rank) & (self._in_file != rank)
            if (late | gone).any():
                facility, service = name = self.places[rank]
                since = self._since(name) if name in shown else ""
                moved = int(late.sum()), int(gone.sum())
                yield Held(facility, service, since, *moved, rank in self.by_strata)

    def _since(self, name: Place) -> str:
        """The day the figures of a group were first published, that of the latest ones else."""
        if self.latest is None:
            return ""
        cell = self.latest.cell(name)
        return cell.since if cell else self.latest.date
