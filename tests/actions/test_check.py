"""Every problem of a plan is told at once: its row, its column, what it is, what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.actions.check import ancestors_of, check_actions
from tests.actions.plans import plan

# what a second action says: (column told, severity, a piece of the message)
CASES = [
    ({"id": ""}, "Identifiant", "error", "sans identifiant"),
    ({"id": "A"}, "Identifiant", "error", "déjà porté par la ligne 2"),
    ({"state": "en court"}, "État", "error", "en court"),
    ({"state": ""}, "État", "error", "état vide"),
    ({"due": "demain"}, "Échéance", "error", "illisible"),
    ({"start": "2026-02-30"}, "Début", "error", "illisible"),
    ({"due": "2025-12-31"}, "Échéance", "error", "précède le début"),
    ({"progress": "101"}, "Avancement (%)", "error", "de 0 à 100"),
    ({"progress": "-1"}, "Avancement (%)", "error", "de 0 à 100"),
    ({"progress": "presque"}, "Avancement (%)", "error", "de 0 à 100"),
    ({"parent": "Z"}, "Déclinée de", "error", "n'est pas dans le plan"),
    ({"parent": "B"}, "Déclinée de", "error", "d'elle-même"),
    ({"priority": "urgente"}, "Priorité", "warning", "inconnue"),
    ({"state": "évalué", "evaluated_on": "2026-11-02"}, "Résultat mesuré", "warning", "résultat"),
    ({"state": "évalué", "result": "90 %"}, "Évalué le", "warning", "date d'évaluation"),
    ({"state": "réalisé", "result": "90 %", "evaluated_on": "2026-11-02"}, "État", "warning",
     "passez l'état"),
    ({"pilot": "", "due": "", "indicator": " "}, "Pilote (fonction)", "warning",
     "pilote, échéance et indicateur"),
    ({"pilot": "Mme Martin"}, "Pilote (fonction)", "warning", "nommer une personne"),
    ({"contributors": "cadre, Dr Petit"}, "Contributeurs", "warning", "nommer une personne"),
    ({"decided": "Mme Martin relit les fiches"}, "Décision de l'équipe", "warning",
     "nommer une personne"),
    ({"decided": "e" * 601}, "Décision de l'équipe", "warning", "601 caractères, 600 au plus"),
    ({"service": "cardiologie "}, "Service", "warning", "s'écrit aussi"),
]  # fmt: skip


@pytest.mark.parametrize(("second", "column", "severity", "said"), CASES)
def test_a_problem_says_where_what_and_how(second, column, severity, said):
    (problem,) = check_actions(plan({}, second), "plan.xlsx")
    assert (problem.file, problem.line, problem.severity) == ("plan.xlsx", 3, severity)
    assert column in problem.place
    assert said in str(problem).replace("\u202f", " ")
    assert problem.cure


def test_a_plan_that_holds_together_has_no_problem():
    states = [{"state": "à faire"}, {"state": "abandonné", "pilot": "", "due": ""},
              {"state": "réalisé", "indicator": ""},
              {"state": "évalué", "result": "90 %", "evaluated_on": "2026-11-02"},
              {"due": "", "start": "2026-01-05", "state": "réalisé"},
              {"decided": "e" * 600},
              {"pilot": "Directeur de la qualité, praticien hygiéniste"}]  # fmt: skip
    assert check_actions(plan(*states)) == ()


def test_all_problems_come_at_once_in_the_order_of_the_rows():
    problems = check_actions(plan({"state": "fini", "due": "demain"}, {}, {"progress": "200"}),
                             rows=[2, 5, 9])  # fmt: skip
    assert [problem.line for problem in problems] == [2, 2, 9]


def test_a_state_nearly_right_is_suggested():
    (problem,) = check_actions(plan({"state": "realisee"}))
    assert "réalisé" in problem.cure
    assert "vouliez-vous dire" in problem.cure


def test_the_spelling_used_most_is_the_usual_one():
    problems = check_actions(plan({"pole": "pole medecine"}, {}, {}))
    assert [(problem.line, "Pôle Médecine" in problem.what) for problem in problems] == [(2, True)]


def test_a_circle_of_parents_is_told_for_each_of_its_actions():
    circle = plan({"parent": "C"}, {"parent": "A"}, {"parent": "B"}, {"parent": "A"})
    problems = check_actions(circle)
    assert [problem.line for problem in problems] == [2, 3, 4]
    assert "A → C → B → A" in problems[0].what


@given(st.lists(st.integers(0, 7), min_size=8, max_size=8))
def test_ancestors_always_come_to_an_end(links):
    parents = {str(id): str(parent) for id, parent in enumerate(links)}
    for id in parents:
        line = ancestors_of(parents, id)
        assert len(line) == len(set(line)) <= len(parents)
