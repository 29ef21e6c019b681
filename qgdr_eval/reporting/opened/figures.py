"""The figures of an opened score: each rule's formula, filled in with its numbers."""

from collections.abc import Iterator
from statistics import harmonic_mean

import pandas as pd

from qgdr_eval.frames import ComparisonRow, ReadingRow, ScoreRow
from qgdr_eval.french import count, listed, number, signed
from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting.opened.answers import spread_of
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.all_or_none import bounds_words
from qgdr_eval.reporting.team.arithmetic import exact, middle, plain, precise, share, term, total
from qgdr_eval.reporting.team.intervals import work_interval
from qgdr_eval.reporting.team.sample import Sample
from qgdr_eval.scoring import RULES, gives
from qgdr_eval.wording.measures import measure_words
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.scores import score_in_full
from qgdr_eval.wording.subjects import Subject


def work_figures(
    sample: Sample,
    dimension: Dimension,
    row: ScoreRow,
    reading: ReadingRow,
    items: list[ScoreRow],
    beside: dict[str, ScoreRow],
    gap: ComparisonRow | None,
) -> Iterator[tuple[str, str]]:
    """The figures of one dimension, by name, each with its arithmetic.

    ``items``: the scores of its items; ``beside``: its other measures, in an audit.
    """
    yield from work_scores(sample, dimension, row, items, beside)
    if row.status == "published" and reading.verdict != "no_threshold":
        yield "Lecture", _read(sample, dimension, row, reading)
    if gap is not None and not pd.isna(gap.difference):
        yield "Écart", _gap(gap)


def work_scores(
    sample: Sample,
    dimension: Dimension,
    row: ScoreRow,
    items: list[ScoreRow],
    beside: dict[str, ScoreRow],
) -> Iterator[tuple[str, str]]:
    """The score with its interval, then those that stand beside it in an audit."""
    worked = _work_dimension(sample, dimension, row, items)
    yield ("Moyenne des critères" if beside else VOICES[dimension.rule].heading), worked
    if interval := work_interval(sample, dimension, row, _answers(sample, dimension, row, items)):
        yield "Intervalle", interval
    if beside:
        yield from _work_audit(sample, dimension, items, beside)


def _answers(sample: Sample, dimension: Dimension, row: ScoreRow, items: list[ScoreRow]) -> float:
    """Answers behind a dimension: those of its least answered criterion, of a typical question."""
    known = [item.n_valid for item in items if item.n_valid > 0]
    if RULES[dimension.rule].combine == "median":
        return float(row.n_valid)
    if not sample.instrument.of_people or not known:
        return float(min([row.n_valid, *known]))
    return float(min(row.n_valid, harmonic_mean(known)))


def _work_dimension(
    sample: Sample, dimension: Dimension, row: ScoreRow, items: list[ScoreRow]
) -> str:
    match RULES[dimension.rule].combine:
        case "zone":
            return _zone(sample, dimension, row)
        case _ if row.status != "published":
            return words.STATUSES.get(row.status, words.STATUSES["suppressed"])
        case "items":
            return _mean_of_items(sample, dimension, row, items)
        case "subjects":
            return _mean_of_subjects(sample, dimension, row, items)
        case _:
            return _median_of_subjects(sample, dimension, row, items)


def _mean_of_items(
    sample: Sample, dimension: Dimension, row: ScoreRow, items: list[ScoreRow]
) -> str:
    shown = [term(item.score, dimension.rule) for item in items if item.status == "published"]
    what = VOICES[dimension.rule].criterion
    score = sum(item.score for item in items if item.status == "published") / len(shown)
    mean = f"{total(shown)} ÷ {len(shown)} = {exact(score, dimension.rule)}"
    unanswered = [item.item for item in items if item.status == "no_answer"]
    aside = f" ; sans réponse valide, hors du calcul : {listed(unanswered)}" if unanswered else ""
    worked = f"moyenne simple de {count(len(shown), what)}, {mean}"
    return f"{worked}{_rounded(sample, dimension, row)}{aside}"


def _rounded(sample: Sample, dimension: Dimension, row: ScoreRow) -> str:
    """What is printed of an exact score, where it is printed shorter."""
    printed = score_in_full(row.score, dimension, sample.instrument)
    return "" if gives(dimension) == "rating" else f", imprimé {printed}"


def _mean_of_subjects(
    sample: Sample, dimension: Dimension, row: ScoreRow, items: list[ScoreRow]
) -> str:
    """The mean of means that are not shown, unless the items' own scores are enough to make it."""
    if all(item.n_valid == sample.n for item in items if item.status == "published"):
        made = _mean_of_items(sample, dimension, row, items)
        return made if sample.n == 1 else f"tous ont répondu aux mêmes questions : {made}"
    score = score_in_full(row.score, dimension, sample.instrument)
    return (
        f"moyenne des {number(row.n_valid)} scores individuels = {score}. Un score individuel est "
        "la moyenne des réponses d'une même personne ; aucun n'est publié"
    )


