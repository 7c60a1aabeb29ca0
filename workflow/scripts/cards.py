"""Collect the cards of a task's runs into one file and a table of the report."""

from pathlib import Path

from nlpflow.jobs import job
from nlpflow.results.cards import cards_html, collect_cards
from nlpflow.results.other_data import read_notes
from nlpflow.tables import write_json

with job(snakemake.log[0]):
    files = [Path(path) for path in snakemake.input.cards]
    notes = read_notes([Path(path) for path in snakemake.input.versions])
    datasets = snakemake.params.data.items()
    other_data = {label: notes[dataset] for label, dataset in datasets if dataset in notes}
    cards = collect_cards(files, snakemake.params.labels, other_data)
    write_json(Path(snakemake.output.cards), cards)
    Path(snakemake.output.table).write_text(cards_html(cards), encoding="utf-8")
