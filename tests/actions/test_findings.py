"""A finding says what published results say, and nothing that is hidden."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.actions.findings import FINDING_COLUMNS, KINDS, OBJECTIVE, SPLIT, findings_of
from qgdr_eval.comparison import read_dimensions
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting import findings as page_findings
from tests.actions.results import everything, instrument, published

HIDDEN = 61.803  # a score no other row has
STATUSES = ("published", "suppressed", "complementary", "no_answer")


def found(results):
    return findings_of(results, read_dimensions(results))


def changed(rows, **of):
    """Rows with other (score, low, high) for some (dimension, item)."""
    return [(*row[:3], *of.get(row[2] or row[1], row[3:6]), row[6]) for row in rows]


def test_an_established_priority_names_its_weakest_items_with_figures():
    rows = changed(everything("Cardiologie", 60, 52, 68), d=(30, 20, 41), d1=(35, 25, 45),
                   d2=(25, 15, 37))  # fmt: skip
    (finding,) = found(published(rows)).itertuples()
    assert (finding.kind, finding.service, finding.dimension, finding.item) == (
        "low", "Cardiologie", "d", "")  # fmt: skip
    assert finding.text.replace("\u202f", " ").replace("\u00a0", " ") == (
        "Dimension d : 30 % [20 ; 41], 12 réponses valides. Tout l'intervalle est sous le repère "
        "de 50 % (« bas »). Les questions les plus basses : « Question d2 » (item inversé) 25 % "
        "et « Question d1 » 35 %."
    )
    assert (finding.score, finding.low, finding.high, finding.n) == (30, 20, 41, 12)
    assert finding.levers == "Agir sur d\nRecommencer"
    assert "50" in finding.target
    assert "75" in finding.target


@pytest.mark.parametrize(("score", "low", "high"), [(45, 35, 55), (62, 48, 77), (80, 76, 90)])
def test_what_is_not_an_established_priority_is_no_finding(score, low, high):
    assert found(published(everything("S", score, low, high))).empty


@pytest.mark.parametrize(
    ("negative", "positive", "told"),
    [(30, 30, True), (29.9, 60, False), (60, 29.9, False), (50, 50, True)],
)
def test_split_answers_are_contested(negative, positive, told):
    results = published(everything("S", 60, 52, 68), poles=[("S", "e1", negative, positive,
                                                             "published")])  # fmt: skip
    assert found(results)["kind"].tolist() == ["contested"] * told


def test_split_means_the_same_as_on_the_page_of_the_service():
    assert SPLIT == page_findings.SPLIT


@pytest.mark.parametrize(("high", "told"), [(79.9, True), (80, False), (95, False)])
def test_a_criterion_is_not_conforming_when_its_whole_interval_is_under(high, told):
    rows = changed(everything("S", 90, 85, 96), e1=(60, 40, high))
    results = published(rows, instrument("conformity", "record", name="epp_essai"))
    assert found(results)["kind"].tolist() == ["non_conforming"] * told
    assert OBJECTIVE == 80


@pytest.mark.parametrize(("score", "told"), [(99.9, True), (100, False)])
def test_a_critical_criterion_is_imperative_below_100_and_told_once(score, told):
    rows = changed(everything("S", 100, 90, 100), d1=(score, 20, 70))
    results = published(rows, instrument("conformity", "record", critical=("d1",)))
    kinds = found(results)["kind"].tolist()
    assert kinds == (["imperative"] if told else ["non_conforming"])


def test_people_who_agree_on_an_audit_are_not_a_divided_team():
    rows = everything("S", 90, 85, 96)
    results = published(rows, instrument("conformity", "record"),
                        [("S", "e1", 45, 55, "published")])  # fmt: skip
    assert found(results).empty


def test_what_a_person_says_of_themself_is_no_finding():
    results = published(everything("S", 10, 5, 20), instrument("mean_0_100", "person"))
    assert found(results).empty
    assert list(found(results)) == FINDING_COLUMNS


@pytest.mark.parametrize(("score", "told"), [(0, True), (50, False)])
def test_a_risk_in_the_worst_zone_is_a_finding(score, told):
    asked = risk_map()
    results = published([("S", "chute", "", score, float("nan"), float("nan"), "published")], asked)
    kinds = found(results)
    assert kinds["kind"].tolist() == ["risk"] * told
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


@settings(deadline=None)
@given(st.data())
def test_nothing_hidden_becomes_a_finding(data):
    rows = []
    for service in ("S", "T"):
        for at, row in enumerate(everything(service, 20, 10, 30)):
            status = data.draw(st.sampled_from(STATUSES), label=f"{service} {at}")
            shown = row[3:6] if status == "published" else (HIDDEN, HIDDEN - 5, HIDDEN + 5)
            rows.append((*row[:3], *shown, status))
    poles = [(service, item, 38.2, 38.2, data.draw(st.sampled_from(STATUSES)))
             for service in ("S", "T") for item in ("d1", "e1")]  # fmt: skip
    results = published(rows, poles=poles)
    seen = found(results)
    kept = {row[:3] for row in rows if row[6] == "published"}
    split = {pole[:2] for pole in poles if pole[4] == "published"}
    assert {(row.service, row.dimension, row.item) for row in seen.itertuples()} <= kept
    contested = seen[seen["kind"] == "contested"]
    assert set(zip(contested["service"], contested["item"], strict=True)) <= split
    assert not seen[["score", "low", "high"]].isin([HIDDEN, HIDDEN - 5, HIDDEN + 5]).any(axis=None)
    assert not seen["text"].str.contains("62\u202f%").any()
    assert set(seen["kind"]) <= set(KINDS)


def test_a_hidden_item_is_not_named_behind_its_dimension():
    rows = [(*row[:6], "suppressed" if row[2] == "d1" else "published")
            for row in everything("S", 20, 10, 30)]  # fmt: skip
    text = found(published(rows)).set_index("dimension")["text"]["d"]
    assert "Question d2" in text
    assert "Question d1" not in text


def test_a_group_that_agreed_has_a_figure_without_interval_nor_n():
    results = published(everything("S", 20, 20, 20), instrument("checklist", "group"))
    text = found(results)["text"][0].replace("\u202f", " ")
    assert text.startswith("Dimension d : 20 %, réponse du groupe. Le score est sous le repère")
    assert "[" not in text


def test_findings_come_in_the_order_of_the_campaign_not_of_the_scores():
    rows = [*everything("Z", 40, 30, 48), *everything("A", 10, 5, 20)]
    seen = found(published(rows))
    assert seen["service"].drop_duplicates().tolist() == ["Z", "A"]
