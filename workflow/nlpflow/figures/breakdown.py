"""Where a model fails: its score by the kind of sentence."""

from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nlpflow.figures.style import BLUE, GREY, POINTS_PER_INCH, Style, metric_label, styled

LABEL_WIDTH = 6  # letters; longer bucket names are broken at their spaces
FEWEST_SLOTS = 4  # so that one or two bars do not fill a panel
AXIS_LABELS = {
    "length": "source length (tokens)",
    "unseen words": "unseen words in the source",
    "words": "words in the sentence",
    "language": "language",
}


def breakdown(table: pd.DataFrame, style: Style, metric: str = "chrf2") -> Figure:
    """Draw a metric by bucket, one panel a kind, the number of sentences over each bar.

    The default is chrF2: BLEU of a bucket of short sentences is mostly noise.
    Columns: kind (a key of `AXIS_LABELS`), bucket, sentences, and the metric; buckets are drawn in
    the table's order. A bucket without sentences has no bar, only its 0. The figure is
    `style.width` wide, or wider where the labels need it. Raises ValueError on an empty table.
    """
    if table.empty:
        raise ValueError("the breakdown has no buckets to draw")
    kinds = list(table["kind"].unique())
    parts = [table[table["kind"] == kind] for kind in kinds]
    slots = [len(part) * _slot(part, style) for part in parts]
    margins = 8 * style.font_size / POINTS_PER_INCH
    with styled(style):
        figure = Figure(
            figsize=(max(style.width, sum(slots) + margins), 0.45 * style.width),
            layout="constrained",
        )
        panels = figure.subplots(1, len(parts), sharey=True, squeeze=False, width_ratios=slots)[0]
        for panel, kind, part in zip(panels, kinds, parts, strict=True):
            _draw_bars(panel, part, metric, style)
            panel.set_xlabel(AXIS_LABELS[kind])
        panels[0].set_ylabel(metric_label(metric))
        panels[0].set_title(
            "over the bars: number of sentences",
            color=GREY,
            fontweight="normal",
            fontsize=0.9 * style.font_size,
        )
    return figure


def _slot(part: pd.DataFrame, style: Style) -> float:
    """Inches that one bar needs for the longest text under or over it."""
    texts = [*map(_label, part["bucket"]), *map(_count, part["sentences"])]
    longest = max(len(text) for label in texts for text in label.split("\n"))
    return (0.6 * longest + 0.8) * style.font_size / POINTS_PER_INCH


def _draw_bars(panel: Axes, part: pd.DataFrame, metric: str, style: Style) -> None:
    heights = part[metric].where(part["sentences"] > 0, 0.0)
    bars = panel.bar(range(len(part)), heights, width=0.72, color=BLUE)
    panel.bar_label(
        bars,
        [_count(number) for number in part["sentences"]],
        padding=2,
        fontsize=0.9 * style.font_size,
    )
    panel.set_xticks(range(len(part)), labels=[_label(bucket) for bucket in part["bucket"]])
    spare = max(0.6, (FEWEST_SLOTS - len(part)) / 2)
    panel.set_xlim(-spare, len(part) - 1 + spare)
    panel.margins(y=0.12)
    panel.grid(visible=True, axis="y")
    panel.tick_params(axis="x", length=0)


def _label(bucket: str) -> str:
    """ "20 or more" in two lines; a number or a range stays whole."""
    return fill(bucket, LABEL_WIDTH, break_long_words=False, break_on_hyphens=False)


def _count(number: int) -> str:
    return f"{number:,}"
