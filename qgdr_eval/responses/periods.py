"""Periods as people write them: months, quarters and years, read into `pandas.Period`."""

import re
from functools import lru_cache

import pandas as pd

from qgdr_eval.french import MONTHS, NO_BREAK
from qgdr_eval.tables.spelling import plain

FREQUENCIES = {"M": "mensuel", "Q": "trimestriel", "Y": "annuel"}
YEARS = range(1990, 2101)
SHORT = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()

# Read on `plain` texts, which hold no blank: « T1 2026 » comes as « t12026 ».
_MONTH = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:[-/.]\d{1,2}(?:t.*)?)?"),
    re.compile(r"(?:\d{1,2}[-/.])?(?P<month>\d{1,2})[-/.](?P<year>\d{4})"),
    re.compile(r"(?P<name>[a-z]{3,9})[-/.]*(?P<year>\d{4}|\d{2})"),
)
_QUARTER = (
    re.compile(r"(?P<year>\d{4})[-/.]?[tq](?P<quarter>[1-4])"),
    re.compile(r"[tq](?P<quarter>[1-4])[-/.]?(?P<year>\d{4})"),
    re.compile(r"(?P<quarter>[1-4])(?:er|e|eme)?trim(?:estre)?[-/.]?(?P<year>\d{4})"),
)
_YEAR = re.compile(r"\d{4}")
_NAMES = [plain(month) for month in MONTHS]


@lru_cache(maxsize=4096)
def read_period(text: str) -> pd.Period | None:
    """Read a month, a quarter or a year; None when it is none of them.

    A full date stands for its month, as spreadsheets write « janv. 2026 ».

    >>> [str(read_period(text)) for text in ("01/2026", "janvier 2026", "2026-T1", "2026")]
    ['2026-01', '2026-01', '2026Q1', '2026']
    """
    written = plain(text)
    if _YEAR.fullmatch(written):
        return _period(int(written), "Y")
    if found := _first(_QUARTER, written):
        return _period(int(found["year"]), "Q", 3 * int(found["quarter"]))
    if found := _first(_MONTH, written):
        year = int(found["year"])
        return _period(year + 2000 * (year < 100), "M", _month(found.groupdict()))
    return None


def period_label(period: pd.Period) -> str:
    """A period as a French reader meets it, short enough for an axis, never cut in two.

    >>> [period_label(pd.Period(text)) for text in ("2026-02", "2026Q2", "2026")]
    ['févr.\\xa02026', 'T2\\xa02026', '2026']
    """
    if frequency(period) == "Y":
        return str(period.year)
    monthly = frequency(period) == "M"
    name = SHORT[period.month - 1] if monthly else f"T{period.quarter}"
    return f"{name}{NO_BREAK}{period.year}"


def frequency(period: pd.Period) -> str:
    """``M``, ``Q`` or ``Y``.

    >>> frequency(pd.Period("2026Q1"))
    'Q'
    """
    return str(period.freqstr)[0]


def _first(patterns: tuple[re.Pattern[str], ...], written: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.fullmatch(written))), None)


def _month(found: dict[str, str | None]) -> int:
    """The number of the month, 0 when it is none or the abbreviation fits two."""
    if found.get("name") is None:
        return int(found["month"] or 0)
    fitting = [i for i, name in enumerate(_NAMES, 1) if name.startswith(found["name"] or "")]
    return fitting[0] if len(fitting) == 1 else 0


def _period(year: int, frequency: str, month: int = 1) -> pd.Period | None:
    if year not in YEARS or not 1 <= month <= 12:
        return None
    return pd.Period(year=year, month=month, freq=frequency)
