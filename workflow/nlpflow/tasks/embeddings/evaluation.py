"""Evaluate a run of word embeddings: perplexity, similarity, analogies, neighbours, a map."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from nlpflow.corpora.word_lists import read_analogies, read_word_pairs
from nlpflow.metrics.word_vectors import analogies, answers, similarity
from nlpflow.settings.checks import checked
from nlpflow.settings.embeddings import EmbeddingsFigures
from nlpflow.settings.registry import CorpusFile
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.embeddings.perplexity import perplexities
from nlpflow.tasks.embeddings.trained import load_embeddings, normalise_words
from nlpflow.vectors.word_vectors import WordVectors, on_plane

LIST_COLUMNS = ["list", "section", "score", "low", "high", "known", "all"]
NEIGHBOUR_COLUMNS = ["word", "rank", "neighbour", "cosine"]


class ListFile(BaseModel, frozen=True, extra="forbid"):
    """A list of the registry."""

    file: CorpusFile = Field(description="its file's entry")
    path: str = Field(description="where the file is on this machine")


class Evaluation(BaseModel, frozen=True, extra="forbid"):
    """What is measured and shown."""

    figures: EmbeddingsFigures = Field(EmbeddingsFigures(), description="the experiment's")
    similarity: dict[str, ListFile] = Field({}, description="word pairs, by name")
    analogies: dict[str, ListFile] = Field({}, description="analogy questions, by name")


def evaluate(
    run: Path, prepared: Path, split: str, settings: Mapping[str, Any], folder: Path
) -> None:
    """Write metrics.json, lists.tsv, neighbours.tsv and map.tsv to `folder`.

    A list counts on the pairs or questions whose words the run all knows; how many these are
    stands beside the score. The language models also get their perplexity on the test set.

    :param run: the run's folder
    :param prepared: the folder of the dataset's tables
    :param settings: the values of an `Evaluation`
    """
    chosen: Evaluation = checked(Evaluation, settings, "figures")
    shown = chosen.figures
    trained = load_embeddings(run)
    normalisation = trained.run.normalisation
    metrics: dict[str, Any] = {"scores": {}, "words": len(trained.vectors.words)}
    if found := perplexities(trained, prepared, split):
        metrics["scores"] = {"perplexity": found.neural, "perplexity_add_k": found.add_k}
        metrics["add_k"] = {"order": found.order, "k": found.k}
    rows = [
        *_similarities(trained.vectors, chosen.similarity, normalisation),
        *_analogies(trained.vectors, chosen.analogies, normalisation),
    ]
    lists = pd.DataFrame(rows, columns=LIST_COLUMNS)
    scored = lists[(lists["section"] == "") & lists["score"].notna()]
    metrics["scores"] |= dict(zip(scored["list"], scored["score"], strict=True))
    words = _known(trained.vectors, normalise_words(shown.words, normalisation))
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "metrics.json", metrics)
    write_table(folder / "lists.tsv", lists)
    table = neighbour_table(trained.vectors, words, shown.neighbours)
    write_table(folder / "neighbours.tsv", table)
    write_table(folder / "map.tsv", map_table(trained.vectors, words, shown.frequent))


def neighbour_table(vectors: WordVectors, words: Sequence[str], count: int) -> pd.DataFrame:
    """The `count` neighbours of each word, best first: word, rank, neighbour, cosine."""
    rows = [
        (word, rank, neighbour, cosine)
        for word in words
        for rank, (neighbour, cosine) in enumerate(vectors.neighbours(word, count), start=1)
    ]
    return pd.DataFrame(rows, columns=NEIGHBOUR_COLUMNS)


def map_table(vectors: WordVectors, words: Sequence[str], frequent: int) -> pd.DataFrame:
    """The words and the most frequent ones on a plane: word, x, y, chosen (1 for `words`)."""
    both = list(dict.fromkeys([*words, *vectors.words[:frequent]]))
    places = on_plane(vectors.unit[[vectors.index(word) for word in both]])
    chosen = [int(word in words) for word in both]
    return pd.DataFrame({"word": both, "x": places[:, 0], "y": places[:, 1], "chosen": chosen})


def _similarities(
    vectors: WordVectors, lists: Mapping[str, ListFile], normalisation: str
) -> Iterator[tuple[object, ...]]:
    for name, entry in lists.items():
        pairs = read_word_pairs(entry.file, Path(entry.path))
        for column in ("first", "second"):
            pairs[column] = normalise_words(pairs[column], normalisation)
        found = similarity(vectors, pairs)
        yield (name, "", *found)


def _analogies(
    vectors: WordVectors, lists: Mapping[str, ListFile], normalisation: str
) -> Iterator[tuple[object, ...]]:
    for name, entry in lists.items():
        questions = read_analogies(entry.file, Path(entry.path))
        for column in "abcd":
            questions[column] = normalise_words(questions[column], normalisation)
        right = answers(vectors, questions)
        yield (name, "", *analogies(right))
        for section in questions["section"].unique():
            mine = (questions["section"] == section).to_numpy(np.bool_)
            if section:
                yield (name, section, *analogies(right[mine]))


def _known(vectors: WordVectors, words: Sequence[str]) -> list[str]:
    """The words that have a vector, each once; the others are named in the log."""
    unknown = [word for word in words if word not in vectors]
    if unknown:
        logging.warning("figures.words: not in training: %s", ", ".join(unknown))
    return list(dict.fromkeys(word for word in words if word in vectors))
