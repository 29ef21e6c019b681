"""Records audited twice, matched one by one."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring import code_answers
from qgdr_eval.scoring.kappa import bootstrap_kappa
from qgdr_eval.scoring.pairs import PAIR_COLUMNS, pair_records, yes_no_items
from tests.scoring.campaigns import instrument, responses
from tests.thorough import examples

NO, YES, NOT_APPLICABLE, DONT_KNOW = 1, 2, 98, 99
NUMBERS = ["both", "gained", "lost", "neither", "n_pairs", "unpaired"]


def grid(
    *dimensions: list[str], subject: str = "record", rule: str = "positive_share"
) -> Instrument:
    return instrument(*dimensions, rule=rule).model_copy(update={"subject": subject})


ONE = grid(["-+"])


def audited(asked, records, services=None, facilities=None) -> pd.DataFrame:
    """``records``: identifier and codes of each."""
    frame = responses(asked, [codes for _, *codes in records], services, facilities)
    return frame.assign(subject=pd.array([subject for subject, *_ in records], dtype="str"))


def paired(earlier, later, asked=ONE, asked_before=None) -> pd.DataFrame:
    before = code_answers(earlier, asked_before or asked)
    return pair_records(earlier, later, before, code_answers(later, asked))


def numbers(pairs: pd.DataFrame) -> list[list[int]]:
    return pairs[NUMBERS].to_numpy().tolist()


def test_each_record_is_counted_where_it_went() -> None:
    before = [("1", YES), ("2", NO), ("3", YES), ("4", NO), ("5", NO)]
    after = [("5", YES), ("4", NO), ("3", NO), ("2", YES), ("1", YES)]
    found = paired(audited(ONE, before), audited(ONE, after))
    assert list(found.columns) == PAIR_COLUMNS
    assert numbers(found) == [[1, 2, 1, 1, 5, 0]]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (YES, NOT_APPLICABLE, [0, 0, 0, 0, 0, 1]),
        (DONT_KNOW, NO, [0, 0, 0, 0, 0, 1]),
        (None, YES, [0, 0, 0, 0, 0, 1]),
        (NOT_APPLICABLE, NOT_APPLICABLE, [0, 0, 0, 0, 0, 0]),
        (NO, NO, [0, 0, 0, 1, 1, 0]),
    ],
)
def test_a_pair_is_a_yes_or_no_on_both_sides(before, after, expected) -> None:
    found = paired(audited(ONE, [("1", before)]), audited(ONE, [("1", after)]))
    assert numbers(found) == [expected]


def test_records_of_one_round_only_are_unpaired() -> None:
    before = audited(ONE, [("1", YES), ("2", YES), ("3", NO)])
    after = audited(ONE, [("3", YES), ("4", NO), ("5", NOT_APPLICABLE)])
    assert numbers(paired(before, after)) == [[0, 1, 0, 0, 1, 3]]


def test_the_same_number_elsewhere_is_another_record() -> None:
    before = audited(ONE, [("1", NO), ("1", NO), ("2", NO)], ["a", "a", "a"], ["f", "g", "f"])
    after = audited(ONE, [("1", YES), ("1", YES), ("2", YES)], ["a", "b", "a"], ["f", "f", "f"])
    found = paired(before, after)
    assert found[["facility", "service"]].to_numpy().tolist() == [["f", "a"], ["f", "b"]]
    assert numbers(found) == [[0, 2, 0, 0, 2, 0], [0, 0, 0, 0, 0, 1]]


def test_services_and_items_keep_the_campaigns_order() -> None:
    asked = grid(["-+", "-+"])
    records = [("1", YES, NO), ("2", NO, NO)]
    found = paired(audited(asked, records, ["z", "a"]), audited(asked, records, ["z", "a"]), asked)
    assert found[["service", "item"]].to_numpy().tolist() == [
        ["z", "D0I0"],
        ["z", "D0I1"],
        ["a", "D0I0"],
        ["a", "D0I1"],
    ]


def test_rows_without_a_service_are_in_none() -> None:
    rows = audited(ONE, [("1", YES), ("2", YES)], ["a", None])
    assert numbers(paired(rows, rows)) == [[1, 0, 0, 0, 1, 0]]


def test_a_reversed_criterion_gains_when_it_becomes_no() -> None:
    asked = grid(["-+r"])
    found = paired(audited(asked, [("1", YES)]), audited(asked, [("1", NO)]), asked)
    assert numbers(found) == [[0, 1, 0, 0, 1, 0]]


def test_versions_may_differ() -> None:
    longer, shorter = grid(["-+", "-+"]), grid(["-+"], ["-+"])
    before, after = audited(longer, [("1", NO, NO)]), audited(shorter, [("1", YES, YES)])
    found = paired(before, after, shorter, longer)
    assert found["item"].tolist() == ["D0I0"]
    assert numbers(found) == [[0, 1, 0, 0, 1, 0]]


def test_no_criterion_in_common_leaves_no_row() -> None:
    other = grid(["-=+"])
    found = paired(audited(other, [("1", 1)]), audited(ONE, [("1", YES)]), ONE, other)
    assert found.empty
    assert list(found.columns) == PAIR_COLUMNS


@pytest.mark.parametrize(
    ("poles", "rule", "expected"),
    [
        ("-+", "positive_share", ["D0I0"]),
        ("-+r", "conformity", ["D0I0"]),
        ("-+", "mean_0_100", ["D0I0"]),
        ("-=", "positive_share", []),  # neither is favourable: no share of yes
        ("-=+", "positive_share", []),
        ("-+", "maturity", []),  # a median is no share
        ("-+", "rating_1_4", []),
    ],
)
def test_only_shares_of_yes_are_counted(poles, rule, expected) -> None:
    assert yes_no_items(grid([poles], rule=rule)) == expected


CODES = st.sampled_from([NO, YES, NOT_APPLICABLE, None])
ROUND = st.dictionaries(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), CODES, min_size=1)


@given(ROUND, ROUND)
@settings(max_examples=examples(60), deadline=None)
def test_counts_are_those_of_a_loop_over_records(before, after) -> None:
    rounds = [
        audited(ONE, [(str(i), code) for (_, i), code in one.items()], [s for s, _ in one])
        for one in (before, after)
    ]
    slow = {service: Counter() for service, _ in after}
    names = {(1, 1): "both", (0, 1): "gained", (1, 0): "lost", (0, 0): "neither"}
    for service, i in {*before, *after}:
        if service in slow:
            known = [{NO: 0, YES: 1}.get(one.get((service, i))) for one in (before, after)]
            seen = [state for state in known if state is not None]
            name = names[tuple(known)] if len(seen) == 2 else "unpaired" if seen else "nothing"
            slow[service].update([name, *(["n_pairs"] if len(seen) == 2 else [])])
    found = paired(*rounds).set_index("service")
    assert set(found.index) == set(slow)
    for service, counts in slow.items():
        assert found.loc[service, NUMBERS].tolist() == [counts[name] for name in NUMBERS]


def test_two_records_are_too_few_for_the_interval_of_a_kappa():
    """One yes to both readers, one no: half of the draws are two records alike, without a kappa."""
    assert np.isnan(bootstrap_kappa(np.array([[1, 0, 0, 0], [0, 0, 0, 1]]))).all()
