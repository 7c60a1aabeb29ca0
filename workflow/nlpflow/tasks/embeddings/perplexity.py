"""How well a language model predicts a test set, beside counted n-grams."""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from nlpflow.baselines.add_k import AddK
from nlpflow.models.language_model import LstmLanguageModel, NgramLanguageModel
from nlpflow.tasks.embeddings.language_learner import text_loss
from nlpflow.tasks.embeddings.text import Text
from nlpflow.tasks.embeddings.trained import TrainedEmbeddings
from nlpflow.tasks.embeddings.training import read_column
from nlpflow.vocabulary import PAD, SOS

LONGEST_ORDER = 4
"""Counted n-grams are tried from single words up to this order; longer ones are too rare."""


class Perplexities(NamedTuple):
    """Perplexity of a language model, and of the add-k n-grams that suit the dev set best."""

    neural: float
    add_k: float
    order: int
    k: float


def perplexities(
    trained: TrainedEmbeddings, train_table: Path, dev_table: Path, test_table: Path
) -> Perplexities | None:
    """Perplexities of the run and of counted n-grams on the same tokens of a test set.

    The tokens are the known words, `<unk>` and `<EOS>`. None for a run that is no language model.
    """
    if not isinstance(trained.model, NgramLanguageModel | LstmLanguageModel):
        return None
    train, dev, test = (
        Text.of(trained.vocabulary, read_column(table, "sentence"))
        for table in (train_table, dev_table, test_table)
    )
    size = trained.settings.training.batch_size
    with torch.inference_mode():
        loss = text_loss(trained.model, test, size, trained.device)
    model, order = tuned_add_k(train, dev, len(trained.vocabulary))
    logs = model.log_probabilities(*_ngrams(test, order))
    return Perplexities(math.exp(loss / len(test)), math.exp(-logs.mean()), order, model.k)


def tuned_add_k(train: Text, dev: Text, vocabulary: int) -> tuple[AddK, int]:
    """The counted n-grams of a training text whose order and k suit dev best, and their order."""
    outcomes = vocabulary - len((PAD, SOS))
    best, best_order, best_score = None, 0, -math.inf
    for order in range(1, LONGEST_ORDER + 1):
        model = AddK(*_ngrams(train, order), vocabulary, outcomes)
        score = model.tune(*_ngrams(dev, order))
        if best is None or score > best_score:
            best, best_order, best_score = model, order, score
    assert best is not None
    return best, best_order


def _ngrams(text: Text, order: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    at = np.arange(len(text))
    return text.contexts(at, order - 1), text.at(at)
