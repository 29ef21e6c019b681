"""What a figure says, in one to three sentences, for those who do not see it.

The examples read ``team_report`` and ``campaign_report``: `qgdr demo essai` writes a campaign,
which ``open_report("essai/campagne.yml")`` and ``open_campaign("essai/campagne.yml")`` of
`qgdr_eval.reporting` open.
"""

from collections import Counter
from collections.abc import Sequence
from math import isclose

import pandas as pd

from qgdr_eval.disclosure.published import Published
from qgdr_eval.figures.heatmap import heatmap_lines
from qgdr_eval.figures.items import Bar, item_bars
from qgdr_eval.figures.profile import Row, profile_rows
from qgdr_eval.figures.words import (
    critical_words,
    has_critical,
    reference_words,
    turned_words,
    with_critical,
)
from qgdr_eval.french import count, listed, number, percent, quote, typography
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.wording.subjects import Subject, subject_of
from qgdr_eval.wording.verdicts import IN_FEW_WORDS

MOST = 4  # names said one by one
ANSWERS = {
    "opening": "Réponses à",
    "item": "item",
    "positive": "réponses favorables",
    "negative": "réponses défavorables",
}


def profile_alt(
    published: Published, readings: pd.DataFrame, comparisons: pd.DataFrame | None = None
) -> str:
    """Say the profile of one service: its extremes, what cannot be concluded, what is hidden.

    >>> profile_alt(team_report.published, team_report.readings)[:13]
    'Profil sur 10'
    """
    return say_profile(profile_rows(published, readings, comparisons))


def say_profile(rows: Sequence[Row]) -> str:
    """Say rows as `profile_alt` does."""
    shown = [row for row in rows if row.verdict != "hidden"]
    opening = f"Profil sur {count(len(rows), 'dimension')}, {_axis(rows)}"
    if not shown:
        return typography(f"{opening} : aucun résultat ne peut être montré.")
    sentences = [f"{opening}. {_extremes(shown)}", _unsure(shown), _referred(shown),
                 _capping(rows), _unshown(len(rows) - len(shown))]  # fmt: skip
    return typography(" ".join(sentence for sentence in sentences if sentence))


def say_sketch(rows: Sequence[Row]) -> str:
    """Say a profile at a glance: how many dimensions are read how.

    >>> say_sketch(profile_rows(team_report.published, team_report.readings, None))[:13]
    'Profil sur 10'
    """
    counts = Counter(row.verdict for row in rows)
    read = {verdict: words for verdict, words in IN_FEW_WORDS.items() if counts[verdict]}
    if not read:
        return say_profile(rows)
    told = [f"{words}, {number(counts[verdict])}" for verdict, words in read.items()]
    told += [f"non montré, {number(counts['hidden'])}"] if counts["hidden"] else []
    opening = f"Profil sur {count(len(rows), 'dimension')}, {_axis(rows)}"
    text = f"{opening}. Lecture des dimensions : {' ; '.join(told)}. {_capping(rows)}"
    return typography(text.strip())


def _capping(rows: Sequence[Row]) -> str:
    """Which dimensions bear the mark of a critical criterion."""
    return _with_critical([row.dimension for row in rows if row.may_cap])


def _with_critical(marked: Sequence[Dimension]) -> str:
    if not marked:
        return ""
    return (
        f"{with_critical(marked[0]).capitalize()} : {_some([_named(one.label) for one in marked])}."
    )


def _axis(rows: Sequence[Row]) -> str:
    """From where to where the axis goes: the same levels for all rows, or 0 to 100."""
    first, *others = (list(row.levels.values()) for row in rows)
    if not first or any(names != first for names in others):
        return "de 0 à 100"
    return f"de {first[0]} à {first[-1]}"


def _extremes(rows: Sequence[Row]) -> str:
    levels = all(row.levels for row in rows)  # each is then called a level where it is said
    if len(rows) == 1:
        return f"{'Résultat' if levels else 'Score'} : {_scored(rows)}."
    highest = "Le plus haut" if levels else "Score le plus haut"
    ends = max(rows, key=_score), min(rows, key=_score)
    best, worst = ([row for row in rows if _tied(row, end)] for end in ends)
    if len(best) == len(rows):
        return f"{highest} et le plus bas : {_scored(best)}."
    return f"{highest} : {_scored(best)} ; le plus bas : {_scored(worst)}."


def _score(row: Row) -> float:
    return row.score


def _tied(row: Row, other: Row) -> bool:
    """Whether two rows share a score; a level is as fine as its letters say."""
    if row.levels and other.levels:
        return row.full == other.full
    return isclose(row.score, other.score)


def _scored(rows: Sequence[Row]) -> str:
    """Dimensions that share a score, with it and each with its interval."""
    named = [f"{_named(row.dimension.label)} {row.ends}".rstrip() for row in rows]
    if len(rows) == 1:
        return f"{_named(rows[0].dimension.label)}, {rows[0].full} {rows[0].ends}".rstrip()
    return f"{rows[0].full}, à égalité pour {_some(named)}"


def _some(names: Sequence[str]) -> str:
    """The first names of a list, and how many others."""
    if len(names) <= MOST:
        return listed(names)
    others = len(names) - MOST
    return listed([*names[:MOST], "une autre" if others == 1 else f"{number(others)} autres"])


