import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.figures import heatmap_figure, items_figure, profile_figure
from qgdr_eval.figures.lettering import measure, wrap
from tests.figures.campaigns import DIMENSIONS, SERVICES, campaign, compared, instrument
from tests.figures.levels import levels_instrument
from tests.figures.reading_figures import clipped, collisions, drawn

LONG = "Une dimension dont le nom est bien trop long pour tenir sur une ligne, " * 4
WORD = "Anticonstitutionnellementanticonstitutionnellementanticonstitutionnellement" * 4
CASES = {
    "usual": instrument(),
    "four": instrument(("Stratégique", "Structurelle", "Technique", "Culturelle")),
    "one": instrument(("Seule",)),
    "fifteen": instrument([*DIMENSIONS, *DIMENSIONS[:5]]),
    "long": instrument((LONG, WORD, "Courte"), text=f"{LONG}{WORD}"),
    "seven options": instrument(DIMENSIONS[:3], options=7),
    "levels": levels_instrument(),
}
LONG_SERVICES = [(f"{LONG}{i // 2}", f"{WORD if i else LONG}{i}") for i in range(4)]


def check(figure):
    assert clipped(figure) == []
    assert collisions(figure) == []


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_texts_neither_overlap_nor_leave_the_sheet(case, narrow):
    services = LONG_SERVICES if case == "long" else SERVICES[:6]
    published = campaign(CASES[case], services, hidden=[1])
    readings, references = read_dimensions(published), compared(published)
    for service in services[:2]:
        one = published.of(*service)
        check(profile_figure(one, readings, references, narrow))
        check(items_figure(one, published.instrument.dimensions[0].id, narrow))
    check(heatmap_figure(published, readings, narrow))


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("status", ["unanimous", "complementary", "no_answer"])
def test_words_in_place_of_a_bar_or_a_dot_fit(status, narrow):
    published = campaign(hidden=())
    published.distributions["status"] = status
    published.scores["status"] = status
    one = published.of(*SERVICES[0])
    check(items_figure(one, "dim_0", narrow))
    if status != "unanimous":  # a dimension never is: only distributions are
        check(profile_figure(one, read_dimensions(published), None, narrow))


@pytest.mark.parametrize("narrow", [False, True])
def test_the_widest_levels_stand_clear_of_the_lines_and_inside_the_sheet(narrow):
    published = campaign(levels_instrument(), hidden=())
    published.scores[["score", "low", "high"]] = 87.5, 62.5, 87.5
    one = published.of(*SERVICES[0])
    figure = profile_figure(one, read_dimensions(published), None, narrow)
    check(figure)
    if not narrow:  # on a telephone the words stand above the line
        right = max(line.get_window_extent().x1 for line in drawn(figure, "interval:").values())
        assert all(text.get_window_extent().x0 > right for text in drawn(figure, "value:").values())


@given(st.integers(80, 400))  # no word is wider
@example(100)
def test_no_line_starts_with_a_sign_that_closes(width):
    text = "Et puis : « que fait-on ici ? » ; on en parle ! ou bien 5 % en parlent ?"
    lines = wrap(text, width, 13)
    assert all(line[0] not in "?;:!»%" and line[-1] != "«" for line in lines)
    assert all(measure(line, 13) <= width for line in lines)
    assert " ".join(lines).replace("\u202f", " ") == text
