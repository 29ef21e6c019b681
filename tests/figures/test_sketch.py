"""The profile at a glance: the same places as the whole profile, on a first screen."""

import pytest

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.figures.alternatives import say_sketch
from qgdr_eval.figures.profile import profile_rows
from qgdr_eval.figures.sketch import draw_sketch
from tests.figures.campaigns import campaign
from tests.figures.reading_figures import drawn, words

FIRST_SCREEN = {False: 400, True: 420}  # pixels that a first screen has left, wide and narrow


def rows_of_one(rank=0):
    published = campaign()
    one = published.of(*published.services[rank])
    return one, profile_rows(one, read_dimensions(published), None)


@pytest.mark.parametrize("narrow", [False, True])
def test_each_dimension_stands_at_its_score_with_its_interval(narrow):
    one, rows = rows_of_one()
    figure = draw_sketch(rows, one.instrument, narrow)
    dots, lines = drawn(figure, "score:"), drawn(figure, "interval:")
    for row in one.dimension_scores().itertuples():
        assert dots[row.dimension].get_offsets()[0][0] == pytest.approx(row.score)
        assert lines[row.dimension].get_xdata() == pytest.approx([row.low, row.high])


@pytest.mark.parametrize("narrow", [False, True])
def test_ten_dimensions_fit_a_first_screen_and_keep_their_whole_names(narrow):
    one, rows = rows_of_one()
    figure = draw_sketch(rows, one.instrument, narrow)
    assert len(rows) == 10
    assert figure.bbox.height <= FIRST_SCREEN[narrow]
    written = " ".join(words(figure)).replace("’", "'")
    for row in rows:
        for word in row.dimension.label.split():
            assert word.replace("’", "'") in written


def test_it_says_how_many_dimensions_are_read_how():
    _, rows = rows_of_one()
    said = say_sketch(rows)
    for verdict, name in (("established", "établi"), ("cannot_conclude", "conclure")):
        n = sum(row.verdict == verdict for row in rows)
        assert (f"{name}, {n}" in said.replace("\u202f", " ")) == bool(n)
