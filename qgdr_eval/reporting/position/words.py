"""Sentences about a position somebody declared: what was said, never what is established.

Sentences are plain text; `qgdr_eval.reporting.page.fragment` sets their typography.
"""

from collections.abc import Iterator, Sequence

from qgdr_eval.comparison.findings.declared import RATED_4
from qgdr_eval.frames import EvolutionRow
from qgdr_eval.french import NO_BREAK, capitalized, count, in_words, listed, number, percent, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.position.answers import Answer, toned, total, valid
from qgdr_eval.reporting.position.ratings import rates
from qgdr_eval.reporting.position.report import Position
from qgdr_eval.reporting.position.reserves import reserve, unknown_said
from qgdr_eval.reporting.position.stand import Stand, every_answer
from qgdr_eval.reporting.position.zones import (
    ASIDE,
    Risk,
    aside_said,
    existing,
    in_zone,
    zone_name,
    zone_rule,
)
from qgdr_eval.reporting.team import words
from qgdr_eval.wording.rules.risk import RISKS
from qgdr_eval.wording.scores import score_in_full
from qgdr_eval.wording.verdicts import between
from qgdr_eval.wording.voice import Voice

SAME = 1e-6  # points between two equal scores


def tally(n: int, among: int, thing: tuple[str, str, bool], state: tuple[str, str]) -> str:
    """How many things are so: « 4 points sur 6 sont faits », « aucun des 6 points n'est fait ».

    >>> point = ("point", "points", False)
    >>> told = tally(1, 6, point, ("fait", "faits")), tally(0, 6, point, ("fait", "faits"))
    >>> [text.replace(NO_BREAK, " ") for text in told]
    ['1 point sur 6 est fait', "aucun des 6 points n'est fait"]
    """
    singular, plural, feminine = thing
    if n == 0:
        many = f"{among}{NO_BREAK}{plural}"
        return f"aucun{'e' if feminine else ''} des {many} n'est {state[0]}"
    if n == 1:
        return f"1{NO_BREAK}{singular} sur{NO_BREAK}{among} est {state[0]}"
    return f"{n}{NO_BREAK}{plural} sur{NO_BREAK}{among} sont {state[1]}"


def what_it_is(instrument: Instrument, *, beside_team: bool) -> tuple[str, str]:
    """What the page of a position is, and how it must not be read."""
    if instrument.of_a_person:
        return "Positionnement personnel.", (
            "Une personne dit où elle pense en être ; elle est seule à lire cette page. On se note "
            "d'ordinaire plus haut que les autres ne nous notent. Ni intervalle, ni comparaison : "
            "ce n'est pas un entretien d'évaluation."
        )
    lacking = (
        "pas d'intervalle ; ce qu'en voit l'équipe est dit plus bas"
        if beside_team
        else "ni intervalle ni comparaison"
    )
    return (
        "Auto-évaluation préparatoire." if rates(instrument) else "Position d'un groupe.",
        "Un groupe s'est mis d'accord sur ces réponses ; ce n'est pas un sondage, elles n'ont donc "
        f"{lacking}. Ce n'est ni une note, ni un classement, ni une évaluation de la HAS.",
    )


def headline(position: Position) -> str:
    """The one sentence the answers support: counts, rule by rule."""
    parts = [part for part in _parts(position) if part]
    if not parts:
        return "Aucune réponse n'entre dans le calcul : rien ne peut être dit."
    return f"{capitalized(' ; '.join(parts))}."


def _parts(position: Position) -> Iterator[str]:
    """What each rule of the instrument allows to say of all its dimensions together."""
    counted: dict[tuple[str, str, bool], list[Stand]] = {}
    for stand in position.stands:
        counted.setdefault(stand.voice.thing, []).append(stand)
    for stands in counted.values():
        answers = valid(every_answer(stands))
        if stands[0].gives == "zone":
            yield _risks_said(position)
        elif answers and stands[0].gives == "rating":
            yield _rating_said(position, stands[0].voice, answers)
        elif answers:
            yield _met_said(stands[0].voice, answers)


def _met_said(voice: Voice, answers: list[Answer]) -> str:
    """How many answers of a rule count, then what is told of the others."""
    met = total(toned(answers, "good"))
    half, poor = (total(toned(answers, tone)) for tone in ("half", "poor"))
    return ", ".join([tally(met, total(answers), voice.thing, voice.met), *voice.rest(half, poor)])


def _rating_said(position: Position, voice: Voice, answers: list[Answer]) -> str:
    high = total(answer for answer in answers if answer.rank >= RATED_4 - 1)
    counted = tally(high, total(answers), voice.thing, voice.met)
    return " ; ".join(part for part in (counted, critical_said(position)) if part)


