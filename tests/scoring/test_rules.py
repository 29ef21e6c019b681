"""Each rule against its definition written with plain loops, on small random campaigns."""

from collections.abc import Callable
from functools import cache
from itertools import product
from math import isnan, nan

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import quantile_test
from scipy.stats import t as student

from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.shipped import shipped
from tests.scoring.campaigns import Answer, instrument, scores
from tests.thorough import examples

Rows = list[list[Answer]]
Made = tuple[Instrument, Rows]
POLES = {
    "conformity": "-+",
    "maturity": "--==+",
    "rating_1_4": "--+++",
    "depth_gap": "--++",
    "checklist": "-=+",
}
RULES = [*POLES, "risk"]
ASIDE = [98, 99, None]  # not applicable, don't know, missing
RISK_ASIDE = [8, 9, None]
NUMBERS = ["n_valid", "score", "low", "high", "wide_low", "wide_high"]
SMALL = settings(deadline=None, max_examples=examples(15))


@cache
def risks() -> Instrument:
    """The first two risks of the shipped map."""
    whole = load_instrument("compte_qualite")
    kept = whole.dimensions[:2]
    ids = [dimension.id for dimension in kept]
    items = tuple(item for item in whole.items if item.dimension in ids)
    return whole.model_copy(update={"dimensions": kept, "items": items})


@st.composite
def asked_by(draw: st.DrawFn, rule: str) -> Instrument:
    if rule == "risk":
        return risks()
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    asked = instrument(*([POLES[rule]] * size for size in sizes), rule=rule)
    items = asked.items
    if rule == "depth_gap":
        items = tuple(
            item.model_copy(update={"required": draw(st.integers(1, 4))}) for item in asked.items
        )
    return asked.model_copy(update={"subject": "record", "items": items})


def codes_of(asked: Instrument) -> list[list[int]]:
    return [[option.code for option in asked.scale_of(item).options] for item in asked.items]


def aside_of(rule: str) -> list[Answer]:
    return RISK_ASIDE if rule == "risk" else ASIDE


@st.composite
def campaigns(draw: st.DrawFn, rule: str, most: int = 9) -> Made:
    asked = draw(asked_by(rule))
    answers = [st.sampled_from([*codes, *codes, *aside_of(rule)]) for codes in codes_of(asked)]
    rows = draw(st.lists(st.tuples(*answers).map(list), min_size=1, max_size=most))
    return asked, rows


def positions(asked: Instrument, rows: Rows, column: int) -> list[int]:
    """Ranks of the valid answers to one item, 0 for the least favourable."""
    codes = codes_of(asked)[column]
    return [codes.index(row[column]) for row in rows if row[column] in codes]


def columns_of(asked: Instrument, dimension: str) -> list[int]:
    return [i for i, item in enumerate(asked.items) if dimension in ("", item.dimension)]


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else nan


def mean_of_items(
    asked: Instrument, rows: Rows, dimension: str, worth: Callable[[int, int], float]
) -> float:
    """Unweighted mean of the items that have an answer; ``worth``: of a column and a position."""
    shares = [
        mean([worth(column, rank) for rank in positions(asked, rows, column)])
        for column in columns_of(asked, dimension)
    ]
    return mean([share for share in shares if not isnan(share)])


def close(value: float) -> object:
    return pytest.approx(value, nan_ok=True, abs=1e-6)


# What holds for every rule.


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data(), more=st.one_of(st.none(), st.integers(0, 5)))
@SMALL
def test_scores_lie_between_their_bounds(rule: str, data: st.DataObject, more: int | None) -> None:
    asked, rows = data.draw(campaigns(rule))
    found = scores(asked, rows, heads=[None if more is None else len(rows) + more])
    shown = found[found["n_valid"] > 0][NUMBERS[1:]]
    score, low, high, wide_low, wide_high = (shown[name].to_numpy() for name in NUMBERS[1:])
    # Records of a known number have exact bounds, which may go a little beyond Wilson's.
    nested = [(wide_low, low), (high, wide_high)] if asked.subject != "record" else []
    for lesser, greater in (
        (0, low),
        (low, score),
        (score, high),
        (high, 100),
        (0, wide_low),
        (wide_low, score),
        (score, wide_high),
        (wide_high, 100),
        *nested,
    ):
        assert (lesser <= greater + 1e-9).all()


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data(), random=st.randoms(use_true_random=False))
@SMALL
def test_the_order_of_rows_does_not_matter(rule, data, random) -> None:  # type: ignore[no-untyped-def]
    asked, rows = data.draw(campaigns(rule))
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(scores(asked, rows)[NUMBERS], scores(asked, shuffled)[NUMBERS])


