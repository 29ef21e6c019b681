"""Sentences of the dashboard: what a series allows to say of its level, its target, its past.

A signal is a change that usual chance does not explain; no sentence here names a cause, blames, or
says that something got better. Sentences are plain text; `reporting.page` sets their typography.
"""

import math
from collections.abc import Callable, Sequence

from qgdr_eval.comparison.series import Series
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.control_words import (
    HIDDEN,
    SIDES,
    nothing_words,
    target_words,
    unit_words,
    write_interval,
    write_mark,
    write_value,
)
from qgdr_eval.frames import PointRow
from qgdr_eval.french import in_words, listed, number, quote
from qgdr_eval.reporting.dashboard.report import Followed
from qgdr_eval.reporting.page.fragment import NAMED
from qgdr_eval.reporting.series import signals

FAMILIES = {
    "adverse_events": "Événements indésirables",
    "complaints": "Plaintes et réclamations",
    "satisfaction": "Satisfaction",
    "practices": "Pratiques",
    "other": "Autres indicateurs",
}
STATUSES = {
    "suppressed": "effectif insuffisant",
    "complementary": "masqué pour en protéger un autre",
    "no_data": "–",
}
TARGETS = {
    "reached": "atteinte",
    "not_reached": "non atteinte",
    "cannot_conclude": "on ne peut pas conclure",
}
UNFAVOURABLE, MISSED, FAVOURABLE = (
    "Changement défavorable",
    "Cible non atteinte",
    "Changement favorable",
)
TOLD = {  # one, several, whether feminine
    UNFAVOURABLE: (
        "indicateur change de façon défavorable",
        "indicateurs changent de façon défavorable",
        False,
    ),
    MISSED: ("cible n'est pas atteinte", "cibles ne sont pas atteintes", True),
    FAVOURABLE: (
        "indicateur change de façon favorable",
        "indicateurs changent de façon favorable",
        False,
    ),
}


def name(series: Series) -> str:
    """The indicator, with the service when it is one service's."""
    return f"{series.indicator}, {series.service}" if series.service else series.indicator


def value(series: Series) -> str:
    """The last published value with its unit, or why there is none."""
    if math.isnan(series.level.value):
        return "aucune valeur"
    return f"{write_value(series, series.level.value)} {unit_words(series)}".strip()


def value_cell(series: Series) -> str:
    """The last published value in a table, with its period when it is not the latest."""
    latest = str(series.points["period"].iloc[-1])
    late = series.level.period not in ("", latest)
    return f"{value(series)}, {series.level.label}" if late else value(series)


def amounts(series: Series) -> str:
    """What the last published value is made of: « 47 sur 75 dossiers »; "" for a count."""
    level, unit = series.level, series.unit
    if series.kind in ("proportion", "rate"):
        among = "sur" if series.kind == "proportion" else "pour"
        return f"{number(level.numerator)} {among} {number(level.denominator)} {unit}".strip()
    if series.kind == "value" and not math.isnan(level.denominator):
        return f"effectif {number(level.denominator)}"
    return ""


def interval(series: Series) -> str:
    """The 95 % interval of the last published value, "" when it has none."""
    level = series.level
    return "" if math.isnan(level.low) else write_interval(series, level.low, level.high)


def last(series: Series) -> str:
    """When the last published value was met, what it is made of, its interval.

    It follows the value: « 63 % » « en oct. 2026 (47 sur 75 dossiers), intervalle … ».
    """
    if math.isnan(series.level.value):
        return f": {nothing_words(series)}."
    made_of = f" ({amounts(series)})" if amounts(series) else ""
    ends = f"intervalle à 95 % {interval(series)}" if interval(series) else "sans intervalle"
    sentence = f"en {series.level.label}{made_of}, {ends}."
    latest = rows_of(series.points, PointRow)[-1]
    if latest.period != series.level.period:
        sentence += f" La période la plus récente, {latest.label}, n'est pas montrée."
    return sentence


def target(series: Series) -> str:
    """What the last value allows to say of the target, in a sentence; "" without a target."""
    verdict = series.level.verdict
    if verdict not in TARGETS:
        return ""
    above = (verdict == "reached") == (series.direction == "up")
    because = f"tout l'intervalle est {SIDES['above' if above else 'below']}"
    if verdict == "cannot_conclude":
        because = "l'intervalle va d'un côté à l'autre"
    if series.kind == "value":
        because = "une valeur seule n'a pas d'intervalle"
    return f"{target_words(series).capitalize()} : {TARGETS[verdict]}, {because}."


