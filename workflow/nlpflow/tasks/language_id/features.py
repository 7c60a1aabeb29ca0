"""What the classifier counts in a sentence: its words, or hashed character n-grams."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.settings.language_id import LanguageIdModel
from nlpflow.text.arrays import Column
from nlpflow.text.ngrams import Bags, hashed_ngrams, ngram_texts
from nlpflow.vocabulary import split_column


class Features(Protocol):
    """Sentences to feature numbers."""

    scaled: ClassVar[bool]
    """See `BagClassifier`."""

    def __len__(self) -> int:
        """How many different features there are."""
        ...

    def __call__(self, column: Column) -> Bags:
        """The features of normalised sentences."""
        ...

    def texts(self, sentences: Sequence[str]) -> Counter[tuple[int, str]]:
        """Numbers and texts of the features in sentences, with their counts."""
        ...


@dataclass(frozen=True)
class WordFeatures:
    """Runs of letters, marks and digits in lower case; words that training lacks do not count."""

    words: tuple[str, ...]
    scaled: ClassVar[bool] = False

    def __len__(self) -> int:
        return len(self.words)

    def __call__(self, column: Column) -> Bags:
        """See `Features`."""
        words, ends = split_column(bare_words(column))
        ids = pc.index_in(words, value_set=self._known)
        known = ids.is_valid().to_numpy(zero_copy_only=False)
        before = np.zeros(len(ids) + 1, np.int64)
        np.cumsum(known, out=before[1:])
        return np.array(ids.drop_null(), np.int32), before[ends]

    def texts(self, sentences: Sequence[str]) -> Counter[tuple[int, str]]:
        """See `Features`."""
        ids, _ = self(pa.array(sentences, pa.large_string()))
        return Counter((int(i), self.words[i]) for i in ids)

    @cached_property
    def _known(self) -> pa.Array:
        return pa.array(self.words, pa.large_string())


@dataclass(frozen=True)
class CharacterNgrams:
    """Hashed n-grams of 1 to `longest` characters."""

    longest: int
    buckets: int
    scaled: ClassVar[bool] = True

    def __len__(self) -> int:
        return self.buckets

    def __call__(self, column: Column) -> Bags:
        """See `Features`."""
        return hashed_ngrams(column, self.longest, self.buckets)

    def texts(self, sentences: Sequence[str]) -> Counter[tuple[int, str]]:
        """See `Features`."""
        counts: Counter[tuple[int, str]] = Counter()
        for sentence in sentences:
            ids, _ = self(pa.array([sentence], pa.large_string()))
            counts.update(zip(ids.tolist(), ngram_texts(sentence, self.longest), strict=True))
        return counts


def build_features(settings: LanguageIdModel, train: Column) -> Features:
    """The features of a model; words are those of the normalised training sentences."""
    if settings.features == "characters":
        return CharacterNgrams(settings.longest, settings.buckets)
    words, _ = split_column(bare_words(train))
    counted = pc.value_counts(words).flatten()
    table = pa.table({"word": counted[0], "count": counted[1]})
    table = table.filter(pc.greater_equal(table["count"], settings.min_count))
    table = table.sort_by([("count", "descending"), ("word", "ascending")])
    if not len(table):
        raise UserError(f"no word occurs {settings.min_count} times; lower the model's min_count")
    return WordFeatures(tuple(table["word"].to_pylist()))


def bare_words(column: Column) -> Column:
    """The sentences in lower case, with a space for everything that is not part of a word."""
    lower = pc.utf8_lower(column.cast(pa.large_string()))
    return pc.replace_substring_regex(lower, r"[^\p{L}\p{M}\p{N}]+", " ")
