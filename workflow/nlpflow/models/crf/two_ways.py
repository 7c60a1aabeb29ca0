"""Forward and backward algorithm as one scan: backward is forward over the reversed sentence."""

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain


class TwoWays:
    """Lays a batch's words out for a scan in two ways at once, and reads the second way back.

    In the second way each sentence is reversed; padding stays behind it.
    """

    def __init__(self, chain: Chain):
        self.batch, self.time, self.tags = chain.emissions.shape
        places = torch.arange(self.time, device=chain.lengths.device).unsqueeze(1)
        mirrored = chain.lengths - 1 - places
        sentences = torch.arange(self.batch, device=chain.lengths.device)
        self._places = places
        self._mirrored = torch.where(mirrored >= 0, mirrored, places)
        self._sentences = sentences

    def lay_out(self, words: Tensor) -> Tensor:
        """(batch, time, tags) -> (time, 2, batch, tags)."""
        first = self._sentences * self.time
        rows = torch.stack([first + self._places, first + self._mirrored], dim=1)
        picked = words.reshape(-1, self.tags).index_select(0, rows.flatten())
        return picked.view(self.time, 2, self.batch, self.tags)

    def read_back(self, *values: Tensor) -> list[Tensor]:
        """Of (time, 2, batch, tags) the second way, as the words stand, (time, batch, tags)."""
        rows = (self._mirrored * (2 * self.batch) + self.batch + self._sentences).flatten()
        return [
            each.view(-1, self.tags).index_select(0, rows).view(self.time, self.batch, self.tags)
            for each in values
        ]
