"""Word embeddings that also have vectors for words which training lacks."""

import torch
from torch import Tensor, nn


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
