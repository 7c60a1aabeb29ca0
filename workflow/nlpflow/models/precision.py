"""Mixed precision: matrix products in half precision, sums in float32 or float64."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def wide(values: Tensor) -> Tensor:
    """The values in float32; float64 stays as it is.

    A sum in bf16 has 8 significant bits, so that the sums of two long sentences often come out
    equal. A sum in fp16 is infinite above 65,504 (Micikevicius et al. 2018, section 3.3).
    """
    return values.to(torch.promote_types(values.dtype, torch.float32))


@contextmanager
def autocast(device: torch.device, kind: torch.dtype | None) -> Iterator[None]:
    """Context in which matrix products are computed in `kind`; None: everything in float32.

    On a CPU PyTorch assumes that oneDNN has an LSTM in this precision, and fails if it has none
    (bf16 without AVX-512, fp16 on most). In that case PyTorch's own kernels are used.
    """
    if kind is None:
        yield
        return
    before = torch.backends.mkldnn.enabled
    if device.type == "cpu" and not _has_lstm(kind):
        torch.backends.mkldnn.enabled = False  # type: ignore[assignment]
    try:
        with torch.autocast(device.type, kind):
            yield
    finally:
        torch.backends.mkldnn.enabled = before


@functools.cache
def _has_lstm(kind: torch.dtype) -> bool:
    """Whether oneDNN can train an LSTM in `kind` on this processor.

    Some processors have an fp16 LSTM for prediction only.
    """
    try:
        # Initialising this LSTM must not advance the random numbers of the training.
        with torch.random.fork_rng(devices=[]), torch.enable_grad(), torch.autocast("cpu", kind):
            nn.LSTM(1, 1)(torch.zeros(1, 1, 1))[0].sum().backward()
    except RuntimeError:
        return False
    return True
