"""A region without personal data: its sections, in the order of the page.

The examples read ``region_report``: ``open_region("demo")`` opens a region that does not exist.
"""

from qgdr_eval.french import number
from qgdr_eval.reporting.page.fragment import Fragment, Table, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, lay_masthead
from qgdr_eval.reporting.page.provenance import lay_provenance, made, whole_print
from qgdr_eval.reporting.region import words
from qgdr_eval.reporting.region.report import RegionReport
from qgdr_eval.reporting.region.strip import strip_of

WAYS = ("Moyenne des services", "Réponses réunies", "Pondérée par l'effectif")


@stamped
def masthead(report: RegionReport, report_date: str) -> Fragment:
    """Which region, on how many facilities, services and people it rests.

    >>> "Établissements" in masthead(region_report, "2026-11-16").html
    True
    """
    found = report.behind
    facts = [
        ("Établissements", f"{number(found.facilities)} sur {number(found.expected)}"),
        ("Services montrés", f"{number(found.services)} sur {number(found.services_asked)}"),
        ("Réponses", number(found.people)),
    ]
    return lay_masthead(
        Masthead(
            over=f"Région – {report.region.period}. Page du {day_in_full(report_date)}",
            title=report.region.title,
            facts=facts,
            layout="close",
            what="Une région, sans donnée personnelle.",
            why="Chaque établissement a envoyé les chiffres qu'il publie, signés. Ni note, ni "
            "classement : aucun établissement n'est situé sur cette page.",
            n=str(found.people),
        )
    )


@stamped
def message(report: RegionReport) -> Fragment:
    """The one sentence that the figures of the region support, and what they do not.

    >>> "région" in message(region_report).html
    True
    """
    return render("region/message", headline=words.headline(report.rows, report.instrument))


@stamped
def figures(report: RegionReport) -> Fragment:
    """Each dimension added up in three ways, each by its name, side by side once.

    >>> "Moyenne des services" in figures(region_report).html
    True
    """
    rows = [
        (dimension.label, *(words.figure_words(figure, dimension, report.instrument)
                            for figure in (row.of_services, row.pooled, row.weighted)))
        for dimension, row in report.rows
    ]  # fmt: skip
    table = Table("Les mêmes services, réunis de trois façons", ("Dimension", *WAYS), rows)
    behind = words.behind_words(report.behind)
    caution = report.instrument.caution
    return render("region/figures", table=table, behind=behind, caution=caution)


@stamped
def bands(report: RegionReport) -> Fragment:
    """The marks that part facilities, five at least on each side; none is named, none placed.

    >>> "au moins cinq" in bands(region_report).html
    True
    """
    rows = [(one.label, strip_of(row), words.bands_words(row)) for one, row in report.rows]
    return render("region/bands", rows=rows)


@stamped
def facilities(report: RegionReport) -> Fragment:
    """Who sent figures that were merged; whose files were refused, why, and the cure.

    >>> "écarté" in facilities(region_report).html
    True
    """
    merged, region = report.merged, report.region
    named = [one.name for one in merged.facilities if not region.is_out(one.name, "name")]
    refused = [(one.file, one.problem.what, one.problem.cure) for one in merged.refused]
    table = Table("Fichiers écartés", ("Fichier", "Raison", "Remède"), refused, (0, 1, 2))
    return render(
        "region/facilities", named=named, unnamed=len(merged.facilities) - len(named), table=table
    )


@stamped
def limits(report: RegionReport) -> Fragment:
    """What cannot be concluded, and why.

    >>> "qu’on ne peut pas conclure" in limits(region_report).html
    True
    """
    return render("page/limits", limits=words.LIMITS)


@stamped
def provenance(report: RegionReport, report_date: str) -> Fragment:
    """Where every figure comes from: questionnaire, files, kit.

    >>> report_print = region_report.fingerprint
    >>> report_print in provenance(region_report, "2026-11-16").html
    True
    """
    asked = report.instrument
    return lay_provenance(
        [
            ("Instrument", f"{asked.title}, {asked.id}. {asked.source.rstrip('.')}. Licence : "
             f"{asked.licence.rstrip('.')}."),
            ("Fichiers", f"{number(len(report.merged.kept))} fichiers signés, vérifiés"),
            ("Page", made(report_date)),
            ("Empreinte de la région", whole_print(report.fingerprint)),
        ]
    )  # fmt: skip
