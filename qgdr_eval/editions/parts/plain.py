"""Results in plain French, for representatives of users: so many out of ten, and how sure."""

from qgdr_eval.comparison.findings.model import DISCUSS, FIRST, PRIORITY, STRENGTHS
from qgdr_eval.frames import FindingPart, FindingRow
from qgdr_eval.french import in_words
from qgdr_eval.reporting import ServiceReport
from qgdr_eval.reporting.team.first_page import unmet
from qgdr_eval.reporting.team.sample import sample_of
from qgdr_eval.reporting.team.words import turnout
from qgdr_eval.scoring import gives
from qgdr_eval.wording import plain

MEANT = {  # kinds of findings that are of a whole dimension, and what each allows to say
    "strength": ("cool", plain.GOOD),
    "low_dimension": ("warm", plain.BAD),
    "perhaps_low": ("ink", plain.PERHAPS_BAD),
    "undecided": ("ink", plain.UNKNOWN),
}
GOOD = {  # what is counted out of ten, by what one row of answers is about
    "respondent": ("réponse sur 10 est favorable", "réponses sur 10 sont favorables"),
    "record": ("fois sur 10, c'était fait", "fois sur 10, c'était fait"),
}


def ideas(report: ServiceReport, most: int) -> dict[str, object]:
    """At most so many ideas, in the order of the questionnaire, each with one picture.

    >>> told = ideas(team_report, 2)
    >>> [idea["tenths"] for idea in told["list"]]
    [2, 3]
    """
    first = report.found.part(FIRST)[:most]
    parts: tuple[FindingPart, ...] = (STRENGTHS, PRIORITY, DISCUSS)
    rows = [row for part in parts for row in report.found.part(part) if row.kind in MEANT]
    order = [dimension.id for dimension in report.instrument.dimensions]
    rows = sorted(rows[: most - len(first)], key=lambda row: order.index(row.dimension))
    told = [*(_missed(report, row) for row in first), *(_idea(report, row) for row in rows)]
    return {"who": f"{turnout(sample_of(report))}.", "list": told}


def _missed(report: ServiceReport, row: FindingRow) -> dict[str, object]:
    """What must be done each time and was not: how often, without a share nor a picture of it."""
    missed = unmet(row)
    return {
        "title": report.instrument.item(row.item).text,
        "definition": "",
        "tenths": None,
        "pole": "warm",
        "alt": "",
        "about": f"{missed} fois sur {int(row.n)}, ce n'était pas fait.",
        "sure": "",
        "meant": "Cela doit être fait à chaque fois.",
    }


def _idea(report: ServiceReport, row: FindingRow) -> dict[str, object]:
    dimension, subject = report.instrument.dimension(row.dimension), report.instrument.subject
    tenths, low, high = (plain.tenths(value) for value in (row.score, row.low, row.high))
    pole, meant = MEANT[row.kind]
    others = "d'autres réponses" if report.instrument.of_people else report.subject.others
    about = f"Environ {tenths} {GOOD[subject][tenths > 1]}."
    if report.instrument.plain:
        about = plain.answers_out_of_ten(tenths, dimension, report.instrument)
    if gives(dimension) == "points":
        about = f"En moyenne, environ {tenths} sur 10. 10, c'est le mieux."
    return {
        "title": dimension.label,
        "definition": dimension.definition,
        "tenths": tenths,
        "pole": pole,
        "alt": f"{in_words(tenths).capitalize()} {'rond plein' if tenths < 2 else 'ronds pleins'} "
        "sur dix.",
        "about": about,
        "sure": plain.sure(low, high, others),
        "meant": meant,
    }
