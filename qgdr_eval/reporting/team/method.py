"""How the figures are made: rules with their formula and a line worked with this service's own."""

from dataclasses import dataclass

import pandas as pd

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.disclosure.tables import ANSWERED
from qgdr_eval.frames import HistoryRow, ReliabilityRow, ScoreRow
from qgdr_eval.french import NARROW, count, number, percent, quote
from qgdr_eval.instruments import Dimension, Instrument, Threshold
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.reporting.scores import Scores
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.arithmetic import middle, precise
from qgdr_eval.reporting.team.intervals import work_interval
from qgdr_eval.reporting.team.sample import Sample
from qgdr_eval.scoring import gives
from qgdr_eval.wording.levels import axis_levels, level_words
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.scores import ends_words, score_in_full
from qgdr_eval.wording.voice import RuleWords

RELIABILITY = {
    "alpha": ("Alpha de Cronbach", "les questions d'une dimension vont-elles ensemble ?"),
    "omega": (
        "Oméga de McDonald",
        "même question, sans supposer qu'elles pèsent pareil ; une question à contresens suit le "
        "facteur à l'envers des autres, et l'oméga ne vaut plus pour leur moyenne",
    ),
    "icc1": ("ICC(1)", "part des écarts entre réponses qui tient au service"),
    "icc2": ("ICC(2)", "fiabilité de la moyenne d'un service"),
    "rwgj_median": ("rwg(j) médian", "accord à l'intérieur d'un service"),
}


@dataclass(frozen=True)
class Worked:
    """A rule, and a line of arithmetic with the service's own numbers (none when hidden)."""

    rule: RuleWords
    lines: list[str]


def worked_rules(scores: Scores, sample: Sample | None) -> list[Worked]:
    """Each rule the instrument uses, with a line worked on the first dimension it scores."""
    found: dict[str, Worked] = {}
    for dimension in scores.instrument.dimensions:
        formula, lines = (
            VOICES[dimension.rule].formula,
            _worked_lines(scores, sample, dimension.id) if sample else [],
        )
        found.setdefault(dimension.rule, Worked(formula, lines))
    return list(found.values())


def _worked_lines(scores: Scores, sample: Sample, id: str) -> list[str]:
    dimension, row, _ = next(rows for rows in scores.dimensions if rows[0].id == id)
    items = [item for item in scores.of_items(dimension) if item.status == "published"]
    if row.status != "published" or not items:
        return []
    lines = [_one_item(scores, sample, items[0], dimension)]
    if VOICES[dimension.rule].counted:
        terms = " + ".join(precise(item.score) for item in items)
        printed = score_in_full(row.score, dimension, scores.instrument)
        lines.append(
            f"{quote(dimension.label)} : ({terms}) ÷ {len(items)} = "
            f"{precise(row.score)}, arrondi à {printed}"
        )
    return [line for line in lines if line]


def _one_item(scores: Scores, sample: Sample, item: ScoreRow, dimension: Dimension) -> str:
    if scores.poles(item.item) is None:
        return ""
    given = [row for row in scores.answers[item.item] if row.state in ANSWERED]
    text = quote(next(i.text for i in scores.instrument.items if i.code == item.item))
    n = number(sum(row.count for row in given))
    if gives(dimension) == "level":
        return _median_line(sample, item, text)
    if counted := VOICES[dimension.rule].counted:
        singular, plural, among = counted
        favourable = sum(row.count for row in given if row.pole == "positive")
        good = count(int(favourable), singular, plural)
        return f"{text} : {good} ÷ {n} {among} × 100 = {precise(item.score)}"
    if gives(dimension) != "points" or given[0].state == "pole":
        return ""
    terms = " + ".join(
        f"{number(row.count)} × {_weight(100 * row.position / (len(given) - 1))}" for row in given
    )
    return f"{text} : ({terms}) ÷ {n} = {precise(item.score)}"


def _median_line(sample: Sample, item: ScoreRow, text: str) -> str:
    """Which answers, in order, the level and its interval were read on."""
    question = next(each for each in sample.instrument.items if each.code == item.item)
    level = level_words(item.score, sample.instrument.scale_of(question))
    dimension = sample.instrument.dimension(item.dimension)
    ends = work_interval(sample, dimension, item, item.n_valid)
    suffix = f" ; intervalle : {ends}" if ends else ""
    return f"{text} : {middle(int(item.n_valid), 'réponse')} : niveau {level}{suffix}"


def _weight(points: float) -> str:
    return number(points, 0 if abs(points - round(points)) < 1e-9 else 2)


