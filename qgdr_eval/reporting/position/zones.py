"""The risks a group rated: the zone of each, or what is missing to place it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from qgdr_eval.french import NO_BREAK, listed, quote
from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.instruments.model import RiskMap, gravest
from qgdr_eval.reporting.position.answers import Answer
from qgdr_eval.reporting.position.stand import Stand

ROLES = {"gravity": "gravité", "likelihood": "vraisemblance", "control": "maîtrise"}
RANKS = (1, 2, 3, 4, 5)
ZONE_LOOKS = {  # worst first, by how many zones; their colours: page/fragment.css
    2: ("hot", "calm"),
    3: ("hot", "warm", "calm"),
    4: ("hot", "warm", "mild", "calm"),
    5: ("hot", "warm", "middle", "mild", "calm"),
}
NOWHERE = "out"  # the look of a risk without a zone
ASIDE = {  # risks without a zone, by why they have none, in the order they are told
    "unknown": "à aller voir",
    "doubtful": "à recoter",
    "several": "sans zone",
    "absent": "hors champ",
}


@dataclass(frozen=True)
class Risk:
    """A risk as it was rated. Ratings go from 1 to 5 and are None when not given.

    ``gravity``: the worst of its ``harms``, each with its rank.
    ``number``: its place in the instrument, from 1. ``level``: gross, 1 to 4. ``zone``: its rank,
    0 for the worst. ``standing``: ``placed`` in a zone, ``absent`` when it does not exist here,
    ``doubtful`` when only part of it would not exist, ``unknown`` when a rating misses,
    ``several`` when groups gave several. ``given``: the three answers in words.
    ``possible``: the zones, worst first, that the ratings given leave possible.
    """

    number: int
    dimension: Dimension
    gravity: int | None
    likelihood: int | None
    control: int | None
    level: int | None
    zone: int | None
    standing: str
    given: tuple[str, ...]
    possible: tuple[int, ...]
    harms: tuple[tuple[str, int], ...] = ()

    @property
    def ratings(self) -> str:
        """The three answers in words: gravité 4, vraisemblance « sans réponse », maîtrise 1."""
        gravity, *others = (
            f"{role} {answer if answer.isdigit() else quote(answer)}"
            for role, answer in zip(ROLES.values(), self.given, strict=True)
        )
        several = f" ({self.harms_said})" if len(self.harms) > 1 else ""
        return ", ".join([f"{gravity}{several}", *others])

    @property
    def harms_said(self) -> str:
        """The gravity of each kind of harm, « personnes 3, droits 4 »; the only one by its name."""
        if len(self.harms) == 1:
            return self.harms[0][0]
        return ", ".join(f"{harm}{NO_BREAK}{rank}" for harm, rank in self.harms)


def risks_of(instrument: Instrument, stands: Sequence[Stand]) -> tuple[Risk, ...]:
    """The risks in the instrument's order; none without the tables to read them in."""
    tables = instrument.risk
    if tables is None:
        return ()
    risks = [stand for stand in stands if stand.gives == "zone"]
    return tuple(_risk(tables, number, stand) for number, stand in enumerate(risks, start=1))


def _risk(tables: RiskMap, number: int, stand: Stand) -> Risk:
    score = stand.row.score if stand.has_result else None
    ratings = [_rated(stand, role) for role in ROLES]
    harms = _harms(stand)
    gravity, likelihood, control = ratings
    return Risk(
        number,
        stand.dimension,
        gravity,
        likelihood,
        control,
        tables.level(gravity, likelihood) if gravity and likelihood else None,
        None if score is None else round(score / 100 * (len(tables.zones) - 1)),
        _standing(stand),
        tuple(_said(stand.answers, *pair) for pair in zip(ROLES, ratings, strict=True)),
        possible_zones(tables, *ratings, least=max((rank for _, rank in harms), default=1)),
        harms,
    )


def _rated(stand: Stand, role: str) -> int | None:
    """The rating given for a role, the worst of several gravities; none when groups differ."""
    asked = dict.fromkeys(answer.item for answer in stand.answers if answer.item.role == role)
    return gravest([_rank(stand, item) for item in asked])


def _rank(stand: Stand, item: Item) -> int | None:
    """The rank given to an item, 0 when it does not exist here; none when groups differ."""
    given = [answer for answer in stand.answers if answer.item == item]
    if len(given) != 1 or not (given[0].valid or given[0].state == "not_applicable"):
        return None
    return stand.instrument.scale_of(item).options[given[0].rank].code if given[0].valid else 0


