"""What to talk about, and what the results do not say."""

from qgdr_eval.french import quote, typography
from qgdr_eval.reporting import ServiceReport
from qgdr_eval.reporting.position.limitations import limits as of_a_position
from qgdr_eval.reporting.team.limitations import limits as of_a_team
from qgdr_eval.workshop.debate import Topic, choose_topics


def questions(report: ServiceReport, most: int) -> list[dict[str, str]]:
    """The first questions that a workshop would put to debate, each with its reason.

    >>> sorted(questions(team_report, 1)[0])
    ['dimension', 'text', 'why']
    """
    beside = {
        "findings": report.findings,
        "readings": report.readings,
        "comparisons": report.comparisons,
    }
    return [
        _question(topic, report.instrument.dimension(topic.dimension).label)
        for topic in choose_topics(report.published, beside)[:most]
    ]


def _question(topic: Topic, label: str) -> dict[str, str]:
    """A reason that names the dimension itself is not told its name before."""
    return {
        "text": topic.text,
        "dimension": "" if topic.why.startswith(f"{typography(quote(label))}") else label,
        "why": topic.why,
    }


def limits(report: ServiceReport, most: int) -> list[dict[str, str]]:
    """What cannot be concluded, and why: the most specific first, the most general last.

    The last one stands whatever the number: it is what every result has in common.

    >>> limits(team_report, 2)[-1]["what"]
    'La cause.'
    """
    every = (of_a_position if report.instrument.declared else of_a_team)(report)
    kept = [*every[: most - 1], every[-1]]
    return [_limit(what, why) for what, why in dict.fromkeys(kept)]


def _limit(what: str, why: str) -> dict[str, str]:
    return {"what": what, "why": why}
