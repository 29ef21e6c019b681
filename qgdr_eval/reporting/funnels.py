"""Which services of a campaign, or of a kind, stand where few do: a funnel for each dimension."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgdr_eval.comparison.funnel import FEWEST
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import FunnelRow
from qgdr_eval.french import number
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.hidden import group_name
from qgdr_eval.reporting.page.drawings import funnel_drawing
from qgdr_eval.reporting.page.fragment import Drawing, Fragment, Table, render
from qgdr_eval.reporting.report import CampaignReport
from qgdr_eval.wording import unusual
from qgdr_eval.wording.scores import score_in_full

IN_BRIEF = 4  # columns where a whole region stands on one page: each facility has its own
COLUMNS = ("Service", "Réponses", "Score", *unusual.PLACE_COLUMNS, "Usage CQC / SHMI")


@dataclass(frozen=True)
class Block:
    """One dimension: what is said of it, its figure, its table; ``very``: some stand far out."""

    name: str
    said: str
    gaps: str
    drawing: Drawing
    table: Table
    very: bool


def lay_funnels(report: CampaignReport, kind: str = "") -> Fragment:
    """The funnels of all services, or of those of a kind; why there is none where there is none."""
    rows = [row for row in rows_of(report.funnel, FunnelRow) if row.kind == kind]
    blocks = [
        _block(report, [row for row in rows if row.dimension == id])
        for id in dict.fromkeys(row.dimension for row in rows)
    ]
    names = {dimension.id: dimension.label for dimension in report.instrument.dimensions}
    return render(
        "page/unusual",
        title=unusual.headline(rows) if rows else "Trop peu de services pour dire l'habituel",
        chance=unusual.by_chance(rows) if rows else "",
        fewest=FEWEST,
        kind=kind,
        blocks=blocks,
        wide=report.wide,
        varying=unusual.varying(rows, names),
        spread=_spread_table(rows, report.instrument),
    )


def lay_places(report: CampaignReport) -> Fragment:
    """Where services of one facility stand among all those of the campaign, without the others."""
    rows = [row for row in rows_of(report.funnel, FunnelRow) if not row.kind]
    name = _names(report.published.services)
    names = {dimension.id: dimension.label for dimension in report.instrument.dimensions}
    outside: dict[str, list[FunnelRow]] = {}
    for row in rows:
        if row.standing != "usual":
            outside.setdefault(name(row), []).append(row)
    return render(
        "page/places",
        title=unusual.headline(rows),
        among=int(rows[0].services),
        places=len(rows),
        outside=[(who, unusual.outside_words(far, names)) for who, far in outside.items()],
        tables=[
            _table(report, [row for row in rows if row.dimension == id])
            for id in dict.fromkeys(row.dimension for row in rows)
        ],
    )


def _block(report: CampaignReport, rows: Sequence[FunnelRow]) -> Block:
    outside = [row for row in rows if row.standing != "usual"]
    name = _names(report.published.services)
    named = [row for row in outside if unusual.is_very(row)] if report.wide else outside
    labels = [name(row) if row in named else "" for row in rows]
    return Block(
        report.instrument.dimension(rows[0].dimension).label,
        unusual.of_dimension(rows),
        unusual.seen_gaps(rows, unusual.ANSWERS),
        funnel_drawing(report.fingerprint, rows, labels, unusual.ANSWERS),
        # Of many facilities, each has a page that gives the places of its own services.
        _table(report, outside if report.wide else rows),
        any(map(unusual.is_very, rows)),
    )


def _table(report: CampaignReport, rows: Sequence[FunnelRow]) -> Table:
    """The places on one dimension, in the campaign's order."""
    name, shown = _names(report.published.services), COLUMNS[:IN_BRIEF] if report.wide else COLUMNS
    label = report.instrument.dimension(rows[0].dimension).label if rows else ""
    cells = [(name(row), *_cells(row, report.instrument))[: len(shown)] for row in rows]
    return Table(f"Les places en chiffres : {label}", shown, cells, (0, 3, 9))


def _names(services: Sequence[tuple[str, str]]) -> Callable[[FunnelRow], str]:
    """What a service is called: with its facility where another has a service of that name."""
    borne = Counter(service for _, service in services)
    return lambda row: (
        row.service if borne[row.service] == 1 else group_name(row.facility, row.service)
    )


def _cells(row: FunnelRow, instrument: Instrument) -> tuple[str, ...]:
    """What a table says of one place, names aside."""
    dimension = instrument.dimension(row.dimension)
    return (
        number(row.n_valid),
        score_in_full(row.score, dimension, instrument),
        unusual.STANDINGS[row.standing],
        *unusual.steadied_cells(row, instrument),
        unusual.STANDINGS[row.by_usual_rule],
    )


def _spread_table(rows: Sequence[FunnelRow], instrument: Instrument) -> Table:
    """How far apart services stand on each dimension, beside how far people of one service do."""
    first = {row.dimension: row for row in rows}
    cells = [
        (
            instrument.dimension(row.dimension).label,
            score_in_full(row.centre, instrument.dimension(row.dimension), instrument),
            number(row.between, 1),
            number(row.within),
        )
        for row in first.values()
    ]
    columns = ("Dimension", "Milieu", "Entre services", "Entre personnes d'un service")
    return Table("Ce qui varie, en points (écarts-types)", columns, cells, (0,))
