"""What the dashboard of one pôle may show: its published indicators, read, nothing else."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from qgdr_eval.comparison.series import Series, read_series
from qgdr_eval.disclosure.indicators import PublishedIndicators, publish_indicators
from qgdr_eval.fictitious import file_of
from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.french import did_you_mean, quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses.indicators import read_indicators, read_national, with_national


@dataclass(frozen=True)
class Followed:
    """One indicator in a pôle. ``mains``: what is drawn and read first.

    That is the pôle's own series, or the sum of its services; its services themselves when they
    cannot be summed. ``services``: those that stand beside it.
    """

    indicator: str
    family: str
    mains: tuple[Series, ...]
    services: tuple[Series, ...]


@dataclass(frozen=True)
class DashboardReport:
    """The indicators of one pôle. ``source``: the file they come from.

    ``fingerprint``: the SHA-256 of all the page may show; each section carries it.
    """

    facility: str
    pole: str
    published: PublishedIndicators
    source: str

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the published rows of this pôle, and of the minimum they obey."""
        rows = self.published.rows.to_csv(index=False)
        return of_bytes(f"{self.published.minimum}\n{rows}".encode())

    @cached_property
    def series(self) -> list[Series]:
        """Every series of the pôle, in the file's order."""
        return read_series(self.published)

    @cached_property
    def followed(self) -> list[Followed]:
        """The indicators of the pôle, in the file's order."""
        groups: dict[str, list[Series]] = {}
        for series in self.series:
            groups.setdefault(series.indicator, []).append(series)
        return [_followed(name, group) for name, group in groups.items()]

    @cached_property
    def mains(self) -> list[Series]:
        """The series read first, one an indicator unless its services cannot be summed."""
        return [series for followed in self.followed for series in followed.mains]

    def family(self, family: str) -> list[Followed]:
        """The indicators of one family."""
        return [followed for followed in self.followed if followed.family == family]

    @property
    def services(self) -> list[str]:
        """The services that give at least one indicator, in the file's order."""
        return [name for name in dict.fromkeys(self.published.rows["service"]) if name]

    @property
    def span(self) -> tuple[str, str]:
        """The labels of the first and the last period, whatever their lengths."""
        rows = self.published.rows
        pairs = [
            (pd.Period(row), label)
            for row, label in zip(rows["period"], rows["label"], strict=True)
        ]
        first = min(pairs, key=lambda pair: pair[0].start_time)
        last = max(pairs, key=lambda pair: pair[0].end_time)
        return first[1], last[1]


def _followed(name: str, group: list[Series]) -> Followed:
    own = tuple(series for series in group if not series.service)
    services = tuple(series for series in group if series.service)
    family = group[0].family
    return Followed(name, family, own, services) if own else Followed(name, family, services, ())


def open_dashboard(
    indicators: str, facility: str = "", pole: str = "", national: str = ""
) -> DashboardReport:
    """Open what the dashboard of one pôle may show.

    ``indicators`` is the path of a table (see `read_indicators`) or ``demo``; an empty
    ``facility`` or ``pole`` stands for the first one; ``national`` is the path of a table of
    national values, or nothing.

    >>> report = open_dashboard("demo")
    >>> report.pole, report.source
    ('Pôle Médecine', 'indicateurs-fictifs.csv')

    Raises:
        Refused: with every problem of the files, or for an unknown pôle.
    """
    with file_of(indicators, "indicators") as path:
        return _open(path, facility, pole, national)


def _open(path: Path, facility: str, pole: str, national: str) -> DashboardReport:
    read = read_indicators(path)
    if national:
        read = with_national(read, read_national(Path(national)), Path(national).name)
    published = publish_indicators(read)
    place = _find_pole(path.name, published.poles, facility, pole)
    return DashboardReport(*place, published.of(*place), path.name)


def _find_pole(
    file: str, poles: list[tuple[str, str]], facility: str, pole: str
) -> tuple[str, str]:
    for place in poles:
        if facility in ("", place[0]) and pole in ("", place[1]):
            return place
    facilities = [place for place, _ in poles]
    if facility and facility not in facilities:
        raise _unknown(file, "établissement", facility, facilities)
    known = [name for place, name in poles if facility in ("", place)]
    raise _unknown(file, "pôle", pole, known)


def _unknown(file: str, kind: str, given: str, known: list[str]) -> Refused:
    what = typography(f"{kind} {quote(given)} absent du tableau")
    return Refused([Problem(file, None, kind, what, did_you_mean(given, dict.fromkeys(known)))])
