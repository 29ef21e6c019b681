"""Sentences follow the verdicts, and nothing but the verdicts."""

import re
from dataclasses import replace
from functools import cache
from html import unescape
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.comparison.findings import find
from qgdr_eval.french import percent
from qgdr_eval.instruments import load_instrument
from qgdr_eval.reporting import team
from qgdr_eval.reporting.team import first_page, words
from qgdr_eval.reporting.team.first_page import known_of
from qgdr_eval.reporting.team.limitations import limits
from qgdr_eval.reporting.team.steps import groups_of
from qgdr_eval.reporting.team.unsaid import unsaid
from qgdr_eval.wording.reference import difference
from qgdr_eval.wording.scores import score_in_full
from tests.reading import Page, text_of
from tests.reporting.fictitious import MARKS, lay_out, make_instrument, make_published, make_report

FORBIDDEN = ("amélioré", "améliorée", "parce que", "à cause", "mauvais", "échoué", "faute", "grâce")


def reading(verdict, band="between", score=60.0, low=50.0, high=70.0, dimension="d0"):
    return SimpleNamespace(
        verdict=verdict, band=band, score=score, low=low, high=high, dimension=dimension
    )


@pytest.mark.parametrize(
    ("verdict", "band", "said"),
    [
        ("established", "strength", "point fort établi"),
        ("established", "priority", "priorité établie"),
        ("established", "between", "nettement entre les deux repères"),
        ("to_confirm", "strength", "plutôt un point fort, à confirmer"),
        ("to_confirm", "priority", "plutôt une priorité, à confirmer"),
        ("to_confirm", "between", "entre les deux repères, à confirmer"),
        ("cannot_conclude", "between", "on ne peut pas conclure"),
        ("cannot_conclude", "priority", "on ne peut pas conclure"),
        ("no_threshold", "between", "sans seuil de lecture"),
    ],
)
def test_a_reading_is_said_by_its_verdict(verdict, band, said):
    assert words.verdict(reading(verdict, band), make_instrument()) == said


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (MARKS[:1], "nettement sous le repère"),
        (MARKS[1:], "nettement au-dessus du repère"),
    ],
)
def test_between_names_the_only_mark_there_is(marks, said):
    assert words.verdict(reading("established"), make_instrument(thresholds=marks)) == said


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("suppressed", "effectif insuffisant, ou réponses toutes semblables"),
        ("complementary", "masqué : ce résultat en ferait retrouver un autre"),
        ("no_answer", "aucune réponse valide"),
    ],
)
def test_what_is_not_shown_says_why(status, said):
    assert words.verdict(reading("hidden"), make_instrument(), status) == said


@pytest.mark.parametrize(
    ("verdict", "low", "high", "said"),
    [
        ("higher", 3.0, 21.0, "+12 points, intervalle [+3 ; +21] : l'écart est établi."),
        (
            "not_established",
            -4.0,
            28.0,
            "+12 points, intervalle [−4 ; +28] : l'écart n'est pas établi, "
            "l'intervalle contient zéro.",
        ),
        (
            "not_established",
            1.0,
            23.0,
            "+12 points, intervalle [+1 ; +23] : l'écart n'est pas établi une fois toutes les "
            "comparaisons prises ensemble.",
        ),
    ],
)
def test_a_difference_says_whether_it_is_established(verdict, low, high, said):
    row = SimpleNamespace(verdict=verdict, difference=12.0, low=low, high=high)
    assert difference(row) == said


@cache
def read_plainly(dimensions):
    """A report on so many dimensions."""
    return make_report(make_published(instrument=make_instrument(dimensions)))


def with_readings(*pairs):
    """A report whose dimensions have these (verdict, band)."""
    report = read_plainly(len(pairs))
    verdicts, bands = zip(*pairs, strict=True)
    readings = report.readings.assign(verdict=verdicts, band=bands)
    return replace(report, readings=readings, findings=find(report.published, readings))


