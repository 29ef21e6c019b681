"""A leader's own position beside the team's answers: a page for that leader, and nobody else.

The examples read ``pair = open_pair("demo_self", "demo_team")``.
"""

from dataclasses import dataclass
from functools import cached_property

from qgdr_eval.comparison.self_team import compare_self_to_team
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.fingerprint import of_values
from qgdr_eval.frames import SelfGapRow
from qgdr_eval.french import count, listed, quote, signed
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.page.drawings import pair_drawing
from qgdr_eval.reporting.page.fragment import (
    Drawing,
    Fragment,
    Table,
    day_in_full,
    render,
    stamped,
)
from qgdr_eval.reporting.page.masthead import Masthead, campaign_line, lay_masthead
from qgdr_eval.reporting.report import ServiceReport, open_report
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.sample import sample_of
from qgdr_eval.wording.reference import interval_of
from qgdr_eval.wording.scores import score_in_full

VERDICTS = {
    "higher": "vous vous voyez plus favorablement",
    "lower": "vous vous voyez moins favorablement",
    "not_established": "écart non établi",
    "not_compared": "non comparé",
}


@dataclass(frozen=True)
class Pair:
    """The position of one leader, and the report of the team that answered about them."""

    own: ServiceReport
    team: ServiceReport

    @property
    def facility(self) -> str:
        """The facility of the team."""
        return self.team.facility

    @property
    def service(self) -> str:
        """The service of the team."""
        return self.team.service

    @property
    def shown_n(self) -> str:
        """Respondents of the team, nothing when they are hidden."""
        return self.team.shown_n

    @cached_property
    def fingerprint(self) -> str:
        """Of all both sides may read."""
        return of_values(self.own.fingerprint, self.team.fingerprint)

    @cached_property
    def gaps(self) -> list[SelfGapRow]:
        """The gap of each dimension, in the order of the questionnaire."""
        own, team = (
            [row for _, row, _ in side.scores.dimensions] for side in (self.own, self.team)
        )
        return rows_of(compare_self_to_team(own, team), SelfGapRow)


def open_pair(own: str, team: str, facility: str = "", service: str = "") -> Pair:
    """Open a leader's own position and the results of the team of the same service.

    ``own``, ``team``: campaign files or stored results; ``demo_self`` and ``demo_team`` are
    fictitious. An empty ``facility`` or ``service`` stands for the first one of ``own``.

    >>> pair.own.service == pair.team.service
    True

    Raises:
        Refused: as `open_report`, or because these are not the own position of a person and the
            answers of a team on the same dimensions.
    """
    mine = open_report(own, facility, service)
    pair = Pair(mine, open_report(team, mine.facility, mine.service))
    dimensions = [
        {dimension.id for dimension in side.instrument.dimensions} for side in (pair.own, pair.team)
    ]
    answered_by = mine.instrument.subject, pair.team.instrument.subject
    if answered_by != ("person", "respondent") or not dimensions[0] & dimensions[1]:
        what = "ces deux campagnes ne sont pas celles d'un responsable et de son équipe"
        cure = "donnez le questionnaire « soi » du responsable et le même vu par l'équipe"
        raise Refused([Problem(mine.card.id, None, "", what, cure)])
    return pair


@stamped
def masthead(pair: Pair, report_date: str) -> Fragment:
    """Whose team, when, and for whose eyes the page is.

    ``report_date``: ISO day the page bears, today when empty.

    >>> "Page personnelle" in masthead(pair, "2026-11-16").html
    True
    """
    n = [("Réponses de l'équipe", pair.shown_n)] if pair.shown_n else []
    return lay_masthead(
        Masthead(
            over=campaign_line(pair.team.card),
            title="Vous et l'équipe",
            under=", ".join(filter(None, [pair.service, pair.facility])),
            facts=[*n, ("Rapport du", day_in_full(report_date))],
            what="Page personnelle.",
            why="Elle met votre propre position à côté de ce que dit l'équipe. Elle est pour vous "
            "seul : ne la joignez ni au rapport de l'équipe, ni à un entretien d'évaluation.",
            facility=pair.facility,
            service=pair.service,
            n=pair.shown_n,
            draft=pair.team.card.draft,
        )
    )


@stamped
def gaps(pair: Pair) -> Fragment:
    """Each dimension seen by oneself and by the team, the gap and its interval.

    Gaps are in points, own minus team, on scores of 0–100; the interval at 95 % comes from the
    team's answers alone, since a person is not a sample.

    >>> "Vous et l’équipe, en points" in gaps(pair).html
    True
    """
    return render(
        "self_and_team/gaps",
        title=_title(pair),
        hidden=pair.team.hidden,
        minimum=pair.team.card.minimum,
        drawing=_drawing(pair),
        table=_table(pair),
        people=words.turnout(sample_of(pair.team)) if not pair.team.hidden else "",
        levers=[pair.team.instrument.dimension(row.dimension) for row in pair.gaps
                if row.verdict == "higher"],
    )  # fmt: skip


def _drawing(pair: Pair) -> Drawing | None:
    if pair.team.hidden:
        return None
    names = "vous", "l'équipe", count(pair.team.n, "réponse")
    return pair_drawing(pair.fingerprint, pair.own.instrument, pair.gaps, names)


def _title(pair: Pair) -> str:
    if pair.team.hidden:
        return "L'équipe compte trop peu de réponses pour être montrée"
    parts = [
        f"{quote(pair.own.instrument.dimension(row.dimension).label)}"
        for row in pair.gaps
        if row.verdict in ("higher", "lower")
    ]
    if not parts:
        return "Aucun écart établi entre vous et l'équipe"
    if len(parts) > 2:
        return f"Un écart établi sur {count(len(parts), 'dimension')}"
    return f"Un écart établi sur {listed(parts)}"


def _table(pair: Pair) -> Table:
    rows = [_row(pair, row) for row in pair.gaps]
    columns = ("Dimension", "Vous", "L'équipe", "Écart", "Intervalle à 95 %", "Lecture")
    return Table("Vous et l'équipe, en points", columns, rows, (0, 5))


def _row(pair: Pair, row: SelfGapRow) -> tuple[str, ...]:
    dimension = pair.own.instrument.dimension(row.dimension)
    if row.verdict == "not_compared":
        return dimension.label, "–", "–", "–", "–", VERDICTS["not_compared"]
    own, team = (
        score_in_full(value, dimension, pair.own.instrument) for value in (row.own, row.team)
    )
    ends = interval_of(row.low, row.high)
    return dimension.label, own, team, signed(row.difference), ends, VERDICTS[row.verdict]
