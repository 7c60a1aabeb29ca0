"""Whether probabilities can be believed: how often answers of some probability are right."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, PercentFormatter, StrMethodFormatter

from nlpflow.figures.style import BLUE, GREY, SKY, Style, styled


def reliability(table: pd.DataFrame, error: float, style: Style) -> Figure:
    """Draw accuracy over confidence, and below it how many answers there are.

    The diagram of Guo et al. (2017), figure 1: on the dashed line probabilities are true.
    :param table: of `nlpflow.metrics.classification.calibration`
    :param error: the expected calibration error in per cent, written into the figure
    """
    if table.empty:
        raise ValueError("there are no answers to draw")
    with styled(style):
        figure = Figure(figsize=(0.7 * style.width, 0.8 * style.width), layout="constrained")
        upper, lower = figure.subplots(2, sharex=True, height_ratios=[3, 1])
        upper.plot([0, 1], [0, 1], color=GREY, linestyle=(0, (4, 3)), linewidth=1)
        upper.plot(table["confidence"], table["accuracy"], color=BLUE, marker="o", markersize=4)
        upper.set_ylabel("right answers")
        upper.set_title(f"calibration error {error:.2f} %")
        widths = table["high"] - table["low"]
        lower.bar(table["low"], table["sentences"], widths * 0.94, align="edge", color=SKY)
        lower.set_yscale("log")
        lower.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        lower.yaxis.set_minor_formatter(NullFormatter())
        lower.set_ylabel("answers")
        lower.set_xlabel("probability of the answer")
        for axes in (upper, lower):
            axes.grid(visible=True)
        upper.xaxis.set_major_formatter(PercentFormatter(1))
        upper.yaxis.set_major_formatter(PercentFormatter(1))
        upper.set_xlim(min(0.9, float(table["low"].min())), 1.02)
    return figure
