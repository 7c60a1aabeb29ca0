"""Learner of language identification: batches, loss and dev score."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import torch
from torch import Tensor
from torch.nn import functional

from nlpflow.models.bag import BagClassifier
from nlpflow.tables import as_arrow
from nlpflow.tasks.language_id.features import Features

DEV_BATCH = 4096
"""Sentences scored at once."""

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LanguageSentences:
    """Normalised sentences and the indices of their languages."""

    sentences: pa.Array
    languages: npt.NDArray[np.int64]
    """Index of each sentence's language, (sentences,)."""

    @classmethod
    def of(cls, table: pd.DataFrame, languages: Sequence[str]) -> "LanguageSentences":
        """The sentences of a prepared table; `languages` gives the indices."""
        numbers = pd.Categorical(table["language"], list(languages)).codes
        return cls(as_arrow(table["sentence"]).combine_chunks(), numbers.astype(np.int64))


@dataclass
class LanguageIdLearner:
    """See `nlpflow.training.loop.Learner`. A batch is the indices of its sentences in `train`."""

    model: BagClassifier
    features: Features
    train: LanguageSentences
    dev: LanguageSentences
    batch_size: int
    seed: int
    device: torch.device
    score: str = "accuracy"
    floor: float = 0.0

    def batches(self, epoch: int) -> list[Indices]:
        """The batches of an epoch, in an order that depends on random seed and epoch alone."""
        order = np.random.default_rng([self.seed, epoch]).permutation(len(self.train.sentences))
        return [
            order[start : start + self.batch_size]
            for start in range(0, len(order), self.batch_size)
        ]

    def loss(self, batch: Indices, epoch: int) -> tuple[Tensor, int]:
        """Negative log-likelihood of the true languages, summed over the sentences."""
        return self._loss(self.train, batch)[0], len(batch)

    def validate(self) -> dict[str, float]:
        """Mean dev loss per sentence, and accuracy in per cent."""
        total, correct, count = 0.0, 0, len(self.dev.sentences)
        for start in range(0, count, DEV_BATCH):
            indices = np.arange(start, min(start + DEV_BATCH, count))
            loss, answers = self._loss(self.dev, indices)
            total += loss.item()
            correct += int((answers.cpu().numpy() == self.dev.languages[indices]).sum())
        return {"loss": total / count, "accuracy": 100 * correct / count}

    def _loss(self, data: LanguageSentences, indices: Indices) -> tuple[Tensor, Tensor]:
        """The loss summed over some sentences, and the best language of each, (sentences,)."""
        logs = predict(self.model, self.features, data.sentences.take(indices), self.device)
        languages = torch.from_numpy(data.languages[indices]).to(self.device)
        return functional.nll_loss(logs, languages, reduction="sum"), logs.argmax(dim=1)


def predict(
    model: BagClassifier, features: Features, sentences: pa.Array, device: torch.device
) -> Tensor:
    """Log-probabilities of the languages of normalised sentences, (sentences, languages)."""
    ids, offsets = (torch.from_numpy(part).to(device) for part in features(sentences))
    log_probabilities: Tensor = model(ids, offsets)
    return log_probabilities
