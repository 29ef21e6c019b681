"""Small published campaigns with items and poles, from counts of answers."""

import itertools

import pandas as pd

from qgdr_eval.comparison.regression import EXPECTED_COLUMNS
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale, Threshold
from tests.answered import answered, publish_answers

FACILITY = "Hôpital fictif"
MARKS = (
    Threshold(kind="at_least", value=75, label="haut", origin="essai"),
    Threshold(kind="at_most", value=50, label="bas", origin="essai"),
)
OPTIONS = (
    Option(code=1, label="non", pole="negative"),
    Option(code=2, label="entre les deux", pole="neutral"),
    Option(code=3, label="oui", pole="positive"),
)
CODES = [option.code for option in OPTIONS]


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


def published(given, asked=None, drawn_from=None):
    """A campaign of one facility.

    ``given``: of each service and item, how many answers were unfavourable, neutral, favourable;
    ``drawn_from``: how many records there are in each service.
    """
    asked = asked or instrument()
    rows = {(FACILITY, service): counted(asked, counts) for service, counts in given.items()}
    heads = dict.fromkeys(rows, drawn_from)
    return publish_answers(asked, rows, heads, id="c2026")


def counted(asked, counts):
    """Rows of codes with so many answers unfavourable, neutral and favourable for each item."""
    sides = {item.code: CODES[::-1] if item.reversed else CODES for item in asked.items}
    return answered(
        asked, {item: [*zip(sides[item], given, strict=True)] for item, given in counts.items()}
    )


def everything(*sides, **others):
    """Every item answered alike, but for some."""
    return dict.fromkeys(("d1", "d2", "e1", "e2"), sides) | others


def evolution(*rows):
    """Rows of the frame of differences between two campaigns, from what each one says."""
    common = {"facility": FACILITY, "item": "", "measure": "positive_share", "n_before": 20,
              "n": 22, "p": 0.01, **dict.fromkeys(EXPECTED_COLUMNS, float("nan"))}  # fmt: skip
    columns = list(dict.fromkeys(itertools.chain(*({**common, **row} for row in rows))))
    return pd.DataFrame([{**common, **row} for row in rows], columns=columns)
