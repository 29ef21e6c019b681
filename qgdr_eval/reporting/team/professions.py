"""What each profession answers, where that can be shown: the service, else the totals around it.

The example reads ``team_report``: `qgdr demo essai` writes a campaign, and
``open_report("essai/campagne.yml")`` opens it.
"""

from dataclasses import dataclass

import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ScoreRow
from qgdr_eval.french import number
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, render, stamped
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team.method import interval_cell, score_cell

UNKNOWN = "catégorie de répondants"  # of a breakdown shown nowhere, not even its name is published
SPELLED = {"metier": "métier", "categorie": "catégorie", "anciennete": "ancienneté"}
WHERE = {
    "service": "dans ce service",
    "facility": "dans l'établissement, services affichés ensemble",
    "campaign": "dans toute la campagne, services affichés ensemble",
}


@dataclass(frozen=True)
class Split:
    """The breakdown that was asked for, one at most.

    ``where``: the nearest place that shows it, "" for none; ``own``: whether that is the service.
    """

    variable: str
    where: str = ""
    own: bool = False
    table: Table | None = None


@stamped
def professions(report: ServiceReport) -> Fragment:
    """Each dimension by profession, at the nearest level that shows several.

    Scores with their interval at 95 %, in the instrument's order: no difference, no rank. Nothing
    where no breakdown was asked for or can be shown, nor for a hidden service.

    >>> "services affichés ensemble" in professions(team_report).html
    True
    """
    split = None if report.hidden else split_of(report.published, report.strata)
    return render("team/professions", split=split) if split and split.where else NOTHING


def unshown(published: Published, around: pd.DataFrame) -> str:
    """Why the breakdown is not shown in the service; "" where it is, or was not asked for.

    >>> unshown(team_report.published, team_report.strata)[:23]
    'Résultats par professio'
    """
    split = split_of(published, around)
    if split is None or split.own:
        return ""
    if split.where:
        return f"Résultats par {split.variable} dans ce service : rien ne peut être montré à part."
    return (
        f"Les résultats par {split.variable} ne peuvent pas être montrés sans désigner quelqu'un."
    )


def split_of(published: Published, around: pd.DataFrame) -> Split | None:
    """What the campaign asked to break results down by, where it is shown.

    >>> split_of(team_report.published, team_report.strata).variable
    'profession'
    """
    levels = _levels(published, around)
    names = {name for rows in levels.values() for name in rows["stratum"].map(_variable)}
    if not names:
        unseen = "strata" in set(published.attestation["what"])
        return Split(UNKNOWN) if unseen else None
    variable = SPELLED.get(name := min(names), name.replace("_", " "))
    for level, rows in levels.items():
        shown = rows_of(rows, ScoreRow, status="published")
        if len({row.stratum for row in shown}) > 1:  # one alone is everybody
            own = level == "service"
            return Split(variable, WHERE[level], own, _table(published.instrument, shown))
    return Split(variable)


def _levels(published: Published, around: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The dimensions by stratum in the service and in the totals around it, the nearest first."""
    own = published.scores
    return {
        "service": _split_rows(own, published.instrument),
        "facility": _split_rows(around[around["facility"] != ""], published.instrument),
        "campaign": _split_rows(around[around["facility"] == ""], published.instrument),
    }


def _split_rows(scores: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    rules = {dimension.id: dimension.rule for dimension in instrument.dimensions}
    rows = scores[(scores["stratum"] != "") & (scores["item"] == "")]
    return rows[rows["measure"].astype(str) == rows["dimension"].astype(str).map(rules)]


def _table(instrument: Instrument, shown: list[ScoreRow]) -> Table:
    people = {row.stratum: row.n for row in shown}
    cells = {(row.stratum, row.dimension): row for row in shown}
    rows = [
        (dimension.label, *(_cell(cells.get((name, dimension.id)), instrument) for name in people))
        for dimension in instrument.dimensions
    ]
    heads = [f"{_label(name)} ({number(n)})" for name, n in people.items()]
    return Table("Score, et son intervalle à 95 %", ("Dimension", *heads), rows)


def _cell(row: ScoreRow | None, instrument: Instrument) -> str:
    return "–" if row is None else f"{score_cell(row, instrument)} {interval_cell(row, instrument)}"


def _variable(stratum: str) -> str:
    return stratum.partition("=")[0]


def _label(stratum: str) -> str:
    return stratum.partition("=")[2]
