"""What matters in published results, decided once: pages name it, plans act on it.

No sentence here: `qgdr_eval.wording.findings` says a finding, pages lay it out.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pandas as pd

from qgdr_eval.comparison.findings import declared, measured
from qgdr_eval.comparison.findings.model import (
    DISCUSS,
    FINDING_COLUMNS,
    FIRST,
    Found,
    Group,
    groups_of,
)
from qgdr_eval.comparison.findings.thresholds import AT_MOST
from qgdr_eval.disclosure.published import Published
from qgdr_eval.frames import FindingRow, ReadingRow, SaidFindingRow
from qgdr_eval.instruments import Instrument

__all__ = ["AT_MOST", "FINDING_COLUMNS", "find", "find_divided", "named"]
Row = TypeVar("Row", FindingRow, SaidFindingRow)


def find(published: Published, readings: pd.DataFrame) -> pd.DataFrame:
    """One row per finding of each service and total that is shown, in the campaign's order.

    Args:
        published: the results of a campaign after disclosure.
        readings: what `qgdr_eval.comparison.read_dimensions` says of them.

    Returns:
        `FINDING_COLUMNS`. ``part``: where a page names it: ``first``, ``priority``, ``discuss`` or
        ``strength``; ``rank``: its place there, from 1, the most pressing first. ``kind``:

        - ``critical``: a critical item that is not always met; in a position, also one not rated;
        - ``worst_zone``: a risk in the worst zone, the gravest first;
        - ``low_dimension``: a dimension that is an established priority, or under its mark;
        - ``under_objective``: a criterion whose whole interval is under the objective of 80 %;
        - ``unmet``: a criterion that one chosen case at least does not meet;
        - ``low_item``: a question that would be an established priority, a criterion rated 1 or 2;
        - ``split``: a question with at least 30 % of valid answers on both sides, which
          ``negative`` and ``positive`` give;
        - ``lowest_answer``: in a position without thresholds, what a dimension lacks most;
        - ``perhaps_low``, ``undecided``: a dimension that is rather a priority, or not concluded;
        - ``strength``: a dimension that is an established strength.

        ``behind``: codes of the items that weigh most on a dimension, one a line. Scores are 0–100,
        with their interval and the number of valid answers.

    A row that disclosure hides is never read: nothing hidden can become a finding.

    >>> rows = find(campaign_report.published, campaign_report.readings)
    >>> first = rows[rows["service"] == "Médecine interne"].iloc[0]
    >>> first["part"], int(first["rank"]), first["kind"], round(first["score"])
    ('priority', 1, 'low_dimension', 20)
    """
    decide = declared.decide if published.instrument.declared else measured.decide
    return _framed(published, readings, decide)


def find_divided(published: Published) -> pd.DataFrame:
    """Every question that divides the people of a service, whatever else its dimension says.

    `find` names one thing a dimension at most; a team that debates may take any of these. Columns
    and threshold are those of `find`, ``part`` is ``discuss``, the most divided comes first.
    Nothing where records were read or a group declared: nobody is divided there.

    >>> rows = find_divided(campaign_report.published)
    >>> bool((rows[["negative", "positive"]].min(axis=1) >= 30).all())
    True
    """
    people = published.instrument.of_people
    readings = pd.DataFrame(columns=ReadingRow._fields)
    return _framed(
        published,
        readings,
        lambda group: {DISCUSS: measured.split_items(group) if people else []},
    )


def _framed(
    published: Published,
    readings: pd.DataFrame,
    decide: Callable[[Group], Mapping[str, list[Found]]],
) -> pd.DataFrame:
    rows = [
        (*place, part, rank, *_columns(finding, published.instrument))
        for place, group in groups_of(published, readings).items()
        for part, findings in decide(group).items()
        for rank, finding in enumerate(findings, start=1)
    ]
    return pd.DataFrame(rows, columns=FINDING_COLUMNS)


def named(findings: Iterable[Row]) -> list[Row]:
    """The rows that a page names: all that come first, three at most of each other part.

    >>> from types import SimpleNamespace as Row
    >>> rows = [Row(part=part, rank=rank) for part in ("first", "discuss") for rank in (1, 4)]
    >>> [(row.part, row.rank) for row in named(rows)]
    [('first', 1), ('first', 4), ('discuss', 1)]
    """
    return [row for row in findings if row.part == FIRST or row.rank <= AT_MOST]


def _columns(finding: Found, instrument: Instrument) -> tuple[str | float, ...]:
    keys = (finding.kind, finding.dimension, finding.item)
    measure = instrument.dimension(finding.dimension).rule
    return *keys, measure, *finding.figures, *finding.sides, "\n".join(finding.behind)
