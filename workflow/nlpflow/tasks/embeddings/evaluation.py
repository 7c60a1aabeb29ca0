"""Evaluation of a word embeddings run: perplexity, similarity, analogies, neighbours, a map."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nlpflow.corpora.word_lists import read_analogies, read_word_pairs
from nlpflow.metrics.word_vectors import analogies, answers, similarity
from nlpflow.settings.checks import checked
from nlpflow.settings.embeddings import EmbeddingsFigures, TestLists
from nlpflow.settings.registry import CorpusFile
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.embeddings.perplexity import perplexities
from nlpflow.tasks.embeddings.trained import load_embeddings, normalise_asked_words
from nlpflow.tasks.interface import EvaluationJob, made_with
from nlpflow.vectors.word_vectors import WordVectors, on_plane

LIST_COLUMNS = ["list", "section", "score", "low", "high", "known", "all"]
NEIGHBOUR_COLUMNS = ["word", "rank", "neighbour", "cosine"]


def evaluate(job: EvaluationJob) -> None:
    """Evaluate word embeddings; see `nlpflow.tasks.interface.Evaluate`.

    A test list is scored on the pairs or questions whose words all have a vector; the table has
    their number beside the score. For language models the perplexity on the test set is added.
    """
    shown: EmbeddingsFigures = checked(EmbeddingsFigures, job.settings["figures"], "figures")
    lists: TestLists = checked(TestLists, job.settings["lists"], "lists")
    entries: dict[str, CorpusFile] = checked(
        dict[str, CorpusFile], job.settings.get("list_files", {}), "lists"
    )
    files = dict(zip(entries, job.inputs.all("lists"), strict=True))
    trained = load_embeddings(job.run)
    normalisation = trained.run.normalisation
    metrics: dict[str, Any] = {"scores": {}, "words": len(trained.vectors.words)}
    tables = [job.inputs[name] for name in ("train", "dev", "table")]
    if found := perplexities(trained, *tables):
        metrics["scores"] = {"perplexity": found.neural, "perplexity_add_k": found.add_k}
        metrics["add_k"] = {"order": found.order, "k": found.k}
    rows = [
        row
        for name in lists.similarity
        for row in _similarity(trained.vectors, name, entries[name], files[name], normalisation)
    ]
    rows += [
        row
        for name in lists.analogies
        for row in _analogies(trained.vectors, name, entries[name], files[name], normalisation)
    ]
    scored = pd.DataFrame(rows, columns=LIST_COLUMNS)
    whole = scored[(scored["section"] == "") & scored["score"].notna()]
    metrics["scores"] |= dict(zip(whole["list"], whole["score"], strict=True))
    words = _known(trained.vectors, normalise_asked_words(shown.words, normalisation))
    write_json(job.outputs["metrics"], metrics | made_with(job))
    write_table(job.outputs["lists"], scored)
    table = neighbour_table(trained.vectors, words, shown.neighbours)
    write_table(job.outputs["neighbours"], table)
    write_table(job.outputs["map"], map_table(trained.vectors, words, shown.frequent))


def neighbour_table(vectors: WordVectors, words: Sequence[str], count: int) -> pd.DataFrame:
    """The `count` nearest neighbours of each word, nearest first.

    Returns:
        columns word, rank (from 1), neighbour and cosine
    """
    rows = [
        (word, rank, neighbour, cosine)
        for word in words
        for rank, (neighbour, cosine) in enumerate(vectors.neighbours(word, count), start=1)
    ]
    return pd.DataFrame(rows, columns=NEIGHBOUR_COLUMNS)


def map_table(vectors: WordVectors, words: Sequence[str], frequent: int) -> pd.DataFrame:
    """Project the given words and the `frequent` most frequent ones onto a plane.

    Returns:
        columns word, x, y and chosen (1 for the given words, 0 for the others)
    """
    both = list(dict.fromkeys([*words, *vectors.words[:frequent]]))
    if not both:
        return pd.DataFrame(columns=["word", "x", "y", "chosen"])
    points = on_plane(vectors.unit[[vectors.index(word) for word in both]])
    chosen = [int(word in words) for word in both]
    return pd.DataFrame({"word": both, "x": points[:, 0], "y": points[:, 1], "chosen": chosen})


def _similarity(
    vectors: WordVectors, name: str, entry: CorpusFile, path: Path, normalisation: str
) -> Iterator[tuple[object, ...]]:
    """The table row of a list of word pairs."""
    pairs = read_word_pairs(entry, path)
    for column in ("first", "second"):
        pairs[column] = normalise_asked_words(pairs[column], normalisation)
    yield (name, "", *similarity(vectors, pairs))


def _analogies(
    vectors: WordVectors, name: str, entry: CorpusFile, path: Path, normalisation: str
) -> Iterator[tuple[object, ...]]:
    """The table rows of a list of analogy questions: the whole list, then each section."""
    questions = read_analogies(entry, path)
    for column in "abcd":
        questions[column] = normalise_asked_words(questions[column], normalisation)
    correct = answers(vectors, questions)
    yield (name, "", *analogies(correct))
    for section in questions["section"].unique():
        mine = (questions["section"] == section).to_numpy(np.bool_)
        if section:
            yield (name, section, *analogies(correct[mine]))


def _known(vectors: WordVectors, words: Sequence[str]) -> list[str]:
    """The distinct words that have a vector; a warning names the others."""
    unknown = [word for word in words if word not in vectors]
    if unknown:
        logging.warning("figures.words: not in the training set: %s", ", ".join(unknown))
    return list(dict.fromkeys(word for word in words if word in vectors))
