"""A service beside itself: methods, families of tests, verdicts, and what stays unsaid."""

import dataclasses
from collections.abc import Mapping
from math import hypot

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from qgdr_eval.comparison.differences import newcombe, newcombe_paired
from qgdr_eval.comparison.evolution import EVOLUTION_COLUMNS, compare_campaigns
from qgdr_eval.disclosure import Published, publish
from qgdr_eval.disclosure.pairs import publish_pairs
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale
from qgdr_eval.scoring import code_answers, wilson
from qgdr_eval.scoring.pairs import pair_records
from tests.answered import answered, publish_answers
from tests.disclosure.campaigns import answers, campaign
from tests.thorough import examples

YES_NO = Scale(
    label="critère",
    options=(
        Option(code=1, label="non", pole="negative"),
        Option(code=2, label="oui", pole="positive"),
    ),
)
Counts = Mapping[str, tuple[int, int]]  # by criterion, how many records meet it, of how many
NUMBERS = ["n_before", "n", "score_before", "score", "difference", "low", "high"]


def grid(
    *items: str, subject: str = "record", rule: str = "positive_share", **changes: object
) -> Instrument:
    """Yes/no criteria, the first letter of each naming its dimension."""
    ids = list(dict.fromkeys(code[0].lower() for code in items))
    return Instrument(
        id="grille",
        version="1.0.0",
        title="Grille",
        source="invention",
        licence="MIT",
        subject=subject,
        scales={"yes": YES_NO},
        dimensions=tuple(Dimension(id=id, label=id, definition=id, rule=rule) for id in ids),
        items=tuple(
            Item(code=code, text=code, dimension=code[0].lower(), scale="yes") for code in items
        ),
    ).model_copy(update=changes)


GRID = grid("dA", "dB")


def published(services: Mapping[str, Counts], asked: Instrument = GRID) -> Published:
    """Records of the services of one facility, shown from five on."""
    given = {
        ("f", service): answered(
            asked, {code: [(2, met), (1, n - met)] for code, (met, n) in counts.items()}
        )
        for service, counts in services.items()
    }
    return publish_answers(asked, given, minimum=5)


def rounds(
    before: tuple[int, int], after: tuple[int, int], asked: Instrument = GRID
) -> list[Published]:
    """One criterion of one service, met in so many records of so many, twice."""
    return [published({"a": {"dA": counts}}, asked) for counts in (before, after)]


def of(rows: pd.DataFrame, **values: str) -> pd.Series:
    for name, value in values.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_dimension_is_compared_by_its_two_intervals() -> None:
    row = of(compare_campaigns(*rounds((24, 40), (30, 40))), dimension="d", item="")
    (low_before, high_before), (low, high) = (
        [100 * float(end) for end in wilson(met / 40, 40)] for met in (24, 30)
    )
    below, above = hypot(75 - low, high_before - 60), hypot(high - 75, 60 - low_before)
    assert row[NUMBERS].tolist() == pytest.approx([40, 40, 60, 75, 15, 15 - below, 15 + above])
    assert row[["item", "method", "verdict"]].tolist() == ["", "mover", "not_established"]


def test_a_dimension_whose_intervals_are_narrow_has_moved() -> None:
    row = of(compare_campaigns(*rounds((48, 80), (56, 70))), dimension="d", item="")
    assert row[["method", "verdict"]].tolist() == ["mover", "improved"]


def test_a_criterion_of_an_audit_is_compared_by_newcombe() -> None:
    # Newcombe 1998, table II: 56/70 − 48/80 = .20 (.0524 to .3339).
    row = of(compare_campaigns(*rounds((48, 80), (56, 70))), item="dA")
    assert row[NUMBERS].tolist() == pytest.approx([80, 70, 60, 80, 20, 5.24, 33.39], abs=0.005)
    assert row[["method", "verdict"]].tolist() == ["newcombe", "improved"]


@pytest.mark.parametrize("subject", ["group", "person"])
def test_two_declared_positions_are_set_side_by_side_and_not_tested(subject) -> None:
    asked = grid("dA", subject=subject)
    row = of(compare_campaigns(*rounds((48, 80), (56, 70), asked)), item="dA")
    assert row[["method", "verdict"]].tolist() == ["declared", "declared"]
    assert row["difference"] == pytest.approx(20)
    assert row[["low", "high", "p"]].isna().all()


def test_an_item_answered_by_people_is_compared_by_its_two_intervals() -> None:
    asked = grid("dA", subject="respondent")
    row = of(compare_campaigns(*rounds((48, 80), (56, 70), asked)), item="dA")
    assert row["method"] == "mover"
    assert row[NUMBERS].tolist() == pytest.approx([80, 70, 60, 80, 20, 5.24, 33.39], abs=0.005)


