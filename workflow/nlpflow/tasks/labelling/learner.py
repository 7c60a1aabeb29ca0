"""Learner of sequence labelling for the training loop: batches, loss and dev scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from nlpflow.models.bilstm_crf import LabellingNetwork
from nlpflow.models.embeddings import replace_by_unknown, word_dropout_rates
from nlpflow.prepare.tagged import Sentence
from nlpflow.settings.labelling import LabellingExperiment
from nlpflow.tasks.labelling.labeller import (
    BATCH,
    Labeller,
    PaddedSentences,
    pad_sentences,
    read_tags,
)
from nlpflow.tasks.labelling.scoring import Scoring
from nlpflow.training.batches import Batches, length_batches
from nlpflow.vocabulary import SPECIALS
from nlpflow.vocabulary.tags import LabelVocabulary


class TaggedBatch(NamedTuple):
    """A batch of sentences with their gold tags."""

    inputs: PaddedSentences
    tags: Tensor
    """Tag ids, (batch, time)."""


@dataclass
class LabellingLearner:
    """See `nlpflow.training.loop.Learner`."""

    labeller: Labeller
    settings: LabellingExperiment
    train: Sequence[Sentence]
    dev: Sequence[Sentence]
    scoring: Scoring
    seed: int
    floor: float = 0.0

    @property
    def model(self) -> LabellingNetwork:
        """The network that is trained."""
        return self.labeller.network

    @property
    def score(self) -> str:
        """The dev score that selects the best epoch; higher is better."""
        return self.scoring.score

    def batches(self, epoch: int) -> Batches[TaggedBatch]:
        """The batches of an epoch.

        Their order and the words that dropout hides depend on the random seed and the epoch alone.
        """
        rng = np.random.default_rng([self.seed, epoch])
        lengths = np.array([len(sentence.words) for sentence in self.train])
        batches = length_batches(lengths, self.settings.training.batch_size, rng)
        return Batches(batches, lambda indices: self._training_batch(epoch, indices))

    def loss(self, batch: TaggedBatch, epoch: int) -> tuple[Tensor, int]:
        """The loss summed over the batch's words."""
        return self.model.loss(*batch.inputs, batch.tags)

    def validate(self) -> dict[str, float]:
        """Dev loss and scores."""
        total, count = 0.0, 0
        order = sorted(self.dev, key=lambda sentence: len(sentence.words))
        for start in range(0, len(order), BATCH):
            sentences = order[start : start + BATCH]
            batch = self._batch(self.labeller.read([s.words for s in sentences]), sentences)
            loss, words = self.model.loss(*batch.inputs, batch.tags)
            total += loss.item()
            count += words
        found = self.labeller.label([sentence.words for sentence in self.dev])
        scores = self.scoring.dev_scores([sentence.tags for sentence in self.dev], found)
        return {"loss": total / max(count, 1)} | scores

    @cached_property
    def _word_rates(self) -> Tensor:
        """The probability that dropout hides each word, (vocabulary,)."""
        counts = torch.tensor([0] * len(SPECIALS) + list(self._vocabulary.counts))
        return word_dropout_rates(counts, self.settings.model.word_dropout)

    @property
    def _vocabulary(self) -> LabelVocabulary:
        return self.labeller.vocabulary

    def _training_batch(self, epoch: int, indices: np.ndarray) -> TaggedBatch:
        # Each batch has its own generator, so that it does not depend on the batches before it.
        rng = np.random.default_rng([self.seed, epoch, int(indices[0])])
        generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
        sentences = [self.train[i] for i in indices]
        with_spellings = bool(self.model.tagger.encoders)
        inputs = pad_sentences([s.words for s in sentences], self._vocabulary, with_spellings)
        return self._batch(self._dropout(inputs, generator), sentences)

    def _dropout(self, inputs: PaddedSentences, generator: torch.Generator) -> PaddedSentences:
        """Replace some words and characters by the unknown one."""
        words = replace_by_unknown(inputs.words, self._word_rates, generator)
        spellings = inputs.spellings
        settings = self.settings.model.characters
        if spellings is not None and settings is not None and settings.dropout:
            rates = torch.full((self._vocabulary.character_count,), settings.dropout)
            characters = replace_by_unknown(spellings.characters, rates, generator)
            spellings = spellings._replace(characters=characters)
        return inputs._replace(words=words, spellings=spellings)

    def _batch(self, inputs: PaddedSentences, sentences: Sequence[Sentence]) -> TaggedBatch:
        device = self.labeller.device
        tags = read_tags([sentence.tags for sentence in sentences], self._vocabulary)
        return TaggedBatch(inputs.to(device), tags.to(device))
