"""Positions side by side: what services share, in the words of their own pages, never a measure."""

import re
from collections import Counter

import pytest

from qgdr_eval.comparison.findings import find
from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.fictitious.positions import write_demo_position
from qgdr_eval.french import NARROW
from qgdr_eval.instruments import load_instrument
from qgdr_eval.reporting import position, side_by_side
from qgdr_eval.reporting.position import words
from qgdr_eval.reporting.position.report import position_of
from qgdr_eval.reporting.report import CampaignReport, open_campaign
from qgdr_eval.reporting.side_by_side.positions import SIDE_BY_SIDE, stands_of
from qgdr_eval.shipped import shipped
from tests.reading import Page, body_of, text_of, title_of
from tests.reporting.fictitious import lay_out, make_published
from tests.rounds import AUDIT, FACILITY, GROUP, PEOPLE, write_round

GROUPS = ("politique_qgdr", "referent_qualite", "essms_preparatoire", "compte_qualite")
LOW, MIDDLE, HIGH = "1115", "3333", "5551"  # E1, E2, S1, then S2 which is reversed: 0, 50, 100
ONE_MARK = re.sub(r".*at_most.*\n", "", GROUP)
NO_MARK = re.sub(r"thresholds:\n( +-.*\n)+", "", GROUP)
CRITICAL = GROUP.replace("E1, text", "E1, critical: true, text")
RISKS = "compte_qualite"
MAP = load_instrument(RISKS)
NOT_HERE, UNKNOWN, RED, ORANGE, GREEN = "888", "394", "542", "433", "222"  # gravity, V, control


def opened(folder, instrument, services, more=""):
    return open_campaign(str(write_round(folder / "c", instrument, services, more)))


def tables(html):
    """The rows of each table, without those that only head a part."""
    return [[row for row in rows if len(row) > 1] for _, _, rows in Page(str(html)).tables]


def by_dimension(html):
    """What the folded tables say: dimension → words → services."""
    told, dimension = {}, ""
    for _, columns, rows in Page(str(html)).tables:
        for row in rows if columns[0] == "Lecture" else ():
            if len(row) == 1:
                dimension = told.setdefault(row[0], {})
            else:
                dimension[row[0]] = row[1].split(", ")
    return told


def rated(given):
    """The codes of a whole map, one gravity a risk whatever the harm; green where not given."""
    place = {"gravity": 0, "likelihood": 1, "control": 2}
    codes = dict(zip((one.id for one in MAP.dimensions), given, strict=False))
    return "".join(codes.get(item.dimension, GREEN)[place[item.role]] for item in MAP.items)


def risk_map(*services):
    """The answers of services, a code of three digits a risk: gravity, likelihood, control."""
    return {f"Unité {rank}": [rated(given)] for rank, given in enumerate(services, start=1)}


def risks_text():
    return (shipped("questionnaires") / RISKS / "instrument.yml").read_text("utf-8")


