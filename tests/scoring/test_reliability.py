"""Reliability against R, against published numbers, and where nothing can be computed.

Numbers marked R were computed with R 4.2.2, psych 2.2.9 and multilevel 2.7 (Debian 12), ``x``
being the items, ``cc = na.omit(x)`` and ``g`` the groups:

    a <- psych::alpha(cc)$total                      # raw_alpha, std.alpha
    psych::alpha.ci(a$raw_alpha, n.obs = nrow(cc), n.var = ncol(cc))          # Feldt
    psych::omega(cc, nfactors = 1, plot = FALSE)$omega.tot
    m <- aov(rowMeans(x, na.rm = TRUE) ~ as.factor(g))
    multilevel::ICC1(m); multilevel::ICC2(m)
    multilevel::rwg.j(x, g, ranvar = (5^2 - 1) / 12)$rwg.j

Only omega is iterative in both programs, hence its wider tolerance.
"""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale
from qgdr_eval.scoring import by_service, code_answers
from qgdr_eval.scoring.reliability import (
    alpha,
    design_effect,
    icc,
    loadings,
    measure_instrument,
    measure_reliability,
    omega,
    rwgj,
    spearman_brown,
    standardised_alpha,
)

# Invented: 24 subjects, 5 items answered 1 to 5, five groups of 3, 4, 5, 5 and 7.
FULL = pd.DataFrame(
    [
        [3, 1, 2, 2, 2], [4, 3, 3, 4, 3], [4, 4, 4, 3, 4],
        [4, 2, 4, 3, 3], [4, 4, 2, 3, 3], [4, 4, 4, 4, 5], [3, 4, 3, 4, 3],
        [3, 3, 4, 4, 2], [2, 3, 1, 2, 2], [4, 4, 3, 3, 3], [5, 3, 3, 4, 3], [2, 1, 2, 2, 3],
        [3, 2, 3, 2, 3], [1, 2, 1, 2, 1], [1, 2, 1, 2, 4], [1, 1, 1, 2, 2], [2, 3, 3, 2, 3],
        [2, 1, 2, 2, 3], [3, 3, 3, 3, 2], [2, 3, 1, 4, 2], [3, 2, 3, 3, 2], [2, 2, 1, 2, 1],
        [2, 3, 2, 3, 2], [2, 2, 4, 3, 4],
    ],
    columns=list("abcde"), dtype=float,
)  # fmt: skip
GROUPS = np.repeat([0, 1, 2, 3, 4], [3, 4, 5, 5, 7])
# Two subjects miss one answer, a third gave none.
HOLES = FULL.copy()
HOLES.iloc[3, 1] = HOLES.iloc[10, 4] = HOLES.iloc[19, :] = math.nan

BHR2000 = Path(__file__).parents[3] / "shared" / "data" / "bhr2000_leadership.csv"


class FromR(NamedTuple):
    n: int
    alpha: float
    low: float
    high: float
    standardised: float
    omega: float
    n_icc: int
    icc1: float
    icc2: float
    rwgj: list[float]


R_FULL = FromR(
    24, 0.828209764919, 0.688908258908, 0.916727166588, 0.829763228086, 0.835142745651,
    24, 0.366745104177, 0.735441765631,
    [0.792682926829, 0.902777777778, 0.803571428571, 0.890804597701, 0.905511811024],
)  # fmt: skip
R_HOLES = FromR(
    21, 0.852048558422, 0.721219953877, 0.932449339222, 0.857649443239, 0.864080087956,
    23, 0.377678989660, 0.736264913409,
    [0.792682926829, 0.921052631579, 0.808823529412, 0.890804597701, 0.911552346570],
)  # fmt: skip
CASES = pytest.mark.parametrize(
    ("answers", "r"), [(FULL, R_FULL), (HOLES, R_HOLES)], ids=["full", "holes"]
)


@CASES
def test_alpha_and_feldt_interval_agree_with_psych(answers, r):
    found = alpha(answers)
    assert (found.value, found.low, found.high) == pytest.approx((r.alpha, r.low, r.high), abs=1e-9)
    assert found.n == r.n
    assert standardised_alpha(answers) == pytest.approx(r.standardised, abs=1e-9)


@CASES
def test_omega_agrees_with_psych(answers, r):
    assert omega(answers) == pytest.approx(r.omega, abs=1e-6)


