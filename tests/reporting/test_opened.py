"""A score that opens: its arithmetic, read back and done again, gives the score it stands under."""

import dataclasses
import html
import math
import re
import shlex
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import harmonic_mean
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from qgdr_eval import scoring
from qgdr_eval.disclosure import publish
from qgdr_eval.fictitious import simulate
from qgdr_eval.fictitious.simulate import Accidents
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale, load_instrument
from qgdr_eval.instruments.model import SpecialCode
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import open_report, team
from qgdr_eval.reporting.opened import explain, opened, opened_scores
from qgdr_eval.reporting.report import report_of
from qgdr_eval.reporting.team import arithmetic
from qgdr_eval.reporting.team.intervals import wilson_size
from qgdr_eval.reporting.team.sample import sample_of
from qgdr_eval.responses import Answers, Campaign
from qgdr_eval.wording.scores import score_in_full
from tests.reading import text_of
from tests.reporting.fictitious import lay_out
from tests.thorough import examples

SHARES = {name for name, rule in scoring.RULES.items() if rule.gives == "share"}
TIDY = Accidents(0.05, 0, 0, 0, 0, 0, 0)
RULES = {  # an instrument of each rule, its subjects in the first service
    "culture_securite": 14,  # positive_share, reversed items
    "leadership_securite": 13,  # mean_0_100
    "epp_hygiene_mains": 16,  # conformity
    "maturite_securite": 12,  # maturity, one scale an item
    "essms_preparatoire": 3,  # rating_1_4
    "profil_directeur_qualite": 1,  # depth_gap and mean_0_100, one person
    "politique_qgdr": 4,  # checklist
    "compte_qualite": 1,  # risk
}
NARROW = str.maketrans({"\u202f": " ", "\u00a0": " "})
SUM = re.compile(r"([(\d][\d +×÷(),−]*) = ([+−]?\d+(?:,\d+)?)( %)?")
WILSON = re.compile(r"(?:p = ([\d,]+), )?n = ([\d,+×÷−() ]+?)(?: = ([\d,]+))? : \[")


def plain(text):
    return text.translate(NARROW)


def value(text):
    """A number as French writes it."""
    return float(text.replace(" ", "").replace(",", ".").replace("−", "-"))


def evaluate(text):
    """An arithmetic text of digits, brackets and signs, done by Python."""
    signs = str.maketrans({"÷": "/", "×": "*", "−": "-", ",": ".", " ": None})
    assert re.fullmatch(r"[\d ,+×÷−()]+", text), text
    return eval(text.translate(signs))  # its few characters are checked just above


@cache
def simulated(name, n=0, seed=7, others=2):
    """The report of a service that answered an instrument that comes with the kit."""
    n = n or RULES[name]
    instrument = load_instrument(name)
    columns = ["facility", "service", "head_count", "respondents"]
    beside = [("F", "B", n + 9, n + 3), ("F", "C", n + 8, n + 2)][:others]
    services = pd.DataFrame([("F", "A", n + 5, n), *beside], columns=columns)
    people, messy = instrument.subject == "respondent", not instrument.declared
    table = simulate(
        instrument, services, seed, answers="codes", accidents=Accidents() if messy else TIDY
    )
    with TemporaryDirectory() as folder:
        table.to_csv(Path(folder) / "r.csv", index=False, sep=";")
        roster = services.drop(columns="respondents")
        roster.to_csv(Path(folder) / "s.csv", index=False, sep=";")
        campaign = Path(folder) / "campagne.yml"
        campaign.write_text(
            f"id: essai\ntitle: Essai\nperiod: mars 2026\ninstrument: {name}\n"
            "responses: r.csv\nservices: s.csv\n"
            "columns:\n  facility: Établissement\n  service: Service\n"
            + ("  subject: Identifiant\n" if people else "")
            + "coding: {answers: codes, reversed: as_worded}\n",
            encoding="utf-8",
        )
        return open_report(str(campaign), "F", "A")


def rows_of_items(report):
    return {
        row.item: row
        for dimension, _, _ in report.scores.dimensions
        for row in report.scores.of_items(dimension)
    }


def opened_items(report):
    """(score row, rule, opened item) of every item."""
    rows, rules = rows_of_items(report), {d.id: d.rule for d in report.instrument.dimensions}
    return [
        (rows[code], rules[rows[code].dimension], item)
        for score in opened_scores(report)
        for block in score.blocks
        for item in block.items
        if (code := item.text.split(". ")[0]) in rows
    ]


