"""Every name that one part of a config takes from another must exist and fit."""

from nlpflow.errors import UserError
from nlpflow.settings.checks import unknown_name
from nlpflow.settings.comparisons import check_comparison
from nlpflow.settings.config import Config, dataset_of, languages_of
from nlpflow.settings.data import PairDataset, SentenceDataset, TaggedDataset, TestSentenceDataset
from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.labelling import EntitiesExperiment, TaggingExperiment
from nlpflow.settings.registry import Corpus
from nlpflow.settings.translation import TranslationExperiment

SPLITS = ("dev", "test")
"""The test sets that every dataset has."""
RESERVED = ("train", *SPLITS, "figures")
"""A test set's name is that of a folder in each run's folder."""


def check_names(config: Config, registry: dict[str, Corpus]) -> None:
    """Every name that one part of the config takes from another must exist and fit."""
    for key, dataset in config.datasets.items():
        where = f"config: datasets.{key}"
        if dataset.kind == "pairs":
            _check_pairs(where, dataset, registry)
        elif dataset.kind == "labelled":
            _check_tagged(where, dataset, registry)
        else:
            _check_sentences(where, dataset, registry)
        if dataset.kind == "test_sentences":
            for other in dataset.apart_from:
                _check_dataset(f"{where}.apart_from", other, "sentences", config)
    for key, vocabulary in config.vocabularies.items():
        where = f"config: vocabularies.{key}.dataset"
        _check_dataset(where, vocabulary.dataset, "pairs", config)
    for key in config.test_sets:
        if key in RESERVED or key in config.datasets:
            raise UserError(f"config: test_sets.{key}: the name is taken; choose another")
    labels: dict[str, str] = {}
    for key, experiment in config.experiments.items():
        where = f"config: experiments.{key}"
        other = labels.setdefault(experiment.label or key, key)
        if other != key:
            raise UserError(f"{where}.label: the same as that of '{other}'")
        if experiment.task == "translation":
            if experiment.vocabulary not in config.vocabularies:
                raise unknown_name(
                    f"{where}.vocabulary", experiment.vocabulary, config.vocabularies
                )
            _check_test_sets(where, experiment, config)
            _check_has_words(where, experiment, config)
        elif experiment.task == "language_id":
            _check_dataset(f"{where}.dataset", experiment.dataset, "sentences", config)
            for name in set(experiment.test_sets) - {"dev", "test"}:
                _check_dataset(f"{where}.test_sets", name, "test_sentences", config)
        elif experiment.task == "embeddings":
            _check_embeddings(where, experiment, config, registry)
        else:
            _check_dataset(f"{where}.dataset", experiment.dataset, "labelled", config)
            _check_has_entities(where, experiment, config, registry)
    datasets = {key: dataset_of(config, value) for key, value in config.experiments.items()}
    for key in datasets:
        check_comparison(key, config.experiments, datasets)


def _check_test_sets(where: str, experiment: TranslationExperiment, config: Config) -> None:
    dataset = config.datasets[config.vocabularies[experiment.vocabulary].dataset]
    assert dataset.kind == "pairs"  # checked before
    for index, name in enumerate(experiment.test_sets):
        if name in SPLITS:
            continue
        if name not in config.test_sets:
            raise unknown_name(f"{where}.test_sets.{index}", name, [*SPLITS, *config.test_sets])
        languages = config.test_sets[name].languages
        if set(languages) != {dataset.source, dataset.target}:
            raise UserError(
                f"{where}.test_sets.{index}: '{name}' is {' and '.join(languages)}, but the "
                f"experiment translates {dataset.source} into {dataset.target}"
            )


def _check_has_words(where: str, experiment: TranslationExperiment, config: Config) -> None:
    """Pretrained vectors are of words, and a subword is none."""
    model, kind = experiment.model, config.vocabularies[experiment.vocabulary].kind
    if kind != "words" and (model.source_vectors or model.target_vectors):
        raise UserError(
            f"{where}.model: pretrained vectors are of words, but vocabulary "
            f"'{experiment.vocabulary}' has {kind}"
        )


