"""The risks a group rated: where each stands on the map, zone by zone, and what is not rated."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from qgdr_eval.french import count, listed, quote
from qgdr_eval.instruments import Dimension, Scale
from qgdr_eval.instruments.model import RiskMap, Zone
from qgdr_eval.reporting.page import Table
from qgdr_eval.reporting.position_answers import Answer, answers_of, long_name
from qgdr_eval.reporting.view import ServiceReport

ROLES = {"gravity": "gravité", "likelihood": "vraisemblance", "control": "maîtrise"}
RANKS = (1, 2, 3, 4, 5)
LOOKS = {  # of zones, worst first, by how many there are
    2: ("hot", "calm"),
    3: ("hot", "warm", "calm"),
    4: ("hot", "warm", "mild", "calm"),
    5: ("hot", "warm", "middle", "mild", "calm"),
}
NOWHERE = "out"  # the look of a risk without a zone


@dataclass(frozen=True)
class Risk:
    """A risk as it was rated. Ratings go from 1 to 5 and are None when not given.

    ``number``: its place in the instrument, from 1. ``level``: gross, 1 to 4. ``zone``: its rank,
    0 for the worst. ``unrated``: why the ratings that miss do, in words.
    """

    number: int
    dimension: Dimension
    gravity: int | None
    likelihood: int | None
    control: int | None
    level: int | None
    zone: int | None
    unrated: str

    @property
    def ratings(self) -> str:
        """The three ratings, in words."""
        given = zip(ROLES.values(), (self.gravity, self.likelihood, self.control), strict=True)
        return ", ".join(f"{role} {'–' if rank is None else rank}" for role, rank in given)


def map_of(report: ServiceReport) -> RiskMap | None:
    """The tables risks are read in; None when the instrument rates no risk."""
    return report.instrument.risk


def risks_of(report: ServiceReport) -> list[Risk]:
    """The risks in the instrument's order."""
    rows = [rows for rows in report.dimension_rows if rows[0].rule == "risk"]
    tables = map_of(report)
    if tables is None:
        return []
    return [
        _risk(report, tables, number, dimension, row.score if row.status == "published" else None)
        for number, (dimension, row, _) in enumerate(rows, start=1)
    ]


def _risk(
    report: ServiceReport, tables: RiskMap, number: int, dimension: Dimension, score: float | None
) -> Risk:
    answers = answers_of(report, dimension)
    gravity, likelihood, control = (_rated(report, answers, role) for role in ROLES)
    return Risk(
        number,
        dimension,
        gravity,
        likelihood,
        control,
        tables.level(gravity, likelihood) if gravity and likelihood else None,
        None if score is None else round(score / 100 * (len(tables.zones) - 1)),
        _unrated(report, answers),
    )


def _rated(report: ServiceReport, answers: list[Answer], role: str) -> int | None:
    """The rating given for a role; none when several groups gave several."""
    given = [answer for answer in answers if answer.item.role == role]
    if len(given) != 1 or not given[0].valid:
        return None
    return report.instrument.scale_of(given[0].item).options[given[0].rank].code


def _unrated(report: ServiceReport, answers: list[Answer]) -> str:
    """Why a risk has no zone: « maîtrise : ne sait pas »; "" when all is rated."""
    if report.n > 1:
        return "plusieurs groupes ont répondu, et des rangs ne se moyennent pas"
    aside = [answer for answer in answers if not answer.valid]
    if len({answer.label for answer in aside}) == 1 and len(aside) == len(ROLES):
        return aside[0].label.lower()
    return listed(f"{ROLES[str(one.item.role)]} : {one.label.lower()}" for one in aside)


def in_zone(risks: Sequence[Risk], zone: int | None) -> list[Risk]:
    """The risks of a zone (None: without one): gravest first, then gross level, then control."""
    return sorted(
        (risk for risk in risks if risk.zone == zone),
        key=lambda risk: (-(risk.gravity or 0), -(risk.level or 0), risk.control or 0, risk.number),
    )


def look(tables: RiskMap, zone: int | None) -> str:
    """How a zone is drawn."""
    return NOWHERE if zone is None else LOOKS[len(tables.zones)][zone]