def as_printed(score, rule):
    """A 0–100 score on the scale its rule is written on."""
    return 1 + 3 * score / 100 if rule == "rating_1_4" else score


WORKED = ("positive_share", "conformity", "checklist", "depth_gap", "mean_0_100", "rating_1_4")


@given(whole=st.integers(1, 5000), part=st.integers(0, 5000), rule=st.sampled_from(WORKED))
def test_a_reader_who_rounds_what_is_written_finds_what_is_printed(whole, part, rule):
    """41.48 is written « 41,48 » beside « 41 % »: « 41,5 » would round to 42."""
    score = 100 * min(part, whole) / whole
    dimension, instrument = SimpleNamespace(rule=rule), SimpleNamespace(subject="respondent")
    printed = plain(score_in_full(score, dimension, instrument))
    written = [plain(made(score, rule)) for made in (arithmetic.exact, arithmetic.term)]
    if rule in SHARES:
        written.append(plain(arithmetic.share(min(part, whole), whole)).split(" = ")[1])
    for one in written:
        digits = Decimal(one.removesuffix(" %").replace(",", "."))
        if rule != "rating_1_4":
            rounded = digits.quantize(Decimal(1), ROUND_HALF_UP)
            assert str(rounded) == re.split(r"[ /]", printed)[0]
            tenths = math.floor(Fraction(1000 * min(part, whole), whole) + Fraction(1, 2))
            one_is_enough = math.floor(Fraction(tenths, 10) + Fraction(1, 2)) == rounded
            assert (-digits.as_tuple().exponent == 1) == one_is_enough
        else:
            assert one == printed.removesuffix(" sur 4")


@pytest.mark.parametrize("name", RULES)
def test_the_arithmetic_of_each_question_gives_its_score(name):
    report = simulated(name)
    done = 0
    for row, rule, item in opened_items(report):
        for left, right, share in SUM.findall(plain(item.worked)):
            exact = as_printed(row.score, rule)
            places = 0.0051 if rule == "rating_1_4" else 0.051
            assert value(right) == pytest.approx(exact, abs=places)
            assert evaluate(left) * (100 if share else 1) == pytest.approx(exact, abs=places)
            done += 1
    rules = {dimension.rule for dimension in report.instrument.dimensions}
    assert (done > 0) == (report.n > 1 and bool(rules & set(WORKED)))


@pytest.mark.parametrize("name", RULES)
def test_the_arithmetic_of_each_dimension_gives_its_score(name):
    report = simulated(name)
    scores = {dimension.id: row for dimension, row, _ in report.scores.dimensions}
    rules = {dimension.id: dimension.rule for dimension in report.instrument.dimensions}
    whole = report.published.scores.query("dimension == '' and item == ''")
    done = set()
    for score in opened_scores(report):
        rule = rules.get(score.dimension, "conformity")
        for title, line in score.lines:
            if title not in ("Score", "Moyenne des critères"):
                continue
            row = scores[score.dimension] if score.dimension else whole.iloc[0]
            for left, right, _ in SUM.findall(plain(line)):
                exact = as_printed(row.score, rule)
                places = 0.5 if rule == "mean_0_100" else 0.05  # people's mean is whole
                assert value(right) == pytest.approx(exact, abs=places + 0.001)
                assert evaluate(left) == pytest.approx(value(right), abs=0.101)  # rounded terms
                done.add(score.dimension)
    expected = {
        id for id, row in scores.items() if rules[id] in WORKED and row.status == "published"
    }
    silent = {
        score.dimension for score in opened_scores(report) if "individuels" in str(score.lines)
    }
    assert done - {""} == expected - silent


@pytest.mark.parametrize(("name", "whole"), [("epp_contention", 2), ("epp_hygiene_mains", 1)])
def test_an_audit_has_three_scores_each_by_its_name_and_counts(name, whole):
    """Of the whole grid too; no all or none of it where a record is a single act."""
    report = simulated(name, 16)
    scores = report.published.scores.query("item == '' and stratum == ''")
    measures = {"Mise en commun": "pooled", "Tout ou rien": "all_or_none"}
    checked = 0
    for score in opened_scores(report):
        for title, measure in measures.items():
            if not score.dimension and measure == "all_or_none" and whole == 1:
                assert title not in dict(score.lines)
                continue
            line = plain(dict(score.lines)[title])
            held = (scores["dimension"] == score.dimension) & (scores["measure"] == measure)
            row = scores[held].iloc[0]
            left, right, _ = SUM.search(line).groups()
            assert 100 * evaluate(left) == pytest.approx(row.score, abs=1e-9)
            assert value(right) == pytest.approx(row.score, abs=0.051)
            checked += 1
    assert checked == 2 * len(report.instrument.dimensions) + whole
    assert opened_scores(report)[-1].title == "Grille entière"