@pytest.mark.parametrize("rule", POLES)
@given(data=st.data())
@SMALL
def test_subjects_without_a_valid_answer_change_nothing(rule: str, data: st.DataObject) -> None:
    asked, rows = data.draw(campaigns(rule))
    empty = st.lists(st.sampled_from(ASIDE), min_size=len(asked.items), max_size=len(asked.items))
    more = data.draw(st.lists(empty, min_size=1, max_size=4))
    before, after = scores(asked, rows), scores(asked, [*rows, *more])
    pd.testing.assert_frame_equal(before[NUMBERS], after[NUMBERS])


@pytest.mark.parametrize("level", ["item", "dimension", "group"])
@pytest.mark.parametrize("rule", RULES)
@given(data=st.data())
@settings(deadline=None, max_examples=examples(8))
def test_what_nobody_answers_has_no_score(rule: str, level: str, data: st.DataObject) -> None:
    asked, rows = data.draw(campaigns(rule))
    aside, last = data.draw(st.sampled_from(aside_of(rule))), asked.items[-1]
    empty = {"item": [last], "dimension": asked.items_of(last.dimension), "group": asked.items}
    codes = [item.code for item in empty[level]]
    changed = [
        [aside if code in codes else given for code, given in zip(asked.codes, row, strict=True)]
        for row in rows
    ]
    found = scores(asked, changed).reset_index()
    here = found["item"].isin(codes)
    if level != "item":
        here |= (found["dimension"] == last.dimension) | (level == "group")
    assert (found.loc[here, "n_valid"] == 0).all()
    assert found.loc[here, "score"].isna().all()
    assert set(found.loc[here, "status"].astype(str)) == {"no_answer"}


# Audits.


def filled(rows: Rows, code: int) -> Rows:
    """The same records, what is missing or not recorded taken for a « non » (1) or « oui » (2)."""
    return [tuple(code if given in (99, None) else given for given in row) for row in rows]


def all_or_none(asked: Instrument, rows: Rows, dimension: str) -> list[float]:
    """1 or 0 for each complete record."""
    known = []
    for row in rows:
        given = [row[column] for column in columns_of(asked, dimension)]
        if {99, None} & set(given):
            continue
        if 1 in given:  # a « non »
            known.append(0.0)
        elif 2 in given:
            known.append(1.0)
    return known


@given(campaigns("conformity"))
@settings(deadline=None, max_examples=examples(60))
def test_the_three_scores_of_an_audit(made: Made) -> None:
    asked, rows = made
    found = scores(asked, rows)
    for column, item in enumerate(asked.items):
        yes = sum(row[column] == 2 for row in rows)
        no = sum(row[column] == 1 for row in rows)
        row = found.loc[("s", item.dimension, item.code, "conformity")]
        assert row["n_valid"] == yes + no
        assert row["score"] == close(100 * yes / (yes + no) if yes + no else nan)
    for id in ["", *(dimension.id for dimension in asked.dimensions)]:
        ranks = [rank for c in columns_of(asked, id) for rank in positions(asked, rows, c)]
        known = all_or_none(asked, rows, id)
        judged = [row for row in rows if any(row[c] in (1, 2) for c in columns_of(asked, id))]
        wanted = {
            "conformity": mean_of_items(asked, rows, id, lambda _, rank: rank),
            "pooled": mean(ranks),
            "all_or_none": mean(known),
            "all_or_none_least": mean(all_or_none(asked, filled(judged, 1), id)),
            "all_or_none_most": mean(all_or_none(asked, filled(judged, 2), id)),
        }
        for measure, share in wanted.items():
            assert found.loc[("s", id, "", measure), "score"] == close(100 * share), (id, measure)
        assert found.loc[("s", id, "", "all_or_none"), "n_valid"] == len(known)
        answered = [any(row[c] in (1, 2) for c in columns_of(asked, id)) for row in rows]
        for measure in ("conformity", "pooled"):
            assert found.loc[("s", id, "", measure), "n_valid"] == sum(answered)


