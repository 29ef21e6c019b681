"""Scores by hand: rules, scales, missing answers, groups and totals."""

from math import isnan, nan

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.scoring import (
    by_service,
    by_stratum,
    code_answers,
    distribute,
    evaluate,
    totals,
    wilson,
)
from qgdr_eval.scoring.coding import DONT_KNOW, MISSING, NOT_APPLICABLE
from qgdr_eval.scoring.spread import SPREAD_COLUMNS
from tests.scoring.campaigns import instrument, responses, roster, scores

SHARE, MEAN, AGREEMENT = "positive_share", "mean_0_100", "agreement_75"


def score(found: pd.DataFrame, item: str = "", measure: str = SHARE, service: str = "s") -> float:
    return float(found.loc[(service, "d0", item, measure), "score"])


def counted(*pairs: tuple[int, int]) -> list[list[int | None]]:
    """Rows of yes/no items (1 no, 2 yes) with so many yes of so many answers."""
    return [
        [2 if i < yes else 1 if i < n else None for yes, n in pairs]
        for i in range(max(n for _, n in pairs))
    ]


def test_ahrq_2007_teamwork() -> None:
    found = scores(instrument(["-+"] * 4), counted((83, 100), (85, 100), (76, 100), (67, 100)))
    assert score(found) == pytest.approx(77.75)


def test_a_composite_is_not_pooled() -> None:
    found = scores(instrument(["-+"] * 2), counted((9, 10), (1, 2)))
    assert score(found) == pytest.approx(70)  # pooled: 10 / 12 = 83.3


def test_an_item_nobody_answered_leaves_the_composite() -> None:
    found = scores(instrument(["-+"] * 3), counted((9, 10), (0, 0), (5, 10)))
    assert score(found) == pytest.approx(70)
    assert isnan(score(found, "D0I1"))
    assert found.loc[("s", "d0", "D0I1", SHARE), "status"] == "no_answer"


def test_missing_not_applicable_and_dont_know_are_three_things() -> None:
    asked = instrument(["--=++", "--=++r"])
    frame = responses(asked, [[4, 4], [None, 98], [98, 99], [99, None]])
    coded = code_answers(frame, asked)
    assert coded.states.tolist() == [
        [3, MISSING, NOT_APPLICABLE, DONT_KNOW],
        [1, NOT_APPLICABLE, DONT_KNOW, MISSING],
    ]
    spread = distribute(coded, by_service(frame, roster())).set_index(["item", "state"])
    for state in ("missing", "not_applicable", "dont_know"):
        assert spread.loc[("D0I0", state), ["count", "share"]].tolist() == [1, 25]
    found = scores(asked, [[4, 4], [None, 98], [98, 99], [99, None]])
    assert found.loc[("s", "d0", "D0I0", SHARE), ["n", "n_valid", "score"]].tolist() == [4, 1, 100]
    assert found.loc[("s", "d0", "D0I1", SHARE), ["n", "n_valid", "score"]].tolist() == [4, 1, 0]
    assert found.loc[("s", "d0", "", SHARE), ["n", "n_valid", "score"]].tolist() == [4, 1, 50]


@pytest.mark.parametrize(
    ("poles", "answers", "favourable"),
    [
        ("-+", [1, 2], 50),
        ("-+r", [2, 2, 1], 100 / 3),
        ("--=+", [1, 2, 3, 4], 25),
        ("--=+r", [1, 2, 3, 4], 50),
        ("-=++", [1, 2, 3, 4], 50),
        ("-=++r", [1, 2, 3, 4], 25),
        ("--=++", [1, 2, 3, 4, 5], 40),
        ("--=++r", [1, 2, 3, 4, 5], 40),
        ("---=+++", [1, 2, 3, 4, 5, 6, 7], 300 / 7),
        ("-----=+++++", [6, 7], 50),
    ],
)
def test_scales(poles: str, answers: list[int], favourable: float) -> None:
    found = scores(instrument([poles]), [[answer] for answer in answers])
    assert score(found, "D0I0") == pytest.approx(favourable)


@pytest.mark.parametrize(
    ("poles", "answer", "value"),
    [
        ("-+", 2, 100),
        ("--=+", 2, 100 / 3),
        ("--=+r", 2, 200 / 3),
        ("--=++", 4, 75),
        ("--=++r", 4, 25),
        ("---=+++", 5, 400 / 6),
    ],
)
def test_mean_values_are_evenly_spaced(poles: str, answer: int, value: float) -> None:
    found = scores(instrument([poles], rule=MEAN), [[answer]])
    assert score(found, measure=MEAN) == pytest.approx(value)


