"""One facility of a campaign: its services and its total, and nothing of any other facility.

The examples read ``facility_report``: `qgdr demo essai` writes a campaign, and
``open_facility_report("essai/campagne.yml")`` opens its first facility.
"""

from dataclasses import replace

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import TurnoutRow
from qgdr_eval.french import number, percent
from qgdr_eval.reporting.board import READ, board_of, limits_of, numbers_of, reading_cells, said_of
from qgdr_eval.reporting.funnels import lay_places
from qgdr_eval.reporting.hidden import hidden_of
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, campaign_line, lay_masthead
from qgdr_eval.reporting.page.provenance import campaign_provenance
from qgdr_eval.reporting.report import PartReport
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.method import count_cell


@stamped
def masthead(report: PartReport, report_date: str) -> Fragment:
    """Which facility, how many services and respondents; what this page is not.

    ``report_date``: ISO day the page bears, today when empty.

    >>> "Hôpital fictif" in masthead(facility_report, "2026-11-16").html
    True
    """
    return lay_masthead(
        Masthead(
            over=f"{campaign_line(report.card)}. Page du {day_in_full(report_date)}",
            title=report.facility,
            facts=facts(report),
            layout="close",
            what="L'établissement et ses services, seuls.",
            why="Cette page ne contient rien des autres établissements de la campagne : elle peut "
            "lui être remise. Ce n'est ni une note, ni un classement ; les services sont dans "
            "l'ordre de la campagne.",
            facility=report.facility,
            service=report.service,
            n=report.shown_n,
            draft=report.card.draft,
        )
    )


def facts(report: PartReport) -> list[tuple[str, str]]:
    """How many services, shown, and how many answered: (name, value) pairs.

    >>> facts(facility_report)[0]
    ('Services', '8')
    """
    shown = rows_of(report.published.participation, TurnoutRow, status="published")
    known = [
        ("Services", number(len(report.published.services))),
        ("Services affichés", number(sum(bool(row.service) for row in shown))),
    ]
    if report.whole is not None:
        known.append((report.subject.heading, number(report.whole.n)))
        measured = report.instrument.of_people and report.whole.rate == report.whole.rate
        known += [("Participation", percent(report.whole.rate))] if measured else []
    return known


@stamped
def message(report: PartReport) -> Fragment:
    """The one sentence that the services of the facility support; none is named.

    >>> "services" in message(facility_report).html
    True
    """
    return render(
        "one_facility/message", headline=said_of(report, report.published.services, "services")
    )


@stamped
def board(report: PartReport) -> Fragment:
    """Its services on every dimension, then the facility as a whole.

    >>> "Chaque service, chaque dimension" in board(facility_report).html
    True
    """
    groups = [*report.published.services, (report.facility, "")]
    caption = "Dans l'ordre de la campagne, l'établissement en dernier"
    looked = board_of(report, groups, caption, "Service")
    *lines, last = (replace(line, where="") for line in looked.lines)
    last = replace(last, name="L'établissement", total=True)
    return render(
        "one_facility/board",
        board=replace(looked, lines=(*lines, last)),
        caution=report.instrument.caution,
        tables=numbers_of(report, report.published.services, "Service"),
    )


@stamped
def total(report: PartReport) -> Fragment:
    """The facility as a whole, dimension by dimension.

    >>> "L’établissement dans son ensemble" in total(facility_report).html
    True
    """
    rows: list[tuple[str, ...]] = [
        (dimension.label, *reading_cells(report, report.facility, "", dimension))
        for dimension in report.instrument.dimensions
    ]
    table = Table("Ses services affichés, ensemble", ("Dimension", *READ), rows, (0, 3))
    return render("one_facility/total", table=table, people=report.instrument.of_people)


@stamped
def unusual(report: PartReport) -> Fragment:
    """Where its services stand among all those of the campaign, none of the others being named.

    Nothing unless people answered, nor where the campaign shows too few services.

    >>> "dans l’habituel" in unusual(facility_report).html
    True
    """
    return lay_places(report) if len(report.funnel) else NOTHING


@stamped
def limits(report: PartReport) -> Fragment:
    """What cannot be concluded, and why. Always something, whatever the results.

    >>> "qu’on ne peut pas conclure" in limits(facility_report).html
    True
    """
    return render("page/limits", limits=limits_of(report))


@stamped
def participation(report: PartReport) -> Fragment:
    """Who was asked and who answered, service by service, then in all.

    >>> "Participation" in participation(facility_report).html
    True
    """
    rows = [
        (row.service or "L'établissement", count_cell(row.head_count), count_cell(row.n),
         count_cell(row.rate, share=True), _remark(row.status))
        for row in rows_of(report.published.participation, TurnoutRow)
    ]  # fmt: skip
    people = report.instrument.of_people
    columns = (
        ("Service", "Sollicités", "Réponses", "Participation", "Remarque")
        if people
        else ("Service", *report.subject.turnout, "Remarque")
    )
    table = Table("Participation" if people else report.subject.read, columns, rows, (0, 4))
    return render("one_facility/participation", people=people, subject=report.subject, table=table)


def _remark(status: str) -> str:
    return "" if status == "published" else words.OF_A_GROUP[status]


@stamped
def attestation(report: PartReport) -> Fragment:
    """What was hidden of the facility, and why.

    >>> "Ce qui est masqué" in attestation(facility_report).html
    True
    """
    return render(
        "one_facility/attestation",
        minimum=report.card.minimum,
        people=report.instrument.of_people,
        subject=report.subject,
        hidden=hidden_of(report),
    )


@stamped
def provenance(report: PartReport, report_date: str) -> Fragment:
    """Where every figure comes from: instrument, kit, answers, date.

    ``report_date``: ISO day the page bears, today when empty. The fingerprint is a SHA-256.

    >>> facility_report.fingerprint in provenance(facility_report, "2026-11-16").html
    True
    """
    whole = report.whole
    n = "effectif insuffisant" if whole is None else words.subjects(report.instrument, int(whole.n))
    return campaign_provenance(report, n, "de l'établissement", report_date)
