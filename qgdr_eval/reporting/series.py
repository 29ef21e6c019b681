"""What the points of a series over time allow to say: a change, or that chance is enough."""

from collections.abc import Iterator

from qgdr_eval.comparison.control import FEWEST
from qgdr_eval.comparison.series import Series
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.control_words import SIDES, base_words, span_words
from qgdr_eval.frames import SignalRow
from qgdr_eval.french import count, in_words, listed, quote

CHANGES = {
    "unfavourable": "changement défavorable",
    "favourable": "changement favorable",
    "signal": "changement à comprendre",
    "none": "pas de signal",
    "flat": "illisible : trop de valeurs égales",
    "too_few": f"moins de {FEWEST} points",
}
CHANCE = "qui ne s'explique pas par le hasard habituel"


def change(series: Series) -> str:
    """What the points over time allow to say, in a sentence or two."""
    return " ".join(sentence for sentence in (_change(series), _read_since(series)) if sentence)


def _change(series: Series) -> str:
    match series.change:
        case "too_few":
            return _too_few(series)
        case "flat":
            most = 2 * series.runs.useful < series.runs.points
            equal = "La plupart des valeurs sont égales" if most else "Trop de valeurs sont égales"
            return f"{equal} à la médiane : rien ne peut être lu."
        case "none":
            return "Pas de signal : le hasard habituel suffit à expliquer ces variations."
        case "unfavourable" | "favourable" as way:
            return f"{CHANGES[way].capitalize()} {CHANCE} : {signals(series)}."
    return f"{_unsided(series)} {CHANCE} : {signals(series)}."


def _too_few(series: Series) -> str:
    """How many points there are, of the base when it is the base that lacks some."""
    points, where = series.runs.points, ""
    if 0 < series.base < FEWEST:
        points, where = series.base, " sont montrés dans la base"
    needed = f"il en faut {in_words(FEWEST)} pour lire une évolution"
    return f"{count(points, 'point')}{where} : {needed}."


def _unsided(series: Series) -> str:
    """How to call a change that is neither favourable nor unfavourable."""
    kinds = series.signals["signal"]
    if series.signals["recent"].any() or (kinds == "crossings").any():
        return "Changement à comprendre"
    return "Changement passé"


def _read_since(series: Series) -> str:
    """What the last part is read since, and against which base; "" for a series in one piece."""
    declared = series.changes
    parts = [
        *([f"lue depuis {declared[-1][1]}, {quote(declared[-1][2])}"] if declared else []),
        *([f"lue sur une {base_words(series)}"] if base_words(series) else []),
    ]
    return f"Évolution {' et '.join(parts)}." if parts else ""


def signals(series: Series) -> str:
    """What the signals of a series are, one after the other."""
    return " ; ".join(_signals(series))


def _signals(series: Series) -> Iterator[str]:
    labels = dict(zip(series.points["period"], series.points["label"], strict=True))
    rows, runs = rows_of(series.signals, SignalRow), series.runs
    for row in rows:
        if row.signal == "shift":
            yield (
                f"{row.points} points de suite {SIDES[row.side]} de la médiane, "
                f"{span_words(labels[row.first], labels[row.last])} (le hasard habituel en laisse "
                f"au plus {runs.longest_limit})"
            )
        elif row.signal == "crossings":
            yield (
                f"la médiane n'est franchie que {row.points} fois (au moins "
                f"{runs.crossings_limit} attendues), ce qui ne dit ni quand ni dans quel sens"
            )
    for side, words in SIDES.items():
        outside = [labels[row.first] for row in rows if (row.signal, row.side) == ("outside", side)]
        if outside:
            yield f"{words} des limites en {listed(outside)}"
