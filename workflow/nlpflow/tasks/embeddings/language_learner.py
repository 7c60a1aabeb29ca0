"""Learner of the n-gram and LSTM language models: batches, loss and dev score."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nlpflow.models.language_model import NgramLanguageModel
from nlpflow.models.softmax import WordSampler
from nlpflow.settings.embeddings import LstmModel, NgramModel
from nlpflow.tasks.embeddings.models import LanguageModel
from nlpflow.tasks.embeddings.text import Text
from nlpflow.training.batches import Batches, length_batches


class LanguageBatch(NamedTuple):
    """A batch of a language model: its inputs, and the tokens to predict."""

    inputs: tuple[Tensor, ...]
    """For an n-gram model contexts, (tokens, context); for an LSTM sentences, (batch, time), and
    their lengths, (batch,)."""
    words: Tensor
    """The tokens to predict, (tokens,)."""
    drawn: Tensor
    """The words sampled for the softmax, (drawn,); empty for the exact softmax."""


@dataclass
class LanguageLearner:
    """See `nlpflow.training.loop.Learner`."""

    model: LanguageModel
    settings: NgramModel | LstmModel
    batch_size: int
    train: Text
    dev: Text
    counts: NDArray[np.int64]
    """How often each id occurs in the training text, `<EOS>` and `<unk>` too, (vocabulary,)."""
    seed: int
    device: torch.device
    score: str = "log_likelihood"
    floor: float = -np.inf

    def batches(self, epoch: int) -> Batches[LanguageBatch]:
        """The batches of an epoch, in an order that depends on random seed and epoch alone."""
        rng = np.random.default_rng([self.seed, epoch])
        if isinstance(self.model, NgramLanguageModel):
            order = rng.permutation(len(self.train))
            size = self.batch_size
            parts = [order[start : start + size] for start in range(0, len(order), size)]
        else:
            parts = length_batches(self.train.side.lengths(), self.batch_size, rng)
        return Batches(parts, lambda part: self._batch(epoch, part))

    def loss(self, batch: LanguageBatch, epoch: int) -> tuple[Tensor, int]:
        """Negative log-likelihood, estimated if words are sampled, and the number of tokens."""
        features = self.model(*batch.inputs)
        output = self.model.output
        if len(batch.drawn):
            logs = self._log_probabilities
            return output.sampled_loss(features, batch.words, batch.drawn, logs), len(features)
        return output.loss(features, batch.words), len(features)

    def validate(self) -> dict[str, float]:
        """Mean exact negative log-likelihood of the dev tokens, and its negative."""
        loss = text_loss(self.model, self.dev, self.batch_size, self.device) / len(self.dev)
        return {"loss": loss, "log_likelihood": -loss}

    def _batch(self, epoch: int, part: NDArray[np.int64]) -> LanguageBatch:
        # Each batch has its own generator, so that it does not depend on the batches before it.
        rng = np.random.default_rng([self.seed, epoch, int(part[0])])
        inputs, words = read_batch(self.model, self.train, part, self.device)
        drawn = self._sampler.draw(self.settings.samples or 0, rng)
        return LanguageBatch(inputs, words, torch.from_numpy(drawn).to(self.device))

    @cached_property
    def _sampler(self) -> WordSampler:
        return WordSampler(self.counts)

    @cached_property
    def _log_probabilities(self) -> Tensor:
        return self._sampler.log_probabilities().to(self.device)


def text_loss(model: LanguageModel, text: Text, batch_size: int, device: torch.device) -> float:
    """Negative log-likelihood of a text under the exact softmax, summed over its tokens."""
    if isinstance(model, NgramLanguageModel):
        order = np.arange(len(text))
    else:
        order = np.argsort(-text.side.lengths(), kind="stable")
    total = 0.0
    for start in range(0, len(order), batch_size):
        part = order[start : start + batch_size]
        inputs, words = read_batch(model, text, part, device)
        total += model.output.loss(model(*inputs), words).item()
    return total


def read_batch(
    model: LanguageModel, text: Text, part: NDArray[np.int64], device: torch.device
) -> tuple[tuple[Tensor, ...], Tensor]:
    """The inputs of a model, and the tokens to predict.

    Args:
        model: n-gram model or LSTM
        text: to read from
        part: for an n-gram model positions of tokens; for an LSTM indices of sentences, the longest
            first
        device: where the tensors are put

    Returns:
        see `LanguageBatch`
    """
    if isinstance(model, NgramLanguageModel):
        length = model.hidden.in_features // model.embedding.embedding_dim
        found = text.contexts(part, length), text.at(part)
        inputs, words = (torch.from_numpy(array).to(device) for array in found)
        return (inputs,), words
    inputs, lengths, words = text.shifted(part)
    return (inputs.to(device), lengths), words.to(device)
