"""What is pooled over the services of a campaign, against R and by hand.

Fifteen people of three services answer six items. R 4.2.2, with ``X`` the values (0 to 1) of the
three items of a dimension, ``g`` the service of each person and ``m <- rowMeans(X)``:

    n <- tapply(m, g, length); p <- tapply(m, g, mean); v <- tapply(m, g, var); df <- sum(n - 1)
    D <- sum((n - 1) * v) / sum((n - 1) * (p * (1 - p) + v / n)) * (qt(.975, df) / qnorm(.975))^2
    centred <- apply(X, 2, function(x) x - ave(x, g))
    a <- psych::alpha(centred)$total$raw_alpha          # psych 2.2.9
    a / 3 / (1 + (1 / 3 - 1) * a)                       # of one item
    100 * sqrt(sum((n - 1) * v) / sum(n - 1))           # the deviation, in points
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.scoring import Breakdown, by_service, code_answers, evaluate, pool_spread, wilson
from qgdr_eval.scoring.spread import SPREAD_COLUMNS
from tests.scoring.campaigns import instrument, responses, roster
from tests.thorough import examples

YES_NO = [  # three items, 1 no and 2 yes
    *([2, 2, 2], [2, 1, 2], [1, 1, 1], [2, 2, 2], [1, 1, 2]),
    *([2, 2, 2], [2, 2, 2], [2, 1, 2], [1, 1, 2]),
    *([1, 1, 1], [1, 2, 1], [2, 2, 2], [1, 1, 1], [1, 1, 2], [2, 2, 2]),
]
AGREED = [
    *([5, 5, 4], [4, 3, 4], [2, 2, 1], [4, 5, 5], [1, 2, 3]),
    *([5, 4, 5], [4, 5, 5], [4, 3, 4], [2, 2, 3]),
    *([1, 2, 2], [2, 3, 1], [4, 4, 5], [3, 2, 2], [2, 1, 3], [5, 4, 5]),
]
PLACES = [*"aaaaa", *"bbbb", *"cccccc"]


def two_dimensions() -> Instrument:
    """Three yes/no items in shares, then three of five options in means."""
    asked = instrument(["-+"] * 3, ["--=++"] * 3)
    rules = ("positive_share", "mean_0_100")
    dimensions = tuple(
        Dimension(id=f"d{rank}", label="d", definition="d", rule=rule)
        for rank, rule in enumerate(rules)
    )
    return asked.model_copy(update={"dimensions": dimensions})


def services_of(frame: pd.DataFrame) -> Breakdown:
    return by_service(frame, roster(list(frame["service"].cat.categories)))


def pooled(
    asked: Instrument, rows: list[list[int | None]], places: list[str], shown: str | None = None
) -> pd.DataFrame:
    """The spread over the services named in ``shown`` (all of them), by dimension and item."""
    frame = responses(asked, rows, places)
    services = services_of(frame)
    names = services.groups["service"].tolist()
    seen = np.array([shown is None or name in shown for name in names])
    spread = pool_spread(code_answers(frame, asked), services, seen)
    assert list(spread) == SPREAD_COLUMNS
    return spread.set_index(["dimension", "item"])


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    rows = [[*first, *then] for first, then in zip(YES_NO, AGREED, strict=True)]
    return pooled(two_dimensions(), rows, PLACES)


@pytest.mark.parametrize(
    ("dimension", "item", "design_effect", "alpha"),
    [  # R gives D and α in full; the frame rounds D up and α down
        ("d0", "", 0.8212005, 0.7625772),
        ("d0", "D0I0", 1, 0.5170557),
        ("d1", "", 0.5135582, 0.8994580),
        ("d1", "D1I0", 0.6372153, 0.7488718),
        ("d1", "D1I1", 0.5283378, 0.7488718),
        ("d1", "D1I2", 0.6746566, 0.7488718),
        ("", "", 0.6472098, 0.9038141),
    ],
)
def test_pooled_figures_are_r_s(
    found: pd.DataFrame, dimension: str, item: str, design_effect: float, alpha: float
) -> None:
    row = found.loc[(dimension, item)]
    assert row["design_effect"] == pytest.approx(np.ceil(100 * design_effect - 1e-9) / 100)
    assert row["alpha"] == pytest.approx(np.floor(100 * alpha) / 100)
    assert row["services"] == 3


@pytest.mark.parametrize(
    ("dimension", "deviation"), [("d0", 41.814552), ("d1", 32.675807)]
)  # R gives it in full; the frame rounds it up to two digits
def test_the_deviation_between_people_is_r_s(
    found: pd.DataFrame, dimension: str, deviation: float
) -> None:
    assert found.loc[(dimension, ""), "deviation"] == np.ceil(deviation)


def test_the_deviation_is_told_of_dimensions_over_three_services_only(found: pd.DataFrame) -> None:
    assert found["deviation"].notna().tolist() == [item == "" for _, item in found.index]
    two = pooled(
        two_dimensions(), [[*y, *a] for y, a in zip(YES_NO, AGREED, strict=True)], PLACES, "ab"
    )
    assert two["deviation"].isna().all()


def test_services_that_differ_do_not_pass_for_people_who_agree() -> None:
    asked = instrument(["--=++"] * 3, rule="mean_0_100")
    moved = [[max(1, answer - 1) for answer in row] for row in AGREED]
    centred = [[2, 3, 4], [3, 4, 3], [4, 2, 2], [3, 3, 3]]
    apart = [*centred, *([one + 1 for one in row] for row in centred), *centred]
    together = [*centred] * 3
    places = [*"aaaabbbbcccc"]
    assert moved != AGREED
    alphas = [pooled(asked, rows, places).loc[("d0", ""), "alpha"] for rows in (apart, together)]
    assert alphas[0] == alphas[1]


def test_services_that_are_not_shown_count_for_nothing() -> None:
    asked = instrument(["--=++"] * 3, rule="mean_0_100")
    stray = [[1, 5, 1], [5, 1, 5], [1, 1, 5], [5, 5, 1]]
    found = pooled(asked, [*AGREED, *stray], [*PLACES, *"zzzz"], shown="abc")
    pd.testing.assert_frame_equal(found, pooled(asked, AGREED, PLACES))


def test_under_three_services_a_team_keeps_its_own_spread_and_alpha_says_little() -> None:
    asked = instrument(["--=++"] * 3, rule="mean_0_100")
    found = pooled(asked, AGREED, PLACES, shown="ab")
    assert found["design_effect"].isna().all()
    assert found["services"].tolist() == [2] * 4
    # α of services a and b is 0.90 in R, 0.75 for one item: one digit, rounded down.
    tenths = found["alpha"] * 10
    assert tenths.to_numpy() == pytest.approx(tenths.round().to_numpy())
    assert 0 < found.loc[("d0", "D0I0"), "alpha"] < found.loc[("d0", ""), "alpha"]


def test_what_cannot_be_estimated_claims_nothing() -> None:
    alone = pooled(instrument(["-+"]), [[2], [1], [2], [1], [2], [2]], [*"aabbcc"])
    assert alone["alpha"].tolist() == [0, 0]
    assert alone["design_effect"].tolist() == [1, 1]
    alike = pooled(instrument(["--=++"] * 2), [[4, 4]] * 6, [*"aabbcc"])
    assert alike["alpha"].tolist() == [0, 0, 0]
    assert alike["design_effect"].tolist() == [1, 1, 1]
    contrary = pooled(instrument(["-+"] * 2), [[1, 2], [2, 1]] * 3, [*"aabbcc"])
    assert contrary["alpha"].tolist() == [0, 0, 0]
    lonely = pooled(instrument(["-+"] * 2), [[1, 2], [2, 2], [1, 1]], [*"abc"])
    assert lonely["services"].tolist() == [0, 0, 0]
    assert lonely["alpha"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("subject", ["record", "group", "person"])
def test_only_people_have_days(subject: str) -> None:
    asked = instrument(["-+"] * 3).model_copy(update={"subject": subject})
    assert pooled(asked, YES_NO, PLACES).empty


@given(
    st.lists(
        st.tuples(*[st.sampled_from([1, 2, 3, 4, 5, 98, 99, None])] * 4).map(list),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["positive_share", "mean_0_100", "maturity"]),
)
@settings(deadline=None, max_examples=examples(60))
def test_figures_stay_within_what_they_mean(rows: list[list[int | None]], rule: str) -> None:
    asked = instrument(["--=++"] * 2, ["--=++"] * 2, rule=rule)
    found = pooled(asked, rows, [*("abcd" * 5)[: len(rows)]])
    assert found["alpha"].between(0, 0.99).all()
    assert found["design_effect"].dropna().between(0.001, 1).all()
    assert (found["design_effect"].isna() == (found["services"] < 3)).all()


def test_the_interval_of_a_team_by_hand() -> None:
    # a: p = 10/15, n = 5 of 6; D = 0.83, α = 0.76: 5 / 0.83 / (1 − 5/6 × 0.76) = 16.43.
    asked = instrument(["-+"] * 3)
    frame = responses(asked, YES_NO, PLACES)
    services = by_service(frame, roster([*"abc"], [6, 4, None]))
    coded = code_answers(frame, asked)
    spread = pool_spread(coded, services, np.array([True] * 3))
    scores = evaluate(coded, [services], spread=spread)
    rows = scores.astype({"service": str, "item": str}).set_index(["service", "item"])
    near = {  # everybody answered in b; in c nobody knows how many were asked
        ("a", ""): 5 / 0.83 / (1 - 5 / 6 * 0.76),
        ("b", ""): 4 / 0.83 / (1 - 0.76),
        ("c", ""): 6 / 0.83,
        ("a", "D0I0"): 5 / (1 - 5 / 6 * 0.51),
        ("b", "D0I2"): 4 / (1 - 0.51),
    }
    wide = {key: {"": 1 / 0.83}.get(key[1], 1) * {"a": 5, "b": 4, "c": 6}[key[0]] for key in near}
    for key, size in near.items():
        row = rows.loc[key]
        assert [row["low"], row["high"]] == pytest.approx(bounds(row["score"], size))
        assert [row["wide_low"], row["wide_high"]] == pytest.approx(bounds(row["score"], wide[key]))


def bounds(score: float, size: float) -> list[float]:
    return [100 * float(end) for end in wilson(score / 100, size)]


def test_a_dimension_counts_the_answers_of_a_typical_item() -> None:
    # 4 answers to one item, 2 to the other: the harmonic mean of 4 and 2 is 8/3.
    asked = instrument(["-+"] * 2)
    rows: list[list[int | None]] = [[2, 2], [1, 1], [2, None], [1, None]] * 3
    frame = responses(asked, rows, [*"aaaabbbbcccc"])
    services = by_service(frame, roster([*"abc"], [4, 4, 4]))
    coded = code_answers(frame, asked)
    spread = pd.DataFrame([("d0", "", 0.8, 0.5, 3, 40)], columns=SPREAD_COLUMNS)
    row = evaluate(coded, [services], spread=spread).query("item == ''").iloc[0]
    size = 8 / 3 / 0.8
    assert [row["wide_low"], row["wide_high"]] == pytest.approx(bounds(50, size))
    assert [row["low"], row["high"]] == pytest.approx(bounds(50, size / (1 - 2 / 3 * 0.5)))


def test_agreement_is_a_share_of_people_whatever_the_spread_of_their_means() -> None:
    asked = instrument(["--=++"] * 2, rule="mean_0_100")
    rows: list[list[int | None]] = [[5, 5], [4, 4], [5, 3], [4, 3], [1, None]]
    frame = responses(asked, rows)
    spread = pd.DataFrame([("d0", "", 0.3, 0.9, 3, 27)], columns=SPREAD_COLUMNS)
    services = by_service(frame, roster(["s"], [5]))
    found = evaluate(code_answers(frame, asked), [services], spread=spread)
    row = found[found["measure"] == "agreement_75"].iloc[0]
    assert [row["low"], row["high"]] == pytest.approx(bounds(60, 5))


def test_levels_take_the_enlarged_size_in_their_ranks() -> None:
    # 10 of 10, α = 0.8: ranks of 50 answers, the 18th of 50, so the 3rd of 10, and the 8th.
    asked = instrument(["--=++"], rule="maturity")
    rows: list[list[int | None]] = [[1], [2], [2], [3], [3], [3], [3], [4], [5], [5]]
    frame = responses(asked, rows)
    spread = pd.DataFrame([("d0", "D0I0", 1, 0.8, 3, np.nan)], columns=SPREAD_COLUMNS)
    services = by_service(frame, roster(["s"], [10]))
    found = evaluate(code_answers(frame, asked), [services], spread=spread)
    row = found[found["item"] == "D0I0"].iloc[0]
    assert row[["score", "low", "high"]].tolist() == [50, 25, 75]  # 3rd: level 2; 8th: level 4
    assert row[["wide_low", "wide_high"]].tolist() == [25, 100]  # the 2nd and the 9th
