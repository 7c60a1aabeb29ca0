"""Pretrained vectors of any task's words: where training starts."""

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
    embedding: nn.Embedding, source: str | Path, words: Sequence[str], key: str = "model.embedding"
) -> dict[str, float]:
    """Begin with the vectors of a vocabulary's words; how many there are, see `coverage`.

    Args:
        embedding: a row for each special token, then one for each word
        key: the setting that says how large the vectors are

    Raises:
        UserError: the source cannot be read, knows no word, or its vectors have another size
    """
    vectors = read_vectors(source, words)
    check_size(embedding, source, vectors, key)
    matrix = torch.zeros_like(embedding.weight)
    found = torch.zeros(len(matrix), dtype=torch.bool)
    matrix[len(SPECIALS) :] = torch.from_numpy(vectors.matrix)
    found[len(SPECIALS) :] = torch.from_numpy(vectors.found)
    start_from(embedding, matrix, found)
    return vectors.coverage()


def sources_of(inputs: Inputs, model: Settings) -> dict[str, str | Path]:
    """What `read_vectors` takes for each name that the settings of a model give vectors.

    Files are a job's inputs and nothing else, so that the key of a training has all that is read.
    """
    files = zip(vector_files(model), inputs.all("pretrained"), strict=True)
    return {**dict(files), GLOVE: GLOVE}


def with_glove(job: TrainingJob, model: Settings) -> TrainingJob:
    """The job with the files of an installed package among its inputs, if the model uses them."""
    if not starts_from_glove(model):
        return job
    return job._replace(inputs=Inputs({**job.inputs.paths, GLOVE: tuple(source_files(GLOVE))}))


def check_size(
    embedding: nn.Embedding, source: str | Path, vectors: Vectors, key: str = "model.embedding"
) -> None:
    """UserError where the vectors have another size than the embedding."""
    size = vectors.matrix.shape[1]
    if size != embedding.embedding_dim:
        raise UserError(
            f"{source}: its vectors have {size} numbers, the model's embedding "
            f"{embedding.embedding_dim}: set {key} to {size}"
        )
