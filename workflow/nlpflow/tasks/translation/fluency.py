"""How fluent translations are, whatever they mean: perplexity under a counted language model.

A perplexity near that of the references says that the words follow each other as in the training
set's target sentences; only beside a score of adequacy, such as chrF2, does it say more. An output
of a few frequent sentences is fluent.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nlpflow.baselines.kneser_ney import KneserNey
from nlpflow.settings.data import VocabularySettings
from nlpflow.text.lengths import mostly_without_spaces, spaced
from nlpflow.text.windows import contexts, sentence_numbers
from nlpflow.vocabulary import EOS, PAD, SOS, UNK, Vocabulary
from nlpflow.vocabulary.words import count_words

ORDER = 3
"""Words of the n-grams. On the tutorial's data the perplexity of the dev set's sentences is 14.6,
13.4, 13.5 for 2, 3 and 4, and 22.4 with the best add-k n-grams."""


class FluencyJudge:
    """N-grams with Kneser-Ney smoothing, counted in the target sentences of a training set.

    A sentence that stands there several times counts once.

    Words are the tokens of the target vocabulary; where most of the training set is in a script
    without spaces, they are its characters. Unknown ones are treated alike in whatever is
    judged: they are never predicted, since references have some that no translator can say, and
    all are the same word in the context of others. Figures of different vocabularies do not
    compare.

    Args:
        sentences: normalised as the dataset
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
        """What the perplexity is measured with."""
        return f"order:{ORDER}|tok:{'characters' if self._by_character else self._vocabulary.kind}"

    def perplexity(self, sentences: Sequence[str]) -> float:
        """Of the known tokens and the ends of normalised sentences."""
        logs = self._model.log_probabilities(*self._ngrams(sentences))
        return float(np.exp(-logs.mean()))

    def _ngrams(self, sentences: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Contexts and tokens that are predicted: (tokens, ORDER - 1) and (tokens,)."""
        column = pa.array(sentences, pa.string())
        if self._by_character:
            column = spaced(column)
        ids, offsets = self._vocabulary.encode_column(column)
        ids = np.insert(ids, offsets[1:], EOS)
        starts = offsets + np.arange(len(offsets))
        at = np.flatnonzero(ids != UNK)
        before = contexts(ids, starts[sentence_numbers(starts)], at, ORDER - 1)
        return before.astype(np.int64), ids[at].astype(np.int64)