def finite_line(sample: Sample) -> str:
    """How near to everybody the answers are, with this service's own numbers."""
    heads, subject, n = sample.head_count, sample.subject, sample.n
    if pd.isna(heads):
        return ""
    if all(gives(dimension) == "level" for dimension in sample.instrument.dimensions):
        return ""
    if sample.instrument.of_people:
        known = number(100 * n / heads)
        return f"Ici, {n} réponses pour {number(heads)} sollicités : f = {known} %."
    if heads <= n:
        every = f"les {subject.count(int(heads))} ont {subject.every}"
        return f"Ici, {every} été {subject.agree(subject.seen)}."
    return f"Ici, {subject.count(n, subject.seen)} sur {number(heads)}."


def threshold_table(instrument: Instrument) -> Table:
    """Every reading mark, its meaning and where it comes from."""
    dimensions = instrument.dimensions
    levels = axis_levels(dimensions, instrument)
    rows = [("Toutes les dimensions", *_mark(mark, levels)) for mark in instrument.thresholds]
    rows += [
        (dimension.label, *_mark(mark, axis_levels([dimension], instrument)))
        for dimension in dimensions
        for mark in dimension.thresholds
    ]
    return Table(
        "Seuils de lecture et leur origine",
        ("Dimension", "Lecture", "Seuil", "Origine"),
        rows,
        left=(0, 1, 3),
    )


def _mark(mark: Threshold, levels: dict[float, str]) -> tuple[str, str, str]:
    """What a mark reads, its place (a level where the axis has levels), its origin."""
    way = "au moins" if mark.kind == "at_least" else "au plus"
    kind = "point fort" if mark.kind == "at_least" else "priorité"
    name = kind if mark.label.lower() == kind else f"{kind} : {mark.label}"
    place = number(mark.value, 0 if mark.value == round(mark.value) else 1)
    level = levels.get(mark.value)
    return name, f"{way} {f'{level} (place {place})' if level else place}", mark.origin


def reliability_table(reliability: pd.DataFrame, instrument: Instrument) -> Table:
    """Reliability of each dimension over the whole campaign, one column per coefficient."""
    present = [name for name in RELIABILITY if (reliability["measure"] == name).any()]
    found = {(row.dimension, row.measure): row for row in rows_of(reliability, ReliabilityRow)}
    cells = {key: _coefficient(row) + _against(found, key) for key, row in found.items()}
    names = [*((d.id, d.label) for d in instrument.dimensions), ("", "Ensemble des questions")]
    rows = [
        (label, _rested_on(found, id), *(cells.get((id, name), "–") for name in present))
        for id, label in names
        if any((id, name) in cells for name in present)
    ]
    return Table(
        "Fidélité des dimensions, toute la campagne",
        ("Dimension", "Personnes", *(RELIABILITY[name][0] for name in present)),
        rows,
    )


def _rested_on(found: dict[tuple[str, str], ReliabilityRow], dimension: str) -> str:
    """How many people the coefficients rest on: the complete returns, then all of the services."""
    counts = [
        number(found[dimension, name].n) for name in ("alpha", "icc1") if (dimension, name) in found
    ]
    return " ; ".join(dict.fromkeys(counts)) or "–"


def _against(found: dict[tuple[str, str], ReliabilityRow], key: tuple[str, str]) -> str:
    """What is said of an omega whose loadings have both signs."""
    against = found.get((key[0], "omega_against"))
    if key[1] != "omega" or against is None or not against.value > 0:
        return ""
    return f" ({count(int(against.value), 'question')} à contresens)"


def _coefficient(row: ReliabilityRow) -> str:
    if pd.isna(row.value):
        return "non calculable"
    if row.measure.startswith("icc") and row.value < 0:
        return "0 (estimé négatif)"
    if pd.isna(row.low):
        return number(row.value, 2)
    return f"{number(row.value, 2)} [{number(row.low, 2)}{NARROW}; {number(row.high, 2)}]"


def reliability_words(reliability: pd.DataFrame) -> list[tuple[str, str]]:
    """(name, plain words) of the coefficients present."""
    present = set(reliability["measure"].astype(str))
    return [names for key, names in RELIABILITY.items() if key in present]


def score_cell(row: ScoreRow | HistoryRow, instrument: Instrument) -> str:
    """A score in a table, or why there is none."""
    if row.status != "published":
        return words.STATUSES.get(row.status, "–")
    code = getattr(row, "item", "")
    item = next((item for item in instrument.items if item.code == code), None)
    return score_in_full(row.score, instrument.dimension(row.dimension), instrument, item)


def interval_cell(row: ScoreRow | HistoryRow, instrument: Instrument) -> str:
    """An interval in a table, a dash when nothing is shown or nothing was drawn."""
    if row.status != "published":
        return "–"
    return ends_words(row.low, row.high, instrument.dimension(row.dimension), instrument) or "–"


def count_cell(value: float, share: bool = False) -> str:
    """A number in a table: – when it is hidden or unknown."""
    if pd.isna(value):
        return "–"
    return percent(value) if share else number(value)
