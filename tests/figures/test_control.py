"""An indicator over time: what stands where, what shape says, what is left out, what is said."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import CircleCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon

from qgdr_eval.comparison.series import Series, read_series
from qgdr_eval.disclosure.indicators import publish_indicators
from qgdr_eval.figures import to_svg
from qgdr_eval.figures.control import axis_ends, control_figure, spark_figure
from qgdr_eval.figures.control_words import say_control, span_words, write_mark, write_value
from qgdr_eval.palette import PALETTE
from qgdr_eval.responses.indicators import INDICATOR_COLUMNS
from qgdr_eval.responses.periods import period_label
from tests.figures.reading_figures import clipped, collisions, drawn, words

STEP = [14, 17, 15, 13, 16, 14, 15, 17, 13, 14, 15, 16, 26, 29, 27, 25, 28, 26, 27, 29, 25, 40]


def series(
    values: list[float],
    kind: str = "count",
    sizes: list[float] | None = None,
    periods: list[str] | None = None,
    **more: object,
) -> Series:
    """One series; proportions and rates are given by their numerators."""
    among = sizes or [float("nan")] * len(values)
    per = {"proportion": 100.0, "rate": 1000.0}.get(kind, float("nan"))
    months = [str(month) for month in pd.period_range("2025-01", periods=len(values), freq="M")]
    rows = [
        {
            "indicator": "Indicateur d'essai",
            "family": "practices",
            "facility": "f",
            "pole": "p",
            "service": "",
            "period": period,
            "label": period_label(pd.Period(period)),
            "frequency": "M",
            "kind": kind,
            "numerator": value,
            "denominator": size,
            "value": value if kind in ("count", "value") else per * value / size,
            "per": per,
            "target": np.nan,
            "direction": "down",
            "unit": "",
            "reference": np.nan,
            "reference_source": "",
            "comment": "",
            **more,
        }
        for period, value, size in zip(periods or months, values, among, strict=True)
    ]
    return read_series(publish_indicators(pd.DataFrame(rows, columns=INDICATOR_COLUMNS)))[0]


def share(met: list[float], n: float = 40, **more: object) -> Series:
    return series(met, "proportion", [n] * len(met), **more)


def middle(artist: object) -> tuple[float, float]:
    """Where a mark stands on the sheet."""
    if isinstance(artist, CircleCollection):
        return tuple(artist.get_offsets()[0])
    corners = artist.get_xy()[:-1]
    return tuple(corners.mean(axis=0))


@pytest.mark.parametrize("narrow", [False, True])
def test_points_stand_as_high_as_their_values(narrow):
    one = share([10.0, 20, 40, 0, 15, 25, 30, 5])
    marks = drawn(control_figure(one, narrow), "point:")
    levels = drawn(control_figure(one, narrow), "axis:")
    bottom, top = levels["0"].get_position()[1] - 4, levels["100"].get_position()[1] - 4
    for row in one.points.itertuples():
        expected = bottom - row.value / 100 * (bottom - top)
        assert middle(marks[row.period])[1] == pytest.approx(expected)


def test_a_curve_in_a_table_is_drawn_on_the_axis_of_its_figure():
    one = share([10.0, 20, 40, 0, 15, 25, 30, 5], target=90)
    figure = spark_figure(one)
    line = drawn(figure, "line")[""]
    target = drawn(figure, "target")[""].get_ydata()[0]
    ys = np.asarray(line.get_ydata(), float)
    zero = ys[3]  # the value 0
    unit = (zero - target) / 90
    assert (zero - ys) / unit == pytest.approx(one.points["value"].to_numpy(float))
    assert list(drawn(figure, "point:")) == [one.points["period"].iloc[-1]]
    assert words(figure) == []


def test_a_curve_in_a_table_shows_a_long_run_and_breaks_where_a_period_is_hidden():
    calm, moved = [20.0, 30] * 6, [10.0, 12] * 4 + [30.0, 32] * 6
    assert not drawn(spark_figure(share(calm)), "run")
    one = share(moved)
    run = np.asarray(drawn(spark_figure(one), "run")[""].get_xdata(), float)
    assert len(run) == int(one.points["run"].sum()) > 0
    hidden = series([20.0, 20, 2, 20], "proportion", [40, 40, 3, 40])
    line = np.asarray(drawn(spark_figure(hidden), "line")[""].get_xdata(), float)
    assert np.isnan(line).tolist() == [False, False, True, False]


def test_periods_are_as_far_apart_as_time_and_the_line_breaks_where_one_is_missing():
    months = ["2025-01", "2025-02", "2025-04", "2025-05"]
    figure = control_figure(series([4.0, 5, 6, 7], periods=months))
    xs = [middle(mark)[0] for mark in drawn(figure, "point:").values()]
    assert xs[2] - xs[1] == pytest.approx(2 * (xs[1] - xs[0]))
    line = np.asarray(drawn(figure, "line")[""].get_xdata(), float)
    assert np.isnan(line).tolist() == [False, False, True, False, False]


def test_a_proportion_is_drawn_from_0_to_100_whatever_its_values():
    assert axis_ends(share([38.0] * 9)) == (0, 100)
    axis = drawn(control_figure(share([38.0] * 9)), "axis:")
    assert [axis[level].get_text() for level in ("0", "50", "100")] == ["0", "50", "100\u202f%"]


@pytest.mark.parametrize(
    ("values", "ends"),
    [([3.0, 7.0], (0, 8)), ([1.0, 0.4], (0, 1)), ([101.0], (0, 120)), ([0.0], (0, 1)),
     ([-3.0, 5.0], (-3, 6)), ([0.013], (0, 0.016))],
)  # fmt: skip
def test_anything_else_is_drawn_from_0_to_a_round_number(values, ends):
    assert axis_ends(series(values, "value")) == pytest.approx(ends)


def test_the_axis_holds_the_target_and_the_limits_too():
    low, high = axis_ends(series([12.0, 13.0] * 6, "count", target=37.0))
    assert (low, high) == (0, 40)


def test_shape_tells_what_stands_out_before_colour_does():
    one = series([float(value) for value in STEP])
    marks = drawn(control_figure(one), "point:")
    points = one.points.set_index("period")
    outside = [period for period, mark in marks.items() if _reach(mark) == 7]
    squares = [period for period, mark in marks.items() if _reach(mark) == 4]
    assert outside == points.index[points["outside"] != ""].tolist() != []
    assert squares == points.index[points["run"] & (points["outside"] == "")].tolist() != []
    others = set(marks) - {*outside, *squares}
    assert all(isinstance(marks[period], CircleCollection) for period in others)


def _reach(mark: object) -> float | None:
    if not isinstance(mark, Polygon):
        return None
    return round(float(np.ptp(mark.get_xy()[:, 0])) / 2)


@pytest.mark.parametrize(
    ("direction", "tone"), [("down", "warm"), ("up", "cool"), ("neutral", "ink")]
)
def test_colour_says_which_side_is_favourable(direction, tone):
    marks = drawn(control_figure(series([float(v) for v in STEP], direction=direction)), "point:")
    assert to_hex(marks["2026-10"].get_edgecolor()) == PALETTE[tone]


def test_a_hidden_period_is_a_gap_with_a_mark_and_without_limits():
    met, sizes = [30.0] * 11, [40.0] * 4 + [5.0] + [40.0] * 6
    one = series(met, "proportion", sizes)
    figure = control_figure(one)
    assert list(drawn(figure, "hidden:")) == ["2025-05"]
    assert "2025-05" not in drawn(figure, "point:")
    assert list(drawn(figure, "limits:")) == ["2025-01", "2025-06"]
    assert any("pour protéger un petit effectif" in text for text in words(figure))
    assert "1\u00a0période non montrée" in say_control(one)


def test_a_series_all_hidden_says_so():
    one = share([3.0, 4.0], 5)
    figure = control_figure(one)
    assert "Effectif insuffisant" in drawn(figure, "nothing")[""].get_text()
    assert not drawn(figure, "point:")
    assert "aucune période ne peut être montrée" in say_control(one)


def test_a_series_without_data_is_not_said_to_be_hidden():
    one = share([float("nan")] * 2, float("nan"))
    assert drawn(control_figure(one), "nothing")[""].get_text() == "Pas de donnée dans le tableau"
    assert "pas de donnée" in say_control(one)


def test_limits_are_where_the_chart_puts_them():
    one = series([float(value) for value in STEP])
    figure = control_figure(one)
    low, high = axis_ends(one)
    levels = drawn(figure, "axis:")
    bottom = levels[f"{low:g}"].get_position()[1] - 4
    top = levels[f"{high:g}"].get_position()[1] - 4
    ys = drawn(figure, "limits:")["2025-01"].get_xy()[:, 1]
    scale = (bottom - top) / (high - low)
    assert ys.min() == pytest.approx(bottom - one.points["high_limit"].iloc[0] * scale)
    assert ys.max() == pytest.approx(bottom - one.points["low_limit"].iloc[0] * scale)


def test_target_median_and_national_value_are_named_beside_their_lines():
    figure = control_figure(
        share([30.0, 28] * 6, target=92.5, direction="up", reference=81.0, reference_source="HAS")
    )
    labels = {gid: text.get_text() for gid, text in drawn(figure, "label:").items()}
    assert labels == {
        "target": "cible ≥ 92,5\u202f%",
        "reference": "national 81\u202f%",
        "median": "médiane 73\u202f%",
        "last": "70\u202f%",
    }
    dashes = {gid: drawn(figure, gid)[""].get_linestyle() for gid in ("target", "median")}
    assert dashes["target"] != dashes["median"]


def test_too_few_points_have_neither_median_nor_limits():
    figure = control_figure(series([3.0, 4, 5, 6, 7, 8, 9]))
    assert not drawn(figure, "median")
    assert not drawn(figure, "limits:")


def test_the_key_explains_only_what_is_drawn():
    quiet = " ".join(words(control_figure(series([12.0, 14.0] * 6))))
    assert "hors des limites" not in quiet
    assert "trop de points" not in quiet
    loud = " ".join(words(control_figure(series([float(value) for value in STEP]))))
    assert "point hors des limites" in loud
    assert "trop de points de suite" in loud


def test_the_thousands_of_a_unit_are_not_cut_in_two():
    one = series([30.0, 31.0], "value", unit="litres pour 1 000 journées")
    assert "litres pour 1\u202f000 journées" in words(control_figure(one))


LONG = "unités d'une sorte dont le nom ne tient pas sur une ligne, " * 3
CASES = {
    "usual": lambda: series([float(value) for value in STEP]),
    "one": lambda: series([3.0]),
    "huge": lambda: series([1_234_567.0, 1_250_000.0] * 6, target=1_200_000.0),
    "small": lambda: series([1.0, 0, 2] * 6, "rate", [90_000.0] * 18, unit="journées"),
    "close": lambda: share([36.0, 37] * 6, target=91.0, direction="up", reference=92.0),
    "at the top": lambda: share([40.0] * 12, target=100.0, direction="up", reference=99.5),
    "at the bottom": lambda: share([0.0] * 12, target=0.0, reference=0.5),
    "hidden": lambda: share([3.0, 4.0], 5),
    "long unit": lambda: series([3.0, 4.0] * 6, "value", unit=LONG),
    "sixty": lambda: series([12.0, 14.0, 15.0] * 20),
    "yearly": lambda: series([3.0, 4.0, 5.0], periods=["2023", "2024", "2025"], frequency="Y"),
    "quarterly": lambda: series(
        [3.0] * 10,
        periods=[str(quarter) for quarter in pd.period_range("2024Q1", periods=10, freq="Q")],
        frequency="Q",
    ),
}


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_texts_neither_overlap_nor_leave_the_sheet(case, narrow):
    figure = control_figure(CASES[case](), narrow)
    assert clipped(figure) == []
    assert collisions(figure) == []


@pytest.mark.parametrize("case", CASES)
def test_the_drawing_is_light_and_says_itself(case):
    one = CASES[case]()
    svg = to_svg(control_figure(one), say_control(one), "f1")
    assert "nan" not in svg
    assert len(svg) < 30_000
    assert "Indicateur d&apos;essai" in svg or "Indicateur d'essai" in svg


def test_the_alternative_says_what_the_figure_shows():
    said = say_control(series([float(value) for value in STEP], target=20.0)).replace("\u00a0", " ")
    for expected in (
        "de janv. 2025 à oct. 2026",
        "22 valeurs, de 13 à 40",
        "Dernière valeur, oct. 2026\u202f: 40",
        "Cible\u202f: au plus 20",
        "10 points de suite au-dessus de la médiane jusqu'à oct. 2026",
        "1 point hors des limites\u202f: oct. 2026",
    ):
        assert expected in said


@pytest.mark.parametrize(
    ("one", "value", "written"),
    [
        (share([30.0] * 3), 74.6, "75\u202f%"),
        (share([1.0] * 3), 2.5, "2,5\u202f%"),
        (series([3.0]), 3, "3"),
        (series([3.0, 4.0]), 3.5, "3,5"),
        (series([6.0], "rate", [1500.0]), 4, "4,0"),
        (series([3.0], "rate", [90_000.0]), 0.033, "0,03"),
        (series([71.25], "value"), 71.25, "71,3"),
        (series([71.0], "value"), 71, "71"),
    ],
)
def test_values_have_the_decimals_they_deserve(one, value, written):
    assert write_value(one, value) == written


def test_a_target_keeps_the_decimals_it_was_given():
    assert write_mark(share([30.0]), 92.5) == "92,5\u202f%"
    assert write_mark(share([30.0]), 90.0) == "90\u202f%"


@pytest.mark.parametrize("month", ["avr. 2025", "août 2025", "oct. 2025"])
def test_months_that_begin_with_a_vowel_are_elided(month):
    assert span_words(month, "déc. 2025") == f"d'{month} à déc. 2025"


def test_a_declared_change_is_drawn_named_and_said():
    months = [str(month) for month in pd.period_range("2025-01", periods=20, freq="M")]
    one = parted([8.0, 12] * 10, months, change=10, base=range(0))
    figure = control_figure(one)
    marks, points = drawn(figure, "change:"), drawn(figure, "point:")
    assert list(marks) == ["2025-11"]
    place = marks["2025-11"].get_xdata()[0]
    assert middle(points["2025-10"])[0] < place < middle(points["2025-11"])[0]
    named = "hangement déclaré, nov. 2025 : Nouveau protocole"
    assert any(named in bare(text) for text in words(figure))
    assert f"C{named}." in bare(say_control(one))


def bare(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("narrow", [False, True])
def test_each_part_has_its_own_median_and_limits_and_a_base_its_bar(narrow):
    months = [str(month) for month in pd.period_range("2024-01", periods=24, freq="M")]
    values = [*[18.0, 22.0] * 6, *[8.0, 12.0] * 6]
    one = parted(values, months, change=12, base=range(12, 24))
    figure = control_figure(one, narrow)
    medians = drawn(figure, "median")
    assert set(medians) == {"", ":1"}
    assert medians[":1"].get_ydata()[0] < medians[""].get_ydata()[0]  # y grows downwards
    assert medians[":1"].get_xdata()[1] == medians[""].get_xdata()[0]
    assert set(drawn(figure, "limits:")) == {"2024-01", "2025-01"}
    assert list(drawn(figure, "base:")) == ["2025-01"]
    assert any("base figée" in text for text in words(figure))
    said = bare(say_control(one))
    assert "base figée de janv. 2025 à déc. 2025" in said
    assert "Médiane depuis janv. 2025 : 10." in said
    assert not clipped(figure)
    assert not collisions(figure)


def parted(values: list[float], months: list[str], change: int, base: range) -> Series:
    """A series of counts with a declared change and a frozen baseline."""
    plain = series(values, periods=months)
    rows = plain.points[["period", "label", "numerator", "denominator", "value", "comment"]].assign(
        indicator="Indicateur d'essai", family="practices", facility="f", pole="p", service="",
        frequency="M", kind="count", per=np.nan, target=np.nan, direction="down", unit="",
        reference=np.nan, reference_source="",
        change=["Nouveau protocole" if rank == change else "" for rank in range(len(values))],
        baseline=[rank in base for rank in range(len(values))],
    )  # fmt: skip
    return read_series(publish_indicators(rows[INDICATOR_COLUMNS]))[0]
