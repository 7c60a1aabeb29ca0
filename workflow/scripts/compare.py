"""Compare the runs of a task: one tidy table, means over random seeds, differences, plots."""

import json
import logging
from pathlib import Path

from nlpflow.figures.comparison import compare_runs
from nlpflow.figures.differences import draw_differences
from nlpflow.figures.style import Style, save
from nlpflow.figures.trade_off import trade_off
from nlpflow.jobs import imported, job
from nlpflow.prepare.losses import read_losses
from nlpflow.results.below import below_baselines, sentences
from nlpflow.results.cards import collect_cards
from nlpflow.results.comparison import (
    read_floors,
    read_scores,
    read_signatures,
    summarise,
    summary_html,
)
from nlpflow.results.differences import differences, predictions_of
from nlpflow.results.other_data import mark, marked, read_notes
from nlpflow.results.trade_offs import data_of_tests, trade_offs
from nlpflow.settings.comparisons import Comparison
from nlpflow.tables import write_table

with job(snakemake.log[0]):
    labels = snakemake.params.labels
    files = [Path(path) for path in snakemake.input.metrics]
    runs = read_scores(files, labels)
    notes = read_notes([Path(path) for path in snakemake.input.versions])
    runs = mark(runs, notes, snakemake.params.data)
    summary = summarise(runs)
    pairs = [Comparison(*pair) for pair in json.loads(snakemake.params.pairs)]
    read = predictions_of(
        [Path(path) for path in snakemake.input.predictions],
        snakemake.params.columns,
        imported(snakemake.params.statistics) if pairs else None,
        snakemake.params.settings,
    )
    compared = differences(pairs, labels, read)
    write_table(Path(snakemake.output.runs), runs)
    write_table(Path(snakemake.output.summary), summary)
    write_table(Path(snakemake.output.significance), compared)
    below = below_baselines(
        summary, snakemake.params.data, snakemake.params.baselines, snakemake.params.headline
    )
    for sentence in sentences(below):
        logging.warning("warning: %s", sentence)
    further = {
        "Warning: below a baseline": below,
        "Warning: the dev score never rose above its minimum": read_floors(
            [Path(path) for path in snakemake.input.cards], labels
        ),
        "Data that differ from those of the published results": marked(runs),
        "Measured with": read_signatures(files),
        "Warning: most of a dataset is lost in one step": read_losses(
            [Path(path) for path in snakemake.input.reports]
        ),
    }
    page = summary_html(summary, compared, further)
    Path(snakemake.output.table).write_text(page, encoding="utf-8")
    style = Style(**json.loads(snakemake.params.style))
    folder = Path(snakemake.output.figures)
    folder.mkdir(parents=True)
    for metric in runs["metric"].unique():
        save(compare_runs(runs, metric, style), folder / metric, style)
    cards = collect_cards([Path(path) for path in snakemake.input.cards], labels)
    tested_on = data_of_tests(files, labels, snakemake.params.data)
    for cost, name, table in trade_offs(runs, cards, snakemake.params.headline, tested_on):
        metric = table["metric"].iloc[0]
        save(trade_off(table, metric, cost, style), folder / name, style)
    for metric in compared["metric"].unique():
        drawn = draw_differences(compared[compared["metric"] == metric], style)
        save(drawn, folder / f"difference_{metric}", style)
