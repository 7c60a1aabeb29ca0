"""Fluency of translations: their perplexity under an n-gram language model.

A perplexity near that of the reference translations means that words follow each other as in the
target sentences of the training set. It does not measure meaning: a system that only repeats a few
frequent sentences is fluent. Read it together with a score of adequacy, such as chrF2.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nlpflow.baselines.kneser_ney import KneserNey
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.text.lengths import mostly_without_spaces, spaced
from nlpflow.text.windows import contexts, sentence_numbers
from nlpflow.vocabulary import EOS, PAD, SOS, UNK, Vocabulary
from nlpflow.vocabulary.words import count_words

ORDER = 3
"""Order of the n-grams. On the tutorial's data the perplexity of the dev sentences is 14.6, 13.4
and 13.5 for the orders 2, 3 and 4, and 22.4 with the best add-k n-grams."""


class FluencyJudge:
    """Kneser-Ney n-gram model of the distinct target sentences of a training set.

    Words are the tokens of the target vocabulary, or single characters if most of the training set
    is in a script without spaces.

    Unknown words are not predicted, because the references have some that no translator can
    produce. If they come before a predicted word, all unknown words count as the same word.
    Perplexities under different vocabularies cannot be compared.

    Args:
        vocabulary: of the target language
        sentences: target sentences of the training set, normalised
    """

    def __init__(self, vocabulary: Vocabulary, sentences: Sequence[str]) -> None:
        different = list(dict.fromkeys(sentences))
        column = pa.array(different, pa.large_string())
        self._by_character = mostly_without_spaces(column)
        if self._by_character:
            settings = VocabularySettings(dataset="characters")
            vocabulary = count_words(spaced(column), settings, "target")
        self._vocabulary = vocabulary
        outcomes = len(vocabulary) - len((PAD, SOS, UNK))
        self._model = KneserNey(*self._ngrams(different), len(vocabulary), outcomes)

    @property
    def signature(self) -> str:
        """A signature that names what the perplexity depends on: order and kind of tokens."""
        return f"order:{ORDER}|tok:{'characters' if self._by_character else self._vocabulary.kind}"

    def perplexity(self, sentences: Sequence[str]) -> float:
        """The perplexity of normalised sentences, over their known tokens and `<EOS>`."""
        logs = self._model.log_probabilities(*self._ngrams(sentences))
        return float(np.exp(-logs.mean()))

    def _ngrams(self, sentences: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The contexts of the tokens to predict, (tokens, ORDER - 1), and the tokens, (tokens,)."""
        column = pa.array(sentences, pa.string())
        if self._by_character:
            column = spaced(column)
        ids, offsets = self._vocabulary.encode_column(column)
        ids = np.insert(ids, offsets[1:], EOS)
        starts = offsets + np.arange(len(offsets))
        at = np.flatnonzero(ids != UNK)
        before = contexts(ids, starts[sentence_numbers(starts)], at, ORDER - 1)
        return before.astype(np.int64), ids[at].astype(np.int64)
