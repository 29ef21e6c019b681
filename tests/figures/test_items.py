from dataclasses import replace

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from qgdr_eval.figures import items_figure
from tests.figures.campaigns import SERVICES, campaign, instrument
from tests.figures.levels import LETTERS, levels_instrument
from tests.figures.reading_figures import drawn, words


def items(counts=None, status=None, narrow=False, **asked):
    """The figure of one dimension; counts are of records: people alike would not be shown."""
    subject = "record" if counts else "respondent"
    one_dimension = instrument(("Une dimension",), subject=subject, **asked)
    published = campaign(one_dimension, SERVICES[:1], hidden=(), counts=counts)
    if status:
        table = published.distributions
        table["status"], table["count"], table["share"] = status, np.nan, np.nan
    return published, items_figure(published.of(*SERVICES[0]), "dim_0", narrow=narrow)


def bars(figure, item):
    return {
        int(position): (box.get_x(), box.get_width())
        for position, box in drawn(figure, f"bar:{item}:").items()
    }


@pytest.mark.parametrize("options", [2, 4, 5, 7])
@pytest.mark.parametrize("narrow", [False, True])
def test_bars_have_the_shares_of_the_frame_on_one_common_zero(options, narrow):
    published, figure = items(options=options, narrow=narrow)
    table = published.distributions.query("state == 'option'")
    for item in published.instrument.codes:
        rows = table[table["item"] == item].set_index("position")
        shown = bars(figure, item)
        assert {place: width for place, (_, width) in shown.items()} == pytest.approx(
            rows["share"][rows["share"] > 0].to_dict()
        )
        left = min((x for x, _ in shown.values()), default=0)
        against = rows.loc[rows["pole"] == "negative", "share"].sum()
        astride = rows.loc[rows["pole"] == "neutral", "share"].sum()
        assert left == pytest.approx(-against - astride / 2)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([0, 0, 0, 4, 12], {3: (0, 25), 4: (25, 75)}),  # nobody disagrees
        ([0, 0, 9, 0, 0], {2: (-50, 100)}),  # everybody neutral
        ([3, 0, 0, 0, 0], {0: (-100, 100)}),  # one option, the worst
        ([1, 0, 2, 0, 1], {0: (-50, 25), 2: (-25, 50), 4: (25, 25)}),
    ],
)
def test_zero_is_where_unfavourable_ends_and_neutral_is_astride(counts, expected):
    _, figure = items({"D0_1": counts})
    assert bars(figure, "D0_1") == {key: pytest.approx(value) for key, value in expected.items()}


def test_the_frame_is_the_same_for_every_dimension():
    frames = []
    for counts in ([0, 0, 0, 0, 9], [9, 0, 0, 0, 0]):
        _, figure = items({"D0_1": counts})
        axis = drawn(figure, "axis:")
        frames.append({value: text.get_position()[0] for value, text in axis.items()})
    assert frames[0] == frames[1]
    assert set(frames[0]) == {"-100", "0", "100"}


def test_items_stand_in_the_instruments_order():
    published, figure = items(items=5)
    tops = [
        min(box.get_y() for box in drawn(figure, f"bar:{item}:").values())
        for item in published.instrument.codes
    ]
    assert tops == sorted(tops)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("unanimous", "identiques"),
        ("suppressed", "Non montré, pour l'anonymat"),
        ("complementary", "protéger un autre résultat"),
        ("no_answer", "Aucune réponse"),
    ],
)
def test_what_may_not_be_shown_is_said_in_words(status, said):
    _, figure = items(status=status)
    assert not drawn(figure, "bar:")
    assert not drawn(figure, "apart:")
    assert not drawn(figure, "n:")
    assert all(said in text.get_text() for text in drawn(figure, "hidden:").values())
    assert len(drawn(figure, "hidden:")) == 4


def test_an_item_nobody_rated_draws_no_bar_but_tells_what_was_said():
    _, figure = items({"D0_1": [0, 0, 0, 0, 0]})
    assert not bars(figure, "D0_1")
    assert "Aucune réponse exploitable" in drawn(figure, "hidden:")["D0_1"].get_text()
    assert drawn(figure, "apart:D0_1:")


