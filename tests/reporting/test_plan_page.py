"""The page of a plan says what is promised, done, late and moved, and its form keeps the plan."""

import dataclasses
import re

import nbformat
import pandas as pd
import pytest

from qgdr_eval.actions import make_actions, read_plan, write_plan
from qgdr_eval.fictitious import write_demo_plan
from qgdr_eval.fictitious.culture import HOSPITAL
from qgdr_eval.press.engine import execute
from qgdr_eval.press.proof import read_evidence
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import action_plan
from qgdr_eval.reporting.action_plan import open_plan
from qgdr_eval.reporting.action_plan.editor import FIELDS, edit_plan
from qgdr_eval.reporting.page.export import export_html
from qgdr_eval.shipped import shipped
from tests.actions.plans import plan
from tests.actions.results import evolution
from tests.actions.test_loop import CAUSAL, moved
from tests.reading import Page, plain, text_of

ON = "2026-11-16"
NOTEBOOK = "50_plan_actions.ipynb"
HOSTILE = "<script>alert(1)</script>"


def report_of(actions, tmp_path, **place):
    write_plan(actions, tmp_path / "plan.xlsx")
    return open_plan(str(tmp_path / "plan.xlsx"), report_date=ON, **place)


def lay_out(report):
    """The page the notebook makes of a report, without running a kernel."""
    pages = nbformat.read(shipped("notebooks") / NOTEBOOK, as_version=4)
    for cell in pages.cells:
        if cell.source.startswith("action_plan."):
            shown = {"text/html": str(eval(cell.source, {"action_plan": action_plan,
                                                         "report": report}))}  # fmt: skip
            cell.outputs = [nbformat.v4.new_output("display_data", shown)]
    return export_html(pages, "Plan d'actions")


@pytest.fixture(scope="module")
def demo():
    return open_plan("demo", report_date=ON)


def test_the_first_sentence_counts_what_was_promised_done_and_late(demo):
    said = text_of(action_plan.message(demo))
    assert (
        "14 actions promises : quatre faites, dont deux évaluées ; neuf ouvertes, dont deux en "
        "retard ; une abandonnée." in said
    )
    assert "Deux actions sont faites sans que leur indicateur ait été mesuré" in said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{}], "Une action promise : aucune faite ; une ouverte, dont aucune en retard."),
        ([{"state": "réalisé"}] * 2, "Deux actions promises : deux faites, dont aucune évaluée ; "
                                     "aucune ouverte. Deux actions sont faites sans que leur"),
        ([{"state": "abandonné"}], "aucune faite ; aucune ouverte ; une abandonnée."),
        ([], "Aucune action n'est encore inscrite."),
    ],
)  # fmt: skip
def test_the_first_sentence_agrees_with_any_plan(tmp_path, rows, said):
    assert said in text_of(action_plan.message(report_of(plan(*rows), tmp_path)))


def test_every_action_is_on_the_page_with_its_pilot_date_and_state(demo):
    html = str(action_plan.actions(demo))
    assert all(id in html for id in demo.plan.actions["id"])
    assert html.count('class="late"') == 2
    assert html.count('role="row"') == 1 + 14 + 9  # head, actions, places
    assert "à désigner" in html
    assert "16 novembre" not in html


def test_late_actions_are_told_with_their_delay_and_no_blame(demo):
    said = text_of(action_plan.late(demo))
    assert "Deux actions en retard" in said
    assert "Échéance du 30 septembre 2026, dépassée de 47 jours" in said
    assert "Échéance du 15 octobre 2026, dépassée de 32 jours" in said


def test_the_declension_shows_who_serves_what(demo):
    html = str(action_plan.declension(demo))
    order = ["PAQSS-01,", "PAQSS-01.1,", "PAQSS-01.1.1,", "PAQSS-01.2,", "PAQSS-01.2.1,"]
    places = [html.index(id) for id in order]
    assert places == sorted(places)
    assert html.count("<ul>") == 3
    assert "CULTURE-CARDIOLOGIE-01" not in html


def test_what_is_incomplete_is_told(demo):
    said = text_of(action_plan.incomplete(demo))
    assert "À décider : pilote et échéance." in said
    assert "RISQUE-MEDECINE-01" in said


