"""The minutes as one page, laid out as those of the press are."""

from qgdr_eval.french import typography
from qgdr_eval.reporting.minutes.report import Minutes
from qgdr_eval.reporting.minutes.sections import limits, masthead, message, provenance, questions
from qgdr_eval.reporting.page.export import export_sections


def lay_minutes(report: Minutes) -> str:
    """The whole page, self-contained.

    >>> page = lay_minutes(minutes_report)
    >>> page.startswith("<!DOCTYPE html>"), "http" in page
    (True, False)
    """
    kept = report.kept
    names = [kept.service, kept.facility, "compte rendu d'atelier"]
    title = typography(" – ".join(name for name in names if name))
    sections = [one(report) for one in (message, questions, limits)]
    return export_sections(
        masthead(report), sections, provenance(report), title, draft=report.kept.draft
    )