def zone_name(tables: RiskMap, zone: int | None) -> str:
    """Where a risk stands, in words: « en zone « rouge » »."""
    return "sans zone" if zone is None else f"en zone {quote(tables.zones[zone].id)}"


@dataclass(frozen=True)
class Spot:
    """One square of the map: a gravity and a likelihood, the gross level they give, its risks."""

    level: int
    risks: list[Risk]


@dataclass(frozen=True)
class Line:
    """One gravity of the map."""

    gravity: int
    label: str
    spots: list[Spot]


def draw_map(report: ServiceReport, tables: RiskMap, risks: list[Risk]) -> list[Line]:
    """The lines of the map, gravity 5 first; likelihood from 1 to 5."""
    label = partial(_rating_label, report, "gravity")
    return [
        Line(
            gravity,
            label(gravity),
            [
                Spot(
                    tables.level(gravity, likelihood),
                    [r for r in risks if (r.gravity, r.likelihood) == (gravity, likelihood)],
                )
                for likelihood in RANKS
            ],
        )
        for gravity in reversed(RANKS)
    ]


def likelihoods(report: ServiceReport) -> list[tuple[int, str]]:
    """The columns of the map: likelihood 1 to 5 and what it means."""
    return [(rank, _rating_label(report, "likelihood", rank)) for rank in RANKS]


def _rating_label(report: ServiceReport, role: str, rank: int) -> str:
    scale = _scale(report, role)
    return next(long_name(option.label) for option in scale.options if option.code == rank)


def _scale(report: ServiceReport, role: str) -> Scale:
    instrument = report.instrument
    return instrument.scale_of(next(item for item in instrument.items if item.role == role))


@dataclass(frozen=True)
class ZoneList:
    """The risks of one zone, or those without one, as a table."""

    title: str
    look: str
    table: Table


def zone_lists(tables: RiskMap, risks: list[Risk]) -> list[ZoneList]:
    """One table a zone that holds a risk, worst first; those without a zone at the end."""
    lists = [
        ZoneList(_title(zone), look(tables, rank), _table(tables, rank, held))
        for rank, zone in enumerate(tables.zones)
        if (held := in_zone(risks, rank))
    ]
    without = in_zone(risks, None)
    return [*lists, ZoneList("Sans zone", NOWHERE, _without_zone(without))] if without else lists


def _title(zone: Zone) -> str:
    return f"{_sentence(zone.id)} : {zone.label[:1].lower()}{zone.label[1:]}"


def _table(tables: RiskMap, rank: int, held: list[Risk]) -> Table:
    rows = [
        (
            f"{risk.number}. {risk.dimension.label}",
            *(_cell(rating) for rating in (risk.gravity, risk.likelihood, risk.level)),
            _cell(risk.control),
        )
        for risk in held
    ]
    return Table(
        f"{count(len(held), 'risque')} {zone_name(tables, rank)}",
        ("Risque", "Gravité", "Vraisemblance", "Niveau brut", "Maîtrise"),
        rows,
    )


def _without_zone(held: list[Risk]) -> Table:
    rows = [(f"{risk.number}. {risk.dimension.label}", _sentence(risk.unrated)) for risk in held]
    caption = f"{count(len(held), 'risque')} sans zone : il faut les trois cotations"
    return Table(caption, ("Risque", "Ce qui manque"), rows, (0, 1))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cell(rating: int | None) -> str:
    return "–" if rating is None else str(rating)


def gross_table(tables: RiskMap) -> Table:
    """Gravity × likelihood: the gross level."""
    rows = [
        (f"Gravité {row.gravity}", *map(str, row.levels))
        for row in sorted(tables.gross, key=lambda row: -row.gravity)
    ]
    columns = ("Vraisemblance", *map(str, RANKS))
    return Table("Gravité et vraisemblance donnent le niveau brut, de 1 à 4", columns, rows)


def residual_table(tables: RiskMap) -> Table:
    """Gross level × control: the zone."""
    rows = [
        (f"Niveau brut {row.level}", *row.zones)
        for row in sorted(tables.residual, key=lambda row: -row.level)
    ]
    columns = ("Maîtrise", *map(str, RANKS))
    return Table("Niveau brut et maîtrise donnent la zone", columns, rows)
