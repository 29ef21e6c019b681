"""The marks figures are made of: lines of text, boxes, dots, strokes; one prototype per look.

matplotlib reads its settings and checks every property of each artist it makes. Here it does so
once per look; what stands on a figure is a copy, which then takes its own place, words and name.
Marks are ordinary artists that promise to be plain, so that `to_svg` may write them from what
they say. Who wants one dashed by hand takes the matplotlib class, as `box` and `dot` do.
"""

from collections.abc import Callable
from copy import copy
from functools import lru_cache, wraps
from typing import Any, Literal, ParamSpec, TypeVar

from matplotlib.artist import Artist
from matplotlib.collections import CircleCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from qgdr_eval.figures.lettering import FAMILY

Align = Literal["left", "center", "right"]
Look = ParamSpec("Look")
Mark = TypeVar("Mark", bound=Artist)


class Letters(Text):
    """One line of text on its baseline, in one font, without mathematics."""


class Box(Rectangle):
    """An upright rectangle with an unbroken edge."""


class Dot(CircleCollection):
    """One disc with an unbroken edge."""


class Stroke(Line2D):
    """An unbroken line of straight pieces, without markers; NaN lifts the pen."""


def copied(make: Callable[Look, Mark]) -> Callable[Look, Mark]:
    """Make the artist of a look once, then give copies of it.

    Copies share what is never changed in place, and the list of `Artist.add_callback`: a figure
    that needs callbacks shall make its artists itself.
    """
    prototype: Any = lru_cache(maxsize=256)(make)

    @wraps(make)
    def fresh(*args: Look.args, **kwargs: Look.kwargs) -> Mark:
        """Give a copy of the artist of this look."""
        return copy(prototype(*args, **kwargs))

    return fresh


@copied
def _letters(
    size: float, colour: str, align: Align, bold: bool, italic: bool, turn: float
) -> Letters:
    return Letters(
        fontsize=size,
        color=colour,
        horizontalalignment=align,
        verticalalignment="baseline",
        fontfamily=FAMILY,
        fontweight="bold" if bold else "normal",
        fontstyle="italic" if italic else "normal",
        rotation=turn,
        rotation_mode="anchor",
        parse_math=False,
        usetex=False,
        zorder=9,
    )


def letters(
    size: float, colour: str, align: Align, bold: bool, italic: bool, turn: float
) -> Letters:
    """A line of text without words: sizes in points, colour as a hex code, turn in degrees."""
    line = _letters(size, colour, align, bold, italic, turn)
    # Text changes its font in place: each line needs one of its own.
    line.set_fontproperties(line.get_fontproperties())
    return line


@copied
def box(edge: str, width: float, hatch: bool, dashed: bool, layer: float) -> Rectangle:
    """A rectangle without place nor face: ``edge`` is a hex code, also that of the hatching."""
    return (Rectangle if dashed else Box)(
        (0, 0),
        1,
        1,
        edgecolor=edge,
        linewidth=width,
        linestyle=(0, (3, 2)) if dashed else "solid",
        hatch="///" if hatch else None,
        zorder=layer,
    )


@copied
def dot(size: float, face: str, edge: str, dashed: bool) -> CircleCollection:
    """A disc without place: ``size`` is its area in square points, colours are hex codes."""
    return (CircleCollection if dashed else Dot)(
        [size],
        linewidths=2,
        facecolors=face,
        edgecolors=edge,
        zorder=4,
        linestyles=[(0, (1.1, 0.8))] if dashed else "solid",
    )


@copied
def stroke(colour: str, width: float, opacity: float, layer: float) -> Stroke:
    """A line without points: ``colour`` is a hex code, ``width`` in points."""
    return Stroke(
        (),
        (),
        color=(colour, opacity),
        linewidth=width,
        linestyle="solid",
        marker="",
        solid_capstyle="butt",
        zorder=layer,
    )
