"""Groups by dimensions as a table that is looked at: what several facilities or services share.

The figure of `qgdr_eval.figures.heatmap` draws the services of a campaign; sixty facilities are a
table, whose head is repeated on each sheet and which weighs a hundred times less.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.heatmap import heatmap_lines
from qgdr_eval.figures.heatmap_cells import LOOKS, Cell, Line, face_of, value_colour
from qgdr_eval.frames import TurnoutRow
from qgdr_eval.french import listed, number, percent, quote
from qgdr_eval.instruments import Dimension, Instrument, Threshold
from qgdr_eval.reporting.page.fragment import NAMED, Table
from qgdr_eval.reporting.report import CampaignReport
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.method import interval_cell, score_cell
from qgdr_eval.wording.scores import ends_words
from qgdr_eval.wording.subjects import subject_of
from qgdr_eval.wording.verdicts import IN_A_WORD

READ = ("Score", "Intervalle à 95 %", "Lecture")
SHARED = 2  # groups of which one thing must be established before it is said of several
CLASSES = {"established": "sure", "cannot_conclude": "open", "hidden": "out"}
BANDS = {  # what is told first, first: one dimension, several, each of them
    "priority": ("une priorité établie", "des priorités établies", "chacune"),
    "strength": ("un point fort établi", "des points forts établis", "chacun"),
}
NO_BAR = "--i:#ffffff;--a:0%;--b:0%"
Group = tuple[str, str]  # facility, service; a total has no service


@dataclass(frozen=True)
class BoardCell:
    """One group on one dimension. ``said``: what its look says, for who does not see it."""

    text: str
    said: str
    look: str
    style: str


@dataclass(frozen=True)
class BoardLine:
    """One group: its name, whose it is, its cells, how many answered, their share in %."""

    name: str
    where: str
    cells: tuple[BoardCell, ...]
    shown: str
    n: str
    rate: str
    share: float
    total: bool = False


@dataclass(frozen=True)
class Board:
    """What is looked at: heads of columns, lines, the looks of cells with what each means."""

    caption: str
    first: str
    heads: tuple[str, ...]
    counted: tuple[str, ...]
    lines: tuple[BoardLine, ...]
    key: tuple[tuple[BoardCell, str], ...]


def heads_of(instrument: Instrument) -> tuple[str, str]:
    """How many answered, then which share, at the head of their columns."""
    if instrument.of_people:
        return "Réponses", "Participation"
    return subject_of(instrument).heading, subject_of(instrument).turnout[-1]


def board_of(
    report: CampaignReport, groups: Sequence[Group], caption: str, first: str, *, of: str = ""
) -> Board:
    """Lay out groups in their own order, which is the campaign's: never that of their results.

    ``first``: the head of their names; ``of``: the head of a column that says how many services of
    each total are shown, "" for none.
    """
    turnouts = rows_of(report.published.participation, TurnoutRow)
    people = {(row.facility, row.service): row for row in turnouts}
    drawn = heatmap_lines(report.published, report.readings, groups)
    counted = heads_of(report.instrument)
    lines = [_line(line, people[line.facility, line.service], report.instrument) for line in drawn]
    if of:
        shown = _shown(people)
        lines = [replace(line, shown=shown[group[0]]) for line, group in zip(lines, groups,
                 strict=True)]  # fmt: skip
    return Board(
        caption,
        first,
        tuple(dimension.label for dimension in report.instrument.dimensions),
        (of, *counted) if of else counted,
        tuple(lines),
        tuple(_key(report.instrument)),
    )


def _shown(people: dict[Group, TurnoutRow]) -> dict[str, str]:
    """How many services of each facility are shown, of how many; of the campaign for ""."""
    services = [row for (_, service), row in people.items() if service]
    found = {}
    for facility in ("", *(row.facility for row in services)):
        own = [row for row in services if facility in ("", row.facility)]
        shown = sum(row.status == "published" for row in own)
        found[facility] = f"{number(shown)}/{number(len(own))}"
    return found


def _line(line: Line, people: TurnoutRow, instrument: Instrument) -> BoardLine:
    cells = tuple(
        _cell(cell, dimension, instrument)
        for cell, dimension in zip(line.cells, instrument.dimensions, strict=True)
    )
    rate = float("nan") if people.status != "published" or pd.isna(people.rate) else people.rate
    return BoardLine(
        _name(line.facility, line.service),
        line.facility if line.service else "",
        cells,
        "",
        number(line.n) if line.n == line.n else "–",
        percent(rate) if rate == rate else "–",
        rate if rate == rate else 0.0,
    )


def _cell(cell: Cell, dimension: Dimension, instrument: Instrument) -> BoardCell:
    if cell.verdict == "hidden":
        return BoardCell("–", IN_A_WORD["hidden"], "out", "")
    ends = ends_words(cell.low, cell.high, dimension, instrument)
    said = IN_A_WORD.get((cell.verdict, cell.band)) or IN_A_WORD.get(cell.verdict, "")
    look = CLASSES.get(cell.verdict, "")
    if look == "sure" and cell.band == "priority":
        look = "sure low"
    style = f"--f:{cell.face};--i:{value_colour(cell)};--a:{cell.low:.0f}%;--b:{cell.high:.0f}%"
    return BoardCell(cell.text, ", ".join(filter(None, (said, ends))), look, style)


def _key(instrument: Instrument) -> list[tuple[BoardCell, str]]:
    """The looks of a cell, each with what it means; the bar of the interval last."""
    marks = _marks(instrument)
    entries = [
        (BoardCell("", "", CLASSES.get(look, ""), f"--f:{face_of(92, look, marks)};{NO_BAR}"),
         text)
        for look, text in LOOKS.items()
        if marks or look == "hidden"
    ]  # fmt: skip
    if lowest := next((mark for mark in marks if mark.kind == "at_most"), None):
        face = face_of(lowest.value / 2, "established", marks)
        cell = BoardCell("", "", "sure low", f"--f:{face};{NO_BAR}")
        entries.insert(1, (cell, f"coin marqué : établi à {number(lowest.value)} ou moins"))
    bar = BoardCell("", "", "", "--f:#ffffff;--i:#1c2733;--a:30%;--b:80%")
    return [*entries, (bar, "trait au bas de la case : intervalle à 95 %")]


def _marks(instrument: Instrument) -> Sequence[Threshold]:
    """The thresholds the key tells: the instrument's, else those of the first that has some."""
    owns = (dimension.thresholds for dimension in instrument.dimensions)
    return instrument.thresholds or next((own for own in owns if own), ())