S, P, B = ("established", "strength"), ("established", "priority"), ("established", "between")
UNSURE, UNKNOWN = ("to_confirm", "between"), ("cannot_conclude", "between")


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (
            [S],
            "Un point fort établi, «\u202fPerception globale de la sécurité\u202f» ; "
            "aucune priorité établie.",
        ),
        (
            [P],
            "Aucun point fort établi ; une priorité établie, "
            "«\u202fPerception globale de la sécurité\u202f».",
        ),
        ([S, S, S, S, P, P, P, P], "Quatre points forts établis ; quatre priorités établies."),
        (
            [B, B],
            "Ces réponses n'établissent ni point fort ni priorité : "
            "les résultats se lisent tous hors de ces deux zones.",
        ),
        (
            [UNSURE, UNSURE, UNKNOWN],
            "Ces réponses n'établissent ni point fort ni priorité : "
            "deux dimensions à confirmer et une sans conclusion possible.",
        ),
        (
            [("hidden", "between")],
            "Chaque dimension contient une question qui a reçu trop peu de réponses valides.",
        ),
    ],
)
def test_the_headline_says_what_is_established(pairs, said):
    assert words.headline(with_readings(*pairs)) == said


def test_without_threshold_the_headline_names_no_strength():
    report = make_report(make_published(instrument=make_instrument(2, thresholds=())))
    assert words.headline(report) == (
        "Ces résultats se lisent avec leur intervalle ; aucun seuil ne les départage."
    )


def test_the_first_page_holds_three_of_each_in_the_instruments_order():
    report = with_readings(*[S] * 5, *[P] * 5)
    for found in (
        first_page.strengths(known_of(report)),
        first_page.priorities(known_of(report)),
    ):
        names = [one.dimension.label for one in found]
        order = [dimension.label for dimension in report.instrument.dimensions]
        assert len(names) == 3
        assert names == sorted(names, key=order.index)
    assert len(first_page.to_discuss(known_of(report))) <= 3


def test_the_three_put_first_have_the_lowest_scores_and_the_page_says_so():
    report = with_readings(*[P] * 5)
    kept = {one.dimension.id for one in first_page.priorities(known_of(report))}
    rows = report.read("established", band="priority")
    assert max(row.score for row in rows if row.dimension in kept) <= min(
        row.score for row in rows if row.dimension not in kept
    )
    said = str(team.next_steps(report))
    assert "les trois montrées ici ont les scores les plus bas" in said


def test_the_question_behind_a_priority_is_its_lowest():
    report = with_readings(P)
    lowest = min(report.scores.of_items(report.instrument.dimensions[0]), key=lambda row: row.score)
    text = next(item.text for item in report.instrument.items if item.code == lowest.item)
    assert first_page.priorities(known_of(report))[0].question == text


def test_split_answers_are_discussed():
    """Where no dimension is to be confirmed, which would come first."""
    report = with_readings(S, P, S, S, S, S, P, P, P, S)
    divided = {row.dimension: row for row in report.found.of("split")}
    told = [
        one
        for one in first_page.to_discuss(known_of(report))
        if one.reading == "réponses partagées"
    ]
    assert told
    for one in told:
        row = divided[one.dimension.id]
        assert min(row.negative, row.positive) >= 30
        assert one.figure == percent(row.negative)  # never a score: it is not the dimension's
        assert one.under == "défavorables"  # the figure says which side it is of
        assert one.answer.startswith(
            f"{percent(row.negative)} défavorables, {percent(row.positive)} favorables"
        )


def test_a_score_in_large_type_keeps_its_scale():
    found = first_page.priorities(known_of(with_readings(P)))
    assert found[0].figure.endswith("\u202f%")
    means = make_report(make_published(instrument=make_instrument(rule="mean_0_100")))
    told = first_page.strengths(known_of(means)) + first_page.priorities(known_of(means))
    assert told
    assert all(one.figure.endswith("/100") for one in told)


def test_what_is_rather_a_priority_is_discussed_first():
    report = with_readings(UNSURE, ("to_confirm", "priority"), ("to_confirm", "strength"))
    first = first_page.to_discuss(known_of(report))[0]
    assert first.dimension == report.instrument.dimensions[1]


def set_aside(labels, others):
    return [label for label in labels if label not in others]


