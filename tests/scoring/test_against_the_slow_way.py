"""`evaluate` against the definitions written with plain loops, on random small campaigns."""

from math import isnan, nan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring import by_service, code_answers, evaluate
from qgdr_eval.scoring.tally import count_states, measure_dimension
from tests.scoring.campaigns import Answer, instrument, responses, roster, scores
from tests.thorough import examples

POLES = st.sampled_from(["-+", "-+r", "--=+", "--=+r", "--=++", "--=++r", "---=+++", "---=+++r"])
Rows = list[list[Answer]]


@st.composite
def campaigns(draw: st.DrawFn, rule: str | None = None) -> tuple[Instrument, Rows, list[str]]:
    dimensions = draw(st.lists(st.lists(POLES, min_size=1, max_size=4), min_size=1, max_size=2))
    rules = st.sampled_from(["positive_share", "mean_0_100"])
    asked = instrument(*dimensions, rule=rule or draw(rules))
    options = [
        st.sampled_from([*range(1, len(poles.rstrip("r")) + 1), 98, 99, None])
        for items in dimensions
        for poles in items
    ]
    rows = draw(st.lists(st.tuples(*options).map(list), min_size=1, max_size=12))
    services = draw(st.lists(st.sampled_from("ab"), min_size=len(rows), max_size=len(rows)))
    return asked, rows, services


def value(asked: Instrument, column: int, answer: Answer) -> float | None:
    """What one answer is worth, None when it is not valid."""
    item = asked.items[column]
    options = asked.scale_of(item).options
    ranks = [rank for rank, option in enumerate(options) if option.code == answer]
    if not ranks:
        return None
    if asked.dimension(item.dimension).rule == "mean_0_100":
        position = ranks[0] / (len(options) - 1)
        return 1 - position if item.reversed else position
    return float(options[ranks[0]].pole == ("negative" if item.reversed else "positive"))


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else nan


def columns_of(asked: Instrument, dimension: str) -> list[int]:
    return [i for i, item in enumerate(asked.items) if item.dimension == dimension]


def item_values(asked: Instrument, rows: Rows, column: int) -> list[float]:
    found = [value(asked, column, row[column]) for row in rows]
    return [one for one in found if one is not None]


def own_means(asked: Instrument, rows: Rows, columns: list[int], share: float) -> list[float]:
    """Each subject's mean over a dimension, when they answered enough of it."""
    means = []
    for row in rows:
        valid = [v for c in columns if (v := value(asked, c, row[c])) is not None]
        if valid and len(valid) >= share * len(columns):
            means.append(mean(valid))
    return means


def composite(asked: Instrument, rows: Rows, columns: list[int]) -> float:
    shares = [mean(item_values(asked, rows, column)) for column in columns]
    return mean([share for share in shares if not isnan(share)])


def slow_variance(asked: Instrument, rows: Rows, columns: list[int]) -> float:
    """Variance of a mean of ratios: Σ over subjects of (Σ over items (value − share)/n_item/J)²."""
    answered = [(c, item_values(asked, rows, c)) for c in columns]
    answered = [(c, values) for c, values in answered if values]
    total = 0.0
    for row in rows:
        pull = 0.0
        for column, values in answered:
            own = value(asked, column, row[column])
            if own is not None:
                pull += (own - mean(values)) / len(values) / len(answered)
        total += pull * pull
    return total


@given(campaigns())
@settings(deadline=None, max_examples=examples(150))
def test_scores(campaign: tuple[Instrument, Rows, list[str]]) -> None:
    asked, rows, services = campaign
    found = scores(asked, rows, services)
    for service in dict.fromkeys(services):
        inside = [row for row, one in zip(rows, services, strict=True) if one == service]
        for dimension in asked.dimensions:
            columns = columns_of(asked, dimension.id)
            for column in columns:
                valid = item_values(asked, inside, column)
                row = found.loc[(service, dimension.id, asked.codes[column], dimension.rule)]
                assert (row["n"], row["n_valid"]) == (len(inside), len(valid))
                assert row["score"] == pytest.approx(100 * mean(valid), nan_ok=True)
            row = found.loc[(service, dimension.id, "", dimension.rule)]
            if dimension.rule == "positive_share":
                assert row["score"] == pytest.approx(
                    100 * composite(asked, inside, columns), nan_ok=True
                )
                assert row["n_valid"] == len(own_means(asked, inside, columns, 0))
            else:
                means = own_means(asked, inside, columns, 0.5)
                assert row["n_valid"] == len(means)
                assert row["score"] == pytest.approx(100 * mean(means), nan_ok=True)
                agreed = found.loc[(service, dimension.id, "", "agreement_75"), "score"]
                reached = [float(one >= 0.75 - 1e-9) for one in means]
                assert agreed == pytest.approx(100 * mean(reached), nan_ok=True)


