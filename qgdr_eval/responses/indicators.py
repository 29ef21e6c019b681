"""Quality indicators followed over time: one row per indicator, place and period."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from qgdr_eval.frames import IndicatorRow, NationalRow
from qgdr_eval.french import did_you_mean, listed, quote
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.responses.indicator_rows import (
    AMOUNTS,
    HEADERS,
    NAN,
    Line,
    by_indicator,
    declared,
    faults,
    kind_of,
    number_of,
    read_lines,
    read_number,
    shared,
)
from qgdr_eval.responses.periods import frequency, period_label
from qgdr_eval.tables.faults import refusal, together
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import Table, read_table
from qgdr_eval.tables.spelling import first_spellings, plain

INDICATOR_COLUMNS = list(IndicatorRow._fields)
REQUIRED = ("indicator", "family", "pole", "period")
NATIONAL_HEADERS = {
    "indicator": "indicateur",
    "value": "valeur",
    "source": "source",
    "year": "année",
}
NATIONAL_COLUMNS = list(NationalRow._fields)


def read_indicators(path: Path) -> pd.DataFrame:
    """Read a table of indicators, CSV or XLSX, French headers in any order.

    Columns `INDICATOR_COLUMNS`; a pôle's own row has ``service`` "". ``period`` is text that
    sorts in time ("2026-01", "2026Q1", "2026"), ``label`` what readers see, ``frequency`` M, Q or
    Y. ``kind`` is ``proportion`` (value = 100 × numerator ÷ denominator), ``rate`` (``per`` ×
    numerator ÷ denominator), ``count`` (value = numerator) or ``value`` (as given, the denominator
    being how many people or records stand behind it, when known). ``direction`` says which way is
    favourable: ``up``, ``down`` or ``neutral``. Numbers that were not given are NaN. ``change``
    names what changed from this period on, "" elsewhere; ``baseline``: whether the period belongs
    to the baseline that the following ones are read against. Rows follow the file's order of
    indicators and places, then time.

    Raises:
        Refused: with every problem of the file at once.
    """
    table = read_table(TableFile(file=path.name), path.parent, HEADERS.values())
    columns, problems = _match_headers(table, HEADERS, REQUIRED)
    lines = read_lines(table, columns)
    problems += [*_without_amounts(table, columns), *faults(table, lines)]
    refuse_errors(sorted(together(problems), key=lambda problem: problem.line or 0))
    return _frame(lines)


def read_national(path: Path) -> pd.DataFrame:
    """Read national values: headers indicateur, valeur, and maybe source and année.

    Columns `NATIONAL_COLUMNS`: texts but for ``value``, in the unit of the indicator.

    Raises:
        Refused: with every missing column, unreadable value and indicator given twice.
    """
    table = read_table(TableFile(file=path.name), path.parent, NATIONAL_HEADERS.values())
    columns, problems = _match_headers(table, NATIONAL_HEADERS, ("indicator", "value"))
    cells = {
        key: table.texts(columns[key]) if key in columns else [""] * len(table.frame)
        for key in NATIONAL_HEADERS
    }
    problems += _wrong_values(table, cells["indicator"], cells["value"])
    refuse_errors(together(problems))
    national = pd.DataFrame(cells, dtype="str")
    return national.assign(value=[read_number(text) for text in cells["value"]])


def with_national(indicators: pd.DataFrame, national: pd.DataFrame, file: str) -> pd.DataFrame:
    """Set the national values beside the indicators they name; ``file`` is where they come from.

    An indicator the file does not name keeps the reference of its own rows.

    Raises:
        Refused: no row of the file names an indicator of the table.
    """
    known = {plain(name): name for name in indicators["indicator"]}
    columns = national[NATIONAL_COLUMNS].itertuples(index=False, name=None)
    rows = {plain(row.indicator): row for row in map(NationalRow._make, columns)}
    if not known.keys() & rows.keys():
        name = str(national["indicator"].iloc[0])
        cure = did_you_mean(name, known.values())
        raise refusal(file, "aucun de ces indicateurs n'est dans le tableau", cure, place=name)
    keys = indicators["indicator"].map(plain)
    values = keys.map({key: row.value for key, row in rows.items()})
    sources = keys.map({key: _cited(row) for key, row in rows.items()})
    return indicators.assign(
        reference=values.astype(float).fillna(indicators["reference"]),
        reference_source=sources.where(values.notna(), "").astype("str"),
    )


def _cited(row: NationalRow) -> str:
    return ", ".join(text for text in (row.source, row.year) if text)


def _wrong_values(table: Table, names: Sequence[str], values: Sequence[str]) -> Iterator[Problem]:
    for i, (name, text) in enumerate(zip(names, values, strict=True)):
        if read_number(text) != read_number(text):
            what = f"{quote(text)} n'est pas un nombre" if text else "cellule vide"
            cure = "écrivez un nombre, par exemple 76,4"
            yield table.problem(table.row(i), f"colonne {quote('valeur')}", what, cure)
        if plain(name) in map(plain, names[:i]):
            cure = "gardez une seule ligne, celle de l'année la plus récente"
            yield table.problem(table.row(i), quote(name), "indicateur donné deux fois", cure)


def _match_headers(
    table: Table, headers: Mapping[str, str], required: Iterable[str]
) -> tuple[dict[str, str], list[Problem]]:
    """The header of each of our columns, and the headers that are unknown, missing or doubled."""
    columns: dict[str, str] = {}
    problems = [*table.borne_twice(), *table.unnamed()]
    for given in table.frame.columns:
        key = next((key for key, name in headers.items() if plain(name) == _bare(given)), None)
        if key is None:
            problems.append(_header_fault(table, given, "nom de colonne inconnu", headers))
        elif key in columns:
            both = listed(map(quote, (columns[key], given)))
            what = f"les colonnes {both} disent la même chose"
            problems.append(table.problem(1, "", what, "gardez une seule des deux"))
        else:
            columns[key] = given
    for key in required:
        if key not in columns:
            name = headers[key]
            cure = did_you_mean(name, table.frame.columns)
            problems.append(table.problem(1, f"colonne {quote(name)}", "colonne absente", cure))
    if any(key not in columns for key in required):
        refuse_errors(problems)
    return columns, problems


def _header_fault(table: Table, given: str, what: str, headers: Mapping[str, str]) -> Problem:
    return table.problem(1, f"colonne {quote(given)}", what, did_you_mean(given, headers.values()))


def _bare(header: str) -> str:
    return plain(header).replace("_", "").replace("-", "")


def _without_amounts(table: Table, columns: Mapping[str, str]) -> Iterator[Problem]:
    if not {"numerator", "value"} & columns.keys():
        yield table.problem(
            1,
            "",
            "aucune colonne ne porte de nombre",
            "ajoutez « numérateur » et « dénominateur », ou « valeur »",
        )


def _frame(lines: list[Line]) -> pd.DataFrame:
    """The tidy frame of rows without any fault left."""
    spelt = {
        key: first_spellings([line.texts[key] for line in lines])
        for key in ("indicator", "facility", "pole", "service")
    }
    ranks = {place: rank for rank, place in enumerate(dict.fromkeys(line.place for line in lines))}
    rows = []
    for group in by_indicator(lines).values():
        common, targets = _common(group), _targets(group)
        in_time = sorted(group, key=lambda line: (ranks[line.place], str(line.period)))
        for before, line in zip([None, *in_time], in_time, strict=False):
            names = {key: spelt[key][plain(line.texts[key])] for key in spelt}
            target = {"target": targets[line.place[:2]]}
            own = _own(line, common["kind"], common["per"])
            rows.append({**names, **common, **target, **own, "change": _change(before, line)})
    return pd.DataFrame(rows, columns=INDICATOR_COLUMNS)


def _common(group: list[Line]) -> dict[str, Any]:
    """What all rows of an indicator share."""
    kind = kind_of(group)
    per = {"proportion": 100.0, "rate": number_of(group, "per")}.get(kind)
    return {
        "family": shared(group, lambda line: line.choices["family"]),
        "kind": kind,
        "per": _or_nan(per),
        "direction": shared(group, lambda line: line.choices["direction"]) or "neutral",
        "unit": shared(group, lambda line: line.texts["unit"]) or "",
        "reference": _or_nan(number_of(group, "reference")),
        "reference_source": "",
    }


def _targets(group: list[Line]) -> dict[tuple[str, ...], float]:
    """The target of each facility and pôle for one indicator."""
    places = {line.place[:2] for line in group}
    return {
        place: _or_nan(number_of([line for line in group if line.place[:2] == place], "target"))
        for place in places
    }


def _own(line: Line, kind: str, per: float) -> dict[str, object]:
    """What a row says for its own period."""
    numerator, denominator, value = (line.numbers[key] for key in AMOUNTS)
    if kind == "count":
        numerator = value = value if line.has("value") else numerator
    elif kind != "value":
        value = per * numerator / denominator if denominator else NAN
    return {
        "period": str(line.period),
        "label": period_label(line.period),
        "frequency": frequency(line.period),
        "numerator": numerator,
        "denominator": denominator,
        "value": value,
        "comment": line.texts["comment"],
        "baseline": line.choices["baseline"] == "yes",
    }


def _change(before: Line | None, line: Line) -> str:
    same = before is not None and before.place == line.place
    return declared(before if same else None, line)


def _or_nan(number: float | None) -> float:
    return NAN if number is None else number
