"""What people said, in plain French: themes out of ten, questions out of ten, what to do.

The examples read ``team_report``: `qgdr demo essai` writes a campaign, and
``open_report("essai/campagne.yml")`` opens it. Any report of people's answers is said so.
"""

from dataclasses import dataclass

from qgdr_eval.frames import ReadingRow, ScoreRow
from qgdr_eval.french import number
from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.reporting.page.fragment import Fragment, render, stamped
from qgdr_eval.reporting.page.masthead import campaign_line
from qgdr_eval.reporting.page.provenance import SHOWN
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.scores import Scores
from qgdr_eval.reporting.team.sample import sample_of
from qgdr_eval.reporting.team.words import turnout
from qgdr_eval.wording import plain

FULL, EMPTY = "●", "○"
OTHERS = "d'autres réponses"
ACTED_ON = {plain.BAD, plain.PERHAPS_BAD}


@dataclass(frozen=True)
class Theme:
    """A dimension as it is said: ``dots`` out of ten, "" where nothing is shown."""

    dimension: Dimension
    dots: str
    about: str
    sure: str
    meant: str


@stamped
def masthead(report: ServiceReport, report_date: str = "") -> Fragment:
    """Whose page it is, how many answered, that it is no mark.

    ``report_date``: ISO day the page bears, today when empty.

    >>> "Ce n’est pas une note" in masthead(team_report, "2026-11-16").html
    True
    """
    who = "" if report.hidden else f"{turnout(sample_of(report))}."
    return render(
        "plain/masthead",
        over=campaign_line(report.card),
        facility=report.facility,
        service=report.service,
        n=report.shown_n,
        unregistered=report.card.draft,
        who=who,
        report_date=report_date,
    )


@stamped
def message(report: ServiceReport) -> Fragment:
    """Each theme with ten dots: how many answers out of ten are good, how sure, what it means.

    >>> "réponses sur 10" in message(team_report).html.replace(chr(160), " ")
    True
    """
    shown = [] if report.hidden else themes(report.scores)
    return render("plain/message", concealed=report.hidden, themes=shown)


def themes(scores: Scores) -> list[Theme]:
    """Its dimensions in plain French, in the instrument's order.

    >>> len(themes(team_report.scores))
    10
    """
    return [_theme(scores.instrument, *three) for three in scores.dimensions]


def _theme(
    instrument: Instrument, dimension: Dimension, row: ScoreRow, reading: ReadingRow
) -> Theme:
    if row.status != "published":
        return Theme(dimension, "", "", "", plain.NOT_SHOWN)
    n, low, high = (plain.tenths(value) for value in (row.score, row.low, row.high))
    about = plain.answers_out_of_ten(n, dimension, instrument)
    dots = FULL * n + EMPTY * (10 - n)
    meant = plain.meant(reading.verdict, reading.band)
    return Theme(dimension, dots, about, plain.sure(low, high, OTHERS), meant)


@stamped
def next_steps(report: ServiceReport) -> Fragment:
    """What to improve first, ideas for it, and room to write what is decided.

    >>> "Ce que nous décidons" in next_steps(team_report).html
    True
    """
    found = [] if report.hidden else [one for one in themes(report.scores) if one.meant in ACTED_ON]
    return render("plain/next_steps", themes=found)


@stamped
def questions(report: ServiceReport) -> Fragment:
    """Each question and how many people out of ten gave the good answer.

    >>> "personnes sur 10" in questions(team_report).html.replace(chr(160), " ")
    True
    """
    blocks = [
        (
            dimension,
            [
                (item.text, "" if report.hidden else _answered(report.scores, item))
                for item in report.instrument.items_of(dimension.id)
            ],
        )
        for dimension in report.instrument.dimensions
    ]
    return render("plain/questions", blocks=blocks)


def _answered(scores: Scores, item: Item) -> str:
    rule = scores.instrument.dimension(item.dimension).rule
    row = scores.items.get((item.code, rule))
    if row is None or row.status != "published":
        return plain.NOT_SHOWN
    n = plain.tenths(row.score)
    counted = plain.out_of_ten(n, "personne", "personnes")
    said = f"{'a' if n < 2 else 'ont'} répondu {plain.good_answer(item, scores.instrument)}"
    return f"Environ {counted} {said}."


@stamped
def limits(report: ServiceReport) -> Fragment:
    """What this does not say. Always something, whatever the results.

    >>> "Ce que cela ne dit pas" in limits(team_report).html
    True
    """
    return render("plain/limits")


@stamped
def provenance(report: ServiceReport, report_date: str) -> Fragment:
    """Which questions, which day, and the number that proves whose results they are.

    ``report_date``: ISO day the page bears, today when empty.

    >>> team_report.fingerprint[:12] in provenance(team_report, "2026-11-16").html
    True
    """
    return render(
        "plain/provenance",
        title=report.instrument.title,
        results=report.fingerprint[:SHOWN],
        version=number_of(report.instrument.version),
        report_date=report_date,
    )


def number_of(version: str) -> str:
    """The number of a version as people say it.

    >>> number_of("3.0.1")
    '3'
    """
    return number(int(version.split(".")[0]))
