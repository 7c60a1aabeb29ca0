"""What the first page of the report says of a config: all of it from the config's own settings."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Literal

from nlpflow.settings.base import Settings
from nlpflow.settings.data import Dataset
from nlpflow.settings.plan.results import ResultPlan
from nlpflow.settings.plan.sources import SourceFacts, sources_of
from nlpflow.settings.registry import DESCRIPTION
from nlpflow.settings.task_spec import RUN_FILES
from nlpflow.settings.tasks import LEAKAGE, TASKS
from nlpflow.settings.translation import Seq2SeqExperiment

Division = Literal["divided", "given", "given test", "test only"]
"""How a dataset got its splits: `divided` by the workflow, which checks that they share no
sentence; `given` by the corpus; `given test` if only the dev set is made by the workflow, from the
corpus's training set; `test only` if the dataset is only a test set."""


class Contender(Settings):
    """An experiment or a baseline."""

    label: str
    dataset: str
    weights: str
    """Which epochs' weights its runs keep, in words; empty for a baseline, which has no epochs."""
    sources: tuple[str, ...] = ()
    """What its models are made from: keys of `Facts.corpora`; empty for a baseline."""


class TaskFacts(Settings):
    """A task of the config."""

    name: str
    title: str
    headline: tuple[str, ...]
    contenders: dict[str, Contender]
    """Experiments and baselines by the name of their folder, in the order of the config."""


class DatasetFacts(Settings):
    """A dataset that runs are trained or tested on."""

    kind: str
    languages: tuple[str, ...]
    corpora: tuple[str, ...]
    division: Division
    kept_apart: tuple[str, ...] = ()
    """The sides of pairs of which no sentence is in two splits."""


class AttentionFacts(Settings):
    """The attention plots of one run."""

    label: str
    seed: int
    kind: str
    rows: str
    """What a row of the plots has."""
    sentences: tuple[str, ...]
    """The sentences that the config names; their plots come first. If it names none, all plots are
    of sentences from the test set."""


class Facts(Settings):
    """Everything that the page needs beside scores, filter reports and plots."""

    config: str
    tasks: tuple[TaskFacts, ...]
    datasets: dict[str, DatasetFacts]
    corpora: dict[str, SourceFacts]
    """The corpora of the config by name, then vectors and weights that were made elsewhere."""
    test_sets: dict[str, tuple[str, ...]]
    """The files of the config's own test sets."""
    attention: tuple[AttentionFacts, ...]
    """The attention plots of each run, in the order of their folders."""


@dataclass(frozen=True)
class SummaryPlan(ResultPlan):
    """What the rules need to make the first page of a config's report."""

    def facts(self) -> Facts:
        """What the config says of its experiments and data."""
        used = self._used()
        corpora = {
            name: SourceFacts(**self.registry[name].model_dump(include={*DESCRIPTION}))
            for name in sorted(self.config.corpus_names)
        }
        for name in self.config.experiments:
            corpora |= sources_of(self, name)
        return Facts(
            config=self.config.name,
            tasks=tuple(map(self._task, self.tasks)),
            datasets={name: self._dataset(self.config.datasets[name]) for name in used},
            corpora=corpora,
            test_sets={name: test_set.files for name, test_set in self.config.test_sets.items()},
            attention=tuple(self._attention().values()),
        )

    def summaries(self) -> list[str]:
        """The means of each task, in the order of the tasks."""
        return [f"results/compare/{self.config.name}/{task}/summary.tsv" for task in self.tasks]

    def all_metrics(self) -> list[str]:
        """The scores of every run and baseline."""
        return [file for task in self.tasks for file in self.metrics(SimpleNamespace(task=task))]

    def all_filter_reports(self) -> list[str]:
        """What was dropped from every dataset that is used."""
        return [f"{self.data}/prepared/{name}/filter_report.tsv" for name in self._used()]

    def proofs(self) -> list[str]:
        """The reports of the leakage check of all datasets whose splits the page calls checked."""
        checked = ("divided", "given test")
        return [
            LEAKAGE["leakage"].format(data=self.data, dataset=name)
            for name in self._used()
            if self._dataset(self.config.datasets[name]).division in checked
        ]

    def attention_plots(self) -> list[str]:
        """The folders of attention plots that the page chooses from."""
        return list(self._attention())

    def playground_inputs(self) -> list[str]:
        """What the playground has: files and scores of the first run of each experiment.

        Translation comes first, because it is what most readers open the page for.
        """
        return [
            f"results/{task}/{name}/seed-{experiment.seeds[0]}/{file}"
            for task in sorted(self.tasks, key=lambda task: (task != "translation", task))
            for name, experiment in self.config.experiments.items()
            if experiment.task == task
            for file in (
                *RUN_FILES.values(),
                *TASKS[task].writes.values(),
                *(f"{test_set}/metrics.json" for test_set in experiment.test_sets),
            )
        ]

    def web_files(self) -> list[str]:
        """The files of the page's own code."""
        folder = "workflow/nlpflow/playground/web"
        return [
            self.own(f"{folder}/{file.name}") for file in sorted((self.root / folder).iterdir())
        ]

    def _task(self, task: str) -> TaskFacts:
        wildcards = SimpleNamespace(task=task)
        labels, data = self.labels(wildcards), self.data_of(wildcards)
        experiments = self.config.experiments
        contenders = {
            name: Contender(
                label=label,
                dataset=data[label],
                weights=experiments[name].training.weights_kept if name in experiments else "",
                sources=tuple(sources_of(self, name)) if name in experiments else (),
            )
            for name, label in labels.items()
            if label in data
        }
        spec = TASKS[task]
        return TaskFacts(name=task, title=spec.title, headline=spec.headline, contenders=contenders)

    def _used(self) -> list[str]:
        """The datasets that runs are trained or tested on, in the order of the config."""
        reports = [
            file for task in self.tasks for file in self.filter_reports(SimpleNamespace(task=task))
        ]
        names = {file.split("/")[-2] for file in reports}
        return [name for name in self.config.datasets if name in names]

    def _dataset(self, dataset: Dataset) -> DatasetFacts:
        return DatasetFacts(
            kind=dataset.kind,
            languages=dataset.languages_in(self.registry),
            corpora=dataset.corpus_names,
            division=self._division(dataset),
            kept_apart=dataset.kept_apart if dataset.kind == "pairs" else (),
        )

    def _division(self, dataset: Dataset) -> Division:
        if dataset.kind in ("test_sentences", "test_labelled"):
            return "test only"
        if dataset.kind != "labelled":
            # This holds also if the corpus has its own split: sentences that also occur in dev or
            # test are dropped from the training set.
            return "divided"
        splits = self.registry[dataset.corpus].splits
        return "given" if "dev" in splits else "given test" if splits else "divided"

    def _attention(self) -> dict[str, AttentionFacts]:
        """The first run of each network with attention, by the folder of its plots."""
        folder = "results/{}/{}/seed-{}/figures/attention"
        return {
            folder.format(experiment.task, name, experiment.seeds[0]): AttentionFacts(
                label=experiment.label or name,
                seed=experiment.seeds[0],
                kind=experiment.model.attention,
                rows=experiment.model.attention_rows,
                sentences=experiment.figures.sentences,
            )
            for name, experiment in self.config.experiments.items()
            if isinstance(experiment, Seq2SeqExperiment)
            and experiment.model.attention != "none"
            and (experiment.figures.sentences or experiment.figures.sample)
        }