def critical_said(position: Position) -> str:
    """How many critical criteria are not wholly met; "" when the instrument has none."""
    every = [item for item in position.instrument.items if item.critical]
    if not every:
        return ""
    rated = rates(position.instrument)
    lacking = len({answer.item.code for answer in valid(position.unmet)})
    without = len({answer.item.code for answer in position.unmet if not answer.valid})
    aside = _out_of_field(position) if rated else set()
    if aside:
        every = [item for item in every if item.code not in aside]
    if not lacking and not without:
        rest = "" if not aside else f", {count(len(aside), 'autre')} hors du champ de la structure"
        wholly = "cotés 4" if rated else "remplis"
        return f"les {len(every)} {_critical(rated, True)} sont tous {wholly}{rest}"
    verb = "demandent" if lacking > 1 else "demande"
    called = (
        f"{lacking}{NO_BREAK}{_critical(rated, lacking > 1)} sur{NO_BREAK}{len(every)} {verb} "
        "un plan d'actions"
    )
    empty = f"{without}{NO_BREAK}{_critical(rated, without > 1)} sans réponse"
    return ", ".join([called] * bool(lacking) + [empty] * bool(without))


def _out_of_field(position: Position) -> set[str]:
    """The imperative criteria that no group is concerned by."""
    given: dict[str, set[str]] = {}
    for answer in every_answer(position.stands):
        if answer.item.critical:
            given.setdefault(answer.item.code, set()).add(answer.state)
    return {code for code, states in given.items() if states == {"not_applicable"}}


def _critical(rated: bool, several: bool) -> str:
    kind = "impératif" if rated else "critique"
    return f"critères {kind}s" if several else f"critère {kind}"


def _risks_said(position: Position) -> str:
    """How many risks stand in each zone, and how many in none, by why."""
    tables, risks = position.tables, position.risks
    if tables is None:
        return ""
    zones = [(len(in_zone(risks, rank)), quote(zone.id)) for rank, zone in enumerate(tables.zones)]
    rest = [f"{n}{NO_BREAK}en {name}" for n, name in zones[1:] if n]
    return ", ".join([worst_said(tables, risks), *rest, *aside_said(risks)])


def worst_said(tables: RiskMap, risks: Sequence[Risk]) -> str:
    """How many risks stand in the worst zone, of those that exist here."""
    here = existing(risks)
    if all(risk.zone is None for risk in here):
        return "aucun risque n'a de zone"
    name = zone_name(tables, 0)
    return tally(len(in_zone(here, 0)), len(here), RISKS, (name, name))


def result(stand: Stand) -> str:
    """What a dimension comes to: « 4 sur 6 », « 2,75 sur 4 », or why it comes to nothing."""
    if not stand.has_result:
        return nothing_said(stand)
    if stand.counted:
        return f"{total(toned(stand.valid, 'good'))} sur {total(stand.valid)}"
    return score_in_full(stand.row.score, stand.dimension, stand.instrument)


def unit(stand: Stand) -> str:
    """What the result of a dimension counts, after it: « faits », « du côté favorable »."""
    return stand.voice.met[1] if stand.counted else ""


def share(stand: Stand) -> str:
    """The percentage a result of counted answers stands for, "" for other rules."""
    return percent(stand.row.score) if stand.counted and stand.has_result else ""


def result_and_share(stand: Stand) -> str:
    """What a dimension comes to, with its percentage: « 4 sur 6 (67 %) »."""
    return f"{result(stand)} ({part})" if (part := share(stand)) else result(stand)


def complete(stand: Stand, text: str) -> str:
    """A result with the answers that lack: « 5 sur 5 (100 %), 1 sans réponse »."""
    if not (stand.counted and stand.has_result):
        return text
    return ", ".join(part for part in (text, unknown_said(stand)) if part)


def nothing_said(stand: Stand) -> str:
    """Why a dimension has no result."""
    answers = stand.answers
    labels = {answer.label for answer in answers}
    if len(labels) == 1 and not answers[0].valid:
        label = labels.pop()
        missing = answers[0].state == "missing"
        return "sans réponse" if missing else f"tout est {quote(answers[0].mark or label)}"
    if not stand.valid:
        return "hors du calcul"
    if stand.gives == "zone":
        return ASIDE["unknown"]
    return f"{total(stand.valid)} sur {total(answers)} : trop peu"


def reading(stand: Stand) -> str:
    """Where a declared result stands, in the threshold's own words; "" without thresholds."""
    read = stand.reading
    if read.verdict == "capped":
        rated = rates(stand.instrument)
        lacking = "un impératif est sous 4" if rated else "un critère critique manque"
        return f"pas {quote(_mark(stand, 'at_least'))} : {lacking}"
    if read.verdict != "established":
        return ""
    if read.band == "between":
        return between(stand.instrument, read.dimension)
    return _mark(stand, "at_most") if read.band == "priority" else _strength(stand)


