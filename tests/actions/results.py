"""Small published campaigns with items and poles: figures chosen, no answers behind them."""

import itertools

import pandas as pd

from qgdr_eval.comparison.regression import EXPECTED_COLUMNS
from qgdr_eval.disclosure.published import SEAL, Card, Published
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale, Threshold

FACILITY = "Hôpital fictif"
MARKS = (
    Threshold(kind="at_least", value=75, label="haut", origin="essai"),
    Threshold(kind="at_most", value=50, label="bas", origin="essai"),
)
OPTIONS = (
    Option(code=0, label="non", pole="negative"),
    Option(code=1, label="oui", pole="positive"),
)


def instrument(rule="positive_share", subject="respondent", critical=(), name="culture_essai"):
    """Two dimensions, "d" and "e", of two items each: d1, d2, e1, e2; d2 is reversed."""
    return Instrument(
        id=name,
        version="1.0.0",
        title="Essai",
        source="invention",
        licence="MIT",
        subject=subject,
        scales={"s": Scale(label="s", options=OPTIONS)},
        thresholds=MARKS,
        dimensions=tuple(
            Dimension(id=id, label=f"Dimension {id}", definition=id, rule=rule,
                      levers=(f"Agir sur {id}", "Recommencer"))
            for id in "de"
        ),
        items=tuple(
            Item(code=code, text=f"Question {code}.", dimension=code[0], scale="s",
                 reversed=code == "d2", critical=code in critical)
            for code in ("d1", "d2", "e1", "e2")
        ),
    )  # fmt: skip


def published(rows, asked=None, poles=(), campaign="c2026"):
    """A campaign from (service, dimension, item, score, low, high, status) rows.

    ``poles``: (service, item, negative, positive, status), shares of valid answers.
    """
    asked = asked or instrument()
    rules = {dimension.id: dimension.rule for dimension in asked.dimensions}
    services = list(dict.fromkeys(row[0] for row in rows))
    scores = pd.DataFrame(
        [
            (FACILITY, service, "", dimension, item, rules[dimension], 12, score, low, high, status)
            for service, dimension, item, score, low, high, status in rows
        ],
        columns="facility service stratum dimension item measure n_valid score low high "
        "status".split(),
    ).assign(n=12)
    sides = [
        (FACILITY, service, item[0], item, "option", pole, share, status)
        for service, item, negative, positive, status in poles
        for pole, share in (("negative", negative), ("positive", positive))
    ]
    answers = pd.DataFrame(
        sides, columns="facility service dimension item state pole share status".split()
    )
    people = pd.DataFrame({"facility": FACILITY, "service": services, "status": "published"})
    nothing = pd.DataFrame()
    card = Card(campaign, "Essai", "2026", 10, "none")
    return Published(card, asked, scores, answers, people, nothing, nothing, nothing, nothing, SEAL)


def everything(service, score, low, high, status="published"):
    """Every dimension and item of a service with the same figures."""
    return [
        (service, dimension, item, score, low, high, status)
        for dimension in "de"
        for item in ("", f"{dimension}1", f"{dimension}2")
    ]


def evolution(*rows):
    """Rows of the frame of differences between two campaigns, from what each one says."""
    common = {"facility": FACILITY, "item": "", "measure": "positive_share", "n_before": 20,
              "n": 22, "p": 0.01, **dict.fromkeys(EXPECTED_COLUMNS, float("nan"))}  # fmt: skip
    columns = list(dict.fromkeys(itertools.chain(*({**common, **row} for row in rows))))
    return pd.DataFrame([{**common, **row} for row in rows], columns=columns)