@given(campaigns("conformity"))
@SMALL
def test_a_grid_of_one_dimension_scores_as_this_dimension(made: Made) -> None:
    asked, rows = made
    home = asked.dimensions[0]
    items = tuple(item.model_copy(update={"dimension": home.id}) for item in asked.items)
    alone = asked.model_copy(update={"dimensions": (home,), "items": items})
    found = scores(alone, rows)[NUMBERS]
    for measure in ("conformity", "pooled", "all_or_none"):
        pd.testing.assert_series_equal(
            found.loc[("s", "", "", measure)],
            found.loc[("s", home.id, "", measure)],
            check_names=False,
        )


@given(campaigns("conformity", most=30))
@SMALL
def test_a_pooled_score_is_no_surer_than_its_records(made: Made) -> None:
    """Twenty criteria of one record are not twenty records: the interval is never narrower than
    that of as many unrelated answers, nor wider than that of the records alone."""
    asked, rows = made
    found = scores(asked, rows)
    for dimension in asked.dimensions:
        row = found.loc[("s", dimension.id, "", "pooled")]
        answers = sum(len(positions(asked, rows, c)) for c in columns_of(asked, dimension.id))
        if not row["n_valid"]:
            continue
        p, width = row["score"] / 100, row["high"] - row["low"]
        assert width <= wilson_width(p, row["n_valid"]) + 1e-9
        assert width >= wilson_width(p, answers) - 1e-9


def wilson_width(p: float, n: float) -> float:
    z = 1.959963984540054
    return 200 * z * (p * (1 - p) / n + (z / 2 / n) ** 2) ** 0.5 / (1 + z * z / n)


@given(st.lists(st.tuples(*[st.sampled_from([1, 2, 2, 98])] * 3), min_size=3, max_size=15))
@settings(deadline=None, max_examples=examples(60))
def test_the_width_of_a_pooled_interval(rows: list[tuple[int, ...]]) -> None:
    """A ratio of sums over records: variance Σ (oui − p × oui or non)² ÷ (all oui and non)²."""
    row = scores(instrument(["-+"] * 3, rule="conformity"), rows).loc[("s", "d0", "", "pooled")]
    records = [(given.count(2), given.count(1) + given.count(2)) for given in rows]
    records = [(met, valid) for met, valid in records if valid]
    n, answers = len(records), sum(valid for _, valid in records)
    p = sum(met for met, _ in records) / answers if n else nan
    if n < 2 or p in (0, 1):
        return
    variance = sum((met - p * valid) ** 2 for met, valid in records) / answers**2
    spread = max(variance, p * (1 - p) / answers)
    few = (n - 1) / n * (1.959963984540054 / student.ppf(0.975, n - 1)) ** 2
    size = max(n, p * (1 - p) / spread * few)
    assert row["high"] - row["low"] == pytest.approx(wilson_width(p, size))


def test_whole_grid_scores_are_for_audits_alone() -> None:
    mixed = instrument(["-+"], ["-+"], rule="conformity")
    first, second = mixed.dimensions
    mixed = mixed.model_copy(
        update={"dimensions": (first, second.model_copy(update={"rule": "checklist"}))}
    )
    assert "" not in scores(mixed, [[1, 2]]).reset_index()["dimension"].tolist()
    for rule in ("checklist", "rating_1_4", "maturity"):
        found = scores(instrument([POLES[rule]], rule=rule), [[1]]).reset_index()
        assert found["dimension"].tolist() == ["d0", "d0"]
        assert found["measure"].tolist() == [rule, rule]


# Ratings, depths, lists.


@given(campaigns("rating_1_4"))
@SMALL
def test_ratings(made: Made) -> None:
    asked, rows = made
    found = scores(asked, rows)
    for dimension in asked.dimensions:
        share = mean_of_items(asked, rows, dimension.id, lambda _, rank: min(rank, 3) / 3)
        assert found.loc[("s", dimension.id, "", "rating_1_4"), "score"] == close(100 * share)


@given(campaigns("rating_1_4"))
@SMALL
def test_the_star_counts_as_a_four(made: Made) -> None:
    asked, rows = made
    without = [[4 if answer == 5 else answer for answer in row] for row in rows]
    pd.testing.assert_frame_equal(scores(asked, rows)[NUMBERS], scores(asked, without)[NUMBERS])


