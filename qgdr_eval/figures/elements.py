"""SVG spelt: looks, outlines and numbers, as short as they can be said.

A look is what neighbouring elements may share: fill, stroke, font. Colours are red, green, blue
and opacity, from 0 to 1; lengths are in pixels, y downwards.
"""

from collections.abc import Iterable
from functools import lru_cache
from xml.sax.saxutils import escape

from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.transforms import Transform

from qgdr_eval.figures.lettering import clean

Colour = tuple[float, float, float, float]
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
CODES = {
    Path.MOVETO: "M",
    Path.LINETO: "L",
    Path.CURVE3: "Q",
    Path.CURVE4: "C",
    Path.CLOSEPOLY: "Z",
}


@lru_cache(maxsize=1024)
def fill(face: Colour | None) -> str:
    """The look of an inside, hollow when it has no colour or one that does not show.

    >>> fill((1, 1, 1, 1)), fill(None)
    (' fill="#ffffff"', ' fill="none"')
    """
    return f' fill="{to_hex(face)}"' if face and face[3] else ' fill="none"'


@lru_cache(maxsize=1024)
def stroke(
    colour: Colour, width: float, dashes: tuple[float, ...] = (), round_ends: bool = False
) -> str:
    """The look of a line, nothing when it does not show.

    >>> stroke((0, 0, 0, 0.5), 1.5)
    ' stroke="#000000" stroke-width="1.5" stroke-opacity="0.5"'
    """
    opacity = colour[3]
    if not width or not opacity:
        return ""
    clear = f' stroke-opacity="{short(opacity)}"' if opacity < 1 else ""
    dashed = f' stroke-dasharray="{shorts(dashes)}"' if dashes else ""
    ends = ' stroke-linecap="round"' if round_ends else ""
    return f' stroke="{to_hex(colour)}" stroke-width="{short(width)}"{clear}{dashed}{ends}'


@lru_cache(maxsize=1024)
def font(colour: Colour, size: float, weight: str | float, style: str, align: str) -> str:
    """The look of a text; ``weight``, ``style`` and ``align`` are matplotlib's words.

    >>> font((0, 0, 0, 1), 13, "bold", "normal", "right")
    ' fill="#000000" font-size="13" font-weight="600" text-anchor="end"'
    """
    bold = ' font-weight="600"' if weight == "bold" else ""
    italic = ' font-style="italic"' if style == "italic" else ""
    anchor = f' text-anchor="{ANCHORS[align]}"' if align != "left" else ""
    return f' fill="{to_hex(colour)}" font-size="{short(size)}"{bold}{italic}{anchor}'


def text(x: float, y: float, words: str, turn: float = 0) -> str:
    """One line of text from its anchor, turned anticlockwise by degrees.

    >>> text(1, 2.5, "a < b")
    '<text x="1" y="2.5">a &lt; b</text>'
    """
    x_, y_ = short(x), short(y)
    turned = f' transform="rotate({short(-turn)} {x_} {y_})"' if turn else ""
    return f'<text x="{x_}" y="{y_}"{turned}>{escape(clean(words))}</text>'


def box(left: float, top: float, right: float, bottom: float) -> str:
    """The outline of a rectangle.

    >>> box(0, 1, 2.5, 3)
    'M0 1L2.5 1L2.5 3L0 3Z'
    """
    x, y, far, low = short(left), short(top), short(right), short(bottom)
    return f"M{x} {y}L{far} {y}L{far} {low}L{x} {low}Z"


def line(points: Iterable[tuple[float, float]]) -> str:
    """The outline of straight pieces; NaN lifts the pen.

    >>> line([(0, 0), (1, 0), (float("nan"), 0), (2, 0), (3, 0)])
    'M0 0L1 0M2 0L3 0'
    """
    drawn, pen = "", "M"
    for x, y in points:
        if x == x and y == y:
            drawn, pen = f"{drawn}{pen}{short(x)} {short(y)}", "L"
        else:
            pen = "M"
    return drawn


def outline(path: Path, transform: Transform) -> str:
    """The outline of any matplotlib path, once placed."""
    segments = path.iter_segments(transform, simplify=False, curves=True)
    return "".join(
        CODES[code] + ("" if code == Path.CLOSEPOLY else shorts(points))
        for points, code in segments
    )


def shorts(values: Iterable[float]) -> str:
    """Numbers one after the other."""
    return " ".join(map(short, values))


def short(value: float) -> str:
    """A number with at most two decimals and nothing useless.

    >>> short(3.0), short(0.255), short(-0.001)
    ('3', '0.26', '0')
    """
    return f"{round(float(value), 2) + 0.0:.7g}"