def _harms(stand: Stand) -> tuple[tuple[str, int], ...]:
    """The kinds of harm that were rated, where they are named, and their ranks."""
    asked = dict.fromkeys(answer.item for answer in stand.answers if answer.item.harm)
    ranks = [(str(item.harm), _rank(stand, item) or 0) for item in asked]
    return tuple((harm, rank) for harm, rank in ranks if rank)


def _said(answers: Sequence[Answer], role: str, rating: int | None) -> str:
    """The answer for a role in words, « – » when several groups gave several."""
    if rating is not None:
        return str(rating)
    asked = [answer for answer in answers if answer.item.role == role]
    harms = len({answer.item for answer in asked})
    aside = [answer for answer in asked if not answer.valid and answer.state != "not_applicable"]
    labels = {answer.label.lower() for answer in (aside if harms > 1 and aside else asked)}
    return labels.pop() if len(labels) == 1 else "–"


def _standing(stand: Stand) -> str:
    if stand.has_result:
        return "placed"
    there = {answer.item.role for answer in stand.answers if answer.state != "not_applicable"}
    if stand.answers and not there:
        return "absent"
    if stand.groups > 1:
        return "several"
    return "unknown" if there >= set(ROLES) else "doubtful"


def possible_zones(tables: RiskMap, *ratings: int | None, least: int = 1) -> tuple[int, ...]:
    """The zones, worst first, that gravity, likelihood and control leave possible.

    A rating that misses (None) may be any rank; a gravity, any from ``least``, the worst of the
    harms that were rated.
    """
    graver = tuple(rank for rank in RANKS if rank >= least)
    ranks = (
        every if rank is None else (rank,)
        for rank, every in zip(ratings, (graver, RANKS, RANKS), strict=True)
    )
    return tuple(sorted({tables.zone(*rated) for rated in product(*ranks)}))


def in_zone(risks: Sequence[Risk], zone: int | None) -> list[Risk]:
    """The risks of a zone (None: without one): gravest first, then gross level, then control."""
    return sorted(
        (risk for risk in risks if risk.zone == zone),
        key=lambda risk: (-(risk.gravity or 0), -(risk.level or 0), risk.control or 0, risk.number),
    )


def set_aside(risks: Sequence[Risk], standing: str) -> list[Risk]:
    """The risks without a zone for one reason; those that may stand in the worst zone first."""
    without = [risk for risk in risks if risk.standing == standing]
    return sorted(without, key=lambda risk: (risk.possible[0], risk.possible[-1], risk.number))


def existing(risks: Sequence[Risk]) -> list[Risk]:
    """The risks that exist here: all but those out of the field."""
    return [risk for risk in risks if risk.standing != "absent"]


def look(tables: RiskMap, zone: int | None) -> str:
    """How a zone is drawn."""
    return NOWHERE if zone is None else ZONE_LOOKS[len(tables.zones)][zone]


def letter(tables: RiskMap, zone: int | None) -> str:
    """The letter of a zone, or its rank where two zones begin alike; « ? » without a zone."""
    if zone is None:
        return "?"
    initials = [each.id[0].upper() for each in tables.zones]
    return initials[zone] if len(set(initials)) == len(initials) else str(zone + 1)


def zone_name(tables: RiskMap, zone: int | None) -> str:
    """Where a risk stands, in words: « en zone « rouge » »."""
    return "sans zone" if zone is None else f"en zone {quote(tables.zones[zone].id)}"


def zone_rule(tables: RiskMap, zone: int) -> str:
    """What a zone calls for, in the instrument's words: « à traiter d'abord »."""
    label = tables.zones[zone].label
    return f"{label[:1].lower()}{label[1:]}"


def possible_said(tables: RiskMap, risk: Risk) -> str:
    """The zones a risk may stand in: « rouge ou orange »."""
    return listed((tables.zones[zone].id for zone in risk.possible), "ou")


def placed_said(risks: Sequence[Risk]) -> str:
    """How many risks have a zone: « 15 sur 16, 1 hors champ »."""
    here = existing(risks)
    placed = sum(risk.zone is not None for risk in here)
    absent = len(risks) - len(here)
    return f"{placed} sur {len(here)}" + (f", {absent} {ASIDE['absent']}" if absent else "")


def aside_said(risks: Sequence[Risk]) -> list[str]:
    """How many risks have no zone, reason by reason: « 2 à aller voir »."""
    counted = ((len(set_aside(risks, standing)), word) for standing, word in ASIDE.items())
    return [f"{n}{NO_BREAK}{word}" for n, word in counted if n]
