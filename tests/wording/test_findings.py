"""A finding says what published results say, and nothing that is hidden."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.actions import suggest
from qgdr_eval.comparison import read_dimensions
from qgdr_eval.comparison.findings import find
from qgdr_eval.comparison.findings.model import ACTED_ON
from qgdr_eval.comparison.findings.thresholds import OBJECTIVE
from qgdr_eval.instruments import Instrument
from qgdr_eval.wording import findings
from qgdr_eval.wording.findings import SAID_COLUMNS, say_findings
from tests.actions.results import FACILITY, everything, instrument, published
from tests.answered import publish_answers

HIDDEN = 61.803  # a score no other row has
PLACED = ["service", "item"]
STATUSES = ("published", "suppressed", "complementary", "no_answer")


def found(results):
    """What the teams of a campaign could act on."""
    said = say_findings(find(results, read_dimensions(results)), results)
    return said[said["service"] != ""].reset_index(drop=True)


def test_an_established_priority_names_its_weakest_items_with_figures():
    answers = everything(0, 20, 30, d1=(10, 26, 14), d2=(10, 32, 8))
    results = published({"Cardiologie": answers})
    (finding,) = found(results).itertuples()
    assert (finding.kind, finding.service, finding.dimension, finding.item) == (
        "low_dimension", "Cardiologie", "d", "")  # fmt: skip
    whole = results.dimension_scores().query("service != '' and dimension == 'd'").iloc[0]
    assert finding.text.replace("\u202f", " ").replace("\u00a0", " ") == (
        f"Dimension d : 22 % [{whole['low']:.0f} ; {whole['high']:.0f}], 50 réponses valides. Tout "
        "l'intervalle est sous le repère de 50 % (« bas »). Les questions les plus basses : "
        "« Question d2 » (item inversé) 16 % et « Question d1 » 28 %."
    )
    figures = whole[["low", "high"]].tolist()
    assert [finding.score, finding.low, finding.high, finding.n] == [
        pytest.approx(22),
        *figures,
        50,
    ]
    assert finding.levers == "Agir sur d\nRecommencer"
    assert "50" in finding.target
    assert "75" in finding.target


@pytest.mark.parametrize(
    ("sides", "verdict", "band"),
    [
        ((0, 33, 27), "to_confirm", "priority"),
        ((0, 9, 14), "cannot_conclude", "between"),
        ((0, 20, 180), "established", "strength"),
    ],
)
def test_what_is_not_an_established_priority_is_no_finding(sides, verdict, band):
    results = published({"S": everything(*sides)})
    readings = read_dimensions(results).query("service == 'S'")
    assert set(zip(readings["verdict"], readings["band"], strict=True)) == {(verdict, band)}
    assert found(results).empty


@pytest.mark.parametrize(
    ("sides", "kinds"),
    [
        ((300, 100, 600), ["split"]),
        ((299, 101, 600), []),
        ((600, 101, 299), ["low_item"]),
        ((480, 0, 520), ["split"]),
        ((300, 400, 300), ["low_item"]),  # split too: one thing is told of a dimension
    ],
)
def test_a_question_is_low_or_divides_the_team(sides, kinds):
    results = published({"S": everything(0, 100, 900, e1=sides)})
    assert found(results)["kind"].tolist() == kinds


def test_a_low_question_says_its_mark():
    (finding,) = found(published({"S": everything(0, 10, 90, e1=(20, 60, 20))})).itertuples()
    text = finding.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert text.startswith("« Question e1 » : 20 % favorables [")
    assert text.endswith(", 100 réponses valides. Tout l'intervalle est sous le repère de 50 % "
                         "(« bas »).")  # fmt: skip
    assert "75" in finding.target


@pytest.mark.parametrize(("met", "high", "told"), [(7, 75, True), (8, 80, False), (9, 85, False)])
def test_a_criterion_is_not_conforming_when_its_whole_interval_is_under(met, high, told):
    asked = instrument("conformity", "record", name="epp_essai")
    results = published({"S": everything(0, 0, 12, e1=(12 - met, 0, met))}, asked, drawn_from=20)
    row = results.scores.query("service == 'S' and item == 'e1'").iloc[0]
    assert row["high"] == pytest.approx(high)
    assert found(results)["kind"].tolist() == ["under_objective"] * told
    assert OBJECTIVE == 80


@pytest.mark.parametrize(
    ("missed", "met", "kinds"),
    [(1, 999, ["critical"]), (16, 24, ["critical"]), (0, 1000, [])],
)
def test_a_critical_criterion_is_imperative_below_100_and_told_once(missed, met, kinds):
    asked = instrument("conformity", "record", critical=("d1",))
    results = published({"S": everything(0, 0, missed + met, d1=(missed, 0, met))}, asked)
    assert found(results)["kind"].tolist() == kinds


def test_a_criterion_that_is_not_critical_is_only_not_conforming():
    results = published(
        {"S": everything(0, 0, 40, d1=(16, 0, 24))}, instrument("conformity", "record")
    )
    assert found(results)["kind"].tolist() == ["under_objective"]


def test_people_who_agree_on_an_audit_are_not_a_divided_team():
    answers = everything(0, 0, 11, e1=(4, 0, 7))  # 36 % against, and the interval goes beyond 80 %
    assert found(published({"S": answers}, instrument("conformity", "record"))).empty


def test_no_finding_has_the_same_columns():
    assert list(found(published({"S": everything(0, 20, 80)}))) == SAID_COLUMNS


@pytest.mark.parametrize(("control", "told"), [(1, True), (5, False)])
def test_a_risk_in_the_worst_zone_is_a_finding(control, told):
    results = publish_answers(risk_map(), {(FACILITY, "S"): [[1, 1, control]]})
    kinds = found(results)
    assert kinds["kind"].tolist() == ["worst_zone"] * told
    if told:
        text = kinds["text"][0].replace("\u202f", " ")
        assert text == "Chute : risque dans la zone « Agir »."


def risk_map() -> Instrument:
    ranks = [{"code": code, "label": str(code), "pole": "neutral"} for code in (1, 2, 3, 4, 5)]
    definition = {
        "id": "carte", "version": "1.0.0", "title": "t", "source": "s", "licence": "l",
        "subject": "group",
        "scales": {"rang": {"label": "r", "options": ranks}},
        "dimensions": [{"id": "chute", "label": "Chute", "definition": "d", "rule": "risk"}],
        "items": [{"code": role[0].upper(), "text": role, "dimension": "chute", "scale": "rang",
                   "role": role} for role in ("gravity", "likelihood", "control")],
        "risk": {
            "origin": "essai",
            "zones": [{"id": "rouge", "label": "Agir"}, {"id": "vert", "label": "Suivre"}],
            "gross": [{"gravity": g, "levels": [1, 1, 2, 3, 4]} for g in (5, 4, 3, 2, 1)],
            "residual": [{"level": n, "zones": ["rouge"] * 4 + ["vert"]} for n in (4, 3, 2, 1)],
        },
    }  # fmt: skip
    return Instrument.model_validate(definition, strict=False)


@pytest.fixture(scope="module")
def low_and_split():
    answers = everything(0, 85, 15, e1=(40, 0, 60), e2=(40, 0, 60))
    results = published({"S": answers, "T": answers})
    assert found(results)["kind"].value_counts().to_dict() == {"low_dimension": 2, "split": 2}
    return results


@settings(deadline=None)
@given(data=st.data())
def test_nothing_hidden_becomes_a_finding(low_and_split, data):
    """Numbers left in hidden rows are not read."""
    drawn = st.sampled_from(STATUSES)
    scores, answers = low_and_split.scores, low_and_split.distributions
    scores = scores.assign(status=[data.draw(drawn) for _ in range(len(scores))])
    hidden = scores["status"] != "published"
    scores.loc[hidden, ["score", "low", "high"]] = [HIDDEN, HIDDEN - 5, HIDDEN + 5]
    status = {key: data.draw(drawn) for key in dict.fromkeys(map(tuple, answers[PLACED].values))}
    answers = answers.assign(status=[status[tuple(row)] for row in answers[PLACED].values])
    seen = found(dataclasses.replace(low_and_split, scores=scores, distributions=answers))
    kept = set(map(tuple, scores.loc[~hidden, ["service", "dimension", "item"]].values))
    assert set(map(tuple, seen[["service", "dimension", "item"]].values)) <= kept
    split = {key for key, word in status.items() if word == "published"}
    contested = seen[seen["kind"] == "split"]
    assert set(map(tuple, contested[PLACED].values)) <= split
    assert not seen[["score", "low", "high"]].isin([HIDDEN, HIDDEN - 5, HIDDEN + 5]).any(axis=None)
    assert not seen["text"].str.contains("62\u202f%").any()
    assert set(seen["kind"]) <= set(ACTED_ON)


def test_a_hidden_item_is_not_named_behind_its_dimension():
    results = published({"S": everything(0, 85, 15)})
    scores = results.scores
    hidden = scores.assign(status=scores["status"].mask(scores["item"] == "d1", "suppressed"))
    text = found(dataclasses.replace(results, scores=hidden)).set_index("dimension")["text"]["d"]
    assert "Question d2" in text
    assert "Question d1" not in text


def test_a_group_that_agreed_has_a_figure_without_interval_nor_n():
    results = published({"S": everything(1, 0, 0)}, instrument("checklist", "group"))
    text = found(results)["text"][0].replace("\u202f", " ")
    assert text.startswith("Dimension d : 0 %, réponse du groupe. Le score est sous le repère")
    assert "[" not in text


def test_findings_come_in_the_order_of_the_campaign_not_of_the_scores():
    seen = found(published({"Z": everything(0, 65, 35), "A": everything(0, 90, 10)}))
    assert seen["service"].drop_duplicates().tolist() == ["Z", "A"]


def test_whatever_can_be_acted_on_has_its_sentence_and_its_objective():
    assert set(findings.WORDS) == set(suggest.OBJECTIVES) == set(ACTED_ON)
