"""Since the campaign before: what was promised, what moved, what cannot be said to have moved.

The examples read ``audit_report``: `qgdr demo essai` writes a second round, its first one and the
plan, and ``open_report("essai/medicament/tour-2/campagne.yml")`` opens it.
"""

from textwrap import shorten

import pandas as pd

from qgdr_eval.actions.model import MOST_DECIDED
from qgdr_eval.comparison.composition import moved_by_a_quarter
from qgdr_eval.comparison.control import FEWEST
from qgdr_eval.comparison.overall import OVERALL
from qgdr_eval.comparison.rounds import rounds_series
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ChangedRow, CompositionRow, EvolutionRow, HistoryRow, LoopRow
from qgdr_eval.french import count, date, in_words, listed, number, signed
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.reporting.page.drawings import control_drawing, rounds_drawing
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, render, stamped
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.series import change
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.method import interval_cell, score_cell
from qgdr_eval.wording.changes import ASKED_CHANGED, composition_warning
from qgdr_eval.wording.difference import PRUDENCE, changed_cells, changed_warnings
from qgdr_eval.wording.reference import interval_of
from qgdr_eval.wording.scores import score_in_full

VERDICTS = {
    "improved": "amélioré, établi",
    "worsened": "dégradé, établi",
    "not_established": "écart non établi",
    "not_compared": "non comparé",
    "declared": "deux positions déclarées",
}
OTHERWISE = {
    True: "{} sur cette page ; non établi quand tous les services sont pris ensemble",
    False: "écart non établi sur cette page ; {} quand tous les services sont pris ensemble",
}
ESTABLISHED = ("improved", "worsened")
ALPHA = 0.05  # the p under which a campaign calls a change established
COLUMNS = ("Avant", "Maintenant", "Écart", "Intervalle à 95 %", "Lecture")


@stamped
def since(report: ServiceReport) -> Fragment:
    """Each dimension and item beside itself in the campaign before, with the interval.

    Gaps are in points, now minus before, with their interval at 95 %. Nothing without a round
    before, for a hidden service, nor of cases that were chosen anew.

    >>> "Les dimensions, en points" in since(audit_report).html
    True
    """
    rows = rows_of(report.evolution, EvolutionRow)
    if report.hidden or not rows or report.instrument.chosen:
        return NOTHING
    wholes = [row for row in rows if row.item == ""]
    items = [row for row in rows if row.item]
    asked = report.changed_last
    careful = {(row.dimension, row.item) for row in asked if row.state == "caution"}
    return render(
        "team/since",
        title=_title(wholes, items, of_records=report.instrument.of_records)
        + (f", {PRUDENCE}" if _rests_on(rows, careful) else ""),
        before=rows[0].period_before,
        now=report.card.period,
        people=report.instrument.of_people,
        subject=report.subject,
        paired=any(row.method == "paired" for row in items),
        drawing=rounds_drawing(report) if len(report.history) else None,
        warnings=_warnings(report),
        wholes=_wholes_table(report.instrument, wholes, careful),
        items=_items_table(report.instrument, items, careful),
        changed=_changed_table(report.instrument, asked),
        rounds=_rounds_table(report.instrument, rows_of(report.history, HistoryRow)),
    )


def _warnings(report: ServiceReport) -> list[str]:
    """What a difference may come from besides the work: who answers, or what is asked."""
    history = rows_of(report.history, HistoryRow)
    moved = (
        moved_by_a_quarter(rows_of(report.composition, CompositionRow))
        if report.instrument.of_people
        else []
    )
    parts = {(row.dimension, row.part) for row in history}
    changed = len(parts) > len({dimension for dimension, _ in parts})
    said = [composition_warning(moved), ASKED_CHANGED if changed else ""]
    said += changed_warnings(report.instrument, report.changed_last)
    return [warning for warning in said if warning]


def _changed_table(instrument: Instrument, rows: list[ChangedRow]) -> Table:
    name = "critères" if instrument.of_records else "questions"
    columns = ("Avant", "Maintenant", "Ce qui a changé")
    return Table(f"Les {name} qui ont changé", columns, changed_cells(instrument, rows), (0, 1, 2))