@CASES
def test_icc_agrees_with_multilevel(answers, r):
    assert icc(answers.mean(axis=1), GROUPS) == pytest.approx((r.icc1, r.icc2), abs=1e-9)


@CASES
def test_rwgj_agrees_with_multilevel(answers, r):
    found = rwgj(answers, GROUPS, options=5)
    assert list(found.index) == [0, 1, 2, 3, 4]
    assert found.to_list() == pytest.approx(r.rwgj, abs=1e-9)


def test_rwgj_of_total_disagreement_unanimity_and_one_subject_agrees_with_multilevel():
    # R: rwg.j(data.frame(a = c(1,5,3,3,2), b = c(5,1,3,3,2)), c(0,0,1,1,2), ranvar = 2) -> 0 1 NA
    answers = [[1, 5], [5, 1], [3, 3], [3, 3], [2, 2]]
    found = rwgj(answers, [0, 0, 1, 1, 2], options=5)
    assert found.to_list() == pytest.approx([0, 1, math.nan], nan_ok=True)


@CASES
def test_measure_reliability_gathers_every_coefficient(answers, r):
    rows = measure_reliability(answers, GROUPS, "climate", 5)
    assert list(rows) == ["dimension", "measure", "n", "value", "low", "high"]
    assert set(rows["dimension"]) == {"climate"}
    found = rows.set_index("measure")
    assert found["value"].to_dict() == pytest.approx(
        {
            "alpha": r.alpha,
            "omega": r.omega,
            "icc1": r.icc1,
            "icc2": r.icc2,
            "rwgj_median": float(np.median(r.rwgj)),
            "n_services": 5,
        },
        abs=1e-6,
    )
    assert found["n"].to_list() == [r.n, r.n, r.n_icc, r.n_icc, r.n, r.n_icc]
    assert found.loc["alpha", ["low", "high"]].to_list() == pytest.approx([r.low, r.high])
    assert found.drop("alpha")[["low", "high"]].isna().all(axis=None)


def test_reliability_is_that_of_the_score_printed():
    """R, of (x >= 3) * 1, what a positive share counts: psych::alpha, alpha.ci; fa(b, 1) gives
    1 - sum(1 - loadings^2) / sum(cor(b)); ICC by anova(lm(rowMeans(b) ~ factor(g))).
    """
    poles = ("negative", "negative", "positive", "positive", "positive")
    scale = Scale(
        label="s",
        options=tuple(Option(code=i, label=f"o{i}", pole=pole) for i, pole in enumerate(poles, 1)),
    )
    asked = Instrument(
        id="x", version="1.0.0", title="x", source="x", licence="MIT", subject="respondent",
        scales={"s": scale},
        dimensions=(Dimension(id="d", label="d", definition="d", rule="positive_share"),),
        items=tuple(Item(code=c, text=c, dimension="d", scale="s") for c in "abcde"),
    )  # fmt: skip
    places = pd.Categorical([f"s{rank}" for rank in GROUPS])
    responses = FULL.astype("Int16").assign(facility=pd.Categorical(["f"] * 24), service=places)
    roster = pd.DataFrame(
        {
            "facility": ["f"] * 5,
            "service": [f"s{i}" for i in range(5)],
            "head_count": [math.nan] * 5,
        }
    )
    services = by_service(responses, roster)
    measured = measure_instrument(code_answers(responses, asked), services, np.full(5, True), 5)
    found = measured.set_index("measure")
    assert found.loc["alpha", ["value", "low", "high"]].tolist() == pytest.approx(
        [0.763850795392, 0.572361798188, 0.885530086350], abs=1e-9
    )
    assert found.loc["omega", "value"] == pytest.approx(0.782554901, abs=1e-5)
    assert found.loc[["icc1", "icc2"], "value"].tolist() == pytest.approx(
        [0.259895196457, 0.627639286979], abs=1e-9
    )
    agreed = rwgj(FULL, GROUPS, 5).median()  # of the answers as given, on their five options
    assert found.loc["rwgj_median", "value"] == pytest.approx(agreed)


