"""One facility on two pages: what its campaigns, audits, indicators and plan say side by side.

The examples read ``synthesis_report``: `qgdr demo essai` writes a programme, and
``open_synthesis("essai/programme.yml")`` opens its first facility, in some fifteen seconds.
"""

from collections.abc import Iterator

from qgdr_eval.comparison.findings import named
from qgdr_eval.comparison.findings.model import DISCUSS, FIRST, PRIORITY, STRENGTHS
from qgdr_eval.comparison.series import Series
from qgdr_eval.disclosure import Slice
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import FindingPart, FindingRow, ScoreRow, TurnoutRow
from qgdr_eval.french import count, interval, listed, number, percent, quote
from qgdr_eval.reporting.action_plan.report import PlanReport
from qgdr_eval.reporting.dashboard import words as dashboard_words
from qgdr_eval.reporting.dashboard.report import DashboardReport, Followed
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, lay_masthead
from qgdr_eval.reporting.page.provenance import PRINT, lay_provenance, made
from qgdr_eval.reporting.signs import signed
from qgdr_eval.reporting.synthesis.picture import (
    KEY,
    dashboard_picture,
    plan_picture,
    source_picture,
)
from qgdr_eval.reporting.synthesis.report import Source, Synthesis
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.method import interval_cell, score_cell
from qgdr_eval.wording.measures import MEASURES, measure_words
from qgdr_eval.wording.subjects import RECORD, subject_of
from qgdr_eval.wording.verdicts import IN_A_WORD

CRITICAL = ("critère critique pas toujours conforme", "critères critiques pas toujours conformes")
TARGETS = {
    "reached": "cible atteinte",
    "not_reached": "cible non atteinte",
    "cannot_conclude": "cible : on ne peut pas conclure",
}
CHANGES = {
    "favourable": "changement favorable",
    "unfavourable": "changement défavorable",
    "signal": "changement à comprendre",
}


@stamped
def masthead(report: Synthesis, report_date: str) -> Fragment:
    """Which facility, which programme, and what the page is not.

    ``report_date``: ISO day the page bears, today when empty.

    >>> "Synthèse" in masthead(synthesis_report, "2026-11-16").html
    True
    """
    sources = len(report.sources) + len(report.dashboards) + bool(report.plan)
    return lay_masthead(
        Masthead(
            over=f"Synthèse. {report.programme.title} – {report.programme.period}",
            title=report.facility or "Tous les services",
            facts=[("Sources", number(sources)), ("Page du", day_in_full(report_date))],
            layout="brief",
            what="Des sources différentes, mises côte à côte.",
            why="Elles ne s'additionnent pas : il n'y a ni note d'ensemble, ni classement, ni "
            "évaluation de la HAS.",
            facility=report.facility,
        )
    )


@stamped
def sources(report: Synthesis) -> Fragment:
    """What each source rests on and what it establishes, one line each, drawn and said.

    >>> "Les sources, côte à côte" in sources(synthesis_report).html
    True
    """
    rows = [_line(source) for source in report.sources]
    rows += [_dashboard_line(dashboard) for dashboard in report.dashboards]
    rows += [_plan_line(report.plan)] if report.plan else []
    columns = ("Source", "Quand", "Combien", "En une image", "Ce qui est établi")
    table = Table("Les sources, côte à côte", columns, rows, (0, 1, 3, 4))
    return render(
        "synthesis/sources",
        table=table,
        key=[signed(sign, said) for sign, said in KEY],
    )


def _line(source: Source) -> tuple[str, ...]:
    card, picture = source.card, source_picture(source)
    if source.hidden:
        return card.title, card.period, "–", picture, "effectif insuffisant"
    n = words.subjects(source.instrument, int(source.turnout.n))
    return card.title, card.period, n, picture, _established(source)


def _established(source: Source) -> str:
    """The strengths and priorities of a facility, by name while there are few."""
    if source.instrument.declared:
        return "positions déclarées, sans intervalle"
    if source.instrument.chosen:
        return _to_understand(source)
    failed = len(source.found.part(FIRST))
    parts = [count(failed, *CRITICAL)] if failed else []
    named_parts: tuple[tuple[FindingPart, str, str], ...] = (
        (STRENGTHS, "point fort", "points forts"),
        (PRIORITY, "priorité", "priorités"),
    )
    for part, name, several in named_parts:
        if found := source.found.part(part):
            named = listed(map(quote, _in_usual_order(source, found)))
            parts.append(f"{number(len(found))} {name if len(found) == 1 else several} : {named}")
    return " ; ".join(parts) or "rien de net : à lire avec les intervalles"


