"""Sentences follow the verdicts, and nothing but the verdicts."""

import re
from dataclasses import replace
from functools import cache
from html import unescape
from types import SimpleNamespace

import numpy as np
import pytest

from qgdr_eval.comparison.findings import find
from qgdr_eval.french import percent
from qgdr_eval.instruments import load_instrument
from qgdr_eval.reporting import team
from qgdr_eval.reporting.team import first_page, words
from qgdr_eval.reporting.team.limitations import limits
from qgdr_eval.wording.reference import difference
from qgdr_eval.wording.scores import score_in_full
from tests.reading import text_of
from tests.reporting.fictitious import MARKS, make_instrument, make_published, make_report

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
    for found in (first_page.strengths(report), first_page.priorities(report)):
        names = [one.dimension.label for one in found]
        order = [dimension.label for dimension in report.instrument.dimensions]
        assert len(names) == 3
        assert names == sorted(names, key=order.index)
    assert len(first_page.to_discuss(report)) <= 3


def test_the_three_put_first_have_the_lowest_scores_and_the_page_says_so():
    report = with_readings(*[P] * 5)
    kept = {one.dimension.id for one in first_page.priorities(report)}
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
    assert first_page.priorities(report)[0].question == text


def test_split_answers_are_discussed():
    """Where no dimension is to be confirmed, which would come first."""
    report = with_readings(S, P, S, S, S, S, P, P, P, S)
    divided = {row.dimension: row for row in report.found.of("split")}
    told = [one for one in first_page.to_discuss(report) if one.reading == "réponses partagées"]
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
    found = first_page.priorities(with_readings(P))
    assert found[0].figure.endswith("\u202f%")
    means = make_report(make_published(instrument=make_instrument(rule="mean_0_100")))
    told = first_page.strengths(means) + first_page.priorities(means)
    assert told
    assert all(one.figure.endswith("/100") for one in told)


def test_what_is_rather_a_priority_is_discussed_first():
    report = with_readings(UNSURE, ("to_confirm", "priority"), ("to_confirm", "strength"))
    first = first_page.to_discuss(report)[0]
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
    discussed = first_page.to_discuss(report)  # a question goes by its own words
    told = [one.dimension.label for one in discussed if not one.of_item]
    assert all(text_of(one.question) in text_of(shown) for one in discussed if one.of_item)
    named = [one.dimension.label for one in first_page.priorities(report)]
    urgent = [*named, *(labels[rank] for rank, pair in enumerate(pairs) if pair == P)]
    strong = [one.dimension.label for one in first_page.strengths(report)]
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
