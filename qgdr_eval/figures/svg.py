"""A matplotlib figure as light, deterministic SVG to stand inline in a page.

matplotlib's own SVG writer embeds a date, random identifiers and page-wide style rules. This one
is a matplotlib renderer that writes only what is drawn: real text in the page's fonts, no
identifier but the one given, the same bytes every time.
"""

import itertools
import math
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from qgdr_eval.figures.lettering import clean, measure
from qgdr_eval.figures.style import FONT_STACK

CODES = {
    Path.MOVETO: "M",
    Path.LINETO: "L",
    Path.CURVE3: "Q",
    Path.CURVE4: "C",
    Path.CLOSEPOLY: "Z",
}
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def to_svg(figure: Figure, alt: str, id: str) -> str:
    """Write a figure as an inline ``<svg>`` element as wide as its container.

    ``alt`` is the text alternative; ``id`` must be unique in the page (a letter, then letters,
    digits, ``-`` or ``_``): every identifier inside starts with it. Raises ``ValueError`` on
    another ``id``.

    >>> to_svg(Figure((1, 1), dpi=72, frameon=False), "Rien.", "f1")[:58]
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72'
    """
    if not IDENTIFIER.fullmatch(id):
        raise ValueError(f"not an identifier: {id!r}")
    renderer = SvgRenderer(figure, id)
    figure.draw(renderer)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_size(renderer)}" width="100%" '
        f'role="img" id="{id}" aria-labelledby="{id}-alt" font-family={quoteattr(FONT_STACK)}>'
        f'<desc id="{id}-alt">{escape(clean(alt))}</desc>'
        f"{renderer.defs()}{''.join(_grouped(renderer.drawn))}</svg>"
    )


def _size(renderer: "SvgRenderer") -> str:
    return f"{_short(renderer.width)} {_short(renderer.height)}"


def _grouped(drawn: list[tuple[str, str]]) -> Iterator[str]:
    """Neighbours that look alike say it once."""
    for look, run in itertools.groupby(drawn, key=lambda element: element[0]):
        yield f"<g{look}>{''.join(body for _, body in run)}</g>"


class SvgRenderer(RendererBase):
    """Collects the paths and texts of a figure as SVG elements, in drawing order."""

    def __init__(self, figure: Figure, id: str) -> None:
        super().__init__()
        self.id = id
        self.dpi = figure.dpi
        self.width, self.height = figure.bbox.size
        self.flip = Affine2D().scale(1, -1).translate(0, self.height)
        self.drawn: list[tuple[str, str]] = []
        self.hatches: dict[tuple[str, str, str], str] = {}

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None
    ) -> None:
        """Draw one path with its fill, stroke and hatch."""
        look = self._fill(gc, rgbFace) + self._stroke(gc)
        if look != ' fill="none"':
            self.drawn.append((look, f'<path d="{_outline(path, transform + self.flip)}"/>'))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Write one line of text, anchored where its author anchored it."""
        anchor = ANCHORS[mtext.get_horizontalalignment()] if mtext else "start"
        if mtext:
            x, y = self._anchored(x, y, mtext)
        turn = f' transform="rotate({_short(-angle)} {_short(x)} {_short(y)})"' if angle else ""
        place = f'x="{_short(x)}" y="{_short(y)}"'
        self.drawn.append(
            (self._letters(gc, prop, anchor), f"<text {place}{turn}>{escape(clean(s))}</text>")
        )

    def draw_image(self, *args: Any, **kwargs: Any) -> None:
        """Refuse pictures: a pixel picture is neither light nor readable at every size."""
        raise TypeError("to_svg draws paths and texts, not images")

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Measure a text: matplotlib lays out lines with it."""
        size = self.points_to_pixels(prop.get_size_in_points())
        return measure(s, size, prop.get_weight() == "bold"), size, size * 0.24

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Width and height of the drawing."""
        return self.width, self.height

    def points_to_pixels(self, points: Any) -> Any:
        """Pixels at the figure's resolution."""
        return points * self.dpi / 72

    def flipy(self) -> bool:
        """SVG counts y downwards."""
        return True

    def defs(self) -> str:
        """The hatching patterns in use."""
        patterns = "".join(
            f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate({45 if "/" in kind else -45})">'
            f'<path d="M0 0H6V6H0Z" fill="{face}"/>'
            f'<path d="M0 0V6" stroke="{ink}" stroke-width="2"/></pattern>'
            for (kind, face, ink), name in self.hatches.items()
        )
        return f"<defs>{patterns}</defs>" if patterns else ""

    def _fill(self, gc: GraphicsContextBase, face: Any) -> str:
        colour = to_hex(face) if face is not None and (len(face) < 4 or face[3] > 0) else "none"
        kind = gc.get_hatch()
        if not kind:
            return f' fill="{colour}"'
        key = (kind, colour, to_hex(gc.get_hatch_color()))
        name = self.hatches.setdefault(key, f"{self.id}-hatch-{len(self.hatches) + 1}")
        return f' fill="url(#{name})"'

    def _stroke(self, gc: GraphicsContextBase) -> str:
        width: float = self.points_to_pixels(gc.get_linewidth())
        rgba = gc.get_rgb()
        if not width or (len(rgba) == 4 and rgba[3] == 0):
            return ""
        dashes: Any = gc.get_dashes()[1]
        pattern = " ".join(_short(self.points_to_pixels(dash)) for dash in dashes or ())
        dashed = f' stroke-dasharray="{pattern}"' if pattern else ""
        round_ends = ' stroke-linecap="round"' if gc.get_capstyle() == "round" else ""
        clear = f' stroke-opacity="{_short(rgba[3])}"' if len(rgba) == 4 and rgba[3] < 1 else ""
        return f' stroke="{to_hex(rgba)}" stroke-width="{_short(width)}"{clear}{dashed}{round_ends}'

    def _letters(self, gc: GraphicsContextBase, prop: FontProperties, anchor: str) -> str:
        size = _short(self.points_to_pixels(prop.get_size_in_points()))
        weight = ' font-weight="600"' if prop.get_weight() == "bold" else ""
        style = ' font-style="italic"' if prop.get_style() == "italic" else ""
        placed = f' text-anchor="{anchor}"' if anchor != "start" else ""
        return f' fill="{to_hex(gc.get_rgb())}" font-size="{size}"{weight}{style}{placed}'

    def _anchored(self, x: float, y: float, text: Text) -> tuple[float, float]:
        """The author's anchor, moved only across the line of writing, as matplotlib laid it."""
        left, top = text.get_transform().transform(text.get_unitless_position())
        top = self.height - top
        turn = math.radians(text.get_rotation())
        across = (x - left) * math.sin(turn) + (y - top) * math.cos(turn)
        return left + across * math.sin(turn), top + across * math.cos(turn)


def _outline(path: Path, transform: Transform) -> str:
    segments = path.iter_segments(transform, simplify=False, curves=True)
    return "".join(
        CODES[code] + ("" if code == Path.CLOSEPOLY else _points(points))
        for points, code in segments
    )


def _points(values: Any) -> str:
    return " ".join(_short(value) for value in values)


def _short(value: float) -> str:
    """A number with at most two decimals and nothing useless.

    >>> _short(3.0), _short(0.255), _short(-0.001)
    ('3', '0.26', '0')
    """
    return f"{round(float(value), 2) + 0.0:.7g}"
