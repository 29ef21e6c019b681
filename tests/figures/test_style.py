import pytest

from qgdr_eval.figures.lettering import clean, measure, shorten, wrap
from qgdr_eval.figures.style import HUES, contrast, shades, text_on
from qgdr_eval.palette import PALETTE


@pytest.mark.parametrize("text", ["ink", "muted", "cool", "warm"])
@pytest.mark.parametrize("ground", ["paper", "soft", "cool_soft", "warm_soft"])
def test_texts_are_readable_on_every_ground(text, ground):
    assert contrast(PALETTE[text], PALETTE[ground]) >= 4.5


@pytest.mark.parametrize("hue", ["cool", "warm"])
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_percentages_are_readable_inside_every_segment(hue, steps):
    for face in [*shades(hue, steps), PALETTE["neutral"]]:
        assert contrast(text_on(face), face) >= 4.5


@pytest.mark.parametrize("hue", ["cool", "warm"])
def test_the_steps_of_a_pole_are_told_apart_in_grey(hue):
    strong, middle, light = shades(hue, 3)
    assert contrast(strong, middle) > 1.5
    assert contrast(middle, light) > 1.5


def test_marks_stand_out_of_the_paper():
    for name in ("grey", *HUES.values()):
        assert contrast(PALETTE[name], PALETTE["paper"]) >= 3


def test_wrapped_lines_fit_and_lose_nothing():
    text = "Attentes et actions des supérieurs hiérarchiques"
    lines = wrap(text, 120, 13)
    assert " ".join(lines) == text
    assert all(measure(line, 13) <= 120 for line in lines)


def test_a_text_too_long_ends_with_an_ellipsis():
    lines = wrap("mot " * 100, 120, 13, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert measure(lines[1], 13) <= 120


@pytest.mark.parametrize("text", ["", " ", "🏥" * 50, "a" * 300, "$x$", "\u202f%"])
def test_odd_texts_wrap(text):
    assert all(measure(line, 13) <= 100 for line in wrap(text, 100, 13))


def test_no_break_spaces_are_kept():
    assert clean("55\u202f%") == "55\u202f%"
    assert wrap("environ 55\u202f%", 60, 13) == ("environ", "55\u202f%")


def test_a_cut_text_is_never_wider():
    assert measure(shorten("Chirurgie viscérale", 60, 13), 13) <= 60
