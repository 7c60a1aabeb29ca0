"""Settings of small networks that translate, by the name of their attention or network."""

from nlpflow.models.attention import ATTENTIONS
from nlpflow.settings.translation_model import GRUModel, TransformerModel, TranslationModel

KINDS = [*ATTENTIONS, "transformer"]


def network(kind: str, layers: int = 1, hidden: int = 8, **values: object) -> TranslationModel:
    """A network with states of size `hidden`."""
    if kind == "transformer":
        return TransformerModel(
            network="transformer",
            embedding=2 * (hidden // 2),
            heads=2,
            feed_forward=hidden,
            layers=layers,
            dropout=0.0,
        )
    sizes = {"embedding": 6, "heads": 1 if hidden % 2 else 2} | values
    return GRUModel(attention=kind, hidden=hidden, layers=layers, **sizes)
