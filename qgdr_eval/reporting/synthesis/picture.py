"""All sources of a facility in one picture: a shape for each thing that a source says.

Shapes are counted by nobody: a campaign of ten dimensions does not weigh more than a plan.
"""

from markupsafe import Markup

from qgdr_eval.disclosure import Slice
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import FollowedRow, ScoreRow
from qgdr_eval.reporting.action_plan.report import PlanReport
from qgdr_eval.reporting.dashboard.report import DashboardReport
from qgdr_eval.reporting.signs import row_of_signs
from qgdr_eval.reporting.synthesis.report import Source
from qgdr_eval.reporting.team.method import score_cell

OTHER = ("none", "sans rien d'établi")
OF_A_READING = {
    ("established", "strength"): ("favourable", "établi comme point fort"),
    ("established", "priority"): ("unfavourable", "établi comme priorité"),
}
OF_A_TARGET = {
    "reached": ("reached", "cible atteinte"),
    "not_reached": ("not_reached", "cible non atteinte"),
    "cannot_conclude": ("cannot_conclude", "cible sans conclusion"),
}
HIDDEN = ("cannot_conclude", "non montré")
KEY = (  # what shapes mean here, in the order of the lines
    ("favourable", "point fort établi, action faite"),
    ("unfavourable", "priorité établie, zone la plus défavorable, action en retard"),
    ("reached", "cible atteinte, action évaluée"),
    ("not_reached", "cible non atteinte"),
    ("none", "ni l'un ni l'autre, action ouverte, position déclarée"),
    ("cannot_conclude", "sans conclusion, ou non montré"),
)


def source_picture(source: Source) -> Markup:
    """One shape a dimension of a campaign; of a risk map, a shape a risk."""
    if source.hidden:
        return Markup("–")
    if source.instrument.declared:
        return row_of_signs([_declared(source, row) for service in source.services
                             for row in _rows(service)])  # fmt: skip
    return row_of_signs([
        HIDDEN if row.status != "published"
        else OF_A_READING.get((reading.verdict, reading.band), OTHER)
        for _, row, reading in source.scores.dimensions
    ])  # fmt: skip


def _rows(service: Slice) -> list[ScoreRow]:
    return rows_of(service.published.dimension_scores(), ScoreRow)


def _declared(source: Source, row: ScoreRow) -> tuple[str, str]:
    """A position is no measure: only the worst zone of a risk stands out."""
    if row.status != "published":
        return HIDDEN
    risk = source.instrument.risk
    if risk and score_cell(row, source.instrument) == risk.zones[0].id:
        return "unfavourable", "dans la zone la plus défavorable"
    return "none", "déclaré"


def dashboard_picture(report: DashboardReport) -> Markup:
    """One shape an indicator: its target."""
    return row_of_signs([
        OF_A_TARGET.get(series.level.verdict, ("none", "sans cible")) for series in report.mains
    ])  # fmt: skip


def plan_picture(report: PlanReport) -> Markup:
    """One shape an action: where it stands."""
    return row_of_signs([_action(followed) for _, followed in report.rows()])


def _action(followed: FollowedRow) -> tuple[str, str]:
    if followed.evaluated:
        return "reached", "évaluée"
    if followed.done:
        return "favourable", "faite, à évaluer"
    if followed.abandoned:
        return "cannot_conclude", "abandonnée"
    return ("unfavourable", "en retard") if followed.late else ("none", "ouverte")
