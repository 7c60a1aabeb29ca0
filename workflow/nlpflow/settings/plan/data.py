"""What the rules that prepare datasets and vocabularies look up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from nlpflow.settings.plan.base import Plan, Wildcards
from nlpflow.settings.registry import CorpusFile
from nlpflow.settings.tasks import TASKS
from nlpflow.text.addresses import raw_path


@dataclass(frozen=True)
class DataPlan(Plan):
    """What the rules need to make prepared tables and vocabularies from corpora."""

    def downloads(self) -> dict[str, CorpusFile]:
        """The files of the config's corpora that are downloaded, by their path below data/raw."""
        used = self.config.corpus_names
        return {
            raw_path(file.address): file
            for name, corpus in self.registry.items()
            for file in corpus.files
            if file.is_remote and name in used
        }

    def own_test_sets(self, task: str) -> list[str]:
        """The test sets of a task that are not splits of its datasets but of the same kind."""
        if TASKS[task].family == "labelling":
            return self.datasets("test_labelled")
        return [*self.config.test_sets] if task == "translation" else []

    def settings(self, wildcards: Wildcards) -> str:
        """The settings of a dataset, as JSON."""
        return self.config.datasets[wildcards.dataset].model_dump_json()

    def corpora(self, wildcards: Wildcards) -> dict[str, str]:
        """What preparation reads of the registry's entries of a dataset, as JSON by name."""
        names = self.config.datasets[wildcards.dataset].corpus_names
        return {name: self.registry[name].as_read().model_dump_json() for name in names}

    def languages(self, wildcards: Wildcards) -> list[str]:
        """The languages of a dataset."""
        return list(self.config.datasets[wildcards.dataset].languages_in(self.registry))

    def addresses(self, wildcards: Wildcards) -> list[str]:
        """The addresses that a dataset is read from, in the order of `corpus_files`."""
        return sorted({file.address for file in self._files(wildcards)})

    def corpus_files(self, wildcards: Wildcards) -> list[str]:
        """The files that a dataset is read from."""
        files = {file.address: file for file in self._files(wildcards)}
        return [self.local_path(files[address]) for address in self.addresses(wildcards)]

    def version_files(self, wildcards: Wildcards) -> list[str]:
        """The files of a dataset that have a known version."""
        return [self.local_path(file) for _, file in self.versions(wildcards.dataset)]

    def version_entries(self, wildcards: Wildcards) -> list[tuple[str, str]]:
        """The corpus of each of these files, and the file's entry in the registry as JSON."""
        found = self.versions(wildcards.dataset)
        return [
            (name, file.model_dump_json(include={"address", "member", "version"}))
            for name, file in found
        ]

    def annotations(self, wildcards: Wildcards) -> list[str]:
        """The file with a corpus's annotations, if there is one."""
        (name,) = self.config.datasets[wildcards.dataset].corpus_names
        annotations = self.registry[name].annotations
        return [self.own(annotations)] if annotations else []

    def test_set_files(self, wildcards: Wildcards) -> list[str]:
        """The files of one of the config's own test sets."""
        return [self.own(file) for file in self.config.test_sets[wildcards.test_set].files]

    def apart_from(self, wildcards: Wildcards) -> list[str]:
        """The training sets whose sentences are left out of a test set."""
        return [f"{self.data}/prepared/{name}/train.parquet" for name in self._others(wildcards)]

    def normalisations(self, wildcards: Wildcards) -> list[str]:
        """The normalisations of these training sets."""
        others = [self.config.datasets[name] for name in self._others(wildcards)]
        return [other.normalisation for other in others if other.kind == "sentences"]

    def may_share(self, wildcards: Wildcards) -> list[str]:
        """The splits of a dataset that may share sentences: those of a labelled corpus itself.

        They are kept as they are, so that scores can be compared with published ones.
        """
        dataset = self.config.datasets[wildcards.dataset]
        return sorted(self.registry[dataset.corpus].splits) if dataset.kind == "labelled" else []

    def kept_apart(self, wildcards: Wildcards) -> list[str]:
        """The sides of pairs of which no sentence may be in two splits."""
        dataset = self.config.datasets[wildcards.dataset]
        return list(dataset.kept_apart) if dataset.kind == "pairs" else []

    def kept_apart_in(self, wildcards: Wildcards) -> list[str]:
        """`kept_apart` of the dataset that a vocabulary encodes."""
        name = self.config.vocabularies[wildcards.vocabulary].dataset
        return self.kept_apart(SimpleNamespace(dataset=name))

    def split(self, name: str) -> Callable[[Wildcards], str]:
        """A file of the dataset that a vocabulary encodes, as an input function."""
        vocabularies = self.config.vocabularies
        return lambda w: f"{self.data}/prepared/{vocabularies[w.vocabulary].dataset}/{name}"

    def autoencodes(self, wildcards: Wildcards) -> bool:
        """Whether both sides of a vocabulary's dataset are its sources."""
        name = self.config.vocabularies[wildcards.vocabulary].dataset
        dataset = self.config.datasets[name]
        return dataset.kind == "pairs" and dataset.autoencode

    def text_of_tokens(self, wildcards: Wildcards) -> str:
        """The training set that a vocabulary is made from."""
        vocabulary = self.config.vocabularies[wildcards.vocabulary]
        return f"{self.data}/prepared/{vocabulary.made_from or vocabulary.dataset}/train.parquet"

    def _others(self, wildcards: Wildcards) -> Sequence[str]:
        dataset = self.config.datasets[wildcards.dataset]
        return dataset.apart_from if dataset.kind == "test_sentences" else ()

    def _files(self, wildcards: Wildcards) -> list[CorpusFile]:
        dataset = self.config.datasets[wildcards.dataset]
        files = [file for name in dataset.corpus_names for file in self.registry[name].files]
        if dataset.kind in ("sentences", "test_sentences"):
            languages = {None, *self.languages(wildcards)}
            files = [file for file in files if file.language in languages]
        return files
