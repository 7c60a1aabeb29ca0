"""The first page of the report: scores, attention, data, licences.

What is measured (scores, sizes, overlaps) is read from the files of the runs; what the settings
say comes from `nlpflow.settings.plan.summary`.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from nlpflow.metrics.names import (
    SCORES,
    base_of,
    lower_is_better,
    metric_heading,
    metric_label,
)
from nlpflow.results.comparison import score_cell
from nlpflow.results.data_section import data_section
from nlpflow.results.markup import listed, page, table
from nlpflow.settings.plan.summary import AttentionFacts, Facts, TaskFacts
from nlpflow.tables import read_json, read_table

Group = tuple[str, str]
"""A dataset and a test set; scores can be compared only within one group."""
MOST_PLOTS = 4


@dataclass(frozen=True)
class TaskScores:
    """The scores of a task's runs."""

    facts: TaskFacts
    summary: pd.DataFrame
    """See `nlpflow.results.comparison.summarise`."""
    signatures: Mapping[str, Mapping[str, list[str]]]
    """By metric, then by signature, the groups that were measured with it."""
    overlaps: Mapping[Group, int]
    """For each test set, how many of its sentences are also in the training set, if counted."""

    def groups(self) -> dict[Group, pd.DataFrame]:
        """The means of each group, one row per contender and one column per metric, best first."""
        datasets = {found.label: found.dataset for found in self.facts.contenders.values()}
        keyed = self.summary.assign(dataset=self.summary["experiment"].map(datasets))
        return {
            (str(dataset), str(test_set)): _best_first(part, self.ranked_by(part))
            for (dataset, test_set), part in keyed.groupby(["dataset", "test_set"], sort=False)
        }

    def metrics(self) -> list[str]:
        """The metrics on the page: the headline scores with their variants, then lists of words."""
        there = list(self.summary["metric"].unique())
        headline = self.facts.headline or tuple(there)
        chosen = [
            metric
            for base in headline
            for metric in there
            if base_of(metric) == base
            # Scores without overlap are shown for the most important metric only.
            and (base == headline[0] or not metric.endswith("_without_overlap"))
        ]
        return chosen + [
            name for name in there if base_of(name) not in SCORES | dict.fromkeys(chosen)
        ]

    def ranked_by(self, part: pd.DataFrame) -> str:
        """The first score that every experiment of a group has, else the first that one has."""
        weights = {found.label: found.weights for found in self.facts.contenders.values()}
        trained = part[part["experiment"].map(weights) != ""]
        has = trained.groupby("metric", sort=False)["experiment"].nunique()
        known = [metric for metric in self.metrics() if metric in has]
        everywhere = [m for m in known if has[m] == trained["experiment"].nunique()]
        return (everywhere or known)[0]


def _best_first(part: pd.DataFrame, ranked_by: str) -> pd.DataFrame:
    """Contenders without the score come last."""
    means = part[part["metric"] == ranked_by].set_index("experiment")["mean"]
    order = means.sort_values(ascending=lower_is_better(ranked_by), kind="stable").index.tolist()
    order += [name for name in part["experiment"].unique() if name not in means]
    cells = part.assign(
        cell=[score_cell(*pair) for pair in zip(part["mean"], part["sd"], strict=True)]
    )
    wide = cells.pivot(index="experiment", columns="metric", values="cell").reindex(order)
    return wide.assign(n=part.groupby("experiment")["n"].max()).fillna("")


def read_task(facts: TaskFacts, summary: Path, metrics: Sequence[Path]) -> TaskScores:
    """Read the scores of a task.

    Args:
        summary: the task's `summary.tsv`
        metrics: of all tasks; `results/<task>/<experiment>/seed-<n>/<test set>/metrics.json`, of a
            baseline `results/baselines/<task>/<baseline>/<test set>/metrics.json`
    """
    signatures: dict[str, dict[str, list[str]]] = {}
    overlaps: dict[Group, int] = {}
    for file in metrics:
        *_, task, experiment, _, test_set, _ = file.parts
        if task != facts.name or experiment not in facts.contenders:
            continue
        group = facts.contenders[experiment].dataset, test_set
        found = read_json(file)
        for metric, signature in found.get("signatures", {}).items():
            groups = signatures.setdefault(metric, {}).setdefault(signature, [])
            groups += [name for name in [", ".join(group)] if name not in groups]
        overlap = found.get("overlap", found.get("sentences_in_train"))
        if overlap is not None:
            overlaps[group] = overlap["pairs"] if isinstance(overlap, dict) else overlap
    read = read_table(summary, "experiment", "test_set", "metric")
    return TaskScores(facts, read, signatures, overlaps)


