"""Checks that names which one part of a config takes from another exist and fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from nlpflow.errors import UserError
from nlpflow.settings.checks import unknown_name
from nlpflow.settings.data import (
    OTHER_SCRIPTS,
    Dataset,
    PairDataset,
    SentenceDataset,
    TaggedDataset,
    TestSentenceDataset,
    TestTaggedDataset,
)
from nlpflow.settings.registry import Corpus
from nlpflow.settings.test_sets import OwnTestSet
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.text.languages import written_without_latin

Value = TypeVar("Value")

HELD_OUT = ("dev", "test")
"""The splits for evaluation that every training dataset has."""
RESERVED = ("train", *HELD_OUT, "figures")
"""Names that test sets must not take, since they are folders in each run's folder."""


@dataclass(frozen=True)
class Names:
    """The names in a config and its registry.

    Looking up an unknown name raises an error that suggests the most similar name.
    """

    datasets: Mapping[str, Dataset]
    vocabularies: Mapping[str, VocabularySettings]
    test_sets: Mapping[str, OwnTestSet]
    registry: Mapping[str, Corpus]

    def corpus(self, where: str, name: str) -> Corpus:
        """A corpus of the registry."""
        return _found(where, name, self.registry)

    def vocabulary(self, where: str, name: str) -> VocabularySettings:
        """A vocabulary of the config."""
        return _found(where, name, self.vocabularies)

    def dataset(self, where: str, name: str, *kinds: str) -> Dataset:
        """A dataset of the config; raise UserError if it is of another kind."""
        dataset: Dataset = _found(where, name, self.datasets)
        if dataset.kind not in kinds:
            wanted = " or ".join(f"'{kind}'" for kind in kinds)
            raise UserError(f"{where}: dataset '{name}' is of kind '{dataset.kind}', not {wanted}")
        return dataset

    def check(self) -> None:
        """Raise UserError if datasets, vocabularies or test sets name what is unknown or unfit."""
        for key, dataset in self.datasets.items():
            where = f"config: datasets.{key}"
            match dataset:
                case PairDataset():
                    self._check_pairs(where, dataset)
                case TaggedDataset() | TestTaggedDataset():
                    self._check_tagged(where, dataset)
                case _:
                    self._check_sentences(where, dataset)
        for key, vocabulary in self.vocabularies.items():
            self._check_vocabulary(f"config: vocabularies.{key}", vocabulary)
        for key in self.test_sets:
            if key in RESERVED or key in self.datasets:
                raise UserError(f"config: test_sets.{key}: the name is taken; choose another")

    def _check_pairs(self, where: str, dataset: PairDataset) -> None:
        corpus = self.corpus(f"{where}.corpus", dataset.corpus)
        if not corpus.has_pairs:
            raise UserError(f"{where}.corpus: '{dataset.corpus}' has no sentence pairs")
        for role in ("source", "target"):
            _check_known(f"{where}.{role}", [getattr(dataset, role)], corpus.languages)
        if dataset.source == dataset.target:
            raise UserError(f"{where}: source and target are both '{dataset.source}'")
        _check_written_in_latin(where, dataset.normalisation, (dataset.source, dataset.target))
        _check_known(f"{where}.filters.prefixes", dataset.filters.prefixes, corpus.languages)

    def _check_vocabulary(self, where: str, vocabulary: VocabularySettings) -> None:
        dataset = self.dataset(f"{where}.dataset", vocabulary.dataset, "pairs")
        if vocabulary.made_from is None:
            return
        other = self.dataset(f"{where}.made_from", vocabulary.made_from, "pairs")
        for key in ("source", "target", "normalisation"):
            one, two = getattr(dataset, key), getattr(other, key)
            if one != two:
                raise UserError(
                    f"{where}.made_from: '{vocabulary.made_from}' has {key} '{two}', and "
                    f"'{vocabulary.dataset}' has '{one}': its tokens need the same"
                )

    def _check_sentences(self, where: str, dataset: SentenceDataset | TestSentenceDataset) -> None:
        for name in dataset.corpora:
            corpus = self.corpus(f"{where}.corpora", name)
            if not corpus.has_sentences:
                raise UserError(
                    f"{where}.corpora: '{name}' has no plain sentences; its reader is "
                    f"'{corpus.reader}'"
                )
            if dataset.kind == "sentences" and corpus.splits == {"test"}:
                raise UserError(
                    f"{where}.corpora: '{name}' has only test files: use it in a dataset of "
                    "kind 'test_sentences'"
                )
        there = {name for corpus in dataset.corpora for name in self.registry[corpus].languages}
        _check_known(f"{where}.languages", dataset.languages, there)
        if isinstance(dataset, SentenceDataset):
            _check_written_in_latin(
                where, dataset.normalisation, dataset.languages_in(self.registry)
            )
        if isinstance(dataset, TestSentenceDataset):
            for other in dataset.apart_from:
                self.dataset(f"{where}.apart_from", other, "sentences")

    def _check_tagged(self, where: str, dataset: TaggedDataset | TestTaggedDataset) -> None:
        corpus = self.corpus(f"{where}.corpus", dataset.corpus)
        if not corpus.has_tags:
            raise UserError(f"{where}.corpus: '{dataset.corpus}' has no tags")
        if (corpus.reader == "conllu") != (dataset.tags is not None):
            raise UserError(f"{where}.tags: required with reader 'conllu', and only there")
        if dataset.kind == "labelled" and corpus.splits == {"test"}:
            raise UserError(
                f"{where}.corpus: '{dataset.corpus}' has only test files: use it in a dataset of "
                "kind 'test_labelled', and name that in the test_sets of experiments"
            )


def _found(where: str, name: str, known: Mapping[str, Value]) -> Value:
    if name not in known:
        raise unknown_name(where, name, known)
    return known[name]


def _check_written_in_latin(where: str, normalisation: str, languages: Iterable[str]) -> None:
    others = [language for language in languages if written_without_latin(language)]
    if normalisation == "tutorial" and others:
        raise UserError(
            f"{where}.normalisation: 'tutorial' keeps Latin letters only, and {', '.join(others)} "
            f"{'has' if len(others) == 1 else 'have'} others: set it to '{OTHER_SCRIPTS}'"
        )


def _check_known(where: str, names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            raise unknown_name(where, name, known)
