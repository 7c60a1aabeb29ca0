"""A trained run put to use: sentences in, translations and attention out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray

from nlpflow.decoding.greedy import greedy
from nlpflow.errors import UserError
from nlpflow.models.seq2seq import Seq2Seq, build_seq2seq
from nlpflow.runs import load_run
from nlpflow.settings.checks import checked
from nlpflow.settings.translation import Decoding, TranslationExperiment
from nlpflow.text import normalise
from nlpflow.training import machine
from nlpflow.vocabulary import EOS, Vocabulary


@dataclass(frozen=True)
class Translation:
    """One translated sentence."""

    text: str
    src_tokens: list[str]
    """With `<EOS>`; unknown words as written."""
    tgt_tokens: list[str]
    """With `<EOS>` unless the length limit ended it."""
    unknown: list[str]
    """Source words that the vocabulary lacks."""
    weights: NDArray[np.float32]
    """Attention, (tgt_tokens, src_tokens)."""


@dataclass
class Translator:
    """A model with its vocabularies."""

    model: Seq2Seq
    source: Vocabulary
    target: Vocabulary
    decoding: Decoding
    device: torch.device

    def translate(self, sentences: Sequence[str]) -> list[Translation]:
        """Translate normalised sentences, in batches of like length; the order is kept."""
        ids = [[*self.source.encode(sentence), EOS] for sentence in sentences]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]), reverse=True)
        results: dict[int, Translation] = {}
        was_training = self.model.training
        self.model.eval()
        for start in range(0, len(order), self.decoding.batch_size):
            chunk = order[start : start + self.decoding.batch_size]
            results |= zip(
                chunk,
                self._batch([ids[i] for i in chunk], [sentences[i] for i in chunk]),
                strict=True,
            )
        self.model.train(was_training)
        return [results[i] for i in range(len(ids))]

    def _batch(self, ids: list[list[int]], sentences: list[str]) -> list[Translation]:
        lengths = torch.tensor([len(sentence) for sentence in ids])
        src = torch.nn.utils.rnn.pad_sequence(
            [torch.tensor(sentence) for sentence in ids], batch_first=True
        ).to(self.device)
        found = greedy(self.model, src, lengths, self.decoding.max_tokens)
        counts = found.lengths.tolist()
        words = found.words.tolist()
        weights = found.weights.float().cpu().numpy()
        translations = []
        for row, sentence in enumerate(sentences):
            output = words[row][: counts[row]]
            ended = words[row][counts[row] : counts[row] + 1] == [EOS]
            tgt_tokens = [self.target.token(i) for i in output] + ["<EOS>"] * ended
            src_tokens = [*self.source.tokens(sentence), "<EOS>"]
            seen = np.zeros((len(tgt_tokens), len(src_tokens)), dtype=np.float32)
            # The tutorial's attention sees no further than the longest training sentence.
            width = min(len(src_tokens), weights.shape[2])
            seen[:, :width] = weights[row, : len(tgt_tokens), :width]
            translations.append(
                Translation(
                    self.target.decode(output),
                    src_tokens,
                    tgt_tokens,
                    self.source.unknown(sentence),
                    seen,
                )
            )
        return translations


def load_translator(folder: Path) -> tuple[Translator, str]:
    """The translator of a run's folder, and the normalisation that its sentences need.

    It runs on the device and with the threads that the run's settings name.
    """
    run, weights = load_run(folder)
    settings = checked(TranslationExperiment, run.settings, f"{folder / 'run.json'}: settings")
    device = machine.set_up(settings.training.device, settings.training.threads, run.seed)
    sides = {}
    for side, digest in run.digests.items():
        sides[side] = Vocabulary.load(Path(run.vocabulary) / f"{side}.vocab")
        if sides[side].digest != digest:
            raise UserError(
                f"run {folder}: the {side} vocabulary in {run.vocabulary} has changed since "
                "training; train the run again"
            )
    model = build_seq2seq(
        settings.model, len(sides["source"]), len(sides["target"]), run.sizes["max_length"]
    )
    try:
        model.load_state_dict(weights)
    except RuntimeError:
        raise UserError(
            f"run {folder}: the weights do not fit the model of run.json; train the run again"
        ) from None
    model.to(device).eval()
    translator = Translator(model, sides["source"], sides["target"], settings.decoding, device)
    return translator, run.normalisation


def normalise_sentences(sentences: Sequence[str], normalisation: str) -> list[str]:
    """Raw sentences through a dataset's normalisation."""
    column = normalise(pa.array(sentences, type=pa.string()), normalisation)
    return [str(sentence).strip() for sentence in column.to_pylist()]
