"""Divides the work of a learner among the processes of a training.

Each process takes every n-th sentence of a batch. Losses and numbers of tokens are summed over the
processes before they are divided, so an update is the one that a single process makes with the
whole batch. PyTorch's DistributedDataParallel would average the means of the processes instead,
which is another gradient if these have different numbers of tokens.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from nlpflow.training.batches import Batches
from nlpflow.training.processes import Processes

if TYPE_CHECKING:
    from nlpflow.training.loop import Learner


class Share(NamedTuple):
    """What one process takes of a batch."""

    batch: Any
    """Some of the sentences."""
    first: int
    """Index of the first sentence of the whole batch, which tells the batches of an epoch apart."""
    counts: bool
    """False for a stand-in, see `SharedLearner.batches`."""


class SharedLearner:
    """The part of a learner's work that one of several processes does.

    Seen from the training loop it is a `nlpflow.training.loop.Learner` itself.

    Args:
        learner: of a task whose batches are `Batches`; the same in all processes
        processes: of the training
    """

    def __init__(self, learner: "Learner", processes: Processes):
        self.learner, self.processes = learner, processes
        self.floor = learner.floor

    @property
    def model(self) -> nn.Module:
        """The model, which is the same in all processes."""
        return self.learner.model

    @property
    def score(self) -> str:
        """The score that selects the best epoch."""
        return self.learner.score

    def batches(self, epoch: int) -> Batches[Share]:
        """This process's shares of the batches of an epoch.

        If a batch has fewer sentences than there are processes, a process without one computes the
        first sentence as a stand-in, which counts 0 times. So all processes have gradients of the
        same parameters and draw the same common random numbers.
        """
        whole = self.learner.batches(epoch)
        assert isinstance(whole, Batches), "batches of another kind cannot be divided"

        def share(indices: NDArray[np.int64]) -> Share:
            own = indices[self.processes.rank :: self.processes.count]
            batch = whole.make(own if len(own) else indices[:1])
            return Share(batch, int(indices[0]), len(own) > 0)

        return Batches(whole.indices, share)

    def loss(self, share: Share, epoch: int) -> tuple[Tensor, int]:
        """The loss summed over this process's tokens of a batch, and their number."""
        self._seed(epoch, share.first)
        loss, tokens = self.learner.loss(share.batch, epoch)
        return (loss, tokens) if share.counts else (loss * 0, 0)

    def validate(self) -> dict[str, float]:
        """The dev scores that the first process computes; the others wait for them."""
        scores = self.learner.validate() if self.processes.is_first else None
        found: dict[str, float] = self.processes.from_first(scores)
        return found

    def _seed(self, epoch: int, first: int) -> None:
        """Seed PyTorch's global random state for this process's share of a batch.

        Dropout draws from this state. Each process has its own masks, and a training that is
        resumed with as many processes has the same ones.
        """
        seed = self.processes.generator.initial_seed()
        parts = np.random.SeedSequence([seed, epoch, first, self.processes.rank])
        torch.manual_seed(int(parts.generate_state(1, np.uint64)[0]))
