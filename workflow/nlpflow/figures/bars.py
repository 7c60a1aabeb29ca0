"""Bar charts over buckets of test items, with the number of items written over each bar."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from nlpflow.figures.style import BLUE, GREY, POINTS_PER_INCH, Style

FEWEST_SLOTS = 4  # a panel is at least this many bars wide, so that one or two do not fill it
SMALL = 0.9  # size of the numbers over bars, relative to the font size


def slots_width(labels: Sequence[str], counts: Sequence[int], style: Style) -> float:
    """Width of the panel, in inches, at which no text under or over a bar touches the next."""
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
    """Draw one bar per bucket.

    A bucket without items has no bar, only the number 0.

    Args:
        panel: to draw on
        labels: name of each bucket
        heights: height of each bar; ignored for a bucket without items
        counts: number of items of each bucket
        style: font size
    """
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
    """Write over the panel what the numbers over its bars count."""
    panel.set_title(
        f"over the bars: number of {items}",
        color=GREY,
        fontweight="normal",
        fontsize=SMALL * style.font_size,
    )


def _count(number: int) -> str:
    return f"{number:,}"