@pytest.mark.parametrize("others", [0, 1])
@pytest.mark.parametrize("name", ["culture_securite", "leadership_securite"])
def test_no_size_of_one_team_is_worked_back_from_its_interval(name, others):
    """Under three services the size would say how alike the answers of each person are.

    A yes/no answer has no spread of its own: only how sure one day is, to one digit, is told.
    """
    report = simulated(name, others=others)
    items = [(rule, plain(item.interval)) for _, rule, item in opened_items(report)]
    lines = [plain(dict(score.lines).get("Intervalle", "")) for score in opened_scores(report)]
    lines += [line for rule, line in items if rule not in SHARES]
    shown = [line for line in lines if line]
    yes_no = [line for rule, line in items if rule in SHARES and line]
    assert len(shown + yes_no) > 10
    assert any(shown)
    assert not any(WILSON.search(line) for line in shown)
    for line in yes_no:
        assert re.match(
            r"(?:α = (0,\d), )?n = (\d+)(?(1) ÷ \(1 − \2 ÷ \d+ × \1\) = [\d,]+) : \[", line
        )


def test_a_small_team_whose_spread_is_its_own_counts_its_answers_by_side():
    report = simulated("culture_securite", others=1)
    done = 0
    for row, rule, item in opened_items(report):
        for left, right, _ in SUM.findall(plain(item.worked)):
            assert value(right) == pytest.approx(as_printed(row.score, rule), abs=0.051)
            assert evaluate(left) * 100 == pytest.approx(row.score, abs=0.051)
            done += 1
        assert item.cells == ()
    assert done > 10
    assert "comptées par côté" in explain(simulated("leadership_securite", others=1))


@pytest.mark.parametrize(("services", "by_side"), [("S", True), ("ST", True), ("STU", False)])
def test_the_words_around_the_counts_say_how_they_are_counted(services, by_side):
    """By side there is no legend of reversed items, nothing in bold, no answer as worded."""
    report = hand_made([ONE, TWO], services=services)
    page = text_of(team.items(report)) + text_of(opened(report))
    legend = re.search(r"Items? inversés?\W*:", str(team.items(report)))  # as drawn
    assert bool(legend) is not by_side
    for words in ("telles qu'elles ont été", "En gras", "chacun compté à part"):
        assert (words in page) is not by_side
    for words in ("d'un même côté sont comptées ensemble", "par côté", "déjà retournées"):
        assert (words in page) is by_side
    assert "une phrase qu'il est défavorable d'approuver" in page


def test_the_interval_follows_from_the_numbers_written_beside_it():
    """Statsmodels makes the same ends from p and the size that is written."""
    report = simulated("epp_hygiene_mains")
    lines = [(row, item.interval) for row, _, item in opened_items(report) if item.interval]
    scores = {dimension.id: row for dimension, row, _ in report.scores.dimensions}
    lines += [
        (scores[score.dimension], line)
        for score in opened_scores(report)
        for title, line in score.lines
        if title == "Intervalle" and score.dimension
    ]
    assert len(lines) > 10
    for row, line in lines:
        p, made, size = WILSON.search(plain(line)).groups()
        assert p is None or value(p) == pytest.approx(row.score / 100, abs=5.1e-4)
        n = evaluate(made)
        assert size is None or value(size) == pytest.approx(n, rel=0.01)
        ends = proportion_confint(row.score / 100 * n, n, method="wilson")
        assert ends == pytest.approx((row.low / 100, row.high / 100), abs=6e-3)  # as printed


