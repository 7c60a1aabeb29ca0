"""Word embeddings that start from vectors trained elsewhere."""

import torch
from torch import Tensor, nn


@torch.no_grad()
def start_from(embedding: nn.Embedding, vectors: Tensor, found: Tensor) -> None:
    """Overwrite the rows that have a vector, and bring the other rows to the vectors' spread.

    A fresh embedding has standard deviation 1, GloVe's about 0.6: words without a vector would
    drown the ones with one. The padding row stays zero.

    :param vectors: (vocabulary, features)
    :param found: which rows are vectors, (vocabulary,), bool
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
