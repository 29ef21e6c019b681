"""Interdependent dimensions, side by side: the weakest, the balance, what its lack announces.

The example reads ``shortell_report``: `qgdr demo essai` writes a campaign on the four dimensions,
and ``open_report("essai/shortell/campagne.yml")`` opens it.
"""

from qgdr_eval.comparison.balance import Balance, read_balance
from qgdr_eval.frames import ReadingRow
from qgdr_eval.french import interval, listed, number, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, render, stamped
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team.readings import Readings, readings_of
from qgdr_eval.reporting.team.words import shown_dimensions
from qgdr_eval.wording.scores import score_in_full


@stamped
def balance(report: ServiceReport) -> Fragment:
    r"""How dimensions that need each other balance; nothing for other instruments.

    Four dimensions, none of which does without the others (Shortell, Bennett and Byck, Milbank
    Quarterly 1998;76:593). The weakest is named when it stands apart; the spread is in points.

    >>> "Des quatre dimensions" in balance(shortell_report).html
    True
    """
    shown = report.instrument
    if report.hidden or not shown.interdependent:
        return NOTHING
    readings = readings_of(report)
    found = read_balance(list(readings.rows), declared=shown.declared)
    if found is None:
        return NOTHING
    weakest = shown.dimension(found.weakest)
    return render(
        "team/balance",
        title=_title(readings, found),
        extremes=_extremes(readings, found),
        declared=shown.declared,
        reading=_reading(readings, found),
        weakest=weakest,
    )


def _title(readings: Readings, found: Balance) -> str:
    """Which dimension is lowest of those shown, when it stands apart from all others."""
    if not found.apart:
        return "Aucune dimension n'est nettement seule la plus basse"
    name = quote(readings.instrument.dimension(found.weakest).name)
    return f"Des {shown_dimensions(readings)}, {name} est la plus basse"


def _extremes(readings: Readings, found: Balance) -> str:
    rows = {row.dimension: row for row in readings.rows}
    low, high = (_scored(readings.instrument, rows[id]) for id in (found.weakest, found.strongest))
    ends = f" {interval(found.low, found.high)}" if found.low == found.low else ""
    return (
        f"La plus basse : {low}. La plus haute : {high}. "
        f"Entre les deux, {number(found.spread)} points{ends}."
    )


def _scored(instrument: Instrument, row: ReadingRow) -> str:
    dimension = instrument.dimension(row.dimension)
    ends = "" if instrument.declared else f" {interval(row.low, row.high)}"
    score = score_in_full(row.score, dimension, instrument)
    return f"{quote(dimension.name)}, {score}{ends}"


def _reading(readings: Readings, found: Balance) -> str:
    """What to expect when one dimension alone is under its mark."""
    lacking = [readings.instrument.dimension(id) for id in found.lacking]
    if not lacking:
        return "Aucune dimension n'est sous son repère bas : aucune ne manque seule aux autres."
    names = listed(quote(dimension.name) for dimension in lacking)
    if len(lacking) > 1:
        return (
            f"Plusieurs dimensions sont sous leur repère bas ({names}) : la lecture d'une seule "
            "qui manque ne s'applique pas. Commencez par celle qui dépend le plus de vous."
        )
    among = " parmi les dimensions affichées" if readings.some_hidden else ""
    alone = f"{names} est seule sous son repère bas{among}"
    announced = quote(lacking[0].when_weak) if lacking[0].when_weak else ""
    if found.sure:
        return f"{alone}. Ce qu'en disent les auteurs cités plus bas, en nos mots : {announced}"
    return (
        f"{alone} (à confirmer : l'intervalle déborde du repère). Si cela se confirme, les "
        f"auteurs cités plus bas s'attendent à ceci : {announced}"
    )
