"""Loading of a trained word embeddings run: vocabulary, network and vectors."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import torch

from nlpflow.runs.run import OpenRun, Run, open_run
from nlpflow.settings.embeddings import CbowModel, EmbeddingsExperiment, SkipGramModel
from nlpflow.tasks.embeddings.models import (
    LanguageModel,
    WindowNetwork,
    build_language_model,
    build_window_model,
)
from nlpflow.tasks.embeddings.training import VOCABULARY, vectors_of
from nlpflow.text.normalisation import normalise
from nlpflow.vectors.word_vectors import WordVectors
from nlpflow.vocabulary import Vocabulary, load_vocabulary


@dataclass(frozen=True)
class TrainedEmbeddings:
    """A trained word embeddings run."""

    settings: EmbeddingsExperiment
    run: Run
    vocabulary: Vocabulary
    model: WindowNetwork | LanguageModel
    vectors: WordVectors
    device: torch.device


def load_embeddings(folder: Path) -> TrainedEmbeddings:
    """Load a run with its network.

    Raises:
        UserError: the folder does not contain a complete run of word embeddings
    """
    opened = open_run(folder, EmbeddingsExperiment)
    vocabulary, vectors = _words(opened)
    model = _build(opened.settings, len(vocabulary))
    opened.load(model)
    return TrainedEmbeddings(opened.settings, opened.run, vocabulary, model, vectors, opened.device)


def load_vectors(folder: Path) -> tuple[WordVectors, str]:
    """Load the vectors of a run, and the name of the normalisation that words need."""
    opened = open_run(folder, EmbeddingsExperiment)
    return _words(opened)[1], opened.run.normalisation


def _build(settings: EmbeddingsExperiment, vocabulary: int) -> WindowNetwork | LanguageModel:
    if isinstance(settings.model, SkipGramModel | CbowModel):
        return build_window_model(settings.model, vocabulary)
    return build_language_model(settings.model, vocabulary)


def _words(opened: OpenRun[EmbeddingsExperiment]) -> tuple[Vocabulary, WordVectors]:
    """The run's vocabulary and vectors.

    Vectors come from the weights, whose digest is recorded; the files of vectors are for other
    programs.
    """
    vocabulary = load_vocabulary(opened.folder / VOCABULARY)
    opened.check_vocabulary({"words": vocabulary.digest})
    try:
        return vocabulary, vectors_of(vocabulary, opened.weights["embedding.weight"].numpy())
    except (KeyError, ValueError):
        raise opened.unfit() from None


def normalise_asked_words(words: Iterable[str], normalisation: str) -> list[str]:
    """Normalise words as the run's text. If a word becomes several, the result contains spaces."""
    column = normalise(pa.array(list(words), pa.string()), normalisation)
    return [str(word) for word in pc.utf8_trim_whitespace(column).to_pylist()]
