"""The update rule named in the settings."""

from torch import nn, optim

from nlpflow.settings.training import Training


def build_optimiser(model: nn.Module, settings: Training) -> optim.Optimizer:
    """SGD, RMSProp (Hinton 2012), Adam (Kingma & Ba 2015) or AdaGrad (Duchi et al. 2011).

    SGD and AdaGrad also take sparse gradients, and then touch no other row of the weights.

    Weight decay is an L2 penalty for all but Adam, where it is decoupled (Loshchilov & Hutter
    2019), where a penalty would be scaled away.
    """
    rate, decay = settings.learning_rate, settings.weight_decay
    match settings.optimiser:
        case "sgd":
            return optim.SGD(model.parameters(), lr=rate, weight_decay=decay)
        case "rmsprop":
            return optim.RMSprop(model.parameters(), lr=rate, weight_decay=decay)
        case "adam":
            return optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
        case "adagrad":
            return optim.Adagrad(model.parameters(), lr=rate, weight_decay=decay)
