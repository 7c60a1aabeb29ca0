"""Features of a sentence that the classifier counts: words, or hashed character n-grams."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.settings.language_id import LanguageIdModel
from nlpflow.text.arrays import Column
from nlpflow.text.ngrams import BOUNDARY, Bags, hashed_ngrams, ngram_texts
from nlpflow.vocabulary import split_column


class Features(Protocol):
    """Converts sentences to feature ids."""

    scaled: ClassVar[bool]
    """See `BagClassifier`."""

    def __len__(self) -> int:
        """Number of distinct features."""
        ...

    def __call__(self, column: Column) -> Bags:
        """The feature ids of normalised sentences."""
        ...

    def texts(self, sentences: Sequence[str]) -> Counter[tuple[int, str]]:
        """Count the features in sentences by id and text."""
        ...


@dataclass(frozen=True)
class WordFeatures:
    """The words of a sentence: runs of letters, marks and digits in lower case.

    Words that are not in the training set are ignored.
    """

    words: tuple[str, ...]
    """The words of the training set."""
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
    """The hashed n-grams of 1 to `longest` characters."""

    longest: int
    buckets: int
    """Number of distinct hash values."""
    ends: Literal["mark", "space"] = "mark"
    """See `LanguageIdModel`."""
    scaled: ClassVar[bool] = True

    def __len__(self) -> int:
        return self.buckets

    def __call__(self, column: Column) -> Bags:
        """See `Features`."""
        end = ord(" ") if self.ends == "space" else BOUNDARY
        return hashed_ngrams(column, self.longest, self.buckets, end)

    def texts(self, sentences: Sequence[str]) -> Counter[tuple[int, str]]:
        """See `Features`."""
        counts: Counter[tuple[int, str]] = Counter()
        for sentence in sentences:
            ids, _ = self(pa.array([sentence], pa.large_string()))
            texts = ngram_texts(sentence, self.longest, " " if self.ends == "space" else "_")
            counts.update(zip(ids.tolist(), texts, strict=True))
        return counts


def build_features(settings: LanguageIdModel, train: Column) -> Features:
    """The features that a model's settings name.

    Args:
        settings: section `model` of the experiment
        train: normalised training sentences, from which the words are taken

    Raises:
        UserError: no word occurs `min_count` times
    """
    if settings.features == "characters":
        return CharacterNgrams(settings.longest, settings.buckets, settings.ends)
    words, _ = split_column(bare_words(train))
    counted = pc.value_counts(words).flatten()
    table = pa.table({"word": counted[0], "count": counted[1]})
    table = table.filter(pc.greater_equal(table["count"], settings.min_count))
    table = table.sort_by([("count", "descending"), ("word", "ascending")])
    if not len(table):
        raise UserError(f"no word occurs {settings.min_count} times; lower model.min_count")
    return WordFeatures(tuple(table["word"].to_pylist()))


def bare_words(column: Column) -> Column:
    """The sentences in lower case, with spaces for everything but letters, marks and digits."""
    lower = pc.utf8_lower(column.cast(pa.large_string()))
    return pc.replace_substring_regex(lower, r"[^\p{L}\p{M}\p{N}]+", " ")
