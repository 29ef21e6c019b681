"""An attacker who counts in whole numbers, and solves.

He knows every published figure, the rules, who belongs to which group and who answered; not what
they said, nor who left a question empty. Unknown: how many of each cell (service, stratum) chose
each option of an item, whole numbers. Each published row is an equation on them: its valid
answers; its score, and, where a rule weighs options, how many chose each worth, as if its interval
told; of a median, the levels it and its ends stand at. A hidden row is known to be thin or of one
voice. A count that has the same smallest and largest value under all of this is pinned: it has
been given back. Indicators are tried in the same way, services and periods hidden in their sums;
so are campaigns printed several times while they change, by `attack_printings`.

    python -m tests.disclosure.attack [campaigns] [--first SEED] [--without RULE ...]
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import binom

from qgdr_eval.disclosure import Published, publish
from qgdr_eval.disclosure.attack import Verdict
from qgdr_eval.disclosure.attack import attack as attack_layers
from qgdr_eval.disclosure.floor import FEWEST_ANSWERS
from qgdr_eval.disclosure.indicators import publish_indicators
from qgdr_eval.disclosure.layers import layer_alone
from qgdr_eval.disclosure.lineage import ABSENT, Parts
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.instruments import Instrument, load_instrument, shipped_instruments
from qgdr_eval.responses import Answers, Campaign
from qgdr_eval.responses.indicators import INDICATOR_COLUMNS
from qgdr_eval.scoring import RULES, code_answers
from qgdr_eval.scoring.coding import NOT_APPLICABLE, favourable_poles

EMPTY = pd.DataFrame(columns=["dimension", "score", "low", "high"])
SIZES = [0, 1, 3, 4, 5, 6, 8, 9, 10, 11, 12, 14, 18, 25]
KINDS = ["", "infirmier", "médecin", "autre"]  # "": said none
ATTACKED = 4  # items of a campaign
KEY = ["facility", "service"]
SAID = ("published", "no_answer")


@dataclass(frozen=True)
class Made:
    """A campaign nobody held: what its organiser knows."""

    campaign: Campaign
    instrument: Instrument
    answers: Answers

    def publish(self) -> Published:
        """What may be shown of it."""
        return publish(self.campaign, self.instrument, self.answers, EMPTY)


def make_campaign(instrument: Instrument, rng: np.random.Generator) -> Made:
    """One to three facilities of one to five services, small ones, often of one voice."""
    facilities = [f"É{rank}" for rank in range(rng.integers(1, 4))]
    places = [(name, f"S{rank}") for name in facilities for rank in range(rng.integers(1, 6))]
    sizes = rng.choice(SIZES, len(places))
    sizes[0] = max(sizes[0], 5)
    people = pd.DataFrame(
        [place for place, n in zip(places, sizes, strict=True) for _ in range(n)],
        columns=["facility", "service"],
    )
    few = rng.choice([0.0, 0.0, 0.1, 0.4])
    kinds = rng.choice(KINDS, len(people), p=[0.05 * (few > 0), 0.6, 0.15, 0.25 - 0.05 * (few > 0)])
    columns = {item.code: _answers(instrument, item, people, few, rng) for item in instrument.items}
    responses = people.astype("category").assign(profession=pd.Categorical(kinds), **columns)
    unsaid = responses["profession"].cat.remove_categories([""] if "" in set(kinds) else [])
    roster = pd.DataFrame(places, columns=["facility", "service"]).assign(
        head_count=pd.array(sizes, dtype="Int64")
    )
    log = pd.DataFrame(columns=["facility", "service", "row", "reason", "action", "item", "given"])
    return Made(
        _campaign(instrument, int(rng.choice([5, 10]))),
        instrument,
        Answers(responses.assign(profession=unsaid), roster, log, (), "0" * 64),
    )


def _answers(instrument, item, people, few, rng) -> pd.array:
    """Answers to one item: each service of one voice, of one side, or of any opinion."""
    codes = np.array([option.code for option in instrument.scale_of(item).options])
    aside = [special.code for special in instrument.scale_of(item).not_applicable]
    given = np.zeros(len(people), dtype=int)
    for _, rows in people.groupby(["facility", "service"]).indices.items():
        weights = rng.dirichlet(np.full(len(codes), rng.choice([0.01, 0.2, 1.0])))
        given[rows] = rng.choice(codes, len(rows), p=weights)
        if aside and rng.random() < 0.15:
            given[rows[rng.random(len(rows)) < 0.7]] = aside[0]
    return pd.array(given, dtype="Int16").copy() if not few else _with_gaps(given, few, rng)


def _with_gaps(given, few, rng) -> pd.array:
    cells = pd.array(given, dtype="Int16")
    cells[rng.random(len(given)) < few] = pd.NA
    return cells


def _campaign(instrument: Instrument, minimum: int) -> Campaign:
    return Campaign.model_validate(
        {
            "id": "essai",
            "title": "Essai",
            "period": "2026",
            "instrument": instrument.id,
            "responses": {"file": "r.csv"},
            "columns": {"service": "service", "strata": {"profession": "profession"}},
            "coding": {"reversed": "as_worded"},
            "disclosure": {"minimum": minimum},
        }
    )


@dataclass
class Puzzle:
    """One item of a campaign as a system of equations in whole numbers.

    ``truth`` (cells, options and one more for those who gave no valid answer) is a solution, and
    the only thing here the attacker does not have. ``either``: groups of which one at least is thin
    or of one voice, the options each may all have chosen beside it.
    """

    cells: list[tuple[str, str, str]]
    truth: np.ndarray
    rows: list[np.ndarray] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    either: list[list[tuple[np.ndarray, list[int]]]] = field(default_factory=list)

    def learn(self, inside: np.ndarray, options: np.ndarray, low: float, high: float) -> None:
        """How many of some cells chose one of some options, at least and at most."""
        weights = np.outer(inside, options).ravel().astype(float)
        known = weights @ self.truth.ravel()
        assert low - 1e-6 <= known <= high + 1e-6, "the attacker's equation is wrong"
        self.rows.append(weights)
        self.low.append(low)
        self.high.append(high)

    def system(self) -> tuple[LinearConstraint, Bounds, int]:
        """Every equation; hidden rows, thin or of one voice, bring binary unknowns."""
        extra = sum(1 + len(voices) for groups in self.either for _, voices in groups)
        width = self.truth.size + extra
        rows = [np.append(row, np.zeros(extra)) for row in self.rows]
        low, high, at = [*self.low], [*self.high], self.truth.size
        for groups in self.either:
            first = at
            for inside, voices in groups:
                most = float(self.truth[inside].sum())
                for row, choice, least, top in _one_of(self.truth.shape, inside, voices, most):
                    full = np.zeros(width)
                    full[: self.truth.size], full[at : at + len(choice)] = row.ravel(), choice
                    rows.append(full)
                    low.append(least)
                    high.append(top)
                at += 1 + len(voices)
            rows.append(((np.arange(width) >= first) & (np.arange(width) < at)).astype(float))
            low.append(1)
            high.append(np.inf)
        heads = self.truth.sum(axis=1)
        most = np.append(np.repeat(heads, self.truth.shape[1]), np.ones(extra))
        return LinearConstraint(np.array(rows), low, high), Bounds(np.zeros(width), most), width

    def pinned(self, targets: list[np.ndarray], rng: np.random.Generator) -> list[int]:
        """Which counts, given as weights on the unknowns, have one value only."""
        if not targets:
            return []
        constraint, bounds, width = self.system()
        weights, true = np.array(targets), self.truth.ravel()
        open_ = np.ones(len(targets), dtype=bool)

        def look(objective: np.ndarray) -> bool:
            full = np.append(objective, np.zeros(width - len(objective)))
            found = milp(full, constraints=constraint, bounds=bounds, integrality=np.ones(width),
                         options={"time_limit": 5})  # fmt: skip
            assert found.x is not None, found.message
            solution = np.rint(found.x[: true.size])
            moved = np.abs(weights @ (solution - true)) > 0.5
            open_[moved] = False
            return found.status == 0

        for _ in range(2):
            look(rng.normal(size=true.size))
        for rank in range(len(targets)):
            for sign in (1, -1):
                if open_[rank] and not look(sign * weights[rank]):
                    open_[rank] = False  # not settled in time: not given back either
        return [int(rank) for rank in np.flatnonzero(open_)]


def _one_of(shape, inside, voices, most) -> Iterator[tuple[np.ndarray, np.ndarray, float, float]]:
    """Rows that say what each choice means: under five answers, or all of them one option."""
    options, ways = shape[1] - 1, 1 + len(voices)
    yield np.zeros(shape), np.ones(ways), 0, 1
    valid = np.outer(inside, [*np.ones(options), 0]).astype(float)
    yield valid, -np.ones(ways), 0, np.inf
    yield valid, np.eye(ways)[0] * most, -np.inf, FEWEST_ANSWERS - 1 + most
    for option in range(options):
        other = most * np.array([0, *(voice != option for voice in voices)], dtype=float)
        yield np.outer(inside, np.eye(options + 1)[option]), other, -np.inf, most


class Attacker:
    """Reads one publication, row by row, into puzzles."""

    def __init__(self, made: Made, published: Published) -> None:
        self.made, self.published = made, published
        scores = published.scores.astype({"facility": str, "service": str, "status": str})
        rules = {one.id: one.rule for one in made.instrument.dimensions}
        own = scores["measure"].astype(str) == scores["dimension"].astype(str).map(rules)
        keys = ["facility", "service", "stratum", "item"]
        self.items = scores[own & (scores["item"] != "")].set_index(keys).sort_index()
        plain = scores[(scores["stratum"] == "") & (scores["item"] == "")]
        bounds = plain["measure"].astype(str).str.startswith("all_or_none_")  # leave no item out
        held = plain[plain["status"].isin(["suppressed", "complementary"]) & ~bounds]
        self.held = set(zip(held["facility"], held["service"], held["dimension"], strict=True))
        people = published.participation
        self.shown = set(map(tuple, people.loc[people["status"] == "published", KEY].to_numpy()))
        coded = code_answers(made.answers.responses, made.instrument)
        self.states, self.rules = coded.states, rules
        responses = made.answers.responses
        labels = responses["profession"].astype(object).where(responses["profession"].notna(), "")
        self.of = list(zip(responses["facility"], responses["service"], labels, strict=True))

    def puzzle(self, rank: int) -> tuple[Puzzle, list[np.ndarray]]:
        """What is known of one item, and the counts that must stay unknown."""
        item = self.made.instrument.items[rank]
        options = len(self.made.instrument.scale_of(item).options)
        cells = list(dict.fromkeys(self.of))
        truth = np.zeros((len(cells), options + 1), dtype=int)
        states = np.where(self.states[rank] < NOT_APPLICABLE, self.states[rank], options)
        np.add.at(truth, ([cells.index(cell) for cell in self.of], states), 1)
        puzzle = Puzzle(cells, truth)
        for cell, heads in zip(np.eye(len(cells)), truth.sum(axis=1), strict=True):
            puzzle.learn(cell, np.ones(options + 1), heads, heads)
        worth = np.unique(values_of_item(self.made.instrument, item), return_inverse=True)[1]
        for key, row in self.items.xs(item.code, level="item").iterrows():
            self._learn_row(puzzle, key, row, item, worth)
        self._learn_options(puzzle, item)
        return puzzle, list(self._secrets(puzzle, item, worth))

    def _learn_row(self, puzzle, key, row, item, worth) -> None:
        inside = self._inside(puzzle.cells, key, item)
        counted = puzzle.truth[inside][:, :-1].sum(axis=0)
        if row.status in SAID:
            n = 0 if row.status == "no_answer" else row.n_valid
            puzzle.learn(inside, np.append(np.ones(len(worth)), 0), n, n)
        if row.status == "published":
            if RULES[row.measure].combine == "median":
                self._learn_ranks(puzzle, inside, counted)
            else:
                self._learn_worths(puzzle, inside, counted, worth)
                values = values_of_item(self.made.instrument, item)
                assert np.isclose(counted @ values / counted.sum() * 100, row.score)
        elif row.status == "suppressed" and key[1] and key[:2] in self.shown and not key[2]:
            alone = [i for i in range(len(worth)) if (worth == worth[i]).sum() == 1]
            puzzle.either.append([(inside, alone)])

    def _learn_worths(self, puzzle, inside, counted, worth) -> None:
        """From a share, how many are favourable; of a mean, as if its spread told each worth."""
        for place in np.unique(worth):
            n = counted[worth == place].sum()
            puzzle.learn(inside, np.append(worth == place, False), n, n)

    def _learn_ranks(self, puzzle, inside, counted) -> None:
        """From a median and its ends, the levels of the answers at these ranks."""
        n, levels = int(counted.sum()), np.arange(len(counted) + 1)
        below = max(1, int(binom.ppf(0.025, n, 0.5)))
        for rank in (below, (n + 1) // 2, n // 2 + 1, n + 1 - below):
            level = int(np.searchsorted(counted.cumsum(), rank))
            puzzle.learn(inside, (levels <= level) & (levels < len(counted)), rank, np.inf)
            puzzle.learn(inside, levels < level, 0, rank - 1)

    def _inside(self, cells, key, item) -> np.ndarray:
        """Which cells a row counts: a total leaves out what is hidden below it."""
        facility, service, stratum = key
        return np.array(
            [
                facility in ("", cell[0])
                and service in ("", cell[1])
                and stratum in ("", f"profession={cell[2]}")
                and (bool(service) or self._counted(cell, facility, item))
                for cell in cells
            ]
        )

    def _counted(self, cell, facility, item) -> bool:
        if cell[:2] in self.shown:
            if self._left(cell[:2], item):
                return False
        elif (
            (cell[0], "") not in self.shown
            or any(place[0] == cell[0] and place[1] for place in self.shown)
            or (not facility and self._left((cell[0], ""), item))
        ):
            return False
        return True

    def _left(self, place, item) -> bool:
        """Whether what a service or a facility hides keeps the item out of the totals above."""
        rule = RULES[self.rules[item.dimension]]
        joint = rule.audit or rule.combine != "items"
        hidden = self.items.loc[(*place, "", item.code)].status not in SAID
        return hidden or (joint and (*place, item.dimension) in self.held)

    def _learn_options(self, puzzle, item) -> None:
        """The distributions of services: how many chose each option, or each side.

        Those not printed because all answers are the same say so.
        """
        table = self.published.distributions
        table = table[(table["item"] == item.code) & (table["status"] == "published")]
        poles = favourable_poles(self.made.instrument.scale_of(item), item)
        for row in table.itertuples():
            inside = [cell[:2] == (row.facility, row.service) for cell in puzzle.cells]
            chosen = np.zeros(puzzle.truth.shape[1])
            if row.state == "option":
                chosen[row.position] = 1
            elif row.state == "pole":
                chosen[:-1] = [pole == row.pole for pole in poles]
            else:
                continue
            puzzle.learn(np.array(inside), chosen, row.count, row.count)
        alike = self.published.distributions.query("status == 'unanimous'")
        alike = alike[alike["item"] == item.code].astype(dict.fromkeys(KEY, str))
        for place in set(alike[KEY].itertuples(index=False, name=None)):
            inside = np.array([cell[:2] == place for cell in puzzle.cells])
            puzzle.either.append([(inside, list(range(puzzle.truth.shape[1] - 1)))])

    def _secrets(self, puzzle, item, worth) -> Iterator[np.ndarray]:
        """Counts of hidden rows and strata, in each worth and option somebody chose.

        A row of one worth that is shown tells its strata, and so does, of records, the total of
        services not shown: the page says so. It does not tell which option of that worth.
        """
        places = [cell[:2] for cell in puzzle.cells]
        for place in dict.fromkeys(places):
            group = np.array([one == place for one in places])
            status = self.items.loc[(*place, "", item.code)].status
            if status in ("suppressed", "complementary"):
                yield from self._counts(puzzle, group, group, worth, place, shown=False)
            for rank in np.flatnonzero(group) if group.sum() > 1 else ():
                key = (*place, f"profession={puzzle.cells[rank][2]}", item.code)
                if key not in self.items.index or self.items.loc[key].status != "published":
                    cell = np.arange(len(places)) == rank
                    yield from self._counts(
                        puzzle, cell, group, worth, place, shown=status == "published"
                    )

    def _counts(self, puzzle, cell, group, worth, place, *, shown) -> Iterator[np.ndarray]:
        counts, whole = (puzzle.truth[one][:, :-1].sum(axis=0) for one in (cell, group))
        around = whole
        if not shown and self.made.instrument.subject == "record":
            around = puzzle.truth[[one[0] == place[0] for one in puzzle.cells]][:, :-1].sum(axis=0)
            shown = place not in self.shown
        alike = shown and len(np.unique(worth[around > 0])) == 1
        for place_ in np.unique(worth):
            chosen = worth == place_
            if counts[chosen].sum() and not alike:
                yield np.outer(cell, np.append(chosen, False)).ravel().astype(float)
            for option in np.flatnonzero(chosen):
                if (
                    counts[option]
                    and chosen.sum() > 1
                    and not (shown and whole[option] == whole.sum())
                ):
                    yield np.outer(cell, np.eye(len(worth) + 1)[option]).ravel()


def values_of_item(instrument: Instrument, item) -> np.ndarray:
    rule = next(one.rule for one in instrument.dimensions if one.id == item.dimension)
    return RULES[rule].values(item, instrument.scale_of(item))


def attack(made: Made, rng: np.random.Generator) -> tuple[int, list[str]]:
    """How many hidden counts were tried, and those given back, in words."""
    attacker = Attacker(made, made.publish())
    ranks = rng.permutation(len(made.instrument.items))[:ATTACKED]
    tried, found = 0, []
    for rank in ranks:
        puzzle, secrets = attacker.puzzle(int(rank))
        tried += len(secrets)
        for which in puzzle.pinned(secrets, rng):
            cells = np.flatnonzero(secrets[which].reshape(puzzle.truth.shape).any(axis=1))
            where = ", ".join("/".join(map(str, puzzle.cells[cell])) for cell in cells)
            count = int(secrets[which] @ puzzle.truth.ravel())
            found.append(f"{made.instrument.items[rank].code} of {where}: {count}")
    return tried, found


def attack_one_at_run_time(seed: int, *rules: str) -> Verdict:
    """What the attack of `qgdr_eval.disclosure` finds in a campaign published without some rules.

    It reads published frames only, of all items; this module's attacker reads what intervals tell.
    """
    names, rng = instruments(), np.random.default_rng(seed)
    made = make_campaign(load_instrument(names[seed % len(names)]), rng)
    with without(*rules):
        published = made.publish()
    layer = layer_alone(Read(made.campaign, made.instrument, made.answers, EMPTY), published)
    return attack_layers([layer], made.instrument, made.campaign.disclosure.minimum)


def make_indicators(rng: np.random.Generator) -> pd.DataFrame:
    """Two indicators of one pôle over four quarters and their year, sometimes without a total.

    Rare events, everybody met, small services; the pôle may count people of no listed service.
    """
    rows, services = [], [f"S{rank}" for rank in range(rng.integers(2, 6))]
    unlisted, given = ["?"] * int(rng.integers(0, 2)), rng.random() < 0.7
    among = rng.choice([0, 3, 6, 8, 9, 12, 15, 20], (len(services) + 1, 4))
    for name in ("a", "b"):
        met = rng.binomial(among, rng.choice([0, 0.05, 0.5, 1.0]))
        amounts = dict(zip([*services, *unlisted], zip(met, among, strict=False), strict=False))
        if given:
            parts = np.array([*amounts.values()])
            amounts[""] = (parts[:, 0].sum(axis=0), parts[:, 1].sum(axis=0))
        for place, (m, n) in amounts.items():
            quarters = [(name, place, f"2026Q{q + 1}", "Q", m[q], n[q]) for q in range(4)]
            rows += [*quarters, (f"{name}, année", place, "2026", "Y", m.sum(), n.sum())]
    columns = ["indicator", "service", "period", "frequency", "numerator", "denominator"]
    made = pd.DataFrame(rows, columns=columns).assign(facility="É", pole="P", kind="proportion")
    value = 100 * made["numerator"] / made["denominator"].where(made["denominator"] > 0)
    whole = made.assign(value=value, per=100.0, label=made["period"], family="practices")
    return whole.reindex(columns=INDICATOR_COLUMNS).astype({"comment": "object"})


def attack_indicators(rng: np.random.Generator) -> tuple[int, list[str]]:
    """How many hidden services of a table were tried, and those whose rate is given back."""
    made = make_indicators(rng)
    listed = made[made["service"] != "?"].reset_index(drop=True)
    rows = publish_indicators(listed).rows
    leaves = made[(made["frequency"] == "Q") & (made["service"] != "")]
    met, among = (leaves[name].to_numpy(int) for name in ("numerator", "denominator"))
    puzzle = Puzzle([*zip(leaves["indicator"], leaves["service"], leaves["period"], strict=True)],
                    np.column_stack([met, among - met]))  # fmt: skip
    for rank, n in enumerate(among):
        puzzle.learn(np.arange(len(among)) == rank, np.ones(2), n, n)
    secrets, names = [], []
    for row in rows.itertuples():
        inside = (
            (leaves["indicator"] == row.indicator.removesuffix(", année"))
            & (
                leaves["service"].isin([row.service])
                if row.service
                else _summed(row, leaves, listed)
            )
            & leaves["period"].str.startswith(row.period)
        ).to_numpy()
        if row.status == "published":
            puzzle.learn(inside, np.array([1, 0]), row.numerator, row.numerator)
        elif row.service and among[inside].sum():
            secrets.append(np.outer(inside, [1, 0]).ravel().astype(float))
            names.append(f"{row.indicator} of {row.service} in {row.period}")
    return len(secrets), [names[rank] for rank in puzzle.pinned(secrets, rng)]


def _summed(row, leaves, listed) -> pd.Series:
    """A total made here counts listed services; a pôle's own may count others."""
    own = (listed["service"] == "").any()
    return pd.Series(own, leaves.index) | (leaves["service"] != "?")