def _check_pairs(where: str, dataset: PairDataset, registry: dict[str, Corpus]) -> None:
    if dataset.corpus not in registry:
        raise unknown_name(f"{where}.corpus", dataset.corpus, registry)
    if not registry[dataset.corpus].has_pairs:
        raise UserError(f"{where}.corpus: '{dataset.corpus}' has no pairs of sentences")
    languages = registry[dataset.corpus].languages
    for role in ("source", "target"):
        if getattr(dataset, role) not in languages:
            raise unknown_name(f"{where}.{role}", getattr(dataset, role), languages)
    if dataset.source == dataset.target:
        raise UserError(f"{where}: source and target are both '{dataset.source}'")
    for language in dataset.filters.prefixes:
        if language not in languages:
            raise unknown_name(f"{where}.filters.prefixes", language, languages)


def _check_sentences(
    where: str, dataset: SentenceDataset | TestSentenceDataset, registry: dict[str, Corpus]
) -> None:
    for corpus in dataset.corpora:
        if corpus not in registry:
            raise unknown_name(f"{where}.corpora", corpus, registry)
        if not registry[corpus].has_sentences:
            raise UserError(f"{where}.corpora: '{corpus}' is no text: {registry[corpus].reader}")
    there = {language for corpus in dataset.corpora for language in registry[corpus].languages}
    for language in dataset.languages:
        if language not in there:
            raise unknown_name(f"{where}.languages", language, there)


def _check_tagged(where: str, dataset: TaggedDataset, registry: dict[str, Corpus]) -> None:
    if dataset.corpus not in registry:
        raise unknown_name(f"{where}.corpus", dataset.corpus, registry)
    corpus = registry[dataset.corpus]
    if not corpus.has_tags:
        raise UserError(f"{where}.corpus: '{dataset.corpus}' has no tags")
    if (corpus.reader == "conllu") != (dataset.tags is not None):
        raise UserError(f"{where}.tags: required with reader 'conllu', and with no other")


def _check_has_entities(
    where: str,
    experiment: TaggingExperiment | EntitiesExperiment,
    config: Config,
    registry: dict[str, Corpus],
) -> None:
    """Task `entities` needs entities, and for `tagging` they would be meaningless tags."""
    dataset = config.datasets[experiment.dataset]
    assert dataset.kind == "labelled"  # checked before
    if registry[dataset.corpus].has_entities != (experiment.task == "entities"):
        has = "part-of-speech tags" if experiment.task == "entities" else "entities"
        raise UserError(f"{where}.dataset: '{experiment.dataset}' has {has}: set another task")


def _check_embeddings(
    where: str, experiment: EmbeddingsExperiment, config: Config, registry: dict[str, Corpus]
) -> None:
    _check_dataset(f"{where}.dataset", experiment.dataset, "sentences", config)
    dataset = config.datasets[experiment.dataset]
    languages = languages_of(dataset, registry) if dataset.kind == "sentences" else []
    if len(languages) != 1:
        raise UserError(
            f"{where}.dataset: '{experiment.dataset}' has the languages {', '.join(languages)}; "
            "word vectors are of one: name it in the dataset's `languages`"
        )
    for key, reader in (("similarity", "word_pairs"), ("analogies", "analogies")):
        for name in getattr(experiment.lists, key):
            if name not in registry:
                raise unknown_name(f"{where}.lists.{key}", name, registry)
            corpus = registry[name]
            if corpus.reader != reader or corpus.languages != tuple(languages):
                raise UserError(
                    f"{where}.lists.{key}: corpus '{name}' has the reader '{corpus.reader}' and "
                    f"the languages {', '.join(corpus.languages)}; needed are '{reader}' and "
                    f"{languages[0]}"
                )


def _check_dataset(where: str, name: str, kind: str, config: Config) -> None:
    """The dataset `name` must exist and be of a kind."""
    if name not in config.datasets:
        raise unknown_name(where, name, config.datasets)
    if config.datasets[name].kind != kind:
        raise UserError(
            f"{where}: dataset '{name}' is of kind '{config.datasets[name].kind}', not '{kind}'"
        )
