"""Everything that decides how a training goes on, and one update of it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn, optim

from nlpflow.models.precision import autocast
from nlpflow.settings.training import Training
from nlpflow.training.schedule import Weights

PRECISIONS = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}
Loss = Callable[[Any, int], tuple[Tensor, int]]


@dataclass
class Progress:
    """Where a training stands. Times leave out what was lost to interruptions."""

    epoch: int = 1
    """The epoch in training, from 1."""
    batch: int = 0
    """Batches of this epoch that are done; all of them while its end is not."""
    updates: int = 0
    """Since the start."""
    learning_rate: float = 0.0
    """Of the last update."""
    loss: float = 0.0
    """Sum over the tokens of this epoch so far."""
    tokens: int = 0
    """Of this epoch so far."""
    epoch_seconds: float = 0.0
    """Training of this epoch so far, in seconds."""
    seconds: float = 0.0
    """Since the start, in seconds."""
    history: list[dict[str, float]] = field(default_factory=list)
    timings: list[dict[str, float]] = field(default_factory=list)


class Snapshot(NamedTuple):
    """A state as plain tensors and plain values."""

    tensors: dict[str, Tensor]
    values: dict[str, Any]
    """As JSON knows them."""


def build_optimiser(model: nn.Module, settings: Training) -> optim.Optimizer:
    """SGD, RMSProp (Hinton 2012) or Adam (Kingma & Ba 2015).

    Weight decay is an L2 penalty for the first two and decoupled for Adam (Loshchilov & Hutter
    2019), where a penalty would be scaled away. Adam passes over the weights once (`fused`), which
    a large embedding needs: step by step it takes ten times as long, on a CPU too.
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
    """Model, optimiser, scaler, random states, progress and the weights that are kept."""

    def __init__(self, model: nn.Module, settings: Training):
        self.model = model
        self.settings = settings
        self.device = next(model.parameters()).device
        self.optimiser = build_optimiser(model, settings)
        # Gradients in fp16 would vanish unless they are scaled up (Micikevicius et al. 2018, 3.2).
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=settings.precision == "fp16")
        self.progress = Progress()
        self.kept: dict[int, Weights] = {}
        """Weights by epoch, on the CPU; never changed once they are here."""

    def update(
        self, loss_of: Loss, group: Sequence[Any], learning_rate: float
    ) -> list[tuple[Tensor, int]]:
        """One update by the mean gradient over the tokens of all batches of `group`.

        Args:
            loss_of: see `nlpflow.training.loop.Learner.loss`

        Returns:
            for each batch its summed loss, not yet waited for, and its number of tokens
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
            # The tokens of all batches are not known yet: those of the first stand for them.
            first = max(1, losses[0][1])
            self.scaler.scale(loss / first).backward()  # type: ignore[no-untyped-call]
        self.scaler.unscale_(self.optimiser)
        if len(losses) > 1:
            self._scale_gradients(first / max(1, sum(tokens for _, tokens in losses)))
        if self.settings.clip_norm is not None:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.clip_norm)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        return losses

    def is_finite(self) -> bool:
        """Whether all weights are numbers, neither infinite nor NaN."""
        norms = torch._foreach_norm([weight.detach() for weight in self.model.parameters()])
        return bool(torch.stack(norms).isfinite().all())

    def keep_weights(self, epochs: Sequence[int]) -> None:
        """Keep the model's weights if the present epoch is among `epochs`; drop all others."""
        if self.progress.epoch in epochs:
            weights = self.model.state_dict()
            self.kept[self.progress.epoch] = {
                name: tensor.detach().clone().cpu() for name, tensor in weights.items()
            }
        self.kept = {epoch: self.kept[epoch] for epoch in epochs}

    def capture(self) -> Snapshot:
        """A copy of the state, on the devices where its parts are."""
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
        tensors["random.cpu"] = torch.get_rng_state()
        if self.device.type == "cuda":
            tensors["random.cuda"] = torch.cuda.get_rng_state(self.device)
        values = {"progress": asdict(self.progress), "scaler": self.scaler.state_dict()}
        return Snapshot(tensors, values)

    def restore(self, snapshot: Snapshot) -> None:
        """Become the state that was captured."""
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
        torch.set_rng_state(groups["random"]["cpu"])
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(groups["random"]["cuda"], self.device)
        self.scaler.load_state_dict(snapshot.values["scaler"])
        progress = snapshot.values["progress"]
        lists = {name: list(progress[name]) for name in ("history", "timings")}
        self.progress = Progress(**progress | lists)

    def _scale_gradients(self, factor: float) -> None:
        for weight in self.model.parameters():
            if weight.grad is not None:
                weight.grad.mul_(factor)
