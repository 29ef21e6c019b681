"""The dashboard of one pôle, one function per section, top to bottom.

The examples read ``dashboard_report``: `qgdr demo essai` writes a table of indicators, and
``open_dashboard("essai/indicateurs.csv")`` opens its first pôle.
"""

import math

from qgdr_eval.comparison.series import Series
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.control_words import (
    span_words,
    unit_words,
    write_interval,
    write_value,
)
from qgdr_eval.frames import PointRow
from qgdr_eval.french import number
from qgdr_eval.reporting.dashboard import method, words
from qgdr_eval.reporting.dashboard.report import DashboardReport, Followed
from qgdr_eval.reporting.page.drawings import control_drawing, spark_drawing
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, lay_masthead
from qgdr_eval.reporting.page.provenance import lay_provenance, made, whole_print
from qgdr_eval.reporting.series import CHANGES, change
from qgdr_eval.reporting.signs import signed

AT_MOST, ON_PAPER = 3, 5  # things to look at; series across a printed table
IDS = {
    "adverse_events": "evenements",
    "complaints": "plaintes",
    "satisfaction": "satisfaction",
    "practices": "pratiques",
    "other": "autres",
}


@stamped
def masthead(report: DashboardReport, report_date: str) -> Fragment:
    """Which pôle, which periods; what this is and what it is not.

    ``report_date``: ISO day the page bears, today when empty.

    >>> "Pôle Médecine" in masthead(dashboard_report, "2026-11-16").html
    True
    """
    facts = [("Indicateurs", number(len(report.followed)))]
    if report.services:
        facts.append(("Services", number(len(report.services))))
    return lay_masthead(
        Masthead(
            over=f"Tableau de bord des indicateurs, {span_words(*report.span)}",
            title=report.pole,
            under=report.facility,
            facts=[*facts, ("Tableau du", day_in_full(report_date))],
            what="Pour décider où regarder.",
            why="Chaque indicateur se lit contre son propre passé et contre sa cible. Ce n'est ni "
            "une note, ni un classement, et un signal n'est pas une cause.",
            facility=report.facility,
            service=report.pole,
        )
    )


@stamped
def message(report: DashboardReport) -> Fragment:
    """The sentence the series support, then at most three things to look at.

    >>> "Chutes de patients" in message(dashboard_report).html
    True
    """
    reasons: dict[str, tuple[str, Series]] = {}
    for title, series in words.attention(report.followed):
        reasons.setdefault(words.name(series), (title, series))
    groups: dict[str, list[dict[str, str]]] = {}
    for title, series in list(reasons.values())[:AT_MOST]:
        groups.setdefault(title, []).append(_finding(title, series))
    return render(
        "dashboard/message",
        headline=words.headline(report.followed),
        groups=groups,
        hues={words.UNFAVOURABLE: "warm", words.MISSED: "warm", words.FAVOURABLE: "cool"},
        more=len(reasons) - AT_MOST,
    )


def _finding(title: str, series: Series) -> dict[str, str]:
    return {
        "name": words.name(series),
        "figure": write_value(series, series.level.value),
        "interval": words.interval(series),
        "made": f"{unit_words(series)} en {series.level.label}".strip(),
        "sentence": words.why(title, series),
    }


@stamped
def overview(report: DashboardReport) -> Fragment:
    """Every indicator on one line, drawn and said, families one under the other.

    A curve, then the last value in the unit of the indicator with its interval at 95 %, then two
    signs that have a shape and a word each: the target, the change.

    >>> "Dernière période montrée" in overview(dashboard_report).html
    True
    """
    rows: list[tuple[object, ...]] = []
    for key, title in words.FAMILIES.items():
        followed = report.family(key)
        rows += [(title,)] if followed else []
        for series in (series for indicator in followed for series in indicator.mains):
            name, *cells = _line(series)
            curve = spark_drawing(report.fingerprint, str(report.series.index(series)), series)
            rows.append((name, curve, *cells))
    columns = ("Indicateur", "Courbe", "Dernière valeur", "Intervalle à 95 %", "Cible", "Évolution")
    table = Table("Dernière période montrée de chaque indicateur", columns, rows, (0, 1, 2, 4, 5))
    return render("dashboard/overview", table=table)


def _line(series: Series, name: str = "") -> tuple[str, ...]:
    return (
        name or words.name(series),
        words.value_cell(series),
        words.interval(series) or "–",
        signed(series.level.verdict, words.target_cell(series)),
        signed(series.change, CHANGES[series.change]),
    )


@stamped
def family(report: DashboardReport, family: str) -> Fragment:
    """The indicators of one family, each drawn and said; nothing when it has none.

    ``family``: ``adverse_events``, ``complaints``, ``satisfaction``, ``practices`` or ``other``.

    >>> "Plaintes et réclamations" in family(dashboard_report, "complaints").html
    True
    """
    followed = report.family(family)
    if not followed:
        return NOTHING
    every = [series for indicator in followed for series in (*indicator.mains, *indicator.services)]
    return render(
        "dashboard/family",
        id=IDS[family],
        name=words.FAMILIES[family],
        title=words.family_title(family, followed),
        blocks=[_block(report, indicator) for indicator in followed],
        side_by_side=_side_by_side(every),
    )


