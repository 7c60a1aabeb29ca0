"""Learner of skip-gram and CBOW: batches of windows, loss and dev score."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nlpflow.errors import UserError
from nlpflow.models.softmax import WordSampler
from nlpflow.models.word2vec import Cbow, SkipGram, window_mask
from nlpflow.settings.embeddings import CbowModel, EmbeddingsTraining, SkipGramModel
from nlpflow.tasks.embeddings.text import Text
from nlpflow.text.windows import band, cut_blocks, draw_reach, keep_probabilities, subsample
from nlpflow.training.batches import Batches

BLOCK = 16
"""Number of centres per block. All centres of a block are multiplied with all of its words, but
only products within the windows are used. With larger blocks more of them are wasted; with smaller
ones the matrix products are too small to be fast."""

LEAST_RATE = 0.001
"""The share of the initial learning rate that remains at the end."""


class WindowBatch(NamedTuple):
    """A batch of blocks. The axis `words` is window + `BLOCK` + window words long."""

    ids: Tensor
    """Word ids, (blocks, words)."""
    sentences: Tensor
    """Number of each word's sentence, negative where there is no word, (blocks, words)."""
    reach: Tensor
    """Half the window of each centre, in words, (blocks, BLOCK)."""
    drawn: Tensor
    """Sampled words for the loss: noise words or samples of the softmax, (drawn,)."""
    done: float
    """Share of all epochs' batches that come before this one, 0 to 1."""


@dataclass
class WindowLearner:
    """See `nlpflow.training.loop.Learner`.

    The word2vec program makes an update for every word, and its learning rate falls linearly with
    the number of words seen. To match it, gradients are summed over a batch instead of averaged,
    and scaled by a factor that falls linearly.
    """

    model: SkipGram | Cbow
    settings: SkipGramModel | CbowModel
    training: EmbeddingsTraining
    train: Text
    dev: Text
    counts: NDArray[np.int64]
    """How often each id occurs in the training text, 0 for special tokens, (vocabulary,)."""
    seed: int
    device: torch.device
    score: str = "log_likelihood"
    floor: float = -np.inf

    def batches(self, epoch: int) -> Batches[WindowBatch]:
        """The batches of an epoch: subsampled words, cut into blocks and shuffled.

        They depend on the random seed and the epoch alone.
        """
        rng = np.random.default_rng([self.seed, epoch])
        ids, sentences = self._words
        if self.settings.subsample is not None:
            keep = keep_probabilities(self.counts, self.settings.subsample)
            ids, sentences = subsample(ids, sentences, keep, rng)
        return self._cut(ids, sentences, rng, epoch)

    def loss(self, batch: WindowBatch, epoch: int) -> tuple[Tensor, int]:
        """The loss summed over pairs (skip-gram) or centres (CBOW), and their number."""
        loss, count = self._loss(batch)
        # The loop divides the gradient by `count`, so it is multiplied by `count` here. The value
        # of the loss stays: the difference is 0 but has a gradient.
        factor = count * max(LEAST_RATE, 1 - batch.done)
        return loss.detach() + factor * (loss - loss.detach()), count

    def _loss(self, batch: WindowBatch) -> tuple[Tensor, int]:
        mask = window_mask(self._band, batch.reach, batch.sentences)
        ids = batch.ids.long()
        if isinstance(self.model, SkipGram):
            assert isinstance(self.settings, SkipGramModel)
            loss = self.model(ids, mask, batch.drawn, self.settings.negatives)
            return loss, int(mask.sum())
        sums, words = self.model(ids, mask)
        output = self.model.output
        if self.model.training and len(batch.drawn):
            loss = output.sampled_loss(sums, words, batch.drawn, self._log_probabilities)
        else:
            loss = output.loss(sums, words)
        return loss, len(words)

    def validate(self) -> dict[str, float]:
        """The loss on all windows of the dev set.

        Skip-gram draws the same noise words in every call; CBOW uses the exact softmax.
        """
        rng = np.random.default_rng([self.seed, 0])
        total, count = 0.0, 0
        for batch in self._cut(*self.dev.words(), rng, 0):
            loss, pairs = self._loss(batch)
            total, count = total + loss.item(), count + pairs
        if not count:
            raise UserError(
                "no line of the dev set has two words of the vocabulary, so no epoch can be "
                "selected; enlarge split.dev or lower min_count"
            )
        loss_each = total / count
        return {"loss": loss_each, "log_likelihood": -loss_each}

    def _cut(
        self,
        ids: NDArray[np.int32],
        sentences: NDArray[np.int32],
        rng: np.random.Generator,
        epoch: int,
    ) -> Batches[WindowBatch]:
        """Cut words into blocks, and the blocks into batches in random order."""
        window = self.settings.window
        blocks = cut_blocks(ids, sentences, BLOCK, window)
        reach = draw_reach(len(blocks.ids), BLOCK, window, rng)
        order = rng.permutation(len(blocks.ids))
        together = max(1, self.training.batch_size // BLOCK)
        indices = np.arange(len(order))

        def make(part: NDArray[np.int64]) -> WindowBatch:
            # Each batch has its own generator, so that it does not depend on those before it.
            noise = np.random.default_rng([self.seed, epoch, int(part[0])])
            chosen = order[part]
            return WindowBatch(
                self._tensor(blocks.ids[chosen]),
                self._tensor(blocks.sentences[chosen]),
                self._tensor(reach[chosen]),
                self._tensor(self._sampler.draw(self._drawn, noise)),
                done=(max(0, epoch - 1) + int(part[0]) / len(order)) / self.training.epochs,
            )

        starts = range(0, len(order), together)
        return Batches([indices[start : start + together] for start in starts], make)

    def _tensor(self, array: NDArray[np.integer]) -> Tensor:
        return torch.from_numpy(array).to(self.device)

    @property
    def _drawn(self) -> int:
        """Number of words sampled per batch."""
        settings = self.settings
        return settings.noise if isinstance(settings, SkipGramModel) else settings.samples or 0

    @cached_property
    def _words(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        return self.train.words()

    @cached_property
    def _sampler(self) -> WordSampler:
        return WordSampler(self.counts)

    @cached_property
    def _log_probabilities(self) -> Tensor:
        return self._sampler.log_probabilities().to(self.device)

    @cached_property
    def _band(self) -> Tensor:
        return torch.from_numpy(band(BLOCK, self.settings.window)).to(self.device)
