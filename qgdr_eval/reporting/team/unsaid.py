"""What the first screen says of what these results do not: a line each, the rest further down.

The example reads ``team_report``: `qgdr demo essai` writes a campaign, and
``open_report("essai/campagne.yml")`` of `qgdr_eval.reporting` opens it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ComparisonRow
from qgdr_eval.french import capitalized, in_words, number, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.readings import Readings, readings_of
from qgdr_eval.wording.levels import axis_levels
from qgdr_eval.wording.verdicts import ON_THE_FIGURE

LIMITS = ("limites", "Les limites")
NEITHER = "ces chiffres ne donnent ni un rang entre services, ni une cause."


@dataclass(frozen=True)
class Unsaid:
    """One line.

    ``section``: the part of the page that says the rest, "" when the next line leads there;
    ``link``: what that part is called.
    """

    what: str
    said: str
    section: str = ""
    link: str = ""


def unsaid(report: ServiceReport) -> list[Unsaid]:
    """What cannot be concluded, then whether the service stands above or below the others.

    >>> [line.section for line in unsaid(team_report)][-2:]
    ['limites', 'reference']
    """
    return [*_unsure(readings_of(report)), *_beside(report)]


def _unsure(readings: Readings) -> Iterator[Unsaid]:
    """What « à confirmer » and « on ne peut pas conclure » mean, where this service has some."""
    unsure, unknown = (len(readings.read(one)) for one in ("to_confirm", "cannot_conclude"))
    if unsure:
        what = f"{words.dimensions(unsure).capitalize()} à confirmer :"
        yield Unsaid(what, ON_THE_FIGURE["to_confirm"], *(() if unknown else LIMITS))
    if unknown:
        what = f"On ne peut pas conclure sur {words.dimensions(unknown)} :"
        yield Unsaid(what, ON_THE_FIGURE["cannot_conclude"], *LIMITS)
    if not unsure and not unknown:
        yield Unsaid("Ce qu'on ne peut pas conclure :", NEITHER, *LIMITS)


def _beside(report: ServiceReport) -> Iterator[Unsaid]:
    """Above or below the others: a range, or that it cannot be said, nor that it is equal."""
    if report.card.reference == "none" and not report.instrument.of_people:
        return
    internal = report.card.reference == "campaign"
    who = "des autres services" if internal else f"de la référence, {report.card.reference}"
    what = f"Au-dessus ou au-dessous {who} ?"
    rows = rows_of(report.comparisons, ComparisonRow)
    if report.card.reference == "none":
        what, said = "Au-dessus ou au-dessous des autres services ?", "Rien ici ne les compare."
    elif not rows:
        said = "On ne peut pas le dire : trop peu d'autres services sont affichés."
    else:
        said = _placed(rows, readings_of(report))
    yield Unsaid(what, said, "reference", "La référence")


def _placed(rows: Sequence[ComparisonRow], readings: Readings) -> str:
    above, below = ([row for row in rows if row.verdict == side] for side in ("higher", "lower"))
    unclear = [row for row in rows if row.verdict == "not_established"]
    ways = ((above, "au-dessus"), (below, "au-dessous"))
    told = [f"{way} pour {words.dimensions(len(group))}" for group, way in ways if group]
    said = [f"{', '.join(told).capitalize()}."] if told else []
    if unclear:
        others = f"pour {in_words(len(unclear), True)} autre{'s' if len(unclear) > 1 else ''}, "
        unknown = f"on ne peut pas le dire, ni que c'est égal{_range(unclear, readings)}."
        said.append(capitalized(f"{others if told else ''}{unknown}"))
    return " ".join(said)


def _range(unclear: Sequence[ComparisonRow], readings: Readings) -> str:
    """Where the difference of one dimension would be, its interval on both sides of zero.

    That of the dimension whose interval is explained above, if it is one of them; levels stand on
    an axis, and a place on it is no quantity.
    """
    both = {row.dimension: row for row in unclear if row.low < -0.5 and row.high > 0.5}
    if not both or _levels(readings.instrument):
        return ""
    named = (row.dimension for row in words.named_first(readings) if row.dimension in both)
    row = both[next(named, next(iter(both)))]
    label = quote(readings.instrument.dimension(row.dimension).label)
    return f" : {label} serait entre {_points(-row.low)} au-dessous et {number(row.high)} au-dessus"


def _points(gap: float) -> str:
    return f"{number(gap)} {'point' if gap < 1.5 else 'points'}"


def _levels(instrument: Instrument) -> bool:
    return bool(axis_levels(instrument.dimensions, instrument))
