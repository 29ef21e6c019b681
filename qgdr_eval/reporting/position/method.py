"""How the figures of a position are made: rules, and their arithmetic with this position's own."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qgdr_eval.frames import ExclusionRow
from qgdr_eval.french import NO_BREAK, capitalized, count, listed, number, percent, quote
from qgdr_eval.instruments import Instrument, Threshold
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.reporting.position.answers import Answer, gather, toned, total, valid
from qgdr_eval.reporting.position.ratings import chapters, rates, ratings_of
from qgdr_eval.reporting.position.report import Position
from qgdr_eval.reporting.position.stand import Stand, every_answer
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.arithmetic import precise
from qgdr_eval.scoring import RULES, gives, rating_of
from qgdr_eval.wording.levels import level_words
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.scores import score_in_full
from qgdr_eval.wording.voice import RuleWords


@dataclass(frozen=True)
class Worked:
    """A rule, and its arithmetic line by line."""

    rule: RuleWords
    lines: list[str]


def worked_rules(position: Position) -> list[Worked]:
    """Each rule the instrument uses, worked on all the dimensions it gives a result."""
    rules = dict.fromkeys(dimension.rule for dimension in position.instrument.dimensions)
    return [Worked(VOICES[rule].position, list(_lines(position, rule))) for rule in rules]


def _lines(position: Position, rule: str) -> Iterator[str]:
    """The arithmetic of one group; several groups' answers are told apart, not worked here."""
    if position.groups != 1:
        return
    stands = [
        stand for stand in position.stands if stand.dimension.rule == rule and stand.has_result
    ]
    if RULES[rule].gives == "zone":
        lines = list(_risk_lines(position, stands[:1]))  # the list of risks holds the others
    else:
        lines = [f"{_name(stand)} : {WORK[stand.gives](stand)}{_left(stand)}" for stand in stands]
    if RULES[rule].gives == "rating":
        lines += _chapter_lines(position.rated)
    yield from map(_unbroken, lines)


def _name(stand: Stand) -> str:
    return quote(stand.dimension.label)


def _unbroken(line: str) -> str:
    """A line of arithmetic that is not cut around ÷, × and =, nor before what a number counts.

    >>> _unbroken("5 « Fait » ; 5 ÷ 6 = 83,3").count(NO_BREAK)
    5
    """
    return re.sub(r" (?=[÷×=])|(?<=[÷×=]) |(?<=\d) (?=«)", NO_BREAK, line)


def _share_line(stand: Stand) -> str:
    """The parts that are counted, then the division."""
    n = total(toned(stand.valid, "good"))
    counts = listed(f"{given.times} {quote(given.full_label)}" for given in gather(stand.valid))
    worked = f"{n} {stand.voice.done[n > 1]} ÷ {total(stand.valid)} × 100"
    return f"{counts} ; {worked} = {_rounded(stand)}"


def _rounded(stand: Stand) -> str:
    """A score with one decimal and what the page prints of it; the latter alone when whole."""
    score = stand.row.score
    printed, exact = score_in_full(score, stand.dimension, stand.instrument), precise(score)
    return printed if exact.endswith(",0") else f"{exact}, arrondi à {printed}"


def _rating_line(stand: Stand) -> str:
    return _mean(list(stand.ratings))


def _mean(ratings: list[float]) -> str:
    terms = " + ".join(number(rating) for rating in ratings)
    if len(ratings) == 1:
        return f"une seule cotation, {terms}"
    return f"({terms}) ÷ {len(ratings)} = {number(sum(ratings) / len(ratings), 2)}"


def _chapter_lines(rated: list[Stand]) -> Iterator[str]:
    for part, stands in chapters(rated).items():
        if ratings := ratings_of(stands):
            yield f"{quote(part)}, tous critères : {_mean(ratings)}"


def _mean_line(stand: Stand) -> str:
    """Answers by the points they are worth: (2 × 0 + 3 × 33,33) ÷ 5."""
    points = Counter(_points(stand, answer) for answer in stand.valid)
    terms = " + ".join(f"{n} × {_said(worth)}" for worth, n in sorted(points.items()))
    among = sum(points.values())
    return f"({terms}) ÷ {among} = {_rounded(stand)}"


def _points(stand: Stand, answer: Answer) -> float:
    return 100 * answer.rank / (len(stand.instrument.scale_of(answer.item).options) - 1)


def _said(points: float) -> str:
    return number(points, 0 if abs(points - round(points)) < 1e-9 else 2)


def _median_line(stand: Stand) -> str:
    ranked = sorted(stand.valid, key=lambda answer: answer.rank)
    names = [
        level_words(_points(stand, answer), stand.instrument.scale_of(answer.item))
        for answer in ranked
    ]
    middle = score_in_full(stand.row.score, stand.dimension, stand.instrument)
    return f"rangés : {', '.join(names)} ; au milieu, {middle}"


