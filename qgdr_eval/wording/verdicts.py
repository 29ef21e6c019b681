"""What a reading allows to say, in words: in full for a page, in a word for a table, for a key."""

from qgdr_eval.frames import ReadingRow
from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring import gives
from qgdr_eval.wording.scores import ends_words, score_in_full, score_words

CAPPED = "plafonné"
TO_CONFIRM = "à confirmer"
NO_CONCLUSION = "on ne peut pas conclure"

IN_FULL = {  # by verdict and band; a band beside nothing goes by its place between the marks
    ("established", "strength"): "point fort établi",
    ("established", "priority"): "priorité établie",
    ("to_confirm", "strength"): f"plutôt un point fort, {TO_CONFIRM}",
    ("to_confirm", "priority"): f"plutôt une priorité, {TO_CONFIRM}",
}
WITHOUT_BAND = {
    "cannot_conclude": NO_CONCLUSION,
    "capped": f"{CAPPED} : un critère critique n'est pas toujours conforme",
    "no_threshold": "sans seuil de lecture",
    "hidden": "effectif insuffisant",
}
IN_A_WORD = {  # in a table of several services or campaigns
    ("established", "strength"): "point fort",
    ("established", "priority"): "priorité",
    ("established", "between"): "entre les deux",
    ("to_confirm", "strength"): f"point fort, {TO_CONFIRM}",
    ("to_confirm", "priority"): f"priorité, {TO_CONFIRM}",
    ("to_confirm", "between"): f"entre les deux, {TO_CONFIRM}",
    "cannot_conclude": "sans conclusion",
    "capped": CAPPED,
    "hidden": "non montré",
}
IN_A_KEY = {  # beside what a figure draws
    "established": "établi : tout l'intervalle est dans une seule zone",
    "to_confirm": f"{TO_CONFIRM} : l'intervalle franchit un seuil",
    "cannot_conclude": f"{NO_CONCLUSION} : l'intervalle va d'une zone à l'autre",
    "capped": WITHOUT_BAND["capped"],
}
IN_FEW_WORDS = {  # the same where there is room for a word
    "established": "établi",
    "to_confirm": TO_CONFIRM,
    "cannot_conclude": NO_CONCLUSION,
    "capped": CAPPED,
}

ON_THE_FIGURE = {  # what sets both apart, under the figure where they first stand together
    "to_confirm": "le point est dans une zone, le trait en touche ou en dépasse le bord.",
    "cannot_conclude": "le trait va de la zone des priorités à celle des points forts.",
}


def between(instrument: Instrument, dimension: str) -> str:
    """Where a score stands that is neither a strength nor a priority."""
    kinds = {mark.kind for mark in instrument.thresholds_of(dimension)}
    if kinds == {"at_least"}:
        return "sous le repère"
    return "au-dessus du repère" if kinds == {"at_most"} else "entre les deux repères"


def why_unsure(reading: ReadingRow, instrument: Instrument) -> str:
    """Why a dimension cannot be concluded, or must be confirmed."""
    dimension = instrument.dimension(reading.dimension)
    ends = ends_words(reading.low, reading.high, dimension, instrument)
    if reading.verdict == "capped":
        return (
            "le score est au-dessus du repère, mais un critère critique au moins n'est pas "
            "conforme à chaque fois : aucun score ne le rattrape."
        )
    if reading.verdict == "cannot_conclude":
        return (
            f"l'intervalle {ends} va du repère des priorités à celui des points forts ; "
            "d'autres observations pourraient donner l'un ou l'autre."
        )
    shown = f"le score de {score_in_full(reading.score, dimension, instrument)}"
    if gives(dimension) == "level":
        shown = f"le niveau médian, {score_words(reading.score, dimension, instrument)},"
    kind = {"strength": "plutôt un point fort", "priority": "plutôt une priorité"}
    if reading.band in kind:
        return f"{shown} indique {kind[reading.band]}, mais l'intervalle {ends} déborde du repère."
    return (
        f"{shown} est {between(instrument, reading.dimension)}, mais l'intervalle {ends} touche "
        "une autre zone."
    )