def test_what_opens_an_interval_of_people_is_the_same_for_every_team():
    """The design effect and alpha are the campaign's; of the team, only how many answered."""
    report = simulated("leadership_securite")
    spread = report.published.spread.set_index(["dimension", "item"])
    heads, shown = report.turnout.head_count, 0
    for row, _, item in opened_items(report):
        design, alpha = spread.loc[(row.dimension, row.item), ["design_effect", "alpha"]]
        expected = (
            f"{row.n_valid:.0f} ÷ {design:g} ÷ (1 − {row.n_valid:.0f} ÷ {heads:.0f} × {alpha:g})"
        )
        if row.status == "published" and alpha:
            letters = f"D = {design:g}, α = {alpha:g}, n = ".replace(".", ",")
            assert letters in plain(item.interval)
            assert expected.replace(".", ",") in plain(item.interval)
            shown += 1
    assert shown > 3


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("culture_securite", "Dαf"),
        ("leadership_securite", "Dαf"),
        ("maturite_securite", "αf"),
        ("epp_hygiene_mains", ""),
        ("politique_qgdr", ""),
    ],
)
def test_the_letters_of_the_intervals_are_named_where_they_are_used(name, letters):
    report = simulated(name)
    meant = {"D": "D dit combien", "α": "redonnerait", "f": "f, la part des sollicités"}
    for told in (text_of(opened(report)), plain(explain(report))):
        assert {one for one, words in meant.items() if words in told} == set(letters)
        for line in re.findall(r"[^\n:]*÷ \(1 − [^\n]*", plain(explain(report)))[1:]:
            assert "α = " in line.split("÷ (1")[0]


@pytest.mark.parametrize("services", ["S", "ST"])
def test_a_team_that_keeps_its_own_spread_does_not_tell_it(services):
    codes = [[1, 2, 3, 3, 2, 1, 3, 2, 2, 3], [3, 1, 2, 3, 2, 1, 3, 1, 2, 1]]
    report = hand_made(codes, "mean_0_100", services=services)
    (score,) = opened_scores(report)
    lines = [dict(score.lines)["Intervalle"], *(item.interval for item in score.blocks[0].items)]
    for line in map(plain, lines):
        assert re.fullmatch(r"(fait avec [^\d]*ne montre pas|tel que publié) : \[\d+ ; \d+\]", line)
    assert "qui n'est pas publié" in text_of(opened(report))


@given(
    share=st.floats(0, 1),
    n=st.floats(1, 1e4),
)
@settings(max_examples=examples(200), deadline=None)
def test_a_size_is_found_back_from_the_ends_it_made(share, n):
    low, high = proportion_confint(share * n, n, method="wilson")
    assert wilson_size(100 * share, 100 * low, 100 * high) == pytest.approx(n, rel=1e-4)


def test_ends_that_wilson_does_not_make_have_no_size():
    assert np.isnan(wilson_size(50, 30, 90))
    assert np.isnan(wilson_size(50, 0, 100))
    assert wilson_size(50, 50, 50) == np.inf
    report = simulated("epp_hygiene_mains")  # of people, the size is never worked back
    scores = report.published.scores.assign(wide_low=0.0, wide_high=100.0)
    otherwise = dataclasses.replace(report.published, scores=scores.assign(low=0.0, high=100.0))
    assert "tel que publié" not in explain(report)
    assert "tel que publié" in explain(dataclasses.replace(report, published=otherwise))


def test_the_middle_answers_and_the_ends_of_a_level_are_where_it_says():
    report = simulated("maturite_securite")
    checked = 0
    for row, _, item in opened_items(report):
        if not item.cells:
            continue
        counts = [n for _, n, _ in item.cells[:9]]
        levels = np.repeat(np.arange(9), counts) / 8 * 100
        middle, ends = plain(item.worked), plain(item.interval)
        ranks = [int(rank) - 1 for rank in re.findall(r"(\d+)(?:re|e) ", middle.split(" sur ")[0])]
        assert levels[ranks].mean() == pytest.approx(row.score)
        if "de la" in ends:
            first, last = (int(rank) - 1 for rank in re.findall(r"(\d+)(?:re|e) ", ends))
            assert (levels[first], levels[last]) == pytest.approx((row.low, row.high))
            assert first + last == len(levels) - 1
            checked += 1
    assert checked > 3


def test_a_risk_is_placed_by_its_two_tables():
    report = simulated("compte_qualite")
    tables, checked = report.instrument.risk, 0
    for score in opened_scores(report):
        line = plain(dict(score.lines)["Zone"])
        if "zone " not in line or line.startswith("pas de zone"):
            continue
        words = ("gravité", "vraisemblance", "niveau brut", "maîtrise de")
        gravity, likelihood, level, control = (
            int(re.search(rf"{word} (\d)", line)[1]) for word in words
        )
        gross = next(row for row in tables.gross if row.gravity == gravity)
        residual = next(row for row in tables.residual if row.level == level)
        assert gross.levels[likelihood - 1] == level
        assert f"zone {residual.zones[control - 1]} (" in line
        assert residual.zones[control - 1] == score.figure
        checked += 1
    assert checked > 5