COUNTS = st.integers(5, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=10, max_size=10))
@settings(max_examples=examples(4), deadline=None)
def test_counts_are_recovered_whatever_they_were(pairs) -> None:
    """Each pair of counts in a service of its own, so that nothing is adjusted for."""
    before, after = (
        published({f"s{i}": {"dA": pair[side]} for i, pair in enumerate(pairs)}) for side in (0, 1)
    )
    found = compare_campaigns(before, after)
    for i, counts in enumerate(pairs):
        row = of(found, service=f"s{i}", item="dA")
        theirs = confint_proportions_2indep(*counts[1], *counts[0], method="newcomb")
        assert (row["low"], row["high"]) == pytest.approx([100 * x for x in theirs], abs=1e-6)
        assert row["low"] <= row["difference"] <= row["high"]
        if row["verdict"] != "not_established":
            assert row["verdict"] == ("improved" if row["difference"] > 0 else "worsened")


@pytest.mark.parametrize(
    ("before", "after", "verdict", "five_points"),
    [
        ((48, 80), (56, 70), "improved", True),
        ((56, 70), (48, 80), "worsened", True),
        ((15, 30), (18, 30), "not_established", True),  # 10 points more, and nothing to say
        ((300, 600), (318, 600), "not_established", False),
        ((3000, 6000), (3180, 6000), "improved", False),  # certain, and small
        ((11, 20), (12, 20), "not_established", True),  # 5 points exactly, 4.999… in binary
        ((20, 20), (20, 20), "not_established", False),
    ],
)
def test_five_points_are_not_a_verdict(before, after, verdict, five_points) -> None:
    row = of(compare_campaigns(*rounds(before, after)), item="dA")
    assert row["verdict"] == verdict
    assert row["five_points"] == five_points


def two_services() -> tuple[Published, Published, Instrument]:
    asked = grid("dA", "dB", "eA", "gA")
    moves = {"a": (9, 8, 2, 1), "b": (10, 0, -9, 8)}
    earlier, later = (
        published(
            {
                service: {
                    code: (20 + move * then, 40)
                    for code, move in zip(asked.codes, moved, strict=True)
                }
                for service, moved in moves.items()
            },
            asked,
        )
        for then in (0, 1)
    )
    return earlier, later, asked


def test_rows_keep_the_campaigns_order() -> None:
    earlier, later, _ = two_services()
    found = compare_campaigns(earlier, later)
    assert list(found.columns) == EVOLUTION_COLUMNS
    wanted = [("d", ""), ("d", "dA"), ("d", "dB"), ("e", ""), ("e", "eA"), ("g", ""), ("g", "gA")]
    assert [*zip(found["dimension"], found["item"], strict=True)] == wanted * 2
    assert found["service"].tolist() == ["a"] * 7 + ["b"] * 7


def test_p_is_adjusted_within_a_service_dimensions_and_items_apart() -> None:
    earlier, later, asked = two_services()
    found = compare_campaigns(earlier, later)
    for service in "ab":
        for whole in (True, False):
            mine = found[(found["service"] == service) & ((found["item"] == "") == whole)]
            alone = [_alone(earlier, later, row, asked) for row in mine.itertuples()]
            assert mine["p"].tolist() == pytest.approx(multipletests(alone, method="fdr_bh")[1])
            assert max(mine["p"].to_numpy() - alone) > 0


def _alone(earlier: Published, later: Published, row, asked: Instrument) -> float:
    """p of one row when nothing else is compared: nothing to adjust for."""
    kept = [
        dataclasses.replace(one, scores=one.scores[_is(one.scores, row)])
        for one in (earlier, later)
    ]
    return float(compare_campaigns(*kept)["p"].iloc[0])


def _is(scores: pd.DataFrame, row) -> pd.Series:
    return (
        (scores["service"] == row.service)
        & (scores["dimension"] == row.dimension)
        & (scores["item"] == row.item)
    )


def test_adjusting_can_undo_a_verdict_but_the_interval_stays() -> None:
    names = [f"d{i}" for i in range(10)]
    asked = grid(*names)
    pairs = [((14, 30), (23, 30)), *[((15, 30), (15, 30))] * 9]
    before, after = (
        published({"a": {n: p[side] for n, p in zip(names, pairs, strict=True)}}, asked)
        for side in (0, 1)
    )
    row = of(compare_campaigns(before, after), item="d0")
    assert row["low"] > 0
    assert row["p"] > 0.05
    assert row["verdict"] == "not_established"


HIDDEN: Counts = {"dA": (2, 4)}  # too few records to be shown
SHOWN: Counts = {"dA": (48, 80)}