def instruments() -> list[str]:
    """The shipped questionnaires of which something is hidden."""
    return [name for name in shipped_instruments() if not load_instrument(name).declared]


SETTLING = "qgdr_eval.disclosure.settle._Settling"
OFF = {  # what each rule becomes when it is switched off
    "masks": {
        "qgdr_eval.disclosure.sheets.mask": lambda coded, services, hidden: coded,
        f"{__name__}.Attacker._left": lambda self, place, item: False,
    },
    "strata": {
        "qgdr_eval.disclosure.strata.Tables.can_be_summed": lambda self, of, totals: np.ones(
            (totals, self.valid.shape[2]), dtype=bool
        )
    },
    "loose": {
        "qgdr_eval.disclosure.strata.Tables.loose": lambda self, of, totals: np.ones(
            self.valid.shape, dtype=bool
        )
    },
    "extremes": {"qgdr_eval.disclosure.indicators._is_extreme": lambda met, among: False},
    "crossed": {"qgdr_eval.disclosure.indicators.find_more_to_hide": lambda *given: []},
    "periods": {"qgdr_eval.disclosure.indicators._of_periods": lambda rows: iter(())},
    "register": {f"{SETTLING}.too_close": lambda self, attempt: set()},
    "withheld": {f"{SETTLING}._withheld": lambda self, cells: None},
    "joint": {
        "qgdr_eval.disclosure.settle.crossed": lambda cells, strata, cell, stratum: Parts(
            np.full(len(cell), ABSENT), []
        )
    },
    "alike": {"qgdr_eval.disclosure.sheets._Case._of_alike": lambda self, sheet, unseen, of: sheet},
}


