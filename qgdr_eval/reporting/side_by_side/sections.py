"""The page where the services of a campaign stand side by side, in the campaign's order.

The examples read ``campaign_report``: `qgdr demo essai` writes a campaign, and
``open_campaign("essai/campagne.yml")`` opens it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.floor import FEWEST_ANSWERS
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import AttestationRow, TurnoutRow
from qgdr_eval.french import listed, number, percent
from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting.board import READ, board_of, numbers_of, reading_cells, said_of
from qgdr_eval.reporting.funnels import lay_funnels
from qgdr_eval.reporting.hidden import counted, group_name, hidden_of, told_of_attack
from qgdr_eval.reporting.page import drawings
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, campaign_line, lay_masthead
from qgdr_eval.reporting.page.provenance import campaign_provenance
from qgdr_eval.reporting.registered import told_of_publications, told_of_service
from qgdr_eval.reporting.report import CampaignReport
from qgdr_eval.reporting.side_by_side.positions import side_by_side
from qgdr_eval.reporting.team import method, words
from qgdr_eval.reporting.team.method import count_cell

NOUNS = {True: ("Établissement", "établissements"), False: ("Service", "services")}


@stamped
def masthead(report: CampaignReport, report_date: str) -> Fragment:
    """Which campaign, how many services and respondents; what this page is not.

    ``report_date``: ISO day the page bears, today when empty.

    >>> "Les services côte à côte" in masthead(campaign_report, "2026-11-16").html
    True
    """
    those, teams = ("établissements",) * 2 if report.wide else ("services", "équipes")
    return lay_masthead(
        Masthead(
            over=f"{campaign_line(report.card)}. Page du {day_in_full(report_date)}",
            title=f"Les {those} côte à côte",
            facts=_facts(report),
            layout="close",
            what="Ce n'est pas un classement.",
            why=f"Les {those} sont dans l'ordre de la campagne. Cette page aide à voir ce que "
            f"plusieurs {teams} ont en commun et qui pourrait aider qui.",
            n=report.shown_n,
            draft=report.card.draft,
        )
    )


def _facts(report: CampaignReport) -> list[tuple[str, str]]:
    shown = [
        row
        for row in rows_of(report.published.participation, TurnoutRow)
        if row.service and row.status == "published"
    ]
    label = "Ont répondu" if report.instrument.declared else "Services affichés"
    facts = [("Établissements", number(len(report.facilities)))] if report.wide else []
    facts += [
        ("Services", number(len(report.published.services))),
        (label, number(len(shown))),
    ]
    whole = report.whole
    if whole is not None:
        facts.append((report.subject.heading, number(whole.n)))
        measured = report.instrument.of_people and not pd.isna(whole.rate)
        facts += [("Participation", percent(whole.rate))] if measured else []
    return _telling(facts) if report.instrument.declared else facts


def _telling(facts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Facts without those that say a number again: most services take one position each."""
    names: dict[str, str] = {}
    for name, n in facts:
        names.setdefault(n, name)
    return [(name, n) for n, name in names.items()]


@stamped
def message(report: CampaignReport) -> Fragment:
    """The one sentence that groups side by side support; no group is named. Nothing for positions.

    >>> "établie dans" in message(campaign_report).html
    True
    """
    if report.instrument.declared:
        return NOTHING
    said = said_of(report, _groups(report), NOUNS[report.wide][1])
    return render("side_by_side/message", headline=said)


def _groups(report: CampaignReport) -> list[tuple[str, str]]:
    """What stands side by side: the facilities of a wide campaign, else its services."""
    if not report.wide:
        return report.published.services
    return [(facility, "") for facility in report.facilities]


@stamped
def how_to_read(report: CampaignReport) -> Fragment:
    """How to read services side by side: intervals, many comparisons, no league table.

    >>> "Pas de rang" in how_to_read(campaign_report).html
    True
    """
    return render(
        "side_by_side/how_to_read",
        declared=report.instrument.declared,
        rates_risks=report.instrument.risk is not None,
        services=len(report.published.services),
        dimensions=len(report.instrument.dimensions),
        minimum=report.card.minimum,
        people=report.instrument.of_people,
        subject=report.subject,
    )


def heatmap(report: CampaignReport) -> Fragment:
    """Every service on every dimension: a figure and tables; words only, for declared positions.

    Scores are on 0–100, intervals at 95 %. Services stand in the campaign's order, never by score.

    >>> "Chaque service, chaque dimension" in heatmap(campaign_report).html
    True
    """
    if report.instrument.declared:
        return side_by_side(report)
    return _map(report) if report.wide else _heatmap(report)


@stamped
def _map(report: CampaignReport) -> Fragment:
    """Every facility on every dimension, as a table to look at and as one table a dimension."""
    groups = [*_groups(report), ("", "")]
    caption = "Chaque établissement réunit ses services affichés ; ordre de la campagne"
    board = board_of(report, groups, caption, "Établissement", of="Services affichés")
    *lines, last = board.lines
    return render(
        "side_by_side/map",
        board=replace(board, lines=(*lines, replace(last, total=True))),
        caution=report.instrument.caution,
        tables=numbers_of(report, groups, "Établissement"),
        people=report.instrument.of_people,
        subject=report.subject,
    )


@stamped
def _heatmap(report: CampaignReport) -> Fragment:
    """Every service on every dimension, as a figure and as one table for each dimension."""
    return render(
        "side_by_side/heatmap",
        drawing=drawings.heatmap_drawing(report),
        caution=report.instrument.caution,
        tables=[_dimension_table(report, dimension) for dimension in report.instrument.dimensions],
    )


