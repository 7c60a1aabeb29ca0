"""A network as an ONNX file, compared with the network itself at several lengths.

The file is made by torch's TorchScript-based exporter. The newer one follows a GRU or LSTM with the
length of its example and needs onnxscript, whose versions before 0.7.2 write wrong GRUs without a
warning. No exporter says when it is wrong, so every file is run by ONNX Runtime before it is kept.
"""

import importlib.util
import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from nlpflow.errors import UserError

OPSET = 17
"""The version of the operators of ONNX: the first with all that the networks need."""
NEEDED = ("onnx", "onnxruntime")
"""Packages of the extra `onnx`."""
LENGTHS = (1, 2, 7, 30)
"""Numbers of tokens at which graph and network are compared."""
CLOSE = 1e-4
"""The largest difference, absolute plus relative, that rounding may make."""


def check_installed() -> None:
    """Raise UserError if a package of the extra `onnx` is missing."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise UserError(
            f"--to onnx: {' and '.join(missing)} not installed; run: pip install 'nlpflow[onnx]'"
        )


class Case(NamedTuple):
    """Inputs of a graph, and the outputs that are expected of it."""

    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    """Computed by the network as it is trained and used, not by the form of it that is exported."""


@dataclass(frozen=True)
class Graph:
    """A network to be written as an ONNX file."""

    network: nn.Module
    """It takes and returns tensors only, and no size of the example is a constant in it."""
    inputs: Mapping[str, Tensor]
    """An example of each input, by name, in the order of the network's arguments."""
    outputs: Mapping[str, Tensor]
    """What the network returns for the example, by name, in its order."""
    axes: Mapping[str, Mapping[int, str]]
    """The names of the axes whose size varies, for each input and output that has any."""
    cases: Sequence[Case]
    """What the written graph is compared with."""

    def __post_init__(self) -> None:
        # The exporter restores the mode of the outer module, for all inside of it too.
        self.network.eval()

    @classmethod
    def of(
        cls,
        network: nn.Module,
        inputs: Mapping[str, Tensor],
        outputs: Sequence[str],
        axes: Mapping[str, Mapping[int, str]],
        cases: Sequence[Case],
    ) -> Self:
        """A graph whose outputs have these names; see the class for the other arguments."""
        with torch.no_grad():
            found = network(*inputs.values())
        tensors = [found] if isinstance(found, Tensor) else found
        return cls(network, inputs, dict(zip(outputs, tensors, strict=True)), axes, cases)

    def description(self) -> dict[str, Any]:
        """Type and shape of each input and output; an axis whose size varies has a name."""
        return {
            kind: {name: self._described(name, tensor) for name, tensor in tensors.items()}
            for kind, tensors in (("inputs", self.inputs), ("outputs", self.outputs))
        }

    def _described(self, name: str, tensor: Tensor) -> dict[str, Any]:
        axes = self.axes.get(name, {})
        shape = [axes.get(axis, size) for axis, size in enumerate(tensor.shape)]
        return {"type": str(tensor.dtype).removeprefix("torch."), "shape": shape}

    def write(self, path: Path) -> None:
        """Write the file; equal networks give equal bytes.

        Raises:
            UserError: the graph does not compute what the network computes
        """
        content = self._exported()
        path.write_bytes(content)
        worst = difference(content, list(self.inputs), self.cases)
        if not worst <= CLOSE:
            raise UserError(
                f"{path.name}: ONNX Runtime differs from torch by {worst:.1g}; install the "
                "versions of constraints.txt and export again"
            )

    def _exported(self) -> bytes:
        written = io.BytesIO()
        with torch.no_grad(), OtherOperators(), warnings.catch_warnings():
            # What they warn of, sizes of the example in the graph, is what `write` looks for.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                self.network,
                tuple(self.inputs.values()),
                written,  # type: ignore[arg-type]
                input_names=list(self.inputs),
                output_names=list(self.outputs),
                dynamic_axes={name: dict(axes) for name, axes in self.axes.items()},
                opset_version=OPSET,
                dynamo=False,
            )
        return written.getvalue()


class OtherOperators(TorchFunctionMode):
    """Context in which two functions are computed by operators that ONNX has and computes well.

    ONNX has no `logaddexp`. The exporter writes `logsigmoid` as the logarithm of a sigmoid, which
    ONNX Runtime rounds to steps of 1e-7, so that -11.6 may become -11.7.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """See `TorchFunctionMode`."""
        if func is torch.logaddexp:
            return torch.stack(args).logsumexp(dim=0)
        if func is functional.logsigmoid:
            return -functional.softplus(-args[0])
        return func(*args, **(kwargs or {}))


def difference(content: bytes, names: Sequence[str], cases: Iterable[Case]) -> float:
    """The largest difference between the outputs of a graph and the expected ones.

    Args:
        content: of the ONNX file
        names: of the inputs
        cases: the inputs with the expected outputs

    Returns:
        the difference, absolute below 1 and relative above; infinity if shapes differ, or if an
        infinite number stands where another one is expected
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, ["CPUExecutionProvider"])
    taken = {one.name for one in session.get_inputs()}
    worst = 0.0
    for case in cases:
        given = zip(names, case.inputs, strict=True)
        found = session.run(None, {name: value.numpy() for name, value in given if name in taken})
        pairs = zip(case.outputs, found, strict=True)
        worst = max(worst, *(_apart(one.numpy(), other) for one, other in pairs))
    return worst


def _apart(one: NDArray[Any], other: NDArray[Any]) -> float:
    if one.shape != other.shape:
        return float("inf")
    same = one == other  # infinite numbers too
    if bool(same.all()):
        return 0.0
    one, other = one[~same].astype(np.float64), other[~same].astype(np.float64)
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return float("inf")
    return float((np.abs(one - other) / (1 + np.abs(one))).max())
