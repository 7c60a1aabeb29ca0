"""Values that are right by themselves and do not fit together."""

from pathlib import Path
from typing import Any

import pytest

from nlpflow.settings.loading import load_config
from settings.wrong import (
    CONFIG,
    DATASET,
    ENTITIES,
    EXPERIMENT,
    FINDER,
    GRID,
    MODEL,
    REGISTRY,
    SENTENCES,
    TAGGER,
    TREEBANK,
    KeyPath,
    changed,
    dotted,
    refusal,
    write,
)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ((*DATASET, "split"), {"dev": 0.5, "test": 0.5}, "leave nothing to train on"),
        (("vocabularies", "words", "kind"), "subwords", "needs max_size"),
        (
            ("vocabularies", "words"),
            {"dataset": "pairs", "kind": "subwords", "max_size": 100, "min_count": 2},
            "min_count is for words",
        ),
        (
            MODEL,
            {"attention": "none", "tied_embeddings": True, "hidden": 3, "embedding": 4},
            "needs hidden equal to embedding",
        ),
        (
            MODEL,
            {"attention": "dot", "bidirectional": True},
            "set bidirectional to false or take 'general'",
        ),
        (
            MODEL,
            {"network": "transformer", "heads": 3},
            "3 heads cannot divide an embedding of 256",
        ),
        (
            EXPERIMENT,
            {
                "task": "translation",
                "vocabulary": "words",
                "model": {"network": "transformer"},
                "training": {"teacher_forcing": 0.5},
            },
            "training.teacher_forcing: a Transformer is trained on whole sentences at once",
        ),
        (
            EXPERIMENT,
            {
                "task": "translation",
                "vocabulary": "words",
                "model": {"network": "transformer"},
                "training": {"teacher_forcing_end": 0.0},
            },
            "training.teacher_forcing: a Transformer is trained on whole sentences at once",
        ),
        ((*EXPERIMENT, "seeds"), [1, 2, 1], "seeds: [1, 2, 1] has a value twice"),
        (
            ("experiments", "bag", "resources"),
            {"gpu": 2},
            "resources.gpu: this task trains on one GPU at most: set it to 0 or 1, not 2",
        ),
        (
            TAGGER,
            {
                "task": "tagging",
                "dataset": "treebank",
                "training": {"device": "cpu"},
                "resources": {"gpu": 4},
            },
            "resources.gpu: training.device is 'cpu': set it to 'auto' to train on 4 GPUs",
        ),
        ((*EXPERIMENT, "test_sets"), ["dev", "dev"], "has a value twice"),
        (
            (*EXPERIMENT, "test_sets"),
            ["test", "onw"],
            "'onw' is unknown; did you mean 'own'",
        ),
        (("test_sets", "own", "languages"), ["eng", "eng"], "two different codes are needed"),
        (("test_sets", "own", "files"), ["a", "b", "c"], ""),
        (
            ("test_sets", "own", "files"),
            ["https://example.org/a.tsv"],
            "not the path of a local file",
        ),
        (("test_sets", "own", "files"), ["a.tsv", "a.tsv"], "the same file is listed twice"),
        (
            ("test_sets",),
            {"figures": {"languages": ["eng", "fra"], "files": ["own.tsv"]}},
            "test_sets.figures: the name is taken",
        ),
        ((*DATASET, "corpus"), "tinny", "'tinny' is unknown; did you mean 'tiny'?"),
        ((*DATASET, "source"), "fre", "'fre' is unknown; did you mean 'fra'?"),
        ((*DATASET, "target"), "spa", "'spa' is unknown; "),
        ((*DATASET, "source"), "eng", "source and target are both 'eng'"),
        ((*SENTENCES, "corpora"), ["tinny"], "'tinny' is unknown; did you mean 'tiny'?"),
        (("datasets", "words", "corpora"), ["list"], "'list' is unknown; did you mean 'lists'?"),
        (("datasets", "words", "apart_from"), ["pairs"], "is of kind 'pairs', not 'sentences'"),
        (("datasets", "words", "apart_from"), ["words"], "is of kind 'test_sentences'"),
        (("experiments", "bag", "dataset"), "words", "kind 'test_sentences', not 'sentences'"),
        (("experiments", "bag", "test_sets"), ["sentences"], "not 'test_sentences'"),
        (("experiments", "bag", "test_sets"), ["word"], "unknown; did you mean 'words'?"),
        (
            ("experiments", "bag", "model"),
            {"features": "characters", "buckets": 1000},
            "buckets: 1000 is not a power of two",
        ),
        ((*DATASET, "corpus"), "lists", "'lists' has no sentence pairs"),
        ((*SENTENCES, "languages"), ["fre"], "'fre' is unknown; did you mean 'fra'?"),
        (("experiments", "bag", "dataset"), "pairs", "is of kind 'pairs', not 'sentences'"),
        (("vocabularies", "words", "dataset"), "sentences", "is of kind 'sentences', not 'pairs'"),
        (("vocabularies", "words", "made_from"), "pears", "unknown; did you mean 'pairs'?"),
        (("vocabularies", "words", "made_from"), "sentences", "is of kind 'sentences', not"),
        ((*DATASET, "filters"), {"prefixes": {"deu": ["ich"]}}, "'deu' is unknown; "),
        ((*DATASET, "corpus"), "treebank", "'treebank' has no sentence pairs"),
        ((*SENTENCES, "corpora"), ["treebank"], "'treebank' has no plain sentences"),
        ((*TREEBANK, "corpus"), "treebanks", "unknown; did you mean 'treebank'?"),
        ((*TREEBANK, "corpus"), "tiny", "'tiny' has no tags"),
        ((*TREEBANK, "tags"), None, "required with reader 'conllu'"),
        ((*ENTITIES, "tags"), "upos", "required with reader 'conllu', and only there"),
        ((*TAGGER, "dataset"), "treebanks", "unknown; did you mean 'treebank'?"),
        ((*TAGGER, "dataset"), "pairs", "is of kind 'pairs', not 'labelled'"),
        ((*TAGGER, "dataset"), "entities", "'entities' has entities; set task: entities"),
        ((*FINDER, "dataset"), "treebank", "'treebank' has part-of-speech tags"),
        ((*TAGGER, "training"), {"loss": "perceptron"}, "'perceptron' needs model.output 'crf'"),
        ((*TAGGER, "training"), {"loss": "hinge"}, "'hinge' needs model.output 'crf'"),
        (
            (*FINDER, "model"),
            {"output": "softmax", "constraints": True},
            "constraints need output 'crf'",
        ),
        ((*TAGGER, "model"), {"constraints": True}, "constraints: unknown key"),
        (("vocabularies", "words", "dataset"), "pears", "unknown; did you mean 'pairs'?"),
        ((*EXPERIMENT, "vocabulary"), "word", "unknown; did you mean 'words'?"),
        ((*GRID, "experiment"), "plane", "unknown; did you mean 'plain'?"),
        ((*GRID, "parameters"), {"model.hiden": [8]}, "no key 'model.hiden'"),
        ((*GRID, "parameters"), {"model.hidden.size": [8]}, "no key 'model.hidden.size'"),
        ((*GRID, "parameters"), {"modle.hidden": [8]}, "no key 'modle.hidden'"),
        ((*GRID, "parameters"), {"seeds": [8]}, "a grid cannot vary 'seeds'"),
        ((*GRID, "parameters"), {"label": [8]}, "a grid cannot vary 'label'"),
        ((*GRID, "parameters", "model.hidden"), ["8"], "not '8'"),
        ((*GRID, "parameters", "model.hidden"), [0], "not 0"),
        ((*GRID, "parameters", "model.hidden"), [8, 8], "8 is listed twice"),
        ((*GRID, "parameters", "model.hidden"), ["a/b"], "a/b'"),
        ((*GRID, "parameters", "model.hidden"), ["a\nb"], ""),
        ((*GRID, "parameters", "model.hidden"), [[8]], ""),
        ((*GRID, "parameters", "model.hidden"), [{"a": 1}], ""),
        ((*GRID, "seeds"), [1, 1], "has a value twice"),
    ],
)
def test_parts_do_not_fit(root: Path, path: KeyPath, value: Any, reason: str) -> None:
    message = refusal(changed(CONFIG, path, value), root)
    assert message.startswith(f"config: {dotted(*path[:2])}")
    assert reason in message