def _dimension_table(report: CampaignReport, dimension: Dimension) -> Table:
    rows: list[tuple[str, ...]] = []
    for facility, places in groupby(report.published.services, key=lambda place: place[0]):
        rows += [(facility,)] if facility else []
        rows += [(place[1], *reading_cells(report, *place, dimension)) for place in places]
    return Table(dimension.label, ("Service", *READ), rows, (0, 3))


@stamped
def unusual(report: CampaignReport) -> Fragment:
    """Which services stand where few do, dimension by dimension; nothing unless people answered.

    Limits at 95 % and 99.8 % on scores of 0–100, by how many answered: see
    `qgdr_eval.comparison.unusual`.

    >>> "Deux questions, deux réponses" in unusual(campaign_report).html
    True
    """
    return lay_funnels(report) if report.instrument.of_people else NOTHING


@stamped
def totals(report: CampaignReport) -> Fragment:
    """Each facility as a whole, and the campaign; positions of groups are not added up.

    Nothing where facilities are what stands side by side.

    A total is made of what its services show, so that no subtraction gives a hidden one back.

    >>> "Toute la campagne" in totals(campaign_report).html
    True
    """
    if report.instrument.declared or report.wide:
        return NOTHING
    facilities = dict.fromkeys(facility for facility, _ in report.published.services)
    totals = [*facilities, ""] if len(facilities) > 1 else [""]
    return render(
        "side_by_side/totals",
        people=report.instrument.of_people,
        subject=report.subject,
        tables=[_total_table(report, facility) for facility in totals],
    )


def _total_table(report: CampaignReport, facility: str) -> Table:
    rows: list[tuple[str, ...]] = [
        (dimension.label, *reading_cells(report, facility, "", dimension))
        for dimension in report.instrument.dimensions
    ]
    return Table(facility or "Toute la campagne", ("Dimension", *READ), rows, (0, 3))


@stamped
def participation(report: CampaignReport) -> Fragment:
    """Who was asked and who answered, service by service, facility by facility, in all.

    The rate is in % of those asked, or of the records of the period. Nothing for positions, nor
    where the map tells it of facilities.

    >>> "Qui a répondu" in participation(campaign_report).html
    True
    """
    if report.instrument.declared or report.wide:
        return NOTHING
    rows: list[tuple[str, ...]] = []
    turnouts = sorted(
        rows_of(report.published.participation, TurnoutRow), key=_rank(report.facilities)
    )
    for facility, group in groupby(turnouts, key=lambda row: row.facility):
        rows += [(facility,)] if facility else []
        rows += [(row.service or group_name(facility, ""), *_turnout_cells(row)) for row in group]
    people = report.instrument.of_people
    columns = (
        ("Service", "Sollicités", "Réponses", "Participation", "Remarque")
        if people
        else ("Service", *report.subject.turnout, "Remarque")
    )
    name = "Participation" if people else report.subject.read
    table = Table(f"{name}, dans l'ordre de la campagne", columns, rows, (0, 4))
    return render("side_by_side/participation", people=people, subject=report.subject, table=table)


def _rank(facilities: Sequence[str]) -> Callable[[TurnoutRow], int]:
    """Facilities in the campaign's order, each total after its services, the campaign last."""
    return lambda row: (
        facilities.index(row.facility) if row.facility in facilities else len(facilities)
    )


def _turnout_cells(row: TurnoutRow) -> tuple[str, ...]:
    remark = "" if row.status == "published" else words.STATUSES[row.status]
    return (count_cell(row.head_count), count_cell(row.n), count_cell(row.rate, share=True), remark)


@stamped
def reliability(report: CampaignReport) -> Fragment:
    """How well each dimension is measured, in plain words.

    Coefficients over the whole campaign, from 0 to 1 with their interval at 95 %: see
    `qgdr_eval.scoring.measure_instrument`. Nothing unless people answered.

    >>> "Ce que valent ces mesures" in reliability(campaign_report).html
    True
    """
    if not report.instrument.of_people:
        return NOTHING
    reliability = report.published.reliability
    return render(
        "side_by_side/reliability",
        table=method.reliability_table(reliability, report.instrument),
        coefficients=method.reliability_words(reliability),
        icc=bool(reliability["measure"].eq("icc1").any()),
    )


@stamped
def attestation(report: CampaignReport) -> Fragment:
    """What was hidden in the whole set of pages, and why, with the groups concerned.

    Nothing for positions, which hide nothing.

    >>> "ce qui est masqué" in attestation(campaign_report).html
    True
    """
    if report.instrument.declared:
        return NOTHING
    return render(
        "side_by_side/attestation",
        minimum=report.card.minimum,
        fewest=FEWEST_ANSWERS,
        people=report.instrument.of_people,
        subject=report.subject,
        hidden=hidden_of(report),
        attacked=told_of_attack(report.published) if report.instrument.of_people else "",
        publications=[
            *_dated(report.published, report.wide),
            *told_of_publications(report.published),
        ],
    )


def _dated(published: Published, wide: bool) -> Iterator[str]:
    """The groups whose figures are those of an earlier publication, by their day."""
    days: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of(published.attestation, AttestationRow, what="dated"):
        days.setdefault(row.reason, []).append((row.facility, row.service))
    for day, groups in days.items():
        names = counted(groups) if wide else listed(group_name(*group) for group in groups)
        yield f"{names}. {told_of_service(day)}"


@stamped
def provenance(report: CampaignReport, report_date: str) -> Fragment:
    """Where every figure comes from: instrument, kit, answers, date.

    ``report_date``: ISO day the page bears, today when empty. The fingerprint is a SHA-256.

    >>> campaign_report.fingerprint in provenance(campaign_report, "2026-11-16").html
    True
    """
    whole = report.whole
    n = "effectif insuffisant" if whole is None else words.subjects(report.instrument, int(whole.n))
    return campaign_provenance(report, n, "de la campagne", report_date)
