"""The sentence that opens pages of several groups, in the gender of what it is about."""

import pytest

from qgdr_eval.figures.heatmap_cells import Cell, Line
from qgdr_eval.reporting.board import headline
from tests.reading import text_of
from tests.reporting.fictitious import make_instrument


def line(*bands):
    """A group whose first dimensions are established in these bands."""
    cells = [Cell(f"d{at}", 50.0, 40.0, 60.0, "established", band, "#ffffff")
             for at, band in enumerate(bands)]  # fmt: skip
    return Line(1, "A", "B", 20.0, tuple(cells))


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        (["strength"] * 3,
         "3 dimensions sont des points forts établis, chacun dans 2 services sur 2."),
        (["priority"] * 3,
         "3 dimensions sont des priorités établies, chacune dans 2 services sur 2."),
        (["strength", "between", "between"],
         "« Perception globale de la sécurité » est un point fort établi dans 2 services sur 2."),
        (["between"] * 3,
         "Rien n'est établi pour deux services à la fois : à lire avec les intervalles."),
    ],
)  # fmt: skip
def test_what_most_groups_share_is_said_in_its_gender(bands, said):
    lines = [line(*bands), line(*bands)]
    assert text_of(headline(lines, make_instrument(len(bands)), "services")) == text_of(said)
