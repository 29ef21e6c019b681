"""The cells of services by dimensions: what they say, their look, the key that explains it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.patches import Polygon

from qgdr_eval.figures.profile import key_critical
from qgdr_eval.figures.style import (
    Entry,
    Plane,
    Sheet,
    blend,
    draw_box,
    draw_line,
    text_on,
)
from qgdr_eval.figures.words import with_critical
from qgdr_eval.french import listed, number, typography
from qgdr_eval.instruments import Dimension, Threshold
from qgdr_eval.palette import PALETTE
from qgdr_eval.wording.verdicts import IN_A_KEY, NO_CONCLUSION

CORNER = 8
RAMP = 120  # width of the key's colour scale
BETWEEN = "#dde1e4"  # the colour of what is on neither side
NEAREST = 0.45  # how much of its side's colour a score has right at the mark

LOOKS = {look: IN_A_KEY[look] for look in ("established", "to_confirm")} | {
    "cannot_conclude": NO_CONCLUSION,
    "hidden": "résultat non montré",
}


@dataclass(frozen=True)
class Cell:
    """One service on one dimension; numbers are NaN when hidden. ``text``: what it shows."""

    dimension: str
    score: float
    low: float
    high: float
    verdict: str
    band: str
    face: str
    text: str = "—"


@dataclass(frozen=True)
class Line:
    """One service: its cells in the instrument's order. ``n`` is NaN when hidden."""

    rank: int
    facility: str
    service: str
    n: float
    cells: tuple[Cell, ...]


def face_of(score: float, verdict: str, thresholds: Sequence[Threshold]) -> str:
    """A cell's colour: grey between the marks, deeper beyond them, paler when not established."""
    if not thresholds:
        return blend(PALETTE["soft"], PALETTE["neutral"], score / 100)
    if verdict in ("cannot_conclude", "hidden"):
        return PALETTE["paper"]
    side, share = _beyond(score, thresholds)
    full = blend(BETWEEN, PALETTE[side], share)
    return full if verdict == "established" else blend(full, PALETTE["paper"], 0.62)


def _beyond(score: float, thresholds: Sequence[Threshold]) -> tuple[str, float]:
    """The side of the marks a score is on, and how deep its colour: nothing between them."""
    for mark in thresholds:
        strong = mark.kind == "at_least"
        past = score - mark.value if strong else mark.value - score
        room = 100 - mark.value if strong else mark.value
        if past >= 0:
            return "cool" if strong else "warm", NEAREST + (1 - NEAREST) * past / max(room, 1.0)
    return "cool", 0.0


def value_colour(cell: Cell) -> str:
    """The colour of the value printed in a cell: grey when nothing can be concluded."""
    if cell.verdict in ("hidden", "cannot_conclude"):
        return PALETTE["muted"]
    return text_on(cell.face)


def draw_cell(
    plane: Plane,
    box: tuple[float, float, float, float],
    verdict: str,
    face: str,
    gid: str | None = None,
) -> None:
    """A cell: full when established, pale when to confirm, dashed when nothing can be concluded."""
    if verdict == "hidden":
        draw_box(plane, *box, "paper", hatch=True, gid=gid)
    elif verdict == "cannot_conclude":
        left, top, width, height = box
        draw_box(
            plane,
            left + 0.5,
            top + 0.5,
            width - 1,
            height - 1,
            "paper",
            edge="grey",
            dashed=True,
            gid=gid,
        )
    else:
        draw_box(plane, *box, face, gid=gid)


def draw_corner(plane: Plane, left: float, top: float, ink: str, gid: str | None = None) -> None:
    """A marked corner: established as low, for who does not see colours."""
    plane.add(
        Polygon(
            [(left, top), (left + CORNER, top), (left, top + CORNER)],
            facecolor=ink,
            edgecolor="none",
            linewidth=0,
            zorder=3,
            gid=gid,
        )
    )


def key_entries(
    thresholds: Sequence[Threshold], capping: Dimension | None = None, levels: Sequence[str] = ()
) -> list[Entry]:
    """What the looks of a cell mean, in words.

    ``capping``: a dimension with a critical criterion, if any; ``levels``: the scores are levels,
    lowest first.
    """
    values = listed(number(value) for value in sorted(mark.value for mark in thresholds))
    ramp = f"niveau de {levels[0]} à {levels[-1]}" if levels else "score de 0 à 100"
    if thresholds and not levels:
        ramp += f" ; seuils de lecture : {values}"
    entries = [Entry(partial(_key_ramp, thresholds), typography(ramp), RAMP + 8)]
    for look, text in LOOKS.items():
        if thresholds or look == "hidden":
            draw = partial(_key_cell, look, face_of(92, look, thresholds))
            meaning = f"{text}, ou un critère critique plafonne" if _caps(look, capping) else text
            entries.append(Entry(draw, typography(meaning), 32))
    for mark in thresholds:
        if mark.kind == "at_most" and not levels:
            face = face_of(mark.value / 2, "established", thresholds)
            text = f"coin marqué : établi à {number(mark.value)} ou moins"
            entries.insert(2, Entry(partial(_key_corner, face), typography(text), 32))
    bar = "trait au bas de la case : intervalle à 95 %" + ("" if levels else ", sur 0 à 100")
    critical = [] if capping is None else [Entry(key_critical, with_critical(capping), 32)]
    return [*entries, Entry(_key_interval, typography(bar), 32), *critical]


def _caps(look: str, capping: Dimension | None) -> bool:
    return capping is not None and look == "to_confirm"


def _key_cell(verdict: str, face: str, sheet: Sheet, x: float, y: float) -> None:
    draw_cell(sheet.canvas, (x - 12, y - 7, 24, 14), verdict, face)


def _key_corner(face: str, sheet: Sheet, x: float, y: float) -> None:
    _key_cell("established", face, sheet, x, y)
    draw_corner(sheet.canvas, x - 12, y - 7, text_on(face))


def _key_interval(sheet: Sheet, x: float, y: float) -> None:
    draw_line(sheet.canvas, [x - 8, x + 6], [y, y], "ink", 1.4)


def _key_ramp(marks: Sequence[Threshold], sheet: Sheet, x: float, y: float) -> None:
    step = RAMP / 20
    for rank in range(20):
        face = face_of(rank * 100 / 19, "established", marks)
        draw_box(sheet.canvas, x - RAMP / 2 + rank * step - 4, y - 7, step + 0.3, 14, face)