def _block(report: DashboardReport, followed: Followed) -> dict[str, object]:
    return {
        "indicator": followed.indicator,
        "charts": [_chart(report, series) for series in followed.mains],
        "services": _services_table(followed),
        "tables": [(series.service, _periods_table(series)) for series in followed.services],
    }


def _chart(report: DashboardReport, series: Series) -> dict[str, object]:
    verdicts = (
        ("Évolution", change(series)),
        ("Cible", words.target(series)),
        ("National", words.national(series)),
    )
    rank = report.series.index(series)
    return {
        "service": series.service,
        "summed": series.summed,
        "value": words.value(series),
        "last": words.last(series),
        "verdicts": [(name, sentence) for name, sentence in verdicts if sentence],
        "drawing": control_drawing(report.fingerprint, f"indicateur-{rank}", series),
        "table": _periods_table(series),
    }


def _services_table(followed: Followed) -> Table:
    rows = [_line(series, series.service) for series in followed.services]
    columns = ("Service", "Dernière valeur", "Intervalle à 95 %", "Cible", "Évolution")
    return Table("Service par service, dans l'ordre du fichier", columns, rows, (0, 1, 3, 4))


def _periods_table(series: Series) -> Table:
    """All periods of a series, as many columns as it has something to say in."""
    points = rows_of(series.points, PointRow)
    cells = {
        "Période": [row.label for row in points],
        "Numérateur": [number(row.numerator) for row in points],
        "Dénominateur": [number(row.denominator) for row in points],
        "Valeur": [_value_cell(series, row) for row in points],
        "Limites": [_limits_cell(series, row) for row in points],
        "Signal": [_signal_cell(row) for row in points],
        "Commentaire": [row.comment for row in points],
    }
    if series.kind == "count":
        del cells["Numérateur"]
    kept = {
        name: column
        for name, column in cells.items()
        if name in ("Période", "Valeur") or set(column) - {"–", ""}
    }
    left = tuple(i for i, name in enumerate(kept) if name in ("Période", "Signal", "Commentaire"))
    caption = f"{words.name(series)}, toutes les périodes"
    return Table(caption, tuple(kept), list(zip(*kept.values(), strict=True)), left)


def _side_by_side(every: list[Series]) -> list[Table]:
    """All periods of a family for paper, a few series of the same frequency to a table."""
    tables = []
    for frequency in dict.fromkeys(series.frequency for series in every):
        alike = [series for series in every if series.frequency == frequency]
        for start in range(0, len(alike), ON_PAPER):
            tables.append(_beside(alike[start : start + ON_PAPER]))
    return tables


def _beside(several: list[Series]) -> Table:
    """Periods down, series across: each value with what it is made of."""
    cells = [
        {
            row.period: (row.label, _made_cell(series, row))
            for row in rows_of(series.points, PointRow)
        }
        for series in several
    ]
    labels = {period: cell[0] for column in cells for period, cell in column.items()}
    rows = [
        (labels[period], *(column.get(period, ("", "–"))[1] for column in cells))
        for period in sorted(labels)
    ]
    return Table("Chaque période, série par série", ("Période", *map(words.name, several)), rows)


def _made_cell(series: Series, row: PointRow) -> str:
    value = _value_cell(series, row)
    if row.status != "published" or series.kind == "count" or math.isnan(row.denominator):
        return value
    if series.kind == "value":
        return f"{value} ({number(row.denominator)})"
    return f"{value} ({number(row.numerator)}/{number(row.denominator)})"


def _value_cell(series: Series, row: PointRow) -> str:
    if row.status != "published":
        return words.STATUSES[row.status]
    return write_value(series, row.value)


def _limits_cell(series: Series, row: PointRow) -> str:
    if math.isnan(row.high_limit):
        return "–"
    return write_interval(series, row.low_limit, row.high_limit)


def _signal_cell(row: PointRow) -> str:
    signals = ["hors des limites" if row.outside else "", "longue suite" if row.run else ""]
    return ", ".join(signal for signal in signals if signal)


@stamped
def limits(report: DashboardReport) -> Fragment:
    """What cannot be concluded, and why. Always something, whatever the results.

    >>> "qu’on ne peut pas conclure" in limits(dashboard_report).html
    True
    """
    return render("page/limits", limits=method.limits(report))


@stamped
def annex(report: DashboardReport) -> Fragment:
    """The method: rules, formulas worked with this page's own numbers, sources.

    >>> "Règles de lecture" in annex(dashboard_report).html
    True
    """
    return render(
        "dashboard/annex",
        rules=method.worked_rules(report),
        minimum=report.published.minimum,
        sources=method.SOURCES,
    )


@stamped
def provenance(report: DashboardReport, report_date: str) -> Fragment:
    """Where every figure comes from: file, kit, results, date.

    ``report_date``: ISO day the page bears, today when empty. The fingerprint is a SHA-256.

    >>> dashboard_report.fingerprint in provenance(dashboard_report, "2026-11-16").html
    True
    """
    national = method.national_sources(report)
    return lay_provenance(
        [
            ("Tableau", report.source),
            ("Pôle", ", ".join(filter(None, [report.pole, report.facility]))),
            *([("Valeurs nationales", " ; ".join(national))] if national else []),
            ("Page", made(report_date)),
            ("Empreinte des indicateurs du pôle", whole_print(report.fingerprint)),
        ]
    )