@contextmanager
def without(*rules: str) -> Iterator[None]:
    """Switch rules off, to see that the attacker then finds its prey."""
    with ExitStack() as stack:
        for target, replacement in (pair for rule in rules for pair in OFF[rule].items()):
            stack.enter_context(patch(target, replacement))
        yield


def attack_many(campaigns: int, first: int = 0) -> tuple[int, list[str]]:
    """Attack random campaigns, the shipped questionnaires in turn."""
    names, tried, found = instruments(), 0, []
    for seed in range(first, first + campaigns):
        rng = np.random.default_rng(seed)
        made = make_campaign(load_instrument(names[seed % len(names)]), rng)
        more, given_back = attack(made, rng)
        tried += more
        found += [f"campaign {seed}, {made.instrument.id}, {one}" for one in given_back]
        more, given_back = attack_indicators(rng)
        tried += more
        found += [f"indicators {seed}, {one}" for one in given_back]
    return tried, found


def main() -> int:
    from tests.disclosure.attack_printings import attack_printed  # which needs all of this

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("campaigns", nargs="?", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--without", nargs="*", default=[], choices=sorted(OFF))
    asked = parser.parse_args()
    with without(*asked.without):
        tried, found = attack_many(asked.campaigns, asked.first)
        more, given_back = attack_printed(asked.campaigns, asked.first)
    tried, found = tried + more, found + given_back
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.stdout.write(
        f"{asked.campaigns} campaigns, {tried} hidden counts tried, {len(found)} given back\n"
    )
    return int(bool(found))


if __name__ == "__main__":
    from tests.disclosure import (
        attack as module,
    )  # so that rules are switched off in the one module all use

    sys.exit(module.main())
