"""Nearest neighbour: finds the training sentence that is most similar to a sentence.

Similarity is the cosine of tf-idf vectors of words (Salton & Buckley 1988). Each time that a word
occurs in a sentence, it counts log((1 + n) / (1 + d)) + 1, where d of the n training sentences
contain it. Scikit-learn's `TfidfVectorizer` has the same weights, but scipy is enough for this.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array

from nlpflow.text.lengths import spaced

CHUNK = 256
"""Sentences that are compared with all training sentences at once: 2 MB for 1,000 of them."""


class NearestSentence:
    """An index of training sentences.

    Characters of scripts without spaces count as words.

    Args:
        sentences: normalised, with spaces between words; at least one
    """

    def __init__(self, sentences: Sequence[str]):
        tokens = _words(sentences)
        self._columns: dict[str, int] = {}
        for words in tokens:
            for word in words:
                self._columns.setdefault(word, len(self._columns))
        counts = self._counts(tokens)
        occurs_in = np.bincount(counts.indices, minlength=len(self._columns))
        self._weights = np.log((1 + len(sentences)) / (1 + occurs_in)) + 1
        self._index = self._vectors(counts).T.tocsr()

    def nearest(self, sentences: Sequence[str]) -> list[int]:
        """The position of the most similar training sentence for each sentence.

        Of equally similar sentences the first one counts; so a sentence without known words gets
        the first training sentence.
        """
        return [int(row.argmax()) for rows in self._similarities(sentences) for row in rows]

    def cosines(self, sentences: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
        """The similarity of each sentence with the other one at its position, from 0 to 1."""
        one, other = (self._vectors(self._counts(_words(texts))) for texts in (sentences, others))
        return np.asarray(one.multiply(other).sum(axis=1)).round(12)

    def _similarities(self, sentences: Sequence[str]) -> Iterator[NDArray[np.float64]]:
        """Cosines with all training sentences, (at most `CHUNK` sentences, training sentences)."""
        vectors = self._vectors(self._counts(_words(sentences)))
        for start in range(0, len(sentences), CHUNK):
            # Rounded, so that the order of a sum does not decide between equal sentences.
            yield (vectors[start : start + CHUNK] @ self._index).toarray().round(12)

    def _counts(self, tokens: Sequence[Sequence[str]]) -> csr_array:
        """How often each known word occurs in each sentence, (sentences, words)."""
        known = [[self._columns[w] for w in words if w in self._columns] for words in tokens]
        rows = np.repeat(np.arange(len(known)), [len(columns) for columns in known])
        columns = np.fromiter((c for found in known for c in found), dtype=np.int64)
        shape = (len(known), len(self._columns))
        return csr_array((np.ones(len(columns)), (rows, columns)), shape=shape)

    def _vectors(self, counts: csr_array) -> csr_array:
        """Weighted counts of length 1; a sentence without known words stays 0."""
        vectors = counts.multiply(self._weights).tocsr()
        norms = np.sqrt(vectors.multiply(vectors).sum(axis=1))
        return vectors.multiply(1 / np.where(norms > 0, norms, 1)[:, None]).tocsr()


def _words(sentences: Sequence[str]) -> list[list[str]]:
    column = spaced(pa.array(sentences, pa.large_string()))
    return [text.split() for text in column.to_pylist()]
