"""Perplexity of a language model on a test set, and of a count-based n-gram model."""

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
from nlpflow.tasks.embeddings.training import read_text
from nlpflow.vocabulary import PAD, SOS

LONGEST_ORDER = 4
"""The highest order of add-k n-grams that is tried; longer ones are too rare."""


class Perplexities(NamedTuple):
    """Perplexity of a language model, and of the add-k n-gram model that is best on the dev set."""

    neural: float
    add_k: float
    order: int
    """The order of the add-k n-grams."""
    k: float


def perplexities(
    trained: TrainedEmbeddings, train_table: Path, dev_table: Path, test_table: Path
) -> Perplexities | None:
    """Perplexities of a run and of an add-k n-gram model on the same tokens of a test set.

    The tokens are the words of the vocabulary, `<unk>` and `<EOS>`.

    Returns:
        None if the run is not a language model
    """
    if not isinstance(trained.model, NgramLanguageModel | LstmLanguageModel):
        return None
    train, dev, test = (
        Text.of(trained.vocabulary, read_text(table, trained.settings))
        for table in (train_table, dev_table, test_table)
    )
    size = trained.settings.training.batch_size
    with torch.inference_mode():
        loss = text_loss(trained.model, test, size, trained.device)
    model, order = tuned_add_k(train, dev, len(trained.vocabulary))
    logs = model.log_probabilities(*_ngrams(test, order))
    return Perplexities(math.exp(loss / len(test)), math.exp(-logs.mean()), order, model.k)


def tuned_add_k(train: Text, dev: Text, vocabulary: int) -> tuple[AddK, int]:
    """Build add-k n-grams from a training text, with the order and the k that are best on dev.

    Returns:
        the model and its order
    """
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
