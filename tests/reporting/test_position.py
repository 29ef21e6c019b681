"""What a group or a person declared is told as given: counted, placed, worked."""

import dataclasses
import json
import re
from functools import cached_property
from itertools import pairwise, product

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.fictitious.positions import write_demo_position
from qgdr_eval.frames import NoteRow
from qgdr_eval.french import NARROW
from qgdr_eval.instruments import load_instrument
from qgdr_eval.press.proof import Promise, prove, read_evidence
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import position
from qgdr_eval.reporting.page.export import export_html
from qgdr_eval.reporting.position.answers import Answer, gather, total
from qgdr_eval.reporting.position.gaps import by_gap, gap
from qgdr_eval.reporting.position.map import draw_map
from qgdr_eval.reporting.position.picture import picture
from qgdr_eval.reporting.position.points import to_do_first, to_lean_on, to_see
from qgdr_eval.reporting.position.report import position_of
from qgdr_eval.reporting.position.stand import every_answer
from qgdr_eval.reporting.position.team_edition import team_edition
from qgdr_eval.reporting.position.zones import (
    in_zone,
    possible_said,
    possible_zones,
)
from qgdr_eval.shipped import shipped
from tests.reading import Page, plain, text_of

DECLARED = (
    "politique_qgdr",
    "referent_qualite",
    "essms_preparatoire",
    "compte_qualite",
    "profil_directeur_qualite",
    "profil_directeur_usagers",
)
HOSTILE = '"}</style><script>alert(1)</script><img src=x onerror=alert(1)>'
CAMPAIGN = """
id: essai
title: Campagne d'essai
period: mars 2026
instrument: {instrument}
responses: reponses.csv
services: services.csv
columns: {{facility: Établissement, service: Service}}
coding: {{answers: codes, reversed: as_worded}}
reference: none
"""


class Declared:
    """Positions read through the whole pipeline: one row of codes per group or person."""

    def __init__(
        self,
        folder,
        instrument,
        *rows,
        roster=("Accueil",),
        place="Les Trois Saules",
        notes=None,
        earlier="",
    ):
        folder.mkdir(exist_ok=True)
        self.rows = rows
        path = folder / "instrument.yml"  # JSON is YAML
        path.write_text(json.dumps(instrument.model_dump(exclude_none=True)), encoding="utf-8")
        answers = pd.DataFrame(list(rows), columns=instrument.codes).astype(object).fillna("")
        answers.insert(0, "Établissement", place)
        answers.insert(1, "Service", roster[0])
        answers = answers.assign(**(notes or {}))
        answers.to_csv(folder / "reponses.csv", sep=";", index=False)
        services = pd.DataFrame({"Établissement": place, "Service": roster})
        services.to_csv(folder / "services.csv", sep=";", index=False)
        self.file = folder / "campagne.yml"
        before = f"earlier: {earlier}\n" if earlier else ""
        text = CAMPAIGN.format(instrument="instrument.yml") + before
        self.file.write_text(text.replace("essai", f"essai_{folder.name}", 1), encoding="utf-8")

    def report(self, service=""):
        return position.open_position(str(self.file), "", service)

    @cached_property
    def opened(self):
        """The report of the first place, opened once."""
        return self.report()


def everywhere(instrument, code):
    return {item.code: code for item in instrument.items}


def row_of(html, label):
    """The words of the one row of a table that a label begins."""
    (row,) = (one for one in Page(html).texts["tr"] if one.startswith(plain(label)))
    return row


def page_of(report):
    """The page the notebook makes of a report, without running a kernel."""
    notebook = nbformat.read(shipped("notebooks") / "10_autoevaluation.ipynb", as_version=4)
    names = {"report": report, "report_date": "2026-03-31"}
    names |= {"position": position}
    for cell in notebook.cells:
        if cell.source.startswith(tuple(f"{name}." for name in names)):
            shown = {"text/html": str(eval(cell.source, names))}
            cell.outputs = [nbformat.v4.new_output("display_data", shown)]
    return export_html(notebook, "Une position")


@pytest.fixture(scope="module", params=DECLARED)
def demo(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return position.open_position(str(write_demo_position(folder / "c", request.param)))


@pytest.fixture(scope="module")
def demo_page(demo):
    return page_of(demo)


# Every instrument that a group or a person fills in


def test_a_page_goes_down_one_step_at_a_time_and_fetches_nothing(demo_page):
    outline = Page(demo_page)
    assert outline.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(outline.levels))
    assert len(outline.ids) == len(set(outline.ids))
    assert not {"script", "link", "iframe", "img", "object"} & set(outline.tags)
    assert not [one for one in outline.addresses if re.match(r"(https?:)?//", one)]
    assert len(demo_page.encode()) < 400_000


def test_a_page_proves_whose_position_it_is(demo, demo_page):
    promise = Promise(demo.facility, demo.service, demo.n, demo.fingerprint)
    assert prove(promise, read_evidence(demo_page)) == ""


def test_a_declared_position_has_no_interval_and_establishes_nothing(demo_page):
    body = demo_page[demo_page.index("<body") :]
    text = text_of(body)
    assert "Intervalle à 95" not in text
    assert not re.search(r"\[\d+ ; \d+\]", text)
    assert not re.search(r"\bétablie?s?\b", text)
    assert "Ce qu'on ne peut pas conclure, et pourquoi" in text


def test_all_that_was_asked_is_on_the_page(demo, demo_page):
    asked = [item.text for item in demo.instrument.items if item.role is None]
    asked += [dimension.label for dimension in demo.instrument.dimensions]
    text = text_of(demo_page)
    assert [one for one in asked if re.sub(r"\s+", " ", one) not in text] == []