def _risk_lines(position: Position, stands: list[Stand]) -> Iterator[str]:
    zones = position.tables.zones if position.tables else ()
    risks = {risk.dimension.id: risk for risk in position.risks}
    for stand in stands:
        risk = risks[stand.dimension.id]
        zone = "–" if risk.zone is None else zones[risk.zone].id
        yield (
            f"{_name(stand)} : gravité {risk.gravity} et vraisemblance {risk.likelihood}, niveau "
            f"brut {risk.level} ; niveau {risk.level} et maîtrise {risk.control}, {zone}"
        )


WORK = {
    "share": _share_line,
    "rating": _rating_line,
    "points": _mean_line,
    "level": _median_line,
}


def _left(stand: Stand) -> str:
    """What stays out of the calculation, each kind by its name."""
    aside = [given for given in gather(stand.answers) if given.tone == "out"]
    if not aside:
        return ""
    counted = listed(f"{given.times} {quote(given.mark or given.label)}" for given in aside)
    return f" ; hors du calcul : {counted}"


def left_out(instrument: Instrument) -> str:
    """What stays out of the calculation, by the names the instrument gives it."""
    if instrument.risk:
        return (
            "Sans gravité, vraisemblance et maîtrise, un risque n'a pas de zone ; « sans objet » à "
            "toutes ses questions, il est hors champ et n'est compté nulle part."
        )
    special = [
        answer
        for scale in instrument.scales.values()
        for answer in (*scale.not_applicable, *scale.dont_know)
    ]
    names = dict.fromkeys(quote(answer.short or answer.label) for answer in special)
    text = listed([*names, "une réponse vide"])
    verb = "sortent" if names else "sort"
    return (
        f"{capitalized(text)} {verb} du calcul ; une dimension où rien ne reste n'a pas de "
        "résultat."
    )


def capped(instrument: Instrument) -> str:
    """What a critical criterion takes away from its dimension; "" without one, or a mark."""
    marks = [threshold for threshold in instrument.thresholds if threshold.kind == "at_least"]
    if not marks or not any(item.critical for item in instrument.items):
        return ""
    kind = "impératif coté sous 4" if rates(instrument) else "critique qui manque"
    return (
        f"Un critère {kind} retire {quote(marks[0].label)} à sa dimension, quelle que soit la "
        "moyenne autour de lui."
    )


def minimum_answered(instrument: Instrument) -> str:
    """How much of a dimension must be answered, where its rule asks for it; "" elsewhere."""
    given = {gives(dimension) for dimension in instrument.dimensions}
    least = instrument.missing.minimum_answered
    if not given & {"points", "level"} or not least:
        return ""
    return (
        f"Il faut {percent(100 * least)} des questions d'une dimension pour qu'elle ait un score."
    )


def unread(exclusions: Iterable[ExclusionRow]) -> list[str]:
    """Answers that could not be used as they were written, in words."""
    return [
        f"{words.REASONS.get(row.reason, row.reason)}, "
        f"{words.ACTIONS.get(row.action, row.action)} ({number(row.count)})"
        for row in exclusions
    ]


def threshold_table(instrument: Instrument) -> Table:
    """Every reading mark on the 0–100 score, and on the 1–4 mean where criteria are rated."""
    marks = [("Toutes les dimensions", threshold) for threshold in instrument.thresholds]
    marks += [
        (dimension.label, threshold)
        for dimension in instrument.dimensions
        for threshold in dimension.thresholds
    ]
    ratings = rates(instrument)
    rows = [(label, *_mark(threshold, ratings)) for label, threshold in marks]
    columns = ("Dimension", "Repère", "De 1 à 4" if ratings else "", "De 0 à 100", "Origine")
    return Table(
        "Repères de lecture et leur origine",
        tuple(column for column in columns if column),
        rows,
        (0, 1, len(rows[0]) - 1) if rows else (0, 1),
    )


def _mark(threshold: Threshold, ratings: bool) -> tuple[str, ...]:
    way = "au moins" if threshold.kind == "at_least" else "au plus"
    value = threshold.value
    whole = round(value) == value
    rating = (f"{way} {number(rating_of(value), 2)}",) if ratings else ()
    score = f"{way} {number(value, 0 if whole else 1)}"
    return capitalized(threshold.label), *rating, score, threshold.origin


def answered(stands: Iterable[Stand]) -> str:
    """How many answers enter the calculation: « 51 sur 57 »."""
    answers = every_answer(stands)
    return f"{number(total(valid(answers)))} sur {number(total(answers))}"


def groups(position: Position) -> str:
    """How many groups or persons answered."""
    return count(position.groups, "groupe" if position.instrument.of_a_group else "personne")
