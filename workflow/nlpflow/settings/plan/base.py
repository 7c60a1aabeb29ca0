"""The look-ups that all parts of the plan share."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from nlpflow.settings.checks import unknown_name
from nlpflow.settings.code import code_digest
from nlpflow.settings.config import Config
from nlpflow.settings.registry import Corpus, CorpusFile
from nlpflow.settings.tasks import Experiment
from nlpflow.text.addresses import own_file, raw_path

InputPaths = dict[str, str | list[str]]
"""The paths of a job's inputs, by name."""

Wildcards: TypeAlias = Any
"""The wildcards of a job; each is an attribute of type str."""

MADE = ("results/", "data/raw/", "data/prepared/", "data/vocabularies/", "data/encoded/")
"""The folders that the rules write to."""


@dataclass(frozen=True)
class Plan:
    """The config and the project of one run of the workflow."""

    config: Config
    registry: Mapping[str, Corpus]
    root: Path
    """The project's folder, where the Snakefile is."""
    data: str = "data"
    """The folder of prepared tables, vocabularies and token ids."""
    mark: Callable[[str], str] = str
    """Marks a path to which a module's prefix is not added: Snakemake's `local`."""

    @property
    def tasks(self) -> list[str]:
        """The tasks of the config."""
        return sorted({experiment.task for experiment in self.config.experiments.values()})

    def datasets(self, kind: str) -> list[str]:
        """The names of the datasets of a kind."""
        return [name for name, dataset in self.config.datasets.items() if dataset.kind == kind]

    def experiment(self, wildcards: Wildcards) -> Experiment:
        """The settings of the experiment that a run belongs to."""
        experiments = self.config.experiments
        if wildcards.experiment not in experiments:
            raise unknown_name("experiment", wildcards.experiment, experiments)
        return experiments[wildcards.experiment]

    def dataset(self, experiment: Experiment) -> str:
        """The name of an experiment's dataset."""
        return experiment.dataset_name(self.config.vocabularies)

    def runs(self, task: str) -> list[tuple[str, int]]:
        """Every experiment of a task under every random seed, in the order of the config."""
        return [
            (name, seed)
            for name, experiment in self.config.experiments.items()
            if experiment.task == task
            for seed in experiment.seeds
        ]

    def versions(self, dataset: str) -> list[tuple[str, CorpusFile]]:
        """The files of a dataset that have a known version, each with the name of its corpus."""
        settings = self.config.datasets[dataset]
        languages = {None, *settings.languages_in(self.registry)}
        return [
            (name, file)
            for name in settings.corpus_names
            for file in self.registry[name].files
            if file.version and file.version.sha256 and file.language in languages
        ]

    def local_path(self, file: CorpusFile) -> str:
        """The path of a corpus's file: of a download below data/raw/, else see `own`."""
        return f"data/raw/{raw_path(file.address)}" if file.is_remote else self.own(file.address)

    def own(self, path: str) -> str:
        """The path of a local file that the config or the registry names, see `own_file`.

        Files that rules make, such as `results/embeddings/<experiment>/seed-1/vectors.safetensors`,
        are always below the working folder (in a module: below its prefix).
        """
        if os.path.normpath(path).startswith(MADE):
            return path
        found = own_file(path, self.root)
        # Relative within the project, so that nothing runs again when the project is moved.
        return self.mark(path if self.root.samefile(os.curdir) else str(found))

    def code(self, script: str, *functions: str) -> str:
        """Digest of a script and of all library code that it uses; an edit runs its rules again.

        Args:
            functions: dotted names of functions that the script imports by name
        """
        modules = [function.rpartition(".")[0] for function in functions if function]
        return code_digest(self.root / "workflow" / "scripts" / script, *modules)


def one_of(names: Iterable[str]) -> str:
    """A wildcard constraint that matches exactly these names, and nothing if there are none."""
    return "|".join(re.escape(name) for name in names) or "(?!)"
