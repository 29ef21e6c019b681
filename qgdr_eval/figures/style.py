"""One hand for every figure: colours, sizes, the sheet they are drawn on, the 0–100 frame.

A sheet is measured in pixels from its top-left corner and read at its own size: a font size of 13
is 13 pixels on the page. Every figure is drawn once as wide as a page's column (`WIDE`) and once
for a phone (`NARROW`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from matplotlib.artist import Artist
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D, Transform

from qgdr_eval.figures.lettering import clean, measure, wrap
from qgdr_eval.figures.marks import Align, box, letters, stroke
from qgdr_eval.palette import PALETTE

WIDE, NARROW = 700, 360
BODY, SMALL = 13, 12
LINE, SMALL_LINE = 17, 16
HUES = {"strength": "cool", "between": "muted", "priority": "warm"}


@lru_cache(maxsize=4096)
def blend(start: str, end: str, share: float) -> str:
    """The colour ``share`` of the way from one colour to another.

    >>> blend("#000000", "#ffffff", 0.5)
    '#808080'
    """
    (r, g, b), (red, green, blue) = to_rgb(start), to_rgb(end)
    return to_hex((r + (red - r) * share, g + (green - g) * share, b + (blue - b) * share))


def shades(hue: str, steps: int) -> list[str]:
    """A hue in steps, strongest first.

    >>> shades("cool", 1)
    ['#1d5f8c']
    """
    strong, light = PALETTE[hue], PALETTE[f"{hue}_light"]
    return [blend(strong, light, step / max(steps - 1, 1)) for step in range(steps)]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=1024)
def text_on(background: str) -> str:
    """Ink or paper where it reads at 4.5:1 on a background, else black."""
    readable = (  # 4.5: WCAG 2.2, criterion 1.4.3, for texts of an ordinary size
        PALETTE[name] for name in ("ink", "paper") if contrast(PALETTE[name], background) >= 4.5
    )
    return next(readable, "#000000")


def _luminance(hex: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(hex)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@dataclass(frozen=True)
class Plane:
    """Coordinates on a figure: x from ``low`` at ``left`` to ``high`` at ``right`` (pixels).

    y is always in pixels from the top of the sheet. What is drawn on a plane keeps the plane's
    own coordinates, so that a score can be read back from the figure.
    """

    figure: Figure
    left: float
    right: float
    low: float
    high: float

    @cached_property
    def transform(self) -> Transform:
        """From this plane to the figure."""
        height = self.figure.bbox.height / self.figure.dpi * 72
        scale = (self.right - self.left) / (self.high - self.low)
        placed = Affine2D().translate(-self.low, 0).scale(scale, -1).translate(self.left, height)
        return placed.scale(1 / 72) + self.figure.dpi_scale_trans

    def pixel(self, value: float) -> float:
        """The sheet's x of a value."""
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def add(self, artist: Artist) -> None:
        """Put an artist of this plane on the figure."""
        artist.set_transform(self.transform)
        self.figure.add_artist(artist)


