"""The state of a training, which checkpoints store, and one update of it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn, optim

from nlpflow.models.precision import autocast
from nlpflow.settings.training import Training
from nlpflow.training.processes import ALONE, Processes
from nlpflow.training.schedule import Weights

PRECISIONS = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}
Loss = Callable[[Any, int], tuple[Tensor, int]]


@dataclass
class Progress:
    """The progress of a training. Times do not include work that was lost to interruptions."""

    epoch: int = 1
    """The current epoch, from 1."""
    batch: int = 0
    """Number of finished batches of this epoch; all of them while the dev set is scored."""
    updates: int = 0
    """Number of updates since the start."""
    learning_rate: float = 0.0
    """Learning rate of the last update."""
    loss: float = 0.0
    """Loss of this epoch so far, summed over its tokens."""
    tokens: int = 0
    """Number of tokens of this epoch so far."""
    epoch_seconds: float = 0.0
    """Time spent on the updates of this epoch so far, in seconds."""
    seconds: float = 0.0
    """Time since the start, in seconds."""
    processes: list[int] = field(default_factory=list)
    """The number of processes that trained together, and each other number after a restart."""
    history: list[dict[str, float]] = field(default_factory=list)
    timings: list[dict[str, float]] = field(default_factory=list)


class Snapshot(NamedTuple):
    """A copy of a state that can be stored."""

    tensors: dict[str, Tensor]
    values: dict[str, Any]
    """JSON values."""


def build_optimiser(model: nn.Module, settings: Training) -> optim.Optimizer:
    """Build the optimiser: SGD, RMSProp (Hinton 2012) or Adam (Kingma & Ba 2015).

    Weight decay is an L2 penalty for SGD and RMSProp. For Adam it is decoupled (Loshchilov & Hutter
    2019), because Adam would scale the penalty away. Adam is `fused`, so that it passes over the
    weights once: with a large embedding the unfused one takes ten times as long, also on a CPU.
    """
    rate, decay = settings.learning_rate, settings.weight_decay
    fused = True if next(model.parameters()).is_cuda else None
    match settings.optimiser:
        case "sgd":
            return optim.SGD(model.parameters(), lr=rate, weight_decay=decay, fused=fused)
        case "rmsprop":
            return optim.RMSprop(model.parameters(), lr=rate, weight_decay=decay)
        case "adam":
            return optim.AdamW(model.parameters(), lr=rate, weight_decay=decay, fused=True)


class State:
    """Model, optimiser, gradient scaler, random states, progress, and the weights that are kept.

    Args:
        model: on its device
        settings: section `training` of the experiment
        processes: those that train together; they have equal states
    """

    def __init__(self, model: nn.Module, settings: Training, processes: Processes = ALONE):
        self.model = model
        self.settings = settings
        self.processes = processes
        if processes.count > 1:
            processes.generator.set_state(torch.get_rng_state())
        self.device = next(model.parameters()).device
        self.optimiser = build_optimiser(model, settings)
        # Unscaled gradients would underflow in fp16 (Micikevicius et al. 2018, section 3.2).
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=settings.precision == "fp16")
        self.progress = Progress()
        self.kept: dict[int, Weights] = {}
        """The kept weights by epoch, on the CPU; they are not changed in place."""

    def update(
        self, loss_of: Loss, group: Sequence[Any], learning_rate: float
    ) -> list[tuple[Tensor, int]]:
        """Make one update with the mean gradient over the tokens of all batches of `group`.

        If several processes train together, it is the mean over the tokens of all of them.

        Args:
            loss_of: see `nlpflow.training.loop.Learner.loss`
            group: one or more batches
            learning_rate: of this update

        Returns:
            the summed loss of each batch, as a tensor that may still be being computed on the GPU,
            and its number of tokens; with several processes, of this one's share
        """
        for parameters in self.optimiser.param_groups:
            parameters["lr"] = learning_rate
        self.optimiser.zero_grad(set_to_none=True)
        kind = PRECISIONS[self.settings.precision]
        losses: list[tuple[Tensor, int]] = []
        for batch in group:
            with autocast(self.device, kind):
                loss, tokens = loss_of(batch, self.progress.epoch)
            losses.append((loss.detach(), tokens))
            # The number of tokens of all batches is not known yet, so the loss is divided by that
            # of the first batch; the gradients are corrected below.
            first = max(1, losses[0][1])
            self.scaler.scale(loss / first).backward()  # type: ignore[no-untyped-call]
        tokens = sum(tokens for _, tokens in losses)
        if self.processes.count > 1:
            # Before unscaling, so that all processes find the same overflows of fp16.
            self.processes.average(self._gradients(), first, tokens)
        self.scaler.unscale_(self.optimiser)
        if self.processes.count == 1 and len(losses) > 1:
            for gradient in self._gradients():
                gradient.mul_(first / max(1, tokens))
        if self.settings.clip_norm is not None:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.clip_norm)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        return losses

    def is_finite(self) -> bool:
        """Whether all weights are finite."""
        norms = torch._foreach_norm([weight.detach() for weight in self.model.parameters()])
        return bool(torch.stack(norms).isfinite().all())

    def keep_weights(self, epochs: Sequence[int]) -> None:
        """Keep the weights of `epochs`, perhaps including the current one, and drop all others."""
        if self.progress.epoch in epochs:
            weights = self.model.state_dict()
            self.kept[self.progress.epoch] = {
                name: tensor.detach().clone().cpu() for name, tensor in weights.items()
            }
        self.kept = {epoch: self.kept[epoch] for epoch in epochs}

    def capture(self) -> Snapshot:
        """Copy the state; each tensor stays on its device."""
        tensors = {f"model.{name}": tensor for name, tensor in self.model.state_dict().items()}
        for number, values in self.optimiser.state_dict()["state"].items():
            tensors |= {
                f"optimiser.{number}.{name}": value
                for name, value in values.items()
                if value is not None
            }
        tensors = {name: tensor.detach().clone() for name, tensor in tensors.items()}
        for epoch, weights in self.kept.items():
            tensors |= {f"kept.{epoch}.{name}": tensor for name, tensor in weights.items()}
        tensors["random.cpu"] = self.processes.generator.get_state()
        if self.device.type == "cuda":
            tensors["random.cuda"] = torch.cuda.get_rng_state(self.device)
        values = {"progress": asdict(self.progress), "scaler": self.scaler.state_dict()}
        return Snapshot(tensors, values)

    def share(self) -> None:
        """Give all processes the state of the first one."""
        if self.processes.count == 1:
            return
        snapshot = self.capture()
        tensors = {name: tensor.cpu() for name, tensor in snapshot.tensors.items()}
        self.restore(self.processes.from_first(snapshot._replace(tensors=tensors)))

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a captured state."""
        groups: dict[str, dict[str, Tensor]] = {}
        for path, tensor in snapshot.tensors.items():
            group, _, name = path.partition(".")
            groups.setdefault(group, {})[name] = tensor
        self.model.load_state_dict(groups["model"])
        moments: dict[int, dict[str, Tensor]] = {}
        for path, tensor in groups.get("optimiser", {}).items():
            number, _, name = path.partition(".")
            moments.setdefault(int(number), {})[name] = tensor.clone()
        self.optimiser.load_state_dict(self.optimiser.state_dict() | {"state": moments})
        self.kept = {}
        for path, tensor in groups.get("kept", {}).items():
            epoch, _, name = path.partition(".")
            self.kept.setdefault(int(epoch), {})[name] = tensor
        self.processes.generator.set_state(groups["random"]["cpu"])
        if self.device.type == "cuda" and self.processes.count == 1:
            torch.cuda.set_rng_state(groups["random"]["cuda"], self.device)
        self.scaler.load_state_dict(snapshot.values["scaler"])
        progress = snapshot.values["progress"]
        lists = {name: list(progress[name]) for name in ("processes", "history", "timings")}
        self.progress = Progress(**progress | lists)

    def _gradients(self) -> list[Tensor]:
        return [weight.grad for weight in self.model.parameters() if weight.grad is not None]
