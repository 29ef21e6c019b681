"""Promised, done, measured: what a campaign's page says of the plan, and never what caused it."""

import dataclasses
import re
from pathlib import Path

import pytest

from qgdr_eval.actions import write_plan
from qgdr_eval.campaigns.sources import refuse_overwriting
from qgdr_eval.press.proof import read_evidence
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.page.fragment import render
from qgdr_eval.reporting.report import ServiceReport, open_report
from qgdr_eval.reporting.team import evolution
from qgdr_eval.shipped import shipped
from tests.actions.plans import plan
from tests.reading import text_of, title_of
from tests.rounds import AUDIT, write_round

SINCE = "earlier: ../avant/campagne.yml\nplan: ../plan.csv\n"
PROMISE = {"service": "A", "dimension": "trace", "item": "T1", "campaign": "avant",
           "action": "Dater", "objective": "Que tout soit daté", "state": "réalisé",
           "due": "2026-02-28"}  # fmt: skip
CAUSAL = (
    r"\b(grâce|à cause|donc|explique|parce|puisque|entraîne|permis|effet|efficace|efficacité|"
    r"a fait|ont fait|résultat de|succès|échec)\b"
)
HOSTILE = "<script>alert(1)</script> & « l'équipe » <b>"


def dated(yes: int, n: int) -> list[str]:
    """Records of which so many are dated, and everything else is met."""
    return ["OOOO"] * yes + ["NOOO"] * (n - yes)


def two_rounds(
    folder: Path, *promised: dict[str, str], before: list[str], now: list[str], **others: list[str]
) -> ServiceReport:
    """The page of service A, with these actions in the plan; ``others``: services beside it."""
    write_plan(plan(*[PROMISE | one for one in promised]), folder / "plan.csv")
    write_round(folder / "avant", AUDIT, {"A": before, **others})
    return open_report(str(write_round(folder / "c", AUDIT, {"A": now, **others}, SINCE)))


def said(report: ServiceReport) -> str:
    return text_of(evolution.promises(report))


def title(report: ServiceReport) -> str:
    return title_of(evolution.promises(report)).removeprefix("Depuis la dernière fois : ")


def test_what_was_promised_done_and_measured_stand_side_by_side(tmp_path):
    """Newcombe, Stat Med 1998;17:873, table II: 56/70 − 48/80 is .20, from .0524 to .3339."""
    report = two_rounds(tmp_path, {}, before=dated(48, 80), now=dated(56, 70))
    assert title(report) == "1 action promise, 1 faite et 1 mesure en progression établie"
    assert (
        "Dater Le dossier est daté, échéance 28 février 2026. Action faite. Mesure : 60 % (n = 80),"
        " puis 80 % (n = 70) ; écart +20 points [+5 ; +33], progression établie." in said(report)
    )


def test_a_criterion_that_ends_with_a_stop_runs_on_to_its_due_date(tmp_path):
    audit = AUDIT.replace("Le dossier est daté", "Le dossier est daté sans recopie.")
    write_plan(plan(PROMISE), tmp_path / "plan.csv")
    write_round(tmp_path / "avant", audit, {"A": dated(10, 20)})
    report = open_report(str(write_round(tmp_path / "c", audit, {"A": dated(15, 20)}, SINCE)))
    assert "daté sans recopie, échéance 28 février 2026." in said(report)


def test_an_action_about_a_whole_dimension_is_measured_by_the_dimension(tmp_path):
    report = two_rounds(
        tmp_path, {"item": "", "due": ""}, before=["NNOO"] * 40, now=["OOOO"] * 30 + ["NNOO"] * 10
    )
    assert "Dater Traçabilité. Action faite. Mesure : 0 % (n = 40), puis 75 % (n = 40)" in said(
        report
    )


MOVES = {  # yes of 40 before and now: what the title counts
    "up": ((10, 34), "1 action promise, 1 faite et 1 mesure en progression établie"),
    "nearly up": ((20, 24), "1 action promise, 1 faite et aucune mesure établie en progression"),
    "the same": ((20, 20), "1 action promise, 1 faite et aucune mesure établie en progression"),
    "down": (
        (34, 10),
        "1 action promise, 1 faite, aucune mesure établie en progression et 1 mesure en recul "
        "établi",
    ),
}


@pytest.mark.parametrize("move", MOVES)
def test_the_title_says_what_is_established_and_what_went_down(tmp_path, move):
    (before, now), expected = MOVES[move]
    report = two_rounds(tmp_path, {}, before=dated(before, 40), now=dated(now, 40))
    assert title(report) == expected
    assert ("non établie" in said(report)) == (move in ("nearly up", "the same"))


