"""Bars over buckets of test items, with the number of items over each."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from nlpflow.figures.style import BLUE, GREY, POINTS_PER_INCH, Style

FEWEST_SLOTS = 4  # so that one or two bars do not fill a panel
SMALL = 0.9  # of the font size: numbers over bars


def slots_width(labels: Sequence[str], counts: Sequence[int], style: Style) -> float:
    """Inches that the bars need for the longest text under or over one of them."""
    texts = [*labels, *map(_count, counts)]
    longest = max(len(text) for label in texts for text in label.split("\n"))
    return len(labels) * (0.6 * longest + 0.8) * style.font_size / POINTS_PER_INCH


def draw_bars(
    panel: Axes,
    labels: Sequence[str],
    heights: Sequence[float],
    counts: Sequence[int],
    style: Style,
) -> None:
    """Draw a bar a bucket; one without items has no bar, only its 0."""
    drawn = [height if count else 0.0 for height, count in zip(heights, counts, strict=True)]
    bars = panel.bar(range(len(drawn)), drawn, width=0.72, color=BLUE)
    panel.bar_label(bars, [*map(_count, counts)], padding=2, fontsize=SMALL * style.font_size)
    panel.set_xticks(range(len(drawn)), labels=list(labels))
    spare = max(0.6, (FEWEST_SLOTS - len(drawn)) / 2)
    panel.set_xlim(-spare, len(drawn) - 1 + spare)
    panel.margins(y=0.12)
    panel.grid(visible=True, axis="y")
    panel.tick_params(axis="x", length=0)


def explain_numbers(panel: Axes, items: str, style: Style) -> None:
    """Say over the panel what the numbers over its bars count."""
    panel.set_title(
        f"over the bars: number of {items}",
        color=GREY,
        fontweight="normal",
        fontsize=SMALL * style.font_size,
    )


def _count(number: int) -> str:
    return f"{number:,}"