@pytest.mark.parametrize("action", ["Former deux référents", ""])
def test_an_action_has_one_name_in_the_table_on_its_sheet_and_where_it_is_incomplete(
    action, tmp_path
):
    """Its own words, beside its code; its objective while nothing is chosen."""
    objective = "Réduire les erreurs de dose"
    rows = {"id": "A-1", "action": action, "objective": objective, "pilot": "", "due": "2026-02-02"}
    report = report_of(plan(rows), tmp_path)
    sections = str(action_plan.actions(report)).split("</table>")
    sections += [str(action_plan.incomplete(report)), str(action_plan.late(report))]
    named = [Page(html).texts["span.given"] + Page(html).texts["strong.given"] for html in sections]
    assert named == [[action or objective]] * 4
    assert re.search(r"class=.name.>.*A-1", sections[1])


def test_a_pole_sees_its_own_plan_and_a_service_its_own():
    pole = open_plan("demo", pole="Pôle Médecine", report_date=ON)
    assert pole.facility == HOSPITAL
    assert pole.own["id"].tolist() == [
        "PAQSS-01.1",
        "RISQUE-MEDECINE-01",
        "PAQSS-01.1.1",
        "CULTURE-CARDIOLOGIE-01",
    ]
    assert "PAQSS-01," in str(action_plan.declension(pole))
    service = open_plan("demo", service="Urgences", report_date=ON)
    assert (service.facility, service.pole) == (HOSPITAL, "Pôle Urgences et réanimation")
    assert service.own["id"].tolist() == ["PAQSS-01.2.1", "EI-URGENCES-01"]
    assert "Deux actions promises" in text_of(action_plan.message(service))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"service": "Urgence"}, "Urgences"),
        ({"pole": "Pôle Medecine"}, "Pôle Médecine"),
        ({"facility": "Ailleurs"}, "établissement"),
        ({"pole": "Pôle Médecine", "service": "Urgences"}, "pas ensemble"),
        ({"plan": "absent.xlsx"}, "introuvable"),
    ],
)
def test_a_place_that_is_not_there_is_told_with_the_nearest(asked, said):
    with pytest.raises(Refused, match=said):
        open_plan(**{"plan": "demo", "report_date": ON, **asked})


def test_two_facilities_with_the_same_service_are_told_apart(tmp_path):
    actions = plan({}, {"facility": "Autre hôpital"})
    with pytest.raises(Refused, match="plusieurs établissements"):
        report_of(actions, tmp_path, service="Cardiologie")
    one = report_of(actions, tmp_path, service="Cardiologie", facility="Autre hôpital")
    assert one.own["id"].tolist() == ["B"]


@pytest.fixture(scope="module")
def after_a_campaign():
    return open_plan("demo", service="Urgences", report_date=ON, campaign="demo")


def test_a_campaign_proposes_what_the_plan_does_not_hold(after_a_campaign):
    proposals = after_a_campaign.proposals
    assert 1 <= len(proposals) <= 3
    assert set(proposals["service"]) == {"Urgences"}
    assert set(proposals["pole"]) == {"Pôle Urgences et réanimation"}
    assert "reponse_non_punitive" not in set(proposals["dimension"])  # an open action answers it
    said = text_of(action_plan.proposals(after_a_campaign))
    assert all(id in said for id in proposals["id"])


def test_a_service_the_plan_does_not_know_yet_has_its_page():
    report = open_plan("demo", service="Pharmacie", report_date=ON, campaign="demo")
    assert report.own.empty
    assert not report.proposals.empty
    assert "Aucune action" in text_of(action_plan.message(report))
    assert not action_plan.late(report)


def test_without_a_campaign_nothing_is_proposed_nor_compared(demo):
    assert not action_plan.proposals(demo)
    assert not action_plan.loop(demo)


@pytest.fixture
def closed(after_a_campaign):
    """The same page when an earlier campaign measured what an action of the service is about."""
    card = dataclasses.replace(after_a_campaign.cards[0], id="culture_2025", title="Campagne 2025")
    move = evolution(moved("improved", facility=HOSPITAL, service="Urgences",
                           dimension="reponse_non_punitive"))  # fmt: skip
    return dataclasses.replace(
        after_a_campaign, evolution=move, cards=(*after_a_campaign.cards, card)
    )


