"""A sheet of paper measured in inches, with the few shapes that the drawings are made of."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.path import Path as Line

INK, QUIET = "#222222", "#666666"
NAME_SIZE, SHAPE_SIZE = 10.5, 8.5  # points
CAPITAL = 0.72  # height of a capital letter, of the font size

# Fill and edge of every kind of box: one colour means one thing in all the drawings.
KINDS = {
    "word": ("#FFFFFF", "#666666"),
    "embedding": ("#D9ECF8", "#0072B2"),
    "recurrent": ("#FDEBC8", "#B97A00"),
    "state": ("#FBDCC6", "#D55E00"),
    "linear": ("#D3EEE4", "#007A5A"),
    "function": ("#F5DFEB", "#A8588A"),
}


class Point(NamedTuple):
    """A place on the sheet, in inches from its lower left corner."""

    x: float
    y: float

    def moved(self, right: float = 0.0, up: float = 0.0) -> "Point":
        """The place so many inches to the right and up."""
        return Point(self.x + right, self.y + up)


@dataclass(frozen=True)
class Box:
    """A box on the sheet, known by its middle and its size."""

    middle: Point
    width: float
    height: float

    @property
    def top(self) -> Point:
        """The middle of the top edge."""
        return self.middle.moved(up=self.height / 2)

    @property
    def bottom(self) -> Point:
        """The middle of the bottom edge."""
        return self.middle.moved(up=-self.height / 2)

    @property
    def left(self) -> Point:
        """The middle of the left edge."""
        return self.middle.moved(right=-self.width / 2)

    @property
    def right(self) -> Point:
        """The middle of the right edge."""
        return self.middle.moved(right=self.width / 2)


class Sheet:
    """White paper; y grows upwards."""

    def __init__(self, width: float, height: float) -> None:
        """An empty sheet, its size in inches."""
        self.figure = Figure(figsize=(width, height), facecolor="white")
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(0, height))
        self.axes.set_axis_off()

    def box(
        self, x: float, y: float, name: str, kind: str, width: float = 0.95, height: float = 0.42
    ) -> Box:
        """A rounded box with its name inside, its middle at (x, y)."""
        fill, edge = KINDS[kind]
        self.axes.add_patch(
            FancyBboxPatch(
                (x - width / 2, y - height / 2),
                width,
                height,
                boxstyle="round,pad=0,rounding_size=0.08",
                facecolor=fill,
                edgecolor=edge,
                linewidth=1.2,
            )
        )
        self.text(x, y, name)
        return Box(Point(x, y), width, height)

    def cell(self, x: float, y: float, size: tuple[float, float], name: str, fill: str) -> None:
        """A square-cornered cell of a table or vector, its lower left corner at (x, y)."""
        self.axes.add_patch(
            Rectangle((x, y), *size, facecolor=fill, edgecolor="#AAAAAA", linewidth=0.7)
        )
        self.text(x + size[0] / 2, y + size[1] / 2, name, size=9.5)

    def frame(self, x: float, y: float, size: tuple[float, float], colour: str) -> None:
        """An outline round what is already drawn."""
        self.axes.add_patch(
            Rectangle((x, y), *size, facecolor="none", edgecolor=colour, linewidth=1.8)
        )

    def arrow(self, *points: Point, colour: str = INK, dashed: bool = False) -> None:
        """An arrow along straight pieces through all points; its head is never dashed."""
        *way, last, end = points
        if dashed:
            turn = Point(end.x - math.copysign(0.1, end.x - last.x), end.y)
            xs, ys = zip(*way, last, turn, strict=True)
            self.axes.plot(xs, ys, color=colour, linewidth=1.1, linestyle=(0, (3.5, 2.5)))
            way, last = [], turn
        self.axes.add_patch(
            FancyArrowPatch(
                path=Line([*way, last, end]),
                arrowstyle="-|>",
                mutation_scale=9,
                color=colour,
                linewidth=1.1,
                joinstyle="miter",
            )
        )

    def bar(self, start: Point, end: Point) -> None:
        """A thin line that says "all of these"."""
        self.axes.plot([start.x, end.x], [start.y, end.y], color=QUIET, linewidth=1)

    def dot(self, place: Point) -> None:
        """The mark of a line that forks."""
        self.axes.add_patch(Circle(place, 0.045, facecolor=INK, edgecolor="none"))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = NAME_SIZE,
        colour: str = INK,
        align: str = "center",
        weight: str = "normal",
    ) -> None:
        """Words whose middle, or left or right end, is at (x, y); `size` in points."""
        # matplotlib centres the ink, which makes words in a row dance: keep one baseline instead.
        one_line = "\n" not in words
        self.axes.text(
            x,
            y - (CAPITAL / 2 * size / 72 if one_line else 0),
            words,
            fontsize=size,
            color=colour,
            ha=align,
            va="baseline" if one_line else "center",
            weight=weight,
            linespacing=1.25,
        )

    def shape(self, x: float, y: float, words: str, align: str = "left") -> None:
        """The shape of a tensor, or another remark beside an arrow."""
        self.text(x, y, words, size=SHAPE_SIZE, colour=QUIET, align=align)

    def save(self, path: Path, title: str) -> None:
        """Write an SVG that is the same bytes each time; `title` is for screen readers."""
        self.figure.savefig(path, metadata={"Date": None, "Creator": None, "Title": title})


def settle() -> None:
    """Fix whatever could differ between two machines: fonts, random ids, user settings."""
    mpl.rcdefaults()
    mpl.rcParams.update(
        {
            "font.family": ["DejaVu Sans"],
            "svg.fonttype": "path",
            "svg.hashsalt": "nlpflow",
            "text.parse_math": False,
        }
    )
