"""Plots of one language identification run, drawn from its tables."""

import html

import pandas as pd

from nlpflow.figures.breakdown import breakdown
from nlpflow.figures.curves import training_curves
from nlpflow.figures.language_id import before_and_after, confusion_matrix, reliability
from nlpflow.figures.style import Style, save
from nlpflow.metrics.classification import calibration_error
from nlpflow.tables import read_table
from nlpflow.tasks.interface import Files

CSS = (
    "body{font-family:sans-serif} table{border-collapse:collapse} "
    "th,td{padding:.2em .7em;text-align:left;border-bottom:1px solid #ccc;white-space:pre} "
    "small{color:#666}"
)


TEXTS = {
    "history": (),
    "breakdown": ("kind", "bucket"),
    "confusions": ("truth", "answer"),
    "calibration": (),
    "weights": ("language", "feature"),
    "words": ("word", "language"),
}
"""The tables that are plotted, with their text columns."""


def plot(tables: Files, plots: Files, style: Style) -> None:
    """Plot curves, breakdown, confusions, calibration and weights of words.

    The features with the largest weights are written as an HTML page. The folder `words` stays
    empty if the config names no words.
    """
    read = {name: read_table(tables[name], *texts) for name, texts in TEXTS.items()}
    calibrated = read["calibration"]
    drawn = {
        "curves": training_curves(read["history"], style),
        "breakdown": breakdown(read["breakdown"], style, "error"),
        "confusions": confusion_matrix(read["confusions"], style),
        "calibration": reliability(calibrated, calibration_error(calibrated), style),
    }
    for name, figure in drawn.items():
        save(figure, plots[name].with_suffix(""), style)
    plots["weights"].write_text(weights_page(read["weights"]), encoding="utf-8")
    plots["words"].mkdir(parents=True, exist_ok=True)
    if not read["words"].empty:
        save(before_and_after(read["words"], style), plots["words"] / "words", style)


def weights_page(weights: pd.DataFrame) -> str:
    """An HTML table of the features with the largest weights, one column per language.

    It is HTML because a browser has fonts for every script.

    Args:
        weights: columns `language`, `feature` and `weight`, the largest weight first
    """
    columns = {
        language: [
            f"{html.escape(str(row.feature)).replace(' ', '␣')} <small>{row.weight:.2f}</small>"
            for row in mine.itertuples()
        ]
        for language, mine in weights.groupby("language")
    }
    depth = max(map(len, columns.values()), default=0)
    head = "".join(f"<th>{html.escape(str(language))}</th>" for language in columns)
    body = "\n".join(
        "<tr>"
        + "".join(f"<td>{rows[i] if i < len(rows) else ''}</td>" for rows in columns.values())
        + "</tr>"
        for i in range(depth)
    )
    return (
        f"<!DOCTYPE html>\n<meta charset='utf-8'>\n<style>{CSS}</style>\n"
        f"<table>\n<tr>{head}</tr>\n{body}\n</table>\n"
    )