def test_a_measure_that_two_actions_are_about_is_counted_once(tmp_path):
    report = two_rounds(
        tmp_path,
        {},
        {"state": "en cours", "action": "Rappeler de dater"},
        before=dated(10, 40),
        now=dated(34, 40),
    )
    assert title(report) == "2 actions promises, 1 faite et 1 mesure en progression établie"
    assert said(report).count("progression établie") == 1 + 2


STATES = {
    "réalisé": "Action faite.",
    "évalué": "Action faite.",
    "en cours": "Action non terminée (en cours).",
    "à faire": "Action non terminée (à faire).",
    "abandonné": "Action abandonnée.",
}


@pytest.fixture(scope="module")
def in_every_state(tmp_path_factory: pytest.TempPathFactory) -> ServiceReport:
    """One action in each state, named after it, about the same criterion."""
    rows = [{"state": state, "action": f"Dater, {state}", "due": ""} for state in STATES]
    folder = tmp_path_factory.mktemp("etats")
    return two_rounds(folder, *rows, before=dated(10, 40), now=dated(34, 40))


@pytest.mark.parametrize("state", STATES)
def test_where_an_action_is_is_told_beside_the_measure(in_every_state, state):
    told = f"{STATES[state]} Mesure : 25 % (n = 40), puis 85 % (n = 40)"
    assert f"Dater, {state} Le dossier est daté. {told}" in said(in_every_state)


@pytest.mark.parametrize(("before", "now"), [(10, 34), (34, 10), (20, 24)])
def test_no_word_of_cause(tmp_path, before, now):
    states = ("réalisé", "en cours", "abandonné", "évalué")
    report = two_rounds(
        tmp_path,
        *({"state": state} for state in states),
        before=dated(before, 40),
        now=dated(now, 40),
    )
    assert not re.search(CAUSAL, said(report), re.I)
    assert "rien ne dit que l'un a produit l'autre" in said(report)


def test_without_an_action_there_is_nothing_to_say_but_the_words_are_there():
    """The template itself says no cause, whatever stands in it."""
    words = text_of(render("team/promises", title="", found=[]))
    assert not re.search(CAUSAL, words, re.I)


# Which actions


NOT_ITS_OWN = {
    "another service": {"service": "B"},
    "another facility": {"facility": "EHPAD fictif"},
    "a whole pôle": {"service": ""},
    "another campaign": {"campaign": "ailleurs"},
    "this campaign itself": {"campaign": "c"},
    "no campaign": {"campaign": ""},
    "a dimension of another instrument": {"dimension": "structurelle", "item": ""},
    "nothing measured": {"dimension": "", "item": ""},
}


@pytest.fixture(scope="module")
def among_others(tmp_path_factory: pytest.TempPathFactory) -> ServiceReport:
    """One action of the service's own beside one of each kind that is not, named after it."""
    rows, folder = dated(20, 40), tmp_path_factory.mktemp("parmi")
    elsewhere = [kept | {"action": f"Tout autre: {which}"} for which, kept in NOT_ITS_OWN.items()]
    return two_rounds(folder, {}, *elsewhere, before=rows, now=rows, B=rows)


@pytest.mark.parametrize("which", NOT_ITS_OWN)
def test_an_action_of_elsewhere_is_not_on_the_page(among_others, which):
    assert f"Tout autre: {which}" not in said(among_others)
    assert title(among_others).startswith("1 action promise, ")


def test_actions_of_elsewhere_alone_are_nothing_to_say(tmp_path):
    rows = dated(20, 40)
    report = two_rounds(tmp_path, *NOT_ITS_OWN.values(), before=rows, now=rows, B=rows)
    assert not evolution.promises(report)


def test_a_criterion_that_was_not_asked_is_not_compared(tmp_path):
    report = two_rounds(tmp_path, {"item": "T9"}, before=dated(9, 20), now=dated(9, 20))
    assert "Mesure non comparée" in said(report)


def test_a_campaign_without_a_plan_or_without_a_past_promises_nothing(tmp_path):
    write_round(tmp_path / "avant", AUDIT, {"A": dated(20, 40)})
    write_plan(plan(PROMISE), tmp_path / "plan.csv")
    for more in ("earlier: ../avant/campagne.yml\n", "plan: ../plan.csv\n"):
        path = write_round(tmp_path / "c", AUDIT, {"A": dated(20, 40)}, more)
        assert not evolution.promises(open_report(str(path)))


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "plan.csv : fichier introuvable"), ("Titre\nA\n", "plan.csv")],
)
def test_a_plan_that_cannot_be_read_is_told(tmp_path, text, told):
    if text:
        (tmp_path / "plan.csv").write_text(text, encoding="utf-8")
    write_round(tmp_path / "avant", AUDIT, {"A": dated(20, 40)})
    path = write_round(tmp_path / "c", AUDIT, {"A": dated(20, 40)}, SINCE)
    with pytest.raises(Refused) as refused:
        open_report(str(path))
    assert told in str(refused.value).replace("\u202f", " ")


