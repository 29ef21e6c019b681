"""Audits, and positions that are declared: what is shown of them, and what must stay hidden."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from qgdr_eval.disclosure import publish
from qgdr_eval.disclosure.floor import FEWEST_ANSWERS, Floor, floor_of
from qgdr_eval.disclosure.levels import break_down
from qgdr_eval.disclosure.sheets import disclose
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale, load_instrument
from qgdr_eval.instruments.model import SpecialCode
from qgdr_eval.scoring import code_answers, evaluate
from tests.disclosure.campaigns import answers, campaign
from tests.disclosure.test_attack import leaks, span
from tests.thorough import examples

EMPTY = pd.DataFrame(columns=["dimension", "score", "low", "high"])
NO, YES, ASIDE = 1, 2, 8
MEASURES = ["conformity", "pooled", "all_or_none"]
NUMBERS = ["n", "n_valid", "score", "low", "high", "wide_low", "wide_high"]
MINIMUM = 6


def grid(
    homes: str = "ddee", subject: str = "record", rule: str = "conformity", poles: str = "-+"
) -> Instrument:
    """Criteria Q0, Q1… in the dimensions named by one letter each."""
    names = {"-": "negative", "=": "neutral", "+": "positive"}
    options = tuple(
        Option(code=code, label=f"réponse {code}", pole=names[pole])
        for code, pole in enumerate(poles, 1)
    )
    scale = Scale(
        label="s", options=options, not_applicable=(SpecialCode(code=ASIDE, label="Sans objet"),)
    )
    return Instrument(
        id="essai",
        version="1.0.0",
        title="Essai",
        source="tests",
        licence="MIT",
        subject=subject,
        scales={"s": scale},
        dimensions=tuple(
            Dimension(id=id, label=id, definition=id, rule=rule) for id in dict.fromkeys(homes)
        ),
        items=tuple(
            Item(code=f"Q{i}", text=f"critère {i}", dimension=id, scale="s")
            for i, id in enumerate(homes)
        ),
    )


def records(sizes: dict[str, int], criteria: int = 4, seed: int = 5) -> dict:
    """Random yes and no for the services ``F/A``, ``F/B``…"""
    rng = np.random.default_rng(seed)
    return {
        tuple(name.split("/")): rng.integers(NO, YES + 1, (n, criteria))
        for name, n in sizes.items()
    }


def shown(values: dict, asked: Instrument, minimum: int = 10, **keys) -> pd.DataFrame:
    """Published scores, one row per service, stratum, dimension, item and measure."""
    published = publish(campaign(minimum), asked, answers(list(values), values, **keys), EMPTY)
    keys = ["facility", "service", "dimension", "item", "measure"]
    return published.scores.astype(dict.fromkeys(keys, str)).set_index(keys).sort_index()


# Who is protected how.


@pytest.mark.parametrize(
    ("id", "floor"),
    [
        ("culture_securite", Floor(10, FEWEST_ANSWERS)),
        ("epp_contention", Floor(10, 1)),
        ("compte_qualite", Floor(1, 1)),
        ("profil_directeur_qualite", Floor(1, 1)),
    ],
)
def test_the_floor_follows_whose_answers_they_are(id: str, floor: Floor) -> None:
    assert floor_of(load_instrument(id), 10) == floor


@pytest.mark.parametrize("subject", ["group", "person"])
@pytest.mark.parametrize(
    ("rule", "poles"),
    [("checklist", "-=+"), ("rating_1_4", "--+++"), ("maturity", "--==+"), ("mean_0_100", "--=++")],
)
def test_a_declared_position_is_shown_alone_and_exactly(subject, rule, poles) -> None:
    asked = grid(subject=subject, rule=rule, poles=poles)
    values = {("F", "A"): np.array([[1, 3, 2, ASIDE]]), ("F", "B"): np.array([[2, 3, 3, 1]])}
    published = publish(campaign(10), asked, answers(list(values), values, head_count=40), EMPTY)
    rows = published.of("F", "A").scores
    answered = rows[rows["item"] != "Q3"]
    assert set(answered["status"].astype(str)) == {"published"}
    assert set(rows.loc[rows["item"] == "Q3", "status"].astype(str)) == {"no_answer"}
    assert (answered["n"] == 1).all()
    assert (answered["n_valid"] == 1).all()
    assert np.allclose(answered["low"], answered["score"])
    assert np.allclose(answered["high"], answered["score"])
    assert (published.card.minimum, published.card.reference) == (1, "none")
    assert published.reliability.empty
    assert set(published.of("F", "A").distributions["status"]) <= {"published", "no_answer"}
    people = published.of("F", "A").participation.iloc[0]
    assert (people["status"], people["n"], people["head_count"]) == ("published", 1, 1)


def test_a_declared_position_is_exact_in_its_stratum_too() -> None:
    values = {("F", "A"): np.array([[1, 3, 2, 3], [3, 3, 1, 2]])}
    asked = grid(subject="group", rule="checklist", poles="-=+")
    made = answers(list(values), values, {("F", "A"): ["jour", "nuit"]})
    rows = publish(campaign(10, ("profession",)), asked, made, EMPTY).scores
    rows = rows[(rows["stratum"] == "profession=nuit") & (rows["service"] == "A")]
    assert (rows["n"] == 1).all()
    assert np.allclose(rows["low"], rows["score"])
    assert np.allclose(rows["high"], rows["score"])


def test_a_criterion_of_two_records_is_shown_with_its_number() -> None:
    values = records({"F/A": 12})
    values["F", "A"][:, 1] = ASIDE
    values["F", "A"][:2, 1] = YES
    row = shown(values, grid()).loc[("F", "A", "d", "Q1", "conformity")]
    assert (row["status"], row["n"], row["n_valid"], row["score"]) == ("published", 12, 2, 100)
    assert row["low"] < 50  # two records say little, and the interval says it


def test_a_group_of_six_records_is_hidden_when_ten_are_asked() -> None:
    rows = shown(records({"F/A": 12, "F/B": 6}), grid())
    assert rows.loc[("F", "B"), NUMBERS].isna().all(axis=None)
    assert set(rows.loc[("F", "B"), "status"].astype(str)) == {"suppressed"}
    total = rows.loc[("F", "")]
    assert (total["n"] == 12).all()  # the total leaves the hidden service out
    assert (total["status"] == "published").all()


def test_a_grid_is_hidden_with_any_of_its_criteria() -> None:
    """Two hidden services make a total; only one of them has the criterion Q3."""
    values = records({"F/A": 6, "F/B": 7})
    values["F", "B"][:, 3] = ASIDE
    total = shown(values, grid()).loc[("F", "")]
    status = total["status"].astype(str)
    assert status[("e", "Q3", "conformity")] == "complementary"
    for measure in MEASURES:
        assert status[("e", "", measure)] == "complementary"
        assert status[("", "", measure)] == "complementary"
        assert status[("d", "", measure)] == "published"
    assert total.loc[total["status"] == "complementary", NUMBERS].isna().all(axis=None)
    assert status[("e", "Q2", "conformity")] == "published"


def test_people_who_answer_are_protected_twice_whatever_the_rule() -> None:
    """The same answers: of records, all is shown; of people, nothing from fewer than five."""
    values = records({"F/A": 12})
    values["F", "A"][4:, 1] = ASIDE
    people, files = (
        shown(values, grid(subject=subject)).loc[("F", "A")] for subject in ("respondent", "record")
    )
    assert (files["status"] == "published").all()
    status = people["status"].astype(str)
    assert status[("d", "Q1", "conformity")] == "suppressed"
    for home in ("d", ""):
        assert {status[(home, "", measure)] for measure in MEASURES} <= {
            "complementary",
            "suppressed",
        }
    assert status[("d", "Q0", "conformity")] == "published"
    assert (people.loc[people["status"] == "published", "n_valid"] >= FEWEST_ANSWERS).all()


def test_a_criterion_all_records_meet_is_shown_and_one_all_people_meet_is_not() -> None:
    values = records({"F/A": 12})
    values["F", "A"][:, 0] = YES
    for subject, status, spread in (
        ("record", "published", {"published"}),
        ("respondent", "suppressed", {"suppressed"}),
    ):
        published = publish(
            campaign(10), grid(subject=subject), answers(list(values), values), EMPTY
        )
        part = published.of("F", "A")
        assert set(part.scores.loc[part.scores["item"] == "Q0", "status"].astype(str)) == {status}
        table = part.distributions
        assert set(table.loc[table["item"] == "Q0", "status"].astype(str)) == spread


# The attacker of `test_attack`, against audits: beside the number of « oui » of each criterion, how
# many complete records meet everything, and how many incomplete ones fail nothing, in each
# dimension and in the whole grid, is unknown to them too. The lower bound counts the former, the
# upper one both.

ASKED = grid("dde")
HOMES = ["d", "e", ""]
INSIDE = {"d": [0, 1], "e": [2], "": [0, 1, 2]}  # criteria of each dimension, of the grid
UNKNOWN = 9  # per cell: three criteria; complete records of d, of e, of the grid; then incomplete


@st.composite
def audits(draw, with_strata: bool):
    """Facilities of one to four services, mostly small, many criteria not applicable or empty."""
    values, strata = {}, {}
    for f in range(draw(st.integers(1, 3))):
        for s in range(draw(st.integers(1, 4))):
            n = draw(st.sampled_from([0, 1, 3, 4, 5, 6, 7, 12]))
            rng = np.random.default_rng(draw(st.integers(0, 2**16)))
            codes = rng.integers(NO, YES + 1, (n, 3))
            hidden = rng.random((n, 3)) < draw(st.sampled_from([0, 0.2, 0.6]))
            values[f"F{f}", f"S{s}"] = np.where(hidden, draw(st.sampled_from([0, ASIDE])), codes)
            if draw(st.booleans()):
                values[f"F{f}", f"S{s}"][:, draw(st.integers(0, 2))] = ASIDE  # never applies here
            strata[f"F{f}", f"S{s}"] = list(rng.choice(["jour", "nuit"], n))
    if not any(len(one) for one in values.values()):
        values["F0", "S0"], strata["F0", "S0"] = np.full((6, 3), YES), ["jour"] * 6
    return values, strata if with_strata else None


class Cell(NamedTuple):
    """Records of a service, or of a stratum of it; ``valid``: how many are behind each unknown."""

    place: str
    stratum: str
    heads: int
    valid: np.ndarray


def disclosed(values: dict, strata: dict | None, asked: Instrument) -> tuple:
    """The scores as published, who counts in the totals, the cells the campaign leaves out."""
    made = answers(list(values), values, strata)
    levels = break_down(made, ("profession",) if strata else (), MINIMUM)
    coded = code_answers(made.responses, asked)
    found = disclose(coded, levels, floor_of(asked, MINIMUM))
    left = (found.coded.states != coded.states).T
    parts = np.split(left, np.cumsum([len(codes) for codes in values.values()])[:-1])
    rows = found.scores.astype({"facility": str, "service": str})
    return rows, levels.members, dict(zip(map("/".join, values), parts, strict=True))


def attack(
    values: dict, strata: dict | None, asked: Instrument = ASKED
) -> tuple[np.ndarray, list[np.ndarray]]:
    """What the attacker knows (a base), and what must stay unknown to them."""
    cells, (scores, members, left) = cells_of(values, strata), disclosed(values, strata, asked)
    away = {place: part.any(axis=0) for place, part in left.items()}
    counted = dict(zip(map("/".join, values), members.counted, strict=True))
    rows = scores[scores["status"] == "published"]
    equations = [equation(row, cells, counted, away) for row in rows.itertuples()]
    known = span(np.array(equations)) if equations else np.zeros((0, UNKNOWN * len(cells)))
    told = [cell for row in rows.itertuples() for cell in alike(row, cells, counted, away)]
    return known, [target for target in secrets(values, cells) if not spoken(target, told)]


def alike(
    row, cells: list[Cell], counted: dict[str, bool], away: dict[str, np.ndarray]
) -> list[tuple[int, int]]:
    """The unknowns that a criterion met always, or never, says by itself: records hide no such."""
    if not row.item or row.score not in (0, 100):
        return []
    of, group = int(row.item[1:]), np.flatnonzero(inside(row, cells, counted))
    return [(i, of) for i in group if row.facility or not away[cells[i].place][of]]


def spoken(target: np.ndarray, told: list[tuple[int, int]]) -> bool:
    """Whether rows that are met always, or never, say the whole of a secret."""
    return set(zip(*np.nonzero(target.reshape(-1, UNKNOWN)), strict=True)) <= set(told)


def cells_of(values: dict, strata: dict | None) -> list[Cell]:
    cells = []
    for place, codes in values.items():
        labels = np.array(strata[place] if strata else [""] * len(codes))
        for label in dict.fromkeys(labels.tolist()):
            rows = codes[labels == label]
            valid = np.array([*np.isin(rows, [NO, YES]).sum(axis=0), *known_records(rows)])
            cells.append(Cell("/".join(place), label, len(rows), valid))
    return cells


def known_records(rows: np.ndarray) -> list[int]:
    """Records judged and complete in each of `HOMES`, then those judged and incomplete."""
    parts = [rows[:, INSIDE[home]] for home in HOMES]
    judged = [np.isin(part, [NO, YES]).any(axis=1) for part in parts]
    whole = [(part != 0).all(axis=1) for part in parts]
    pairs = list(zip(judged, whole, strict=True))
    return [int((one & full).sum()) for one, full in pairs] + [
        int((one & ~full).sum()) for one, full in pairs
    ]


def _used(row, total: np.ndarray, away: np.ndarray) -> list[int]:
    """The unknowns a score adds up, of a place whose criteria ``away`` are missing."""
    if row.item:
        return [int(row.item[1:])]
    if row.measure not in ("all_or_none", "all_or_none_least", "all_or_none_most"):
        return [j for j in INSIDE[row.dimension] if total[j]]
    if not away[INSIDE[row.dimension]].any():
        home = HOMES.index(row.dimension)
        return [3 + home, 6 + home] if row.measure == "all_or_none_most" else [3 + home]
    if row.measure != "all_or_none_most" or row.dimension:
        return []
    left = [rank for rank, home in enumerate(HOMES[:2]) if not away[INSIDE[home]].any()]
    return [of + rank for rank in left for of in (3, 6)]  # what no criterion left says is failed


def equation(
    row, cells: list[Cell], counted: dict[str, bool], away: dict[str, np.ndarray]
) -> np.ndarray:
    """One published score as weights on the unknowns, cell by cell.

    ``away``: which criteria of a place the campaign leaves out.
    """
    valid = np.array([cell.valid for cell in cells]) * inside(row, cells, counted)[:, None]
    gone = np.array([away[cell.place] & (row.facility == "") for cell in cells])
    valid[:, :3] = np.where(gone, 0, valid[:, :3])
    total = valid.sum(axis=0)
    weights = np.zeros(valid.shape)
    for rank, missing in enumerate(gone):
        used = _used(row, total, missing)
        equal = row.item or row.measure == "pooled" or row.measure.startswith("all_or_none")
        for j in used:
            weights[rank, j] = (1 if equal else 1 / total[j]) * (valid[rank, j] > 0)
    return weights.ravel()


def inside(row, cells: list[Cell], counted: dict[str, bool]) -> np.ndarray:
    """Whether a row of the scores counts each cell."""
    return np.array(
        [
            cell.place.startswith(row.facility)
            and (cell.place.endswith(row.service) if row.service else counted[cell.place])
            and row.stratum in ("", f"profession={cell.stratum}")
            for cell in cells
        ]
    )


def secrets(values: dict, cells: list[Cell]) -> Iterator[np.ndarray]:
    """Every unknown of a hidden service, of two that together are small, of a small stratum.

    Left out, as in `test_attack`, what takes knowing where a criterion applies: a stratum that
    holds all the answers of its service, two services when a third hidden one holds none.
    """
    places, valid = np.array([cell.place for cell in cells]), np.array([c.valid for c in cells])
    size = {"/".join(place): len(codes) for place, codes in values.items() if len(codes)}
    hidden = [place for place, n in size.items() if n < MINIMUM]
    pairs = [two for two in combinations(hidden, 2) if size[two[0]] + size[two[1]] < MINIMUM]
    for j in range(UNKNOWN):
        everywhere = all(valid[places == place, j].any() for place in hidden)
        groups = [places == place for place in hidden]
        groups += [np.isin(places, two) for two in pairs if everywhere]
        groups += [
            np.arange(len(cells)) == i
            for i, cell in enumerate(cells)
            if cell.heads < MINIMUM and cell.valid[j] < valid[places == cell.place, j].sum()
        ]
        for group in groups:
            target = np.zeros(valid.shape)
            target[group & (valid[:, j] > 0), j] = 1
            if target.any():
                yield target.ravel()


@settings(max_examples=examples(60), deadline=None, phases=[Phase.generate, Phase.shrink])
@given(audits(with_strata=False))
def test_no_hidden_service_of_an_audit_can_be_worked_out(made) -> None:
    known, unknown = attack(*made)
    assert not any(leaks(target, known) for target in unknown)


@settings(max_examples=examples(60), deadline=None, phases=[Phase.generate, Phase.shrink])
@given(audits(with_strata=True))
def test_no_small_stratum_of_an_audit_can_be_worked_out(made) -> None:
    known, unknown = attack(*made)
    assert not any(leaks(target, known) for target in unknown)


def test_this_attacker_succeeds_when_nothing_is_hidden() -> None:
    """Every published figure of the audit below, without disclosure, gives the hidden service."""
    values = {("F", "A"): np.full((8, 3), YES), ("F", "B"): np.full((3, 3), NO)}
    values["F", "A"][0, 0] = values["F", "B"][0, 0] = 0  # one incomplete record each
    made = answers(list(values), values)
    levels = break_down(made, (), 1)
    scores = evaluate(code_answers(made.responses, ASKED), levels.breakdowns)
    rows = scores.astype({"facility": str, "service": str})
    rows = rows[~rows["service"].isin(["B"])]
    cells, counted = cells_of(values, None), {"F/A": True, "F/B": True}
    nothing = dict.fromkeys(counted, np.zeros(3, dtype=bool))
    bare = span(np.array([equation(row, cells, counted, nothing) for row in rows.itertuples()]))
    known, unknown = attack(values, None)
    assert len(unknown) == UNKNOWN - 1  # who answers the only criterion of e is complete
    assert all(leaks(target, bare) for target in unknown)
    assert not any(leaks(target, known) for target in unknown)


@pytest.mark.parametrize(
    ("second", "third", "hidden"),
    [
        # d applies to one service of F, so it is left out: the record without it remained.
        ([[ASIDE, ASIDE, YES]], [[NO, YES, YES]] * 5, set()),
        # Only the third service has complete records of d, which is left out: so are its bounds.
        ([[YES, 0, YES]] * 3 + [[0, YES, YES]] * 2, [[YES, YES, NO]] * 4, set()),
        # Or of the grid: the lower bound counts nobody else's.
        (
            [[YES, YES, 0]] * 3 + [[0, YES, NO]] * 2,
            [[YES, YES, NO]] * 4,
            {"all_or_none", "least", "most"},
        ),
        # Only the third has incomplete ones: between the bounds are those that fail nothing.
        ([[YES, YES, NO]] * 5, [[YES, 0, YES]] * 2 + [[NO, YES, YES]] * 2, {"least", "most"}),
        # e is left out, so no record of F is complete: the upper bound would count d's, hidden.
        (
            [[YES, YES, ASIDE]] + [[NO, NO, ASIDE]] * 2,
            [[YES, YES, YES], [NO, NO, NO], [0, NO, 0]],
            {"most"},
        ),
    ],
    ids=["not concerned", "complete in one service", "grid", "incomplete in one service", "e"],
)
def test_all_or_none_and_its_bounds_tell_no_hidden_service(second, third, hidden) -> None:
    values = {
        ("F", "B"): np.array(second),
        ("F", "C"): np.array(third),
        ("G", "A"): np.tile([YES, NO], (3, 6)).T,
    }
    rows, *_ = disclosed(values, None, ASKED)
    rows = rows[(rows["facility"] == "") & (rows["dimension"] == "")]
    status = rows.set_index(rows["measure"].astype(str).str.removeprefix("all_or_none_"))["status"]
    assert set(status[status != "published"].index) == hidden
    known, unknown = attack(values, None)
    assert not any(leaks(target, known) for target in unknown)


DAYS, NIGHTS = slice(0, 5), slice(5, 12)


@pytest.mark.parametrize("subject", ["record", "respondent"])
@pytest.mark.parametrize(
    "not_concerned",
    [
        {"C": DAYS},  # the days of the facility less those of A would be the five days of B
        {"A": NIGHTS, "B": DAYS},  # A tells its days, B its nights: C would be the rest of each
    ],
    ids=["others not concerned", "others told by their own row"],
)
def test_a_stratum_cannot_be_had_from_who_is_not_concerned(not_concerned, subject) -> None:
    """Services that hide their five days and seven nights; Q0 does not apply everywhere."""
    hidden = dict.fromkeys("BC", "jjjjjnnnnnnn")
    strata = {"A": "jjjjjjnnnnnn" if "C" in not_concerned else hidden["B"], **hidden}
    values = records({f"F/{name}": len(kinds) for name, kinds in strata.items()}, 3)
    for name, kind in not_concerned.items():
        values["F", name][kind, 0] = ASIDE
    labels = {("F", name): list(kinds) for name, kinds in strata.items()}
    asked = grid("dde", subject=subject)
    rows, *_ = disclosed(values, labels, asked)
    rows = rows[(rows["facility"] == "F") & (rows["service"] == "") & (rows["stratum"] != "")]
    status = rows.groupby(rows["item"].astype(str))["status"].agg(lambda each: set(map(str, each)))
    assert status["Q0"] == {"suppressed"}
    assert status["Q1"] == {"published"}
    known, unknown = attack(values, labels, asked)
    assert not any(leaks(target, known) for target in unknown)


def test_nor_from_facilities_told_by_their_own_row() -> None:
    """Q0 applies to the days alone of two small services of F, to the nights alone of two of G.

    Their totals tell both: what the campaign adds to them would be the days and nights of H.
    """
    strata = {
        ("F", "P"): list("jjjnn"),
        ("F", "Q"): list("jjjnn"),
        ("G", "R"): list("jjnnn"),
        ("G", "S"): list("jjnnn"),
        ("H", "B"): list("jjjjjnnnnnnn"),
    }
    values = records({"/".join(place): len(kinds) for place, kinds in strata.items()}, 3)
    for (facility, service), kinds in strata.items():
        aside = {"F": "n", "G": "j"}.get(facility, "")
        values[facility, service][np.array(kinds) == aside, 0] = ASIDE
    rows, *_ = disclosed(values, strata, ASKED)
    rows = rows[(rows["facility"] == "") & (rows["stratum"] != "")]
    assert set(rows.loc[rows["item"] == "Q0", "status"].astype(str)) <= {"suppressed"}
    assert set(rows.loc[rows["item"] == "Q1", "status"].astype(str)) == {"published"}
    known, unknown = attack(values, strata)
    assert not any(leaks(target, known) for target in unknown)