def _to_understand(source: Source) -> str:
    """What cases that were chosen leave to understand: nothing is established by them."""
    found = (*source.found.part(FIRST), *source.found.part(DISCUSS))
    whose = subject_of(source.instrument)
    what = count(len(found), "critère") if found else "aucun critère"
    return f"{whose.plural} {whose.agree('choisi')} : {what} à comprendre"


def _in_usual_order(source: Source, found: list[FindingRow]) -> list[str]:
    """The names of the dimensions a page would name, in the order of the questionnaire."""
    ids = {row.dimension for row in named(found)}
    return [dimension.name for dimension in source.instrument.dimensions if dimension.id in ids]


def _dashboard_line(report: DashboardReport) -> tuple[str, ...]:
    first, last = report.span
    text = dashboard_words.headline(report.followed)
    name = f"Indicateurs, {report.pole}" if report.pole else "Indicateurs"
    n = count(len(report.followed), "indicateur")
    return name, f"{first} à {last}", n, dashboard_picture(report), text


def _plan_line(plan: PlanReport) -> tuple[str, ...]:
    late = plan.total("late")
    told = count(late, "action en retard", "actions en retard") if late else "rien en retard"
    return "Plan d'actions", "", count(len(plan.own), "action"), plan_picture(plan), told


@stamped
def people(report: Synthesis) -> Fragment:
    """What people answered: each campaign's dimensions over the whole facility.

    Scores are on 0–100, intervals at 95 %. Nothing when nobody was asked.

    >>> "Ce que disent les personnes" in people(synthesis_report).html
    True
    """
    found = report.about("respondent")
    if not found:
        return NOTHING
    return render("synthesis/people", tables=[_dimensions_table(source) for source in found])


def _dimensions_table(source: Source) -> Table:
    rows = [
        (
            dimension.name,
            score_cell(row, source.instrument),
            interval_cell(row, source.instrument),
            IN_A_WORD.get((reading.verdict, reading.band)) or IN_A_WORD.get(reading.verdict, "–"),
        )
        for dimension, row, reading in source.scores.dimensions
    ]
    n = words.subjects(source.instrument, int(source.turnout.n))
    columns = ("Dimension", "Score", "Intervalle", "Lecture")
    return Table(f"{source.card.title}, {n}{_since(source)}", columns, rows, (0, 3))


def _since(source: Source) -> str:
    moved = _moved(source)
    return f". Depuis la campagne d'avant, {moved}" if moved else ""


def _moved(source: Source) -> str:
    """How the services moved since the campaign before, told only where it is established."""
    total = sum(source.moved.values()) - source.moved["not_compared"]
    if not total:
        return ""
    better = count(source.moved["improved"], "améliorée")
    worse = count(source.moved["worsened"], "dégradée")
    counts = f"sur {number(total)} : {better}, {worse}, le reste non établi"
    return f"par service et par dimension, {counts}"


@stamped
def audits(report: Synthesis) -> Fragment:
    """The audits: the scores of the whole grid, by name.

    In %, with their interval at 95 %. Nothing without an audit.

    >>> "Grille entière, trois scores" in audits(synthesis_report).html
    True
    """
    found = report.about("record")
    if not found:
        return NOTHING
    columns = (
        "Audit",
        "Lus ou observés",
        *(name for name, _ in MEASURES.values()),
        "Depuis le tour d'avant",
    )
    rows = [_audit_row(source) for source in found]
    table = Table("Grille entière, trois scores", columns, rows, (0, 5))
    meanings = [measure_words(measure, RECORD) for measure in MEASURES]
    return render("synthesis/audits", table=table, measures=meanings)


def _audit_row(source: Source) -> tuple[str, ...]:
    whole = {row.measure: row for row in source.whole()}
    drawn = source.instrument.sampled
    cells = [_audit_cell(whole[name], drawn) if name in whole else "–" for name in MEASURES]
    n = words.subjects(source.instrument, int(source.turnout.n))
    return source.card.title, n, *cells, _moved(source) or "–"


def _audit_cell(row: ScoreRow, drawn: bool) -> str:
    if row.status != "published":
        return words.OF_A_GROUP[row.status]
    return f"{percent(row.score)} {interval(row.low, row.high) if drawn else ''}".rstrip()


