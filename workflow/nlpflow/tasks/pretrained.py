"""Warm start of a task's word embeddings from pretrained vectors."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from nlpflow.errors import UserError
from nlpflow.jobs import Inputs
from nlpflow.models.embeddings import start_from
from nlpflow.settings.base import Settings
from nlpflow.settings.pretrained import GLOVE, starts_from_glove, vector_files
from nlpflow.training.run import TrainingJob
from nlpflow.vectors.pretrained import Vectors, read_vectors, source_files
from nlpflow.vocabulary import SPECIALS


def start_from_source(
    embedding: nn.Embedding,
    source: str | Path,
    words: Sequence[str],
    key: str = "model.embedding",
    std: float = 1.0,
) -> dict[str, float]:
    """Set the rows of an embedding to the pretrained vectors of their words.

    Args:
        embedding: one row per special token, then one row per word; changed in place
        source: as for `read_vectors`
        words: the words of the vocabulary
        key: the setting that gives the size of the embedding, for the error message
        std: standard deviation of the embedding before

    Returns:
        how many words have a vector, see `Vectors.coverage`

    Raises:
        UserError: the source cannot be read, has none of the words, or has vectors of another size
    """
    vectors = read_vectors(source, words)
    check_size(embedding, source, vectors, key)
    matrix = torch.zeros_like(embedding.weight)
    found = torch.zeros(len(matrix), dtype=torch.bool)
    matrix[len(SPECIALS) :] = torch.from_numpy(vectors.matrix)
    found[len(SPECIALS) :] = torch.from_numpy(vectors.found)
    start_from(embedding, matrix, found, std)
    return vectors.coverage()


def sources_of(inputs: Inputs, model: Settings) -> dict[str, str | Path]:
    """The source for `read_vectors` of each vectors name in a model's settings.

    Files come from the job's inputs only, so that the training's key covers all that is read.
    """
    files = zip(vector_files(model), inputs.all("pretrained"), strict=True)
    return {**dict(files), GLOVE: GLOVE}


def with_glove(job: TrainingJob, model: Settings) -> TrainingJob:
    """Add the files of the installed GloVe package to the job's inputs, if the model uses them."""
    if not starts_from_glove(model):
        return job
    return job._replace(inputs=Inputs({**job.inputs.paths, GLOVE: tuple(source_files(GLOVE))}))


def check_size(
    embedding: nn.Embedding, source: str | Path, vectors: Vectors, key: str = "model.embedding"
) -> None:
    """Raise UserError if the vectors have another size than the embedding."""
    size = vectors.matrix.shape[1]
    if size != embedding.embedding_dim:
        raise UserError(
            f"{source}: its vectors have {size} dimensions, the model's embedding "
            f"{embedding.embedding_dim}: set {key} to {size}"
        )
