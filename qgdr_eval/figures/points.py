"""A point of a plot: its shape says what is special about it, colour only repeats it."""

from matplotlib.patches import Polygon

from qgdr_eval.figures.marks import dot
from qgdr_eval.figures.style import Plane
from qgdr_eval.palette import PALETTE

DOT = 16  # area of an ordinary point, square pixels
CORNERS = {
    "square": [(-4, -4), (4, -4), (4, 4), (-4, 4)],
    "diamond": [(0, -7), (7, 0), (0, 7), (-7, 0)],
}
HOLLOW = ("diamond",)


def draw_point(
    canvas: Plane, x: float, y: float, shape: str, tone: str, gid: str | None = None
) -> None:
    """A disc for an ordinary point, a square or a hollow diamond for one that stands out."""
    colour = PALETTE[tone]
    if shape == "disc":
        disc = dot(DOT, colour, colour, False)
        disc.set_offsets([(x, y)])
        disc.set_offset_transform(canvas.transform)
        disc.set_gid(gid)
        canvas.figure.add_artist(disc)
        return
    corners = [(x + across, y + down) for across, down in CORNERS[shape]]
    face = PALETTE["paper"] if shape in HOLLOW else colour
    drawn = Polygon(corners, closed=True, facecolor=face, edgecolor=colour, linewidth=2, zorder=4)
    drawn.set_gid(gid)
    canvas.add(drawn)
