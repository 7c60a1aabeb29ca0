"""The translator: a trained model that gives translations with their attention weights."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray
from torch import Tensor

from nlpflow.decoding.beam import beam_search
from nlpflow.decoding.greedy import Hypotheses, greedy
from nlpflow.decoding.sampling import sample
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation import Decoding, Sampling
from nlpflow.text.normalisation import normalise
from nlpflow.vocabulary import EOS, UNK, Parts, Vocabulary
from nlpflow.vocabulary.copying import Extended, extend

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


class SourceSentence(NamedTuple):
    """A normalised sentence as a search reads it."""

    sentence: str
    tokens: list[str]
    """At most `LONGEST_SOURCE` of them, `<EOS>` included."""
    ids: list[int]
    """Of the tokens, in the source vocabulary."""
    extended: Extended | None
    """The vocabulary that the decoder can copy with; None if it cannot."""
    unread: int
    """Number of tokens beyond `LONGEST_SOURCE`."""


@dataclass
class Translator:
    """A model with its vocabularies and the settings of its search."""

    model: Seq2Seq
    source: Vocabulary
    target: Vocabulary
    decoding: Decoding
    device: torch.device

    def translate(self, sentences: Sequence[str]) -> list[Translation]:
        """The translation of each normalised sentence, found with the settings' search."""
        if self.decoding.sampling is not None:
            return self._by_length(sentences, partial(self._sampled, self.decoding.sampling))
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
        self, sentences: Sequence[str], search: Callable[[list[SourceSentence]], list[Result]]
    ) -> list[Result]:
        """Search in batches of sentences of similar length; results in the given order."""
        sources = [self._source(sentence) for sentence in sentences]
        results: dict[int, Result] = {}
        was_training = self.model.training
        self.model.eval()
        for chunk in self._batches([len(source.ids) for source in sources]):
            found = search([sources[i] for i in chunk])
            results |= zip(chunk, found, strict=True)
        self.model.train(was_training)
        return [results[i] for i in range(len(sources))]

    def _source(self, sentence: str) -> SourceSentence:
        tokens = self.source.tokens(sentence)
        read = tokens[: LONGEST_SOURCE - 1]
        ids = [*self.source.encode(sentence)[: len(read)], EOS]
        extended = None
        if self.model.decoder.copies:
            assert isinstance(self.target, Parts)
            extended = extend(read, self.target)
        unread = len(tokens) - len(read)
        return SourceSentence(sentence, [*read, "<EOS>"], ids, extended, unread)

    def _batches(self, lengths: list[int]) -> Iterator[list[int]]:
        """The indices of each batch's sentences, the longest first."""
        order = sorted(range(len(lengths)), key=lambda i: lengths[i], reverse=True)
        while order:
            most = self.decoding.batch_size * TOKENS_PER_SENTENCE // lengths[order[0]]
            size = min(self.decoding.batch_size, max(most, 1))
            yield order[:size]
            order = order[size:]

    def _greedy(self, sources: list[SourceSentence]) -> list[Translation]:
        src, lengths, copies = self._padded(sources)
        found = greedy(self.model, src, lengths, self.decoding.max_tokens, copies)
        return self._translations(sources, found)

    def _sampled(self, settings: Sampling, sources: list[SourceSentence]) -> list[Translation]:
        """Outputs drawn at random; the draws of a sentence depend on seed and sentence alone."""
        src, lengths, copies = self._padded(sources)
        steps = self.decoding.max_tokens + 1
        drawn = []
        for source in sources:
            key = hashlib.blake2b(source.sentence.encode(), digest_size=8).digest()
            rng = np.random.default_rng([settings.seed, int.from_bytes(key, "big")])
            drawn.append(rng.random(steps, dtype=np.float32))
        uniforms = torch.from_numpy(np.stack(drawn)).to(self.device)
        scale = settings.temperature, settings.nucleus
        return self._translations(
            sources, sample(self.model, src, lengths, uniforms, *scale, copies)
        )

    def _translations(self, sources: list[SourceSentence], found: Hypotheses) -> list[Translation]:
        counts = found.lengths.tolist()
        words = found.words.tolist()
        weights = found.weights.float().cpu().numpy()
        translations = []
        for row, source in enumerate(sources):
            output = words[row][: counts[row]]
            ended = words[row][counts[row] : counts[row] + 1] == [EOS]
            translations.append(self._translation(source, output, ended, weights[row], None))
        return translations

    def _beam(self, sources: list[SourceSentence], count: int) -> list[list[Translation]]:
        decoding = self.decoding
        src, lengths, copies = self._padded(sources)
        found = beam_search(
            self.model,
            src,
            lengths,
            decoding.max_tokens,
            decoding.beam,
            decoding.length_penalty,
            count,
            copies,
        )
        return [
            [
                self._translation(
                    source, one.words, one.ended, one.weights.float().numpy(), one.score
                )
                for one in ranked
            ]
            for source, ranked in zip(sources, found, strict=True)
        ]

    def _padded(self, sources: list[SourceSentence]) -> tuple[Tensor, Tensor, Tensor | None]:
        """Ids of the source words, (batch, src_time), lengths, and ids for copying, if any."""
        lengths = torch.tensor([len(source.ids) for source in sources])
        src = self._batch([source.ids for source in sources])
        copies = [[*source.extended.ids, EOS] for source in sources if source.extended is not None]
        return src, lengths, self._batch(copies) if copies else None

    def _batch(self, sentences: list[list[int]]) -> Tensor:
        rows = [torch.tensor(ids) for ids in sentences]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True).to(self.device)

    def _translation(
        self,
        source: SourceSentence,
        output: list[int],
        ended: bool,
        weights: NDArray[np.float32],
        score: float | None,
    ) -> Translation:
        """Build a translation from its token ids and attention weights.

        `weights` is (steps, src_time) with at least one step per token of the output.
        """
        steps = len(output) + ended
        seen = np.zeros((steps, len(source.tokens)), dtype=np.float32)
        # The tutorial's attention has no weights beyond the longest training sentence.
        width = min(len(source.tokens), weights.shape[1])
        seen[:, :width] = weights[:steps, :width]
        words = [self._token(index, source) for index in output]
        if self.decoding.replace_unknown:
            words = self._without_unknown(words, output, seen, source)
        written = [self.target.token(i) for i in output if i < len(self.target)]
        text = self.target.decode(output) if written == words else self.target.joined(words)
        return Translation(
            text,
            source.tokens,
            words + ["<EOS>"] * ended,
            self.source.unknown(source.sentence),
            seen,
            source.unread,
            score,
        )

    def _without_unknown(
        self,
        words: list[str],
        output: list[int],
        weights: NDArray[np.float32],
        source: SourceSentence,
    ) -> list[str]:
        """The words, with unknown ones replaced by the source words with the largest weights."""
        if len(source.tokens) == 1:
            return words
        most = weights[: len(words), :-1].argmax(axis=1)
        return [
            source.tokens[best] if index == UNK else word
            for best, index, word in zip(most, output, words, strict=True)
        ]

    def _token(self, index: int, source: SourceSentence) -> str:
        if index < len(self.target):
            return self.target.token(index)
        assert source.extended is not None
        return source.extended.words[index - len(self.target)]


def normalise_sentences(sentences: Sequence[str], normalisation: str) -> list[str]:
    """Normalise raw sentences with a dataset's normalisation."""
    column = normalise(pa.array(sentences, type=pa.string()), normalisation)
    return [str(sentence).strip() for sentence in column.to_pylist()]
