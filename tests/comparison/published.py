"""Small published campaigns, made by hand: figures chosen, no answers behind them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from qgdr_eval.disclosure.published import SEAL, Card, Published
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale, Threshold

MARKS = (
    Threshold(kind="at_least", value=75, label="haut", origin="essai"),
    Threshold(kind="at_most", value=50, label="bas", origin="essai"),
)
# service, dimension, score, wide_low, wide_high; None hides the row.
Row = tuple[str, str, float | None, float | None, float | None]


def instrument(
    dimensions: Sequence[str] = ("d", "e"), marks: Sequence[Threshold] = MARKS
) -> Instrument:
    options = (
        Option(code=0, label="non", pole="negative"),
        Option(code=1, label="oui", pole="positive"),
    )
    return Instrument(
        id="essai",
        version="1.0.0",
        title="Essai",
        source="invention",
        licence="MIT",
        subject="respondent",
        scales={"s": Scale(label="s", options=options)},
        thresholds=tuple(marks),
        dimensions=tuple(
            Dimension(id=id, label=id, definition=id, rule="positive_share") for id in dimensions
        ),
        items=tuple(
            Item(code=f"I{id}", text=f"item {id}", dimension=id, scale="s") for id in dimensions
        ),
    )


def published(
    rows: Sequence[Row],
    reference: str = "campaign",
    references: Sequence[tuple[str, float, float | None, float | None]] = (),
    marks: Sequence[Threshold] = MARKS,
) -> Published:
    """A campaign of one facility; ``low`` and ``high`` are half as wide as the wide bounds."""
    scores = pd.DataFrame([line(*row) for row in rows])
    services = pd.DataFrame({"facility": "f", "service": list(dict.fromkeys(r[0] for r in rows))})
    nothing = pd.DataFrame()
    return Published(
        Card("essai", "Essai", "2026", 10, reference),
        instrument(marks=marks),
        scores,
        nothing,
        services,
        nothing,
        nothing,
        pd.DataFrame(references, columns=["dimension", "score", "low", "high"]),
        nothing,
        SEAL,
    )


def line(
    service: str, dimension: str, score: float | None, low: float | None, high: float | None
) -> dict[str, Any]:
    half = {} if score is None else {"low": (score + low) / 2, "high": (score + high) / 2}
    return {
        "facility": "f",
        "service": service,
        "stratum": "",
        "dimension": dimension,
        "item": "",
        "measure": "positive_share",
        "score": score,
        **half,
        "wide_low": low,
        "wide_high": high,
        "status": "suppressed" if score is None else "published",
    }
