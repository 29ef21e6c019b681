"""Small campaigns made in memory, to attack."""

import numpy as np
import pandas as pd

from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale
from qgdr_eval.responses import Answers, Campaign

POLES = ["negative", "negative", "neutral", "positive", "positive"]
SCALE = Scale(
    label="Accord",
    options=tuple(
        Option(code=code, label=f"option {code}", pole=pole) for code, pole in enumerate(POLES, 1)
    ),
)


def instrument(items: int = 2, rule: str = "positive_share") -> Instrument:
    return Instrument(
        id="essai",
        version="1.0.0",
        title="Essai",
        source="tests",
        licence="MIT",
        subject="respondent",
        scales={"accord": SCALE},
        dimensions=(Dimension(id="d", label="D", definition="Une dimension", rule=rule),),
        items=tuple(
            Item(code=f"Q{i}", text=f"question {i}", dimension="d", scale="accord")
            for i in range(items)
        ),
    )


def campaign(minimum: int = 10, strata: tuple[str, ...] = ()) -> Campaign:
    return Campaign.model_validate(
        {
            "id": "essai",
            "title": "Essai",
            "period": "2026",
            "instrument": "essai",
            "responses": {"file": "r.csv"},
            "columns": {"service": "service", "strata": {name: name for name in strata}},
            "coding": {"reversed": "as_worded"},
            "disclosure": {"minimum": minimum},
        }
    )


def answers(
    services: list[tuple[str, str]],
    values: dict[tuple[str, str], np.ndarray],
    strata: dict[tuple[str, str], list[str]] | None = None,
    head_count: float | None = None,
) -> Answers:
    """``values``: for each (facility, service) codes (respondents, items), 0 = missing."""
    names = list(dict.fromkeys(facility for facility, _ in services))
    wards = list(dict.fromkeys(service for _, service in services))
    rows = []
    for place in services:
        for i, given in enumerate(values[place]):
            label = strata[place][i] if strata else ""
            codes = {f"Q{j}": (int(code) or None) for j, code in enumerate(given)}
            rows.append({"facility": place[0], "service": place[1], "profession": label, **codes})
    responses = pd.DataFrame(rows)
    items = [name for name in responses.columns if name.startswith("Q")]
    responses = responses.astype(dict.fromkeys(items, "Int16")).assign(
        facility=pd.Categorical(responses["facility"], names),
        service=pd.Categorical(responses["service"], wards),
        profession=pd.Categorical(responses["profession"]).remove_categories(
            [""] if "" in set(responses["profession"]) else []
        ),
    )
    roster = pd.DataFrame(services, columns=["facility", "service"]).assign(
        head_count=pd.array([head_count] * len(services), dtype="Int64")
    )
    log = pd.DataFrame(columns=["facility", "service", "row", "reason", "action", "item", "given"])
    return Answers(responses, roster, log, (), "0" * 64)