def test_own_test_set_in_another_language(root: Path) -> None:
    message = refusal(changed(CONFIG, ("test_sets", "own", "languages"), ["eng", "deu"]), root)
    assert "experiments.plain.test_sets.1: 'own' is eng and deu, but the experiment" in message


def test_sizes_in_a_grid_must_fit(root: Path) -> None:
    values = changed(CONFIG, (*MODEL, "tied_embeddings"), True)
    message = refusal(values, root)
    assert "grids.size (plain-hidden-8): model: tied_embeddings" in message


def test_grid_names_an_unknown_vocabulary(root: Path) -> None:
    grid = {"experiment": "plain", "parameters": {"vocabulary": ["word"]}}
    message = refusal(changed(CONFIG, GRID, grid), root)
    assert "experiments.plain-vocabulary-word.vocabulary: 'word' is unknown" in message


def test_grid_makes_an_existing_experiment(root: Path) -> None:
    values = changed(CONFIG, ("experiments", "plain-hidden-8"), CONFIG["experiments"]["plain"])
    assert "grids.size: experiment 'plain-hidden-8' exists already" in refusal(values, root)
    values = changed(CONFIG, ("grids", "again"), CONFIG["grids"]["size"])
    assert "grids.again: experiment 'plain-hidden-8' exists already" in refusal(values, root)


