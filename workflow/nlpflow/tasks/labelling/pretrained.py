"""Pretrained vectors of words that training lacks."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from nlpflow.models.embeddings import OpenEmbedding
from nlpflow.tasks.pretrained import check_size
from nlpflow.vectors.pretrained import read_vectors
from nlpflow.vocabulary import UNK


class FurtherWords:
    """Words that the vocabulary lacks and the source of the vectors has, found when they come."""

    def __init__(self, embedding: OpenEmbedding, source: str | Path):
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
        check_size(self.embedding, self.source, vectors)
        first = self.embedding.add(torch.from_numpy(vectors.matrix[vectors.found]))
        for word, found in zip(words, vectors.found.tolist(), strict=True):
            self._ids[word] = first if found else UNK
            first += found