def test_an_item_that_goes_against_the_others_is_told():
    """R: psych::fa(y, 1), the fifth column turned round, loads .83 .67 .76 .75 and -.50."""
    turned = FULL.assign(e=6 - FULL["e"])
    assert loadings(turned) == pytest.approx(
        [0.8341248, 0.6690728, 0.7638776, 0.7530395, -0.5041321], abs=1e-3
    )
    found = measure_reliability(turned, GROUPS, "climate", 5).set_index("measure")
    assert found.loc["omega_against", "value"] == 1
    assert "omega_against" not in set(measure_reliability(FULL, GROUPS, "climate", 5)["measure"])


def test_subjects_in_no_service_count_between_items_but_not_between_services():
    elsewhere = np.where(GROUPS == 4, -1, GROUPS)
    found = measure_reliability(FULL, elsewhere, "climate", 5).set_index("measure")
    inside = GROUPS != 4
    assert found.loc["alpha", "value"] == alpha(FULL).value
    assert tuple(found.loc[["icc1", "icc2"], "value"]) == icc(
        FULL[inside].mean(axis=1), GROUPS[inside]
    )
    assert found.loc["n_services", "value"] == 4
    assert list(rwgj(FULL, elsewhere, 5).index) == [0, 1, 2, 3]


def test_services_need_not_be_numbered_without_gaps():
    assert icc(FULL.mean(axis=1), GROUPS * 10 + 7) == icc(FULL.mean(axis=1), GROUPS)


def test_bhr2000_agrees_with_r():
    if not BHR2000.exists():
        pytest.skip(f"bhr2000 is not distributed with the project: no {BHR2000.name} beside it")
    people = pd.read_csv(BHR2000)
    found = measure_reliability(
        people.loc[:, "AF06":"AS28"].astype(float), people["GRP"], "leadership", 5
    ).set_index("measure")
    # R, as above: alpha, omega.tot, ICC1, ICC2, median of rwg.j, groups
    expected = [0.891343259786, 0.892872985711, 0.135699187809, 0.895439994879, 0.892454066287, 99]
    assert found["value"].to_list() == pytest.approx(expected, abs=1e-6)
    assert found.loc["alpha", ["low", "high"]].to_list() == pytest.approx(
        [0.886994468546, 0.895592503479], abs=1e-9
    )
    assert set(found["n"]) == {5400}


def test_textbook_standardised_alpha():
    assert spearman_brown(0.268849, 7) == pytest.approx(0.720197, abs=5e-7)
    assert standardised_alpha(_correlated(0.268849, items=7)) == pytest.approx(0.720197, abs=5e-7)


def test_parallel_items_have_the_same_alpha_and_omega():
    answers = _correlated(0.4, items=6)
    assert omega(answers) == pytest.approx(spearman_brown(0.4, 6), abs=1e-8)
    assert alpha(answers).value == pytest.approx(spearman_brown(0.4, 6), abs=1e-9)


def test_omega_of_a_known_factor():
    loadings = np.array([0.9, 0.7, 0.5, 0.3])
    correlations = np.outer(loadings, loadings)
    np.fill_diagonal(correlations, 1)
    explained = loadings.sum() ** 2
    assert omega(_with_correlations(correlations)) == pytest.approx(
        explained / (explained + (1 - loadings**2).sum()), abs=1e-8
    )


def test_design_effect_of_equal_and_unequal_services():
    assert design_effect(0.05, np.repeat([0, 1, 2], 20)) == pytest.approx(1 + 19 * 0.05)
    # Σn²/Σn = (4 + 36)/8 = 5; the fourth group is nowhere.
    assert design_effect(0.10, [0, 0, 1, 1, 1, 1, 1, 1, -1]) == pytest.approx(1.4)
    assert math.isnan(design_effect(0.05, [-1, -1]))


IMPOSSIBLE = {
    "nobody": np.empty((0, 3)),
    "no item": np.empty((5, 0)),
    "one item": FULL[["a"]].to_numpy(),
    "two subjects": FULL.to_numpy()[:2],
    "nobody complete": np.where(np.eye(4) > 0, math.nan, 3.0),
    "constant items": np.full((6, 4), 0.1),
    "items cancelling out": np.column_stack([np.arange(5) / 10, 1 - np.arange(5) / 10]),
}