def other_letters(root: Path, normalisation: str | None, source: str = "jpn") -> dict[str, Any]:
    """The config with pairs of another language, whose corpus is among those of the registry."""
    registry = changed(REGISTRY, ("tiny", "languages"), ["eng", source])
    dataset = CONFIG["datasets"]["pairs"] | {"source": source, "target": "eng"}
    dataset.pop("normalisation", None)
    if normalisation:
        dataset["normalisation"] = normalisation
    corpora = write(root / "other.yaml", {"tiny": registry["tiny"]})
    return {
        "name": "other",
        "registry": str(corpora),
        "datasets": {"pairs": dataset},
        "vocabularies": {"words": {"dataset": "pairs"}},
        "experiments": {"plain": CONFIG["experiments"]["plain"] | {"test_sets": ["test"]}},
    }


def test_the_normalisation_of_the_tutorial_is_for_latin_letters(root: Path) -> None:
    message = refusal(other_letters(root, "tutorial"), root)
    assert message == (
        "config: datasets.pairs.normalisation: 'tutorial' keeps Latin letters only, and jpn has "
        "others: set it to 'cased'"
    )
    for normalisation, source, expected in (
        (None, "jpn", "cased"),
        (None, "rus", "cased"),
        ("cased", "jpn", "cased"),
        (None, "srp_Latn", "tutorial"),
        (None, "deu", "tutorial"),
    ):
        config, _ = load_config(other_letters(root, normalisation, source), root)
        assert config.datasets["pairs"].normalisation == expected


