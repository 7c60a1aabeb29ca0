"""Weights that a training starts from: those of another run, whole or by part."""

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from nlpflow.errors import UserError
from nlpflow.settings.checks import unknown_name


def load_parts(
    model: nn.Module, weights: Mapping[str, Tensor], parts: Sequence[str], where: str
) -> list[str]:
    """Put the weights of some modules (all, if `parts` is empty) into `model`.

    :param parts: names of modules as in `encoder` or `decoder.attention`
    :param where: the run that `weights` belong to, for errors
    :returns: the names of the weights taken
    """
    own = model.state_dict()
    modules = [name for name, _ in model.named_modules() if name]
    for part in parts:
        if part not in modules:
            raise unknown_name("training.initialise_parts", part, modules)
    taken = [
        name for name in own if not parts or any(name.startswith(f"{part}.") for part in parts)
    ]
    for name in taken:
        if name not in weights:
            raise UserError(f"training.initialise_from: {where} has no weights {name}")
        if weights[name].shape != own[name].shape:
            shapes = [tuple(tensor.shape) for tensor in (weights[name], own[name])]
            raise UserError(
                f"training.initialise_from: {name} of {where} is {shapes[0]}, here {shapes[1]}; "
                "choose equal sizes, or other parts with training.initialise_parts"
            )
    model.load_state_dict({name: weights[name] for name in taken}, strict=False)
    return taken