def _strength(stand: Stand) -> str:
    """The words of the upper mark, with what keeps from leaning on the result."""
    label, lacking = _mark(stand, "at_least"), reserve(stand)
    if not lacking:
        return label
    if stand.gives == "share":
        return "à compléter"  # the result beside it says what lacks
    return f"{label} en moyenne, avec {lacking}"


def _mark(stand: Stand, kind: str) -> str:
    return next(mark.label for mark in stand.marks if mark.kind == kind)


def lean_title(tables: RiskMap | None) -> tuple[str, str]:
    """What points to lean on are called, and what is said without one: no risk is a strength."""
    if tables is None:
        return "Points d'appui", "Aucun point d'appui net dans ces réponses."
    best = len(tables.zones) - 1
    name = quote(tables.zones[best].id)
    return f"Zone {name} : {zone_rule(tables, best)}", f"Aucun risque en zone {name}."


def how_many_actions(position: Position) -> str:
    """How many actions to take: all that must be, then few."""
    few = "une ou deux actions tenues valent mieux que dix inscrites"
    tables = position.tables
    if tables is not None and in_zone(position.risks, 0):
        must = f"Chaque risque {zone_name(tables, 0)} demande une action"
    elif rates(position.instrument) and position.unmet:
        must = "Chaque critère impératif sous 4 demande un plan d'actions"
    elif not any(stand.marks for stand in position.stands):
        return (
            "Aucun repère ne choisit à votre place : prenez une dimension, pas toutes. "
            f"{capitalized(few)}."
        )
    else:
        return f"{capitalized(few)}."
    return f"{must} ; au-delà, {few}."


def profile_title(stands: Sequence[Stand]) -> str:
    """What the profile shows, as the heading of its section."""
    shown = [stand for stand in stands if stand.has_result]
    if not shown:
        return "Aucune dimension n'a de résultat"
    high, low = (_established(shown, band) for band in ("strength", "priority"))
    if not high and not low:
        return f"Le profil en {words.dimensions(len(shown))}"
    among = len(shown)
    parts = [
        f"{_many(len(high), among)} {'atteint son' if len(high) == 1 else 'atteignent leur'} "
        f"repère{_reserved(high, among)}"
        if high
        else "",
        f"{_many(len(low), among)} {'est' if len(low) == 1 else 'sont'} à reprendre d'abord"
        if low
        else "",
    ]
    whole = "" if among == len(stands) else " qui ont un résultat"
    counted = listed(part for part in parts if part)
    return f"Sur {words.dimensions(among)}{whole}, {counted}"


def _established(stands: Sequence[Stand], band: str) -> list[Stand]:
    where = ("established", band)
    return [stand for stand in stands if (stand.reading.verdict, stand.reading.band) == where]


def _reserved(high: list[Stand], among: int) -> str:
    """How many of the dimensions at their mark are not yet to lean on."""
    n = sum(bool(reserve(stand)) for stand in high)
    if not n:
        return ""
    return " avec une réserve" if n == len(high) == 1 else f" (dont {_many(n, among)} avec réserve)"


def _many(n: int, among: int) -> str:
    """A number of dimensions in words, or in figures where their total is."""
    return in_words(n, feminine=True) if among <= 10 else number(n)


def risks_title(tables: RiskMap, risks: Sequence[Risk]) -> str:
    """What the map shows, as the heading of its section."""
    return capitalized(worst_said(tables, risks))


def has_changed(row: EvolutionRow) -> bool:
    """Whether a dimension has another result than before."""
    return abs(row.difference) > SAME


def since_title(changed: int, among: int, risks: bool, evaluated: bool = False) -> str:
    """How many dimensions, or risks, have another result than before, or than an evaluation.

    >>> since_title(0, 7, risks=False), since_title(1, 7, risks=True)[25:]
    ("Depuis la dernière fois, aucune des 7 dimensions n'a changé", '1 risque sur 7 a changé')
    """
    singular, plural, feminine = RISKS if risks else ("dimension", "dimensions", True)
    if not among:
        sentence = f"rien ne se compare : les {plural} ne sont plus les mêmes"
    elif not changed:
        sentence = f"aucun{'e' if feminine else ''} des {among} {plural} n'a changé"
    elif changed == 1:
        sentence = f"1 {singular} sur {among} a changé"
    else:
        sentence = f"{changed} {plural} sur {among} ont changé"
    return f"Depuis {'l’évaluation de la HAS' if evaluated else 'la dernière fois'}, {sentence}"


def times_said(answer: Answer, groups: int) -> str:
    """How many groups gave an answer, when there are several: « (2 groupes) »."""
    return f" ({count(answer.times, 'groupe')})" if groups > 1 else ""
