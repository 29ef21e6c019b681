import pytest

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.figures import heatmap_figure, items_figure, profile_figure
from tests.figures.campaigns import DIMENSIONS, SERVICES, campaign, compared, instrument
from tests.figures.reading_figures import clipped, collisions

LONG = "Une dimension dont le nom est bien trop long pour tenir sur une ligne, " * 4
WORD = "Anticonstitutionnellementanticonstitutionnellementanticonstitutionnellement" * 4
CASES = {
    "usual": instrument(),
    "four": instrument(("Stratégique", "Structurelle", "Technique", "Culturelle")),
    "one": instrument(("Seule",)),
    "fifteen": instrument([*DIMENSIONS, *DIMENSIONS[:5]]),
    "long": instrument((LONG, WORD, "Courte"), text=f"{LONG}{WORD}"),
    "seven options": instrument(DIMENSIONS[:3], options=7),
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
        check(items_figure(one, "dim_0", narrow))
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