@pytest.mark.parametrize(
    ("before", "after", "scores"),
    [
        ({"a": HIDDEN}, {"a": SHOWN}, (None, 60)),
        ({"a": SHOWN}, {"a": HIDDEN}, (60, None)),
        ({"b": SHOWN}, {"a": SHOWN}, (None, 60)),
        ({"a": {}}, {"a": SHOWN}, (None, 60)),
    ],
)
def test_what_one_side_hides_or_lacks_is_not_compared(before, after, scores) -> None:
    row = of(compare_campaigns(published(before), published(after)), service="a", item="dA")
    assert row["verdict"] == "not_compared"
    assert row["method"] == ""
    assert row[["difference", "low", "high", "p"]].isna().all()
    assert not row["five_points"]
    assert [None if np.isnan(x) else x for x in row[["score_before", "score"]]] == [*scores]


def marked(campaign: Published, status: str) -> Published:
    """The same numbers under another status."""
    return dataclasses.replace(campaign, scores=campaign.scores.assign(status=status))


def test_numbers_left_in_a_hidden_row_are_not_read() -> None:
    later = published({"a": SHOWN})
    earlier = marked(later, "complementary")
    row = of(compare_campaigns(earlier, later), service="a", item="dA")
    assert row["verdict"] == "not_compared"
    assert np.isnan(row["score_before"])


def test_a_service_of_before_alone_leaves_no_row() -> None:
    found = compare_campaigns(published({"a": SHOWN, "b": SHOWN}), published({"a": SHOWN}))
    assert set(found["service"]) == {"a"}


def test_totals_strata_and_other_measures_do_not_enter() -> None:
    earlier = later = published({"a": SHOWN})
    total, stratum, pooled, whole = (
        later.scores.assign(**{column: value, "score": 0.0})
        for column, value in (
            ("service", ""),
            ("stratum", "job=x"),
            ("measure", "pooled"),
            ("dimension", ""),
        )
    )
    more = dataclasses.replace(
        later, scores=pd.concat([later.scores, total, stratum, pooled, whole])
    )
    pd.testing.assert_frame_equal(compare_campaigns(more, more), compare_campaigns(earlier, later))


def test_an_item_is_found_again_in_another_dimension() -> None:
    before, after = grid("dA", "dC", "eB"), grid("dA", "dC", "eB")
    moved = after.items[0].model_copy(update={"dimension": "e"})
    after = after.model_copy(update={"items": (moved, *after.items[1:]), "version": "2.0.0"})
    earlier = published({"a": {"dA": (48, 80)}}, before)
    later = published({"a": {"dA": (56, 70)}}, after)
    assert of(compare_campaigns(earlier, later), item="dA")["verdict"] == "improved"


def test_versions_compare_what_both_measure() -> None:
    """An item more makes another dimension; the items that stay are still the same."""
    before, after = grid("dA", "dB", "eA", "eB"), grid("dA", "dC", "eA", "eB", version="1.1.0")
    low, high = (30, 60), (50, 60)
    earlier = published({"a": {"dA": low, "dB": low, "eA": low, "eB": high}}, before)
    later = published({"a": {"dA": high, "dC": high, "eA": high, "eB": low}}, after)
    found = compare_campaigns(earlier, later)
    verdicts = dict(zip(found["dimension"] + found["item"], found["verdict"], strict=True))
    assert verdicts == {
        "d": "not_compared",
        "e": "not_established",
        "ddA": "improved",
        "ddC": "not_compared",
        "eeA": "improved",
        "eeB": "worsened",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"items": tuple(item.model_copy(update={"reversed": True}) for item in GRID.items)},
        {"scales": {"yes": YES_NO.model_copy(update={"options": YES_NO.options[::-1]})}},
        {
            "dimensions": tuple(
                one.model_copy(update={"rule": "mean_0_100"}) for one in GRID.dimensions
            )
        },
    ],
)
def test_another_scale_or_rule_is_not_the_same_measure(change) -> None:
    counts = {"a": {"dA": (48, 80), "dB": (40, 80)}}
    found = compare_campaigns(published(counts, GRID.model_copy(update=change)), published(counts))
    assert found["verdict"].tolist() == ["not_compared"] * 3


def test_another_wording_is() -> None:
    worded = tuple(item.model_copy(update={"text": "autrement dit"}) for item in GRID.items)
    reworded = GRID.model_copy(update={"items": worded, "version": "1.0.1"})
    counts = {"a": {"dA": (48, 80), "dB": (40, 80)}}
    found = compare_campaigns(published(counts, reworded), published(counts))
    assert found["method"].tolist() == ["mover", "newcombe", "newcombe"]


def test_two_instruments_are_refused() -> None:
    other = GRID.model_copy(update={"id": "autre"})
    with pytest.raises(ValueError, match="autre is not grille"):
        compare_campaigns(published({"a": SHOWN}, other), published({"a": SHOWN}))