def _title(wholes: list[EvolutionRow], items: list[EvolutionRow], *, of_records: bool) -> str:
    """What is established, every row of both tables counted: of an audit, its criteria first."""
    alone = [row for row in wholes if row.measure != OVERALL]
    dimensions = _moved(alone, "dimension", "e") or _all_moved(wholes)
    if of_records:
        parts = [*_moved(items, "critère"), *dimensions]
    else:
        parts = [*dimensions, *_moved(items, "question", "e")]
    if not parts:
        return "Depuis la dernière fois, aucun écart n'est établi"
    return f"Depuis la dernière fois : {listed(parts)}"


def _rests_on(rows: list[EvolutionRow], careful: set[tuple[str, str]]) -> bool:
    """Whether something established was asked in other words the time before."""
    return any(row.verdict in ESTABLISHED and (row.dimension, row.item) in careful for row in rows)


def _all_moved(wholes: list[EvolutionRow]) -> list[str]:
    """What the test of all dimensions together says where none of them says it alone."""
    sides = {"improved": "en progression", "worsened": "en recul"}
    return [
        f"l'ensemble des dimensions est {sides[row.verdict]}, sans qu'on puisse dire lesquelles"
        for row in wholes
        if row.measure == OVERALL and row.verdict in ESTABLISHED
    ]


def _moved(rows: list[EvolutionRow], name: str, feminine: str = "") -> list[str]:
    """How many of these improved, how many worsened; nothing for what is not established."""
    found = [
        (sum(row.verdict == verdict for row in rows), participle + feminine)
        for verdict, participle in (("improved", "amélioré"), ("worsened", "dégradé"))
    ]
    return [
        f"{in_words(n, bool(feminine))} {name if n == 1 else name + 's'} "
        f"{participle if n == 1 else participle + 's'}"
        for n, participle in found
        if n
    ]


def _wholes_table(
    instrument: Instrument, rows: list[EvolutionRow], careful: set[tuple[str, str]]
) -> Table:
    cells = [(_named(instrument, row), *_cells(instrument, row, careful)) for row in rows]
    return Table("Les dimensions, en points", ("Dimension", *COLUMNS), cells, (0, 5))


def _named(instrument: Instrument, row: EvolutionRow) -> str:
    if row.measure == OVERALL:
        return "Toutes les dimensions ensemble"
    return instrument.dimension(row.dimension).label


def _items_table(
    instrument: Instrument, rows: list[EvolutionRow], careful: set[tuple[str, str]]
) -> Table:
    texts = {item.code: words.criterion(item) for item in instrument.items}
    name = "Critère" if instrument.of_records else "Question"
    cells = [(texts[row.item], *_cells(instrument, row, careful)) for row in rows]
    return Table(f"{name} par {name.lower()}, en points", (name, *COLUMNS), cells, (0, 5))


def _cells(
    instrument: Instrument, row: EvolutionRow, careful: set[tuple[str, str]]
) -> tuple[str, ...]:
    if row.verdict == "not_compared":
        return "–", "–", "–", "–", VERDICTS["not_compared"]
    ends = interval_of(row.low, row.high) if row.low == row.low else "–"
    if row.measure == OVERALL:  # a test, not a score
        return "–", "–", signed(row.difference), ends, _said(row)
    dimension = instrument.dimension(row.dimension)
    item = next((item for item in instrument.items if item.code == row.item), None)
    before, now = (
        f"{score_in_full(value, dimension, instrument, item)} ({number(n)})"
        for value, n in ((row.score_before, row.n_before), (row.score, row.n))
    )
    prudence = f" ; {PRUDENCE}" if (row.dimension, row.item) in careful else ""
    return before, now, signed(row.difference), ends, f"{_said(row)}{prudence}"


def _said(row: EvolutionRow) -> str:
    """The verdict; a gap whose interval leaves zero out by itself is told apart, of records with
    both p, and so is one that the pages of several services do not conclude alike.
    """
    if row.verdict != row.campaign_verdict:
        return OTHERWISE[row.verdict in ESTABLISHED].format(
            VERDICTS[row.verdict if row.verdict in ESTABLISHED else row.campaign_verdict]
        )
    together = "écart non établi, toutes comparaisons prises ensemble"
    alone = 1.0 if pd.isna(row.p_alone) else row.p_alone
    if row.verdict == "not_established" and alone < ALPHA <= row.p:
        both = f"seul, p = {number(alone, 3)} ; parmi les {number(row.compared)}"
        return f"{together} ({both}, p = {number(row.p, 2)})"
    if row.verdict == "not_established" and not row.low <= 0 <= row.high:
        return together
    return VERDICTS[row.verdict]


