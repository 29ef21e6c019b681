"""Small published campaigns of records, from how many met each criterion."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale, Threshold
from tests.answered import answered, publish_answers

MARKS = (
    Threshold(kind="at_least", value=75, label="haut", origin="essai"),
    Threshold(kind="at_most", value=50, label="bas", origin="essai"),
)
OPTIONS = (
    Option(code=1, label="non", pole="negative"),
    Option(code=2, label="oui", pole="positive"),
)
Counts = Mapping[str, tuple[int, int]]  # by item, how many met it, of how many
References = Sequence[tuple[str, float, float | None, float | None]]


def instrument(
    items: Sequence[str] = ("Id", "Ie"),
    marks: Sequence[Threshold] = MARKS,
    critical: Sequence[str] = (),
    subject: str = "record",
) -> Instrument:
    """Yes/no criteria, the last letter of each naming its dimension."""
    return Instrument(
        id="essai",
        version="1.0.0",
        title="Essai",
        source="invention",
        licence="MIT",
        subject=subject,
        scales={"s": Scale(label="s", options=OPTIONS)},
        thresholds=tuple(marks),
        dimensions=tuple(
            Dimension(id=id, label=id, definition=id, rule="positive_share")
            for id in dict.fromkeys(item[-1] for item in items)
        ),
        items=tuple(
            Item(code=item, text=item, dimension=item[-1], scale="s", critical=item in critical)
            for item in items
        ),
    )


def published(
    services: Mapping[str, Counts],
    reference: str = "campaign",
    references: References = (),
    asked: Instrument | None = None,
    drawn_from: int | None = None,
) -> Published:
    """A campaign of one facility; ``drawn_from``: how many records each service has, if known.

    ``reference``: campaign, none, or the label of the values of ``references``.
    """
    asked = asked or instrument()
    given = {
        ("f", service): answered(
            asked, {code: [(2, met), (1, n - met)] for code, (met, n) in counts.items()}
        )
        for service, counts in services.items()
    }
    inside = reference in ("campaign", "none")
    key: Any = reference if inside else {"file": "r.csv", "label": reference, "source": "essai"}
    values = pd.DataFrame(references, columns=["dimension", "score", "low", "high"])
    heads = dict.fromkeys(given, drawn_from)
    return publish_answers(asked, given, heads, reference=key, references=values)
