"""Reading a figure back: what was drawn, where, and whether texts stand clear of each other."""

from itertools import combinations

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from qgdr_eval.figures.renderer import SvgRenderer


def drawn(figure: Figure, prefix: str) -> dict[str, Artist]:
    """The artists whose gid begins with ``prefix``, by what follows, in drawing order."""
    named = ((str(artist.get_gid() or ""), artist) for artist in figure.artists)
    return {gid.removeprefix(prefix): artist for gid, artist in named if gid.startswith(prefix)}


def words(figure: Figure) -> list[str]:
    return [artist.get_text() for artist in figure.artists if isinstance(artist, Text)]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    renderer = SvgRenderer(figure, "x")
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.artists
        if isinstance(text, Text) and text.get_text()
    ]


def collisions(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts that overlap by more than a pixel both ways."""
    shrunk = [
        (text, Bbox.from_extents(box.x0 + 1, box.y0 + 1, box.x1 - 1, box.y1 - 1))
        for text, box in boxes(figure)
    ]
    return [(one, other) for (one, a), (other, b) in combinations(shrunk, 2) if a.overlaps(b)]


def clipped(figure: Figure) -> list[str]:
    """Texts that leave the sheet by more than a pixel."""
    width, height = figure.bbox.size
    return [
        text
        for text, box in boxes(figure)
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]
