"""What moved, drawn: both dots at their scores, the interval of the difference, what breaks."""

from dataclasses import replace

import pytest
from matplotlib.collections import CircleCollection
from matplotlib.text import Text

from qgdr_eval.figures.change_words import say_changes
from qgdr_eval.figures.changes import NAN, Beside, Change, draw_changes
from tests.figures.reading_figures import clipped, collisions, drawn, words

BESIDE = Beside(
    False,
    ("avant : 2024", "maintenant : 2026"),
    ("Score", "Écart, en points"),
    ("en recul", "en progrès"),
    {0.0: "0", 50.0: "50", 100.0: "100"},
)
PAIR = replace(BESIDE, pair=True, names=("vous", "l'équipe"), band="son intervalle à 95 %")


def change(id="ecoute", points=(54.0, 62.0), low=2.0, high=14.0, **more) -> Change:
    """A row whose difference is that of its last two points."""
    difference = points[-1] - points[-2]
    says = (f"{points[0]:.0f}", f"{points[-1]:.0f}")
    found = {"shown": f"{difference:+.0f}", "ends": f"[{low:+.0f} ; {high:+.0f}]"}
    kept = {"sure": "established", "side": "strength", "label": "Écoute", **found, **more}
    return Change(id, points=points, says=says, difference=difference, low=low, high=high, **kept)


def place(figure, prefix: str, id: str = "ecoute") -> float:
    """Where a disc stands, in what its frame measures."""
    return float(drawn(figure, prefix)[id].get_offsets()[0][0])


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("points", [(54.0, 62.0), (62.0, 54.0), (0.0, 100.0), (50.0, 50.0)])
def test_both_dots_stand_at_their_scores_and_the_difference_at_its_own(points, narrow):
    low, high = sorted((points[1] - points[0] - 9, points[1] - points[0] + 9))
    figure = draw_changes([change(points=points, low=low, high=high)], BESIDE, narrow)
    assert (place(figure, "before:"), place(figure, "now:")) == points
    assert place(figure, "change:") == points[1] - points[0]
    assert list(drawn(figure, "interval:")["ecoute"].get_xdata()) == [low, high]
    assert list(drawn(figure, "line:")["ecoute"].get_xdata()) == list(points)
    assert list(drawn(figure, "zero:")["ecoute"].get_xdata()) == [0, 0]


@pytest.mark.parametrize(
    ("sure", "filled", "dashed"),
    [
        ("established", True, False),
        ("to_confirm", False, False),
        ("cannot_conclude", False, True),
    ],
)
def test_how_sure_a_difference_is_shows_without_colour(sure, filled, dashed):
    mark = drawn(draw_changes([change(sure=sure)], BESIDE, False), "change:")["ecoute"]
    assert isinstance(mark, CircleCollection)
    (face,), (edge,) = mark.get_facecolor(), mark.get_edgecolor()
    assert (tuple(face) == tuple(edge)) == filled
    assert (mark.get_linestyle()[0][1] is not None) == dashed


@pytest.mark.parametrize(
    ("side", "sure", "one_hue"),
    [("strength", "established", False), ("priority", "established", False),
     ("between", "cannot_conclude", True)],
)  # fmt: skip
def test_only_what_is_established_has_a_colour(side, sure, one_hue):
    line = drawn(draw_changes([change(side=side, sure=sure)], BESIDE, False), "interval:")
    red, _, blue = (int(line["ecoute"].get_color()[0][rank : rank + 2], 16) for rank in (1, 3, 5))
    assert (abs(red - blue) < 40) == one_hue


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("points", [(30.0, 70.0), (60.0, 62.0), (97.0, 99.0), (50.0, 50.0)])
def test_another_version_leaves_a_visible_gap_and_a_mark(points, narrow):
    figure = draw_changes([change(points=points, cuts=(1,))], BESIDE, narrow)
    line = list(drawn(figure, "line:")["ecoute"].get_xdata())
    assert any(x != x for x in line)
    assert (line[0], line[-1]) == points
    assert list(drawn(figure, "break:")) == ["ecoute:1"]
    assert "le questionnaire ou le calcul a changé" in " ".join(words(figure))
    whole = draw_changes([change(points=points)], BESIDE, narrow)
    assert not drawn(whole, "break:")
    assert all(x == x for x in drawn(whole, "line:")["ecoute"].get_xdata())


@pytest.mark.parametrize("narrow", [False, True])
def test_several_rounds_are_a_dot_each_from_left_to_right(narrow):
    rising = change(points=(40.0, 50.0, 45.0, 60.0), cuts=(2,))
    figure = draw_changes([rising], BESIDE, narrow)
    between = drawn(figure, "round:")
    dots = [drawn(figure, "before:")["ecoute"], *between.values(), drawn(figure, "now:")["ecoute"]]
    xs, ys = zip(*(dot.get_offsets()[0] for dot in dots), strict=True)
    assert list(xs) == [0, 1, 2, 3]
    heights = [-y for y in ys]  # pixels go down
    assert sorted(range(4), key=heights.__getitem__) == [0, 2, 1, 3]
    steps = (heights[1] - heights[0]) / (heights[3] - heights[0])
    assert steps == pytest.approx((50 - 40) / (60 - 40))
    assert list(drawn(figure, "break:")) == ["ecoute:2"]


def test_the_heights_of_all_rows_are_on_one_scale():
    rows = [change("a", (20.0, 30.0, 40.0)), change("b", (70.0, 80.0, 90.0))]
    figure = draw_changes(rows, BESIDE, False)
    for id in ("a", "b"):
        first, last = drawn(figure, "before:")[id], drawn(figure, "now:")[id]
        rise = first.get_offsets()[0][1] - last.get_offsets()[0][1]
        assert rise == pytest.approx(30 * 20 / 70)  # 30 pixels for 20 to 90