def test_mean_and_agreement_by_hand() -> None:
    rows = [[5, 5], [4, 4], [5, 3], [4, 3], [1, None]]  # 100, 75, 75, 62.5, 0
    found = scores(instrument(["--=++"] * 2, rule=MEAN), rows)
    assert score(found, measure=MEAN) == pytest.approx(62.5)
    assert score(found, measure=AGREEMENT) == pytest.approx(60)
    low, high = wilson(0.6, 5)  # agreement is a share of people
    row = found.loc[("s", "d0", "", AGREEMENT)]
    assert [row["low"], row["high"]] == pytest.approx([100 * low, 100 * high])


def test_a_subject_with_too_few_answers_has_no_mean() -> None:
    asked = instrument(["--=++"] * 4, rule=MEAN)
    found = scores(asked, [[5, None, None, None], [3, 3, None, None], [98, 99, None, None]])
    assert found.loc[("s", "d0", "", MEAN), ["n", "n_valid", "score"]].tolist() == [3, 1, 50]
    strict = instrument(["--=++"] * 4, rule=MEAN, enough=1)
    assert scores(strict, [[3, 3, 3, 98]]).loc[("s", "d0", "", MEAN), "n_valid"] == 0


@pytest.mark.parametrize("poles", ["-+r", "--=+r", "--=++r", "---=+++r"])
@pytest.mark.parametrize("rule", [SHARE, MEAN])
def test_already_reversed_mirrors_as_worded(poles: str, rule: str) -> None:
    last = len(poles.rstrip("r"))
    rows = [[i % last + 1, (i * 3) % last + 1] for i in range(11)]
    mirrored = [[a, last + 1 - b] for a, b in rows]
    asked = instrument([poles.rstrip("r"), poles], rule=rule)
    pd.testing.assert_frame_equal(
        scores(asked, rows), scores(asked, mirrored, already_reversed=True)
    )


def test_one_respondent() -> None:
    found = scores(instrument(["--=++"] * 3), [[4, 5, 1]])
    row = found.loc[("s", "d0", "", SHARE)]
    assert row["score"] == pytest.approx(200 / 3)
    assert [row["low"], row["high"]] == pytest.approx([100 * x for x in wilson(2 / 3, 1)])
    assert found.notna().all(axis=None)


def test_item_interval_is_wilsons() -> None:
    found = scores(instrument(["-+"] * 3), counted((7, 9), (2, 9), (4, 5))).loc["s", "d0"]
    for item, share, n in (("D0I0", 7 / 9, 9), ("D0I1", 2 / 9, 9), ("D0I2", 4 / 5, 5)):
        low, high = wilson(share, n)
        row = found.loc[(item, SHARE)]
        assert [row["low"], row["high"]] == pytest.approx([100 * low, 100 * high])
        assert [row["wide_low"], row["wide_high"]] == [row["low"], row["high"]]


def test_a_composite_of_one_item_is_its_item() -> None:
    found = scores(instrument(["--=++"]), [[4], [2], [5], [None]], heads=[7])
    numbers = ["n_valid", "score", "low", "high", "wide_low", "wide_high"]
    assert found.loc[("s", "d0", "", SHARE), numbers].tolist() == pytest.approx(
        found.loc[("s", "d0", "D0I0", SHARE), numbers].tolist()
    )


def test_everybody_answered_still_leaves_the_day_in_doubt() -> None:
    spread = pd.DataFrame(
        [("d0", "", 0.75, 0.6, 3, 43), ("d0", "D0I0", 1, 0.4, 3, np.nan)], columns=SPREAD_COLUMNS
    )
    asked, rows = instrument(["-+"] * 2), counted((3, 5), (4, 5))
    frame = responses(asked, rows)
    found = evaluate(
        code_answers(frame, asked), [by_service(frame, roster(["s"], [5]))], spread=spread
    ).set_index("item")
    for item, size in (("", 5 / 0.75 / 0.4), ("D0I0", 5 / 0.6), ("D0I1", 5)):
        row = found.loc[item]
        low, high = wilson(row["score"] / 100, size)
        assert [row["low"], row["high"]] == pytest.approx([100 * low, 100 * high])
        assert row["wide_low"] <= row["low"] < row["score"] < row["high"] <= row["wide_high"]


def test_without_a_reliability_nothing_is_gained_by_asking_everybody() -> None:
    found = scores(instrument(["-+"]), counted((6, 9)) + [[None]] * 3, heads=[12])
    row = found.loc[("s", "d0", "D0I0", SHARE)]
    assert [row["low"], row["high"]] == [row["wide_low"], row["wide_high"]]


def test_groups_nobody_answered_for() -> None:
    asked = instrument(["-+"] * 2)
    frame = responses(asked, counted((2, 3), (1, 3)), ["a"] * 3)
    found = evaluate(code_answers(frame, asked), [by_service(frame, roster(["a", "absent"]))])
    assert found["service"].astype(str).unique().tolist() == ["a", "absent"]
    empty = found[found["service"] == "absent"]
    assert (empty["n"] == 0).all()
    assert (empty["status"] == "no_answer").all()
    assert empty[["score", "low", "high", "wide_low", "wide_high"]].isna().all(axis=None)