def test_percentages_round_half_up_and_only_those_that_fit_are_printed():
    _, figure = items({"D0_1": [0, 0, 0, 909, 1091]})  # 45.45 % and 54.55 %
    assert drawn(figure, "share:D0_1:")["4"].get_text() == "55"
    _, figure = items({"D0_1": [1, 0, 0, 0, 199]})
    assert "0" not in drawn(figure, "share:D0_1:")
    assert bars(figure, "D0_1")[0] == pytest.approx((-0.5, 0.5))


def test_reversed_items_are_marked_and_explained_once():
    _, figure = items()
    text = words(figure)
    assert sum("— item inversé" in line for line in text) == 1


def swatches(figure):
    """(words, colour) of each mark of the key, line by line; words alone have no colour."""
    texts = {text.get_position(): text.get_text() for text in figure.artists if is_text(text)}
    marks = [box for box in figure.artists if isinstance(box, Rectangle) and box.get_width() == 12]
    faces = {(box.get_x() + 20, box.get_y() + 10): box.get_facecolor() for box in marks}
    foot = drawn(figure, "axis:")["0"].get_position()[1]
    lines = sorted((y, x, text) for (x, y), text in texts.items() if y > foot)
    return [(text, faces.get((x, y))) for y, x, text in lines]


def is_text(artist):
    return isinstance(artist, Text) and bool(artist.get_text())


def legends(figure):
    """The colour of each answer, by the head it stands under."""
    found, head = {}, ""
    for text, face in swatches(figure):
        if face is None:
            head = text
        else:
            found.setdefault(head, {})[text] = face
    return found


def uneven():
    """Four answers of which three are unfavourable."""
    asked = instrument(("Une dimension",), options=4)
    options = asked.scales["accord"].options
    turned = tuple(
        option.model_copy(update={"pole": "negative" if rank < 3 else "positive"})
        for rank, option in enumerate(options)
    )
    scale = asked.scales["accord"].model_copy(update={"options": turned})
    return asked.model_copy(update={"scales": {"accord": scale}})


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(
    "asked", [uneven(), *(instrument(("Une",), options=n) for n in (2, 4, 5, 7))]
)
def test_a_colour_means_the_answer_that_was_given_reversed_or_not(asked, narrow):
    published = campaign(asked, SERVICES[:1], hidden=())
    figure = items_figure(published.of(*SERVICES[0]), "dim_0", narrow=narrow)
    keys = legends(figure)
    heads = {True: "Item inversé\u202f:", False: "Items non inversés\u202f:"}
    table = published.distributions.query("state == 'option'")
    for item in asked.items:
        given = table[table["item"] == item.code].set_index("position")["label"]
        for place, box in drawn(figure, f"bar:{item.code}:").items():
            assert keys[heads[item.reversed]][given[int(place)]] == box.get_facecolor()


def test_a_single_legend_has_no_head():
    asked = instrument(("Une dimension",))
    straight = tuple(item.model_copy(update={"reversed": False}) for item in asked.items)
    published = campaign(asked.model_copy(update={"items": straight}), SERVICES[:1], hidden=())
    assert list(legends(items_figure(published.of(*SERVICES[0]), "dim_0"))) == [""]


def test_levels_are_a_row_of_letters_then_the_words_of_each_question():
    published = campaign(levels_instrument(), SERVICES[:1], hidden=())
    figure = items_figure(published.of(*SERVICES[0]), "d0")
    said = swatches(figure)
    letters = ["A", "A–B", "B", "B–C", "C", "C–D", "D", "D–E", "E"]
    assert [text for text, face in said if face is not None] == letters
    lines = [text for text, face in said if face is None]
    for code in ("D0_0", "D0_1"):
        head = lines.index(f"«\u202fQue fait-on ici de {code}\u202f?\u202f»\u202f:")
        told = [f"{letter}. Ce que l'on fait de la question {code}" for letter in LETTERS]
        assert lines[head + 1 : head + 6] == told


def test_answers_without_a_value_stand_apart_as_shares_of_respondents():
    published, figure = items()
    table = published.distributions.set_index(["item", "state"])["share"]
    piece = drawn(figure, "apart:D0_1:")
    whole = 60  # pixels for everybody
    assert set(piece) == {"not_applicable", "missing"}
    assert piece["missing"].get_width() == pytest.approx(table["D0_1", "missing"] / 100 * whole)


def test_a_group_without_distributions_says_so():
    published = campaign(hidden=())
    one = replace(published.of(*SERVICES[0]), distributions=published.distributions.head(0))
    assert len(drawn(items_figure(one, "dim_2"), "hidden:")) == 4
