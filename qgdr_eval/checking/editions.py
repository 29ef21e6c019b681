"""Checking an edition that somebody writes: its definition, then its template on invented data."""

import datetime
from collections.abc import Iterator
from pathlib import Path

from qgdr_eval.editions import Opened, Report, open_edition, open_for, print_edition
from qgdr_eval.editions.read import SUBJECTS
from qgdr_eval.french import count, listed, typography
from qgdr_eval.press.editions import suits
from qgdr_eval.problems import Problem, Refused

TRIED = {"respondent": "demo", "record": "demo_audit"}
"""The demonstration that a template is tried on, by what one row of answers is about."""


def check_edition(definition: Path) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """What an edition is, in a few lines, and what stops its template on invented data.

    ``definition``: its ``edition.yml``.

    >>> lines, problems = check_edition(Path("qgdr_eval/editions/affiche/edition.yml"))
    >>> len(lines), problems
    (2, ())

    Raises:
        Refused: with every problem of its definition, its logo and what its template calls.
    """
    opened = open_edition(str(definition.parent))
    edition = opened.edition
    tried = {subject: report for subject, report in _trials(opened) if suits(opened,
             report.instrument)}  # fmt: skip
    problems = [problem for report in tried.values() for problem in _refused(opened, report)]
    names = listed(SUBJECTS[subject] for subject in tried) or "aucune : essayez-la sur les vôtres"
    return (
        typography(
            f"{edition.title}, pour {edition.reader}, {count(edition.sheets, 'page')} au plus"
        ),
        typography(f"essayée sur des données fictives : {names}"),
    ), tuple(dict.fromkeys(problems))


def _trials(opened: Opened) -> Iterator[tuple[str, Report]]:
    for subject in opened.edition.subjects:
        if subject in TRIED:
            yield subject, open_for(opened, TRIED[subject])


def _refused(opened: Opened, report: Report) -> tuple[Problem, ...]:
    """What stops an edition of a report."""
    try:
        print_edition(report, opened, datetime.date.today().isoformat())
    except Refused as refused:
        return refused.problems
    return ()
