"""Plot of a score by bucket, such as source length or number of unseen words."""

from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure

from nlpflow.figures.bars import draw_bars, explain_numbers, slots_width
from nlpflow.figures.style import POINTS_PER_INCH, Style, styled
from nlpflow.metrics.names import metric_heading

LABEL_WIDTH = 6  # in characters; longer bucket names are broken at their spaces
AXIS_LABELS = {
    "length": "source length (tokens)",
    "characters": "source length (characters)",
    "unseen words": "unseen words in the source",
    "words": "words in the sentence",
    "words or characters": "sentence length (words; characters in scripts without spaces)",
    "language": "language",
    "answer": "an answer to the question",
    "parts of the command": "parts of the command that training lacks",
}


def breakdown(table: pd.DataFrame, style: Style, metric: str = "chrf2") -> Figure:
    """Plot a metric by bucket, with one panel per kind and the number of sentences over each bar.

    The plot is `style.width` wide, or wider if the labels need it. A bucket without sentences has
    no bar, only the number 0.

    Args:
        table: columns kind (a key of `AXIS_LABELS`), bucket, sentences, and the metric; buckets are
            drawn in the table's order
        style: width and fonts
        metric: column of the score; the default is chrF2, because BLEU of a bucket of short
            sentences is mostly noise

    Raises:
        ValueError: the table is empty
    """
    if table.empty:
        raise ValueError("the breakdown has no buckets to draw")
    kinds = list(table["kind"].unique())
    parts = [table[table["kind"] == kind] for kind in kinds]
    labels = [[*map(_label, part["bucket"])] for part in parts]
    counts = [part["sentences"].tolist() for part in parts]
    slots = [slots_width(*texts, style) for texts in zip(labels, counts, strict=True)]
    margins = 8 * style.font_size / POINTS_PER_INCH
    with styled(style):
        figure = Figure(
            figsize=(max(style.width, sum(slots) + margins), 0.45 * style.width),
            layout="constrained",
        )
        panels = figure.subplots(1, len(parts), sharey=True, squeeze=False, width_ratios=slots)[0]
        for index, panel in enumerate(panels):
            heights = parts[index][metric].tolist()
            draw_bars(panel, labels[index], heights, counts[index], style)
            panel.set_xlabel(AXIS_LABELS[kinds[index]])
        panels[0].set_ylabel(metric_heading(metric))
        explain_numbers(panels[0], "sentences", style)
    return figure


def _label(bucket: str) -> str:
    """The label of a bucket: "20 or more" in two lines, a number or a range in one."""
    return fill(bucket, LABEL_WIDTH, break_long_words=False, break_on_hyphens=False)