def test_scores_are_never_written_over_the_plan(tmp_path):
    path = write_round(tmp_path / "c", AUDIT, {"A": dated(20, 40)}, "plan: ../plan.csv\n")
    with pytest.raises(Refused, match="ce fichier sert à la campagne"):
        refuse_overwriting(path, tmp_path / "plan.csv")


# What is hidden


def test_a_hidden_service_is_told_what_was_promised_and_no_figure(tmp_path):
    report = two_rounds(tmp_path, {}, before=dated(30, 40), now=dated(2, 4), B=dated(9, 20))
    assert report.hidden
    assert title(report) == "1 action promise, 1 faite et aucune mesure établie en progression"
    assert "Mesure non comparée : l'une des deux campagnes ne l'affiche pas" in said(report)
    assert not re.search(
        r"\d", re.sub("1 action promise, 1 faite|28 février 2026", "", said(report))
    )


def test_a_service_hidden_before_is_not_compared_whatever_it_answered(tmp_path):
    pages = set()
    for rank, yes in enumerate((0, 2, 4)):
        folder = tmp_path / str(rank)
        folder.mkdir()
        report = two_rounds(folder, {}, before=dated(yes, 4), now=dated(30, 40))
        pages.add(said(report))
    (only,) = pages
    assert "Mesure non comparée" in only


# The page


@pytest.mark.parametrize(
    ("notebook", "page"),
    [("10_autoevaluation", "position"), ("20_service", "team"), ("30_audit_epp", "audit")],
)
def test_the_section_is_on_every_kind_of_page_and_proves_whose_it_is(tmp_path, notebook, page):
    report = two_rounds(tmp_path, {}, before=dated(9, 20), now=dated(9, 20))
    cells = (shipped("notebooks") / f"{notebook}.ipynb").read_text("utf-8")
    assert f"{page}.promises(report)" in cells
    assert read_evidence(str(evolution.promises(report))).results == {report.fingerprint}


def test_what_was_promised_is_part_of_what_the_page_is_made_of(tmp_path):
    prints = set()
    for state in ("réalisé", "en cours"):
        (tmp_path / state).mkdir()
        same = dated(9, 20)
        prints.add(
            two_rounds(tmp_path / state, {"state": state}, before=same, now=same).fingerprint
        )
    assert len(prints) == 2


def test_texts_of_the_plan_stay_text(tmp_path):
    report = two_rounds(
        tmp_path, {"action": HOSTILE}, {"action": "", "objective": HOSTILE},
        before=dated(9, 20), now=dated(9, 20),
    )  # fmt: skip
    html = str(evolution.promises(report))
    assert not re.search("<script|<b>", html)
    assert text_of(html).count("<script>alert(1)</script> & « l'équipe » <b>") == 2


# What the team decided by hand


def test_what_the_team_wrote_by_hand_comes_back_beside_its_measure(tmp_path):
    decided = {"decided": "Dater dès l'ouverture,\navant tout."}
    report = two_rounds(tmp_path, decided, before=dated(48, 80), now=dated(56, 70))
    told = "Ce que l'équipe avait décidé : « Dater dès l'ouverture, avant tout ». Action faite."
    assert told in said(report)


@pytest.mark.parametrize("decided", ["", "  \n"])
def test_a_decision_nobody_typed_is_not_announced(tmp_path, decided):
    rows = dated(9, 20)
    report = two_rounds(tmp_path, {"decided": decided}, before=rows, now=rows)
    assert "avait décidé :" not in said(report)


def test_a_decision_of_another_service_stays_there(tmp_path):
    rows = dated(20, 40)
    theirs = {"service": "B", "decided": "Tout autre chose"}
    report = two_rounds(tmp_path, {"decided": "Dater"}, theirs, before=rows, now=rows, B=rows)
    assert "Dater" in said(report)
    assert "Tout autre chose" not in said(report)


def test_a_decision_is_text_and_no_longer_than_a_page_has_room_for(tmp_path):
    rows = dated(9, 20)
    long = {"decided": "mot " * 400}
    report = two_rounds(tmp_path, {"decided": HOSTILE}, long, before=rows, now=rows)
    html = str(evolution.promises(report))
    assert not re.search("<script|<b>", html)
    assert "<script>alert(1)</script>" in said(report)
    assert 100 < said(report).count("mot ") <= 150
    assert "mot …" in said(report)


def test_results_stored_before_plans_had_decisions_are_still_read(tmp_path):
    report = two_rounds(tmp_path, {}, before=dated(9, 20), now=dated(9, 20))
    older = dataclasses.replace(report, promises=report.promises.drop(columns="decided"))
    assert said(older) == said(report)
