"""The network that the settings of an experiment describe, untrained.

The vocabulary's size counts the special tokens.
"""

from nlpflow.models.language_model import LstmLanguageModel, NgramLanguageModel
from nlpflow.models.word2vec import Cbow, SkipGram
from nlpflow.settings.embeddings import CbowModel, LstmModel, NgramModel, SkipGramModel

WindowNetwork = SkipGram | Cbow
LanguageModel = NgramLanguageModel | LstmLanguageModel


def build_window_model(settings: SkipGramModel | CbowModel, vocabulary: int) -> WindowNetwork:
    """Skip-gram or CBOW."""
    network = SkipGram if isinstance(settings, SkipGramModel) else Cbow
    return network(vocabulary, settings.dimension)


def build_language_model(settings: NgramModel | LstmModel, vocabulary: int) -> LanguageModel:
    """An n-gram or an LSTM language model."""
    size, hidden = settings.dimension, settings.hidden
    if isinstance(settings, NgramModel):
        return NgramLanguageModel(vocabulary, size, settings.context, hidden)
    return LstmLanguageModel(vocabulary, size, hidden, settings.layers, settings.dropout)