def test_several_groups_share_no_zone():
    scores = opened_scores(simulated("compte_qualite", 3))
    assert all("pas de zone" in plain(dict(score.lines)["Zone"]) for score in scores)
    assert "plusieurs groupes ont répondu" in scores[0].blocks[0].items[0].worked


SCALE = Scale(
    label="Accord",
    options=(
        Option(code=1, label="Non", pole="negative"),
        Option(code=2, label="Ni oui ni non", pole="neutral"),
        Option(code=3, label="Oui", pole="positive"),
    ),
    not_applicable=(SpecialCode(code=8, label="Sans objet"),),
    dont_know=(SpecialCode(code=9, label="Ne sait pas"),),
)


def hand_made(codes, rule="positive_share", heads=None, minimum=5, services="STU"):
    """The report of twelve people or so: one column of codes an item, the second reversed.

    The other teams of ``services`` answered the same: with fewer than three, answers are counted by
    side, and each keeps its own spread.
    """
    instrument = Instrument(
        id="essai",
        version="1.0.0",
        title="Essai",
        source="tests",
        licence="MIT",
        subject="respondent",
        scales={"accord": SCALE},
        dimensions=(Dimension(id="d", label="Dim", definition="Une dimension", rule=rule),),
        items=tuple(
            Item(code=f"Q{i}", text=f"question {i}", dimension="d", scale="accord", reversed=i == 1)
            for i in range(len(codes))
        ),
    )
    campaign = Campaign.model_validate(
        {
            "id": "essai",
            "title": "Essai",
            "period": "2026",
            "instrument": "essai",
            "responses": {"file": "r.csv"},
            "columns": {"service": "service"},
            "coding": {"reversed": "as_worded"},
            "disclosure": {"minimum": minimum},
            "reference": "none",
        }
    )
    n = len(codes[0])
    responses = pd.DataFrame({f"Q{i}": column for i, column in enumerate(codes)}).astype("Int16")
    responses = pd.concat([responses] * len(services), ignore_index=True)
    responses.insert(0, "facility", pd.Categorical(["F"] * len(responses)))
    responses.insert(1, "service", pd.Categorical([name for name in services for _ in range(n)]))
    roster = pd.DataFrame({"facility": "F", "service": list(services)})
    roster["head_count"] = pd.array([heads] * len(services), dtype="Int64")
    log = pd.DataFrame(columns=["facility", "service", "row", "reason", "action", "item", "given"])
    answered = Answers(responses, roster, log, (), "0" * 64)
    none = pd.DataFrame(columns=["dimension", "score", "low", "high"])
    return report_of(publish(campaign, instrument, answered, none), "F", "S")


ONE = [3, 3, 3, 3, 2, 2, 1, 1, 8, 9]  # 4 favourable of 8, one answer of each kind aside
TWO = [1, 1, 1, 1, 1, 2, 3, 3, None, None]  # reversed: 5 favourable of 8, two missing


def test_counts_are_as_worded_and_three_things_leave_apart():
    (score,) = opened_scores(hand_made([ONE, TWO]))
    (block,) = score.blocks
    assert block.columns == ("1", "2", "3", "Sans objet", "Ne sait pas", "Sans réponse")
    one, two = block.items
    assert [(n, bold) for _, n, bold in one.cells] == [
        (2, False), (2, False), (4, True), (1, False), (1, False), (0, False)
    ]  # fmt: skip
    assert [(n, bold) for _, n, bold in two.cells] == [
        (5, True), (1, False), (2, False), (0, False), (0, False), (2, False)
    ]  # fmt: skip
    assert (plain(one.worked), plain(two.worked)) == ("4 ÷ 8 = 50,0 %", "5 ÷ 8 = 62,5 %")
    assert one.text == "Q0. question 0"
    assert two.text == "Q1. question 1 (inversée)"
    assert block.legend == (
        "1 = Non ; 2 = Ni oui ni non ; 3 = Oui. "
        "Question inversée : 1 compte pour 3, et réciproquement."
    )
    made = plain(dict(score.lines)["Score"])
    assert made == "moyenne simple de 2 questions, (50,0 + 62,5) ÷ 2 = 56,3 %, imprimé 56 %"


