import numpy as np
import pytest
from matplotlib.colors import to_hex

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.figures import profile_figure
from qgdr_eval.instruments import Threshold
from qgdr_eval.palette import PALETTE
from tests.figures.campaigns import campaign, compared, instrument
from tests.figures.levels import levels_instrument
from tests.figures.reading_figures import drawn, words


def profile(published, rank=0, **options):
    one = published.of(*published.services[rank])
    return one, profile_figure(one, read_dimensions(published), **options)


@pytest.mark.parametrize("narrow", [False, True])
def test_dots_and_intervals_stand_where_the_frame_says(narrow):
    one, figure = profile(campaign(), narrow=narrow)
    dots, lines = drawn(figure, "score:"), drawn(figure, "interval:")
    for row in one.dimension_scores().itertuples():
        assert dots[row.dimension].get_offsets()[0][0] == pytest.approx(row.score)
        assert lines[row.dimension].get_xdata() == pytest.approx([row.low, row.high])


def test_rows_follow_the_instrument_whatever_the_order_of_the_frame():
    published = campaign()
    one = published.of(*published.services[0])
    readings = read_dimensions(published).sort_values("score")
    dots = drawn(profile_figure(one, readings), "score:")
    heights = [dots[dimension.id].get_offsets()[0][1] for dimension in one.instrument.dimensions]
    assert heights == sorted(heights)
    assert len(set(heights)) == 10


def test_the_frame_is_always_the_same_0_to_100():
    frames = []
    for seed in (1, 2):
        _, figure = profile(campaign(seed=seed))
        axis = drawn(figure, "axis:")
        frames.append({value: text.get_window_extent().bounds for value, text in axis.items()})
        assert axis["0"].get_text() == "0"
        assert axis["100"].get_text() == "100\u202f%"
    assert frames[0] == frames[1]


def test_a_mean_out_of_100_has_no_percent_sign():
    _, figure = profile(campaign(instrument(rule="mean_0_100")))
    assert drawn(figure, "axis:")["100"].get_text() == "100"
    assert not any("%" in value.get_text() for value in drawn(figure, "value:").values())


def test_the_shape_says_how_sure_the_place_is():
    one, figure = profile(campaign(), rank=1)
    verdicts = read_dimensions(one).set_index("dimension")["verdict"]
    assert {"established", "to_confirm", "cannot_conclude"} <= set(verdicts)
    for dimension, dot in drawn(figure, "score:").items():
        hollow = to_hex(dot.get_facecolor()[0]) == PALETTE["paper"]
        dashed = dot.get_linestyle()[0][1] is not None
        assert hollow == (verdicts[dimension] != "established")
        assert dashed == (verdicts[dimension] == "cannot_conclude")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("suppressed", "Non montré, pour l'anonymat"),
        ("complementary", "protéger un autre résultat"),
        ("no_answer", "Aucune réponse exploitable"),
    ],
)
def test_a_hidden_dimension_is_said_in_words_and_draws_nothing(status, said):
    published = campaign()
    hidden = published.scores["dimension"] == "dim_3"
    published.scores.loc[hidden, ["score", "low", "high"]] = np.nan
    published.scores.loc[hidden, "status"] = status
    _, figure = profile(published, comparisons=compared(campaign()))
    assert said in drawn(figure, "hidden:")["dim_3"].get_text()
    for prefix in ("score:", "interval:", "reference:", "value:"):
        assert "dim_3" not in drawn(figure, prefix)
        assert len(drawn(figure, prefix)) == 9


def test_a_suppressed_service_shows_no_figure_at_all():
    _, figure = profile(campaign(hidden=[4]), rank=4)
    assert not drawn(figure, "score:")
    assert len(drawn(figure, "hidden:")) == 10


def test_the_reference_is_marked_and_named():
    published = campaign()
    _, figure = profile(published, comparisons=compared(published))
    assert drawn(figure, "reference:")["dim_0"].get_xdata() == [66.0, 66.0]
    assert any("moyenne des autres services" in text for text in words(figure))


