"""Forward and backward algorithm as one scan: backward is forward over the reversed sentence."""

from typing import NamedTuple

import torch
from torch import Tensor


class TwoWays(NamedTuple):
    """Where the rows of a reversed sentence come from, and go back to."""

    places: Tensor
    """The place of each word in its reversed sentence, padding as it was, (time, batch)."""

    def stack(self, values: Tensor) -> Tensor:
        """(time, batch, tags) -> (time, 2, batch, tags): as it stands, and reversed."""
        time, batch, tags = values.shape
        both = values.new_empty(time, 2, batch, tags)
        both[:, 0] = values
        sentences = torch.arange(batch, device=values.device)
        both[:, 1] = values[self.places, sentences]
        return both

    def backward(self, values: Tensor) -> Tensor:
        """From (time, 2, batch, tags) the second way, in the order of the words again."""
        time, _, batch, tags = values.shape
        sentences = batch + torch.arange(batch, device=values.device)
        rows = self.places * (2 * batch) + sentences
        return values.view(-1, tags).index_select(0, rows.flatten()).view(time, batch, tags)


def two_ways(lengths: Tensor, time: int) -> TwoWays:
    """For sentences of (batch,) words in a batch of `time` places."""
    places = torch.arange(time, device=lengths.device).unsqueeze(1)
    mirrored = lengths - 1 - places
    return TwoWays(torch.where(mirrored >= 0, mirrored, places))
