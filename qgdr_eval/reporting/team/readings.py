"""How the dimensions of a service read: what most sentences of its page rest on."""

from dataclasses import dataclass

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import Band, ReadingRow, Verdict
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.report import ServiceReport, once

MARKED: tuple[Verdict, ...] = ("established", "to_confirm", "cannot_conclude")


@dataclass(frozen=True)
class Readings:
    """The readings of a service, in the instrument's order.

    >>> readings = readings_of(team_report)
    >>> readings.shown == len(readings.rows), readings.marked
    (True, True)
    """

    instrument: Instrument
    rows: tuple[ReadingRow, ...]

    def read(self, *verdicts: Verdict, band: Band | None = None) -> list[ReadingRow]:
        """Those with one of these verdicts (and this band)."""
        return [row for row in self.rows if row.verdict in verdicts and band in (None, row.band)]

    @property
    def shown(self) -> int:
        """How many dimensions are shown."""
        return sum(row.verdict != "hidden" for row in self.rows)

    @property
    def some_hidden(self) -> bool:
        """Whether a dimension is left out of what is shown."""
        return self.shown < len(self.rows)

    @property
    def marked(self) -> bool:
        """Whether something was read against marks that tell high from low."""
        return bool(self.read(*MARKED))


@once
def readings_of(report: ServiceReport) -> Readings:
    """How the dimensions of a report read."""
    return Readings(report.instrument, tuple(rows_of(report.readings, ReadingRow)))
