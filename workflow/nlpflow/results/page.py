"""Generates docs/results.md: the tables of all expected results, each with its command."""

import sys
from pathlib import Path

import pandas as pd

from nlpflow.results.cards import Cards
from nlpflow.results.comparison import differences_table, wide_table
from nlpflow.results.other_data import COLUMN
from nlpflow.tables import read_json, read_table

HEAD = """<!-- Generated from results/reference by the rule results_page. -->

# Results

The workflow has written these tables. Below each table are the command that makes it again (behind
a firewall add `--config mirror=DIR`) and the machine that it was made on. A cell is mean ± standard
deviation over n random seeds. Test sets are held out; the set `dev` is not, because runs select
their weights by its scores.

`make verify CONFIG=config/<name>.yaml` runs a config and compares its scores with these. They may
differ by three standard deviations over random seeds (at least 0.05), or by five per cent if there
is one random seed. If config, code, data, package versions and the kind of processor are the same,
the scores must be equal.
"""

DIFFERENCES = """Differences of the means over random seeds, with the 95 % interval of a paired
bootstrap over the test sentences; a star where p < 0.05."""


def results_page(references: Path) -> str:
    """The page of all expected results below a folder, sorted by name."""
    parts = [HEAD]
    for config in sorted(path for path in references.glob("*") if path.is_dir()):
        parts.append(f"\n## {config.name}\n")
        for task in sorted(path for path in config.iterdir() if path.is_dir()):
            parts.append(_section(task))
    return "".join(parts)


def _section(folder: Path) -> str:
    about = "experiment", "test_set", "metric"
    summary = read_table(folder / "summary.tsv", *about)
    differences = read_table(folder / "significance.tsv", *about, "compared_with")
    command = (folder / "command.txt").read_text(encoding="utf-8").strip()
    cards: Cards = read_json(folder / "cards.json")
    parts = [f"### {folder.parent.name}: {folder.name}", markdown_table(wide_table(summary))]
    if len(differences):
        parts += [DIFFERENCES, markdown_table(differences_table(differences))]
    other = dict.fromkeys(card[COLUMN] for card in cards.values() if COLUMN in card)
    return "\n" + "\n\n".join([*parts, *other, f"    {command}", _machines(cards)]) + "\n"


def markdown_table(table: pd.DataFrame) -> str:
    """A table in Markdown; missing values are empty cells."""
    rows = [list(table.columns), ["---"] * len(table.columns)]
    rows += table.astype(object).where(table.notna(), "").values.tolist()
    return "\n".join("| " + " | ".join(_cell(value) for value in row) + " |" for row in rows)


def _cell(value: object) -> str:
    return str(value).replace("_", " ").replace("|", "\\|")


def _machines(cards: Cards) -> str:
    """One sentence per machine: device, versions, code, days, and time per run."""
    keys = ["processor", "gpu", "torch", "torch_threads", "code"]
    rows = pd.DataFrame(
        [
            {key: card.get(key) or "" for key in keys}
            | {"day": card["finished"][:10], "seconds": card["seconds"]}
            for card in cards.values()
        ]
    )
    sentences = []
    for (processor, gpu, torch, threads, code), runs in rows.groupby(keys, sort=False):
        days = " to ".join(sorted({runs["day"].min(), runs["day"].max()}))
        sentences.append(
            f"{len(runs)} runs on {gpu or processor}, {threads} thread(s), torch {torch}, code "
            f"`{code}`, {days}; a run took {runs['seconds'].median():.0f} seconds (median)."
        )
    return " ".join(sentences)


if __name__ == "__main__":
    sys.stdout.write(results_page(Path("results/reference")))
