"""What is shown of records matched between two rounds."""

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.disclosure.pairs import NUMBERS, publish_pairs


def pairs(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """``rows``: service, item, number of pairs, all of them gained but one."""
    return pd.DataFrame(
        [
            {
                "facility": "f",
                "service": service,
                "item": item,
                "both": 0,
                "gained": n - 1,
                "lost": 1,
                "neither": 0,
                "n_pairs": n,
                "unpaired": 2,
            }
            for service, item, n in rows
        ]
    )


@pytest.mark.parametrize(
    ("n", "minimum", "status"),
    [
        (12, 10, "published"),
        (10, 10, "published"),
        (9, 10, "suppressed"),
        (5, 5, "published"),
        (4, 5, "suppressed"),
        (4, 1, "suppressed"),
    ],
)
def test_few_matched_records_are_not_shown(n, minimum, status) -> None:
    found = publish_pairs(pairs(("a", "1", n)), [("f", "a")], minimum)
    assert found["status"].tolist() == [status]
    assert found[NUMBERS].isna().all(axis=None) == (status == "suppressed")


def test_a_criterion_of_a_large_service_needs_five_pairs() -> None:
    found = publish_pairs(pairs(("a", "1", 30), ("a", "2", 5), ("a", "3", 4)), [("f", "a")], 10)
    assert found["status"].tolist() == ["published", "published", "suppressed"]
    assert found["gained"].tolist()[:2] == [29, 4]


def test_a_hidden_service_shows_no_pair() -> None:
    given = pairs(("a", "1", 30), ("b", "1", 30))
    found = publish_pairs(given, [("f", "b"), ("g", "a")], 10)
    assert found["status"].tolist() == ["suppressed", "published"]
    assert found.loc[0, NUMBERS].isna().all()
    assert publish_pairs(given, [], 10)["status"].tolist() == ["suppressed"] * 2


def test_what_is_shown_is_as_counted_and_the_counts_are_left_alone() -> None:
    given = pairs(("a", "1", 30), ("b", "1", 3))
    kept = given.copy()
    found = publish_pairs(given, [("f", "a"), ("f", "b")], 10)
    pd.testing.assert_frame_equal(given, kept)
    assert found.loc[0, NUMBERS].tolist() == [0, 29, 1, 0, 30, 2]
    assert found["item"].tolist() == given["item"].tolist()
    assert all(found[name].dtype == np.float64 for name in NUMBERS)
