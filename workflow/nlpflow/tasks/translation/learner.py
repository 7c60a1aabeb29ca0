"""Learner of translation: batches, loss and dev scores."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import torch
from torch import Tensor

from nlpflow.metrics.translation import METRICS, score
from nlpflow.models.interface import Readout
from nlpflow.models.memory import guided_alignment_loss
from nlpflow.models.recurrent import sequence_mask, take_rows
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation import Seq2SeqExperiment
from nlpflow.tables import reading
from nlpflow.tasks.translation.noise import rearranged, with_unknown_words
from nlpflow.tasks.translation.translator import Translator
from nlpflow.text.languages import BLEU_TOKENIZER, bleu_tokenizer
from nlpflow.training.batches import Batches, length_batches, token_batches
from nlpflow.training.processes import current
from nlpflow.vocabulary import PAD
from nlpflow.vocabulary.encoded import EncodedPairs


@dataclass(frozen=True)
class TranslationTestSet:
    """Normalised sources and their reference translations."""

    sources: list[str]
    references: list[list[str]]
    raw: bool
    """Whether the references are as in the corpus, cased and detokenised, and not normalised."""
    overlap: pd.DataFrame | None = None
    """For a user's own test set: whether each source and target is in the training set. One row per
    source, boolean columns `source` and `target`. None for splits of a dataset, which do not
    overlap."""
    tokenizer: str = BLEU_TOKENIZER
    """BLEU's tokeniser for the target language."""

    @property
    def suffix(self) -> str:
        """The suffix of score names, which marks scores on normalised text."""
        return "" if self.raw else "_normalised"


def read_test_set(
    pairs: Path, references: Path, split: str, normalisation: str, target: str
) -> TranslationTestSet:
    """Read a split of a prepared dataset: each distinct source with all of its known references.

    The normalisation `tutorial` cannot be undone, so its outputs are compared with normalised
    references. Outputs under `cased` are ordinary text and are compared with raw references.

    Args:
        pairs: the table of the split
        references: the table of all known references of dev and test
        split: `dev` or `test`
        normalisation: of the dataset
        target: code of the target language
    """
    with reading(pairs):
        table = pd.read_parquet(pairs, columns=["source"])
    sources = table["source"].drop_duplicates()
    with reading(references):
        known = pd.read_parquet(references)
    known = known[known["split"] == split]
    raw = normalisation == "cased"
    texts = known.groupby("source", sort=False)["target_raw" if raw else "target"]
    by_source = texts.agg(lambda column: list(dict.fromkeys(column)))
    there = sources.isin(by_source.index)
    if not there.all():  # with `drop_empty: false`
        logging.warning(
            "warning: %s sources of %s have only empty targets and are not scored",
            (~there).sum(),
            split,
        )
        sources = sources[there]
    found = [by_source[source] for source in sources]
    return TranslationTestSet(list(sources), found, raw, tokenizer=_tokenizer(target, found))


def own_test_set(table: pd.DataFrame, normalisation: str, target: str) -> TranslationTestSet:
    """A user's own test set, in which each source has one reference.

    Args:
        table: from `nlpflow.prepare.test_sets`
        normalisation: of the run
        target: code of the target language
    """
    raw = normalisation == "cased"
    references = [[text] for text in table["target_raw" if raw else "target"]]
    overlap = pd.DataFrame(
        {"source": table["overlap_source"], "target": table["overlap_target"]}, dtype=bool
    )
    tokenizer = _tokenizer(target, references)
    return TranslationTestSet(list(table["source"]), references, raw, overlap, tokenizer)


def _tokenizer(target: str, references: list[list[str]]) -> str:
    texts = [text for known in references for text in known]
    return bleu_tokenizer(target, pa.array(texts, pa.large_string()))


class PairBatch(NamedTuple):
    """A padded batch of sentence pairs. Each sentence ends with `<EOS>`."""

    src: Tensor
    """Token ids, (batch, src_time)."""
    src_lengths: Tensor
    """Number of tokens of each source, (batch,), on the CPU."""
    tgt: Tensor
    """Token ids, (batch, tgt_time)."""
    shares: Tensor | None
    """The attention that gold word alignments ask for, (batch, tgt_time, src_time); None: nothing.
    """
    copies: Tensor | None
    """Ids of the source words in the extended target vocabulary, (batch, src_time), as those of
    `tgt` are; None if the decoder cannot copy."""