@pytest.fixture(scope="module", params=GROUPS)
def demo(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return str(write_demo_position(folder / "c", request.param))


# Every instrument that groups fill in


def test_nothing_on_the_page_speaks_of_a_sample(demo):
    page = lay_out(open_campaign(demo), "40_comparaison.ipynb")
    text = body_of(page)
    assert "<svg" not in page
    assert not re.search(r"intervalle|établie?s?\b|confirmer|conclure|\bScore\b|sur 100", text)
    assert "sans seuil de lecture" not in text
    assert Page(page).levels.count(1) == 1
    assert len(Page(page).ids) == len(set(Page(page).ids))


def test_a_service_stands_there_as_on_its_own_page(demo):
    report = open_campaign(demo)
    stands = stands_of(report)
    several = len({facility for facility, _ in report.published.services}) > 1
    assert len(stands) == len(report.published.services)
    for facility, service in report.published.services:
        own = position.open_position(demo, facility, service)
        name = f"{service} ({facility})" if several else service
        for stand in position_of(own).stands:
            said = words.reading(stand)
            assert stands[name][stand.dimension.id].words == said or not said


def test_every_section_is_stamped_once(demo):
    report = open_campaign(demo)
    sections = re.findall(r"<section[^>]*>", str(side_by_side.heatmap(report)))
    assert sections
    assert all(one.count(f'data-results="{report.fingerprint}"') == 1 for one in sections)


def test_the_page_says_what_the_questionnaire_is_not_for(tmp_path):
    report = open_campaign(str(write_demo_position(tmp_path / "c", "referent_qualite")))
    text = text_of(lay_out(report, "40_comparaison.ipynb"))
    assert "ni à comparer des référents entre eux" in text
    assert "on ne compare ni les services ni les personnes" in text


# Dimensions read against marks


def test_services_that_say_the_same_stand_together(tmp_path):
    report = opened(tmp_path, GROUP, {"A": [LOW], "B": [HIGH], "C": [LOW], "D": [MIDDLE]})
    html = side_by_side.heatmap(report)
    expected = {"à améliorer": ["A", "C", "D"], "développée": ["B"]}
    assert by_dimension(html) == {"Écoute": expected, "Suites": expected}


def test_what_is_common_is_what_two_services_have_to_take_up_first(tmp_path):
    rows = {"A": ["1151"], "B": ["1151"], "C": ["4415"]}  # listening low twice, follow-up once
    html = side_by_side.heatmap(opened(tmp_path, GROUP, rows))
    assert tables(html)[0] == [["Écoute", "à améliorer", "2 sur 3 : A, B"]]
    title = Page(html).texts["h2"][0]
    assert title == "1 dimension sur 2 est à reprendre d'abord dans plusieurs services"


@pytest.mark.parametrize(
    ("instrument", "rows", "said"),
    [
        (GROUP, {"A": [LOW], "B": [HIGH]}, "Rien n'est dans ce cas pour deux services à la fois."),
        (GROUP, {"A": [LOW]}, "Il faut au moins deux positions"),
        (NO_MARK, {"A": [LOW], "B": [LOW]}, "Le questionnaire ne fixe pas de repère"),
    ],
)
def test_why_nothing_is_common_is_said(instrument, rows, said, tmp_path):
    html = side_by_side.heatmap(opened(tmp_path, instrument, rows))
    assert said in text_of(html)
    assert not [one for one in Page(str(html)).tables if one[1][0] == "Dimension"]


def test_without_a_lower_mark_what_is_under_the_mark_comes_first(tmp_path):
    html = side_by_side.heatmap(opened(tmp_path, ONE_MARK, {"A": [MIDDLE], "B": [MIDDLE]}))
    assert tables(html)[0][0] == ["Écoute", "sous le repère", "2 sur 2 : A, B"]


def test_a_critical_criterion_that_two_services_miss_is_common(tmp_path):
    report = opened(tmp_path, CRITICAL, {"A": ["4551"], "B": ["4551"]})  # 87,5 with E1 not full
    own = position.open_position(str(tmp_path / "c" / "campagne.yml"))
    said = words.reading(position_of(own).stands[0]).replace(NARROW, " ")
    assert "critère critique" in said
    rows = tables(side_by_side.heatmap(report))[0]
    assert rows == [["Écoute", said, "2 sur 2 : A, B"]]


def test_without_marks_results_are_told_and_nobody_is_ranked(tmp_path):
    html = side_by_side.heatmap(opened(tmp_path, NO_MARK, {"A": [HIGH], "B": [LOW]}))
    assert list(by_dimension(html)["Écoute"].items()) == [("100/100", ["A"]), ("0/100", ["B"])]


def test_a_service_without_a_position_is_named_apart(tmp_path):
    (tmp_path / "c").mkdir()
    roster = "".join(f"{FACILITY};{name};1\n" for name in ("A", "Nuit", "B"))
    (tmp_path / "c" / "services.csv").write_text(f"facility;service;head_count\n{roster}", "utf-8")
    report = opened(tmp_path, GROUP, {"A": [LOW], "B": [LOW]}, "services: services.csv\n")
    html = side_by_side.heatmap(report)
    assert "Sans position dans cette campagne : Nuit." in text_of(html)
    assert tables(html)[0][0][2] == "2 sur 2 : A, B"
    assert "Services 3 Ont répondu 2" in text_of(side_by_side.masthead(report, "2026-03-31"))


@pytest.mark.parametrize(
    ("services", "told"),
    [
        ({"A": [LOW], "B": [LOW]}, "Services 2 Ce n'est pas"),
        ({"A": [LOW, LOW], "B": [LOW]}, "Services 2 Groupes 3"),
    ],
)
def test_a_number_of_the_masthead_is_not_said_again(services, told, tmp_path):
    text = text_of(side_by_side.masthead(opened(tmp_path, GROUP, services), "2026-03-31"))
    assert told in text


# Risks


@pytest.fixture(scope="module")
def risks(tmp_path_factory):
    services = risk_map([RED, ORANGE, NOT_HERE, UNKNOWN], [RED, GREEN, UNKNOWN, RED])
    return opened(tmp_path_factory.mktemp("risques"), risks_text(), services)


def test_risks_are_told_by_their_zone_and_its_letter(risks):
    drawn = {row[0]: row[1:] for row in tables(side_by_side.heatmap(risks))[1]}
    assert len(drawn) == len(MAP.dimensions)
    assert drawn["1. Erreur de médicament"] == ["R rouge", "R rouge"]
    assert drawn["2. Erreur d'identité"] == ["O orange", "V vert"]


def test_a_risk_that_does_not_exist_is_not_one_that_nobody_knows(risks):
    first, second = stands_of(risks).values()
    assert (first["infection"].words, first["infection"].why) == ("hors champ", "")
    assert second["infection"].words.startswith("sans zone")
    assert second["infection"].why == "vraisemblance : ne sait pas"


def test_the_worst_zone_of_several_services_is_told_first(risks):
    html = side_by_side.heatmap(risks)
    assert tables(html)[0] == [["Erreur de médicament", "rouge", "2 sur 2 : Unité 1, Unité 2"]]
    assert "1 risque sur 31 est en zone « rouge » dans plusieurs services" in text_of(html)


def test_risks_have_the_words_of_risks(risks):
    text = text_of(lay_out(risks, "40_comparaison.ipynb"))
    assert not re.search(r"[Uu]ne dimension|à reprendre|\b0 à 100\b.*Chaque risque", text)
    assert "Sans zone ne veut pas dire sans risque." in text


def test_a_risk_that_exists_nowhere_is_not_counted(tmp_path):
    report = opened(tmp_path, risks_text(), risk_map([NOT_HERE], [NOT_HERE]))
    html = side_by_side.heatmap(report)
    assert "Aucun des 30 risques n'est en zone « rouge »" in text_of(html)


def test_two_maps_of_one_service_are_never_averaged(tmp_path):
    rows = [rated([RED] * len(MAP.dimensions)), rated([])]
    stands = stands_of(opened(tmp_path, risks_text(), {"A": rows, "B": [rated([])]}))
    assert {stand.words for stand in stands["A"].values()} == {"sans zone"}
    assert {stand.words for stand in stands["B"].values()} == {"vert"}


@pytest.mark.parametrize("count", [1, SIDE_BY_SIDE, SIDE_BY_SIDE + 1, 10])
def test_few_services_stand_beside_each_other_and_none_is_lost(count, tmp_path):
    report = opened(tmp_path, risks_text(), risk_map(*[[RED]] * count))
    html = side_by_side.heatmap(report)
    heads = [columns[1:] for _, columns, _ in Page(str(html)).tables if columns[1] != "Zone"]
    assert max(map(len, heads)) <= SIDE_BY_SIDE
    assert [name for names in heads for name in names] == list(stands_of(report))
    assert len(stands_of(report)) == count


# What is opened


def test_only_positions_come_with_their_answers(tmp_path):
    group = opened(tmp_path, GROUP, {"A": [LOW]})
    assert Counter(group.published.distributions["service"])["A"] > 0
    people = opened(tmp_path / "p", PEOPLE, {"A": ["1254", "2345", "5114"] * 4})
    audit = opened(tmp_path / "a", AUDIT, {"A": ["OOOO", "OONO"] * 5})
    assert len(people.published.distributions) == len(audit.published.distributions) == 0


def test_a_survey_keeps_its_figure_and_its_intervals():
    published = make_published()
    readings = read_dimensions(published)
    report = CampaignReport(published, readings, find(published, readings), "0" * 64)
    html = str(side_by_side.heatmap(report))
    assert "<svg" in html
    assert "Intervalle à 95" in html.replace(NARROW, " ")
    assert title_of(html) == "Chaque service, chaque dimension"


def test_what_must_not_be_read_without_is_never_folded(tmp_path):
    warned = 'caution: "Ne se compare pas."\n'
    services = {"Accueil": ["1115"], "Unité": ["3333"]}
    html = side_by_side.heatmap(opened(tmp_path, GROUP + warned, services))
    section = str(html).split('id="emploi"')[1].split("<details")[0]
    assert "Ne se compare pas." in text_of(section)