def test_what_is_to_be_done_first_comes_with_its_levers(demo):
    called = {point.dimension for point in to_do_first(position_of(demo))}
    text = text_of(position.next_steps(demo))
    for dimension in demo.instrument.dimensions:
        shown = [lever for lever in dimension.levers if lever in text]
        assert len(shown) == (len(dimension.levers) if dimension.id in called else 0)


def test_the_arithmetic_of_the_annex_is_right(demo):
    """Each « (a + b) ÷ n = c » and « a ÷ n × 100 = c » is worked again."""
    text = re.sub(r"(\d),(\d)", r"\1.\2", text_of(position.annex(demo)))
    sums = re.findall(r"\(([\d.+× ]+)\) ÷ (\d+) = ([\d.]+)", text)
    shares = re.findall(r"(\d+) [a-zé ]+ ÷ (\d+) × 100 = ([\d.]+)", text)
    assert sums or shares or "zone, selon deux tables" in text
    for terms, among, said in sums:
        whole = sum(
            float(n) * float(worth or 1)
            for n, _, worth in (term.partition(" × ") for term in terms.split(" + "))
        )
        assert whole / int(among) == pytest.approx(float(said), abs=0.06)
    for met, among, said in shares:
        assert 100 * int(met) / int(among) == pytest.approx(float(said), abs=0.051)


def test_at_most_three_points_are_told_on_each_side(demo):
    groups = re.split(r"<h3>", str(position.message(demo)))[1:]
    assert len(groups) == 2 + bool(to_see(demo.instrument.risk, position_of(demo).risks))
    assert all(group.count("<li>") <= 3 for group in groups)


def test_the_demonstration_is_the_same_for_the_same_seed(tmp_path):
    one, same, other = (
        write_demo_position(tmp_path / name, "compte_qualite", seed).parent / "reponses.csv"
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert one.read_bytes() == same.read_bytes()
    assert one.read_bytes() != other.read_bytes()


def test_the_demonstration_overwrites_nothing_and_is_for_positions(tmp_path):
    write_demo_position(tmp_path / "a", "politique_qgdr")
    write_demo_position(tmp_path / "a", "politique_qgdr")
    with pytest.raises(Refused, match="déjà un autre fichier"):
        write_demo_position(tmp_path / "a", "compte_qualite")
    with pytest.raises(Refused, match="ni par un groupe"):
        write_demo_position(tmp_path / "b", "culture_securite")


def test_demo_opens_a_policy():
    report = position.open_position("demo")
    assert report.instrument.id == "politique_qgdr"
    assert report.facility == "Hôpital fictif du Val d'Orsel"


# Checklists


@pytest.fixture(scope="module")
def referent(tmp_path_factory):
    """Mission all done but one; time all without object; training empty; place in progress."""
    instrument = load_instrument("referent_qualite")
    codes = {"mission": 3, "temps": 8, "formation": "", "place": 2, "appui": 1, "outils": 3}
    row = {item.code: codes.get(item.dimension, 9) for item in instrument.items}
    row |= {"RM05": 2, "RA01": 8, "RA02": 3}
    return Declared(tmp_path_factory.mktemp("referent"), instrument, row)


def test_a_checklist_is_counted(referent):
    report = referent.opened
    # Mission 5, place 4, appui 4 (one without object), outils 5: 18; done 4 + 0 + 1 + 5.
    headline = "10 points sur 18 sont faits, 5 en cours, 3 restent à faire."
    assert headline in text_of(position.message(report))
    profile = text_of(position.profile(report))
    assert "En cours : 1, Fait : 4 4 sur 5 (80 %) conditions réunies" in profile
    assert "À faire : 3, Fait : 1, Sans objet : 1 1 sur 4 (25 %) conditions à réunir" in profile


def test_what_remains_to_do_comes_first(referent):
    text = text_of(position.items(referent.opened))
    mission = text[text.index("Une mission écrite") : text.index("Du temps prévu")]
    assert mission.index("En cours 1") < mission.index("Une deuxième personne peut tenir")
    assert mission.index("Une deuxième personne peut tenir") < mission.index("Fait 4")


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Du temps prévu", "tout est « Sans objet »"),
        ("Des compétences développées", "sans réponse"),
        ("Un bilan, une reconnaissance, une relève", "tout est « Ne sait pas »"),
    ],
)
def test_a_dimension_without_an_answer_has_no_percentage(referent, label, said):
    report = referent.opened
    row = row_of(position.profile(report), label)
    assert said in row
    assert "%" not in row
    limits = text_of(position.limits(report))
    assert "Trois dimensions sans résultat." in limits
    assert f"« {label} », {said}" in limits


def test_only_what_is_under_its_mark_is_to_be_done_first(referent):
    report = referent.opened
    assert [point.dimension for point in to_do_first(position_of(report))] == ["place", "appui"]
    assert [point.dimension for point in to_lean_on(position_of(report))] == ["mission", "outils"]
    assert [(p.figure, p.unit) for p in to_do_first(position_of(report))] == [
        ("0 sur 4", "faits"),
        ("1 sur 4", "faits"),
    ]


def test_the_arithmetic_of_a_checklist_can_be_followed(referent):
    text = text_of(position.annex(referent.opened))
    assert (
        "« Un appui et un réseau » : 3 « À faire » et 1 « Fait » ; 1 fait ÷ 4 × 100 = 25 % ; "
        "hors du calcul : 1 « Sans objet »" in text
    )


