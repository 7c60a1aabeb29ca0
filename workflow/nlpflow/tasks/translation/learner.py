"""Translation for the training loop: batches, loss and dev score."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import torch
from torch import Tensor
from torch.nn import functional

from nlpflow.metrics.translation import METRICS, score
from nlpflow.models.precision import wide
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tables import reading
from nlpflow.tasks.translation.translator import Translator
from nlpflow.text.languages import BLEU_TOKENIZER, bleu_tokenizer
from nlpflow.training.batches import Batches, length_batches, token_batches
from nlpflow.vocabulary import PAD
from nlpflow.vocabulary.encoded import EncodedPairs


@dataclass(frozen=True)
class TranslationTestSet:
    """Normalised sources and their references; `raw` says which text is compared."""

    sources: list[str]
    references: list[list[str]]
    raw: bool
    """True: references as in the corpus, cased and detokenised; False: normalised text."""
    overlap: pd.DataFrame | None = None
    """For a user's test set: which of its sentences the training set has too. One row per source,
    booleans `source` and `target`. The splits of a dataset share none."""
    tokenizer: str = BLEU_TOKENIZER
    """What BLEU's words are in the target language."""

    @property
    def suffix(self) -> str:
        """What the names of scores end in, so that none on normalised text passes for another."""
        return "" if self.raw else "_normalised"


def read_test_set(
    pairs: Path, references: Path, split: str, normalisation: str, target: str
) -> TranslationTestSet:
    """The `split` of a prepared dataset: each distinct source once, with every known reference.

    The `tutorial` normalisation can't be undone, so its outputs are compared with normalised
    references; those of `cased` are ordinary text and are compared with the raw ones.

    Args:
        pairs: the split's table, :param references: all known references of dev and test,
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
    found = [by_source[source] for source in sources]
    return TranslationTestSet(list(sources), found, raw, tokenizer=_tokenizer(target, found))


def own_test_set(table: pd.DataFrame, normalisation: str, target: str) -> TranslationTestSet:
    """An own test set, see `nlpflow.prepare.test_sets`: each line with its one reference."""
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
    dev_set: TranslationTestSet
    translator: Translator
    seed: int
    device: torch.device
    score: str = "bleu"
    floor: float = 0.0

    def batches(self, epoch: int) -> Batches[PairBatch]:
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

    def loss(self, batch: PairBatch, epoch: int) -> tuple[Tensor, int]:
        """Negative log-likelihood of the reference, summed over the steps that count.

        With label smoothing the reference is mixed with all words (Szegedy et al. 2016, 7).
        """
        if torch.rand(()).item() < self._teacher_forcing(epoch):
            readout, _ = self.model.teacher_forced(batch.src, batch.src_lengths, batch.tgt)
            counted = batch.tgt != PAD
        else:
            readout, running = self.model.free_running(batch.src, batch.src_lengths, batch.tgt)
            counted = running & (batch.tgt != PAD)
        # Only the steps that count go through the output layer, the most expensive one.
        logits = self.model.decoder.logits(readout[counted])
        words = batch.tgt[counted]
        smoothing = self.settings.training.label_smoothing
        loss = functional.cross_entropy(
            wide(logits), words, reduction="sum", label_smoothing=smoothing
        )
        return loss, len(words)

    def validate(self) -> dict[str, float]:
        """Dev loss under teacher forcing, and the scores of greedy translations."""
        total, count = 0.0, 0
        src, tgt = self.dev.lengths()
        order = np.lexsort([src, tgt])
        size = self.settings.decoding.batch_size
        for start in range(0, len(order), size):
            batch = self._batch(self.dev, order[start : start + size])
            readout, _ = self.model.teacher_forced(batch.src, batch.src_lengths, batch.tgt)
            counted = batch.tgt != PAD
            logits = self.model.decoder.logits(readout[counted])
            words = batch.tgt[counted]
            total += functional.cross_entropy(logits, words, reduction="sum").item()
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

    def _batch(self, pairs: EncodedPairs, indices: np.ndarray) -> PairBatch:
        src, src_lengths, tgt, _ = pairs.padded(indices)
        return PairBatch(
            torch.from_numpy(src).to(self.device),
            torch.from_numpy(src_lengths),
            torch.from_numpy(tgt).to(self.device),
        )
