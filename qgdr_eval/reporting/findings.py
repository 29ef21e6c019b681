"""What matters in the results of one place, in the order it is told."""

from dataclasses import dataclass

import pandas as pd

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import FindingKind, FindingPart, FindingRow


@dataclass(frozen=True)
class Findings:
    """The findings of one place, the most pressing first.

    >>> len(team_report.found.rows) > len(team_report.found.of("split"))
    True
    """

    rows: tuple[FindingRow, ...]

    def of(self, *kinds: FindingKind) -> list[FindingRow]:
        """Those of these kinds."""
        return [row for row in self.rows if row.kind in kinds]

    def part(self, name: FindingPart) -> list[FindingRow]:
        """Those of one part of a page, see `qgdr_eval.comparison.findings.find`."""
        return [row for row in self.rows if row.part == name]


def read_findings(findings: pd.DataFrame) -> Findings:
    """Read the frame of the findings of one place."""
    return Findings(tuple(rows_of(findings, FindingRow)))
