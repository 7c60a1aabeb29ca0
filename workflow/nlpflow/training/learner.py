"""What a task gives the training loop."""

from collections.abc import Sequence
from typing import Any, Protocol

from torch import Tensor, nn


class Learner(Protocol):
    """A task's model, batches, loss and dev score.

    Whatever is random in a learner comes from torch's global random state, which checkpoints hold,
    or from the random seed and the epoch alone.
    """

    @property
    def model(self) -> nn.Module:
        """What is trained, on its device."""
        ...

    @property
    def score(self) -> str:
        """The key of `validate` that is to grow."""
        ...

    def batches(self, epoch: int) -> Sequence[Any]:
        """The batches of one epoch (counted from 1), the same ones whenever it is asked again.

        Batches are asked for one by one, so they may be made then (`batches.Batches`).
        """
        ...

    def loss(self, batch: Any, epoch: int) -> tuple[Tensor, int]:
        """The loss summed over a batch's tokens, and the number of these tokens."""
        ...

    def validate(self) -> dict[str, float]:
        """Dev figures: `loss` and the task's metrics; the model is in evaluation mode."""
        ...
