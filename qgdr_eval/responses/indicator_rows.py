"""The rows of a table of indicators, read cell by cell, and everything that is wrong with them."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import TypeVar

import pandas as pd

from qgdr_eval.french import did_you_mean, listed, quote
from qgdr_eval.problems import Problem
from qgdr_eval.responses.periods import FREQUENCIES, frequency, read_period
from qgdr_eval.responses.totals import is_total
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import plain

HEADERS = {
    "indicator": "indicateur",
    "family": "famille",
    "facility": "établissement",
    "pole": "pôle",
    "service": "service",
    "period": "période",
    "numerator": "numérateur",
    "denominator": "dénominateur",
    "value": "valeur",
    "kind": "type",
    "per": "par",
    "target": "cible",
    "direction": "sens",
    "unit": "unité",
    "reference": "référence",
    "comment": "commentaire",
    "change": "changement",
    "baseline": "base",
}
FAMILIES = {
    "adverse_events": "événements indésirables",
    "complaints": "plaintes et réclamations",
    "satisfaction": "satisfaction",
    "practices": "pratiques",
    "other": "autre",
}
KINDS = {"proportion": "proportion", "rate": "taux", "count": "comptage", "value": "valeur"}
DIRECTIONS = {"up": "hausse", "down": "baisse", "neutral": "neutre"}
MARKS = {"yes": "oui", "no": "non"}
CHOICES = {"family": FAMILIES, "kind": KINDS, "direction": DIRECTIONS, "baseline": MARKS}
NUMBERS = ("numerator", "denominator", "value", "per", "target", "reference")
AMOUNTS = ("numerator", "denominator", "value")
SAME = ("family", "kind", "direction", "per", "unit", "reference")  # on all rows of an indicator
FEWEST_BASE = 10  # periods of a baseline: with fewer nothing can be read against it
NAN = float("nan")
Picked = TypeVar("Picked")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?: \d{3})+|\d+)(?:[.,]\d+)?")


@dataclass(frozen=True)
class Line:
    """One filled row. ``texts``: its cells as given, by our column names, "" when empty.

    ``numbers`` are NaN and ``choices`` "" where the cell is empty or cannot be read.
    """

    row: int
    texts: Mapping[str, str]
    period: pd.Period | None
    numbers: Mapping[str, float]
    choices: Mapping[str, str]

    @cached_property
    def indicator(self) -> str:
        """The indicator, whatever its spelling."""
        return plain(self.texts["indicator"])

    @cached_property
    def place(self) -> tuple[str, str, str]:
        """Facility, pôle and service, whatever their spelling."""
        facility, pole, service = (
            plain(self.texts[key]) for key in ("facility", "pole", "service")
        )
        return facility, pole, service

    def has(self, key: str) -> bool:
        """Whether a cell is filled, be it with nonsense."""
        return bool(self.texts[key])


def read_lines(table: Table, columns: Mapping[str, str]) -> list[Line]:
    """The filled rows of a table; ``columns``: the header of each of our columns it has."""
    empty = [""] * len(table.frame)
    cells = {key: table.texts(columns[key]) if key in columns else empty for key in HEADERS}
    rows = [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    return [_line(table.row(i), texts) for i, texts in enumerate(rows) if any(texts.values())]


def _line(row: int, texts: dict[str, str]) -> Line:
    return Line(
        row,
        texts,
        read_period(texts["period"]),
        {key: read_number(texts[key]) for key in NUMBERS},
        {key: _chosen(texts[key], known) for key, known in CHOICES.items()},
    )


def read_number(text: str) -> float:
    """A number with a decimal comma or point, spaces between thousands, maybe « % »; else NaN.

    >>> read_number("1 234,5"), read_number("85 %"), read_number("environ 12")
    (1234.5, 85.0, nan)
    """
    written = " ".join(text.replace("\u2212", "-").split()).removesuffix("%").strip()
    if not _NUMBER.fullmatch(written):
        return NAN
    return float(written.replace(" ", "").replace(",", "."))


def _chosen(text: str, known: Mapping[str, str]) -> str:
    return next((key for key, name in known.items() if plain(name) == plain(text)), "")


def by_indicator(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The rows of each indicator, in the order of the file."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.indicator, []).append(line)
    return groups


def kind_of(lines: Sequence[Line]) -> str:
    """What an indicator is: as its rows say, else after the cells that are filled.

    Numerator and denominator make a proportion, or a rate when « par » holds another number than
    100; a numerator alone is a count; anything else a value.
    """
    if kind := shared(lines, lambda line: line.choices["kind"]):
        return kind
    if not any(line.has("numerator") for line in lines):
        return "value"
    if not any(line.has("denominator") for line in lines):
        return "count"
    return "proportion" if number_of(lines, "per") in (None, 100) else "rate"


def shared(lines: Sequence[Line], pick: Callable[[Line], Picked]) -> Picked | None:
    """What the first row that says something says; None when none does."""
    return next((found for line in lines if (found := pick(line))), None)


def number_of(lines: Sequence[Line], key: str) -> float | None:
    """The number the first filled row gives; None when none does."""
    given = (line.numbers[key] for line in lines)
    return next((number for number in given if not math.isnan(number)), None)


def faults(table: Table, lines: Sequence[Line]) -> Iterator[Problem]:
    """Everything wrong with the rows of a table."""
    yield from _cells(table, lines)
    yield from _without_facility(table, lines)
    for group in by_indicator(line for line in lines if line.has("indicator")).values():
        kind = kind_of(group)
        for line in group:
            yield from (_fault(table, line, *fault) for fault in _amounts(line, kind))
        yield from (_fault(table, line, *fault) for line, *fault in _definition(group, kind))
        yield from (_fault(table, line, *fault) for line, *fault in _changes(group))
    yield from (_fault(table, line, *fault) for line, *fault in _twice(lines))
    yield from (_fault(table, line, *fault) for line, *fault in _baselines(lines))


def _fault(table: Table, line: Line, key: str, what: str, cure: str) -> Problem:
    return table.problem(line.row, f"colonne {quote(HEADERS[key])}", what, cure)


def _cells(table: Table, lines: Sequence[Line]) -> Iterator[Problem]:
    """Cells that are empty and must not be, or cannot be read."""
    for line in lines:
        for key in ("indicator", "pole", "period"):
            if not line.has(key):
                yield _fault(table, line, key, "cellule vide", "remplissez-la à chaque ligne")
        if line.has("period") and line.period is None:
            what = f"{quote(line.texts['period'])} n'est pas une période"
            cure = "écrivez 2026-01, 01/2026, janvier 2026, 2026-T1 ou 2026"
            yield _fault(table, line, "period", what, cure)
        if is_total(line.texts["service"]):
            what = f"{quote(line.texts['service'])} n'est pas un service"
            cure = "laissez « service » vide sur la ligne du pôle entier"
            yield _fault(table, line, "service", what, cure)
        for key in NUMBERS:
            if line.has(key) and math.isnan(line.numbers[key]):
                what = f"{quote(line.texts[key])} n'est pas un nombre"
                yield _fault(table, line, key, what, "écrivez un nombre seul, par exemple 1 234,5")
        for key, known in CHOICES.items():
            if line.has(key) and not line.choices[key]:
                what = f"{quote(line.texts[key])} n'est pas connu"
                cure = did_you_mean(line.texts[key], known.values())
                yield _fault(table, line, key, what, cure)


def _without_facility(table: Table, lines: Sequence[Line]) -> Iterator[Problem]:
    if any(line.has("facility") for line in lines):
        for line in lines:
            if not line.has("facility"):
                cure = "répétez le nom de l'établissement sur chaque ligne"
                yield _fault(table, line, "facility", "l'établissement manque", cure)


Fault = tuple[str, str, str]  # column, what, cure


def _amounts(line: Line, kind: str) -> Iterator[Fault]:
    """What is wrong with the numbers of one row, for an indicator of this kind."""
    yield from _missing_or_extra(line, kind)
    for key in ("numerator", "denominator", *(["value"] if kind == "count" else [])):
        if line.numbers[key] < 0:
            yield key, f"{quote(line.texts[key])} est négatif", "un nombre ne peut être négatif ici"
        elif _must_be_whole(key, kind) and line.numbers[key] % 1 > 0:
            what = f"{quote(line.texts[key])} n'est pas un nombre entier"
            yield key, what, "comptez des personnes, des dossiers ou des événements entiers"
    met, among = line.numbers["numerator"], line.numbers["denominator"]
    if among == 0 and met > 0:
        yield "denominator", "zéro, alors que le numérateur ne l'est pas", "vérifiez les deux"
    elif kind == "proportion" and met > among:
        what = f"{line.texts['numerator']} sur {line.texts['denominator']} : plus que le tout"
        cure = (
            "vérifiez les deux ; pour un taux, écrivez « taux » dans « type » et 1000 dans « par »"
        )
        yield "numerator", what, cure


def _must_be_whole(key: str, kind: str) -> bool:
    return not (key == "denominator" and kind == "rate")  # days may come in halves


def _missing_or_extra(line: Line, kind: str) -> Iterator[Fault]:
    given = {key for key in AMOUNTS if line.has(key)}
    name = KINDS[kind]
    if kind in ("proportion", "rate"):
        for key in sorted({"numerator", "denominator"} - given):
            if given:
                what = f"vide, alors qu'un indicateur de type {quote(name)} en a besoin"
                yield key, what, "remplissez-le, ou écrivez « valeur » dans « type »"
        if given == set(AMOUNTS):
            yield "value", "donnée en plus de ce qui la calcule", "laissez-la vide"
    elif kind == "count":
        if {"numerator", "value"} <= given:
            yield "value", "donnée en plus du numérateur", "gardez un seul des deux nombres"
        if "denominator" in given:
            cure = "videz-le, ou écrivez « taux » ou « proportion » dans « type »"
            yield "denominator", f"un {name} n'a pas de dénominateur", cure
    elif "numerator" in given:
        cure = "videz-le ; le dénominateur peut rester, c'est l'effectif derrière la valeur"
        yield "numerator", f"une {name} n'a pas de numérateur", cure


def _definition(lines: Sequence[Line], kind: str) -> Iterator[tuple[Line, str, str, str]]:
    """What is wrong with what an indicator is, said once, at its first row."""
    if not any(line.has("family") for line in lines):
        yield lines[0], "family", "cellule vide", f"écrivez {listed(FAMILIES.values(), 'ou')}"
    per = number_of(lines, "per")
    if kind == "rate" and per is None:
        what = "un taux a besoin de son multiplicateur"
        yield lines[0], "per", what, "écrivez 1000 pour un taux pour 1 000 journées"
    if per is not None and (per <= 0 or (kind == "proportion" and per != 100)):
        what = f"{_given(lines, 'per')} ne convient pas à un indicateur de type {KINDS[kind]}"
        yield lines[0], "per", what, "écrivez 100 ou rien pour une proportion, 1000 pour un taux"
    yield from _marks(lines, kind)


def _given(lines: Sequence[Line], key: str) -> str:
    return quote(shared(lines, lambda line: line.texts[key]))


def _marks(lines: Sequence[Line], kind: str) -> Iterator[tuple[Line, str, str, str]]:
    """Targets and national values that cannot be read against the indicator."""
    targets, references = (_bearers(lines, key) for key in ("target", "reference"))
    if targets and shared(lines, lambda line: line.choices["direction"]) in (None, "neutral"):
        cure = "écrivez hausse ou baisse dans « sens », ou videz « cible »"
        yield targets[0], "target", "une cible, sans sens favorable", cure
    if kind == "proportion":
        yield from _no_percents("target", targets)
        yield from _no_percents("reference", references)


def _bearers(lines: Sequence[Line], key: str) -> list[Line]:
    """The first row of each number a column holds."""
    met: dict[float, Line] = {}
    for line in lines:
        if not math.isnan(line.numbers[key]):
            met.setdefault(line.numbers[key], line)
    return list(met.values())


def _no_percents(key: str, bearers: Sequence[Line]) -> Iterator[tuple[Line, str, str, str]]:
    for line in bearers:
        given, number = quote(line.texts[key]), line.numbers[key]
        if not 0 <= number <= 100:
            yield line, key, f"{given} n'est pas un pourcentage", "écrivez un nombre de 0 à 100"
        elif 0 < number < 1 and "%" not in line.texts[key]:
            cure = "écrivez 80 pour 80 %, ou « 0,8 % » avec son signe"
            yield line, key, f"{given} : fraction ou pourcentage ?", cure


def _changes(lines: Sequence[Line]) -> Iterator[tuple[Line, str, str, str]]:
    """What changes from row to row of an indicator, told at the first row of each new value."""
    for key in SAME:
        yield from _changing(lines, key, "sur toutes les lignes de l'indicateur")
    placed = sorted(lines, key=lambda line: line.place[:2])
    for _, group in groupby(placed, key=lambda line: line.place[:2]):
        in_order = sorted(group, key=lambda line: line.row)
        yield from _changing(in_order, "target", "sur toutes les lignes de l'indicateur et du pôle")
    paced = [line for line in lines if line.period is not None]
    first = {frequency(line.period): line for line in reversed(paced)}
    if len(first) > 1:
        ways = listed(FREQUENCIES[way] for way in FREQUENCIES if way in first)
        cure = "gardez une seule périodicité, ou donnez un nom à chacune"
        latest = max(first.values(), key=lambda line: line.row)
        yield latest, "period", f"l'indicateur est à la fois {ways}", cure


def _changing(lines: Sequence[Line], key: str, where: str) -> Iterator[tuple[Line, str, str, str]]:
    met: dict[str, Line] = {}
    for line in lines:
        if value := _said(line, key):
            met.setdefault(value, line)
    for line in list(met.values())[1:]:
        first = next(iter(met.values()))
        what = f"{quote(line.texts[key])} ici, {quote(first.texts[key])} à la ligne {first.row}"
        yield line, key, what, f"gardez la même valeur {where}"


def _said(line: Line, key: str) -> str:
    """What a cell says, whatever its spelling; "" when it is empty or cannot be read."""
    if key in NUMBERS:
        return "" if math.isnan(line.numbers[key]) else str(line.numbers[key])
    return line.choices[key] if key in CHOICES else plain(line.texts[key])


def _twice(lines: Sequence[Line]) -> Iterator[tuple[Line, str, str, str]]:
    first: dict[tuple[object, ...], Line] = {}
    for line in lines:
        if line.period is None or not line.has("indicator"):
            continue
        same = first.setdefault((line.indicator, line.place, line.period), line)
        if same is not line:
            what = f"même indicateur, même lieu et même période qu'à la ligne {same.row}"
            yield line, "period", what, "gardez une seule des deux lignes"


def _baselines(lines: Sequence[Line]) -> Iterator[tuple[Line, str, str, str]]:
    """Baselines that are cut in two, or too short for anything to be read against them.

    A series may have one in each of its parts, which begin at its declared changes.
    """
    series: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        if line.period is not None and line.has("indicator"):
            series.setdefault((line.indicator, line.place), []).append(line)
    for rows in series.values():
        for part in _parts(sorted(rows, key=lambda line: str(line.period))):
            yield from _baseline(part)


def _parts(series: list[Line]) -> list[list[Line]]:
    """The rows of one series in time, cut at its declared changes."""
    opening = (i for i, pair in enumerate(pairwise(series), start=1) if declared(*pair))
    return [series[start:end] for start, end in pairwise([0, *opening, len(series)])]


def declared(before: Line | None, line: Line) -> str:
    """The change a row declares, "" when it repeats that of the row before, as a column filled
    down to its end does.
    """
    change = line.texts["change"]
    repeated = before is not None and plain(before.texts["change"]) == plain(change)
    return "" if repeated else change


def _baseline(part: list[Line]) -> Iterator[tuple[Line, str, str, str]]:
    marked = [i for i, line in enumerate(part) if line.choices["baseline"] == "yes"]
    if not marked:
        return
    first, last = part[marked[0]], part[marked[-1]]
    if len(marked) < marked[-1] - marked[0] + 1:
        what = f"la base s'interrompt entre {first.texts['period']} et {last.texts['period']}"
        yield last, "baseline", what, "écrivez « oui » sur des périodes qui se suivent"
    filled = sum(any(part[i].has(amount) for amount in AMOUNTS) for i in marked)
    if filled < FEWEST_BASE:
        what = f"la base ne compte que {filled} période{'s' * (filled > 1)} avec des nombres"
        cure = f"écrivez « oui » sur {FEWEST_BASE} périodes au moins, ou videz la colonne"
        yield first, "baseline", what, cure
