"""Translation for the training loop: batches, loss and dev score."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from nlpflow.metrics.translation import METRICS, score
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tasks.translation.references import TestSet
from nlpflow.tasks.translation.translator import Translator
from nlpflow.training.batches import Batches, length_batches, token_batches
from nlpflow.vocabulary import PAD
from nlpflow.vocabulary.encoded import EncodedPairs


class Batch(NamedTuple):
    """Sentence pairs, padded, each with its `<EOS>`."""

    src: Tensor
    """(batch, src_time)"""
    src_lengths: Tensor
    """(batch,), on the CPU"""
    tgt: Tensor
    """(batch, tgt_time)"""


@dataclass
class TranslationLearner:
    """See `nlpflow.training.loop.Learner`."""

    model: Seq2Seq
    settings: TranslationExperiment
    train: EncodedPairs
    dev: EncodedPairs
    dev_set: TestSet
    translator: Translator
    seed: int
    device: torch.device
    score: str = "bleu"

    def batches(self, epoch: int) -> Batches[Batch]:
        """The order depends on the random seed and the epoch alone."""
        rng = np.random.default_rng([self.seed, epoch])
        src, tgt = self.train.lengths()
        lengths = np.stack([tgt, src], axis=1)
        training = self.settings.training
        if training.batch_tokens is None:
            batches = length_batches(lengths, training.batch_size, rng)
        else:
            batches = token_batches(lengths, training.batch_tokens, rng)
        return Batches(batches, lambda indices: self._batch(self.train, indices))

    def loss(self, batch: Batch, epoch: int) -> tuple[Tensor, int]:
        """Negative log-likelihood of the reference, summed over the steps that count.

        With label smoothing the reference is mixed with all words (Szegedy et al. 2016, 7).
        """
        if torch.rand(()).item() < self._teacher_forcing(epoch):
            readout, _ = self.model.forced(batch.src, batch.src_lengths, batch.tgt)
            counted = batch.tgt != PAD
        else:
            readout, running = self.model.free(batch.src, batch.src_lengths, batch.tgt)
            counted = running & (batch.tgt != PAD)
        # Only the steps that count go through the output layer, the most expensive one.
        logits = self.model.decoder.logits(readout[counted])
        words = batch.tgt[counted]
        smoothing = self.settings.training.label_smoothing
        loss = functional.cross_entropy(logits, words, reduction="sum", label_smoothing=smoothing)
        return loss, len(words)

    def validate(self) -> dict[str, float]:
        """Dev loss under teacher forcing, and the scores of greedy translations."""
        total, count = 0.0, 0
        src, tgt = self.dev.lengths()
        order = np.lexsort([src, tgt])
        size = self.settings.decoding.batch_size
        for start in range(0, len(order), size):
            batch = self._batch(self.dev, order[start : start + size])
            readout, _ = self.model.forced(batch.src, batch.src_lengths, batch.tgt)
            counted = batch.tgt != PAD
            logits = self.model.decoder.logits(readout[counted])
            words = batch.tgt[counted]
            total += functional.cross_entropy(logits, words, reduction="sum").item()
            count += len(words)
        outputs = [output.text for output in self.translator.greedy(self.dev_set.sources)]
        scores = score(outputs, self.dev_set.references)
        return {"loss": total / count} | dict(zip(METRICS, scores, strict=True))

    def _teacher_forcing(self, epoch: int) -> float:
        training = self.settings.training
        if training.teacher_forcing_end is None or training.epochs == 1:
            return training.teacher_forcing
        share = (epoch - 1) / (training.epochs - 1)
        return training.teacher_forcing * (1 - share) + training.teacher_forcing_end * share

    def _batch(self, pairs: EncodedPairs, indices: np.ndarray) -> Batch:
        src, src_lengths, tgt, _ = pairs.padded(indices)
        return Batch(
            torch.from_numpy(src).to(self.device),
            torch.from_numpy(src_lengths),
            torch.from_numpy(tgt).to(self.device),
        )