def target_cell(series: Series) -> str:
    """The target and whether it is reached, in a table."""
    verdict = series.level.verdict
    return f"{target_words(series)} : {TARGETS[verdict]}" if verdict in TARGETS else "–"


def national(series: Series) -> str:
    """The national value beside the last interval, in a sentence; "" without one."""
    reference, level = series.reference, series.level
    if math.isnan(reference) or math.isnan(level.value):
        return ""
    source = f" ({series.reference_source})" if series.reference_source else ""
    sourced = f"{write_mark(series, reference)}{source}"
    if math.isnan(level.low):
        return f"{sourced} : la valeur du pôle n'a pas d'intervalle, on ne peut pas conclure."
    if level.low <= reference <= level.high:
        return f"{sourced} : l'intervalle la contient, on ne peut pas dire qu'on s'en écarte."
    side = "au-dessus" if level.low > reference else "au-dessous"
    return f"{sourced} : tout l'intervalle est {side}."


def attention(followed: Sequence[Followed]) -> list[tuple[str, Series]]:
    """(title, series) of all that calls for a look, in order; an indicator may come twice.

    A service stands there when no series read first says the same of its indicator.
    """
    fits: dict[str, Callable[[Series], bool]] = {
        UNFAVOURABLE: lambda series: series.change == "unfavourable",
        MISSED: lambda series: series.level.verdict == "not_reached",
        FAVOURABLE: lambda series: series.change == "favourable",
    }
    return [
        (title, series)
        for title, fit in fits.items()
        for indicator in followed
        for series in list(filter(fit, indicator.mains)) or list(filter(fit, indicator.services))
    ]


def why(title: str, series: Series) -> str:
    """Why a series calls for a look, in a sentence; a missed target is told with its change."""
    if title == MISSED:
        return target(series)
    missed = f" {target(series)}" if series.level.verdict == "not_reached" else ""
    return f"{signals(series)}.{missed}"


def headline(followed: Sequence[Followed]) -> str:
    """The one sentence that the series support."""
    found = attention(followed)
    parts = [
        _named([series for way, series in found if way == title], *TOLD[title])
        for title in (UNFAVOURABLE, MISSED, FAVOURABLE)
    ]
    text = " ; ".join(part for part in parts if part)
    if text:
        return f"{text[0].upper()}{text[1:]}."
    changes = [series.change for indicator in followed for series in indicator.mains]
    if all(change in ("too_few", "flat") for change in changes):
        return "Trop peu de points pour lire une évolution ; aucune cible n'est établie manquée."
    if "signal" in changes:
        return "Des changements sont à comprendre ensemble ; aucune cible n'est établie manquée."
    return (
        "Le hasard habituel suffit à expliquer ces chiffres ; aucune cible n'est établie manquée."
    )


def _named(found: list[Series], singular: str, plural: str, feminine: bool) -> str:
    if not found:
        return ""
    counted = f"{in_words(len(found), feminine)} {singular if len(found) == 1 else plural}"
    names = listed(quote(name(series)) for series in found)
    return f"{counted}, {names}" if len(names) <= NAMED else counted


def family_title(family: str, followed: Sequence[Followed]) -> str:
    """What a family of indicators shows, as the heading of its section."""
    found = [title for title, _ in attention(followed)]
    changes = [series.change for indicator in followed for series in indicator.mains]
    parts = [
        _counted(found.count(UNFAVOURABLE), "changement défavorable", "changements défavorables"),
        _counted(found.count(FAVOURABLE), "changement favorable", "changements favorables"),
        _counted(changes.count("signal"), "changement à comprendre", "changements à comprendre"),
        _counted(found.count(MISSED), "cible non atteinte", "cibles non atteintes", feminine=True),
    ]
    unread = all(change in ("too_few", "flat") for change in changes)
    nothing = "pas encore lisible" if unread else "pas de signal"
    return f"{FAMILIES[family]} : {listed(part for part in parts if part) or nothing}"


def _counted(n: int, singular: str, plural: str, feminine: bool = False) -> str:
    return f"{in_words(n, feminine)} {singular if n == 1 else plural}" if n else ""


def hidden(series: Series) -> int:
    """How many periods are not shown."""
    return int(series.points["status"].isin(HIDDEN).sum())
