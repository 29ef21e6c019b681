"""Since the campaign before: what was promised, what moved, what cannot be said to have moved."""

from typing import Any

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.french import count, date, listed, number, signed
from qgdr_eval.reporting import words
from qgdr_eval.reporting.method import interval_cell, score_cell
from qgdr_eval.reporting.page import NOTHING, Fragment, Table, render, stamped
from qgdr_eval.reporting.view import ServiceReport

VERDICTS = {
    "improved": "amélioré, établi",
    "worsened": "dégradé, établi",
    "not_established": "écart non établi",
    "not_compared": "non comparé",
    "declared": "deux positions déclarées",
}
COLUMNS = ("Avant", "Maintenant", "Écart", "Intervalle à 95 %", "Lecture")


@stamped
def since(report: ServiceReport) -> Fragment:
    """Each dimension and item beside itself in the campaign before, with the interval."""
    rows = rows_of(report.evolution)
    if report.hidden or not rows:
        return NOTHING
    wholes = [row for row in rows if row.item == ""]
    items = [row for row in rows if row.item]
    return render(
        "evolution",
        title=_title(wholes, items, report),
        before=rows[0].period_before,
        now=report.card.period,
        people=report.instrument.subject == "respondent",
        paired=any(row.method == "paired" for row in items),
        wholes=_wholes_table(report, wholes),
        items=_items_table(report, items),
        rounds=_rounds_table(report),
    )


def _title(wholes: list[Any], items: list[Any], report: ServiceReport) -> str:
    """What is established of the items of an audit, else of the dimensions."""
    record = report.instrument.subject == "record"
    rows, name, many = (
        (items, "critère", "critères") if record else (wholes, "dimension", "dimensions")
    )
    feminine = "" if record else "e"
    parts = [
        f"{words.in_words(n, not record)} {name if n == 1 else many} {said}{feminine}"
        f"{'' if n == 1 else 's'}"
        for verdict, said in (("improved", "amélioré"), ("worsened", "dégradé"))
        if (n := sum(row.verdict == verdict for row in rows))
    ]
    if not parts:
        return "Depuis la dernière fois, aucun écart n'est établi"
    return f"Depuis la dernière fois : {listed(parts)}"


def _wholes_table(report: ServiceReport, rows: list[Any]) -> Table:
    cells = [(report.instrument.dimension(row.dimension).label, *_cells(report, row))
             for row in rows]  # fmt: skip
    return Table("Les dimensions, en points", ("Dimension", *COLUMNS), cells, (0, 5))


def _items_table(report: ServiceReport, rows: list[Any]) -> Table:
    texts = {item.code: item.text for item in report.instrument.items}
    name = "Critère" if report.instrument.subject == "record" else "Question"
    cells = [(texts[row.item], *_cells(report, row)) for row in rows]
    return Table(f"{name} par {name.lower()}, en points", (name, *COLUMNS), cells, (0, 5))


def _cells(report: ServiceReport, row: Any) -> tuple[str, ...]:
    if row.verdict == "not_compared":
        return "–", "–", "–", "–", VERDICTS["not_compared"]
    dimension = report.instrument.dimension(row.dimension)
    item = next((item for item in report.instrument.items if item.code == row.item), None)
    before, now = (
        f"{words.score(value, dimension, report.instrument, item)} ({number(n)})"
        for value, n in ((row.score_before, row.n_before), (row.score, row.n))
    )
    ends = words.interval_of(row.low, row.high) if row.low == row.low else "–"
    return before, now, signed(row.difference), ends, _said(row)


def _said(row: Any) -> str:
    """The verdict; a gap whose interval leaves zero out by itself is told apart."""
    if row.verdict == "not_established" and not row.low <= 0 <= row.high:
        return "écart non établi, toutes comparaisons prises ensemble"
    return VERDICTS[row.verdict]


def _rounds_table(report: ServiceReport) -> Table:
    """Every round, when there are more than two."""
    rows = rows_of(report.history)
    periods = {row.round: row.period for row in rows}
    if len(periods) < 3:
        return Table("", (), [])
    cells = {(row.dimension, row.round): _round_cell(report, row) for row in rows}
    lines = [
        (dimension.label, *(cells.get((dimension.id, rank), "–") for rank in sorted(periods)))
        for dimension in report.instrument.dimensions
    ]
    columns = ("Dimension", *(periods[rank] for rank in sorted(periods)))
    return Table("Toutes les campagnes", columns, lines)


def _round_cell(report: ServiceReport, row: Any) -> str:
    if row.status != "published":
        return "–"
    return f"{score_cell(row, report.instrument)} {interval_cell(row, report.instrument)}"


@stamped
def promises(report: ServiceReport) -> Fragment:
    """Promised, done, moved: the actions that came from an earlier campaign, one by one."""
    rows = rows_of(report.promises)
    if not rows:
        return NOTHING
    return render(
        "promises", title=_promised_title(rows), found=[(row, _about(report, row)) for row in rows]
    )


def _promised_title(rows: list[Any]) -> str:
    done, moved = sum(row.done for row in rows), sum(row.verdict == "improved" for row in rows)
    parts = [
        count(len(rows), "action promise", "actions promises"),
        count(done, "faite"),
        f"{count(moved, 'mesure')} en progression établie"
        if moved
        else "aucune mesure établie en progression",
    ]
    return f"Depuis la dernière fois : {listed(parts)}"


def _about(report: ServiceReport, row: Any) -> str:
    """The question or dimension an action is about, with its due date when it has one."""
    names = {dimension.id: dimension.label for dimension in report.instrument.dimensions}
    names |= {item.code: item.text for item in report.instrument.items}
    due = f", échéance {date(row.due)}" if row.due else ""
    return f"{names.get(row.item or row.dimension, '')}{due}"
