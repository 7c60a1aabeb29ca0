"""What the rules that make comparisons, expected results and lessons look up."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nlpflow.settings.comparisons import Comparison, comparisons
from nlpflow.settings.plan.base import Plan, Wildcards
from nlpflow.settings.tasks import TASKS

LESSONS = {
    "1-tensors": "translation",
    "2-differentiation": "embeddings",
    "3-building-blocks": "language_id",
    "4-lstm-steps": "tagging",
    "5-dynamic-graphs": "entities",
}
"""The task whose scores each lesson ends with."""
LESSON_DATA = {
    "3-building-blocks": ["data/sample/sentences.eng.txt", "data/sample/sentences.spa.txt"]
}
"""Files of the project that lessons read."""

TABLES = ("summary", "cards")
"""Pages of every comparison."""


@dataclass(frozen=True)
class ResultPlan(Plan):
    """What the rules need to make tables, cards and pages from runs."""

    def targets(self) -> list[str]:
        """Everything that the config asks for."""
        compared = f"results/compare/{self.config.name}"
        return [
            f"{compared}/summary.html",
            f"results/{self.config.name}/playground.html",
            *(f"{compared}/{task}/{file}.html" for task in self.tasks for file in TABLES),
            # Scores are targets themselves: if the job of one run fails, the comparison cannot be
            # made, but the scores of the other runs still are.
            *(file for task in self.tasks for file in self._scores(task)),
            *(
                f"results/{task}/{name}/seed-{seed}/figures/curves.svg"
                for task in self.tasks
                for name, seed in self.runs(task)
            ),
            *(f"results/lessons/{lesson}.html" for lesson in LESSONS if self.config.lessons),
        ]

    def labels(self, wildcards: Wildcards) -> dict[str, str]:
        """The names of the experiments and of the task's baselines in tables and plots."""
        experiments = self.config.experiments.items()
        named = {name: experiment.label or name for name, experiment in experiments}
        return named | self._baselines(wildcards.task)

    def baseline_labels(self, wildcards: Wildcards) -> list[str]:
        """The names of a task's baselines in tables."""
        return list(self._baselines(wildcards.task).values())

    def compared(self, task: str) -> list[Comparison]:
        """The comparisons that `compare_with` asks for."""
        experiments = self.config.experiments
        datasets = {name: self.dataset(experiment) for name, experiment in experiments.items()}
        return comparisons(experiments, datasets, task)

    def pairs(self, wildcards: Wildcards) -> str:
        """The comparisons of a job's task, as JSON."""
        return json.dumps(self.compared(wildcards.task))

    def metrics(self, wildcards: Wildcards) -> list[str]:
        """The scores of a task's runs, then those of its baselines on the same test sets."""
        task = wildcards.task
        return [
            *self._scores(task),
            *(
                f"results/baselines/{task}/{baseline}.{dataset}/{test_set}/metrics.json"
                for dataset, test_sets in self._tested(task).items()
                for baseline in TASKS[task].baselines
                for test_set in test_sets
            ),
        ]

    def scored_on(self, wildcards: Wildcards) -> str:
        """The sentences of a caption that say which data the scores of a task were computed on."""
        used = {test_set for _, _, test_set in self.scored(wildcards.task)}
        if "dev" not in used:
            return "Scores are on test sets, which were not used to select the epoch of any run."
        if used == {"dev"}:
            return (
                "Scores are on the dev set. It is not held out, because it was also used to select "
                "the epoch of each run."
            )
        return (
            "The dev set is not held out, because it was also used to select the epoch of each "
            "run. The other test sets were not used to select epochs."
        )

    def predictions(self, wildcards: Wildcards) -> list[str]:
        """The predictions of every run and baseline that are compared."""
        task = wildcards.task
        files = {
            f"results/{task}/{name}/seed-{seed}/{test_set}/predictions.tsv"
            if name in self.config.experiments
            else f"results/baselines/{task}/{name}/{test_set}/predictions.tsv"
            for pair in self.compared(task)
            for name in (pair.experiment, pair.compared_with)
            for seed in pair.seeds
            for test_set in pair.test_sets
        }
        return sorted(files)

    def data_of(self, wildcards: Wildcards) -> dict[str, str]:
        """The dataset of each experiment and baseline of a task, by its label."""
        labels = self.labels(wildcards)
        experiments = self.config.experiments.items()
        datasets = {
            labels[name]: self.dataset(experiment)
            for name, experiment in experiments
            if experiment.task == wildcards.task
        }
        baselines = self._baselines(wildcards.task)
        return datasets | {labels[name]: name.partition(".")[2] for name in baselines}

    def versions_read(self, wildcards: Wildcards) -> list[str]:
        """The `versions.json` of a task's datasets and test sets, where versions are known."""
        test_sets = (test_set for *_, test_set in self.scored(wildcards.task))
        datasets = {*self.data_of(wildcards).values(), *test_sets} & self.config.datasets.keys()
        return [
            f"{self.data}/prepared/{name}/versions.json"
            for name in sorted(datasets)
            if self.versions(name)
        ]

    def filter_reports(self, wildcards: Wildcards) -> list[str]:
        """The filter reports of the datasets that a task's runs are trained and tested on."""
        experiments = [e for e in self.config.experiments.values() if e.task == wildcards.task]
        named = [self.dataset(experiment) for experiment in experiments]
        named += [name for e in experiments for name in e.test_sets if name in self.config.datasets]
        return [f"{self.data}/prepared/{name}/filter_report.tsv" for name in dict.fromkeys(named)]

    def comparison_settings(self, wildcards: Wildcards) -> dict[str, dict[str, str]]:
        """What the comparison must know of each experiment and baseline, if anything."""
        experiments = self.config.experiments
        pairs = self.compared(wildcards.task)
        names = sorted({name for pair in pairs for name in (pair.experiment, pair.compared_with)})
        found = {
            name: experiments[name].comparison_settings
            if name in experiments
            else TASKS[wildcards.task].experiment.baseline_settings
            for name in names
        }
        return {name: dict(settings) for name, settings in found.items() if settings}

    def cards(self, wildcards: Wildcards) -> list[str]:
        """The cards of a task's runs."""
        task = wildcards.task
        return [f"results/{task}/{name}/seed-{seed}/card.json" for name, seed in self.runs(task)]

    def lesson_metrics(self, wildcards: Wildcards) -> list[str]:
        """The scores that a lesson quotes: of its task's last run, or none."""
        task = LESSONS[wildcards.lesson]
        return [
            f"results/{task}/{name}/seed-{seed}/{self._first_test_set(name)}/metrics.json"
            for name, seed in self.runs(task)[-1:]
        ]

    def lesson_labels(self, wildcards: Wildcards) -> list[str]:
        """The label of that run."""
        runs = self.runs(LESSONS[wildcards.lesson])[-1:]
        return [self.config.experiments[name].label or name for name, _ in runs]

    def lesson_data(self, wildcards: Wildcards) -> list[str]:
        """Files of the project that a lesson reads."""
        return [self.own(file) for file in LESSON_DATA.get(wildcards.lesson, [])]

    def command(self, configfiles: Iterable[Path]) -> str:
        """How this config is run, whatever the machine: without `cores` and `mirror`."""
        files = [f"--configfile {self._relative(Path(path))}" for path in configfiles]
        seeds = [f"--config seeds={self.config.seeds}"] if self.config.seeds else []
        return " ".join(["snakemake", *files, *seeds, "--cores all"])

    def _relative(self, path: Path) -> str:
        """The path relative to the project if it is in there, else to the working folder."""
        return os.path.relpath(path, self.root if path.is_relative_to(self.root) else os.curdir)

    def scored(self, task: str) -> list[tuple[str, int, str]]:
        """Experiment, random seed and test set of every evaluation of a task."""
        return [
            (name, seed, test_set)
            for name, seed in self.runs(task)
            for test_set in self.config.experiments[name].test_sets
        ]

    def _scores(self, task: str) -> list[str]:
        return [
            f"results/{task}/{name}/seed-{seed}/{test_set}/metrics.json"
            for name, seed, test_set in self.scored(task)
        ]

    def _first_test_set(self, experiment: str) -> str:
        return self.config.experiments[experiment].test_sets[0]

    def _baselines(self, task: str) -> dict[str, str]:
        """The names of the baselines of a task's datasets in tables, by their folder."""
        return {
            f"{baseline}.{dataset}": f"{label}, {dataset}"
            for dataset in self._tested(task)
            for baseline, label in TASKS[task].baselines.items()
        }

    def _tested(self, task: str) -> dict[str, dict[str, None]]:
        """The datasets of a task's experiments, and the test sets of each, both in their order."""
        found: dict[str, dict[str, None]] = {}
        for experiment in self.config.experiments.values():
            if experiment.task == task:
                tested = found.setdefault(self.dataset(experiment), {})
                tested |= dict.fromkeys(experiment.test_sets)
        return found