@pytest.mark.parametrize(
    "pairs", [[P, S, UNSURE, UNSURE, UNSURE, UNSURE], [("to_confirm", "priority")] * 6, [P] * 5]
)
def test_the_levers_are_those_of_what_the_first_page_names(pairs):
    report = with_readings(*pairs)
    labels = [one.label for one in report.instrument.dimensions]
    shown = str(team.next_steps(report))
    heads = re.findall(r'<(?:p class="name"|summary)>([^<]+)<', shown)
    discussed = first_page.to_discuss(known_of(report))  # a question goes by its own words
    told = [one.dimension.label for one in discussed if not one.of_item]
    assert all(text_of(one.question) in text_of(shown) for one in discussed if one.of_item)
    named = [one.dimension.label for one in first_page.priorities(known_of(report))]
    urgent = [*named, *(labels[rank] for rank, pair in enumerate(pairs) if pair == P)]
    strong = [one.dimension.label for one in first_page.strengths(known_of(report))]
    levers = [
        text for head in heads if (text := unescape(head).replace("’", "'").strip()) in labels
    ]
    kept = list(dict.fromkeys([*named, *told]))
    assert set_aside(levers, strong) == [*kept, *set_aside(urgent, kept)]


def test_nothing_is_split_when_no_distribution_is_shown():
    report = make_report(make_published(), service="EHPAD Les Glycines")
    assert report.found.of("split") == []


@pytest.mark.parametrize("pairs", [[S], [P, P], [UNSURE], [UNKNOWN], [("hidden", "between")]])
def test_there_is_always_something_that_cannot_be_concluded(pairs):
    assert len(limits(with_readings(*pairs))) >= 2


@pytest.mark.parametrize("service", ["Médecine polyvalente", "EHPAD Les Glycines"])
def test_no_sentence_blames_or_explains(service):
    report = make_report(make_published(), service=service)
    said = " ".join([words.headline(report), *(" ".join(pair) for pair in limits(report))])
    assert not [word for word in FORBIDDEN if word in said.lower()]


def test_unknown_head_count_is_a_limit():
    published = make_published({"A": (12, None), "B": (14, 20), "C": (13, 20)})
    assert "Ce que pensent les autres." in [what for what, _ in limits(make_report(published))]


@pytest.mark.parametrize("silent", [0, 1, 2, 3, 9])
def test_the_few_who_did_not_answer_are_not_pointed_at(silent):
    published = make_published({"A": (12, 12 + silent), "B": (14, 20), "C": (13, 20)})
    told = [" ".join(pair) for pair in limits(make_report(published))]
    (line,) = [one for one in told if "toute l'équipe" in one or "les autres" in one] or [""]
    pointing = re.search(r"\d|personne|quelqu|avis|autre", line)
    assert (bool(line), bool(pointing)) == (silent > 0, silent >= 3)
    if silent >= 3:
        assert text_of(line).startswith(f"Ce que pensent les autres : {silent} personnes dont")


def test_a_comparison_without_reference_says_nothing():
    assert words.reference_title([]) == "Aucun écart établi avec la référence"


def test_scores_round_half_up():
    culture = load_instrument("culture_securite")
    dimension = culture.dimensions[0]
    assert score_in_full(54.5, dimension, culture) == "55\u202f%"
    assert score_in_full(np.nan, dimension, culture) == "–"


@pytest.mark.parametrize(
    ("name", "score", "said"),
    [
        ("shortell_service", 77.5, "78/100"),
        ("essms_preparatoire", 75, "3,25 sur 4"),
        ("maturite_securite", 50, "niveau C"),
        ("maturite_securite", 62.5, "entre C et D"),
        ("maturite_securite", 56.25, "entre C et D"),
        ("maturite_securite", 0, "niveau A"),
        ("compte_qualite", 50, "orange"),
        ("politique_qgdr", 66.666, "67\u202f%"),
    ],
)
def test_a_score_is_said_as_its_rule_says_it(name, score, said):
    instrument = load_instrument(name)
    assert score_in_full(score, instrument.dimensions[0], instrument) == said


def beside(*rows):
    """A report of as many dimensions, each this (verdict, low, high) away from the reference."""
    report = with_readings(*[UNSURE] * len(rows))
    verdicts, lows, highs = zip(*rows, strict=True)
    frame = pd.DataFrame({
        "facility": report.facility, "service": report.service,
        "dimension": [dimension.id for dimension in report.instrument.dimensions],
        "reference": "campaign", "reference_score": 60.0,
        "difference": [(low + high) / 2 for low, high in zip(lows, highs, strict=True)],
        "low": lows, "high": highs, "verdict": verdicts,
    })  # fmt: skip
    return replace(report, comparisons=frame)