@pytest.mark.parametrize("narrow", [False, True])
def test_a_difference_that_is_established_shows_by_shape_and_not_by_where_the_mark_falls(narrow):
    """A reference outside the interval of a score is no difference: that one has its own."""
    published = campaign()
    beside = compared(published)
    sure = beside["dimension"] == "dim_1"
    one, figure = profile(published, comparisons=beside.assign(
        verdict=np.where(sure, "higher", "not_established")), narrow=narrow)  # fmt: skip
    marks = drawn(figure, "reference:")
    assert len(marks) == 10
    assert set(drawn(figure, "apart:")) == {"dim_1"}
    outside = {
        row.dimension
        for row in one.dimension_scores().itertuples()
        if not row.low <= 66 <= row.high
    }
    assert outside - {"dim_1"}
    assert len({mark.get_color() for id, mark in marks.items() if id != "dim_1"}) == 1
    told = " ".join(words(figure))
    assert "écart établi" in told
    assert "non établi, même hors du trait" in told


def test_bands_cover_what_the_thresholds_say():
    _, figure = profile(campaign())
    low, high = drawn(figure, "band:")["at_most"], drawn(figure, "band:")["at_least"]
    assert (low.get_x(), low.get_width()) == (0, 50)
    assert (high.get_x(), high.get_width()) == (75, 25)


def test_a_dimension_may_have_its_own_thresholds():
    asked = instrument()
    own = Threshold(kind="at_least", value=90, label="Attendu", origin="Simulé")
    first = asked.dimensions[0].model_copy(update={"thresholds": (own,)})
    asked = asked.model_copy(update={"dimensions": (first, *asked.dimensions[1:])})
    _, figure = profile(campaign(asked))
    assert drawn(figure, "threshold:")["dim_0"].get_text() == "90"


def test_without_thresholds_no_band_and_no_verdict_is_drawn():
    _, figure = profile(campaign(instrument(thresholds=())))
    assert not drawn(figure, "band:")
    assert not any("conclure" in text for text in words(figure))
    assert len(drawn(figure, "score:")) == 10


def at_levels(score, low, high):
    """A campaign of levels whose every result stands at one place."""
    published = campaign(levels_instrument(), hidden=())
    published.scores[["score", "low", "high"]] = score, low, high
    return published


def test_an_axis_of_levels_bears_their_letters_at_their_places():
    _, figure = profile(at_levels(50, 25, 75))
    axis = drawn(figure, "axis:")
    assert {place: text.get_text() for place, text in axis.items()} == {
        "0": "A", "25": "B", "50": "C", "75": "D", "100": "E"
    }  # fmt: skip


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(
    ("score", "low", "high", "value", "ends"),
    [
        (87.5, 37.5, 87.5, "D–E", "[B–C\u202f; D–E]"),
        (68.75, 25, 100, "C–D", "[B\u202f; E]"),
        (0, 0, 0, "A", "[A\u202f; A]"),
    ],
)
def test_levels_are_written_short_on_the_figure(score, low, high, value, ends, narrow):
    _, figure = profile(at_levels(score, low, high), narrow=narrow)
    assert {text.get_text() for text in drawn(figure, "value:").values()} == {value}
    assert ends in words(figure)
    assert not any("entre" in text for text in words(figure) if "intervalle" not in text)


def test_a_dimension_of_levels_names_its_own_threshold_by_its_letter():
    asked = levels_instrument()
    own = Threshold(kind="at_least", value=50, label="C ou au-dessus", origin="Simulé")
    first = asked.dimensions[0].model_copy(update={"thresholds": (own,)})
    asked = asked.model_copy(update={"dimensions": (first, *asked.dimensions[1:])})
    _, figure = profile(campaign(asked))
    assert drawn(figure, "threshold:")["d0"].get_text() == "C"


def test_several_services_at_once_are_refused():
    published = campaign()
    with pytest.raises(ValueError, match="one group at a time"):
        profile_figure(published, read_dimensions(published))