@stamped
def rounds(report: ServiceReport) -> Fragment:
    """Each dimension over all its rounds, on a run chart; nothing under ten rounds.

    >>> import dataclasses
    >>> bool(rounds(audit_report))  # two rounds
    False
    >>> history = audit_report.history
    >>> last = history[history["round"] == history["round"].max()]
    >>> ten = pd.concat([last.assign(round=rank) for rank in range(10)])
    >>> bool(rounds(dataclasses.replace(audit_report, history=ten)))
    True
    """
    rows = rows_of(report.history, HistoryRow)
    if report.hidden or len({row.round for row in rows}) < FEWEST:
        return NOTHING
    blocks = [
        _run_chart(
            report.fingerprint, dimension, [row for row in rows if row.dimension == dimension.id]
        )
        for dimension in report.instrument.dimensions
    ]
    return render("team/rounds", blocks=blocks)


def _run_chart(results: str, dimension: Dimension, rows: list[HistoryRow]) -> dict[str, object]:
    series = rounds_series(rows, dimension.label)
    drawing = control_drawing(results, f"tours-{dimension.id}", series)
    return {"name": dimension.label, "finding": change(series), "drawing": drawing}


def _rounds_table(instrument: Instrument, rows: list[HistoryRow]) -> Table:
    """Every round of every dimension, when there are more than two."""
    if len({row.round for row in rows}) < 3:
        return Table("", (), [])
    lines: list[tuple[str, ...]] = []
    for dimension in instrument.dimensions:
        lines.append((dimension.label,))
        lines += [_round_line(instrument, row) for row in rows if row.dimension == dimension.id]
    return Table("Tour par tour", ("Tour", "Score", "Intervalle à 95 %", "Nombre"), lines)


def _round_line(instrument: Instrument, row: HistoryRow) -> tuple[str, ...]:
    cells = score_cell(row, instrument), interval_cell(row, instrument)
    return row.period, *cells, number(row.n)


@stamped
def promises(report: ServiceReport) -> Fragment:
    """Promised, done, moved: the actions that came from an earlier campaign, one by one.

    Both stand side by side; the page never says that one caused the other. Nothing without such
    actions.

    >>> "en progression établie" in promises(audit_report).html
    True
    """
    rows = _promised(report.promises)
    if not rows:
        return NOTHING
    return render(
        "team/promises",
        title=_promised_title(rows),
        found=[(row, _about(report.instrument, row), _decided(row)) for row in rows],
    )


def _promised(promises: pd.DataFrame) -> list[LoopRow]:
    """The actions; results stored before plans said what a team decided have no such column."""
    known = promises if "decided" in promises else promises.assign(decided="")
    return rows_of(known, LoopRow)


def _promised_title(rows: list[LoopRow]) -> str:
    """How many were promised and done; of what they are about, each counted once, what moved."""
    verdicts = {(row.dimension, row.item): row.verdict for row in rows}
    better, worse = (list(verdicts.values()).count(verdict) for verdict in ("improved", "worsened"))
    parts = [
        count(len(rows), "action promise", "actions promises"),
        count(sum(row.done for row in rows), "faite"),
        f"{count(better, 'mesure')} en progression établie"
        if better
        else "aucune mesure établie en progression",
        *([f"{count(worse, 'mesure')} en recul établi"] if worse else []),
    ]
    return f"Depuis la dernière fois : {listed(parts)}"


def _decided(row: LoopRow) -> str:
    """What the team wrote by hand on its page."""
    return shorten(row.decided, MOST_DECIDED, placeholder=" …").rstrip(".")


def _about(instrument: Instrument, row: LoopRow) -> str:
    """The question or dimension an action is about, with its due date when it has one."""
    names = {dimension.id: dimension.label for dimension in instrument.dimensions}
    names |= {item.code: item.text for item in instrument.items}
    due = f", échéance {date(row.due)}" if row.due else ""
    about = names.get(row.item or row.dimension, "")
    return f"{about.removesuffix('.')}{due}" if due else about