@pytest.mark.parametrize(
    ("id", "answers", "told", "leaned_on"),
    [
        # All that was answered is done: the sixth could bring « terminée » (100) down to 83.
        ("politique_qgdr", {"PR02": ""}, "5 sur 5 (100 %), 1 sans réponse à compléter", False),
        ("politique_qgdr", {"PR02": 9}, "5 sur 5 (100 %), 1 ne sait pas à compléter", False),
        ("politique_qgdr", {"PR02": 3}, "6 sur 6 (100 %) terminée", True),
        # 4 of 5 would still be « réunies » (80); 3 of 5 would not.
        (
            "referent_qualite",
            {"RM02": ""},
            "4 sur 4 (100 %), 1 sans réponse conditions réunies",
            True,
        ),
        (
            "referent_qualite",
            {"RM02": "", "RM03": ""},
            "3 sur 3 (100 %), 2 sans réponse à compléter",
            False,
        ),
    ],
)
def test_an_answer_that_lacks_is_counted_and_may_hold_a_reading_back(
    tmp_path, id, answers, told, leaned_on
):
    instrument = load_instrument(id)
    report = Declared(tmp_path, instrument, everywhere(instrument, 3) | answers).report()
    assert told in text_of(position.profile(report))
    first = instrument.dimensions[0].id
    assert (first in {point.dimension for point in to_lean_on(position_of(report))}) == leaned_on
    assert ("dont une avec réserve" in text_of(position.profile(report))) == (not leaned_on)


def test_a_mark_that_is_no_whole_number_is_written_as_it_is(tmp_path):
    instrument = load_instrument("essms_preparatoire")
    text = text_of(
        position.annex(Declared(tmp_path, instrument, everywhere(instrument, 3)).report())
    )
    assert "au moins 66,6" in text
    assert "Choix du projet (novembre 2026)" in text


def test_a_dimension_weak_alone_has_its_own_reading(tmp_path):
    instrument = load_instrument("referent_qualite")
    row = everywhere(instrument, 3) | {"RT01": 1, "RT02": 1, "RT03": 1}
    reading = instrument.dimension("temps").when_weak.strip()
    steps = text_of(position.next_steps(Declared(tmp_path, instrument, row).report()))
    assert reading in steps


def test_nothing_to_do_first_is_said(tmp_path):
    instrument = load_instrument("referent_qualite")
    report = Declared(tmp_path, instrument, everywhere(instrument, 3)).report()
    assert to_do_first(position_of(report)) == []
    assert "Rien n'appelle d'action en premier" in text_of(position.message(report))
    assert "31 points sur 31 sont faits." in text_of(position.message(report))


# Criteria rated from 1 to 4


@pytest.fixture(scope="module")
def rated(tmp_path_factory):
    """Chapter 1: 1, RI, then 4 and *, 3…; an imperative at 2, one empty."""
    instrument = load_instrument("essms_preparatoire")
    row = everywhere(instrument, 4) | {
        "P01": 1,
        "P02": 9,
        "P03": 4,
        "P04": 5,
        "P05": 3,
        "P06": 3,
        "P07": 2,
        "P08": 2,
        "P09": 3,
        "I02": 2,
        "Q04": 8,
        "Q05": 8,
        "I09": "",
        "I17": 5,
    }
    return Declared(tmp_path_factory.mktemp("essms"), instrument, row)


def test_means_keep_two_decimals_and_the_star_counts_four(rated):
    profile = text_of(position.profile(rated.opened))
    for label, mean in (
        ("Bientraitance et éthique, vues par la personne", "1,00 sur 4"),
        ("Droits, vus par la personne", "4,00 sur 4"),
        ("Co-construction du projet, vue par la personne", "2,33 sur 4"),
        ("Droits, dans les pratiques des professionnels", "3,75 sur 4"),
    ):
        row = profile[profile.index(label) :]
        assert re.search(r"\d,\d\d sur 4", row)[0] == mean


def test_a_chapter_is_the_mean_of_its_criteria_not_of_its_themes(rated):
    # (1 + 4 + 4 + 3 + 3 + 2 + 2 + 3 + 6 × 4) ÷ 14 = 3,29; the mean of its seven themes is 3,19.
    text = text_of(position.items(rated.opened))
    assert "Chapitre Moyenne des critères Critères cotés NC RI Sans réponse" in text
    assert "Chapitre 1 : la personne 3,29 14 sur 15 0 1 0" in text
    assert "Chapitre 2 : les professionnels 3,89 19 sur 21 2 0 0" in text
    assert "(1 + 4 + 4 + 3 + 3 + 2 + 2 + 3 + 4 + 4 + 4 + 4 + 4 + 4) ÷ 14 = 3,29" in text_of(
        position.annex(rated.opened)
    )


def test_imperative_criteria_below_four_ask_for_a_plan(rated):
    report = rated.opened
    text = text_of(position.items(report))
    said = "1 critère impératif sur 18 demande un plan d'actions, 1 critère impératif sans réponse"
    assert said in text
    assert said in text_of(position.message(report))
    first = to_do_first(position_of(report))
    assert [(point.figure, point.unit) for point in first[:2]] == [
        ("2", "sur 4"),
        ("–", "non coté"),
    ]
    assert "pas « plutôt solide » : un impératif est sous 4" in text_of(position.profile(report))
    retired = "Un critère impératif coté sous 4 retire « plutôt solide » à sa dimension"
    assert retired in text_of(position.annex(report))


@pytest.mark.parametrize(
    ("ratings", "reading"),
    [
        # (2 + 4) ÷ 2 = 3,00 reaches « plutôt solide » (66,6); so do 2, 2, 4 and the star at 3,00.
        ({"P05": 2, "P06": 5}, "plutôt solide en moyenne, avec 1 critère à 2 ou moins"),
        ({"I02": ""}, "plutôt solide en moyenne, avec 1 impératif sans cotation"),
        ({"P05": 3, "P06": 3}, "plutôt solide"),
    ],
)
def test_a_mean_that_hides_something_is_nothing_to_lean_on(tmp_path, ratings, reading):
    instrument = load_instrument("essms_preparatoire")
    report = Declared(tmp_path, instrument, everywhere(instrument, 4) | ratings).report()
    item = next(item for item in instrument.items if item.code == next(iter(ratings)))
    label = instrument.dimension(item.dimension).label
    assert row_of(position.profile(report), label).endswith(f"sur 4 {reading}")
    lean = {point.dimension for point in to_lean_on(position_of(report))}
    assert (item.dimension in lean) == (reading == "plutôt solide")
    low = [point.name for point in to_do_first(position_of(report)) if point.kind == "low"]
    assert low == [one.text for one in instrument.items if ratings.get(one.code) == 2]


