"""Language identification for the training loop: batches, loss and dev score."""

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
    """Normalised sentences and the numbers of their languages."""

    sentences: pa.Array
    languages: npt.NDArray[np.int64]

    @classmethod
    def of(cls, table: pd.DataFrame, languages: Sequence[str]) -> "LanguageSentences":
        """The sentences of a prepared table."""
        numbers = pd.Categorical(table["language"], list(languages)).codes
        return cls(as_arrow(table["sentence"]).combine_chunks(), numbers.astype(np.int64))


@dataclass
class LanguageIdLearner:
    """See `nlpflow.training.loop.Learner`. A batch is the places of its sentences in `train`."""

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
        """The order depends on the random seed and the epoch alone."""
        order = np.random.default_rng([self.seed, epoch]).permutation(len(self.train.sentences))
        return [
            order[start : start + self.batch_size]
            for start in range(0, len(order), self.batch_size)
        ]

    def loss(self, batch: Indices, epoch: int) -> tuple[Tensor, int]:
        """Negative log-likelihood of the right languages, summed over the sentences."""
        return self._loss(self.train, batch)[0], len(batch)

    def validate(self) -> dict[str, float]:
        """Dev loss a sentence, and the share of right answers in per cent."""
        total, right, count = 0.0, 0, len(self.dev.sentences)
        for start in range(0, count, DEV_BATCH):
            places = np.arange(start, min(start + DEV_BATCH, count))
            loss, answers = self._loss(self.dev, places)
            total += loss.item()
            right += int((answers.cpu().numpy() == self.dev.languages[places]).sum())
        return {"loss": total / count, "accuracy": 100 * right / count}

    def _loss(self, data: LanguageSentences, places: Indices) -> tuple[Tensor, Tensor]:
        """The loss summed over some sentences, and the answers to them (sentences,)."""
        shares = predict(self.model, self.features, data.sentences.take(places), self.device)
        right = torch.from_numpy(data.languages[places]).to(self.device)
        return functional.nll_loss(shares, right, reduction="sum"), shares.argmax(dim=1)


def predict(
    model: BagClassifier, features: Features, sentences: pa.Array, device: torch.device
) -> Tensor:
    """Log-probabilities of the languages of normalised sentences: (sentences, languages)."""
    ids, offsets = (torch.from_numpy(part).to(device) for part in features(sentences))
    log_probabilities: Tensor = model(ids, offsets)
    return log_probabilities
