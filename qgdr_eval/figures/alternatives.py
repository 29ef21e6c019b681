"""What a figure says, in one to three sentences, for those who do not see it."""

from collections.abc import Sequence

import pandas as pd

from qgdr_eval.disclosure.published import Published
from qgdr_eval.figures.heatmap import heatmap_lines
from qgdr_eval.figures.items import Bar, item_bars
from qgdr_eval.figures.profile import Row, profile_rows
from qgdr_eval.french import count, listed, number, percent, quote, typography

ANSWERS = {
    "respondent": {
        "opening": "Réponses aux",
        "item": "item",
        "positive": "réponses favorables",
        "negative": "réponses défavorables",
    },
    "record": {
        "opening": "Dossiers lus sur",
        "item": "critère",
        "positive": "dossiers conformes",
        "negative": "dossiers non conformes",
    },
}


def profile_alt(
    published: Published, readings: pd.DataFrame, comparisons: pd.DataFrame | None = None
) -> str:
    """Say the profile of one service: its extremes, what cannot be concluded, what is hidden."""
    return say_profile(profile_rows(published, readings, comparisons))


def say_profile(rows: Sequence[Row]) -> str:
    """Say rows as `profile_alt` does."""
    shown = [row for row in rows if row.verdict != "hidden"]
    opening = f"Profil sur {count(len(rows), 'dimension')}, de 0 à 100"
    if not shown:
        return typography(f"{opening} : aucun résultat ne peut être montré.")
    sentences = [f"{opening}. {_extremes(shown)}", _unsure(shown), _unshown(len(rows) - len(shown))]
    return typography(" ".join(sentence for sentence in sentences if sentence))


def _extremes(rows: Sequence[Row]) -> str:
    best, worst = max(rows, key=_score), min(rows, key=_score)
    if best.score == worst.score:
        return f"Score le plus haut : {_scored(best)}."
    return f"Score le plus haut : {_scored(best)} ; le plus bas : {_scored(worst)}."


def _score(row: Row) -> float:
    return row.score


def _scored(row: Row) -> str:
    return f"{_named(row.dimension.label)}, {row.said} {row.ends}".rstrip()


def _unsure(rows: Sequence[Row]) -> str:
    unsure = [row.dimension.label for row in rows if row.verdict == "cannot_conclude"]
    if not unsure:
        return ""
    return f"On ne peut pas conclure sur {listed(_named(label) for label in unsure[:4])}" + (
        f" ni sur {count(len(unsure) - 4, 'autre dimension', 'autres dimensions')}."
        if len(unsure) > 4
        else "."
    )


def _unshown(hidden: int) -> str:
    return f"{count(hidden, 'résultat non montré', 'résultats non montrés')}." if hidden else ""


def items_alt(published: Published, dimension: str) -> str:
    """Say the items of one dimension: the most and the least favourable answers, what is hidden."""
    label = published.instrument.dimension(dimension).label
    return say_items(item_bars(published, dimension), label, published.instrument.subject)


def say_items(bars: Sequence[Bar], label: str, subject: str = "respondent") -> str:
    """Say the bars of the dimension of this name as `items_alt` does."""
    shown = [bar for bar in bars if not bar.hidden]
    said = ANSWERS["record" if subject == "record" else "respondent"]
    opening = f"{said['opening']} {count(len(bars), said['item'])} de {_named(label)}"
    if not shown:
        return typography(f"{opening} : aucune répartition ne peut être montrée.")
    most = [_most(shown, pole, said[pole]) for pole in ("positive", "negative")]
    return typography(" ".join([f"{opening}.", *most, _unshown(len(bars) - len(shown))]).strip())


def _most(bars: Sequence[Bar], pole: str, word: str) -> str:
    """The item with the largest share of a pole."""
    share, bar = max(((_share(bar, pole), bar) for bar in bars), key=lambda pair: pair[0])
    if share <= 0:
        return f"Pas de {word}."
    return f"Le plus de {word} : {_named(bar.item.text)}, {percent(share)}."


def _share(bar: Bar, pole: str) -> float:
    return sum(segment.share for segment in bar.segments if segment.pole == pole)


def heatmap_alt(published: Published, readings: pd.DataFrame) -> str:
    """Say how many services and dimensions stand where, and how much cannot be concluded."""
    lines = heatmap_lines(published, readings)
    cells = [cell for line in lines for cell in line.cells]
    tally = {
        verdict: sum(cell.verdict == verdict for cell in cells)
        for verdict in ("established", "to_confirm", "cannot_conclude", "hidden")
    }
    scores = [cell.score for cell in cells if cell.verdict != "hidden"]
    opening = (
        f"Tableau de {count(len(lines), 'service')} sur "
        f"{count(len(published.instrument.dimensions), 'dimension')}, dans l'ordre de la "
        "campagne"
    )
    if not scores:
        return typography(f"{opening} : aucun résultat ne peut être montré.")
    return typography(
        f"{opening} : {count(len(scores), 'résultat')} de {number(min(scores))} à "
        f"{number(max(scores))} sur 100. {_tallied(tally)}"
    )


def _tallied(tally: dict[str, int]) -> str:
    words = {
        "established": ("établi", "établis"),
        "to_confirm": ("à confirmer", "à confirmer"),
        "cannot_conclude": ("sans conclusion possible", "sans conclusion possible"),
        "hidden": ("non montré", "non montrés"),
    }
    said = [count(tally[verdict], *words[verdict]) for verdict in words if tally[verdict]]
    return f"{listed(said)}." if said else ""


def _named(text: str) -> str:
    """A name between quotation marks, cut when it would bury the sentence."""
    return quote(text if len(text) <= 160 else f"{text[:159].rstrip()}…")
