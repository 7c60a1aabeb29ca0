"""Word embeddings: pretrained rows, rows for out-of-vocabulary words, unknown words in training."""

import torch
from torch import Tensor, nn

from nlpflow.vocabulary import PAD, UNK


@torch.no_grad()
def start_from(embedding: nn.Embedding, vectors: Tensor, found: Tensor) -> None:
    """Overwrite the rows that have a vector, and bring the other rows to the vectors' spread.

    A fresh embedding has standard deviation 1, GloVe's about 0.6: words without a vector would
    drown the ones with one. The padding row stays zero.

    Args:
        vectors: (vocabulary, features)
        found: which rows are vectors, (vocabulary,), bool
    """
    if vectors.shape != embedding.weight.shape:
        sizes = f"{tuple(vectors.shape)}, the embedding is {tuple(embedding.weight.shape)}"
        raise ValueError(f"pretrained vectors are {sizes}")
    if not found.any():
        return
    vectors, found = vectors.to(embedding.weight), found.to(embedding.weight.device)
    embedding.weight.mul_(vectors[found].std(correction=0))
    embedding.weight[found] = vectors[found]
    if embedding.padding_idx is not None:
        embedding.weight[embedding.padding_idx] = 0


class OpenEmbedding(nn.Embedding):
    """An embedding table, and behind it fixed rows that are neither trained nor saved.

    Ids up to `num_embeddings` are those of the table; the first further row follows them.
    """

    further: Tensor
    """(rows, features)"""

    def __init__(self, rows: int, features: int):
        super().__init__(rows, features, padding_idx=0)
        self.register_buffer("further", torch.zeros(0, features), persistent=False)

    def add(self, vectors: Tensor) -> int:
        """Put fixed rows, (rows, features), behind those that are there; the first one's id."""
        first = self.num_embeddings + len(self.further)
        self.further = torch.cat([self.further, vectors.to(self.further)])
        return first

    def forward(self, input: Tensor) -> Tensor:
        """Ids of any shape -> vectors, (..., features)."""
        own = super().forward(input.clamp_max(self.num_embeddings - 1))
        behind = input >= self.num_embeddings
        if not bool(behind.any()):
            return own
        rows = (input - self.num_embeddings).clamp_min(0)
        return torch.where(behind.unsqueeze(-1), self.further[rows], own)


def word_dropout_rates(counts: Tensor, strength: float) -> Tensor:
    """How often to replace each word: a / (a + count).

    Kiperwasser & Goldberg 2016 ("word dropout", a = 0.25), after Iyyer et al. 2015.

    Args:
        counts: occurrences in training of every id, (vocabulary,); a special token has 0
        strength: a, at least 0; 0 replaces nothing

    Returns:
        (vocabulary,)
    """
    if strength < 0:
        raise ValueError(f"word dropout of strength {strength}: it cannot be negative")
    if strength == 0:
        return torch.zeros(len(counts))
    return strength / (strength + counts.float())


def replace_by_unknown(ids: Tensor, rates: Tensor, generator: torch.Generator) -> Tensor:
    """Each id becomes `<unk>` with its own probability; padding stays.

    For letters every rate may be the same.

    Args:
        ids: any shape, on the generator's device
        rates: probability of every id, (vocabulary,), on the same device
    """
    drawn = torch.rand(ids.shape, generator=generator, device=ids.device)
    return ids.masked_fill((drawn < rates[ids]) & (ids != PAD), UNK)