def summary_page(
    facts: Facts,
    scores: Sequence[TaskScores],
    plots: Sequence[Path],
    reports: Mapping[str, pd.DataFrame],
) -> str:
    """The page.

    Args:
        scores: of the tasks, in their order
        plots: the folders of `facts.attention`
        reports: `filter_report.tsv` of each dataset
    """
    count = sum(found.weights != "" for task in facts.tasks for found in task.contenders.values())
    body = [
        f"<h1>Results of {escape(facts.config)}</h1>\n",
        f"<p>{count} experiment{'s' * (count != 1)}, the best first. Scores are means ± standard "
        "deviations over n random seeds.</p>\n",
        *map(_task_section, scores),
        _attention_section(facts, scores, plots),
        data_section(facts, reports),
    ]
    return page(f"Results of {facts.config}", "".join(body))


def _task_section(scores: TaskScores) -> str:
    facts = scores.facts
    title = f"<h2>{escape(facts.title[0].upper() + facts.title[1:])}</h2>\n"
    without = [
        found.label
        for found in facts.contenders.values()
        if found.weights and found.label not in set(scores.summary["experiment"])
    ]
    notes = [f"No score, because no test lists (`lists`) are named: {', '.join(without)}."] * bool(
        without
    )
    if scores.summary.empty:
        return title + listed(notes, "soft")
    metrics = scores.metrics()
    rows = {}
    baselines = {found.label for found in facts.contenders.values() if not found.weights}
    for group, means in scores.groups().items():
        there = means.reindex(columns=["n", *metrics], fill_value="")
        rows[_group_heading(group, scores)] = [
            [str(label), "baseline" if label in baselines else str(cells[0]), *cells[1:]]
            for label, cells in zip(there.index, there.values.tolist(), strict=True)
        ]
    heads = ["experiment", "n", *map(metric_heading, metrics)]
    notes += [f"Runs keep {_by_experiment(_weights(facts))}."]
    notes += [
        f"{metric_label(metric)} is measured with {signature}{_where(groups, found)}."
        for metric, found in scores.signatures.items()
        if metric in metrics
        for signature, groups in found.items()
    ]
    return title + table(heads, rows) + listed(notes, "soft")


def _where(groups: Iterable[str], found: Mapping[str, object]) -> str:
    return f" ({'; '.join(groups)})" if len(found) > 1 else ""


def _group_heading(group: Group, scores: TaskScores) -> str:
    dataset, test_set = group
    part = scores.summary[
        (scores.summary["test_set"] == test_set)
        & scores.summary["experiment"].isin(
            [c.label for c in scores.facts.contenders.values() if c.dataset == dataset]
        )
    ]
    best = metric_label(scores.ranked_by(part))
    return f"{dataset}, {held_out(test_set, scores.overlaps.get(group))}; best {best} first"


def held_out(test_set: str, overlap: int | None = None) -> str:
    """Describe a test set: whether it is held out, and how much it shares with the training set.

    Args:
        overlap: how many of its sentences are also in the training set, if it was counted
    """
    if test_set == "dev":
        return "dev set (not held out, because it was used to select the epochs)"
    name = "held-out test set" if test_set == "test" else f"test set {test_set}"
    if overlap is None:
        return name
    return f"{name}, {overlap:,} of its sentences also in the training set"


def _weights(facts: TaskFacts) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = {}
    for found in facts.contenders.values():
        if found.weights:
            kept.setdefault(found.weights, []).append(found.label)
    return kept


def _by_experiment(said: Mapping[str, Sequence[str]]) -> str:
    """A statement that holds for all experiments; or each statement with its experiments."""
    if len(said) == 1:
        return next(iter(said))
    # One label per line: docutils refuses long lines on the front page.
    return "; ".join("{} ({})".format(text, ",\n".join(labels)) for text, labels in said.items())


def _attention_section(facts: Facts, scores: Sequence[TaskScores], plots: Sequence[Path]) -> str:
    """Plots of the best experiment of each task that has attention."""
    by_label = {
        found.label: (found, folder) for found, folder in zip(facts.attention, plots, strict=True)
    }
    parts = []
    for task in scores:
        labels = (label for means in task.groups().values() for label in means.index)
        best = next((str(label) for label in labels if label in by_label), None)
        if best is None:
            continue
        found, folder = by_label[best]
        name = f"<b>{escape(found.label)}</b> (kind: {escape(found.kind)})"
        parts.append(
            f"<p>Attention weights of {name}, random seed {found.seed}: one row per output word, "
            f"one column per source word. {escape(found.rows)}</p>\n"
            f"<div class='plots'>\n{_plots(found, folder)}</div>\n"
        )
    return "<h2>Attention</h2>\n" + "".join(parts) if parts else ""


def _plots(found: AttentionFacts, folder: Path) -> str:
    parts = []
    sentences = found.sentences or ("a sentence of the test set",) * MOST_PLOTS
    for number, sentence in enumerate(sentences[:MOST_PLOTS], start=1):
        file = folder / f"sentence-{number}.svg"
        if not file.is_file():  # a sample may be smaller
            continue
        # In short lines: docutils refuses long ones on the front page.
        data = base64.encodebytes(file.read_bytes()).decode()
        text = escape(sentence)
        parts.append(
            f"<figure><img alt='Attention on: {text}' src='data:image/svg+xml;base64,{data}'>"
            f"<figcaption>{text}</figcaption></figure>\n"
        )
    return "".join(parts)