class Sheet:
    """A figure measured in pixels from its top-left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure((width / 72, height / 72), dpi=72, frameon=False)
        self.canvas = self.plane(0, width, 0, width)

    def plane(self, left: float, right: float, low: float, high: float) -> Plane:
        """A frame from ``low`` to ``high`` between two x of the sheet."""
        return Plane(self.figure, left, right, low, high)

    def write(
        self,
        x: float,
        y: float,
        text: object,
        *,
        size: float = BODY,
        colour: str = "ink",
        align: Align = "left",
        bold: bool = False,
        italic: bool = False,
        turn: float = 0,
        gid: str | None = None,
    ) -> None:
        """Write one line; ``y`` is its baseline. ``colour`` is a palette name or a hex code."""
        line = letters(size, PALETTE.get(colour, colour), align, bold, italic, turn)
        line.set_position((x, y))
        line.set_text(clean(text))
        line.set_gid(gid)
        self.canvas.add(line)

    def write_lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        size: float = BODY,
        leading: float = LINE,
        colour: str = "ink",
        align: Align = "left",
    ) -> None:
        """Write lines one under the other; ``y`` is the first baseline."""
        for rank, line in enumerate(lines):
            self.write(x, y + rank * leading, line, size=size, colour=colour, align=align)


def draw_box(
    plane: Plane,
    left: float,
    top: float,
    width: float,
    height: float,
    face: str,
    *,
    edge: str | None = None,
    dashed: bool = False,
    hatch: bool = False,
    gid: str | None = None,
    layer: float = 1,
) -> None:
    """A rectangle. ``face`` and ``edge`` are palette names or hex codes; hatching is grey."""
    shown = edge or ("rule" if hatch else "none")
    drawn = box(PALETTE.get(shown, shown), 1 if edge else 0, hatch, dashed, layer)
    drawn.set_bounds(left, top, width, height)
    drawn.set_facecolor(PALETTE.get(face, face))
    drawn.set_gid(gid)
    plane.add(drawn)


def draw_line(
    plane: Plane,
    xs: Sequence[float],
    ys: Sequence[float],
    tone: str = "grid",
    width: float = 1,
    *,
    gid: str | None = None,
    layer: float = 0.5,
    opacity: float = 1,
) -> None:
    """A line in a palette colour or a hex code; NaN breaks it."""
    drawn = stroke(PALETTE.get(tone, tone), width, opacity, layer)
    drawn.set_data(xs, ys)
    drawn.set_gid(gid)
    plane.add(drawn)


def draw_uprights(
    plane: Plane, values: Sequence[float], top: float, bottom: float, tone: str = "grid"
) -> None:
    """The frame's light vertical lines between two y."""
    xs = [x for value in values for x in (value, value, float("nan"))]
    ys = [y for _ in values for y in (top, bottom, float("nan"))]
    draw_line(plane, xs, ys, tone, gid="lines")


def draw_scale(sheet: Sheet, plane: Plane, y: float, labels: dict[float, str]) -> None:
    """Labels under the frame: the two ends stay inside it, the others are centred."""
    align: dict[float, Align] = {plane.low: "left", plane.high: "right"}
    for value, label in labels.items():
        sheet.write(
            plane.pixel(value),
            y,
            label,
            size=SMALL,
            colour="muted",
            align=align.get(value, "center"),
            gid=f"axis:{value:g}",
        )


@dataclass(frozen=True)
class Entry:
    """One line of a key: ``mark(sheet, x, y)`` draws what ``text`` explains, centred at x, y.

    ``fresh`` starts a new line.
    """

    mark: Callable[[Sheet, float, float], None]
    text: str
    mark_width: float = 22
    fresh: bool = False


@dataclass(frozen=True)
class Key:
    """Entries set on lines of a width: `lay_key` sets them, `draw_key` draws them."""

    placed: tuple[tuple[float, int, Entry, tuple[str, ...]], ...]
    height: float


def lay_key(entries: Sequence[Entry], width: float) -> Key:
    """Set entries side by side while they fit, a long one alone on wrapped lines."""
    placed, x, line = [], 0.0, 0
    for entry in entries:
        rows = wrap(entry.text, width - entry.mark_width - 4, SMALL, 3)
        wide = entry.mark_width + max(measure(row, SMALL) for row in rows)
        if x and (entry.fresh or x + wide > width):
            x, line = 0.0, line + 1
        placed.append((x, line, entry, rows))
        x, line = (x + wide + 18, line) if len(rows) == 1 else (0.0, line + len(rows))
    last = max((line + len(rows) for _, line, _, rows in placed), default=0)
    return Key(tuple(placed), last * (SMALL_LINE + 3))


def draw_key(sheet: Sheet, key: Key, left: float, top: float) -> None:
    """Draw a key's marks and words from its top-left corner."""
    leading = SMALL_LINE + 3
    for x, line, entry, rows in key.placed:
        y = top + line * leading + leading / 2
        entry.mark(sheet, left + x + entry.mark_width / 2 - 3, y)
        sheet.write_lines(
            left + x + entry.mark_width, y + 4, rows, size=SMALL, leading=leading, colour="muted"
        )