def on_the_first_screen(report):
    return [text_of(f"{line.what} {line.said}") for line in unsaid(report)]


CONFIRM = "à confirmer : le point est dans une zone, le trait en touche ou en dépasse le bord."
CONCLUDE = "le trait va de la zone des priorités à celle des points forts."


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([S, UNSURE, UNSURE], [f"Deux dimensions {CONFIRM}"]),
        ([UNKNOWN, P], [f"On ne peut pas conclure sur une dimension : {CONCLUDE}"]),
        ([UNSURE, UNKNOWN, UNKNOWN],
         [f"Une dimension {CONFIRM}", f"On ne peut pas conclure sur deux dimensions : {CONCLUDE}"]),
        ([S, P], ["Ce qu'on ne peut pas conclure : ces chiffres ne donnent ni un rang entre "
                  "services, ni une cause."]),
    ],
)  # fmt: skip
def test_the_first_screen_tells_to_confirm_from_what_cannot_be_concluded(pairs, said):
    report = with_readings(*pairs)
    assert on_the_first_screen(report)[:-1] == said
    assert [line.section for line in unsaid(report)][-2:] == ["limites", "reference"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("not_established", -12, 8), ("not_established", -3, 9)],
         "On ne peut pas le dire, ni que c'est égal : « Perception globale de la sécurité » serait "
         "entre 12 points au-dessous et 8 au-dessus."),
        ([("not_established", 2, 20)], "On ne peut pas le dire, ni que c'est égal."),
        ([("higher", 2, 20), ("lower", -9, -4), ("not_established", -1.2, 9)],
         "Au-dessus pour une dimension, au-dessous pour une dimension. Pour une autre, on ne peut "
         "pas le dire, ni que c'est égal : « Attentes et actions des supérieurs hiérarchiques » "
         "serait entre 1 point au-dessous et 9 au-dessus."),
        ([("lower", -20, -2)], "Au-dessous pour une dimension."),
    ],
)  # fmt: skip
def test_better_than_the_others_is_answered_by_a_range_or_not_at_all(rows, said):
    asked = "Au-dessus ou au-dessous des autres services ? "
    assert on_the_first_screen(beside(*rows))[-1] == asked + text_of(said)


def test_its_lines_lead_to_parts_of_the_same_page():
    page = Page(lay_out(make_report(make_published())))
    led = {address[1:] for address in page.addresses if address.startswith("#")}
    assert {"limites", "reference"} <= led <= set(page.ids)


def left(report):
    """What is said under the things to discuss."""
    return next(
        text_of(group.more) for group in groups_of(report) if group.title.startswith("À discuter")
    )


LEANING = ("to_confirm", "priority")


def test_what_is_left_for_another_time_is_named_and_says_why_three():
    told = left(with_readings(*[LEANING] * 4, UNSURE, UNKNOWN))
    assert told.startswith(
        "Trois sujets suffisent à une réunion : d'abord ce qui penche vers une priorité, puis "
    )
    after = told.partition("Pour une autre fois : ")[2]
    assert "« Organisation apprenante et amélioration continue » (plutôt une priorité" in after
    assert "« Liberté d'expression » (on ne peut pas conclure)" in after
    assert "Signalement des événements" not in after


def test_three_subjects_leave_nothing_to_explain():
    assert left(with_readings(LEANING, S, S)) == ""


def test_a_dimension_to_confirm_that_leans_no_such_way_says_where_it_is():
    told = left(with_readings(LEANING, UNSURE, UNSURE))
    assert "à confirmer ne penche" in told
    assert told.endswith("voir le profil.")


def test_a_dimension_that_is_not_compared_is_named_with_the_reason():
    report = make_report(make_published({"A": (12, 20), "B": (14, 20), "C": (13, 20)}))
    assert "non comparée" not in str(team.reference(report))
    kept = report.comparisons[report.comparisons["dimension"] != "d3"]
    told = text_of(team.reference(replace(report, comparisons=kept)))
    assert (
        "Dimension non comparée : « Organisation apprenante et amélioration continue », que moins "
        "de deux autres services affichent." in told
    )
