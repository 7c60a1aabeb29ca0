"""A score for each language at each length."""

from torch import Tensor, nn


class LengthTable(nn.Module):
    """Scores of the classes, looked up by the length of a sentence."""

    def __init__(self, longest: int, classes: int) -> None:
        super().__init__()
        self.scores = nn.Embedding(longest + 1, classes)

    def forward(self, lengths: Tensor) -> Tensor:
        """Lengths (batch,) -> scores (batch, classes)."""
        scores: Tensor = self.scores(lengths.clamp_max(self.scores.num_embeddings - 1))
        return scores
