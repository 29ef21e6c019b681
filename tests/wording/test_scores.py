"""One score has one wording: on a page, in a plan and its loop, opened, in an alternative text."""

import re

import numpy as np
import pytest

from qgdr_eval.actions import close_loop, make_actions
from qgdr_eval.comparison.findings import find
from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures import profile_alt
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.reporting.opened import explain
from qgdr_eval.reporting.team.method import score_cell
from qgdr_eval.wording.findings import say_findings
from tests.actions.results import evolution
from tests.answered import publish_answers
from tests.disclosure.test_floor import grid
from tests.reading import SPACES
from tests.reporting.fictitious import report_of

SHAPES = {  # how each rule says a score, and an instrument that has it
    "positive_share": ("culture_securite", r"\d+ %"),
    "mean_0_100": ("leadership_securite", r"\d+/100"),
    "maturity": ("maturite_securite", r"niveau [A-E]|entre [A-E] et [A-E]"),
    "conformity": ("", r"\d+ %"),
    "rating_1_4": ("essms_preparatoire", r"\d,\d\d sur 4"),
    "checklist": ("politique_qgdr", r"\d+ %"),
    "depth_gap": ("profil_directeur_qualite", r"\d+ %"),
    "risk": ("compte_qualite", r"rouge|orange|jaune|vert"),
}
PLACE = ("Hôpital fictif", "S")


def spoken(text: object) -> str:
    return str(text).translate(SPACES)


def asked_by(rule: str) -> Instrument:
    """A shipped instrument; of audits, one whose « non » is not coded 0, « no answer » here."""
    return grid() if rule == "conformity" else load_instrument(SHAPES[rule][0])


def published(rule: str, subject: str):
    """One service that answered at random, mostly at the low end, so that there are findings."""
    asked = asked_by(rule).model_copy(update={"subject": subject})
    rng, n = np.random.default_rng(7), 24 if subject in ("respondent", "record") else 1
    columns = []
    for item in asked.items:
        codes = [option.code for option in asked.scale_of(item).options]
        worst_first = codes[::-1] if item.reversed else codes
        chance = np.linspace(2, 1, len(codes))
        columns.append(rng.choice(worst_first, n, p=chance / chance.sum()))
    return publish_answers(asked, {PLACE: np.column_stack(columns)}, {PLACE: 2 * n})


@pytest.mark.parametrize(
    ("rule", "subject"),
    [
        (rule, subject)
        for rule in SHAPES
        for subject in ("respondent", "record", "group", "person")
        if rule != "risk" or subject in ("group", "person")  # a zone is agreed on, never counted
    ],
)
def test_a_score_is_said_alike_wherever_it_is_said(rule, subject):
    results = published(rule, subject)
    asked = results.instrument
    report = report_of(results, *PLACE)
    rows = [row for row in rows_of(results.dimension_scores())
            if asked.dimension(row.dimension).rule == rule
            and row.service and row.status == "published"]  # fmt: skip
    assert rows
    readings = read_dimensions(results)
    for row in rows:
        said = spoken(score_cell(row, asked))
        label = asked.dimension(row.dimension).label
        assert re.fullmatch(SHAPES[rule][1], said)
        assert said in spoken(explain(report, row.dimension))
        found = say_findings(find(results, readings), results)
        own = found[(found["dimension"] == row.dimension) & (found["item"] == "")]
        for text in own.loc[own["kind"] == "low_dimension", "text"]:
            assert spoken(text).startswith(f"{spoken(label)} : {said}")
        moved = {"service": "S", "dimension": row.dimension, "score_before": row.score,
                 "score": row.score, "difference": 0.0, "low": -5.0, "high": 5.0,
                 "measure": rule, "verdict": "not_established"}  # fmt: skip
        action = {"id": "A", "facility": PLACE[0], "service": "S", "dimension": row.dimension}
        loop = close_loop(make_actions([action]), evolution(moved), asked)
        assert f": {said} (n = 20), puis {said}" in spoken(loop["reading"].iloc[0])
    highest = max(rows, key=lambda row: row.score)
    if rule != "risk":  # a map is drawn as a map
        assert spoken(score_cell(highest, asked)) in spoken(
            profile_alt(results.of(*PLACE), readings)
        )