def test_the_loop_puts_the_action_and_its_measure_side_by_side(closed):
    said = text_of(action_plan.loop(closed))
    assert "Promis, fait, mesuré : une progression établie" in said
    assert "40 % (n = 20), puis 62 % (n = 22) ; écart +22 points [+5 ; +37]" in said
    assert "Réponse non punitive à l'erreur" in said
    assert "rien ne dit que l'action en est la cause" in said
    assert not re.search(CAUSAL.replace("|à cause", ""), said.split("est la cause.")[1])


def test_what_the_last_campaign_brought_up_is_not_judged_by_it(closed):
    actions = closed.plan.actions.assign(campaign=closed.cards[0].id)
    later = closed.holding(dataclasses.replace(closed.plan, actions=actions))
    assert later.loop.empty
    assert "rien à rapprocher" in text_of(action_plan.loop(later))


def test_every_section_carries_the_fingerprint_of_the_page(closed):
    evidence = read_evidence(lay_out(closed))
    assert evidence.identities == ((HOSPITAL, "Urgences", ""),)
    assert evidence.results == {closed.fingerprint}
    assert evidence.fixed
    assert not evidence.figures


def test_the_fingerprint_follows_what_is_shown(demo):
    moved_on = demo.plan.actions.copy()
    moved_on.loc[4, "state"] = "réalisé"
    other = demo.holding(dataclasses.replace(demo.plan, actions=moved_on))
    prints = {demo.fingerprint, other.fingerprint,
              open_plan("demo", report_date="2026-11-17").fingerprint}  # fmt: skip
    assert len(prints) == 3
    assert open_plan("demo", report_date=ON).fingerprint == demo.fingerprint


def test_headings_go_down_one_step_at_a_time_and_ids_are_unique(closed):
    html = lay_out(closed)
    levels = Page(html).levels
    assert levels[0] == 1
    assert set(levels) == {1, 2}
    ids = Page(html).ids
    assert len(ids) == len(set(ids))


def test_hostile_texts_stay_texts(tmp_path):
    told = ("service", "action", "objective", "pilot", "finding", "comment", "indicator")
    image = '"}</style><img src=x onerror=alert(1)>'
    rows = [dict.fromkeys(told, HOSTILE), {"parent": "A", "action": image, "due": ""}]
    html = lay_out(report_of(plan(*rows), tmp_path))
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def run_notebook(**parameters):
    """The notebook's cells, run as the press runs them, with other parameters."""
    notebook = nbformat.read(shipped("notebooks") / NOTEBOOK, as_version=4)
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    cell.source += "".join(f"\n{name} = {value!r}" for name, value in parameters.items())
    execute(notebook)
    return notebook


def test_the_notebook_runs_without_a_front_end_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    notebook = run_notebook()
    assert "14 actions promises" in text_of(export_html(notebook, "Plan d'actions"))
    assert not list(tmp_path.iterdir())
    said = [cell for cell in notebook.cells if cell.id == "enregistrer"]
    assert "Rien n’est écrit" in said[0].outputs[0].data["text/html"]


def test_the_notebook_writes_the_file_that_save_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_notebook(save="plan.xlsx")
    assert len(read_plan("plan.xlsx").actions) == 14


@pytest.fixture
def form(tmp_path):
    write_demo_plan(tmp_path / "plan.xlsx")
    return edit_plan(open_plan(str(tmp_path / "plan.xlsx"), service="Urgences", report_date=ON,
                               campaign="demo"))  # fmt: skip


def press(form, text):
    (button,) = [button for box in form.children for button in getattr(box, "children", ())
                 if getattr(button, "description", "").startswith(text)]  # fmt: skip
    button.click()


def field(form, label):
    (found,) = [child for child in form.children if getattr(child, "description", "") == label]
    return found