def test_ratings_without_a_star() -> None:
    found = scores(instrument(["--++"] * 4, rule="rating_1_4"), [[1, 2, 3, 4]])
    wanted = [50, 0, 100 / 3, 200 / 3, 100]
    assert found["score"].tolist() == pytest.approx(wanted)


@given(campaigns("depth_gap"))
@SMALL
def test_depths(made: Made) -> None:
    asked, rows = made
    found = scores(asked, rows)
    for dimension in asked.dimensions:
        share = mean_of_items(
            asked,
            rows,
            dimension.id,
            lambda column, rank: float(rank + 1 >= asked.items[column].required),
        )
        assert found.loc[("s", dimension.id, "", "depth_gap"), "score"] == close(100 * share)


@given(campaigns("depth_gap"))
@SMALL
def test_asking_for_more_never_raises_a_score(made: Made) -> None:
    asked, rows = made
    harder = tuple(
        item.model_copy(update={"required": min(4, item.required + 1)}) for item in asked.items
    )
    before = scores(asked, rows)["score"]
    after = scores(asked.model_copy(update={"items": harder}), rows)["score"]
    assert ((after <= before + 1e-9) | before.isna()).all()


@given(campaigns("checklist"))
@SMALL
def test_lists(made: Made) -> None:
    asked, rows = made
    found = scores(asked, rows)
    for dimension in asked.dimensions:
        share = mean_of_items(asked, rows, dimension.id, lambda _, rank: float(rank == 2))
        assert found.loc[("s", dimension.id, "", "checklist"), "score"] == close(100 * share)


# Levels of maturity.


def own_medians(asked: Instrument, rows: Rows, dimension: str) -> list[float]:
    """Each subject's median place, 0 to 100, when they answered half of the items at least."""
    codes, columns = codes_of(asked), columns_of(asked, dimension)
    medians = []
    for row in rows:
        places = [
            codes[c].index(row[c]) / (len(codes[c]) - 1) for c in columns if row[c] in codes[c]
        ]
        if places and 2 * len(places) >= len(columns):
            medians.append(100 * float(np.median(places)))
    return medians


def check_median(row: pd.Series, values: list[float]) -> None:
    assert row["n_valid"] == len(values)
    assert row["score"] == close(float(np.median(values)) if values else nan)
    if len(values) >= 6:
        bounds = quantile_test(values, p=0.5).confidence_interval(0.95)
        assert [row["low"], row["high"]] == close([bounds.low, bounds.high])
    elif values:
        assert [row["low"], row["high"]] == [0, 100]


@given(campaigns("maturity", most=14))
@settings(deadline=None, max_examples=examples(60))
def test_levels(made: Made) -> None:
    asked, rows = made
    found = scores(asked, rows)
    for column, item in enumerate(asked.items):
        places = [25.0 * rank for rank in positions(asked, rows, column)]
        check_median(found.loc[("s", item.dimension, item.code, "maturity")], places)
    for dimension in asked.dimensions:
        row = found.loc[("s", dimension.id, "", "maturity")]
        check_median(row, own_medians(asked, rows, dimension.id))


def test_levels_of_scales_of_different_lengths() -> None:
    """Places, not ranks: the third of four levels is 66.67, the third of five is 50."""
    asked = instrument(["--==+", "--=+"], rule="maturity")
    row = scores(asked, [[3, 3], [5, 4], [1, 2]]).loc[("s", "d0", "", "maturity")]
    assert row["score"] == pytest.approx((50 + 200 / 3) / 2)


@given(campaigns("maturity"))
@SMALL
def test_median_levels_are_levels_or_half_levels(made: Made) -> None:
    """Items: half levels. Dimensions: quarters at most, the middle of two half levels."""
    found = scores(*made).reset_index()
    shown = found[found["n_valid"] > 0]
    steps = np.where(shown["item"] == "", 6.25, 12.5)
    assert np.allclose((shown["score"] / steps) % 1, 0)


def test_what_a_group_declares_is_its_level_for_sure_and_people_may_answer_otherwise() -> None:
    asked = instrument(["--==+"], rule="maturity")
    rows = [[1], [2], [2], [3]]
    group = asked.model_copy(update={"subject": "group"})
    declared = scores(group, rows, heads=[4]).loc[("s", "d0", "", "maturity")]
    people = scores(asked, rows, heads=[4]).loc[("s", "d0", "", "maturity")]
    assert declared[["low", "score", "high"]].tolist() == [25, 25, 25]
    assert people[["low", "score", "high"]].tolist() == [0, 25, 100]