def test_criteria_at_one_or_two_come_after_imperatives_and_low_dimensions(rated):
    first = [(point.kind, point.figure) for point in to_do_first(position_of(rated.opened))]
    assert first == [
        ("imperative", "2"),
        ("imperative", "–"),
        ("priority", "1,00"),
        ("low", "2"),
        ("low", "2"),
    ]
    said = "impératifs sous 4 ou non cotés, puis les dimensions sous leur repère, puis les autres"
    assert said in text_of(position.message(rated.opened))


def test_an_imperative_at_three_is_on_the_unfavourable_side(tmp_path):
    instrument = load_instrument("essms_preparatoire")
    row = everywhere(instrument, 4) | {"I02": 3, "Q03": 3}
    html = str(position.profile(Declared(tmp_path, instrument, row).report()))
    assert '<span class="tile poor critical">3</span>' in html
    assert '<span class="tile good">3</span>' in html
    assert "Impératif sous 4 : un plan d'actions" in text_of(html)


def test_a_reason_is_printed_beside_the_answer_that_calls_for_it(tmp_path):
    instrument = load_instrument("essms_preparatoire")
    row = everywhere(instrument, 4) | {"I01": 8, "I08": 8, "P01": 8, "P03": 8}
    notes = {"notes:I01": "Milieu ouvert.", "notes:personne_droits": "Vu en réunion."}
    report = Declared(tmp_path, instrument, row, notes=notes).report()
    html = str(position.items(report))
    told = {
        "I01": "(critère officiel 2.2.1) Non concerné Milieu ouvert.",
        "I08": "(critère officiel 3.6.2) Non concerné aucune justification",
        "P01": "Non concerné aucune justification",
        "P03": "Non concerné voir le bloc-notes",
    }
    for code, said in told.items():
        assert row_of(html, instrument.item(code).text).endswith(said)
    assert "I01 Milieu ouvert." in text_of(position.notes(report))
    told = "16 critères impératifs sont tous cotés 4, 2 autres hors du champ de la structure"
    assert told in text_of(html)


def test_marks_of_ratings_are_told_on_both_scales(rated):
    annex = text_of(position.annex(rated.opened))
    # 1 + 3 × 0,666 = 2,998 and 1 + 3 × 0,334 = 2,002.
    assert "Plutôt solide au moins 3,00 au moins 66,6" in annex
    assert "À travailler d'abord au plus 2,00 au plus 33,4" in annex
    assert "« NC », « RI » et une réponse vide sortent du calcul" in annex
    assert "coté ici par le groupe" in text_of(position.limits(rated.opened))


def test_a_theme_without_a_rating_says_so(rated):
    profile = text_of(position.profile(rated.opened))
    assert "Accompagnement à l'autonomie, dans les pratiques NC NC NC : non concerné : 2" in profile
    assert "tout est « NC »" in profile


def test_a_preparatory_grid_has_no_grade(rated):
    shown = [position.masthead(rated.opened, "2026-03-31"), position.message(rated.opened)]
    shown += [position.profile(rated.opened), position.items(rated.opened)]
    text = " ".join(text_of(one) for one in shown)
    assert "ni une évaluation de la HAS" in text
    assert not re.search(r"(note|niveau|classe|grade) [A-D]\b", text)


# Risks


def coded(report, prefix):
    """The risk whose questions have these codes: a risk added later stands beside its like."""
    return next(risk for risk in position_of(report).risks if prefix_of(report, risk) == prefix)


def prefix_of(report, risk):
    return report.instrument.items_of(risk.dimension.id)[0].code[:3]


@pytest.fixture(scope="module")
def risks(tmp_path_factory):
    """Gravity, likelihood and control in turn; transport has no object, heat is unknown.

    Rights are a rank less grave than persons, the organisation is spared.
    """
    instrument = load_instrument("compte_qualite")
    row, pairs = {}, list(product((5, 4, 3, 2, 1), (1, 3, 5)))
    for number in sorted({int(code[1:3]) for code in instrument.codes}):
        gravity, likelihood = pairs[(number - 1) % len(pairs)]
        rated = {"G": gravity, "D": max(gravity - 1, 1), "O": 8, "V": likelihood}
        rated |= {"M": 1 + number % 5}
        codes = {f"R{number:02d}{role}": rank for role, rank in rated.items()}
        row |= {code: rank for code, rank in codes.items() if code in instrument.codes}
    row |= {"R09G": 8, "R09V": 8, "R09M": 8, "R17M": 9}
    return Declared(tmp_path_factory.mktemp("risques"), instrument, row)


def test_the_first_screen_shows_each_risk_in_its_zone_and_each_answer_once(risks, rated):
    report = risks.opened
    shown = [re.findall(r">(\d+)</span>", squares) for _, squares in picture(position_of(report))]
    placed = [str(risk.number) for risk in position_of(report).risks if risk.standing != "absent"]
    assert sorted(number for zone in shown for number in zone) == sorted(placed)
    worst = [str(risk.number) for risk in position_of(report).risks if risk.zone == 0]
    assert sorted(shown[0]) == sorted(worst)
    squares = "".join(drawn for _, drawn in picture(position_of(rated.opened)))
    assert squares.count('class="tile ') == total(every_answer(position_of(rated.opened).stands))


