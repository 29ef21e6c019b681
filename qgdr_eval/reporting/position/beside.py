"""What a group declares beside what its team answers, dimension by dimension.

The example reads ``pair_report``: `qgdr demo essai` writes both campaigns, and
``open_report("essai/shortell/binome/campagne.yml")`` opens it.
"""

from collections.abc import Sequence

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import GapRow
from qgdr_eval.french import count, in_words, interval, quote, signed
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.page.drawings import pair_drawing
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, render, stamped
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.wording.scores import score_in_full

READINGS = {
    "higher": "l'équipe situe cette dimension plus bas que le groupe",
    "lower": "l'équipe situe cette dimension plus haut que le groupe",
    "not_established": "écart non établi",
    "not_compared": "non comparée",
}

NAMES = "le groupe", "l'équipe"


@stamped
def beside_team(report: ServiceReport) -> Fragment:
    """The position of a group beside its team's answers; nothing without a team's campaign.

    Scores of 0–100, gaps in points, group − team; the interval at 95 % is the team's, since a
    declared position is no sample.

    >>> "Le groupe et l’équipe" in beside_team(pair_report).html
    True
    """
    gaps = rows_of(report.gaps, GapRow)
    if report.hidden or not gaps:
        return NOTHING
    n = max(row.n for row in gaps)
    people = count(int(n), "réponse") if n == n else ""
    return render(
        "position/beside_team",
        title=_title(report.instrument, gaps),
        people=people,
        period=gaps[0].period,
        drawing=pair_drawing(report.fingerprint, report.instrument, gaps, (*NAMES, people))
        if people
        else None,
        table=_table(report.instrument, gaps),
        lower=lower_in_team(gaps),
    )


def lower_in_team(gaps: Sequence[GapRow]) -> list[str]:
    """The dimensions that the team puts lower than the group does."""
    return [row.dimension for row in gaps if row.verdict == "higher"]


def _title(instrument: Instrument, gaps: list[GapRow]) -> str:
    if all(row.verdict == "not_compared" for row in gaps):
        return "Rien de l'équipe ne peut être montré à côté"
    found = {
        way: [instrument.dimension(row.dimension).label for row in gaps if row.verdict == verdict]
        for way, verdict in (("bas", "higher"), ("haut", "lower"))
    }
    said = [
        f"{quote(names[0]) if len(names) == 1 else f'{in_words(len(names), True)} dimensions'} "
        f"plus {way}"
        for way, names in found.items()
        if names
    ]
    if not said:
        return "Aucun écart établi entre le groupe et l'équipe"
    return f"L'équipe situe {' et '.join(said)} que le groupe"


def _table(instrument: Instrument, gaps: list[GapRow]) -> Table:
    columns = ("Dimension", "Le groupe", "L'équipe", "Son intervalle", "Écart", "Lecture")
    rows = [_row(instrument, row) for row in gaps]
    return Table("Le groupe et l'équipe, dimension par dimension", columns, rows, (0, 5))


def _row(instrument: Instrument, row: GapRow) -> tuple[str, ...]:
    dimension, reading = instrument.dimension(row.dimension), READINGS[row.verdict]
    if row.verdict == "not_compared":
        return dimension.label, "–", "–", "–", "–", reading
    scores = (score_in_full(value, dimension, instrument) for value in (row.own, row.team))
    ends = interval(row.own - row.high, row.own - row.low)
    return dimension.label, *scores, ends, signed(row.difference), reading
