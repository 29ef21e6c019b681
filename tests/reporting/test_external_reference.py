"""A page that compares with values found elsewhere says what is not known of them."""

import pytest

from qgdr_eval.reporting import open_report, team
from tests.press.campaigns import REFERENCE, write_small

EXACT = "elle est prise pour exacte"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (REFERENCE, "sans intervalle pour « Suites »"),
        ("dimension;score\necoute;60\nsuites;50\n", "sans intervalle pour toutes les dimensions"),
        ("dimension;score;low;high\necoute;60;55;65\nsuites;50;;55\n", "pour « Suites »"),
        ("dimension;score;low;high\necoute;60;55;65\nsuites;50;45;55\n", None),
    ],
)
def test_a_reference_without_bounds_is_said_to_be_taken_as_exact(tmp_path, values, said):
    small = write_small(tmp_path / "campagne")
    (small.folder / "reference.csv").write_text(values, encoding="utf-8")
    report = open_report(str(small.file), "Hôpital fictif A", "Médecine")
    page = str(team.reference(report).html).replace("\u00a0", " ").replace("\u202f", " ")
    assert (EXACT in page) is (said is not None)
    assert said is None or said in page