def numbers_of(
    report: CampaignReport, groups: Sequence[Group], first: str, names: Sequence[str] = ()
) -> list[Table]:
    """What the cells are made of, a table a dimension: score, interval at 95 %, reading.

    ``names``: what groups are called, when their own names do not tell them apart.
    """
    told = names or [_name(*group) for group in groups]
    return [
        Table(
            dimension.label,
            (first, *READ),
            [(name, *reading_cells(report, *group, dimension))
             for name, group in zip(told, groups, strict=True)],
            (0, 3),
        )
        for dimension in report.instrument.dimensions
    ]  # fmt: skip


def _name(facility: str, service: str) -> str:
    return service or facility or "Toute la campagne"


def reading_cells(
    report: CampaignReport, facility: str, service: str, dimension: Dimension
) -> tuple[str, str, str]:
    """The score of a group, its interval and its reading, or why there is none."""
    if (facility, service, dimension.id) not in report.groups:
        return "–", "–", "pas de résultat"
    row, reading = report.groups[facility, service, dimension.id]
    verdict = words.verdict(reading, report.instrument, str(row.status))
    if row.status != "published":
        return "–", "–", verdict
    shown = report.instrument
    return score_cell(row, shown), interval_cell(row, shown), verdict


def limits_of(
    report: CampaignReport, one: str = "case", several: str = "cases"
) -> list[tuple[str, str]]:
    """What services side by side do not allow to conclude: (what, why). Always something.

    ``one``, ``several``: what a result of one service on one dimension is called where it stands.
    """
    people = report.instrument.of_people
    cells = len(report.published.services) * len(report.instrument.dimensions)
    few = "une dizaine de réponses" if people else f"quelques dizaines {report.subject.of_many}"
    return [
        ("Un rang entre services.",
         f"Avec {few}, l'écart entre voisins tient souvent au hasard : deux intervalles qui se "
         "recouvrent largement ne se départagent pas."),
        (f"Ce que vaut une {one} isolée.",
         f"Sur {number(cells)} {several}, quelques-unes sortent du lot par hasard."),
        ("Comparer une dimension à une autre.",
         "On compare une dimension à elle-même, d'un service à l'autre."),
        ("Ce qu'est un service masqué.",
         f"Sous {number(report.card.minimum)} {report.subject.plural}, rien n'est "
         "affiché, pour protéger les personnes : ni bien, ni mal."),
        ("La cause.", "Les chiffres ne la disent pas. C'est l'objet de la discussion en équipe."),
    ]  # fmt: skip


def said_of(report: CampaignReport, groups: Sequence[Group], plural: str) -> str:
    """The sentence that opens a page of groups side by side, see `headline`."""
    lines = heatmap_lines(report.published, report.readings, groups)
    return headline(lines, report.instrument, plural)


def headline(lines: Sequence[Line], instrument: Instrument, plural: str) -> str:
    """The one sentence that groups side by side support: what is established in most of them.

    ``plural``: what the groups are called, as « services ». No group is named, none is ranked.
    """
    shown = [line for line in lines if any(cell.verdict != "hidden" for cell in line.cells)]
    if not shown:
        return "Aucun résultat ne peut être affiché."
    if not any(instrument.thresholds_of(dimension.id) for dimension in instrument.dimensions):
        return "Le questionnaire ne fixe pas de repère : un score se lit avec son intervalle."
    sides = [_side(shown, instrument, band, plural) for band in BANDS]
    if not any(sides):
        return f"Rien n'est établi pour deux {plural} à la fois : à lire avec les intervalles."
    return f"{' ; '.join(filter(None, sides))}."


def _side(shown: Sequence[Line], instrument: Instrument, band: str, plural: str) -> str:
    """What is established on one side in most groups, "" when in no two of them."""
    counts = {
        dimension.name: sum(_is_established(line.cells[rank], band) for line in shown)
        for rank, dimension in enumerate(instrument.dimensions)
    }
    most = max(counts.values())
    if most < SHARED:
        return ""
    labels = [label for label, n in counts.items() if n == most]
    one, several, each = BANDS[band]
    among = f"dans {number(most)} {plural} sur {number(len(shown))}"
    if len(labels) == 1:
        return f"{quote(labels[0])} est {one} {among}"
    names = listed(map(quote, labels))
    names = names if len(names) <= NAMED else f"{number(len(labels))} dimensions"
    return f"{names} sont {several}, {each} {among}"


def _is_established(cell: Cell, band: str) -> bool:
    return (cell.verdict, cell.band) == ("established", band)