def _median_of_subjects(
    sample: Sample, dimension: Dimension, row: ScoreRow, items: list[ScoreRow]
) -> str:
    """The median of medians that are not shown, unless there is one question or one answer."""
    level = score_in_full(row.score, dimension, sample.instrument)
    shown = sum(item.status == "published" for item in items)
    if shown == 1 and len(items) == 1:
        return f"une seule question, donc son niveau : {level}"
    if sample.n == 1:
        return f"médiane des niveaux de {count(shown, 'question')} : {level}"
    whose = sample.subject.noun
    ranked = middle(int(row.n_valid), "médiane")
    return f"{ranked}, une par {whose}, dont aucune n'est publiée : {level}"


def _work_audit(
    sample: Sample, dimension: Dimension, items: list[ScoreRow], beside: dict[str, ScoreRow]
) -> Iterator[tuple[str, str]]:
    """Pooled, then all or none, each where it is published."""
    pooled, every = beside["pooled"], beside.get("all_or_none")
    if pooled.status == "published":
        answered = [item for item in items if item.status == "published"]
        made = share(sum(map(_met, answered)), sum(item.n_valid for item in answered))
        ends = work_interval(sample, dimension, pooled, pooled.n_valid)
        yield _opened("pooled", sample.subject, made, ends)
    if every is not None and every.status == "published":
        made = share(_met(every), every.n_valid)
        ends = work_interval(sample, dimension, every, every.n_valid)
        name, worked = _opened("all_or_none", sample.subject, made, ends)
        bounds = bounds_words(beside, sample.subject)
        yield name, f"{worked}. {bounds.removesuffix('.')}" if bounds else worked


def _opened(measure: str, subject: Subject, made: str, ends: str) -> tuple[str, str]:
    """A score of an audit with its arithmetic, and its interval where it has one."""
    name, counts = measure_words(measure, subject)
    return name, f"{counts}, {made} ; {ends}" if ends else f"{counts}, {made}"


def _met(row: ScoreRow) -> int:
    """How many of the valid answers behind a share were favourable."""
    return round(row.score * row.n_valid / 100)


def _zone(sample: Sample, dimension: Dimension, row: ScoreRow) -> str:
    """Gravity and likelihood to a gross level, level and control to a zone."""
    risk, rated = sample.instrument.risk, _ratings(sample, dimension)
    if row.status != "published" or risk is None or len(rated) < 3:
        return "pas de zone : il faut les trois cotations d'un seul groupe"
    gravity, likelihood, control = (
        max(rated[role].values()) for role in ("gravity", "likelihood", "control")
    )
    zone = risk.zones[risk.zone(gravity, likelihood, control)]
    harms = ", ".join(f"{harm} {rank}" for harm, rank in rated["gravity"].items())
    worst = f" (la pire de {harms})" if len(rated["gravity"]) > 1 else ""
    return (
        f"gravité {gravity}{worst} et vraisemblance {likelihood}, niveau brut "
        f"{risk.level(gravity, likelihood)} ; ce niveau et une maîtrise de {control} : "
        f"zone {zone.id} ({zone.label})"
    )


def _ratings(sample: Sample, dimension: Dimension) -> dict[str, dict[str, int]]:
    """What the only group of a risk map rated, by role, then by kind of harm."""
    rated: dict[str, dict[str, int]] = {}
    for item in sample.instrument.items_of(dimension.id):
        spread = spread_of(sample, item, dimension.rule)
        if spread is not None and spread.valid == 1:
            rank = spread.options[spread.counts.index(1)].code
            rated.setdefault(str(item.role), {})[item.harm or ""] = rank
    return rated


def _read(sample: Sample, dimension: Dimension, row: ScoreRow, reading: ReadingRow) -> str:
    """The interval, or a declared score, beside the marks it is read against."""
    marks = listed(
        f"{'au moins' if mark.kind == 'at_least' else 'au plus'} {plain(mark.value)}"
        for mark in sorted(sample.instrument.thresholds_of(dimension.id), key=lambda m: m.value)
    )
    decimals = 0 if sample.instrument.of_people else 1  # as precise as it leaves
    ends = f"[{number(row.low, decimals)} ; {number(row.high, decimals)}]"
    what = precise(row.score) if sample.instrument.declared else ends
    verdict = words.verdict(reading, sample.instrument, row.status)
    return f"{what} sur 100, repères {marks} : {verdict}"


def _gap(gap: ComparisonRow) -> str:
    made = f"{precise(gap.reference_score + gap.difference)} − {precise(gap.reference_score)}"
    exact = ("+" if gap.difference > 0 else "") + precise(gap.difference)
    return f"service − référence, {made} = {exact}, imprimé {signed(gap.difference)}"
