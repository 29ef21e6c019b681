"""Services of all sizes: where they stand, what shape says, whose name is written, what is said."""

import math

import numpy as np
import pytest

from qgdr_eval.comparison.funnel import Funnel as Fitted
from qgdr_eval.comparison.unusual import LEVELS, Curves
from qgdr_eval.figures import to_svg
from qgdr_eval.figures.funnel import Funnel, Point, draw_funnel, say_funnel
from tests.figures.reading_figures import clipped, collisions, drawn, words

ANSWERS = ("réponse", "réponses")
FITTED = Fitted(centre=60, between=6, within=24, services=8)
POINTS = (
    Point(10, 58, "usual", "Bloc"),
    Point(25, 42, "low", "Urgences"),
    Point(12, 80, "high", "Pédiatrie"),
    Point(40, 30, "very_low", "Nuit"),
)


def curves(people: list[float]) -> Curves:
    limits = [FITTED.limits(np.array(people), level) for level in LEVELS]
    return Curves(tuple(people), tuple((tuple(low), tuple(high)) for low, high in limits))


def funnel(points: tuple[Point, ...] = POINTS, centre: float = 60) -> Funnel:
    return Funnel(points, curves([8, 20, 44]), centre, ANSWERS)


def level(figure: object, score: float) -> float:
    """The y of a score, from where the axis writes 0 and 100."""
    axis = {name: text.get_position()[1] - 4 for name, text in drawn(figure, "axis:").items()}
    return axis["0"] + (axis["100"] - axis["0"]) * score / 100


@pytest.mark.parametrize("narrow", [False, True])
def test_a_service_stands_at_its_size_and_its_score(narrow: bool) -> None:
    figure = draw_funnel(funnel(), narrow)
    usual = drawn(figure, "usual")[""]
    assert usual.get_xdata()[0] == 10
    assert usual.get_ydata()[0] == pytest.approx(level(figure, 58))
    outside = drawn(figure, "outside:")
    heights = [mark.get_xy()[:-1].mean(axis=0)[1] for mark in outside.values()]
    assert heights == pytest.approx([level(figure, score) for score in (80, 42, 30)])


@pytest.mark.parametrize("narrow", [False, True])
def test_limits_are_drawn_where_they_are_and_not_along_the_edges(narrow: bool) -> None:
    wide = Fitted(60, 30, 24, 8)
    ends = [wide.limits(np.array([8, 20, 44.0]), level) for level in LEVELS]
    limits = Curves((8, 20, 44), tuple((tuple(low), tuple(high)) for low, high in ends))
    figure = draw_funnel(Funnel(POINTS, limits, 60, ANSWERS), narrow)
    corners = drawn(figure, "limits:")["95"].get_xy()
    assert corners[:3, 1] == pytest.approx([level(figure, high) for high in ends[0][1]])
    assert all(map(math.isnan, drawn(figure, "high:")["99.8"].get_ydata()))


def test_shape_says_how_far_out_a_service_is() -> None:
    corners = {
        name: len({tuple(corner) for corner in mark.get_xy()[:-1]})
        for name, mark in drawn(draw_funnel(funnel()), "outside:").items()
    }
    assert corners == {"0": 4, "1": 4, "2": 4}
    faces = [mark.get_facecolor()[:3] for mark in drawn(draw_funnel(funnel()), "outside:").values()]
    hollow = [face == (1.0, 1.0, 1.0) for face in faces]
    assert hollow == [True, True, False]  # 95 %, 95 %, 99.8 %


def test_only_services_outside_are_named_and_only_if_they_bear_a_name() -> None:
    assert {"Urgences", "Pédiatrie", "Nuit"} <= {*words(draw_funnel(funnel()))}
    assert "Bloc" not in words(draw_funnel(funnel()))
    unnamed = tuple(Point(point.people, point.score, point.standing) for point in POINTS)
    assert not drawn(draw_funnel(funnel(unnamed)), "name:")


@pytest.mark.parametrize("narrow", [False, True])
def test_names_stand_clear_of_each_other_and_of_the_edge(narrow: bool) -> None:
    crowd = tuple(
        Point(38 + rank / 2, 20 + rank, "low", f"Service au nom bien long numéro {rank}")
        for rank in range(5)
    )
    figure = draw_funnel(funnel(crowd), narrow)
    assert not clipped(figure)
    assert not collisions(figure)


def test_services_of_one_size_are_drawn_too() -> None:
    points = tuple(Point(12, score, "usual", "") for score in (50, 60, 70))
    figure = draw_funnel(Funnel(points, curves([10, 12, 14]), 60, ANSWERS))
    assert list(drawn(figure, "people:")) == ["12"]


def test_the_alternative_says_the_limits_and_who_is_outside() -> None:
    said = say_funnel(funnel()).replace("\u00a0", " ").replace("\u202f", " ")
    low, high = (float(end[0]) for end in FITTED.limits([8]))
    assert f"pour 8 réponses, de {low:.0f} à {high:.0f}" in said
    assert "Urgences (42 ; 25 réponses)" in said
    assert "Bloc" not in said
    nobody = say_funnel(funnel(POINTS[:1]))
    assert nobody.endswith("Aucun service hors des limites.")


def test_hundreds_of_ordinary_services_weigh_little() -> None:
    def size(services: int) -> int:
        points = tuple(Point(10 + rank % 30, 40 + rank % 37, "usual") for rank in range(services))
        return len(to_svg(draw_funnel(funnel(points)), "essai", "essai"))

    assert (size(600) - size(100)) / 500 < 30  # characters a service
