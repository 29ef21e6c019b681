"""What a quality manager would object to in the demonstration, as rules, whatever is drawn."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval.campaigns.rounds import publish_rounds
from qgdr_eval.fictitious import pair
from qgdr_eval.fictitious.care_home import NOT_LIVED, WITHOUT_OBJECT, draw_answers
from qgdr_eval.fictitious.culture import CARE_HOME, SERVICES
from qgdr_eval.fictitious.indicators import ANSWERS, COMPLAINTS, write_demo_indicators
from qgdr_eval.fictitious.plan import demo_plan
from qgdr_eval.fictitious.policy import AXES, NEEDS, STEPS
from qgdr_eval.fictitious.positions import write_demo_position
from qgdr_eval.fictitious.programme import write_demo_programme
from qgdr_eval.fictitious.rounds import AUDITS, SECOND_READER, Audit, draw_records
from qgdr_eval.fictitious.simulate import TWO_ANSWERS
from qgdr_eval.french import typography
from qgdr_eval.instruments import load_instrument
from tests.thorough import examples

SEEDS = range(2026, 2026 + examples(50))


def declared(folder: Path, instrument: str) -> list[dict[str, int]]:
    """The answers of each group, by item, of every drawing."""
    rows = []
    for seed in SEEDS:
        path = write_demo_position(folder / str(seed), instrument, seed).parent / "reponses.csv"
        rows.append(pd.read_csv(path, sep=";", encoding="utf-8-sig").iloc[:, 2:])
    return pd.concat(rows).to_dict("records")


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    return declared(tmp_path_factory.mktemp("politique"), "politique_qgdr")


@pytest.fixture(scope="module")
def risks(tmp_path_factory):
    return declared(tmp_path_factory.mktemp("risques"), "compte_qualite")


def test_no_step_of_a_policy_is_ahead_of_the_one_it_needs(policy):
    steps = [(f"AX{axis}{one}", f"AX{axis}{before}") for axis in range(1, AXES + 1)
             for before, one in pairwise(STEPS)]  # fmt: skip
    steps += [(code, needed) for code, needs in NEEDS.items() for needed in needs]
    for row in policy:
        assert [step for step in steps if row[step[0]] > row[step[1]]] == []
        assert {row[f"AX6{step}"] for step in STEPS} == {8}


def test_the_results_of_a_policy_are_shown_once_it_is_put_into_actions(policy):
    for row in policy:
        for late, early in (("AR06", "MO02"), ("MO04", "MO02"), ("AR07", "AR01"), ("AD01", "AX5I")):
            assert row[late] <= row[early]


def test_what_a_pair_declares_is_not_ahead_of_what_it_needs(tmp_path):
    """Nobody is told of an analysis that was not made, nor has a referent who is not named."""
    for row in declared(tmp_path, "shortell_binome"):
        assert [code for code, needed in pair.NEEDS.items() if row[code] > row[needed]] == []
        aside = {code for code, answer in row.items() if answer == int(pair.WITHOUT_OBJECT)}
        assert aside <= {pair.MEDICAL_PART}


def test_the_pair_and_the_team_answer_about_the_same_services(tmp_path):
    programme = write_demo_programme(tmp_path)
    group, team = (publish_rounds(programme.parent / name / "campagne.yml").published.services
                   for name in ("shortell/binome", "shortell"))  # fmt: skip
    assert group == team


def test_a_risk_is_as_grave_wherever_it_is_rated(risks):
    instrument = load_instrument("compte_qualite")
    grave = {item.dimension: item.code for item in instrument.items if item.harm == "personnes"}
    rights = {item.dimension: item.code for item in instrument.items if item.harm == "droits"}
    for row in risks:
        assert all(row[rights[risk]] >= 4 for risk in ("maltraitance", "violences_sexuelles"))
        assert row[rights["confidentialite"]] > row[grave["confidentialite"]]
        assert {row[grave[risk]] for risk in ("suicide", "urgence_vitale", "fausse_route")} == {5}
        assert all(row[grave[risk]] >= 4 for risk in ("medicament", "identite", "maltraitance"))
        assert all(row[grave[risk]] <= 3 for risk in ("plaintes", "confidentialite", "sortie"))


def test_what_is_seen_everywhere_is_not_said_never_to_have_been_seen(risks):
    instrument = load_instrument("compte_qualite")
    rated = {item.dimension: item.code for item in instrument.items if item.role == "likelihood"}
    for row in risks:
        assert all(row[rated[risk]] >= 3 for risk in ("medicament", "chutes", "infection"))
        assert row[rated["suicide"]] in (1, 2, 9)


def test_a_map_leaves_something_to_choose(risks):
    """Where half the risks are in the worst zone, none is first; where none is, nobody looked."""
    asked = load_instrument("compte_qualite")
    for row in risks:
        zones = [zone_of(row, asked.items_of(one.id), asked.risk) for one in asked.dimensions]
        placed = [zone for zone in zones if zone is not None]
        assert 0 < placed.count(WORST) <= 0.4 * len(placed)


def zone_of(row, items, tables):
    """The rank of the zone of a risk, from its codes; None where one is not known."""
    rated = {role: [row[item.code] for item in items if item.role == role]
             for role in ("gravity", "likelihood", "control")}  # fmt: skip
    if any(code > 5 for codes in rated.values() for code in codes):
        return None
    return tables.zone(max(rated["gravity"]), *rated["likelihood"], *rated["control"])


WORST = 0
MEDICINES = [audit for audit in AUDITS if audit.instrument == "epp_circuit_medicament"]
HANDS = [audit for audit in AUDITS if audit.instrument == "epp_hygiene_mains"]
NA = 8
ALWAYS = ["PR01", "PR02", "PR04", "PR05", "AP01", "AD01", "AD02", "AD03", "AD05"]


def drawn(audits: list[Audit]) -> pd.DataFrame:
    return pd.concat([draw_records(replace(one, seed=seed)) for one in audits for seed in SEEDS])


@pytest.fixture(scope="module")
def medicines():
    return drawn(MEDICINES)


@pytest.fixture(scope="module")
def hands():
    return drawn(HANDS)


def test_a_criterion_that_always_applies_is_never_without_object(medicines):
    assert not (medicines[ALWAYS] == NA).any(axis=None)


def test_who_keeps_medicines_takes_them_alone(medicines):
    assert ((medicines["RA01"] == NA) == (medicines["AD04"] == NA)).all()


def test_a_difference_is_explained_only_for_who_came_during_the_period(medicines):
    assert (medicines.loc[medicines["SC03"] == NA, "SC04"] == NA).all()


def test_what_is_rare_on_a_ward_is_rare(medicines):
    """Crushed for one in eight, helped by another than a nurse for one in twenty."""
    applies = (medicines[["AP04", "AD07", "SC05"]] != NA).mean()
    assert (applies < pd.Series({"AP04": 0.25, "AD07": 0.15, "SC05": 0.4})).all()


def test_nails_are_short_more_often_than_hands_are_bare_of_jewels(hands):
    """Short nails are the least missed of the prerequisites; rings and watches the most."""
    judged = hands[["PR02", "PR03", "PR04"]].where(hands[["PR02", "PR03", "PR04"]] <= 1).mean()
    assert judged["PR02"] > 0.9
    assert judged["PR04"] == judged.min()


def test_an_opportunity_is_one_moment(hands):
    moments = hands[[f"MO0{rank}" for rank in range(1, 6)]]
    assert ((moments != NA).sum(axis=1) == 1).all()
    assert ((moments != NA).sum() > 0).all()


def test_technique_is_judged_where_a_gesture_was_made_and_nowhere_else(hands):
    done = (hands[[f"MO0{rank}" for rank in range(1, 6)]] == 1).any(axis=1)
    assert ((hands[["TE01", "TE04", "TE05"]] != NA).any(axis=1) == done).all()
    assert not (hands.loc[~done, ["TE02", "TE03"]] != NA).any(axis=None)


def test_bare_hands_and_gloves_are_never_both_asked_of_a_care(hands):
    assert not ((hands["GA01"] != NA) & (hands["GA02"] != NA)).any()
    bare = hands["GA02"] == 1
    assert (hands.loc[bare, ["GA03", "GA04", "GA05", "GA06", "GA07"]] == NA).all(axis=None)


def test_gloves_protect_where_the_moment_exposes(hands):
    asked = hands["GA01"] != NA
    assert asked[hands["MO03"] != NA].all()
    assert not asked[(hands[["MO01", "MO04", "MO05"]] != NA).any(axis=1)].any()


def test_a_gesture_after_exposure_is_the_one_after_gloves(hands):
    both = (hands["MO03"] != NA) & (hands["GA05"] <= 1)
    assert (hands.loc[both, "MO03"] == hands.loc[both, "GA05"]).all()


def test_prerequisites_are_rated_once_a_professional(hands):
    rated = (hands[["PR01", "PR02", "PR03", "PR04"]] != NA).any(axis=1)
    assert rated.mean() == pytest.approx(1 / 3, abs=0.02)


def test_the_second_auditor_reads_the_same_records():
    assert SECOND_READER.instrument == MEDICINES[-1].instrument
    assert SECOND_READER.records == MEDICINES[-1].records


def test_complaints_answered_are_complaints_received(tmp_path):
    for seed in SEEDS:
        table = pd.read_csv(
            write_demo_indicators(tmp_path / f"{seed}.csv", seed), sep=";", encoding="utf-8-sig"
        )
        received = table[table["indicateur"] == COMPLAINTS.name].set_index(["pôle", "période"])
        answered = table[table["indicateur"] == ANSWERS.name].set_index(["pôle", "période"])
        assert answered["dénominateur"].eq(received["valeur"].astype(float)).all()
        assert (answered["numérateur"] <= answered["dénominateur"]).all()
        assert set(received["sens"]) == {"neutre"}  # fewer complaints is not better


def test_an_action_on_a_risk_quotes_the_map_it_comes_from(risks):
    instrument, first = load_instrument("compte_qualite"), risks[0]
    plan = demo_plan()
    quoted = plan[plan["origin"] == "risque"].to_dict("records")
    assert quoted
    for action in quoted:
        rated = [item for item in instrument.items if item.dimension == action["dimension"]]
        gravity, likelihood, control = (first[item.code] for item in rated)
        zone = instrument.risk.zones[instrument.risk.zone(gravity, likelihood, control)].label
        risk = next(one for one in instrument.dimensions if one.id == action["dimension"])
        told = (
            f"« {risk.label} » : gravité {gravity}, vraisemblance {likelihood}, maîtrise {control}"
        )
        assert action["finding"].startswith(typography(told))
        assert typography(f"zone « {zone} »") in action["finding"]


def test_an_action_is_evaluated_by_its_indicator_and_not_by_what_was_done():
    """A result is a measure, with how many are behind it: never a number of meetings held."""
    plan = demo_plan()
    results = plan.loc[plan["state"] == "évalué", "result"]
    assert results.str.contains(r"\d+\s%\s\[\d+\s;\s\d+\]", regex=True).all()


@pytest.mark.parametrize("service", NOT_LIVED)
def test_nobody_of_the_care_home_is_asked_what_they_cannot_know(service):
    answers = pd.concat([draw_answers(seed) for seed in SEEDS])
    team = answers[(answers["Service"] == service) & (answers["Profession"] != "")]
    assert (team[list(NOT_LIVED[service])].isin([WITHOUT_OBJECT, TWO_ANSWERS])).all(axis=None)


def test_the_care_home_has_its_own_questionnaire_and_trades():
    answers = draw_answers(2026)
    assert "Médecin" not in set(answers["Profession"])
    assert (answers.groupby("Profession").size().drop("") >= 10).all()
    assert all(item.startswith("CE") for item in list(answers)[4:])
    assert CARE_HOME not in {facility for facility, *_ in SERVICES}