def test_sentences_of_other_letters_are_not_normalised_as_in_the_tutorial(root: Path) -> None:
    values = other_letters(root, None)
    values["datasets"]["texts"] = {
        "kind": "sentences",
        "corpora": ["tiny"],
        "normalisation": "tutorial",
    }
    message = refusal(values, root)
    assert message.startswith("config: datasets.texts.normalisation: 'tutorial' keeps Latin")
    values["datasets"]["texts"]["languages"] = ["eng"]
    load_config(values, root)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ({"source": 300}, "max_size.target: this key is required"),
        ({"source": 300, "target": 7}, "max_size.target: input should be greater than or equal"),
        ({"source": 9, "target": 9, "lft": 9}, "max_size.lft: unknown key"),
        (7, "max_size.source: input should be greater than or equal to 8, not 7 (and 1 more)"),
        ("many", "max_size: input should be a whole number, or `{source: N, target: M}`, not "),
        (True, "max_size: input should be a whole number, or `{source: N, target: M}`, not True"),
    ],
)
def test_a_size_is_one_number_or_one_of_each_side(root: Path, size: Any, expected: str) -> None:
    message = refusal(changed(CONFIG, ("vocabularies", "pieces", "max_size"), size), root)
    assert message.startswith(f"config: vocabularies.pieces.{expected}")


def test_one_size_is_of_both_sides(root: Path) -> None:
    config, _ = load_config(changed(CONFIG, ("vocabularies", "pieces", "max_size"), 300), root)
    pieces, words = config.vocabularies["pieces"], config.vocabularies["words"]
    assert [pieces.size(side) for side in ("source", "target")] == [300, 300]
    assert words.size("source") is None


def test_character_coverage_is_of_subwords(root: Path) -> None:
    message = refusal(changed(CONFIG, ("vocabularies", "words", "character_coverage"), 0.99), root)
    assert message.startswith("config: vocabularies.words: character_coverage is for subwords")


def test_tokens_of_another_dataset_need_its_languages(root: Path) -> None:
    pairs = CONFIG["datasets"]["pairs"]
    turned = pairs | {"source": pairs["target"], "target": pairs["source"]}
    cased = pairs | {"normalisation": "cased"}
    for other, reason in ((turned, "has source"), (cased, "has normalisation 'cased'")):
        config = changed(CONFIG, ("datasets", "other"), other)
        config = changed(config, ("vocabularies", "words", "made_from"), "other")
        assert reason in refusal(config, root)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ("vocabularies", "parts", "kind"),
            "words",
            "experiments.frames.model.copying: copies parts of words, but vocabulary 'parts' has "
            "words; set its kind to parts",
        ),
        (
            ("datasets", "requests", "normalisation"),
            "words",
            "experiments.bash: dataset 'requests' has normalisation 'words', which changes the "
            "signs of commands; set it to cased",
        ),
        (
            ("experiments", "frames", "model", "attention"),
            "none",
            "copying: attention 'none' has no weights to copy with",
        ),
        (
            ("experiments", "frames", "training"),
            {"label_smoothing": 0.1},
            "training.label_smoothing: not possible with model.copying; set it to 0",
        ),
        (("experiments", "bash", "test_sets"), ["own"], "test_sets.0"),
        (("experiments", "bash", "compare_with"), "features", "'features' is unknown"),
    ],
)
def test_commands(path: KeyPath, value: Any, message: str, root: Path) -> None:
    assert message in refusal(changed(CONFIG, path, value), root)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("chat", "which changes the marks between turns, names and numbers; set it to cased or"),
        ("questions", "which changes numbers and names in answers; set it to cased or cased_words"),
    ],
)
def test_normalisations_that_lose_what_a_task_needs(name: str, message: str, root: Path) -> None:
    """`tutorial`, the default of pairs, deletes digits and the mark between turns."""
    requests = {**CONFIG["datasets"]["requests"]}
    del requests["normalisation"]
    config = changed(CONFIG, ("datasets", "default"), requests)
    config = changed(config, ("vocabularies", "default"), {"dataset": "default", "kind": "parts"})
    config = changed(config, ("experiments", name, "vocabulary"), "default")
    assert (
        f"experiments.{name}: dataset 'default' has normalisation 'tutorial', {message}"
        in refusal(config, root)
    )