def shown_pairs(both: int, gained: int, lost: int, neither: int, status: str = "published"):
    counts = {"both": both, "gained": gained, "lost": lost, "neither": neither}
    return pd.DataFrame(
        [{"facility": "f", "service": "a", "item": "dA", **counts, "status": status}]
    )


def test_the_same_records_are_compared_pair_by_pair() -> None:
    earlier, later = rounds((20, 44), (26, 42))
    row = of(compare_campaigns(earlier, later, shown_pairs(15, 9, 1, 15)), item="dA")
    difference, low, high = (100 * float(x) for x in newcombe_paired(15, 9, 1, 15))
    assert row[NUMBERS].tolist() == pytest.approx([40, 40, 40, 60, difference, low, high])
    assert row["difference"] == pytest.approx(row["score"] - row["score_before"])
    exact = mcnemar([[15, 1], [9, 15]], exact=True).pvalue
    assert row["p"] == row["p_alone"] == pytest.approx(exact - 10 / 2**10)
    assert row[["method", "verdict"]].tolist() == ["paired", "improved"]
    # The very counts, as two samples, establish nothing.
    assert newcombe(24, 40, 16, 40)[1] < 0


def test_hidden_pairs_leave_two_samples() -> None:
    earlier, later = rounds((48, 80), (56, 70))
    found = compare_campaigns(earlier, later, shown_pairs(1, 1, 1, 1, "suppressed"))
    pd.testing.assert_frame_equal(found, compare_campaigns(earlier, later))


def test_pairs_show_nothing_of_a_hidden_row() -> None:
    earlier, later = rounds((48, 80), (56, 70))
    hidden = marked(later, "suppressed")
    row = of(compare_campaigns(earlier, hidden, shown_pairs(15, 9, 1, 15)), item="dA")
    assert row["verdict"] == "not_compared"
    assert np.isnan([row["score"], row["n"], row["difference"]]).all()


def test_pairs_must_have_passed_disclosure() -> None:
    one = published({"a": SHOWN})
    with pytest.raises(TypeError, match="disclosure"):
        compare_campaigns(one, one, shown_pairs(15, 9, 1, 15).drop(columns="status"))


def test_the_interval_and_the_test_must_both_say_so() -> None:
    """Four pairs, all gained: the interval leaves zero out, the mid-p is 1/16; five, 1/32."""
    earlier, later = rounds((10, 30), (14, 30))
    row = of(compare_campaigns(earlier, later, shown_pairs(0, 4, 0, 0)), item="dA")
    assert row["low"] > 0
    assert row["p"] == pytest.approx(1 / 16)
    assert row["verdict"] == "not_established"
    row = of(compare_campaigns(earlier, later, shown_pairs(10, 5, 0, 15)), item="dA")
    assert row["p"] == pytest.approx(1 / 32)
    assert row["verdict"] == "improved"


def test_nothing_in_common_is_an_ordinary_result() -> None:
    shown = published({"a": SHOWN})
    empty = dataclasses.replace(shown, scores=shown.scores[:0])
    found = compare_campaigns(empty, empty)
    assert found.empty
    assert list(found.columns) == EVOLUTION_COLUMNS


def test_two_rounds_of_an_audit_from_records_to_verdicts() -> None:
    asked = grid("Q0", "Q1", rule="conformity")
    services = [("f", "large"), ("f", "small")]
    before = np.column_stack([np.repeat([1, 2], [24, 16]), np.tile([1, 2], 20)])
    after = np.column_stack([np.repeat([2, 1, 2], [12, 12, 16]), np.tile([1, 2], 20)])
    twice = [
        answers(services, {services[0]: codes, services[1]: codes[:4]}) for codes in (before, after)
    ]
    for one in twice:
        numbers = one.responses.groupby("service", observed=True).cumcount()
        one.responses["subject"] = numbers.astype(str)
    results = [publish(campaign(), asked, one, pd.DataFrame()) for one in twice]
    coded = [code_answers(one.responses, asked) for one in twice]
    counted = pair_records(twice[0].responses, twice[1].responses, *coded)
    shown = publish_pairs(counted, [services[0]], 10)
    found = compare_campaigns(*results, shown).set_index(["service", "item"])
    assert found.loc[("large", "Q0"), NUMBERS[:5]].tolist() == pytest.approx([40, 40, 40, 70, 30])
    assert found.loc[("large", "Q0"), "verdict"] == "improved"
    assert found.loc[("large", "Q1"), "verdict"] == "not_established"
    assert found.loc[("large", "Q1"), "p"] == 1
    assert found.loc["large", "method"].tolist() == ["mover", "paired", "paired"]
    assert found.loc["small", "verdict"].tolist() == ["not_compared"] * 3