def test_each_risk_stands_in_the_zone_of_the_tables(risks):
    report, row = risks.opened, risks.rows[0]
    for risk in position_of(report).risks:
        rated = [row[f"{prefix_of(report, risk)}{role}"] for role in "GVM"]
        whole = all(rank <= 5 for rank in rated)
        assert risk.zone == (report.instrument.risk.zone(*rated) if whole else None)
        assert (risk.gravity, risk.likelihood, risk.control) == tuple(
            rank if rank <= 5 else None for rank in rated
        )


def test_each_risk_stands_on_its_square(risks):
    report = risks.opened
    lines = draw_map(report.instrument, report.instrument.risk, position_of(report).risks)
    assert [line.gravity for line in lines] == [5, 4, 3, 2, 1]
    placed = [
        (risk.number, line.gravity, likelihood)
        for line in lines
        for likelihood, spot in enumerate(line.spots, start=1)
        for risk in spot.risks
    ]
    rated = {risk.number: (risk.gravity, risk.likelihood) for risk in position_of(report).risks}
    assert {number: (g, v) for number, g, v in placed} == {
        number: both for number, both in rated.items() if None not in both
    }


def test_zones_are_listed_worst_first_then_by_gravity(risks):
    report = risks.opened
    text = text_of(position.risks(report))
    places = [text.index(f"{name} : ") for name in ("Rouge", "Orange", "Vert")]
    assert places == sorted(places)
    for zone in range(3):
        held = [
            (risk.gravity, risk.level, -risk.control)
            for risk in in_zone(position_of(report).risks, zone)
        ]
        assert held == sorted(held, reverse=True)


def test_a_risk_not_rated_says_what_is_missing(risks):
    report = risks.opened
    text, place = text_of(position.risks(report)), coded(report, "R09").number
    assert f"{place}. Incident pendant un transport sans objet sans objet sans objet" in text
    # Gravity 5, likelihood 3: level 4, red while control is under 4, orange above.
    heat = coded(report, "R17").number
    assert f"{heat}. Vague de chaleur 5 3 ne sait pas rouge ou orange" in text


@pytest.mark.parametrize(
    ("ratings", "standing", "zones"),
    [
        # Worked in the two tables of the instrument.
        ((9, 5, 1), "unknown", "rouge ou orange"),  # levels 2, 3, 3, 4, 4 at control 1
        ((4, "", 2), "unknown", "rouge ou orange"),  # levels 2 to 4 at control 2
        ((5, 9, 1), "unknown", "rouge"),  # levels 3 and 4 at control 1
        ((1, 1, 9), "unknown", "orange ou vert"),  # level 1
        (("", "", ""), "unknown", "rouge, orange ou vert"),
        ((8, 5, 1), "doubtful", ""),
        ((8, "", ""), "doubtful", ""),
        ((8, 8, 8), "absent", ""),
        ((5, 5, 1), "placed", ""),
    ],
)
def test_a_risk_without_a_zone_says_what_to_do_of_it(tmp_path, ratings, standing, zones):
    instrument = load_instrument("compte_qualite")
    row = everywhere(instrument, 3) | {
        f"R01{role}": rating for role, rating in zip("GVM", ratings, strict=True)
    }
    report = Declared(tmp_path, instrument, row).report()
    risk = position_of(report).risks[0]
    assert risk.standing == standing
    to_see = standing == "unknown"
    if to_see:
        assert possible_said(report.instrument.risk, risk) == zones
    shown = (position.message, position.risks, position.next_steps)
    texts = [text_of(section(report)) for section in shown]
    assert ["À aller voir" in text for text in texts] == [to_see] * 3
    said = text_of(f"1. Erreur de médicament : {risk.ratings}. Zone {zones}.")
    assert (said in texts[2]) == to_see
    assert ("La zone de 1 risque à aller voir" in text_of(position.limits(report))) == to_see


def test_a_risk_that_does_not_exist_here_is_not_counted(risks):
    report = risks.opened
    message = text_of(position.message(report))
    among = sum(prefix_of(report, risk) != "R09" for risk in position_of(report).risks)
    assert among == 30
    red = len(in_zone(position_of(report).risks, 0))
    assert f"{red} risques sur 30 sont en zone « rouge »" in message
    assert message.count("1 à aller voir, 1 hors champ.") == 1
    assert "Risques placés dans une zone 29 sur 30, 1 hors champ" in text_of(
        position.masthead(report, "2026-03-31")
    )


@pytest.mark.parametrize(
    ("rated", "gravity", "standing", "said"),
    [
        # Confidentiality: persons, rights, organisation; likelihood 2, control 4.
        ((1, 4, 3), 4, "placed", "gravité 4 (personnes 1, droits 4, organisation 3)"),
        ((2, 8, 3), 3, "placed", "gravité 3 (personnes 2, organisation 3)"),
        ((2, 9, 3), None, "unknown", "gravité « ne sait pas » (personnes 2, organisation 3), v"),
        ((2, "", 8), None, "unknown", "gravité « sans réponse »"),
        ((8, 8, 8), None, "doubtful", "gravité « sans objet »"),
    ],
)
def test_harms_rated_apart_place_a_risk_by_the_worst(tmp_path, rated, gravity, standing, said):
    instrument = load_instrument("compte_qualite")
    row = everywhere(instrument, 3) | {
        f"R14{harm}": rank for harm, rank in zip("GDO", rated, strict=True)
    }
    report = Declared(tmp_path, instrument, row | {"R14V": 2, "R14M": 4}).report()
    risk = coded(report, "R14")
    assert (risk.gravity, risk.standing) == (gravity, standing)
    assert text_of(risk.ratings).startswith(said)
    if standing == "placed":
        assert ", ".join(f"{harm} {rank}" for harm, rank in risk.harms) in text_of(
            position.risks(report)
        )


