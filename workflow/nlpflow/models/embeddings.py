"""Word embeddings: warm start from vectors, rows for out-of-vocabulary words, word dropout."""

import torch
from torch import Tensor, nn

from nlpflow.vocabulary import PAD, UNK


@torch.no_grad()
def start_from(embedding: nn.Embedding, vectors: Tensor, found: Tensor, std: float = 1.0) -> None:
    """Overwrite the rows of words that have a vector, and scale the other rows to match.

    A new embedding has standard deviation `std`, GloVe vectors about 0.6. Without scaling, the rows
    of words without a vector would be larger or smaller than the others. The padding row stays
    zero.

    Args:
        embedding: changed in place
        vectors: one row for each row of the embedding, (vocabulary, features)
        found: True for the rows of `vectors` that hold a vector, (vocabulary,)
        std: standard deviation of the embedding before

    Raises:
        ValueError: the vectors have another shape than the embedding
    """
    if vectors.shape != embedding.weight.shape:
        sizes = f"{tuple(vectors.shape)}, the embedding {tuple(embedding.weight.shape)}"
        raise ValueError(f"the pretrained vectors have shape {sizes}")
    if not found.any():
        return
    vectors, found = vectors.to(embedding.weight), found.to(embedding.weight.device)
    embedding.weight.mul_(vectors[found].std(correction=0) / std)
    embedding.weight[found] = vectors[found]
    if embedding.padding_idx is not None:
        embedding.weight[embedding.padding_idx] = 0


class OpenEmbedding(nn.Embedding):
    """An embedding table that can be extended by fixed rows, which are neither trained nor saved.

    Ids below `num_embeddings` are rows of the table. The fixed rows have the ids from
    `num_embeddings` on.
    """

    fixed: Tensor
    """(rows, features)"""

    def __init__(self, rows: int, features: int):
        super().__init__(rows, features, padding_idx=0)
        self.register_buffer("fixed", torch.zeros(0, features), persistent=False)

    def add(self, vectors: Tensor) -> int:
        """Append fixed rows, (rows, features), and return the id of the first one."""
        first = self.num_embeddings + len(self.fixed)
        self.fixed = torch.cat([self.fixed, vectors.to(self.fixed)])
        return first

    def forward(self, input: Tensor) -> Tensor:
        """Ids of any shape -> vectors, (..., features)."""
        trained = super().forward(input.clamp_max(self.num_embeddings - 1))
        is_fixed = input >= self.num_embeddings
        if not bool(is_fixed.any()):
            return trained
        rows = (input - self.num_embeddings).clamp_min(0)
        return torch.where(is_fixed.unsqueeze(-1), self.fixed[rows], trained)


def word_dropout_rates(counts: Tensor, strength: float) -> Tensor:
    """The probability that word dropout replaces each word: a / (a + count).

    Kiperwasser & Goldberg 2016 ("word dropout", a = 0.25), after Iyyer et al. 2015.

    Args:
        counts: how often every id occurs in training, (vocabulary,); 0 for a special token
        strength: a, at least 0; 0 replaces nothing

    Returns:
        (vocabulary,)

    Raises:
        ValueError: the strength is negative
    """
    if strength < 0:
        raise ValueError(f"word dropout of strength {strength}: it cannot be negative")
    if strength == 0:
        return torch.zeros(len(counts))
    return strength / (strength + counts.float())


def replace_by_unknown(ids: Tensor, rates: Tensor, generator: torch.Generator) -> Tensor:
    """Replace each id by `<unk>` with its own probability; padding stays.

    Args:
        ids: of words or characters, any shape, on the generator's device
        rates: the probability of every id, (vocabulary,), on the same device
        generator: source of the random draws
    """
    drawn = torch.rand(ids.shape, generator=generator, device=ids.device)
    return ids.masked_fill((drawn < rates[ids]) & (ids != PAD), UNK)