@pytest.mark.parametrize("answers", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_computed_between_items_is_nan(answers):
    found = alpha(answers)
    assert np.isnan([found.value, found.low, found.high]).all()
    assert math.isnan(standardised_alpha(answers))
    assert math.isnan(omega(answers))
    rows = measure_reliability(pd.DataFrame(answers), np.zeros(len(answers), int), "any", 5)
    assert rows.loc[rows["measure"].isin(["alpha", "omega", "icc1", "icc2"]), "value"].isna().all()


def test_items_that_do_not_follow_one_another_measure_nothing():
    answers = [[a, b, c] for a in (1, 5) for b in (1, 5) for c in (1, 5)]
    assert alpha(answers).value == pytest.approx(0)
    assert standardised_alpha(answers) == pytest.approx(0)
    assert omega(answers) == pytest.approx(0, abs=1e-6)


def test_one_constant_item_leaves_alpha_but_neither_correlations_nor_omega():
    answers = FULL.assign(f=3.0)
    assert alpha(answers).value < alpha(FULL).value
    assert math.isnan(standardised_alpha(answers))
    assert math.isnan(omega(answers))


def test_omega_needs_three_items_and_a_proper_solution():
    assert math.isnan(omega(FULL[["a", "b"]]))
    heywood = np.array([[1, 0.8, 0.7], [0.8, 1, 0.3], [0.7, 0.3, 1]])  # 0.8 × 0.7 / 0.3 > 1
    assert math.isnan(omega(_with_correlations(heywood)))
    assert omega(FULL[["a", "a", "a"]]) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        ([], []),
        ([1, 2, 3], [0, 0, 0]),
        ([1, 2, 3], [-1, -1, -1]),
        ([1, 2, 3], [0, 1, 2]),
        ([0.1, 0.1, 0.1, 0.1], [0, 0, 1, 1]),
        ([math.nan, 2, 3, math.nan], [0, 0, 1, 1]),
    ],
    ids=["nobody", "one group", "nowhere", "singletons", "constant", "one answer each"],
)
def test_what_cannot_be_computed_between_services_is_nan(values, groups):
    assert np.isnan(icc(values, groups)).all()


def test_services_with_equal_means_have_no_icc2():
    icc1, icc2 = icc([1, 3, 1, 3], [0, 0, 1, 1])
    assert icc1 == pytest.approx(-1)
    assert math.isnan(icc2)


def test_rwgj_without_anybody_or_without_a_choice_is_nan():
    assert rwgj(np.empty((0, 2)), np.empty(0, int), 5).empty
    assert rwgj(FULL, GROUPS, options=1).isna().all()


ANSWERS = st.tuples(st.integers(3, 12), st.integers(2, 6)).flatmap(
    lambda shape: arrays(int, shape, elements=st.integers(1, 5))
)


@settings(deadline=None)
@given(ANSWERS, st.randoms(use_true_random=False), st.integers(-50, 50))
def test_alpha_ignores_the_order_of_subjects_and_items_and_the_origin(answers, random, constant):
    rows, items = (random.sample(range(size), size) for size in answers.shape)
    expected, found = alpha(answers), alpha(answers[rows][:, items] + constant)
    assert (found.value, found.low, found.high) == pytest.approx(
        (expected.value, expected.low, expected.high), nan_ok=True
    )


@settings(deadline=None)
@given(ANSWERS)
def test_alpha_lies_in_its_interval_and_omega_is_at_most_one(answers):
    found = alpha(answers)
    assume(not math.isnan(found.value))
    assert found.low <= found.value <= found.high <= 1
    explained = omega(answers)
    assert math.isnan(explained) or explained <= 1 + 1e-6


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(-1, 3)), max_size=30))
def test_icc2_is_icc1_stepped_up_to_the_mean_size(subjects):
    values, groups = [value for value, _ in subjects], [group for _, group in subjects]
    icc1, icc2 = icc(values, groups)
    assume(not math.isnan(icc2))
    placed = [group for group in groups if group >= 0]
    size = len(placed) / len(set(placed))
    assert icc2 == pytest.approx(size * icc1 / (1 + (size - 1) * icc1))
    assert icc1 <= 1
    assert icc2 <= 1


def _correlated(r: float, items: int) -> np.ndarray:
    return _with_correlations(np.full((items, items), r) + (1 - r) * np.eye(items))


def _with_correlations(correlations: np.ndarray, n: int = 60) -> np.ndarray:
    """Numbers whose sample correlations are exactly the ones given."""
    noise = np.random.default_rng(20).normal(size=(n, len(correlations)))
    independent = np.linalg.qr(noise - noise.mean(axis=0))[0]
    return independent @ np.linalg.cholesky(correlations).T