def test_a_harm_that_nobody_knows_leaves_no_milder_zone_than_those_known(tmp_path):
    """Organisation 5, rights unknown: gravity 5 whatever they are, so likelihood 1 is level 3."""
    instrument = load_instrument("compte_qualite")
    rated = {"R14G": 1, "R14D": 9, "R14O": 5, "R14V": 1, "R14M": 2}
    report = Declared(tmp_path, instrument, everywhere(instrument, 3) | rated).report()
    assert possible_said(report.instrument.risk, coded(report, "R14")) == "rouge"


def test_no_risk_is_called_a_strength(risks):
    message = text_of(position.message(risks.opened))
    assert "Points d'appui" not in message
    assert "Zone « vert » : accepté, à revoir chaque année" in message


@pytest.mark.parametrize(
    ("id", "preparatory", "marks"),
    [
        ("compte_qualite", False, False),
        ("politique_qgdr", False, True),
        ("essms_preparatoire", True, True),
        ("leadership_securite_soi", False, False),
    ],
)
def test_a_page_speaks_of_what_its_instrument_has(tmp_path, id, preparatory, marks):
    instrument = load_instrument(id)
    report = Declared(tmp_path, instrument, everywhere(instrument, 3)).report()
    masthead = text_of(position.masthead(report, "2026-03-31"))
    assert ("Auto-évaluation préparatoire." in masthead) == preparatory
    assert ("Les repères se lisent donc tels quels" in text_of(position.annex(report))) == marks


def test_every_zone_is_told_by_a_word_and_by_a_look(risks):
    html = str(position.risks(risks.opened)).replace(NARROW, " ")
    for risk in position_of(risks.opened).risks:
        zone = "à aller voir" if risk.zone is None else ("rouge", "orange", "vert")[risk.zone]
        look = {"rouge": "hot", "orange": "warm", "vert": "calm"}.get(zone, "out")
        if risk.gravity:
            mark = f"{risk.number} {'?' if zone == 'à aller voir' else zone[0].upper()}"
            square = rf'<span class="tile {look}">{re.escape(mark)}</span>.*?"unseen">, {zone}<'
            assert re.search(square, html)


def test_the_tables_and_their_origin_are_in_the_annex(risks):
    text = text_of(position.annex(risks.opened))
    assert "Gravité 5 3 4 4 4 4" in text
    assert "Niveau brut 1 orange vert vert vert vert" in text
    assert "Origine : Choix du projet (novembre 2026), sans source publiée" in text
    assert "gravité 5 et vraisemblance 1, niveau brut 3 ; niveau 3 et maîtrise 2, rouge" in text


def test_the_first_page_begins_with_the_gravest_of_the_worst_zone(risks):
    report = risks.opened
    worst = [risk.dimension.id for risk in in_zone(position_of(report).risks, 0)]
    assert [point.dimension for point in to_do_first(position_of(report))] == worst
    assert str(position.profile(report)) == ""
    assert str(position.items(report)) == ""


# Roles: what one does, what one knows


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    instrument = load_instrument("profil_directeur_qualite")
    row = {item.code: 3 if item.required is None else item.required for item in instrument.items}
    row |= {"CN01": 0, "CN02": 1, "CN07": 1, "CN09": 3, "CN10": "", "AC01": 1, "AC20": 8}
    return Declared(tmp_path_factory.mktemp("profil"), instrument, row)


def test_missing_knowledge_comes_first_with_its_gap_in_levels(profile):
    report = profile.opened
    stand = position_of(report).stand("connaissances")
    found = [(answer.item.code, gap(answer, stand.instrument)) for answer in by_gap(stand)]
    assert found[:4] == [("CN01", -3), ("CN02", -2), ("CN07", -1), ("CN10", None)]
    assert found[-1] == ("CN09", 1)
    text = text_of(position.items(report))
    assert "CA Aucune trois niveaux manquent" in text
    assert "CO CA un niveau de plus" in text
    assert "CO Sans réponse non répondu" in text


def test_what_a_person_says_is_counted_and_worked(profile):
    report = profile.opened
    message = text_of(position.message(report))
    # 19 activities with an object, 13 know-how, 10 soft skills: one of 42 is not favourable.
    assert "41 réponses sur 42 sont du côté favorable" in message
    assert "9 connaissances sur 12 sont au niveau demandé" in message
    annex = text_of(position.annex(report))
    # (0 + 18 × 66,67) ÷ 19
    assert (
        "« Activités » : (1 × 0 + 18 × 66,67) ÷ 19 = 63,2, arrondi à 63/100 ; hors du calcul : "
        "1 « Sans objet »" in annex
    )


def test_what_is_quoted_without_a_mark_is_chosen_by_a_told_rule(profile):
    message = text_of(position.message(profile.opened))
    # AC01 alone is unfavourable; CN01, CN02 and CN07 miss depth, CN10 was not answered.
    assert "En tout, 1 réponse du côté défavorable et 3 connaissances sous le niveau" in message
    assert "En tout, 41 réponses du côté favorable et 9 connaissances au niveau" in message
    assert "à égalité, la première du questionnaire" in message
    assert "figure plus bas" not in message


def test_depths_of_knowledge_are_told_where_they_are_read(profile):
    text = text_of(position.items(profile.opened))
    assert "CO : j'agis sans aide dans les cas courants" in text
    assert "CN01 CA Aucune" in text


def test_a_person_reads_alone(profile):
    masthead = text_of(position.masthead(profile.opened, "2026-03-31"))
    assert "Positionnement personnel." in masthead
    assert "On se note d'ordinaire plus haut" in masthead


