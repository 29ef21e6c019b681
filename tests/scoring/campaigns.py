"""Small invented campaigns, and the same scores computed the slow way."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale
from qgdr_eval.instruments.model import Missing, SpecialCode
from qgdr_eval.scoring import by_service, code_answers, evaluate

NAMES = {"-": "negative", "=": "neutral", "+": "positive"}
Answer = int | None
Rows = Sequence[Sequence[Answer]]


def scale(poles: str, first: int = 1) -> Scale:
    """A scale from its poles, such as ``--=++``; 98 is not applicable, 99 don't know."""
    return Scale(
        label=poles,
        options=tuple(
            Option(code=first + i, label=f"o{i}", pole=NAMES[pole]) for i, pole in enumerate(poles)
        ),
        not_applicable=(SpecialCode(code=98, label="Sans objet"),),
        dont_know=(SpecialCode(code=99, label="Ne sait pas"),),
    )


def named(poles: str) -> str:
    """An identifier from poles."""
    return "s" + poles.translate(str.maketrans("-=+", "012"))


def instrument(
    *dimensions: Sequence[str], rule: str = "positive_share", enough: float = 0.5
) -> Instrument:
    """One dimension per argument; each text is an item's poles, with an ``r`` when it is reversed.

    >>> instrument(["--=++", "-+r"], ["-+"]).codes
    ['D0I0', 'D0I1', 'D1I0']
    """
    texts = [(d, i, text) for d, items in enumerate(dimensions) for i, text in enumerate(items)]
    return Instrument(
        id="essai",
        version="1.0.0",
        title="Essai",
        source="invention",
        licence="MIT",
        subject="respondent",
        missing=Missing(minimum_answered=enough),
        scales={named(poles): scale(poles) for poles in {text.rstrip("r") for *_, text in texts}},
        dimensions=tuple(
            Dimension(id=f"d{d}", label=f"D{d}", definition="d", rule=rule)
            for d in range(len(dimensions))
        ),
        items=tuple(
            Item(
                code=f"D{d}I{i}",
                text=f"item {d} {i}",
                dimension=f"d{d}",
                scale=named(text.rstrip("r")),
                reversed=text.endswith("r"),
            )
            for d, i, text in texts
        ),
    )


def responses(
    asked: Instrument,
    rows: Rows,
    services: Sequence[str | None] | None = None,
    facilities: Sequence[str] | None = None,
) -> pd.DataFrame:
    """A responses frame; every subject of service ``s`` of facility ``f`` unless told otherwise."""
    services = services or ["s"] * len(rows)
    facilities = facilities or ["f"] * len(rows)
    return pd.DataFrame(
        {
            "facility": pd.Categorical(facilities, list(dict.fromkeys(facilities))),
            "service": pd.Categorical(services, list(dict.fromkeys(s for s in services if s))),
            **pd.DataFrame(list(rows), columns=asked.codes).astype("Int16"),
        }
    )


def roster(
    services: Sequence[str] = ("s",),
    heads: Sequence[int | None] | None = None,
    facilities: Sequence[str] | None = None,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "facility": facilities or ["f"] * len(services),
            "service": list(services),
            "head_count": pd.array(heads or [None] * len(services), dtype="Int64"),
        }
    )


def scores(
    asked: Instrument,
    rows: Rows,
    services: Sequence[str | None] | None = None,
    heads: Sequence[int | None] | None = None,
    already_reversed: bool = False,
) -> pd.DataFrame:
    """Scores by service, dimension, item and measure."""
    frame = responses(asked, rows, services)
    names = list(frame["service"].cat.categories)
    found = evaluate(
        code_answers(frame, asked, already_reversed), [by_service(frame, roster(names, heads))]
    )
    keys = ["service", "dimension", "item", "measure"]
    return found.astype(dict.fromkeys(keys, str)).set_index(keys)
