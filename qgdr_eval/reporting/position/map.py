"""The map of the risks: where each stands, the tables zone by zone, those of the method."""

from collections.abc import Sequence
from dataclasses import dataclass

from qgdr_eval.french import capitalized, count
from qgdr_eval.instruments import Instrument, Scale
from qgdr_eval.instruments.model import RiskMap
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.reporting.position.zones import (
    ASIDE,
    NOWHERE,
    RANKS,
    Risk,
    in_zone,
    look,
    possible_said,
    set_aside,
    zone_name,
    zone_rule,
)

RATED = ("Gravité", "Vraisemblance", "Maîtrise")
WHY = {  # why risks have no zone, and what each of their tables says of it
    "unknown": "il faut les trois cotations ; les zones possibles sont celles que laissent les "
    "cotations données",
    "doubtful": "« Sans objet » vaut pour toutes les questions du risque, ou pour aucune",
    "several": "plusieurs groupes ont répondu, et des rangs ne se moyennent pas",
    "absent": "« Sans objet » à toutes ses questions ; ils ne comptent pas parmi les autres",
}


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


def draw_map(instrument: Instrument, tables: RiskMap, risks: Sequence[Risk]) -> list[Line]:
    """The lines of the map, gravity 5 first; likelihood from 1 to 5."""
    return [
        Line(
            gravity,
            label,
            [
                Spot(
                    tables.level(gravity, likelihood),
                    [r for r in risks if (r.gravity, r.likelihood) == (gravity, likelihood)],
                )
                for likelihood in RANKS
            ],
        )
        for gravity, label in reversed(meanings(instrument, "gravity"))
    ]


def meanings(instrument: Instrument, role: str) -> list[tuple[int, str]]:
    """The ranks 1 to 5 of a role and what each means."""
    scale = _scale(instrument, role)
    return [
        (rank, option.long) for rank in RANKS for option in scale.options if option.code == rank
    ]


def _scale(instrument: Instrument, role: str) -> Scale:
    return instrument.scale_of(next(item for item in instrument.items if item.role == role))


def harms_of(instrument: Instrument) -> list[str]:
    """The kinds of harm a gravity is rated for; those of the words of the map come first."""
    items = instrument.items
    return list(dict.fromkeys(item.harm for item in items if item.role == "gravity" and item.harm))


@dataclass(frozen=True)
class ZoneList:
    """The risks of one zone (its rank), or those without one, as a table."""

    title: str
    zone: int | None
    look: str
    table: Table


def zone_lists(tables: RiskMap, risks: Sequence[Risk]) -> list[ZoneList]:
    """One table a zone that holds a risk, worst first; then those without one, by why."""
    lists = [
        ZoneList(_title(tables, rank), rank, look(tables, rank), _table(tables, rank, inside))
        for rank in range(len(tables.zones))
        if (inside := in_zone(risks, rank))
    ]
    return lists + [
        ZoneList(capitalized(word), None, NOWHERE, _aside_table(tables, standing, aside))
        for standing, word in ASIDE.items()
        if (aside := set_aside(risks, standing))
    ]


def _title(tables: RiskMap, rank: int) -> str:
    return f"{capitalized(tables.zones[rank].id)} : {zone_rule(tables, rank)}"


def _table(tables: RiskMap, rank: int, risks: list[Risk]) -> Table:
    harms = any(len(risk.harms) > 1 for risk in risks)
    rows = [
        (
            _named(risk),
            *(_cell(rating) for rating in (risk.gravity, risk.likelihood, risk.level)),
            _cell(risk.control),
            *([risk.harms_said or "–"] if harms else []),
        )
        for risk in risks
    ]
    return Table(
        f"{count(len(risks), 'risque')} {zone_name(tables, rank)}",
        ("Risque", "Gravité", "Vraisemblance", "Niveau brut", "Maîtrise")
        + (("Atteintes",) if harms else ()),
        rows,
        (0, 5) if harms else (0,),
    )


def _aside_table(tables: RiskMap, standing: str, risks: Sequence[Risk]) -> Table:
    """The answers given for risks without a zone, and for those to see the zones left possible."""
    caption = f"{count(len(risks), 'risque')} {ASIDE[standing]} : {WHY[standing]}"
    to_see = standing == "unknown"
    rows = [
        (_named(risk), *risk.given, *([possible_said(tables, risk)] if to_see else []))
        for risk in risks
    ]
    return Table(caption, ("Risque", *RATED, *(["Zones possibles"] if to_see else [])), rows, (0,))


def _named(risk: Risk) -> str:
    return f"{risk.number}. {risk.dimension.label}"


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
