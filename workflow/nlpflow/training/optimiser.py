"""The update rule named in the settings."""

from torch import nn, optim

from nlpflow.settings.training import Training


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
