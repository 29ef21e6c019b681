"""What a template is given: plain values, cleaned, in French typography, and nothing else."""

import datetime
import re
from typing import Any
from urllib.parse import urlencode

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.editions.facility import FacilityReport, Report
from qgdr_eval.editions.parts import take
from qgdr_eval.editions.parts.whole import blocks_of
from qgdr_eval.editions.read import Opened
from qgdr_eval.figures.lettering import clean
from qgdr_eval.frames import TotalRow
from qgdr_eval.french import date, set_text, typography
from qgdr_eval.palette import PALETTE
from qgdr_eval.reporting import one_facility
from qgdr_eval.reporting.one_facility.sections import facts as facts_of_a_facility
from qgdr_eval.reporting.page.fragment import DRAFT, marked
from qgdr_eval.reporting.position.report import position_of
from qgdr_eval.reporting.position.sections import facts as facts_of_a_position
from qgdr_eval.reporting.position.words import headline as headline_of_a_position
from qgdr_eval.reporting.registered import dated, told_of_service
from qgdr_eval.reporting.team.sections import available, facts, provenance
from qgdr_eval.reporting.team.words import headline

BREAK = "\u200b"  # where a line may end inside a word no line could hold
LONGEST = re.compile(r"[^\s\u00a0\u202f-]{24}(?=[^\s\u00a0\u202f-]{6})")
HIDDEN = {  # why nothing is shown, by whether people answered
    True: "Les résultats d'un service ne sont affichés qu'à partir de {} {} : en dessous, "
    "chacun pourrait deviner qui a répondu quoi. Cela ne dit rien de la qualité de son travail.",
    False: "Les résultats d'un service ne sont affichés qu'à partir de {} {} : en dessous, "
    "on pourrait reconnaître une personne soignée ou accompagnée.",
}
EMPTY = "Ce groupe n'a pas encore répondu : il n'y a rien à montrer."


def gather(report: Report, opened: Opened, day: str) -> dict[str, Any]:
    """Everything an edition may show of one service or facility. ``day``: the ISO day it bears.

    >>> from qgdr_eval.editions import open_edition
    >>> given = gather(team_report, open_edition("affiche"), "2026-11-16")
    >>> given["head"]["name"], "questions" in given["parts"]
    ('Médecine interne', False)
    """
    edition = opened.edition
    most = {str(name): n for name, n in edition.most.items()}
    parts = {name: take(report, name, most) for name in edition.parts}
    shown = {
        "words": edition.words_for(report.instrument.subject),
        "head": _head(report, day),
        "headline": "" if report.hidden else _headline(report),
        "hidden": _hidden(report) if report.hidden else None,
        "parts": parts,
        "provenance": _provenance(report, day),
        "draft": DRAFT if report.card.draft else "",
        "logo_alt": edition.logo.alternative if edition.logo else "",
    }
    return _set(shown) | {
        "title": title_of(report, opened),
        "keywords": told(report, edition.id),
        "day": list(datetime.date.fromisoformat(day).timetuple()[:3]),
        "palette": PALETTE,
        "logo": edition.logo.file if edition.logo else "",
    }


def title_of(report: Report, opened: Opened) -> str:
    """What the document is called, as a page of the service is, and which edition it is."""
    places = [report.service, report.facility, report.card.title, opened.edition.title]
    text = " – ".join(filter(None, map(clean, places)))
    return typography(marked(text, report.card.draft))


def told(report: Report, edition: str) -> str:
    """What a document says of itself to whoever verifies it: whose it is, and what it is made of.

    The number of answers stands there where the page shows it, and nowhere else.

    >>> told(team_report, "affiche")[:16]
    'edition=affiche&'
    """
    return urlencode({
        "edition": edition,
        "facility": report.facility,
        "service": report.service,
        "n": report.shown_n,
        "results": report.fingerprint,
    })  # fmt: skip


def _head(report: Report, day: str) -> dict[str, Any]:
    kept = told_of_service(dated(report.published, report.facility, report.service))
    return {
        "name": report.service or report.facility,
        "where": report.facility if report.service else "",
        "campaign": report.card.title,
        "period": report.card.period,
        "asked": asked if (asked := report.instrument.title) not in report.card.title else "",
        "facts": [list(pair) for pair in _facts(report)],
        "day": date(day),
        "dated": kept,
        "results": report.fingerprint[:12],
    }


def _facts(report: Report) -> list[tuple[str, str]]:
    if isinstance(report, FacilityReport):
        return facts_of_a_facility(report)
    return facts_of_a_position(report) if report.instrument.declared else facts(report)


def _provenance(report: Report, day: str) -> list[list[str]]:
    """Where every figure comes from, as the page says it."""
    whole = isinstance(report, FacilityReport)
    said = blocks_of((one_facility.provenance if whole else provenance)(report, day))
    return [[term["text"], text["text"]] for term, text in zip(said[::2], said[1::2], strict=True)]


def _headline(report: Report) -> str:
    """The one sentence a service supports; a facility says its own beside its services."""
    if isinstance(report, FacilityReport):
        return ""
    if report.instrument.declared:
        return headline_of_a_position(position_of(report))
    return headline(report)


def _hidden(report: Report) -> dict[str, Any]:
    """Why nothing is shown, what remains to be read, what can be talked about all the same."""
    declared = report.instrument.declared
    why = HIDDEN[report.instrument.of_people].format(report.card.minimum, report.subject.plural)
    return {
        "title": "Pas encore de réponse" if declared else "Effectif insuffisant",
        "why": EMPTY if declared else why,
        "available": _available(report),
        "subjects": [dimension.label for dimension in report.instrument.dimensions],
    }


def _available(report: Report) -> list[str]:
    """What a service too small to be shown may read elsewhere."""
    if isinstance(report, FacilityReport) or report.instrument.declared:
        return []
    return list(available(rows_of(report.totals, TotalRow))[:-1])


def _set(value: Any) -> Any:
    """Every text of a value as it is printed."""
    match value:
        case str():
            return LONGEST.sub(rf"\g<0>{BREAK}", set_text(clean(value)))
        case dict():
            return {name: _set(inner) for name, inner in value.items()}
        case list():
            return [_set(inner) for inner in value]
    return value