# Risks.

TRIPLES = list(product(range(1, 6), repeat=3))


def places() -> dict[tuple[int, int, int], float]:
    """The score of each (gravity, likelihood, control), all scored in one go, a group each."""
    asked = risks()
    rows: Rows = [[*triple, None, None, None] for triple in TRIPLES]
    found = scores(asked, rows, [f"g{rank}" for rank in range(125)])
    dimension = asked.dimensions[0].id
    return {
        triple: found.loc[(f"g{rank}", dimension, "", "risk"), "score"]
        for rank, triple in enumerate(TRIPLES)
    }


def test_the_125_places_of_a_risk_are_those_of_the_tables() -> None:
    """Read in the file itself, with no code of ours."""
    file = shipped("questionnaires") / "compte_qualite" / "instrument.yml"
    tables = yaml.safe_load(file.read_text("utf-8"))["risk"]
    gross = {row["gravity"]: row["levels"] for row in tables["gross"]}
    residual = {row["level"]: row["zones"] for row in tables["residual"]}
    worth = {"rouge": 0, "orange": 50, "vert": 100}
    assert [item.role for item in risks().items[:3]] == ["gravity", "likelihood", "control"]
    for (gravity, likelihood, control), score in places().items():
        level = gross[gravity][likelihood - 1]
        assert score == worth[residual[level][control - 1]], (gravity, likelihood, control)


def test_a_graver_risk_is_never_better_and_a_barrier_never_worse() -> None:
    found = places()
    for (g, v, c), score in found.items():
        for graver in ((g + 1, v, c), (g, v + 1, c), (g, v, c - 1)):
            assert found.get(graver, 0) <= score, (g, v, c)
    assert max(score for (g, _, _), score in found.items() if g == 5) < 100


@given(campaigns("risk"))
@SMALL
def test_only_one_group_alone_has_a_zone(made: Made) -> None:
    """Ratings are ranks: several groups stand side by side, nothing is averaged."""
    asked, rows = made
    found = scores(asked, rows).reset_index()
    if len(rows) > 1:
        assert (found["n_valid"] == 0).all()
        assert found["score"].isna().all()
    shown = found[found["n_valid"] > 0]
    for bound in NUMBERS[2:] if len(rows) == 1 else []:
        zones = shown["item"] == ""
        assert shown.loc[zones, bound].tolist() == shown.loc[zones, "score"].tolist()
    for dimension in asked.dimensions:
        complete = all(rows[0][c] in range(1, 6) for c in columns_of(asked, dimension.id))
        zone = found[(found["dimension"] == dimension.id) & (found["item"] == "")].iloc[0]
        assert (zone["n_valid"] == 1) == (complete and len(rows) == 1)


def test_a_second_group_takes_the_zone_away_whatever_it_answers() -> None:
    """« Ne sait pas » beside a green zone is not a green zone."""
    asked = risks()
    answered: list[Answer] = [1, 1, 5, 1, 1, 5]
    dimension = asked.dimensions[0].id
    zone = ("s", dimension, "", "risk")
    assert scores(asked, [answered]).loc[zone, "score"] == 100
    assert isnan(scores(asked, [answered, [9] * 6]).loc[zone, "score"])


def test_what_is_not_recorded_does_not_lower_the_all_or_none_score() -> None:
    """12 criteria at 95 %, so that .95**12 = 54.0 % of records meet them all; 5 % not recorded.

    Keeping of the incomplete records those with a « non » gave 42 %.
    """
    asked = instrument(["-+"] * 12, rule="conformity").model_copy(update={"subject": "record"})
    rng = np.random.default_rng(3)
    given = np.where(rng.random((4_000, 12)) < 0.95, 2, 1)
    seen = np.where(rng.random(given.shape) < 0.05, 99, given)
    true, found = (
        scores(asked, rows.tolist()).sort_index().loc[("s", "", "")]["score"]
        for rows in (given, seen)
    )
    assert found["all_or_none"] == pytest.approx(100 * 0.95**12, abs=3)
    assert found["all_or_none_least"] < true["all_or_none"] < found["all_or_none_most"]
    assert true["all_or_none_least"] == true["all_or_none"] == true["all_or_none_most"]