def test_subjects_in_no_group_count_nowhere() -> None:
    asked = instrument(["-+"] * 2)
    rows = [[2, 2], [1, 2], [1, 1], [1, 1]]
    for stray in (None, "not in the roster"):
        frame = responses(asked, rows, ["a", "a", stray, stray])
        services = by_service(frame, roster(["a", "z"]))
        assert services.sizes().tolist() == [2, 0]
        assert services.codes.tolist() == [0, 0, -1, -1]
        whole = totals(services, "campaign", np.array([True, True]))
        found = evaluate(code_answers(frame, asked), [services, whole])
        shown = found.query("item == '' and n > 0")
        assert shown["score"].tolist() == pytest.approx([75, 75])


def test_no_respondent_at_all() -> None:
    asked = instrument(["-+"])
    frame = responses(asked, [])
    found = evaluate(code_answers(frame, asked), [by_service(frame, roster())])
    assert found["status"].tolist() == ["no_answer", "no_answer"]


def test_unknown_codes_are_refused() -> None:
    asked = instrument(["-+"])
    for code in (0, 3, -1, 97, -1999, 1500, 32767):
        with pytest.raises(ValueError, match="D0I0"):
            code_answers(responses(asked, [[code]]), asked)


# Two facilities share a service name; one head count is unknown.
PLACES = ["f", "f", "f", "g", "g", "g", "g"]
TEAMS = ["a", "a", "b", "a", "a", "a", "c"]
ROWS = [[2, 2], [1, 2], [2, 1], [1, 1], [1, 2], [2, 2], [1, 1]]
ASKED = instrument(["-+"] * 2)
FRAME = responses(ASKED, ROWS, TEAMS, PLACES).assign(
    job=pd.Categorical(["x", "y", "x", None, "x", "y", "x"], ["x", "y"])
)
ROSTER = roster(["a", "b", "a", "c"], [4, 2, 3, None], ["f", "f", "g", "g"])


def test_totals_sum_their_services() -> None:
    services = by_service(FRAME, ROSTER)
    everybody = np.ones(4, dtype=bool)
    facility, campaign = (totals(services, one, everybody) for one in ("facility", "campaign"))
    assert services.sizes().tolist() == [2, 1, 3, 1]
    assert facility.sizes().tolist() == [3, 4]
    assert campaign.sizes().tolist() == [7]
    assert facility.groups["head_count"].tolist() == pytest.approx([6, nan], nan_ok=True)
    assert np.isnan(campaign.groups.loc[0, "head_count"])
    found = evaluate(code_answers(FRAME, ASKED), [services, facility, campaign], "2026")
    shown = found.query("item == ''").astype({"facility": str, "service": str})
    assert shown[["facility", "service"]].to_numpy().tolist() == [
        ["f", "a"],
        ["f", "b"],
        ["g", "a"],
        ["g", "c"],
        ["f", ""],
        ["g", ""],
        ["", ""],
    ]
    assert shown["score"].tolist() == pytest.approx([75, 50, 50, 0, 200 / 3, 37.5, 50])


def test_totals_leave_services_out() -> None:
    services = by_service(FRAME, ROSTER)
    kept = np.array([True, False, True, False])
    assert totals(services, "facility", kept).sizes().tolist() == [2, 3]
    campaign = totals(services, "campaign", kept)
    assert campaign.sizes().tolist() == [5]
    assert campaign.groups["head_count"].tolist() == [7]
    assert campaign.codes.tolist() == [0, 0, -1, 0, 0, 0, -1]


def test_strata_split_each_group() -> None:
    split = by_stratum(by_service(FRAME, ROSTER), FRAME, "job")
    assert split.groups["stratum"].tolist() == ["job=x", "job=y", "job="] * 4
    assert split.sizes().tolist() == [1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0]
    assert split.groups["head_count"].isna().all()
    found = evaluate(code_answers(FRAME, ASKED), [split]).query("item == ''")
    assert found["score"].tolist() == pytest.approx(
        [100, 50, nan, 50, nan, nan, 50, 100, 0, 0, nan, nan], nan_ok=True
    )


def test_strata_keep_subjects_of_no_group_out() -> None:
    whole = totals(by_service(FRAME, ROSTER), "campaign", np.array([True, True, False, False]))
    assert by_stratum(whole, FRAME, "job").sizes().tolist() == [2, 1, 0]


def test_splitting_then_totalling_is_scoring_the_total() -> None:
    services = by_service(FRAME, ROSTER)
    campaign = totals(services, "campaign", np.ones(4, dtype=bool))
    coded = code_answers(FRAME, ASKED)
    alone = responses(ASKED, ROWS)
    direct = evaluate(code_answers(alone, ASKED), [by_service(alone, roster())])
    numbers = ["n", "n_valid", "score", "low", "high", "wide_low", "wide_high"]
    pd.testing.assert_frame_equal(evaluate(coded, [campaign])[numbers], direct[numbers])
