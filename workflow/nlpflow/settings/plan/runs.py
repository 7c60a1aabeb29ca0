"""What the rules that train, evaluate and plot a run look up."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from nlpflow.settings.alike import trained_like
from nlpflow.settings.checks import checked
from nlpflow.settings.data import PairDataset
from nlpflow.settings.plan.base import InputPaths, Plan, Wildcards
from nlpflow.settings.pretrained import vector_files, word_lists
from nlpflow.settings.task_spec import RUN_FILES
from nlpflow.settings.tasks import LEAKAGE, TASKS, Experiment
from nlpflow.settings.training import NO_PART_OF_THE_RESULT, Resources
from nlpflow.text.addresses import own_file
from nlpflow.text.languages import analyser


@dataclass(frozen=True)
class RunPlan(Plan):
    """What the rules need to make a run from an experiment and a random seed."""

    @property
    def test_sets(self) -> list[str]:
        """Every test set that an experiment may name."""
        of_kinds = map(self.datasets, ("test_sentences", "test_labelled"))
        return ["dev", "test", *chain.from_iterable(of_kinds), *self.config.test_sets]

    def training_inputs(self, wildcards: Wildcards) -> InputPaths:
        """The inputs of training an experiment, by name."""
        experiment = self.experiment(wildcards)
        run = experiment.starts_from(int(wildcards.seed))
        return {
            **self._filled(TASKS[experiment.task].reads, experiment),
            **self._filled(self._proofs(experiment), experiment),
            **self._vectors(experiment),
            "first_weights": self._run_files([run] if run else []),
        }

    def same_run(self, wildcards: Wildcards) -> list[str]:
        """The files of the run with the same weights, see `trained_like`; none: train this one."""
        other = trained_like(wildcards.experiment, int(wildcards.seed), self.config.experiments)
        if other is None:
            return []
        names = {"experiment": other, "seed": wildcards.seed}
        files = TASKS[self.experiment(wildcards).task].run_files.values()
        return [file.format(**names) for file in files]

    def evaluation_inputs(self, wildcards: Wildcards) -> InputPaths:
        """The inputs of evaluating a run, beside the run."""
        experiment = self.experiment(wildcards)
        lists = [self.registry[name].files[0] for name in experiment.test_corpora]
        test_set = self.config.datasets.get(wildcards.test_set)
        apart = test_set is not None and test_set.kind == "test_labelled"
        # The table is made from this one, and the scores record the origin of this one.
        unmarked = [f"{self.data}/prepared/{wildcards.test_set}/test.parquet"] if apart else []
        return {
            **self._filled(TASKS[experiment.task].evaluation_reads, experiment),
            "table": self._table(self.dataset(experiment), wildcards.test_set),
            "unmarked": unmarked,
            **self._vectors(experiment),
            "lists": [self.local_path(file) for file in lists],
            "ensemble": self._run_files(experiment.decodes_with(int(wildcards.seed))),
        }

    def plot_inputs(self, wildcards: Wildcards) -> InputPaths:
        """The tables from which a run's plots are drawn."""
        experiment = self.experiment(wildcards)
        spec = TASKS[experiment.task]
        run = f"results/{spec.name}/{wildcards.experiment}/seed-{wildcards.seed}"
        tables = {name: f"{run}/{experiment.test_sets[0]}/{name}.tsv" for name in spec.plotted}
        return {"history": f"{run}/history.tsv", **tables}

    def training_settings(self, wildcards: Wildcards) -> str:
        """The settings that change a run, as JSON."""
        experiment = self.experiment(wildcards)
        return experiment.model_dump_json(include=TASKS[experiment.task].training_settings)

    def decisive_settings(self, wildcards: Wildcards) -> dict[str, Any]:
        """The settings whose digest is in a run's card, as JSON values."""
        experiment = self.experiment(wildcards)
        given = json.loads(self.training_settings(wildcards))
        trained: Experiment = checked(type(experiment), given, "settings")
        return trained.model_dump(mode="json", exclude=NO_PART_OF_THE_RESULT)

    def evaluation_settings(self, wildcards: Wildcards) -> str:
        """The settings that change scores and tables, with the entries of test lists, as JSON."""
        experiment = self.experiment(wildcards)
        values = experiment.model_dump(
            mode="json", include=set(TASKS[experiment.task].evaluation_settings)
        )
        files = {name: self.registry[name].files[0] for name in experiment.test_corpora}
        if files:
            values["list_files"] = {
                name: file.as_read().model_dump() for name, file in files.items()
            }
        return json.dumps(values)

    def dataset_settings(self, wildcards: Wildcards) -> str:
        """The settings of a run's dataset, as JSON."""
        return self.config.datasets[self.dataset(self.experiment(wildcards))].model_dump_json()

    def analyser(self, wildcards: Wildcards) -> str:
        """The dictionary tokenizer of BLEU for the target language; empty if it is not installed.

        Installing or removing it changes the scores, and so which epoch is kept.
        """
        dataset = self.config.datasets[self.dataset(self.experiment(wildcards))]
        return analyser(dataset.target) if isinstance(dataset, PairDataset) else ""

    def quoted(self, wildcards: Wildcards) -> dict[str, Any]:
        """The settings of an experiment that captions quote."""
        experiment = self.experiment(wildcards)
        name = self.dataset(experiment)
        dataset = self.config.datasets[name]
        languages = dataset.languages_in(self.registry)
        return {
            "dataset": name,
            "direction": " → ".join(languages),
            "languages": ", ".join(languages),
            "normalisation": getattr(dataset, "normalisation", ""),
            **experiment.model.model_dump(),
            **experiment.training.model_dump(),
            "label": experiment.label or wildcards.experiment,
            "first_test_set": experiment.test_sets[0],
            "weights_kept": experiment.training.weights_kept,
            "attention_rows": getattr(experiment.model, "attention_rows", ""),
        }

    def resources(self, *names: str) -> dict[str, Any]:
        """Resources of a run: a number if all experiments agree, else a function."""
        return {name: self.resource(name) for name in names}

    def resource(self, name: str) -> Any:
        """One resource, see `resources`."""
        return self._of_experiments(lambda resources: getattr(resources, name))

    @property
    def evaluation_gpu(self) -> Any:
        """The number of GPUs of an evaluation, at most one; as `resource`."""
        return self._of_experiments(lambda resources: min(1, resources.gpu))

    @property
    def slurm_resources(self) -> dict[str, Any]:
        """Resources of the Slurm plugin for trainings on several GPUs; none if there are none.

        Such a training is one task on one node, and starts a process for each of its GPUs. The
        plugin would ask for one task per GPU.
        """
        experiments = self.config.experiments.values()
        if all(experiment.resources.gpu <= 1 for experiment in experiments):
            return {}
        tasks = self._of_experiments(lambda resources: int(resources.gpu <= 1))
        return {"nodes": 1, "tasks_per_gpu": tasks}

    def _of_experiments(self, wanted: Callable[[Resources], int]) -> Any:
        """What all experiments agree on as a number, else a function of the wildcards."""
        values = {wanted(experiment.resources) for experiment in self.config.experiments.values()}
        if len(values) == 1:
            return values.pop()
        return lambda wildcards: wanted(self.experiment(wildcards).resources)

    def _run_files(self, runs: Iterable[str]) -> list[str]:
        """The files that loading the weights of other runs needs."""
        return [self.own(f"{run}/{RUN_FILES[name]}") for run in runs for name in ("weights", "run")]

    def _vectors(self, experiment: Experiment) -> dict[str, list[str]]:
        """Files of pretrained vectors, and the word lists of NumPy matrices."""
        files = vector_files(experiment.model)
        words = [
            str(Path(file).with_suffix(found.suffix))
            for file in files
            for found in word_lists(own_file(file, self.root))
        ]
        return {
            "pretrained": [self.own(file) for file in files],
            "pretrained_words": [self.own(file) for file in words],
        }

    def _filled(self, templates: Mapping[str, str], experiment: Experiment) -> dict[str, str]:
        names = {
            "data": self.data,
            "dataset": self.dataset(experiment),
            "vocabulary": experiment.vocabulary_name,
        }
        return {name: template.format(**names) for name, template in templates.items()}

    def _proofs(self, experiment: Experiment) -> Mapping[str, str]:
        """The leakage report of a labelled dataset whose splits are made here; else nothing.

        Tasks that need the report of every dataset name it in their spec.
        """
        dataset = self.config.datasets[self.dataset(experiment)]
        if dataset.kind != "labelled" or "dev" in self.registry[dataset.corpus].splits:
            return {}
        return LEAKAGE

    def _table(self, dataset: str, test_set: str) -> str:
        """The table of a test set: a split, a test set of the config, or a dataset for testing."""
        kind = getattr(self.config.datasets.get(test_set), "kind", "")
        if test_set in self.config.test_sets or kind == "test_labelled":
            return f"{self.data}/prepared/{dataset}/test_sets/{test_set}.parquet"
        if kind:
            return f"{self.data}/prepared/{test_set}/test.parquet"
        return f"{self.data}/prepared/{dataset}/{test_set}.parquet"