@stamped
def positions(report: Synthesis) -> Fragment:
    """What groups declared, dimension by dimension; risks by zone.

    Nothing without a group.

    >>> "Ce que chacun déclare" in positions(synthesis_report).html
    True
    """
    found = [source for source in report.about("group") if source.services]
    if not found:
        return NOTHING
    rows = [row for source in found for row in _declared(source)]
    table = Table("Ce que chacun déclare", ("Groupe", "Position"), rows, (0, 1))
    return render("synthesis/positions", table=table)


def _declared(source: Source) -> Iterator[tuple[str, ...]]:
    """What was asked, then what each group declared of it."""
    yield (source.instrument.title,)
    for service in source.services:
        yield _place(service), _position(source, service)


def _position(source: Source, service: Slice) -> str:
    """Each dimension with its score; for a risk map, how many risks stand in each zone."""
    rows = rows_of(service.published.dimension_scores(), ScoreRow)
    cells = [score_cell(row, source.instrument) for row in rows]
    if risk := source.instrument.risk:
        counts = {zone.id: cells.count(zone.id) for zone in risk.zones}
        if without := len(cells) - sum(counts.values()):
            counts["sans zone"] = without
        return ", ".join(f"{zone} {number(n)}" for zone, n in counts.items())
    names = (source.instrument.dimension(row.dimension).name for row in rows)
    return " ; ".join(f"{name} : {cell}" for name, cell in zip(names, cells, strict=True))


def _place(service: Slice) -> str:
    return rows_of(service.published.participation, TurnoutRow)[0].service


@stamped
def indicators(report: Synthesis) -> Fragment:
    """The last value of each indicator, its target, and whether chance is enough.

    Nothing without a table of indicators.

    >>> "Chutes de patients" in indicators(synthesis_report).html
    True
    """
    if not report.dashboards:
        return NOTHING
    return render("synthesis/indicators", table=_indicators_table(report.dashboards))


def _indicators_table(dashboards: tuple[DashboardReport, ...]) -> Table:
    """One line an indicator, one column a pôle: last value, target, change."""
    cells = {
        (followed.indicator, rank): _followed(followed)
        for rank, dashboard in enumerate(dashboards)
        for followed in dashboard.followed
    }
    names = dict.fromkeys(name for name, _ in cells)
    rows = [
        (name, *(cells.get((name, rank), "–") for rank in range(len(dashboards)))) for name in names
    ]
    columns = ("Indicateur", *(dashboard.pole or dashboard.facility for dashboard in dashboards))
    return Table("Dernière valeur, et ce qu'elle permet de dire", columns, rows,
                 tuple(range(len(columns))))  # fmt: skip


def _followed(followed: Followed) -> str:
    return " ; ".join(_said(series) for series in followed.mains)


def _said(series: Series) -> str:
    value = f"{dashboard_words.value_cell(series)} {dashboard_words.interval(series)}".strip()
    parts = (
        f"{series.service} : {value}" if series.service else value,
        TARGETS.get(series.level.verdict, ""),
        CHANGES.get(series.change, ""),
    )
    return ", ".join(filter(None, parts))


@stamped
def plan(report: Synthesis) -> Fragment:
    """Where the plan stands: promised, done, evaluated, late.

    Nothing when the facility has no part in the plan.

    >>> "Ce qui était promis" in plan(synthesis_report).html
    True
    """
    if report.plan is None:
        return NOTHING
    total = {flag: report.plan.total(flag) for flag in ("done", "evaluated", "open", "late")}
    late = [(action.action or action.objective, action.service or action.pole)
            for action, _ in report.plan.rows("late")]  # fmt: skip
    return render("synthesis/plan", promised=len(report.plan.own), total=total, late=late)


@stamped
def limits(report: Synthesis) -> Fragment:
    """What side by side does not say. Always there.

    >>> "Ce que cette page ne dit pas" in limits(synthesis_report).html
    True
    """
    return render("synthesis/limits", several=len(report.sources) + len(report.dashboards) > 1)


@stamped
def provenance(report: Synthesis, report_date: str) -> Fragment:
    """Where every figure comes from.

    ``report_date``: ISO day the page bears, today when empty. The fingerprint is a SHA-256.

    >>> synthesis_report.fingerprint in provenance(synthesis_report, "2026-11-16").html
    True
    """
    programme = report.programme
    asked = [f"{source.instrument.id} {source.instrument.version}" for source in report.sources]
    return lay_provenance(
        [
            (
                "Programme",
                f"{programme.title} ({programme.id}), {programme.period}. "
                f"Page du {made(report_date)}.",
            ),
            ("Instruments", ", ".join(asked)),
            ("Empreinte SHA-256", PRINT.format(report.fingerprint)),
        ],
        compact=True,
    )