def test_under_half_of_the_answers_there_is_no_score(tmp_path):
    instrument = load_instrument("profil_directeur_qualite")
    row = everywhere(instrument, "") | {"SE01": 4, "SE02": 4, "SF01": 4}
    report = Declared(tmp_path, instrument, row).report()
    assert "2 sur 10 : trop peu" in text_of(position.profile(report))


# Other instruments, as a steering group may use them


@pytest.mark.parametrize("id", ["shortell_service", "maturite_securite", "culture_securite"])
def test_an_instrument_of_respondents_may_be_agreed_on(tmp_path, id):
    instrument = load_instrument(id).model_copy(update={"subject": "group"})
    row = {
        item.code: instrument.scale_of(item).options[rank % 4].code
        for rank, item in enumerate(instrument.items)
    }
    html = page_of(Declared(tmp_path, instrument, row).report())
    assert "Intervalle à 95" not in html
    assert "du côté favorable" in text_of(html)


def test_a_reversed_item_says_that_it_is(tmp_path):
    instrument = load_instrument("culture_securite").model_copy(update={"subject": "group"})
    turned = next(item for item in instrument.items if item.reversed)
    row = everywhere(instrument, 5)
    text = text_of(position.items(Declared(tmp_path, instrument, row).report()))
    assert f"{turned.text} (item inversé)" in text


def test_the_same_words_to_a_reversed_item_stand_at_another_degree(tmp_path):
    """« D'accord » is the fourth degree of a plain item and the second of a reversed one."""
    instrument = load_instrument("leadership_securite_soi")
    report = Declared(tmp_path, instrument, everywhere(instrument, 4)).report()
    of = {item.code: item for item in instrument.items}
    given = gather(position_of(report).stand("creer_vision").answers)
    assert [(one.mark, one.label, one.full_label, one.times) for one in given] == [
        ("2", "D'accord", "D'accord (item inversé)", 1),
        ("4", "D'accord", "D'accord", len(instrument.items_of("creer_vision")) - 1),
    ]
    assert given[0].answers[0].item == of["LS03"]
    key = text_of(str(position.profile(report)).split("<table")[0])
    assert "1 Pas du tout d'accord 2 Pas d'accord 3 Ni d'accord" in key
    assert key.count("D'accord") == 1
    assert "» D'accord (item inversé)" in text_of(position.message(report))


def test_a_number_is_never_cut_from_what_it_counts(demo):
    """Neither in the sentence in large type, nor around the signs of the arithmetic."""
    headline = re.search(r'class="headline">([^<]*)<', str(position.message(demo)))[1]
    counted = r"\d (point|critère|risque|réponse|connaissance|en|restent?|à aller)"
    assert not re.search(rf"{counted}|sur \d", headline)
    worked = re.findall(r'<ul class="worked">(.*?)</ul>', str(position.annex(demo)), re.S)
    assert not [line for line in worked if re.search(r" [÷×=]|[÷×=] |\d «", line)]


def test_what_one_believes_to_show_is_read_beside_what_the_team_sees(tmp_path):
    instrument = load_instrument("leadership_securite_soi")
    report = Declared(tmp_path, instrument, everywhere(instrument, 4)).report()
    team = load_instrument("leadership_securite")
    assert team_edition(instrument) == team
    title = text_of(team.title)
    assert "Ce que voit l'équipe." in text_of(position.limits(report))
    assert f"le questionnaire « {title} »" in text_of(position.next_steps(report))
    renamed = instrument.items[0].model_copy(update={"code": "AUTRE"})
    other = instrument.model_copy(update={"items": (renamed, *instrument.items[1:])})
    assert team_edition(other) is None


def test_the_middle_level_is_worked_from_ranked_levels(tmp_path):
    instrument = load_instrument("maturite_securite").model_copy(update={"subject": "group"})
    row = everywhere(instrument, instrument.scale_of(instrument.items[0]).options[0].code)
    annex = text_of(position.annex(Declared(tmp_path, instrument, row).report()))
    assert re.search(r"rangés : A(, A)* ; au milieu, niveau A", annex)


# Nothing answered, several groups, hostile texts, notes


def test_a_place_that_did_not_answer_gets_its_questions(tmp_path):
    instrument = load_instrument("compte_qualite")
    declared = Declared(tmp_path, instrument, everywhere(instrument, 3), roster=("Accueil", "Nuit"))
    html = page_of(declared.report("Nuit"))
    text = text_of(html)
    assert "Aucune réponse n'a été rendue" in text
    assert instrument.items[0].text in text
    assert 'data-n=""' in html
    assert "Rien n'appelle d'action" not in text


def test_answers_that_count_for_nothing_say_nothing(tmp_path):
    instrument = load_instrument("referent_qualite")
    always = {item.code: "" for item in instrument.items if 8 in item.forbidden}  # never NA
    report = Declared(tmp_path, instrument, everywhere(instrument, 8) | always).report()
    text = text_of(page_of(report))
    assert "Aucune réponse n'entre dans le calcul" in text
    assert "Aucune dimension n'a de résultat" in text
    assert " 0 %" not in text.split("Annexe")[0]


def test_several_groups_of_one_name_are_told_apart(tmp_path):
    instrument = load_instrument("referent_qualite")
    done, not_done = everywhere(instrument, 3), everywhere(instrument, 3) | {"RM01": 1}
    report = Declared(tmp_path, instrument, done, not_done).report()
    text = text_of(position.items(report))
    said = instrument.items[0].text
    assert text.count(f"{said} (1 groupe)") == 2
    assert f"{instrument.items[1].text} (2 groupes)" in text
    assert "2 réponses ont été rendues au même nom" in text_of(position.limits(report))
    assert "Avec ces réponses" not in text_of(position.annex(report))


