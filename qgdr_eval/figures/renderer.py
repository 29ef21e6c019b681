"""A matplotlib renderer that writes SVG: any artist draws itself on it."""

import math
from typing import Any, Literal

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform
from matplotlib.typing import ColorType

from qgdr_eval.figures import elements
from qgdr_eval.figures.lettering import measure

Place = tuple[float, float, float, float]  # scales of x and y, then shifts


class SvgRenderer(RendererBase):
    """Collects the paths and texts of a figure as SVG elements and their looks, in drawing order.

    ``id`` begins every identifier inside.
    """

    def __init__(self, figure: Figure, id: str) -> None:
        super().__init__()
        self.id = id
        self.dpi = figure.dpi
        self.width, self.height = figure.bbox.size
        self.flip = Affine2D().scale(1, -1).translate(0, self.height)
        self.drawn: list[tuple[str, str]] = []
        self.hatches: dict[tuple[str, str, str], str] = {}
        self._places: dict[int, Place] = {}

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: ColorType | None = None,
    ) -> None:
        """Draw one path with its fill, stroke and hatch."""
        face = None if rgbFace is None else to_rgba(rgbFace)
        look = self.fill(face, gc.get_hatch(), gc.get_hatch_color()) + self._stroke(gc)
        self.draw_shape(look, elements.outline(path, transform + self.flip))

    def draw_shape(self, look: str, outline: str) -> None:
        """Draw what `elements` says of a shape, unless it does not show."""
        if look != elements.fill(None):
            self.drawn.append((look, f'<path d="{outline}"/>'))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool | Literal["TeX"] = False,
        mtext: Text | None = None,
    ) -> None:
        """Write one line of text, anchored where its author anchored it."""
        align = mtext.get_horizontalalignment() if mtext else "left"
        if mtext:
            x, y = self._anchored(x, y, mtext)
        self.drawn.append(
            (self.font(to_rgba(gc.get_rgb()), prop, align), elements.text(x, y, s, angle))
        )

    def place(self, transform: Transform) -> Place:
        """What a transform that neither turns nor slants does, from its artist to the pixels."""
        # Transforms have no hash; the figure keeps those of its artists, so their ids stay theirs.
        if id(transform) not in self._places:
            (a, _, e), (_, d, f), _ = (transform + self.flip).get_matrix().tolist()
            self._places[id(transform)] = (a, d, e, f)
        return self._places[id(transform)]

    def fill(self, face: elements.Colour | None, hatch: str | None, ink: ColorType) -> str:
        """The look of an inside, hatched with ``ink`` when there is a hatch."""
        if not hatch:
            return elements.fill(face)
        colour = to_hex(face) if face and face[3] else "none"
        key = (hatch, colour, to_hex(ink))
        name = self.hatches.setdefault(key, f"{self.id}-hatch-{len(self.hatches) + 1}")
        return f' fill="url(#{name})"'

    def font(self, colour: elements.Colour, prop: FontProperties, align: str) -> str:
        """The look of a text in a matplotlib font."""
        size = self.points_to_pixels(prop.get_size_in_points())
        return elements.font(colour, size, prop.get_weight(), prop.get_style(), align)

    def draw_image(self, *args: object, **kwargs: object) -> None:
        """Refuse pictures: a pixel picture is neither light nor readable at every size."""
        raise TypeError("to_svg draws paths and texts, not images")

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | Literal["TeX"]
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

    def _stroke(self, gc: GraphicsContextBase) -> str:
        dashes: Any = gc.get_dashes()[1]
        return elements.stroke(
            to_rgba(gc.get_rgb()),
            self.points_to_pixels(gc.get_linewidth()),
            tuple(self.points_to_pixels(dash) for dash in dashes or ()),
            gc.get_capstyle() == "round",
        )

    def _anchored(self, x: float, y: float, text: Text) -> tuple[float, float]:
        """The author's anchor, moved only across the line of writing, as matplotlib laid it."""
        left, top = text.get_transform().transform(text.get_unitless_position())
        top = self.height - top
        turn = math.radians(text.get_rotation())
        across = (x - left) * math.sin(turn) + (y - top) * math.cos(turn)
        return left + across * math.sin(turn), top + across * math.cos(turn)