def _unsure(rows: Sequence[Row]) -> str:
    unsure = [row.dimension.label for row in rows if row.verdict == "cannot_conclude"]
    if not unsure:
        return ""
    return f"On ne peut pas conclure sur {listed(_named(label) for label in unsure[:MOST])}" + (
        f" ni sur {count(len(unsure) - MOST, 'autre dimension', 'autres dimensions')}."
        if len(unsure) > MOST
        else "."
    )


def _referred(rows: Sequence[Row]) -> str:
    """From which references the difference is established, those marked so on the figure."""
    compared = [row for row in rows if row.reference == row.reference]
    if not compared:
        return ""
    apart = [_named(row.dimension.label) for row in compared if row.apart]
    named = f"la référence ({reference_words(compared[0].reference_label)})"
    if not apart:
        return f"Aucun écart établi avec {named}."
    others = len(compared) - len(apart)
    rest = f", non établi pour {count(others, 'autre dimension', 'autres dimensions')}"
    return f"Écart avec {named} : établi pour {_some(apart)}{rest if others else ''}."


def _unshown(hidden: int) -> str:
    return f"{count(hidden, 'résultat non montré', 'résultats non montrés')}." if hidden else ""


def items_alt(published: Published, dimension: str) -> str:
    """Say the items of one dimension: the most and the least favourable answers, what is hidden.

    >>> label = team_report.instrument.dimension("liberte_expression").label
    >>> label.split("'")[0] in items_alt(team_report.published, "liberte_expression")
    True
    """
    label = published.instrument.dimension(dimension).label
    return say_items(item_bars(published, dimension), label, published.instrument)


def say_items(bars: Sequence[Bar], label: str, instrument: Instrument) -> str:
    """Say the bars of the dimension of this name as `items_alt` does."""
    shown = [bar for bar in bars if not bar.hidden]
    words = _of_records(subject_of(instrument)) if instrument.of_records else ANSWERS
    opening = f"{words['opening']} {count(len(bars), words['item'])} de {_named(label)}"
    if not shown:
        return typography(f"{opening} : aucune répartition ne peut être montrée.")
    most = [_most(shown, pole, words[pole]) for pole in ("positive", "negative")]
    rest = [_critical(bars, instrument), _unshown(len(bars) - len(shown))]
    return typography(" ".join(text for text in [f"{opening}.", *most, *rest] if text))


def _critical(bars: Sequence[Bar], instrument: Instrument) -> str:
    """Which items bear the mark of what is critical."""
    found = [bar.item for bar in bars if bar.item.critical]
    if not found:
        return ""
    words = critical_words(instrument.dimension(found[0].dimension)).capitalize()
    told = words if len(found) == 1 else " ".join(f"{word}s" for word in words.split())
    return f"{told} : {_some([_named(item.text) for item in found])}."


def _of_records(subject: Subject) -> dict[str, str]:
    """What `ANSWERS` says, of records."""
    return {
        "opening": f"{subject.heading} {subject.agree(subject.seen)} sur",
        "item": "critère",
        "positive": f"{subject.plural} conformes",
        "negative": f"{subject.plural} non conformes",
    }


def _most(bars: Sequence[Bar], pole: str, word: str) -> str:
    """The items with the largest share of a pole."""
    largest = max(_share(bar, pole) for bar in bars)
    if largest <= 0:
        return f"Pas de {word}."
    named = [_asked(bar, pole) for bar in bars if isclose(_share(bar, pole), largest)]
    tied = "à égalité pour " if len(named) > 1 else ""
    return f"Le plus de {word} : {tied}{_some(named)}, {percent(largest)}."


def _asked(bar: Bar, pole: str) -> str:
    """An item, and which answers to it stand on this side when it is reversed."""
    turned = turned_words(bar.item, bar.scale, pole)
    return _named(bar.item.text) + (f" ({turned})" if turned else "")


def _share(bar: Bar, pole: str) -> float:
    return sum(segment.share for segment in bar.segments if segment.pole == pole)


def heatmap_alt(published: Published, readings: pd.DataFrame) -> str:
    """Say how many services and dimensions stand where, and how much cannot be concluded.

    >>> heatmap_alt(campaign_report.published, campaign_report.readings)[:13]
    'Tableau de 18'
    """
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
    instrument = published.instrument
    capping = _with_critical(
        [one for one in instrument.dimensions if has_critical(one, instrument)]
    )
    text = (
        f"{opening} : {count(len(scores), 'résultat')} de {number(min(scores))} à "
        f"{number(max(scores))} sur 100. {_tallied(tally)} {capping}"
    )
    return typography(text.strip())


def _tallied(tally: dict[str, int]) -> str:
    words = {
        "established": ("établi", "établis"),
        "to_confirm": ("à confirmer", "à confirmer"),
        "cannot_conclude": ("sans conclusion possible", "sans conclusion possible"),
        "hidden": ("non montré", "non montrés"),
    }
    counts = [count(tally[verdict], *words[verdict]) for verdict in words if tally[verdict]]
    return f"{listed(counts)}." if counts else ""


def _named(text: str) -> str:
    """A name between quotation marks, cut when it would bury the sentence."""
    return quote(text if len(text) <= 160 else f"{text[:159].rstrip()}…")