def test_the_ranks_of_several_groups_are_not_averaged(tmp_path):
    instrument = load_instrument("compte_qualite")
    report = Declared(tmp_path, instrument, *[everywhere(instrument, 3)] * 2).report()
    assert {risk.zone for risk in position_of(report).risks} == {None}
    assert "des rangs ne se moyennent pas" in text_of(position.risks(report))


def hostile(value):
    """Every text of an instrument, hostile; identifiers and codes left as they are."""
    kept = ("id", "code", "version", "language", "subject", "rule", "pole", "kind", "role", "scale",
            "dimension", "gross", "residual", "since", "team")  # fmt: skip
    short = value.get("short") if isinstance(value, dict) and "code" in value else None
    if isinstance(value, dict):
        told = {k: v if k in kept else hostile(v) for k, v in value.items()}
        return told | ({"short": f"<{short}"[:3]} if short else {})
    if isinstance(value, list | tuple):
        return [hostile(one) for one in value]
    return f"{value} {HOSTILE}" if isinstance(value, str) else value


@pytest.mark.parametrize("id", DECLARED)
def test_hostile_texts_stay_text(tmp_path, id):
    plain = load_instrument(id)
    instrument = type(plain).model_validate(hostile(plain.model_dump(exclude_none=True)))
    row = {item.code: instrument.scale_of(item).options[0].code for item in instrument.items}
    row[instrument.codes[0]] = ""
    declared = Declared(tmp_path, instrument, row, roster=(HOSTILE, "Nuit"), place=HOSTILE)
    report = declared.report()
    notes = pd.DataFrame([NoteRow("", "", instrument.dimensions[0].id, "", HOSTILE)])
    report = dataclasses.replace(report, notes=notes)
    for html in (page_of(report), page_of(declared.report("Nuit"))):
        assert "<script>" not in html
        assert not {"script", "img"} & set(Page(html).tags)


def test_notes_stand_under_their_dimension(tmp_path):
    instrument = load_instrument("referent_qualite")
    row = everywhere(instrument, 3)
    assert str(position.notes(Declared(tmp_path / "a", instrument, row).report())) == ""
    noted = {"notes:temps": "Deux\nlignes", "notes:mission": "Une"}
    report = Declared(tmp_path / "b", instrument, row, notes=noted).report()
    text = text_of(position.notes(report))
    assert text.index("Une mission écrite et connue Une") < text.index("Du temps prévu Deux lignes")


@pytest.mark.parametrize(
    ("before", "now", "title"),
    [
        ({}, {}, "aucune des 7 dimensions n'a changé"),
        ({"RT01": 1}, {}, "1 dimension sur 7 a changé"),
        ({"RT01": 1, "RM01": 2}, {"RE01": 1}, "3 dimensions sur 7 ont changé"),
    ],
)
def test_two_positions_stand_side_by_side_without_a_test(tmp_path, before, now, title):
    instrument = load_instrument("referent_qualite")
    done = everywhere(instrument, 3)
    Declared(tmp_path / "avant", instrument, done | before)
    report = Declared(
        tmp_path / "apres", instrument, done | now, earlier="../avant/campagne.yml"
    ).report()
    text = text_of(position.since(report))
    assert title in text
    assert ("Du temps prévu 67 % 100 %" in text) == ("RT01" in before)
    assert "Des outils à portée de main" not in text
    assert "amélior" not in text


# Gathering answers


ITEM = load_instrument("politique_qgdr").items[0]
TABLES = load_instrument("compte_qualite").risk


@st.composite
def answers(draw):
    ranks = draw(st.lists(st.integers(-3, 4), max_size=30))
    states = {-1: "not_applicable", -2: "dont_know", -3: "missing"}
    return [
        Answer(ITEM, "option", f"option {rank}", f"Option {rank}", rank, "", "good")
        if rank >= 0
        else Answer(ITEM, states[rank], states[rank], states[rank], -1, "", "out")
        for rank in ranks
    ]


@given(answers())
def test_gathering_keeps_every_answer_lowest_first_and_outside_last(given):
    gathered = gather(given)
    assert total(given) == sum(one.times for one in gathered)
    keys = [(one.tone == "out", one.answers[0].rank) for one in gathered]
    inside = [rank for out, rank in keys if not out]
    assert inside == sorted(inside)
    assert [out for out, _ in keys] == sorted(out for out, _ in keys)


@given(st.tuples(*[st.one_of(st.none(), st.integers(1, 5))] * 3))
def test_every_way_to_fill_in_a_risk_leads_to_a_zone_told_possible(ratings):
    possible = possible_zones(TABLES, *ratings)
    assert all(
        TABLES.zone(*(given or rank for given in ratings)) in possible for rank in range(1, 6)
    )
    assert possible == tuple(sorted(set(possible)))
    assert (len(possible) == 1) or None in ratings


def test_a_long_profile_counts_in_figures(tmp_path):
    instrument = load_instrument("essms_preparatoire")
    report = Declared(tmp_path, instrument, everywhere(instrument, 4) | {"P01": 1, "P02": 1})
    title, n = text_of(position.profile(report.opened)), len(instrument.dimensions)
    assert n > 10
    said = f"Sur {n} dimensions, {n - 1} atteignent leur repère et 1 est à reprendre d'abord"
    assert said in title


def test_what_a_profile_must_not_be_read_without_stands_beside_it(tmp_path):
    warned = "Cette liste ne se compare pas à une autre."
    instrument = load_instrument("politique_qgdr").model_copy(update={"caution": warned})
    report = Declared(tmp_path, instrument, everywhere(instrument, 3)).report()
    before, _ = str(position.profile(report)).split("<table")
    assert text_of(before).endswith(plain(warned))
