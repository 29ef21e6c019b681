import pytest
from matplotlib.colors import to_hex

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.figures import heatmap_figure
from qgdr_eval.figures.heatmap_cells import BETWEEN, face_of
from qgdr_eval.french import number
from qgdr_eval.palette import PALETTE
from tests.figures.campaigns import SERVICES, THRESHOLDS, campaign, instrument, read_services
from tests.figures.levels import levels_instrument
from tests.figures.reading_figures import drawn, words


@pytest.mark.parametrize("narrow", [False, True])
def test_every_cell_prints_the_value_of_its_service_and_dimension(narrow):
    published = campaign()
    values = drawn(heatmap_figure(published, read_dimensions(published), narrow), "value:")
    assert len(values) == 180
    for row in read_services(published).itertuples():
        rank = published.services.index((row.facility, row.service))
        expected = "—" if row.verdict == "hidden" else number(row.score)
        assert values[f"{rank}:{row.dimension}"].get_text() == expected


@pytest.mark.parametrize("narrow", [False, True])
def test_rows_and_columns_are_in_the_campaigns_and_the_instruments_order(narrow):
    published = campaign()
    readings = read_dimensions(published).sort_values("score", ascending=False)
    cells = drawn(heatmap_figure(published, readings, narrow), "cell:")
    down = [cells[f"{rank}:dim_0"].get_y() for rank in range(18)]
    across = [cells[f"0:dim_{rank}"].get_x() for rank in range(10)]
    assert down == sorted(set(down))
    assert across == sorted(set(across))


def test_services_of_a_facility_stay_together_under_its_name():
    mixed = (SERVICES[0], SERVICES[9], SERVICES[1])
    published = campaign(services=mixed, hidden=())
    figure = heatmap_figure(published, read_dimensions(published))
    cells = drawn(figure, "cell:")
    assert cells["2:dim_0"].get_y() < cells["1:dim_0"].get_y()
    assert words(figure).count("Hôpital des Tilleuls") == 1


def test_the_look_says_what_is_established():
    published = campaign()
    readings = read_services(published)
    cells = drawn(heatmap_figure(published, readings), "cell:")
    dashed = {name for name, box in cells.items() if box.get_linestyle() != "solid"}
    hatched = {name for name, box in cells.items() if box.get_hatch()}
    ranks = {service: rank for rank, service in enumerate(published.services)}
    named = {
        f"{ranks[row.facility, row.service]}:{row.dimension}": row.verdict
        for row in readings.itertuples()
    }
    assert dashed == {name for name, verdict in named.items() if verdict == "cannot_conclude"}
    assert hatched == {name for name, verdict in named.items() if verdict == "hidden"}


def test_what_is_established_as_low_has_a_marked_corner():
    published = campaign()
    readings = read_services(published)
    low = readings.query("verdict == 'established' and band == 'priority'")
    assert len(drawn(heatmap_figure(published, readings), "corner:")) == len(low) > 0


def test_colours_are_for_what_is_beyond_the_marks():
    assert face_of(100, "established", THRESHOLDS) == PALETTE["cool"]
    assert face_of(0, "established", THRESHOLDS) == PALETTE["warm"]
    assert {face_of(score, "established", THRESHOLDS) for score in (50.1, 62.5, 74.9)} == {BETWEEN}
    assert BETWEEN not in (face_of(end, "established", THRESHOLDS) for end in (50, 75))
    assert face_of(80, "cannot_conclude", THRESHOLDS) == PALETTE["paper"]


def test_intervals_are_drawn_inside_their_cells():
    published = campaign()
    figure = heatmap_figure(published, read_dimensions(published))
    cells, lines = drawn(figure, "cell:"), drawn(figure, "interval:")
    assert len(lines) == 160
    for name, line in lines.items():
        left, right = line.get_xdata()
        assert cells[name].get_x() <= left <= right <= cells[name].get_x() + cells[name].get_width()


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("narrow", [False, True])
def test_one_service_or_a_hundred(count, narrow):
    services = [(f"Établissement {i // 12}", f"Service {i}") for i in range(count)]
    published = campaign(instrument(items=1), services, hidden=())
    figure = heatmap_figure(published, read_dimensions(published), narrow)
    assert len(drawn(figure, "cell:")) == 10 * count


def test_hidden_services_hide_their_number_of_respondents():
    published = campaign(hidden=[4])
    figure = heatmap_figure(published, read_dimensions(published))
    assert drawn(figure, "n:")["4"].get_text() == "—"


def test_without_thresholds_no_colour_judges():
    published = campaign(instrument(thresholds=()), hidden=())
    figure = heatmap_figure(published, read_dimensions(published))
    for box in drawn(figure, "cell:").values():
        red, green, blue = (int(to_hex(box.get_facecolor())[i : i + 2], 16) for i in (1, 3, 5))
        assert max(red, green, blue) - min(red, green, blue) < 14
    assert not any("établi" in text for text in words(figure))


def test_a_level_is_written_as_its_letters_never_as_a_number():
    levels = campaign(levels_instrument(), hidden=())
    readings = read_dimensions(levels)
    cells = drawn(heatmap_figure(levels, readings), "value").values()
    texts = {cell.get_text() for cell in cells}
    assert texts
    assert all(set(text) <= set("ABCDE–—") for text in texts)
    assert "niveau de A à E" in words(heatmap_figure(levels, readings))
