"""The services of one kind that are shown, one under the other, whatever their facility.

Nothing is added up: their total would overlap those of their facilities. The examples read
``kind_report``: `qgdr demo essai` writes a campaign whose roster says kinds, and
``open_kind_report("essai/campagne.yml")`` opens the first.
"""

from qgdr_eval.french import number
from qgdr_eval.reporting.board import board_of, limits_of, numbers_of, said_of
from qgdr_eval.reporting.funnels import lay_funnels
from qgdr_eval.reporting.hidden import group_name
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, campaign_line, lay_masthead
from qgdr_eval.reporting.page.provenance import campaign_provenance
from qgdr_eval.reporting.report import PartReport

FEWEST = 3
"""Services of a kind that must be shown for them to have a page."""


@stamped
def masthead(report: PartReport, report_date: str) -> Fragment:
    """Which kind of service, in how many facilities; what this page is not.

    ``report_date``: ISO day the page bears, today when empty.

    >>> "Médecine" in masthead(kind_report, "2026-11-16").html
    True
    """
    facts = [
        ("Services affichés", number(len(report.published.services))),
        ("Établissements", number(len(report.facilities))),
    ]
    return lay_masthead(
        Masthead(
            over=f"{campaign_line(report.card)}. Page du {day_in_full(report_date)}",
            title=report.service,
            facts=facts,
            layout="close",
            what="Un même type de service, d'un établissement à l'autre.",
            why="Des services qui font le même métier peuvent se parler : qui pourrait aider qui ? "
            "Ce n'est ni une note, ni un classement ; ils sont dans l'ordre de la campagne.",
            facility=report.facility,
            service=report.service,
            n=report.shown_n,
            draft=report.card.draft,
        )
    )


@stamped
def message(report: PartReport) -> Fragment:
    """The one sentence that the services of this kind support; none is named.

    >>> "services" in message(kind_report).html
    True
    """
    return render(
        "one_kind/message", headline=said_of(report, report.published.services, "services")
    )


@stamped
def board(report: PartReport) -> Fragment:
    """These services on every dimension, in the campaign's order.

    >>> "Cardiologie" in board(kind_report).html
    True
    """
    services = report.published.services
    looked = board_of(report, services, "Dans l'ordre de la campagne", "Service")
    names = [group_name(*service) for service in services]
    return render(
        "one_kind/board",
        board=looked,
        caution=report.instrument.caution,
        tables=numbers_of(report, services, "Service", names),
        people=report.instrument.of_people,
    )


@stamped
def unusual(report: PartReport) -> Fragment:
    """Which of these services stand where few of their kind do; why it is not said of a few.

    Nothing unless people answered.

    >>> "Trop peu de services" in unusual(kind_report).html
    True
    """
    return lay_funnels(report, report.service) if report.instrument.of_people else NOTHING


@stamped
def limits(report: PartReport) -> Fragment:
    """What cannot be concluded, and why. Always something, whatever the results.

    >>> "qu’on ne peut pas conclure" in limits(kind_report).html
    True
    """
    return render("page/limits", limits=limits_of(report))


@stamped
def provenance(report: PartReport, report_date: str) -> Fragment:
    """Where every figure comes from: instrument, kit, answers, date.

    ``report_date``: ISO day the page bears, today when empty. The fingerprint is a SHA-256.

    >>> kind_report.fingerprint in provenance(kind_report, "2026-11-16").html
    True
    """
    n = f"{number(len(report.published.services))} services affichés"
    return campaign_provenance(report, n, "de ces services", report_date)
