"""Layout of panels with rows, one above the other, on a common horizontal axis."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nlpflow.figures.style import POINTS_PER_INCH, Style, add_axes

ROW, PANEL_GAP = 2.2, 3.2  # in lines of text


def stack_panels(rows: Sequence[int], style: Style, draw: Callable[[Axes, int], None]) -> Figure:
    """A figure of stacked panels. Rows are equally high; only the lowest panel has tick labels.

    Args:
        rows: number of rows of each panel
        style: width and fonts
        draw: draws a panel; its arguments are the axes and the panel's number, from 0
    """
    line = style.font_size / POINTS_PER_INCH
    heights = [ROW * line * number for number in rows]
    width = 0.65 * style.width
    top = sum(heights) + PANEL_GAP * line * (len(rows) - 1)
    figure = Figure(figsize=(width, top))
    for number, height in enumerate(heights):
        draw(add_axes(figure, 0, top - height, width, height), number)
        top -= height + PANEL_GAP * line
    for upper in figure.axes[:-1]:
        upper.sharex(figure.axes[-1])
        upper.tick_params(labelbottom=False)
    return figure
