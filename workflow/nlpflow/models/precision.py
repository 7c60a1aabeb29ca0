"""Half precision is for matrix products; what is summed is float32 or float64."""

import torch
from torch import Tensor


def wide(values: Tensor) -> Tensor:
    """In float32, or float64 if that is what they are in.

    A sum in bf16 has 8 bits, so that two sums of a long sentence often look equal; a sum in fp16
    is infinite above 65,504 (Micikevicius et al. 2018, section 3.3).
    """
    return values.to(torch.promote_types(values.dtype, torch.float32))
