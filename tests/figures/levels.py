"""An instrument of levels: each item has its own five descriptions, with places between them."""

from itertools import pairwise

from qgdr_eval.instruments.model import Dimension, Instrument, Item, Option, Scale, Threshold

LETTERS = "ABCDE"
LABELS = ("Place donnée à la sécurité", "Ce qui suit un événement indésirable", "Suivi des actions")


def described(subject: str) -> Scale:
    """Nine answers, A to E and four between them."""
    labels = [f"{letter}. Ce que l'on fait de {subject}" for letter in LETTERS]
    between = [f"entre {one} et {other}" for one, other in pairwise(LETTERS)]
    named = [label for pair in zip(labels, [*between, ""], strict=True) for label in pair][:9]
    poles = ["negative"] * 4 + ["neutral"] + ["positive"] * 4
    short = [name for letter in LETTERS for name in (letter, None)][:9]
    options = (
        Option(code=rank + 1, label=label, pole=pole, short=name)
        for rank, (label, pole, name) in enumerate(zip(named, poles, short, strict=True))
    )
    return Scale(label="Quelle description vous ressemble ?", options=tuple(options))


def levels_instrument(items: int = 2) -> Instrument:
    codes = [(f"d{i}", f"D{i}_{j}") for i in range(len(LABELS)) for j in range(items)]
    return Instrument(
        id="niveaux",
        version="1.0.0",
        title="Niveaux",
        source="Simulé",
        licence="MIT",
        subject="respondent",
        scales={code.lower(): described(f"la question {code}") for _, code in codes},
        thresholds=(
            Threshold(kind="at_least", value=75, label="D ou au-dessus", origin="Simulé"),
            Threshold(kind="at_most", value=25, label="B ou au-dessous", origin="Simulé"),
        ),
        dimensions=tuple(
            Dimension(id=f"d{i}", label=label, definition="Définition", rule="maturity")
            for i, label in enumerate(LABELS)
        ),
        items=tuple(
            Item(
                code=code,
                text=f"Que fait-on ici de {code} ?",
                dimension=dimension,
                scale=code.lower(),
            )
            for dimension, code in codes
        ),
    )