@dataclass
class TranslationLearner:
    """See `nlpflow.training.loop.Learner`."""

    model: Seq2Seq
    settings: Seq2SeqExperiment
    train: EncodedPairs
    dev: EncodedPairs
    dev_set: TranslationTestSet
    translator: Translator
    seed: int
    device: torch.device
    score: str = "bleu"
    floor: float = 0.0
    _source_counts: Tensor | None = None
    """How often each source word occurs in training."""

    def batches(self, epoch: int) -> Batches[PairBatch]:
        """The batches of an epoch, in an order that depends on random seed and epoch alone."""
        rng = np.random.default_rng([self.seed, epoch])
        src, tgt = self.train.lengths()
        lengths = np.stack([tgt, src], axis=1)
        training = self.settings.training
        if training.batch_tokens is None:
            batches = length_batches(lengths, training.batch_size, rng)
        else:
            batches = token_batches(lengths, training.batch_tokens, rng)
        return Batches(batches, lambda indices: self._batch(self.train, indices))

    def loss(self, batch: PairBatch, epoch: int) -> tuple[Tensor, int]:
        """Negative log-likelihood of the reference translations, summed over the steps that count.

        The decoder is teacher-forced or free-running, chosen at random for each batch. With label
        smoothing the reference is mixed with a uniform distribution (Szegedy et al. 2016, section
        7). `word_dropout` and `noise` change the sources. With `guided_alignment` the loss of the
        attention is added when teacher-forced.
        """
        batch = self._noisy(batch)
        weights = None
        # The same draw in all processes, so that the whole batch is treated alike.
        drawn = torch.rand((), generator=current().generator).item()
        if drawn < self._teacher_forcing(epoch):
            readout, weights = self._teacher_forced(batch)
            counted = batch.tgt != PAD
        else:
            readout, running = self.model.free_running(
                batch.src, batch.src_lengths, batch.tgt, batch.copies
            )
            counted = running & (batch.tgt != PAD)
        # The output layer is the most expensive one, so it gets only the steps that count.
        words = batch.tgt[counted]
        smoothing = self.settings.training.label_smoothing
        loss = self.model.decoder.loss(take_rows(readout, counted), words, smoothing)
        if batch.shares is not None and weights is not None:
            guided = guided_alignment_loss(weights, batch.shares)
            loss = loss + self.settings.training.guided_alignment * guided
        return loss, len(words)

    def validate(self) -> dict[str, float]:
        """Teacher-forced dev loss, and the scores of greedy translations of the dev set."""
        total, count = 0.0, 0
        src, tgt = self.dev.lengths()
        order = np.lexsort([src, tgt])
        size = self.settings.decoding.batch_size
        for start in range(0, len(order), size):
            batch = self._batch(self.dev, order[start : start + size])
            readout, _ = self._teacher_forced(batch)
            counted = batch.tgt != PAD
            words = batch.tgt[counted]
            total += self.model.decoder.loss(take_rows(readout, counted), words).item()
            count += len(words)
        outputs = [output.text for output in self.translator.greedy(self.dev_set.sources)]
        scores = score(outputs, self.dev_set.references, tokenizer=self.dev_set.tokenizer)
        return {"loss": total / count} | dict(zip(METRICS, scores, strict=True))

    def _teacher_forcing(self, epoch: int) -> float:
        training = self.settings.training
        if training.teacher_forcing_end is None or training.epochs == 1:
            return training.teacher_forcing
        share = (epoch - 1) / (training.epochs - 1)
        return training.teacher_forcing * (1 - share) + training.teacher_forcing_end * share

    def _noisy(self, batch: PairBatch) -> PairBatch:
        """The batch with changed sources, as the settings say."""
        training = self.settings.training
        if training.word_dropout:
            if self._source_counts is None:
                counts = np.bincount(
                    self.train.src.ids, minlength=int(self.train.src.ids.max()) + 1
                )
                self._source_counts = torch.from_numpy(counts).to(self.device)
            src = with_unknown_words(batch.src, self._source_counts, training.word_dropout)
            batch = batch._replace(src=src)
        if training.noise.drop or training.noise.swap:
            noise = training.noise.drop, training.noise.swap
            order, lengths = rearranged(batch.src_lengths, batch.src.shape[1], *noise)
            order = order.to(self.device)
            longest = int(lengths.max())
            mask = sequence_mask(lengths.to(self.device), longest)
            batch = batch._replace(
                src=batch.src.gather(1, order)[:, :longest] * mask, src_lengths=lengths
            )
            if batch.copies is not None:
                copies = batch.copies.gather(1, order)[:, :longest] * mask
                batch = batch._replace(copies=copies)
        return batch

    def _teacher_forced(self, batch: PairBatch) -> tuple[Readout, Tensor]:
        return self.model.teacher_forced(batch.src, batch.src_lengths, batch.tgt, batch.copies)

    def _batch(self, pairs: EncodedPairs, indices: np.ndarray) -> PairBatch:
        src, src_lengths, tgt, _ = pairs.padded(indices)
        shares = None
        if self.settings.training.guided_alignment and pairs.links is not None:
            shares = pairs.links.shares(indices, src.shape[1], tgt.shape[1])
        copies = None
        if self.model.decoder.copies and pairs.copies is not None:
            copies, _ = pairs.copies.src.padded(indices)
            tgt, _ = pairs.copies.tgt.padded(indices)
        return PairBatch(
            torch.from_numpy(src).to(self.device),
            torch.from_numpy(src_lengths),
            torch.from_numpy(tgt).to(self.device),
            None if shares is None else torch.from_numpy(shares).to(self.device),
            None if copies is None else torch.from_numpy(copies).to(self.device),
        )