def test_a_mean_weighs_reversed_answers_turned_round_and_lists_nobody():
    (score,) = opened_scores(hand_made([ONE, TWO], "mean_0_100"))
    one, two = score.blocks[0].items
    assert plain(one.worked) == "(2 × 0 + 2 × 50 + 4 × 100) ÷ 8 = 62,5"
    assert plain(two.worked) == "(5 × 100 + 1 × 50 + 2 × 0) ÷ 8 = 68,8"
    # Own means: 100 100 100 100 75 50 0 0, then two people who answered nothing.
    assert "moyenne des 8 scores individuels = 66/100" in plain(str(score.lines))
    assert not any(bold for item in (one, two) for _, _, bold in item.cells)


def test_when_everybody_answered_everything_the_mean_can_be_done_again():
    full = [3, 3, 3, 2, 2, 1, 1, 1, 1, 1]
    (score,) = opened_scores(hand_made([full, full[::-1]], "mean_0_100"))
    line = plain(dict(score.lines)["Score"])
    assert line.startswith("tous ont répondu aux mêmes questions : moyenne simple de 2 questions")
    left, right, _ = SUM.search(line).groups()
    assert evaluate(left) == pytest.approx(value(right), abs=0.1)


def test_a_question_nobody_could_answer_says_so_and_leaves_the_mean():
    (score,) = opened_scores(hand_made([ONE, TWO, [8] * 10]))
    empty = score.blocks[0].items[2]
    assert (empty.cells, empty.interval) == ((), "")
    assert empty.worked == "aucune réponse valide"
    made = plain(dict(score.lines)["Score"])
    assert "(50,0 + 62,5) ÷ 2" in made
    assert made.endswith("sans réponse valide, hors du calcul : Q2")


def test_answers_that_are_all_the_same_are_not_shown():
    """0 % leaves two options open and is told; 50 points would say what each person answered."""
    (score,) = opened_scores(hand_made([ONE, [2] * 10, ONE]))
    closed = score.blocks[0].items[1]
    assert closed.cells == ()
    told = "réponses toutes identiques, répartition non affichée : 0,0 %"
    assert plain(closed.worked) == told
    assert "(50,0 + 0,0 + 50,0) ÷ 3" in plain(dict(score.lines)["Score"])
    agreed = opened_scores(hand_made([ONE, [2] * 10], "mean_0_100"))[0]
    assert agreed.blocks[0].items[1].worked == "effectif insuffisant, ou réponses toutes semblables"
    assert dict(agreed.lines) == {"Score": "masqué : ce résultat en ferait retrouver un autre"}
    assert "masqué" in agreed.figure


def test_too_few_valid_answers_show_no_number():
    thin = [3, 1, 2] + [8] * 7
    (score,) = opened_scores(hand_made([ONE, thin]))
    closed = score.blocks[0].items[1]
    assert (closed.cells, closed.worked, closed.interval) == (
        (),
        "effectif insuffisant, ou réponses toutes semblables",
        "",
    )
    assert [title for title, _ in score.lines] == ["Score"]
    assert not re.search(r"\d", score.lines[0][1] + score.figure)


def test_a_hidden_service_opens_nothing():
    report = hand_made([ONE], minimum=20)
    assert (str(opened(report)), opened_scores(report)) == ("", [])
    assert plain(explain(report)) == (
        "S : effectif insuffisant. Rien n'est affiché, donc rien à expliquer."
    )


def test_a_full_house_still_has_an_interval():
    (score,) = opened_scores(hand_made([[3] * 4 + [1] * 6], heads=10))
    assert plain(score.blocks[0].items[0].interval) == "n = 10 : [17 ; 69]"  # Wilson, 4 of 10


def numbers_of(text):
    return {value(found) for found in re.findall(r"\d+(?:,\d+)?", plain(text))}


def made_of(report, row, items):
    """What opens the interval of a row of people: answers, design effect, alpha, size."""
    if report.instrument.subject != "respondent" or row.status != "published":
        return []
    valid = [one.n_valid for one in items if one.dimension == row.dimension and one.n_valid > 0]
    alone = row.item or not valid or row.measure == "maturity"
    typical = row.n_valid if alone else min(row.n_valid, harmonic_mean(valid))
    design, alpha = sample_of(report).spread_of(row.dimension, row.item)
    grown = 1 / (1 - typical / report.turnout.head_count * alpha)
    return [typical, design, alpha, typical / design * grown, typical * grown]


