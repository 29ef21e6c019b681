"""What a series over time says: its values with their unit, its target, and all of it in words."""

import math
import re
from collections.abc import Iterator, Sequence

from qgdr_eval.comparison.series import Series
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import PointRow
from qgdr_eval.french import NARROW, NO_BREAK, count, number, percent, quote, typography

HIDDEN = ("suppressed", "complementary")
THOUSANDS = re.compile(r"(?<=\d) (?=\d{3})")  # as typed in a unit
SIDES = {"above": "au-dessus", "below": "au-dessous"}


def write_value(series: Series, value: float) -> str:
    """A value of the series with as many decimals as it deserves, « % » for a proportion.

    Shares from 10 % on have no decimal, rates under 100 one, under 1 two; a count is whole, its
    median may be a half.
    """
    if series.kind == "proportion":
        return percent(value, _decimals(series))
    halved = series.kind == "count" and value % 1 > 0
    return number(value, 1 if halved else _decimals(series))


def _decimals(series: Series) -> int:
    values = series.points["value"].dropna()
    largest = values.abs().max() if len(values) else 0
    if series.kind == "count" or (series.kind == "value" and (values % 1 == 0).all()):
        return 0
    if series.kind == "proportion":
        return int(largest < 10)
    return 2 if largest < 1 else 1 if largest < 100 else 0


def write_mark(series: Series, value: float) -> str:
    """A target or a national value with the decimals it was given, two at most."""
    decimals = next((n for n in (0, 1) if abs(value - round(value, n)) < 1e-9), 2)
    return percent(value, decimals) if series.kind == "proportion" else number(value, decimals)


def write_interval(series: Series, low: float, high: float) -> str:
    """An interval in the unit of the series: « [52 % ; 73 %] »."""
    ends = write_value(series, low), write_value(series, high)
    return f"[{ends[0]}{NARROW};{NO_BREAK}{ends[1]}]"


def unit_words(series: Series) -> str:
    """What the numbers of a series are counted in, "" when it goes without saying."""
    if series.kind == "rate":
        return f"pour {number(series.per)} {series.unit}".strip()
    unit = THOUSANDS.sub(NARROW, series.unit)
    return "" if series.kind == "proportion" else unit


def target_words(series: Series) -> str:
    """The target with its favourable side: « au moins 80 % »."""
    way = "au moins" if series.direction == "up" else "au plus"
    return f"{way} {write_mark(series, series.target)}"


def changes_words(series: Series) -> list[str]:
    """Each declared change with its date: « mars 2026 : nouveau protocole »."""
    return [f"changement déclaré, {label} : {text}" for _, label, text in series.changes]


def base_words(series: Series) -> str:
    """The periods of the frozen baseline of the last part, "" without one."""
    rows = rows_of(series.points[series.points["baseline"]], PointRow)
    own = [row for row in rows if row.part == series.points["part"].iloc[-1]]
    return f"base figée {span_words(own[0].label, own[-1].label)}" if own else ""


def nothing_words(series: Series) -> str:
    """Why a series shows no period at all."""
    if series.points["status"].isin(HIDDEN).any():
        return "effectif insuffisant, aucune période ne peut être montrée"
    return "pas de donnée dans le tableau"


def span_words(first: str, last: str) -> str:
    """From one period to another: « d'oct. 2025 à janv. 2026 », « en 2026 » when it is one.

    >>> span_words("oct. 2025", "janv. 2026"), span_words("2026", "2026")
    ("d'oct. 2025 à janv. 2026", 'en 2026')
    """
    if first == last:
        return f"en {first}"
    opening = "d'" if first[0] in "ao" else "de "
    return f"{opening}{first} à {last}"


def say_control(series: Series) -> str:
    """Say a series in a few sentences, for those who do not see it."""
    rows = rows_of(series.points, PointRow)
    opening = f"{quote(series.indicator)} {span_words(rows[0].label, rows[-1].label)}"
    if math.isnan(series.level.value):
        return typography(f"{opening} : {nothing_words(series)}.")
    shown = [row for row in rows if row.status == "published"]
    low, high = min(row.value for row in shown), max(row.value for row in shown)
    values = f"de {write_value(series, low)} à {write_value(series, high)}"
    sentences = [
        f"{opening} : {count(len(shown), 'valeur')}, {values} {unit_words(series)}".rstrip() + ".",
        f"Dernière valeur, {series.level.label} : {write_value(series, series.level.value)}.",
        *_said_parts(series),
        *_said_marks(series),
        *_said_signals(series, shown),
        *_said_hidden(sum(row.status in HIDDEN for row in rows)),
    ]
    return typography(" ".join(sentences))


def _said_parts(series: Series) -> Iterator[str]:
    for words in changes_words(series):
        yield f"{words[0].upper()}{words[1:]}."
    if base_words(series):
        yield f"Médiane et limites d'une {base_words(series)}."


def _said_marks(series: Series) -> Iterator[str]:
    if series.chart != "too_few":
        since = f" depuis {series.changes[-1][1]}" if series.changes else ""
        yield f"Médiane{since} : {write_value(series, series.median)}."
    if not math.isnan(series.target):
        yield f"Cible : {target_words(series)}."
    if not math.isnan(series.reference):
        yield f"Valeur nationale : {write_mark(series, series.reference)}."


def _said_signals(series: Series, shown: Sequence[PointRow]) -> Iterator[str]:
    run = [row for row in shown if row.run and row.part == shown[-1].part]
    if run:
        side = "au-dessus" if run[0].value > run[0].median else "au-dessous"
        yield f"{len(run)} points de suite {side} de la médiane jusqu'à {run[-1].label}."
    outside = [row.label for row in shown if row.outside]
    if outside:
        points = count(len(outside), "point")
        yield f"{points} hors des limites : {', '.join(outside)}."


def _said_hidden(hidden: int) -> Iterator[str]:
    if hidden:
        yield f"{count(hidden, 'période non montrée', 'périodes non montrées')}."
