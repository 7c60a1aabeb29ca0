"""A trained run of word embeddings, read back: its words, network and vectors."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import torch
from torch import Tensor

from nlpflow.errors import UserError
from nlpflow.runs import machine
from nlpflow.runs.run import Run, check_task, check_vocabulary, load_run
from nlpflow.settings.checks import checked
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
    """What a run's folder holds."""

    settings: EmbeddingsExperiment
    run: Run
    vocabulary: Vocabulary
    model: WindowNetwork | LanguageModel
    vectors: WordVectors
    device: torch.device


def load_embeddings(folder: Path) -> TrainedEmbeddings:
    """The run of a folder, its network ready for use; UserError for any other folder."""
    run, weights = load_run(folder)
    check_task(folder, run, "embeddings")
    settings: EmbeddingsExperiment = checked(
        EmbeddingsExperiment, run.settings, f"{folder / 'run.json'}: settings"
    )
    device = machine.set_up(settings.training.device, settings.training.threads, run.seed)
    vocabulary = _vocabulary(folder, run)
    model = _build(settings, len(vocabulary))
    try:
        model.load_state_dict(weights)
    except RuntimeError:
        raise _unfit(folder) from None
    model.to(device).eval()
    vectors = _vectors(folder, vocabulary, weights)
    return TrainedEmbeddings(settings, run, vocabulary, model, vectors, device)


def _build(settings: EmbeddingsExperiment, vocabulary: int) -> WindowNetwork | LanguageModel:
    if isinstance(settings.model, SkipGramModel | CbowModel):
        return build_window_model(settings.model, vocabulary)
    return build_language_model(settings.model, vocabulary)


def load_vectors(folder: Path) -> tuple[WordVectors, str]:
    """The vectors of a run and the normalisation that words need."""
    run, weights = load_run(folder)
    check_task(folder, run, "embeddings")
    return _vectors(folder, _vocabulary(folder, run), weights), run.normalisation


def _vectors(folder: Path, vocabulary: Vocabulary, weights: dict[str, Tensor]) -> WordVectors:
    """From the weights, whose digest is known: the files of vectors are for other programs."""
    try:
        return vectors_of(vocabulary, weights["embedding.weight"].numpy())
    except (KeyError, ValueError):
        raise _unfit(folder) from None


def _vocabulary(folder: Path, run: Run) -> Vocabulary:
    vocabulary = load_vocabulary(folder / VOCABULARY)
    check_vocabulary(folder, run, {"words": vocabulary.digest})
    return vocabulary


def _unfit(folder: Path) -> UserError:
    return UserError(
        f"run {folder}: the weights do not fit the model of run.json; train the run again"
    )


def normalise_words(words: Iterable[str], normalisation: str) -> list[str]:
    """Words as the run's text has them; one that several words become of keeps its spaces."""
    column = normalise(pa.array(list(words), pa.string()), normalisation)
    return [str(word) for word in pc.utf8_trim_whitespace(column).to_pylist()]
