"""Builds the untrained network that the settings of an embeddings experiment describe."""

from nlpflow.models.language_model import LstmLanguageModel, NgramLanguageModel
from nlpflow.models.word2vec import Cbow, SkipGram
from nlpflow.settings.embeddings import CbowModel, LstmModel, NgramModel, SkipGramModel

WindowNetwork = SkipGram | Cbow
LanguageModel = NgramLanguageModel | LstmLanguageModel


def build_window_model(settings: SkipGramModel | CbowModel, vocabulary: int) -> WindowNetwork:
    """Build a skip-gram or CBOW model; `vocabulary` counts words and special tokens."""
    network = SkipGram if isinstance(settings, SkipGramModel) else Cbow
    return network(vocabulary, settings.dimension)


def build_language_model(settings: NgramModel | LstmModel, vocabulary: int) -> LanguageModel:
    """Build an n-gram or LSTM language model; `vocabulary` counts words and special tokens."""
    size, hidden = settings.dimension, settings.hidden
    if isinstance(settings, NgramModel):
        return NgramLanguageModel(vocabulary, size, settings.context, hidden)
    return LstmLanguageModel(vocabulary, size, hidden, settings.layers, settings.dropout)