def test_a_round_that_is_not_shown_has_neither_dot_nor_line():
    figure = draw_changes([change(points=(40.0, NAN, 45.0, 60.0))], BESIDE, False)
    assert list(drawn(figure, "round:")) == ["ecoute:2"]
    assert any(x != x for x in drawn(figure, "line:")["ecoute"].get_xdata())


def test_what_is_not_compared_says_so_and_draws_no_difference():
    row = Change("ecoute", "Écoute", (54, 62), ("54", "62"), cuts=(1,), instead="non comparé")
    figure = draw_changes([row], BESIDE, False)
    assert {"ecoute"} == set(drawn(figure, "before:")) == set(drawn(figure, "instead:"))
    for prefix in ("change:", "interval:", "zero:"):
        assert not drawn(figure, prefix)


def test_what_is_hidden_now_says_so_and_has_no_dot():
    row = Change("ecoute", "Écoute", (54, NAN), hidden="Non montré, pour l'anonymat")
    figure = draw_changes([row], BESIDE, False)
    assert list(drawn(figure, "hidden:")) == ["ecoute"]
    assert not drawn(figure, "before:")
    assert not drawn(figure, "now:")


@pytest.mark.parametrize("narrow", [False, True])
def test_oneself_and_the_team_are_told_apart_by_shape(narrow):
    row = change(points=(75.0, 54.0), low=14, high=28, side="between", band=(47.0, 61.0))
    figure = draw_changes([row], PAIR, narrow)
    own, team = drawn(figure, "before:")["ecoute"], drawn(figure, "now:")["ecoute"]
    assert len(own.get_path().vertices) == 5  # a closed diamond
    extent = own.get_path().get_extents()
    assert (extent.x0 + extent.x1) / 2 == pytest.approx(75)
    assert isinstance(team, CircleCollection)
    assert place(figure, "now:") == 54
    band = drawn(figure, "band:")["ecoute"].get_bbox()
    assert (band.x0, band.x1) == (47, 61)


LONG = "Donner à la sécurité sa place dans les arbitrages de tous les jours et de toutes les nuits"


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("beside", [BESIDE, PAIR], ids=["rounds", "pair"])
@pytest.mark.parametrize(
    "rows",
    [
        [change(points=(0.0, 100.0), low=60, high=100)],
        [change(points=(100.0, 0.0), low=-100, high=-60, side="priority")],
        [change("a", label=LONG), change("b", points=(50.0, 50.0), sure="cannot_conclude")],
        [change("a", points=(97.0, 99.0), cuts=(1,)), change("b", sure="to_confirm")],
        [Change("a", LONG, hidden="Masqué pour protéger un autre résultat")],
        [Change("a", LONG, (54, 62), ("54", "62"), instead="non comparé")],
        [change("a", points=(40.0, 50.0, 60.0)), change("b", points=(40.0, NAN, 60.0))],
        [change("a", points=tuple(float(40 + rank) for rank in range(12)))],
    ],
)
def test_texts_neither_overlap_nor_leave_the_sheet(rows, beside, narrow):
    said = replace(beside, notices=("Qui répond a changé : effectif 12 → 27.", LONG))
    figure = draw_changes(rows, said, narrow)
    assert clipped(figure) == []
    assert collisions(figure) == []


def test_what_must_be_known_first_stands_above_everything():
    said = replace(BESIDE, notices=("Qui répond a changé : effectif 12 → 27.",))
    figure = draw_changes([change()], said, False)
    notice = drawn(figure, "notice:")["0"]
    assert "effectif 12 → 27" in notice.get_text().replace("\u202f", " ")
    others = [one for one in figure.artists if isinstance(one, Text) and one is not notice]
    assert len(others) > 5
    assert all(text.get_position()[1] > notice.get_position()[1] for text in others)


def test_it_says_what_is_established_with_both_ends_and_the_interval():
    rows = [
        change(),
        change("b", (60.0, 63.0), -4.0, 10.0, label="Suites", sure="cannot_conclude"),
        Change("c", "Relais", (54, 62), ("54", "62"), instead="non comparé"),
    ]
    said = say_changes(rows, replace(BESIDE, notices=("effectif 12 → 27.",)))
    said = said.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")
    assert said == (
        "avant : 2024 ; maintenant : 2026. 3 lignes : 1 écart établi, 1 sans conclusion et "
        "1 non comparé. effectif 12 → 27. « Écoute », de 54 à 62, +8 [+2 ; +14], écart établi."
    )


@pytest.mark.parametrize(
    ("row", "beside", "said"),
    [
        (change(), BESIDE, "« Écoute », de 54 à 62, +8 [+2 ; +14], écart établi."),
        (
            change(points=(40.0, 54.0, 62.0)),
            BESIDE,
            "« Écoute », de 40 à 62 en 3 tours ; depuis le tour d'avant, +8 [+2 ; +14], "
            "écart établi.",
        ),
        (
            replace(change(points=(62.0, 54.0)), difference=8, shown="+8"),
            PAIR,
            "« Écoute », 62 et 54, +8 [+2 ; +14], écart établi.",
        ),
    ],
    ids=["two rounds", "several", "two views"],
)
def test_what_a_difference_is_of_is_said(row, beside, said):
    written = say_changes([row], beside).replace("\u202f", " ").replace("\u00a0", " ")
    assert written.replace("’", "'").endswith(said)
