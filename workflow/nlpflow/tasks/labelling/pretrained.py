"""Pretrained vectors in a network: where training starts, and words that training lacks."""

from collections.abc import Sequence

import torch
from torch import Tensor

from nlpflow.errors import UserError
from nlpflow.labelled.vocabulary import LabelVocabulary
from nlpflow.models.open_embedding import OpenEmbedding
from nlpflow.models.pretrained import start_from
from nlpflow.vectors import Vectors, read_vectors
from nlpflow.vocabulary import SPECIALS, UNK


def start_from_source(
    embedding: OpenEmbedding, source: str, vocabulary: LabelVocabulary
) -> dict[str, float]:
    """Begin with the vectors of the vocabulary's words; how many there are, see `coverage`.

    :raises UserError: the source cannot be read, knows no word, or its vectors have another size
    """
    vectors = read_vectors(source, vocabulary.words)
    _check_size(embedding, source, vectors)
    matrix = torch.zeros_like(embedding.weight)
    found = torch.zeros(len(matrix), dtype=torch.bool)
    matrix[len(SPECIALS) :] = torch.from_numpy(vectors.matrix)
    found[len(SPECIALS) :] = torch.from_numpy(vectors.found)
    start_from(embedding, matrix, found)
    return vectors.coverage()


class FurtherWords:
    """Words that the vocabulary lacks and the source of the vectors has, found when they come."""

    def __init__(self, embedding: OpenEmbedding, source: str):
        self.embedding = embedding
        self.source = source
        self._ids: dict[str, int] = {}

    def number(self, sentences: Sequence[Sequence[str]], ids: Tensor) -> Tensor:
        """The ids of a batch, (batch, time), with those of further words in place of unknown."""
        unknown = [(int(row), int(at)) for row, at in (ids == UNK).nonzero().tolist()]
        new = list(dict.fromkeys(sentences[row][at] for row, at in unknown))
        self._look_up([word for word in new if word not in self._ids])
        ids = ids.clone()
        for row, at in unknown:
            ids[row, at] = self._ids[sentences[row][at]]
        return ids

    def _look_up(self, words: Sequence[str]) -> None:
        if not words:
            return
        vectors = read_vectors(self.source, words, may_lack_all=True)
        _check_size(self.embedding, self.source, vectors)
        first = self.embedding.add(torch.from_numpy(vectors.matrix[vectors.found]))
        for word, found in zip(words, vectors.found.tolist(), strict=True):
            self._ids[word] = first if found else UNK
            first += found


def _check_size(embedding: OpenEmbedding, source: str, vectors: Vectors) -> None:
    size = vectors.matrix.shape[1]
    if size != embedding.embedding_dim:
        raise UserError(
            f"{source}: its vectors have {size} numbers, the model's embedding "
            f"{embedding.embedding_dim}: set model.embedding to {size}"
        )
