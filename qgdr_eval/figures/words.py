"""The words figures and their alternatives share."""

from collections.abc import Iterable, Iterator

from qgdr_eval.french import NO_BREAK, listed, percent, quote, typography
from qgdr_eval.instruments import Dimension, Instrument, Item, Scale
from qgdr_eval.scoring import gives
from qgdr_eval.scoring.coding import favourable_labels, favourable_poles
from qgdr_eval.wording.rules import VOICES

HIDDEN = {
    "suppressed": "Non montré, pour l'anonymat",
    "complementary": "Masqué pour protéger un autre résultat",
    "no_answer": "Aucune réponse exploitable",
    "unanimous": "Toutes les réponses sont identiques : répartition non montrée",
    "absent": "Pas de résultat",
}
CRITICAL = "◆"  # before a critical criterion, or a dimension that has one
POLES = {"negative": "défavorable", "neutral": "neutre", "positive": "favorable"}
STATES = {"not_applicable": "sans objet", "dont_know": "ne sait pas", "missing": "sans réponse"}


def hidden_words(status: str) -> str:
    """Why nothing is drawn, in words."""
    return typography(HIDDEN.get(status, HIDDEN["absent"]))


def marked(text: str, critical: bool) -> str:
    """A criterion or a dimension by its name, with the mark of what is critical.

    >>> marked("Allergies", True), marked("Accueil", False)
    ('◆\u00a0Allergies', 'Accueil')
    """
    return f"{CRITICAL}{NO_BREAK}{text}" if critical else text


def critical_words(dimension: Dimension) -> str:
    """What a critical item is called: « critère critique », « critère impératif »."""
    voice = VOICES[dimension.rule]
    return f"{voice.criterion} {voice.critical}"


def with_critical(dimension: Dimension) -> str:
    """What the mark before a dimension means."""
    gender = "e" if critical_words(dimension).startswith("question") else ""
    return f"avec un{gender} {critical_words(dimension)}"


def has_critical(dimension: Dimension, instrument: Instrument) -> bool:
    """Whether one of its items is critical."""
    return any(item.critical for item in instrument.items_of(dimension.id))


def turned_words(item: Item, scale: Scale, pole: str = "negative") -> str:
    """What a reversed item turns round: which answers to it are unfavourable (or favourable).

    Nothing for an item that is not reversed, or without an answer on that side.
    """
    sided = zip(favourable_labels(scale, item), favourable_poles(scale, item), strict=True)
    labels = [label for label, side in sided if side == pole]
    if not item.reversed or not labels:
        return ""
    single = len(labels) == 1
    verb, side = ("est", POLES[pole]) if single else ("sont", f"{POLES[pole]}s")
    return f"item inversé : {listed(quote(label) for label in labels)} {verb} {side}"


def state_words(instrument: Instrument, item: Item, state: str) -> str:
    """An answer without a value, as an audit grid calls it; its usual name elsewhere."""
    scale = instrument.scale_of(item)
    named = {"not_applicable": scale.not_applicable, "dont_know": scale.dont_know}.get(state)
    if instrument.of_people or not named:
        return STATES[state]
    return named[0].label.lower()


def top_label(dimensions: tuple[Dimension, ...]) -> str:
    """The label of the end of the 0–100 axis: a share of answers alone bears a percent sign."""
    shares = any(gives(dimension) == "share" for dimension in dimensions)
    return percent(100) if shares else "100"


def reference_words(reference: str) -> str:
    """A reference named for readers."""
    return "moyenne des autres services" if reference == "campaign" else reference


def reference_key(references: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """What the marks of references mean: whether the difference is established, then in words.

    One outside an interval is not yet a difference: that one has an interval of its own.

    >>> [apart for apart, _ in reference_key(["campaign", "", "campaign"])]
    [True, False]
    """
    for reference in dict.fromkeys(filter(None, references)):
        yield True, f"référence ({reference_words(reference)}), écart établi"
        yield (
            False,
            "référence, écart non établi, même hors du trait : l'écart a sa propre marge",
        )