def test_the_form_shows_one_action_at_a_time_with_french_labels(form):
    assert field(form, "Action choisie").value == "PAQSS-01.2.1"
    assert field(form, "État").value == "en cours"
    assert field(form, "Échéance").value.isoformat() == "2026-09-30"
    press(form, "Suivante")
    assert field(form, "Pilote (fonction)").value == "Pharmacien référent"
    press(form, "Suivante")
    assert field(form, "Action choisie").value == "PAQSS-01.2.1"
    press(form, "Précédente")
    assert field(form, "Action choisie").value == "EI-URGENCES-01"


def test_looking_at_every_action_changes_nothing(form):
    before = form.plan.actions
    for _ in range(5):
        press(form, "Suivante")
    assert form.plan.actions.equals(before)


def test_what_is_typed_is_kept_and_saved_with_its_notes(form, tmp_path):
    field(form, "État").value = "évalué"
    field(form, "Évalué le").value = pd.Timestamp("2026-11-10").date()
    field(form, "Résultat mesuré").value = "=90 %\n27 réponses"
    press(form, "Suivante")
    field(form, "Avancement (%)").value = 60
    press(form, "Enregistrer")
    saved = read_plan(tmp_path / "plan.xlsx").actions.set_index("id")
    row = saved.loc["PAQSS-01.2.1"]
    assert row[["state", "evaluated_on", "result"]].tolist() == [
        "évalué", "2026-11-10", "=90 %\n27 réponses"]  # fmt: skip
    assert saved.loc["EI-URGENCES-01", "progress"] == "60"
    assert "14 actions" in text_of(form.children[-1].value)


def test_the_form_does_not_write_over_somebody_else_s_work(form, tmp_path):
    other = read_plan(tmp_path / "plan.xlsx").actions
    other.loc[0, "comment"] = "ajouté ailleurs"
    write_plan(other, tmp_path / "plan.xlsx")
    field(form, "État").value = "réalisé"
    press(form, "Enregistrer")
    assert "rouvrez-le" in form.children[-1].value
    assert read_plan(tmp_path / "plan.xlsx").actions.loc[0, "comment"] == "ajouté ailleurs"


def test_a_plan_with_an_error_is_not_written(form, tmp_path):
    field(form, "Échéance").value = pd.Timestamp("2020-01-01").date()
    press(form, "Enregistrer")
    assert "précède le début" in form.children[-1].value
    assert read_plan(tmp_path / "plan.xlsx").actions.loc[4, "due"] == "2026-09-30"


def test_proposals_and_new_actions_are_added_once(form):
    press(form, "Ajouter")
    added = len(form.plan.actions) - 14
    assert 1 <= added <= 3
    assert field(form, "Action choisie").value == form.plan.actions["id"].iloc[14]
    press(form, "Ajouter")
    assert len(form.plan.actions) == 14 + added
    press(form, "Nouvelle")
    assert form.plan.actions.iloc[-1][["service", "state"]].tolist() == ["Urgences", "à faire"]
    assert form.plan.actions["id"].is_unique


def test_a_form_without_an_action_can_begin_one():
    report = open_plan("demo", service="Pharmacie", report_date=ON, campaign="demo")
    form = edit_plan(report)
    assert field(form, "État").disabled
    press(form, "Nouvelle")
    assert not field(form, "État").disabled
    assert form.plan.actions["service"].iloc[-1] == "Pharmacie"
    press(form, "Enregistrer")
    assert "Donnez un nom de fichier" in form.children[-1].value


def test_every_field_is_a_column_and_hostile_findings_stay_text(tmp_path):
    report = report_of(make_actions([{"id": "A", "action": "b", "state": "à faire",
                                      "finding": HOSTILE}]), tmp_path)  # fmt: skip
    form = edit_plan(report)
    assert "<script" not in form.children[1].value
    assert set(FIELDS) < set(report.plan.actions)


def test_campaigns_made_with_two_questionnaires_are_not_compared():
    with pytest.raises(Refused) as refused:
        open_plan("demo", campaign="demo", earlier="demo_audit")
    (problem,) = refused.value.problems
    assert plain(problem.what) == (
        "deux questionnaires différents : « epp_circuit_medicament » puis « culture_securite »"
    )
    assert "même questionnaire" in problem.cure
