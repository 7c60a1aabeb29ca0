"""What a terminal says when a config has been run: where everything is, and three scores."""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from nlpflow.errors import UserError
from nlpflow.metrics.names import SCORES, base_of, lower_is_better, metric_label
from nlpflow.results.summary import TaskScores, read_task
from nlpflow.settings.plan import SummaryPlan

COUNT = 3
FIRST = ("translation", "tagging", "entities")
"""The scores of these tasks are the best known: they come first."""


def ending(results: Path, plan: SummaryPlan, configfile: Path) -> str:
    """The lines at the end of a run.

    Args:
        results: folder of the results
        configfile: as the user writes it

    Raises:
        UserError: the config has not been run to its end
    """
    name = plan.config.name
    tables = results / "compare" / name
    scores = []
    for facts in plan.facts().tasks:
        table = tables / facts.name / "summary.tsv"
        if not table.exists():
            raise UserError(f"{table}: is missing; run the workflow with {configfile} first")
        scores.append(read_task(facts, table, []))
    report = results / f"{name}.html"
    where = str(report)
    if not report.exists():
        where = f"not made yet; type snakemake --configfile {configfile} --report {report}"
    lines = [
        f"report:     {where}",
        f"playground: {results}/{name}/playground.html",
        f"results:    {results}/<task>/<experiment>/seed-<n>/",
        f"tables:     {tables}/<task>/summary.html",
    ]
    if chosen := scores_to_look_at(scores):
        lines.append("The most important scores of the best experiments:")
        lines += [f"  {score}" for score in chosen]
    return "\n".join(lines)


def scores_to_look_at(scores: Sequence[TaskScores]) -> list[str]:
    """Three scores: the most important one of each task; with fewer tasks, also the next ones."""
    tasks = sorted(scores, key=lambda found: (*FIRST, found.facts.name).index(found.facts.name))
    by_importance = zip_longest(*map(_of_the_best, tasks))
    return [score for score in chain.from_iterable(by_importance) if score][:COUNT]


def _of_the_best(scores: TaskScores) -> Iterator[str]:
    """The scores of a task's best experiment on the first test set, the most important first."""
    trained = {found.label for found in scores.facts.contenders.values() if found.weights}
    groups = scores.groups() if len(scores.summary) else {}
    means = next((table for (_, test_set), table in groups.items() if test_set != "dev"), None)
    if means is None:
        return
    best = next(label for label in means.index if label in trained)
    seen = set()
    for metric in scores.metrics():
        base = base_of(metric)
        cell = means[metric][best] if metric in means else ""
        if cell and base not in seen:
            seen.add(base)
            unit = SCORES[base].unit if base in SCORES else ""
            lower = ", lower is better" if lower_is_better(metric) else ""
            value = f"{cell} {unit}".strip()
            yield f"{scores.facts.title}: {metric_label(metric)} {value}{lower} ({best})"