def derivable(report):
    """Every number the published rows and the instrument allow to write, as it would be written."""
    found = {0.0, 1.0, 100.0}
    items = list(rows_of_items(report).values())
    rows = [*report.published.scores.query("stratum == ''").itertuples()]
    gaps = [*report.comparisons.itertuples()]
    for row in rows:
        ends = [row.score, row.low, row.high, 1 + 3 * row.score / 100, row.score / 100]
        sizes = [
            wilson_size(row.score, row.low, row.high),
            wilson_size(row.score, row.wide_low, row.wide_high),
            *made_of(report, row, items),
        ]
        for one in (*ends, *sizes, row.n_valid):
            if np.isfinite(one):
                found |= {round(one + shift, k) for k in (0, 1, 2, 3) for shift in (-1e-9, 1e-9)}
                found |= {np.floor(one * 10**k + 0.5) / 10**k for k in (0, 1, 2, 3)}
    for gap in gaps:
        for one in (gap.difference, gap.reference_score, gap.difference + gap.reference_score):
            found |= {np.floor(abs(one) * 10**k + 0.5) / 10**k for k in (0, 1, 2, 3)}
    options = [o for scale in report.instrument.scales.values() for o in scale.options]
    found |= {abs(float(option.code)) for option in options}
    for scale in report.instrument.scales.values():
        last = len(scale.options) - 1
        found |= {round(100 * k / last, 2) for k in range(last + 1)}
        found |= {round(1 + 3 * k / last, 2) for k in range(last + 1)}
    found |= {float(row.count) for held in report.scores.answers.values() for row in held}
    found |= {float(k) for k in range(1, report.n + 1)}  # ranks of a median
    marks = [m for d in report.instrument.dimensions for m in report.instrument.thresholds_of(d.id)]
    found |= {float(len(items)), float(report.turnout.head_count), *(m.value for m in marks)}
    met = [row.score * row.n_valid / 100 for row in items if row.status == "published"]
    asked = [row.n_valid for row in items if row.status == "published"]
    found |= {float(k) for k in range(len(items) + 1)} | {round(sum(met)), sum(asked)}
    for dimension, _, _ in report.scores.dimensions:
        own = [row for row in items if row.dimension == dimension.id and row.status == "published"]
        found |= {round(sum(r.score * r.n_valid / 100 for r in own)), sum(r.n_valid for r in own)}
        if own:  # the mean of the items, where the dimension's own is stored rounded
            found.add(np.floor(sum(r.score for r in own) / len(own) * 10 + 0.5) / 10)
    return {round(one, 3) for one in found if np.isfinite(one)}


@pytest.mark.parametrize("name", RULES)
def test_no_number_is_written_that_was_not_published_or_made_of_what_was(name):
    report = simulated(name)
    allowed = np.array(sorted(derivable(report)))
    for score in opened_scores(report):
        texts = [line for title, line in score.lines if title != "Zone"]
        texts += [
            part
            for block in score.blocks
            for item in block.items
            for part in (item.worked.split("»")[-1], item.interval)
        ]
        for one in numbers_of(" | ".join(texts)):
            assert np.abs(allowed - one).min() < 6e-4, (one, texts)


@given(st.data())
@settings(max_examples=examples(30), deadline=None)
def test_what_is_not_published_gives_no_count_whatever_the_answers(data):
    n = data.draw(st.integers(5, 9))
    column = st.lists(st.sampled_from([1, 2, 3, 8, 9, None]), min_size=n, max_size=n)
    codes = [data.draw(column) for _ in range(3)]
    rule = data.draw(st.sampled_from(["positive_share", "mean_0_100"]))
    report = hand_made(codes, rule)
    for row, _, item in opened_items(report):
        spread = report.scores.answers[row.item]
        shown = spread[0].status == "published"
        assert bool(item.cells) == shown
        if row.status != "published":
            assert not re.search(r"\d", item.worked + item.interval)
        if shown:
            counted = sum(held.count for held in spread)
            assert sum(count for _, count, _ in item.cells) == counted == report.n
    (score,) = opened_scores(report)
    if report.scores.dimensions[0][1].status != "published":
        assert not re.search(r"\d", " ".join(line for _, line in score.lines) + score.figure)


