"""The translator: a trained model that gives translations with their attention weights."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray
from torch import Tensor

from nlpflow.decoding.beam import beam_search
from nlpflow.decoding.greedy import greedy
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation import Decoding
from nlpflow.text.normalisation import normalise
from nlpflow.vocabulary import EOS, Vocabulary

LONGEST_SOURCE = 1000
"""At most this many source tokens of a sentence are read, `<EOS>` included; the rest is ignored."""

TOKENS_PER_SENTENCE = 100
"""A batch holds fewer sentences if they are longer than this, so that memory is bounded."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Translation:
    """One translated sentence."""

    text: str
    src_tokens: list[str]
    """The source tokens with `<EOS>`; unknown words appear as written."""
    tgt_tokens: list[str]
    """The output's tokens with `<EOS>`; without `<EOS>` if the length limit cut the output."""
    unknown: list[str]
    """Source words that are not in the vocabulary."""
    weights: NDArray[np.float32]
    """Attention weights, (tgt_tokens, src_tokens)."""
    unread: int = 0
    """Number of source tokens beyond `LONGEST_SOURCE`."""
    score: float | None = None
    """Log-probability divided by the length penalty; None with greedy search."""


@dataclass
class Translator:
    """A model with its vocabularies and the settings of its search."""

    model: Seq2Seq
    source: Vocabulary
    target: Vocabulary
    decoding: Decoding
    device: torch.device

    def translate(self, sentences: Sequence[str]) -> list[Translation]:
        """The best translation of each normalised sentence, found with the settings' search."""
        if self.decoding.beam == 1:
            return self.greedy(sentences)
        return [ranked[0] for ranked in self.n_best(sentences, 1)]

    def greedy(self, sentences: Sequence[str]) -> list[Translation]:
        """Greedy translations of normalised sentences, whatever beam the settings have."""
        return self._by_length(sentences, self._greedy)

    def n_best(self, sentences: Sequence[str], count: int) -> list[list[Translation]]:
        """The `count` best translations of each normalised sentence, best first.

        Args:
            sentences: normalised
            count: at most the beam
        """
        return self._by_length(sentences, partial(self._beam, count=count))

    def _by_length(
        self, sentences: Sequence[str], search: Callable[[list[str], list[list[int]]], list[Result]]
    ) -> list[Result]:
        """Search in batches of sentences of similar length; results in the given order."""
        most = LONGEST_SOURCE - 1
        ids = [[*self.source.encode(sentence)[:most], EOS] for sentence in sentences]
        results: dict[int, Result] = {}
        was_training = self.model.training
        self.model.eval()
        for chunk in self._batches([len(sentence) for sentence in ids]):
            found = search([sentences[i] for i in chunk], [ids[i] for i in chunk])
            results |= zip(chunk, found, strict=True)
        self.model.train(was_training)
        return [results[i] for i in range(len(ids))]

    def _batches(self, lengths: list[int]) -> Iterator[list[int]]:
        """The indices of each batch's sentences, the longest first."""
        order = sorted(range(len(lengths)), key=lambda i: lengths[i], reverse=True)
        while order:
            most = self.decoding.batch_size * TOKENS_PER_SENTENCE // lengths[order[0]]
            size = min(self.decoding.batch_size, max(most, 1))
            yield order[:size]
            order = order[size:]

    def _greedy(self, sentences: list[str], ids: list[list[int]]) -> list[Translation]:
        found = greedy(self.model, *self._padded(ids), self.decoding.max_tokens)
        counts = found.lengths.tolist()
        words = found.words.tolist()
        weights = found.weights.float().cpu().numpy()
        translations = []
        for row, sentence in enumerate(sentences):
            output = words[row][: counts[row]]
            ended = words[row][counts[row] : counts[row] + 1] == [EOS]
            translations.append(self._translation(sentence, output, ended, weights[row], None))
        return translations

    def _beam(
        self, sentences: list[str], ids: list[list[int]], count: int
    ) -> list[list[Translation]]:
        decoding = self.decoding
        found = beam_search(
            self.model,
            *self._padded(ids),
            decoding.max_tokens,
            decoding.beam,
            decoding.length_penalty,
            count,
        )
        return [
            [
                self._translation(
                    sentence, one.words, one.ended, one.weights.float().numpy(), one.score
                )
                for one in ranked
            ]
            for sentence, ranked in zip(sentences, found, strict=True)
        ]

    def _padded(self, ids: list[list[int]]) -> tuple[Tensor, Tensor]:
        lengths = torch.tensor([len(sentence) for sentence in ids])
        src = torch.nn.utils.rnn.pad_sequence(
            [torch.tensor(sentence) for sentence in ids], batch_first=True
        )
        return src.to(self.device), lengths

    def _translation(
        self,
        sentence: str,
        output: list[int],
        ended: bool,
        weights: NDArray[np.float32],
        score: float | None,
    ) -> Translation:
        """Build a translation from its token ids and attention weights.

        `weights` is (steps, src_time) with at least one step per token of the output.
        """
        tokens = self.source.tokens(sentence)
        src_tokens = [*tokens[: LONGEST_SOURCE - 1], "<EOS>"]
        tgt_tokens = [self.target.token(i) for i in output] + ["<EOS>"] * ended
        seen = np.zeros((len(tgt_tokens), len(src_tokens)), dtype=np.float32)
        # The tutorial's attention has no weights beyond the longest training sentence.
        width = min(len(src_tokens), weights.shape[1])
        seen[:, :width] = weights[: len(tgt_tokens), :width]
        return Translation(
            self.target.decode(output),
            src_tokens,
            tgt_tokens,
            self.source.unknown(sentence),
            seen,
            len(tokens) + 1 - len(src_tokens),
            score,
        )


def normalise_sentences(sentences: Sequence[str], normalisation: str) -> list[str]:
    """Normalise raw sentences with a dataset's normalisation."""
    column = normalise(pa.array(sentences, type=pa.string()), normalisation)
    return [str(sentence).strip() for sentence in column.to_pylist()]
