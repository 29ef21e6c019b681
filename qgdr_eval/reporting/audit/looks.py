"""Several looks at one theme, side by side: what a person says, a team says, a record shows.

The example reads ``audit_report``, as in `qgdr_eval.reporting.audit.sections`.
"""

from markupsafe import Markup

from qgdr_eval.figures.words import STATES, state_words
from qgdr_eval.french import listed, number
from qgdr_eval.instruments import Item
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, render, stamped
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.scores import Scores
from qgdr_eval.reporting.team import words
from qgdr_eval.wording.subjects import subject_of

NUMBERS = {2: "Deux", 3: "Trois", 4: "Quatre"}
MET, UNMET = "●", "○"


@stamped
def looks(report: ServiceReport) -> Fragment:
    """Each theme on a row, each look in a column: how many « non », and of how many.

    Nothing for a grid whose criteria name no theme (key ``theme``), nor for a hidden service.

    >>> looks(audit_report).html
    ''
    """
    table = NO_TABLE if report.hidden else looks_table(report.scores, report.n)
    if not table.rows:
        return NOTHING
    n = len(table.columns) - 1
    return render(
        "audit/looks",
        title=f"{NUMBERS.get(n, number(n))} regards, thème par thème",
        table=table,
        subject=report.subject,
        apart=_apart(report.scores),
    )


NO_TABLE = Table("", (), [])


def looks_table(scores: Scores, n: int) -> Table:
    """Themes down, in the instrument's order; its dimensions across.

    >>> looks_table(audit_report.scores, audit_report.n).rows
    []
    """
    asked = scores.instrument
    found = {(item.theme, item.dimension): item for item in asked.items if item.theme}
    rows: list[tuple[object, ...]] = [
        (
            _heading(theme, [item for (name, _), item in found.items() if name == theme]),
            *(_cell(scores, found.get((theme, one.id))) for one in asked.dimensions),
        )
        for theme in dict.fromkeys(theme for theme, _ in found)
    ]
    columns = ("Thème", *(dimension.label for dimension in asked.dimensions))
    whole = f"Pour chaque thème, les « non » parmi {subject_of(asked).count(n)}"
    return Table(whole, columns, rows, tuple(range(len(columns))))


def _heading(theme: str, items: list[Item]) -> str:
    return f"{theme} (critique)" if any(item.critical for item in items) else theme


def _cell(scores: Scores, item: Item | None) -> str:
    """How many « non », the sign of a lack being hollow and its words bold."""
    if item is None:
        return "–"
    dimension = scores.instrument.dimension(item.dimension)
    row = next((one for one in scores.of_items(dimension) if one.item == item.code), None)
    if row is None or row.status != "published":
        return words.OF_A_GROUP["suppressed" if row is None else str(row.status)]
    lacking, n = round(row.n_valid * (100 - row.score) / 100), number(row.n_valid)
    if not lacking:
        return f"{MET} oui, {n} sur {n}"
    return Markup("{} <strong>{} non</strong> sur {}").format(UNMET, number(lacking), n)


def _apart(scores: Scores) -> str:
    """What is left out of these numbers, by the grid's own words."""
    themed = [item for item in scores.instrument.items if item.theme]
    states = {
        state_words(scores.instrument, item, str(row.state))
        for item in themed
        for row in scores.answers.get(item.code, ())
        if row.state in STATES and row.count > 0
    }
    return listed(f"« {state} »" for state in sorted(states))
