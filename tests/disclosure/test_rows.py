import pandas as pd
import pytest

from qgdr_eval.disclosure.rows import rows_of

FRAME = pd.DataFrame(
    {
        "service": ["A", "B", "A"],
        "item": ["1", "1", "2"],
        "n": [3, 4, 5],
        "score": [50.0, None, 60.5],
    }
)


@pytest.mark.parametrize("frame", [FRAME, FRAME.astype({"service": "category", "item": object})])
def test_rows_are_those_pandas_selects(frame):
    kept = frame[(frame["service"] == "A") & (frame["item"] == "2")]
    (row,) = rows_of(frame, service="A", item="2")
    assert [row._asdict()] == kept.to_dict("records")
    assert [type(value) for value in row] == [str, str, int, float]


def test_an_empty_frame_has_no_row():
    assert rows_of(FRAME.head(0), service="A") == []
    assert rows_of(FRAME, service="C") == []
