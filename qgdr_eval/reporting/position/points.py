"""Which answers deserve the first page: what to lean on, what to do first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qgdr_eval.comparison.findings import AT_MOST
from qgdr_eval.comparison.findings.declared import TOLD_OTHERWISE, height
from qgdr_eval.comparison.findings.model import LOW_ITEM, LOWEST_ANSWER, PRIORITY, WORST_ZONE
from qgdr_eval.french import count, listed, signed
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.position import words
from qgdr_eval.reporting.position.answers import Answer, toned, total, turned
from qgdr_eval.reporting.position.gaps import gap, required
from qgdr_eval.reporting.position.report import Position
from qgdr_eval.reporting.position.reserves import low_rated, reserve
from qgdr_eval.reporting.position.stand import Stand
from qgdr_eval.reporting.position.zones import Risk, in_zone, set_aside
from qgdr_eval.scoring import RULES
from qgdr_eval.wording.rules.rating_1_4 import OF_4
from qgdr_eval.wording.scores import short_words

FIGURES = {"rating": OF_4, "level": "niveau"}  # results said in few signs, and their unit
ORDER = {  # the kinds of points, in the order they are told
    "imperative": "les critères impératifs sous 4 ou non cotés",
    "critical": "les critères critiques qui manquent",
    "zone": "la gravité la plus forte",
    "priority": "les dimensions sous leur repère",
    "low": "les autres critères cotés 1 ou 2",
}
ALONE = {  # how points of one kind are ordered
    "zone": "La gravité la plus forte d'abord.",
    "unknown": "Ceux qui peuvent être dans la zone la plus défavorable d'abord.",
    "imperative": "De la cotation la plus basse à la plus haute.",
    "low": "De la cotation la plus basse à la plus haute.",
}


@dataclass(frozen=True)
class Point:
    """One thing to say: a figure and its unit, what it is about, the answer behind it.

    ``dimension``: the id of what it belongs to, for the levers. ``kind``: why it is told.
    """

    dimension: str
    figure: str
    unit: str
    name: str
    detail: str = ""
    answer: str = ""
    kind: str = ""


def to_do_first(position: Position) -> list[Point]:
    """What calls for action, the most pressing first; none when nothing does."""
    return [
        *(_of_critical(position.stand(answer.item.dimension), answer) for answer in position.unmet),
        *_of_worst_zone(position),
        *_of_low_dimensions(position),
        *_of_low_ratings(position),
        *_of_lowest_answers(position),
    ]


def to_lean_on(position: Position) -> list[Point]:
    """What stands well, the best first; none when nothing does."""
    return [
        *_of_best_zone(position.tables, position.risks),
        *_of_strengths(position.stands),
        *_of_best_answers(position.stands),
    ]


def to_see(tables: RiskMap | None, risks: Sequence[Risk]) -> list[Point]:
    """The risks nobody could rate whole, those that may stand in the worst zone first."""
    return [_of_unknown(tables, risk) for risk in set_aside(risks, "unknown")] if tables else []


def _of_unknown(tables: RiskMap, risk: Risk) -> Point:
    worst, *rest = (tables.zones[zone].id for zone in risk.possible)
    return Point(
        risk.dimension.id,
        f"{worst} ?" if rest else worst,
        f"ou {listed(rest, 'ou')}" if rest else "dans tous les cas",
        f"{risk.number}. {risk.dimension.label}",
        "",
        risk.ratings,
        "unknown",
    )


def _of_critical(stand: Stand, answer: Answer) -> Point:
    rated = stand.gives == "rating"
    return Point(
        stand.dimension.id,
        answer.mark if rated and answer.valid else "–",
        OF_4 if rated and answer.valid else "non coté" if rated else "",
        answer.item.text,
        "",
        f"Critère {stand.voice.critical}, {stand.dimension.label}"
        f"{'' if rated else f' : {answer.label}'}",
        "imperative" if rated else "critical",
    )


def _of_worst_zone(position: Position) -> Iterator[Point]:
    risks = {risk.dimension.id: risk for risk in position.risks}
    for row in position.found.of(WORST_ZONE):
        yield _of_risk(position.tables, risks[row.dimension])


def _of_best_zone(tables: RiskMap | None, risks: Sequence[Risk]) -> Iterator[Point]:
    """The risks of the best zone, the gravest first."""
    for risk in in_zone(risks, len(tables.zones) - 1) if tables else ():
        yield _of_risk(tables, risk)


def _of_risk(tables: RiskMap | None, risk: Risk) -> Point:
    zone = tables.zones[risk.zone].id if tables and risk.zone is not None else ""
    name = f"{risk.number}. {risk.dimension.label}"
    return Point(risk.dimension.id, zone, "", name, "", risk.ratings, "zone")


def _of_low_dimensions(position: Position) -> list[Point]:
    farthest = [position.stand(row.dimension) for row in position.found.part(PRIORITY)]
    return [_of_dimension(stand, "priority") for stand in _told_in_order(farthest)]


def _of_strengths(stands: Sequence[Stand]) -> list[Point]:
    """The dimensions above their mark that lack nothing they may hide."""
    strong = [
        stand
        for stand in stands
        if (stand.reading.verdict, stand.reading.band) == ("established", "strength")
        and not reserve(stand)
    ]
    farthest = sorted(strong, key=lambda stand: -stand.row.score)
    return [_of_dimension(stand, "strength") for stand in _told_in_order(farthest)]


def _told_in_order(farthest: list[Stand]) -> list[Stand]:
    """Dimensions beyond a threshold, the farthest first; those told follow the questionnaire."""
    shown = farthest[:AT_MOST]
    shown.sort(key=lambda stand: stand.instrument.dimensions.index(stand.dimension))
    return [*shown, *farthest[AT_MOST:]]


def _of_dimension(stand: Stand, band: str) -> Point:
    wanting = [answer for answer in stand.valid if answer.tone != "good"]
    lowest = min(wanting, key=lambda answer: answer.rank) if wanting else None
    shown = lowest if band == "priority" else None
    figure, unit = _figure(stand)
    return Point(
        stand.dimension.id,
        figure,
        unit,
        stand.dimension.label,
        shown.item.text if shown else "",
        shown.label + turned([shown]) if shown else "",
        band,
    )


def _of_low_ratings(position: Position) -> Iterator[Point]:
    """The criteria at 1 or 2 of dimensions that are not told whole, the lowest first."""
    for row in position.found.of(LOW_ITEM):
        stand = position.stand(row.dimension)
        for answer in low_rated(stand):
            if answer.item.code == row.item:
                yield _of_criterion(stand.dimension, answer)


def _of_criterion(dimension: Dimension, answer: Answer) -> Point:
    return Point(dimension.id, answer.mark, OF_4, answer.item.text, "", dimension.label, kind="low")


def _figure(stand: Stand) -> tuple[str, str]:
    """The result of a dimension as a short figure and its unit."""
    if stand.gives in FIGURES:
        score = short_words(stand.row.score, stand.dimension, stand.instrument)
        return score, FIGURES[stand.gives]
    return words.result(stand), words.unit(stand)


def _of_lowest_answers(position: Position) -> Iterator[Point]:
    """Without thresholds: what each dimension lacks most."""
    for row in position.found.of(LOWEST_ANSWER):
        stand = position.stand(row.dimension)
        poor = [answer for answer in toned(stand.answers, "poor") if answer.item.code == row.item]
        yield _of_extreme(stand, min(poor, key=lambda answer: answer.rank))


def _of_best_answers(stands: Sequence[Stand]) -> Iterator[Point]:
    """Without thresholds: the best answer of each dimension, the highest dimensions first."""
    for stand in sorted(_without_mark(stands), key=lambda stand: -stand.row.score):
        if good := toned(stand.answers, "good"):
            yield _of_extreme(stand, max(good, key=_height(stand.instrument)))


def _without_mark(stands: Sequence[Stand]) -> list[Stand]:
    """The dimensions read without a mark; risks are told by their zones."""
    return [
        stand
        for stand in stands
        if stand.reading.verdict == "no_threshold" and stand.gives != "zone"
    ]


def _height(instrument: Instrument) -> Callable[[Answer], tuple[int, int]]:
    return lambda answer: height(answer.item, instrument.scale_of(answer.item), answer.rank)


def _of_extreme(stand: Stand, answer: Answer) -> Point:
    tells = _extreme_gap if RULES[stand.dimension.rule].required else _extreme_answer
    return tells(stand, answer)


def _extreme_answer(stand: Stand, answer: Answer) -> Point:
    options = len(stand.instrument.scale_of(answer.item).options)
    place = answer.rank + 1
    return Point(
        stand.dimension.id,
        str(place),
        f"sur {options}",
        stand.dimension.label,
        answer.item.text,
        answer.label + turned([answer]),
        "extreme",
    )


def _extreme_gap(stand: Stand, answer: Answer) -> Point:
    levels = gap(answer, stand.instrument) or 0
    return Point(
        stand.dimension.id,
        signed(levels) if levels else "=",
        f"niveau{'x' if abs(levels) > 1 else ''}" if levels else "au niveau",
        stand.dimension.label,
        answer.item.text,
        f"{answer.label} ; demandé : {required(answer.item, stand.instrument).label}",
        "extreme",
    )


def chosen_how(stands: Sequence[Stand], points: list[Point], best: bool) -> str:
    """In what order points are told, how those without a mark are chosen, how many more follow."""
    kinds = list(dict.fromkeys(point.kind for point in points))
    if "extreme" in kinds:
        return _extremes_said(stands, best)
    others = len(points) - AT_MOST
    which = "Un autre figure" if others == 1 else f"{others} autres figurent"
    parts = [_order_said(kinds, others)] if len(points) > 1 else []
    return " ".join(parts + ([f"{which} plus bas."] if others > 0 else []))


def _order_said(kinds: list[str], others: int) -> str:
    """The order of points: that of their kinds, or within the only one."""
    if len(kinds) > 1:
        return f"D'abord {', puis '.join(ORDER[kind] for kind in kinds)}."
    if kinds[0] in ALONE:
        return ALONE[kinds[0]]
    if kinds[0] in ("priority", "strength"):
        farthest = "Les plus éloignées de leur repère, dans" if others > 0 else "Dans"
        return f"{farthest} l'ordre du questionnaire."
    return ""


def _extremes_said(stands: Sequence[Stand], best: bool) -> str:
    """How one answer a dimension is chosen without a mark, and how many there are in all."""
    high, tone = ("haute", "good") if best else ("basse", "poor")
    answers = [
        answer
        for stand in _without_mark(stands)
        if best or stand.gives not in TOLD_OTHERWISE
        for answer in toned(stand.answers, tone)
    ]
    return (
        f"La réponse la plus {high} de chaque dimension, les dimensions au score le plus "
        f"{'haut' if best else 'bas'} d'abord ; à égalité, la première du questionnaire. "
        f"{'Une dimension peut figurer des deux côtés. ' if best else ''}"
        f"En tout, {_counted(answers, best)}, à lire plus bas."
    )


def _counted(answers: list[Answer], best: bool) -> str:
    """How many answers stand on a side: plain ones, and depths of knowledge apart."""
    depths = total(answer for answer in answers if answer.item.required is not None)
    plain = total(answers) - depths
    side = "favorable" if best else "défavorable"
    parts = [f"{count(plain, 'réponse')} du côté {side}"] if plain else []
    level = "au niveau demandé" if best else "sous le niveau demandé"
    return listed(parts + ([f"{count(depths, 'connaissance')} {level}"] if depths else []))
