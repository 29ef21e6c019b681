"""A page that compares with values found elsewhere says what is not known of them."""

import pytest

from qgdr_eval.problems import Refused
from qgdr_eval.reporting import open_report, team
from tests.press.campaigns import REFERENCE, write_small
from tests.reading import plain

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


def referring(folder, keys="", changed=lambda text: text):
    """A campaign whose reference says more of itself, beside the questionnaire it comes from."""
    small = write_small(folder / "campagne")
    asked = folder / "avant"
    asked.mkdir()
    text = (small.folder / "instrument.yml").read_text("utf-8")
    (asked / "instrument.yml").write_text(changed(text), encoding="utf-8")
    named = small.file.read_text("utf-8").replace('source: "tests, 2026"}', f'source: "t"{keys}}}')
    small.file.write_text(named, encoding="utf-8")
    return str(small.file)


def older(text):
    return text.replace("version: 1.0.0", "version: 0.9.0")


ASKED = ", instrument: ../avant/instrument.yml"
NOTHING_SAID = "Rien ne dit avec quelle version du questionnaire, ni auprès de qui ces valeurs"


@pytest.mark.parametrize(
    ("keys", "said", "unsaid"),
    [
        ("", [NOTHING_SAID], ["Ces valeurs viennent"]),
        (", version: 1.0.0, population: hôpitaux", ["(t ; hôpitaux ; version 1.0.0"],
         ["Rien ne dit", "Ces valeurs viennent"]),
        (", version: 0.9.0", ["Ces valeurs viennent de la version 0.9.0", "auprès de qui"],
         ["Rien ne dit avec"]),
        (f", version: 0.9.0{ASKED}", ["Ces valeurs viennent de la version 0.9.0"], []),
    ],
)  # fmt: skip
def test_a_reference_says_its_version_and_its_population(tmp_path, keys, said, unsaid):
    path = referring(tmp_path, keys, older)
    report = open_report(path, "Hôpital fictif A", "Médecine")
    page = plain(str(team.reference(report).html))
    assert [one for one in said if one not in page] == []
    assert [one for one in unsaid if one in page] == []


@pytest.mark.parametrize(
    ("changed", "keys", "told"),
    [
        (lambda text: text.replace("id: petit", "id: autre", 1), ASKED, "recueillies avec"),
        (older, ASKED, "écrivez « version: 0.9.0 »"),
        (lambda text: older(text).replace("dimension: suites", "dimension: ecoute", 1),
         f", version: 0.9.0{ASKED}", "elle n'est pas la même dans la version 0.9.0"),
    ],
    ids=["instrument", "version", "dimension"],
)  # fmt: skip
def test_a_reference_of_something_else_is_refused(tmp_path, changed, keys, told):
    with pytest.raises(Refused) as refused:
        open_report(referring(tmp_path, keys, changed), "Hôpital fictif A", "Médecine")
    assert told in plain(str(refused.value))
