"""An audit of records drawn from a known number: nothing but the possible is in the interval."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring import by_service, code_answers, evaluate, wilson
from tests.scoring.campaigns import instrument, responses
from tests.thorough import examples

NO, YES, NOT_APPLICABLE = 1, 2, 98
Rows = list[list[int | None]]


def audit(items: int) -> Instrument:
    made = instrument(["-+"] * items, rule="conformity")
    return made.model_copy(update={"subject": "record"})


def scored(rows: Rows, population: int | None, head_count: int | None = None) -> pd.DataFrame:
    """Scores by item and measure; ``head_count``: the staff, who are no records."""
    asked = audit(len(rows[0]))
    frame = responses(asked, rows)
    roster = pd.DataFrame({"facility": ["f"], "service": ["s"]}).assign(
        head_count=pd.array([head_count], "Int64"), population=pd.array([population], "Int64")
    )
    coded = code_answers(frame, asked)
    scores = evaluate(coded, [by_service(frame, roster, "population")])
    scores = scores[scores["dimension"] == "d0"]
    return scores.astype({"item": str, "measure": str}).set_index(["item", "measure"])


def ends(row: pd.Series) -> list[float]:
    return row[["low", "high"]].tolist()


def test_four_of_four_of_five_cannot_exclude_80_percent() -> None:
    found = scored([[YES]] * 4, 5)
    assert ends(found.loc[("D0I0", "conformity")]) == pytest.approx([80, 100])
    assert ends(found.loc[("", "all_or_none")]) == pytest.approx([80, 100])


def test_a_criterion_is_bounded_exactly() -> None:
    """24 of 30 drawn from 40: 28 to 34 met, by R's phyper (see ``test_exact.py``)."""
    found = scored([[YES]] * 24 + [[NO]] * 6, 40)
    assert ends(found.loc[("D0I0", "conformity")]) == pytest.approx([70, 85])


def test_the_staff_is_no_number_of_records() -> None:
    found = scored([[YES]] * 24 + [[NO]] * 6, None, head_count=30)
    assert ends(found.loc[("D0I0", "conformity")]) == pytest.approx(
        [100 * float(end) for end in wilson(0.8, 30)]
    )


def test_when_all_records_are_read_nothing_is_left_in_doubt() -> None:
    """Ten records of ten, the second criterion not applicable to four of them."""
    rows: Rows = [[YES, YES]] * 4 + [[NO, NOT_APPLICABLE]] * 4 + [[YES, NO]] * 2
    found = scored(rows, 10)
    for key, score in {
        ("D0I0", "conformity"): 60,
        ("D0I1", "conformity"): 400 / 6,
        ("", "conformity"): (60 + 400 / 6) / 2,
        ("", "pooled"): 1000 / 16,
        ("", "all_or_none"): 40,
    }.items():
        assert found.loc[key, "score"] == pytest.approx(score)
        assert ends(found.loc[key]) == pytest.approx([score, score])


def test_a_record_read_without_an_answer_stays_in_doubt() -> None:
    """Nine of nine, the tenth read and not recorded: it may be met or not."""
    found = scored([[YES]] * 9 + [[None]], 10)
    assert ends(found.loc[("D0I0", "conformity")]) == pytest.approx([90, 100])


def test_a_score_of_several_criteria_is_cut_at_what_is_possible() -> None:
    """Eight of nine met both, of ten: the tenth leaves 80 or 90, though the formula goes to 94."""
    found = scored([[YES, YES]] * 8 + [[NO, NO]], 10)
    assert 100 * float(wilson(8 / 9, 9 * 9)[1]) > 93
    for measure in ("conformity", "pooled"):
        low, high = ends(found.loc[("", measure)])
        assert 80 <= low < 100 * 8 / 9
        assert high == pytest.approx(90)


@given(
    st.lists(
        st.tuples(*[st.sampled_from([NO, YES, NOT_APPLICABLE, None])] * 2).map(list),
        min_size=1,
        max_size=9,
    ),
    st.integers(0, 5),
)
@settings(deadline=None, max_examples=examples(40))
def test_bounds_hold_the_score_within_the_possible(rows: Rows, more: int) -> None:
    found = scored(rows, len(rows) + more).dropna(subset=["score"])
    low, score, high = (found[name].to_numpy() for name in ("low", "score", "high"))
    assert (low <= score + 1e-9).all()
    assert (score <= high + 1e-9).all()
    assert (low >= 0).all()
    assert (high <= 100).all()
    assert not np.isnan(low).any()