def test_returns_set_aside_are_told_with_the_sum_they_belong_to():
    text = plain(explain(simulated("culture_securite")))
    received, away, reasons, kept = re.search(
        r"(\d+) retours − (\d+) mis de côté \((.*)\) = (\d+) répondants", text
    ).groups()
    assert int(received) - int(away) == int(kept) == RULES["culture_securite"]
    assert sum(map(int, re.findall(r"\d+", reasons))) == int(away)


def test_the_difference_with_the_reference_is_a_subtraction():
    report = simulated("culture_securite")
    compared = dataclasses.replace(report, comparisons=with_a_reference(report))
    shown = [row for _, row, _ in report.scores.dimensions if row.status == "published"]
    lines = [dict(score.lines).get("Écart") for score in opened_scores(compared)]
    for row, line in zip(shown, filter(None, lines), strict=True):
        found = re.search(r"([\d,]+) − ([\d,]+) = ([+−]?[\d,]+), imprimé ([+−]?\d+)", plain(line))
        service, reference, exact, printed = map(value, found.groups())
        assert service - reference == pytest.approx(exact, abs=0.101)
        assert (exact, printed) == pytest.approx((row.score - 50, row.score - 50), abs=0.51)


def with_a_reference(report):
    """Comparisons of the dimensions shown with a reference of 50."""
    rows = [
        (report.facility, report.service, d.id, "campaign", 50.0, row.score - 50, -1, 1, "higher")
        for d, row, _ in report.scores.dimensions
        if row.status == "published"
    ]
    columns = ["facility", "service", "dimension", "reference", "reference_score", "difference",
               "low", "high", "verdict"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def test_the_reading_is_told_with_its_marks():
    line = plain(dict(opened_scores(simulated("culture_securite"))[0].lines)["Lecture"])
    assert "repères au plus 50 et au moins 75 : " in line
    assert re.match(r"\[\d+ ; \d+\] sur 100", line)


def test_one_dimension_is_explained_or_all_and_a_wrong_one_is_told():
    report = simulated("culture_securite")
    ids = [dimension.id for dimension in report.instrument.dimensions]
    one, every = explain(report, ids[1]), explain(report)
    assert one.split("\n\n")[1] in every
    assert len(every.split("\n\n")) == len(ids) + 1
    with pytest.raises(Refused, match=ids[0]):
        explain(report, ids[0] + "e")


def test_text_and_page_hold_the_same_numbers():
    report = simulated("culture_securite")
    page = text_of(opened(report))
    for score in opened_scores(report):
        for line in [line for _, line in score.lines]:
            assert plain(line) in page
            assert plain(line) in plain(explain(report))


def commands(page):
    """What somebody copies from a page: the text of its ``code`` elements, as it is typeset."""
    found = re.findall(r"<code>(.*?)</code>", page)
    return [html.unescape(re.sub(r"<[^>]+>", "", text)).strip() for text in found]


def test_the_command_can_be_copied_whatever_the_names(campaign_file):
    """French spacing and apostrophes must not reach it, nor a shell see more than a name."""
    report = open_report(str(campaign_file), "Hôpital fictif A/B", "")
    names = ["L'unité : 100 % « sûre »", 'a "b" $(ls) `ls` \\ !', report.service]
    for name in names:
        named = dataclasses.replace(report, service=name)
        page = str(opened(named))
        assert "<script" not in page
        for command, (dimension, _, _) in zip(
            commands(page), report.scores.dimensions, strict=True
        ):
            assert shlex.split(command) == [
                "qgdr", "explain", "campagne.yml", "--facility", report.facility,
                "--service", name, "--dimension", dimension.id,
            ]  # fmt: skip
            assert "$(" not in command or "'" in command
            assert str(campaign_file.parent) not in command


def test_a_page_stays_light():
    report = simulated("culture_securite")
    section, page = (len(str(made).encode()) for made in (opened(report), lay_out(report)))
    assert section < 0.25 * page


def test_questions_stand_in_the_order_of_the_instrument():
    report = simulated("essms_preparatoire")
    order = [item.code for item in report.instrument.items]
    for score in opened_scores(report):
        codes = [item.text.split(". ")[0] for block in score.blocks for item in block.items]
        assert all(order.index(a) < order.index(b) for a, b in pairwise(codes))
        assert codes == [item.code for item in report.instrument.items_of(score.dimension)]
