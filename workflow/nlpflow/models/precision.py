"""Half precision is for matrix products; what is summed is float32 or float64."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def wide(values: Tensor) -> Tensor:
    """In float32, or float64 if that is what they are in.

    A sum in bf16 has 8 bits, so that two sums of a long sentence often look equal; a sum in fp16
    is infinite above 65,504 (Micikevicius et al. 2018, section 3.3).
    """
    return values.to(torch.promote_types(values.dtype, torch.float32))


@contextmanager
def autocast(device: torch.device, kind: torch.dtype | None) -> Iterator[None]:
    """Matrix products in `kind` where the processor has them; without a kind all is float32.

    Of a CPU, torch takes for granted that oneDNN has an LSTM of this kind, and fails where it has
    none (bf16 without AVX-512): there torch's own kernels do the work.
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
    """Whether oneDNN has an LSTM in `kind` for this processor."""
    try:
        # The weights of this LSTM must not move the random numbers of the training.
        with torch.random.fork_rng(devices=[]), torch.no_grad(), torch.autocast("cpu", kind):
            nn.LSTM(1, 1)(torch.zeros(1, 1, 1))
    except RuntimeError:
        return False
    return True
