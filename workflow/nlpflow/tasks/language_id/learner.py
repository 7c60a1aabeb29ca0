"""Learner of language identification: batches, loss and dev score."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import torch
from torch import Tensor
from torch.nn import functional

from nlpflow.models.bag import BagClassifier
from nlpflow.settings.language_id import LanguageIdSpans
from nlpflow.tasks.language_id.features import Features
from nlpflow.tasks.language_id.sentences import LanguageSentences
from nlpflow.tasks.language_id.spans import SpanSource, short_texts

DEV_BATCH = 4096
"""Sentences scored at once."""

SPANS = 1
"""Distinguishes the random numbers that draw spans from those that order the batches."""

Indices = npt.NDArray[np.int64]


@dataclass
class LanguageIdLearner:
    """See `nlpflow.training.loop.Learner`. A batch is indices of texts in `texts(epoch)`."""

    model: BagClassifier
    features: Features
    train: LanguageSentences
    dev: LanguageSentences
    batch_size: int
    seed: int
    device: torch.device
    spans: LanguageIdSpans = field(default_factory=LanguageIdSpans)
    score: str = "accuracy"
    floor: float = 0.0

    def __post_init__(self) -> None:
        self._short = short_texts(self.dev)
        self._source = SpanSource.of(self.train) if self.spans.per_sentence else None
        self._epoch, self._texts = 0, self.train

    def texts(self, epoch: int) -> LanguageSentences:
        """What an epoch trains on: the training sentences, and the spans drawn for it."""
        if self._source is not None and epoch != self._epoch:
            rng = np.random.default_rng([self.seed, epoch, SPANS])
            self._epoch, self._texts = epoch, self.train + self._source.draw(self.spans, rng)
        return self._texts

    def batches(self, epoch: int) -> list[Indices]:
        """The batches of an epoch, in an order that depends on random seed and epoch alone."""
        count = len(self.texts(epoch).sentences)
        order = np.random.default_rng([self.seed, epoch]).permutation(count)
        return [
            order[start : start + self.batch_size]
            for start in range(0, len(order), self.batch_size)
        ]

    def loss(self, batch: Indices, epoch: int) -> tuple[Tensor, int]:
        """Negative log-likelihood of the true languages, summed over the texts."""
        return self._loss(self.texts(epoch), batch)[0], len(batch)

    def validate(self) -> dict[str, float]:
        """Mean dev loss per sentence, and accuracy in per cent, also of words and pairs of words.

        The words and pairs are cut from the dev sentences, so they measure how well short texts are
        identified without the test sets.
        """
        loss, accuracy = self._validate(self.dev)
        short = {
            f"accuracy_{kind}": self._validate(texts)[1] for kind, texts in self._short.items()
        }
        return {"loss": loss, "accuracy": accuracy} | short

    def _validate(self, data: LanguageSentences) -> tuple[float, float]:
        """Mean loss per text, and accuracy in per cent."""
        total, correct, count = 0.0, 0, len(data.sentences)
        for start in range(0, count, DEV_BATCH):
            indices = np.arange(start, min(start + DEV_BATCH, count))
            loss, answers = self._loss(data, indices)
            total += loss.item()
            correct += int((answers.cpu().numpy() == data.languages[indices]).sum())
        return total / count, 100 * correct / count

    def _loss(self, data: LanguageSentences, indices: Indices) -> tuple[Tensor, Tensor]:
        """The loss summed over some texts, and the best language of each, (texts,)."""
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
