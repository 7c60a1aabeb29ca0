"""Training of one run of word embeddings, from the prepared sentences to the run's folder."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray
from torch import Tensor

from nlpflow.runs import machine
from nlpflow.runs.run import Run
from nlpflow.settings.checks import checked
from nlpflow.settings.data import PairDataset, SentenceDataset
from nlpflow.settings.embeddings import CbowModel, EmbeddingsExperiment, SkipGramModel
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tables import reading
from nlpflow.tasks.embeddings.language_learner import LanguageLearner
from nlpflow.tasks.embeddings.models import build_language_model, build_window_model
from nlpflow.tasks.embeddings.text import Text
from nlpflow.tasks.embeddings.window_learner import WindowLearner
from nlpflow.tasks.pretrained import sources_of, start_from_source, with_glove
from nlpflow.training.run import TrainingJob, train_run
from nlpflow.vectors.word_vectors import WordVectors, write_safetensors, write_text
from nlpflow.vocabulary import EOS, SPECIALS, UNK, Vocabulary, Words, build_vocabulary

VOCABULARY = "words.vocab"
VECTORS = "vectors.safetensors"
VECTORS_AS_TEXT = "vectors.txt"


def train(job: TrainingJob) -> None:
    """Train word embeddings; see `nlpflow.training.run.Train`.

    In addition to the files of every run it writes the vocabulary (`words.vocab`), and the vectors
    for other programs (`vectors.txt`, `vectors.safetensors`).
    """
    settings: EmbeddingsExperiment = checked(EmbeddingsExperiment, job.settings, "settings")
    dataset: SentenceDataset | PairDataset = checked(
        SentenceDataset | PairDataset, job.dataset, "dataset"
    )
    device = machine.set_up(settings.training.device, settings.training.threads, job.seed)
    columns = {split: read_text(job.inputs[split], settings) for split in ("train", "dev")}
    limits = VocabularySettings(dataset=settings.dataset, **settings.words.model_dump())
    vocabulary = build_vocabulary(columns["train"], limits, "training")
    texts = {split: Text.of(vocabulary, column) for split, column in columns.items()}
    learner = build_learner(settings, vocabulary, texts["train"], texts["dev"], job.seed, device)
    record: dict[str, Any] = {}
    if settings.model.vectors is not None:
        assert isinstance(vocabulary, Words)
        source = sources_of(job.inputs, settings.model)[settings.model.vectors]
        record["vectors"] = start_from_source(
            learner.model.embedding, source, vocabulary.words, "model.dimension"
        )
        logging.info("vectors: %s", record["vectors"])
    run = Run(
        experiment=job.experiment,
        seed=job.seed,
        settings=settings.model_dump(mode="json"),
        normalisation=dataset.normalisation,
        languages=_languages(job.inputs["train"], dataset, settings),
        vocabulary=str(job.folder),
        digests={"words": vocabulary.digest},
    )

    def export(weights: dict[str, Tensor]) -> dict[str, Tensor]:
        vocabulary.save(job.folder / VOCABULARY)
        vectors = vectors_of(vocabulary, weights["embedding.weight"].cpu().numpy())
        write_safetensors(job.folder / VECTORS, vectors)
        write_text(job.folder / VECTORS_AS_TEXT, vectors)
        return weights

    job = with_glove(job, settings.model)
    train_run(job, learner, settings, run, Path(__file__), export, record)


def read_text(table: Path, settings: EmbeddingsExperiment) -> pa.ChunkedArray:
    """Read the sentences of a prepared table that an experiment learns from or is tested on."""
    return _column(table, settings.side or "sentence")


def _column(table: Path, name: str) -> pa.ChunkedArray:
    with reading(table):
        return pq.read_table(table, columns=[name])[name]


def _languages(
    table: Path, dataset: SentenceDataset | PairDataset, settings: EmbeddingsExperiment
) -> tuple[str, ...]:
    """The languages of the training text."""
    if isinstance(dataset, PairDataset):
        return (str(getattr(dataset, str(settings.side))),)
    return tuple(_column(table, "language").unique().to_pylist())


def build_learner(
    settings: EmbeddingsExperiment,
    vocabulary: Vocabulary,
    train: Text,
    dev: Text,
    seed: int,
    device: torch.device,
) -> WindowLearner | LanguageLearner:
    """Build the learner of an experiment with an untrained model."""
    training = settings.training
    counts = np.bincount(train.side.ids, minlength=len(vocabulary))
    if isinstance(settings.model, SkipGramModel | CbowModel):
        counts[[UNK, EOS]] = 0
        windows = build_window_model(settings.model, len(vocabulary)).to(device)
        return WindowLearner(windows, settings.model, training, train, dev, counts, seed, device)
    model = build_language_model(settings.model, len(vocabulary)).to(device)
    return LanguageLearner(
        model, settings.model, training.batch_size, train, dev, counts, seed, device
    )


def vectors_of(vocabulary: Vocabulary, matrix: NDArray[np.float32]) -> WordVectors:
    """The vectors of the words, without those of the special tokens.

    Args:
        vocabulary: of words
        matrix: one row per id, (vocabulary, dimension)
    """
    assert isinstance(vocabulary, Words)
    return WordVectors(vocabulary.words, matrix[len(SPECIALS) :])
