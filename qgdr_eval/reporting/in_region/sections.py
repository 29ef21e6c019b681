"""One facility in its region, to be handed over alone: nothing of any other facility is on it.

The examples read ``in_region_report``: ``open_in_region("demo")`` opens the first facility of a
region that does not exist.
"""

from qgdr_eval.french import count, number
from qgdr_eval.reporting.page.fragment import Fragment, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, lay_masthead
from qgdr_eval.reporting.page.provenance import lay_provenance, made, whole_print
from qgdr_eval.reporting.region import words
from qgdr_eval.reporting.region.report import FacilityReport
from qgdr_eval.reporting.region.strip import strip_of
from qgdr_eval.wording.scores import ends_words, score_in_full


@stamped
def masthead(report: FacilityReport, report_date: str) -> Fragment:
    """Which facility, in which region.

    >>> "Hôpital fictif n° 01" in masthead(in_region_report, "2026-11-16").html
    True
    """
    own, whole = report.facility, report.facility.whole
    facts = [("Services montrés", f"{number(len(own.services))} sur {number(own.asked)}")]
    facts += [("Réponses", number(whole.n))] if whole else []
    facts += [("Établissements de la région", number(report.behind.facilities))]
    return lay_masthead(
        Masthead(
            over=f"{report.region.title} – {report.region.period}. Page du "
            f"{day_in_full(report_date)}",
            title=own.name,
            facts=facts,
            layout="close",
            what="Un établissement dans sa région.",
            why="Cette page ne contient rien des autres établissements, sauf des repères qui en "
            "séparent au moins cinq. Ni note, ni classement.",
            facility=own.name,
            n=str(whole.n) if whole else "",
        )
    )


@stamped
def message(report: FacilityReport) -> Fragment:
    """On how many dimensions the facility can be placed, and on how many it cannot.

    >>> "dimensions" in message(in_region_report).html
    True
    """
    return render("in_region/message", headline=headline(report))


def headline(report: FacilityReport) -> str:
    """The one sentence that the places of a facility support.

    >>> headline(in_region_report).endswith(".")
    True
    """
    places = [place for place in report.places.values() if place]
    if not places:
        return "Cet établissement n'a pas de position dans la région."
    low = sum(place.sure and place.first == 0 for place in places)
    high = sum(place.sure and place.last == place.of - 1 for place in places)
    unsure = sum(not place.sure for place in places)
    told = [
        f"{where} pour {number(n)}"
        for n, where in (
            (low, "nettement dans le bas de la région"),
            (high, "nettement dans le haut de la région"),
            (len(places) - low - high - unsure, "nettement entre les deux"),
        )
        if n
    ]
    if unsure:
        torn = f"on ne peut pas trancher pour {number(unsure)}, à cheval sur plusieurs bandes"
        told.append(torn)
    return f"Sur {count(len(places), 'dimension')} : {' ; '.join(told)}."


@stamped
def positions(report: FacilityReport) -> Fragment:
    """Its own score on each dimension, with its interval, between the marks of the region.

    >>> "Vous êtes ici" in positions(in_region_report).html
    True
    """
    asked = report.instrument
    rows = []
    for dimension, row in report.rows:
        own, place = report.score(dimension), report.places[dimension.id]
        said = words.NOT_SHOWN
        if own:
            ends = ends_words(own.low, own.high, dimension, asked)
            said = f"{score_in_full(own.score, dimension, asked)} {ends}"
        drawn = strip_of(row, own) if place else None
        rows.append((dimension.label, said, drawn, words.place_words(place, row)))
    return render("in_region/positions", rows=rows, caution=asked.caution)


@stamped
def limits(report: FacilityReport) -> Fragment:
    """What cannot be concluded, and why.

    >>> "qu’on ne peut pas conclure" in limits(in_region_report).html
    True
    """
    return render("page/limits", limits=words.LIMITS)


@stamped
def provenance(report: FacilityReport, report_date: str) -> Fragment:
    """Where every figure comes from, and what stands behind the marks.

    >>> in_region_report.fingerprint in provenance(in_region_report, "2026-11-16").html
    True
    """
    asked = report.instrument
    return lay_provenance(
        [
            ("Instrument", f"{asked.title}, {asked.id}. {asked.source.rstrip('.')}. Licence : "
             f"{asked.licence.rstrip('.')}."),
            ("Derrière les repères", " ; ".join(words.behind_words(report.behind))),
            ("Page", made(report_date)),
            ("Empreinte de la page", whole_print(report.fingerprint)),
        ]
    )  # fmt: skip