@given(campaigns("positive_share"))
@settings(deadline=None, max_examples=examples(100))
def test_variance_of_a_composite(campaign: tuple[Instrument, Rows, list[str]]) -> None:
    asked, rows, _ = campaign
    frame = responses(asked, rows)
    coded, breakdown = code_answers(frame, asked), by_service(frame, roster())
    counts = count_states(coded, breakdown)
    for dimension in asked.dimensions:
        row = next(measure_dimension(coded, counts, breakdown, dimension))
        if row.n_valid[0]:
            wanted = slow_variance(asked, rows, columns_of(asked, dimension.id))
            assert row.variance[0] == pytest.approx(wanted, abs=1e-12)


@given(st.lists(st.tuples(*[st.sampled_from([1, 2])] * 3).map(list), min_size=3, max_size=15))
@settings(deadline=None)
def test_the_jackknife_says_the_same_when_all_answer(rows: Rows) -> None:
    asked, n = instrument(["-+"] * 3), len(rows)
    without = [composite(asked, rows[:i] + rows[i + 1 :], [0, 1, 2]) for i in range(n)]
    jackknife = (n - 1) / n * sum((one - mean(without)) ** 2 for one in without)
    assert slow_variance(asked, rows, [0, 1, 2]) * n / (n - 1) == pytest.approx(
        jackknife, abs=1e-12
    )


@given(campaigns("positive_share"))
@settings(deadline=None, max_examples=examples(60))
def test_interval_of_a_composite(campaign: tuple[Instrument, Rows, list[str]]) -> None:
    asked, rows, _ = campaign
    columns = columns_of(asked, "d0")
    row = scores(asked, rows).loc[("s", "d0", "", "positive_share")]
    p = composite(asked, rows, columns)
    shares = [(mean(v), len(v)) for c in columns if (v := item_values(asked, rows, c))]
    n = min((k for _, k in shares), default=0)  # no better known than its least answered item
    if n < 2:
        return
    unrelated = sum(q * (1 - q) / k for q, k in shares) / len(shares) ** 2
    variance = max(slow_variance(asked, rows, columns), unrelated)
    quantile = student.ppf(0.975, n - 1)
    few = (n - 1) / n * (1.959963984540054 / quantile) ** 2
    size = max(n, p * (1 - p) / variance * few) if variance > 1e-15 else n
    z2 = 1.959963984540054**2
    middle, half = p + z2 / 2 / size, sqrt(z2 * p * (1 - p) / size + (z2 / 2 / size) ** 2)
    wanted = [100 * (middle - half) / (1 + z2 / size), 100 * (middle + half) / (1 + z2 / size)]
    assert [row["wide_low"], row["wide_high"]] == pytest.approx(wanted, abs=1e-6)


NUMBERS = ["score", "low", "high", "wide_low", "wide_high"]


@given(campaigns(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=examples(50))
def test_order_of_respondents_does_not_matter(campaign, random) -> None:  # type: ignore[no-untyped-def]
    asked, rows, services = campaign
    shuffled = list(zip(rows, services, strict=True))
    random.shuffle(shuffled)
    again = scores(asked, [row for row, _ in shuffled], [service for _, service in shuffled])
    first = scores(asked, rows, services)
    pd.testing.assert_frame_equal(
        first[["n", "n_valid", *NUMBERS]], again.loc[first.index, ["n", "n_valid", *NUMBERS]]
    )


@given(campaigns(), st.one_of(st.none(), st.integers(0, 20)))
@settings(deadline=None, max_examples=examples(100))
def test_bounds_hold_the_score(
    campaign: tuple[Instrument, Rows, list[str]], more: int | None
) -> None:
    asked, rows, _ = campaign
    found = scores(asked, rows, heads=[None if more is None else len(rows) + more]).dropna()
    low, mid, high = (found[name].to_numpy() for name in ("low", "score", "high"))
    wide_low, wide_high = found["wide_low"].to_numpy(), found["wide_high"].to_numpy()
    small = 1e-9
    assert (wide_low >= 0).all()
    assert (wide_low <= low + small).all()
    assert (low <= mid + small).all()
    assert (mid <= high + small).all()
    assert (high <= wide_high + small).all()
    assert (wide_high <= 100).all()


@given(campaigns())
@settings(deadline=None, max_examples=examples(30))
def test_given_answers_stay_as_given(campaign: tuple[Instrument, Rows, list[str]]) -> None:
    asked, rows, services = campaign
    frame = responses(asked, rows, services)
    kept = frame.copy(deep=True)
    names = list(frame["service"].cat.categories)
    evaluate(code_answers(frame, asked), [by_service(frame, roster(names))])
    pd.testing.assert_frame_equal(frame, kept)
    assert all(isinstance(frame[code].dtype, pd.Int16Dtype) for code in asked.codes)
    assert np.array_equal(frame.isna(), kept.isna())
