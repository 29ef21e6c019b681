"""A matplotlib figure as light, deterministic SVG to stand inline in a page.

matplotlib's own SVG writer embeds a date, random identifiers and page-wide style rules. This one
writes only what is drawn: real text in the page's fonts, no identifier but the one given, the
same bytes every time. The marks of a sheet are written straight from what they say, every other
artist draws itself on `SvgRenderer`.
"""

import itertools
import math
import re
from collections.abc import Iterator
from functools import singledispatch
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from qgdr_eval.figures import elements
from qgdr_eval.figures.lettering import clean
from qgdr_eval.figures.marks import Box, Dot, Letters, Stroke
from qgdr_eval.figures.renderer import SvgRenderer
from qgdr_eval.palette import FONT_STACK

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
    _draw(figure, renderer)
    size = elements.shorts((renderer.width, renderer.height))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="100%" '
        f'role="img" id="{id}" aria-labelledby="{id}-alt" font-family={quoteattr(FONT_STACK)}>'
        f'<desc id="{id}-alt">{escape(clean(alt))}</desc>'
        f"{renderer.defs()}{''.join(_grouped(renderer.drawn))}</svg>"
    )


def _grouped(drawn: list[tuple[str, str]]) -> Iterator[str]:
    """Neighbours that look alike say it once."""
    for look, run in itertools.groupby(drawn, key=lambda element: element[0]):
        yield f"<g{look}>{''.join(body for _, body in run)}</g>"


def _draw(figure: Figure, renderer: SvgRenderer) -> None:
    """Draw what `Figure.draw` draws, in the same order; only axes need laying out before."""
    if figure.axes:
        figure.draw(renderer)
        return
    figure.patch.draw(renderer)
    artists = [artist for artist in figure.get_children() if artist is not figure.patch]
    for artist in sorted(artists, key=Artist.get_zorder):
        if artist.get_visible():
            write(artist, renderer)


@singledispatch
def write(artist: Artist, renderer: SvgRenderer) -> None:
    """Draw one artist: a mark from what it says, any other by its own means.

    A mark at x, y stands on the drawing at ``a * x + e``, ``d * y + f``, named as in SVG's
    ``matrix(a b c d e f)``.
    """
    artist.draw(renderer)


@write.register
def _(line: Letters, renderer: SvgRenderer) -> None:
    if not line.get_text():
        return
    (x, y), (a, d, e, f) = line.get_position(), renderer.place(line.get_transform())
    colour, align = to_rgba(line.get_color()), line.get_horizontalalignment()
    look = renderer.font(colour, line.get_fontproperties(), align)
    text = elements.text(a * x + e, d * y + f, line.get_text(), line.get_rotation())
    renderer.drawn.append((look, text))


@write.register
def _(box: Box, renderer: SvgRenderer) -> None:
    (x, y, width, height), edge = box.get_bbox().bounds, to_rgba(box.get_edgecolor())
    a, d, e, f = renderer.place(box.get_data_transform())
    left, top = a * x + e, d * y + f
    fill = renderer.fill(to_rgba(box.get_facecolor()), box.get_hatch(), edge)
    stroke = elements.stroke(edge, renderer.points_to_pixels(box.get_linewidth()))
    outline = elements.box(left, top, left + a * width, top + d * height)
    renderer.draw_shape(fill + stroke, outline)


@write.register
def _(stroke: Stroke, renderer: SvgRenderer) -> None:
    data: Any = stroke.get_data()
    a, d, e, f = renderer.place(stroke.get_transform())
    colour = to_rgba(stroke.get_color(), stroke.get_alpha())
    width = renderer.points_to_pixels(stroke.get_linewidth())
    points = ((a * x + e, d * y + f) for x, y in zip(*data, strict=True))
    look = elements.fill(None) + elements.stroke(colour, width)
    renderer.draw_shape(look, elements.line(points))


@write.register
def _(dot: Dot, renderer: SvgRenderer) -> None:
    x, y = _only(dot.get_offsets())
    a, d, e, f = renderer.place(dot.get_offset_transform())
    radius = renderer.points_to_pixels(math.sqrt(_only(dot.get_sizes()) / math.pi))
    placed = Affine2D().scale(radius, -radius).translate(a * x + e, d * y + f)
    face, edge = to_rgba(_only(dot.get_facecolor())), to_rgba(_only(dot.get_edgecolor()))
    width = renderer.points_to_pixels(_only(dot.get_linewidth()))
    look = elements.fill(face) + elements.stroke(edge, width)
    renderer.draw_shape(look, elements.outline(Path.unit_circle(), placed))


def _only(values: Any) -> Any:
    """The value of a collection of one."""
    (value,) = values
    return value
