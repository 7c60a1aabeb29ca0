"""Ids for words that can be copied from the source although the target vocabulary lacks them.

The target vocabulary is extended for each pair: after its own ids come the words of the source that
it does not know, in the order of their first occurrence (See et al. 2017, "Get to the point:
summarization with pointer-generator networks", section 2.2).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from nlpflow.vocabulary.base import UNK, Encoded
from nlpflow.vocabulary.parts import Parts


class Extended(NamedTuple):
    """The extended vocabulary of one source."""

    ids: list[int]
    """The id of each source token in the extended vocabulary."""
    words: tuple[str, ...]
    """The words that extend the target vocabulary."""


def extend(tokens: Sequence[str], target: Parts) -> Extended:
    """The extended vocabulary of a source with these tokens."""
    words: dict[str, int] = {}
    ids = []
    for token, index in zip(tokens, target.ids(tokens), strict=True):
        own = index == UNK
        ids.append(words.setdefault(token, len(target) + len(words)) if own else index)
    return Extended(ids, tuple(words))


def extended_pair(
    source: Sequence[str], target: Sequence[str], vocabulary: Parts
) -> tuple[list[int], list[int]]:
    """The ids of both sides' tokens in the extended target vocabulary.

    A target word that is neither in the vocabulary nor in the source stays unknown.
    """
    ids, words = extend(source, vocabulary)
    own = {word: len(vocabulary) + index for index, word in enumerate(words)}
    known = vocabulary.ids(target)
    both = zip(target, known, strict=True)
    found = [own.get(word, UNK) if index == UNK else index for word, index in both]
    return ids, found


def extended_columns(
    sources: pa.ChunkedArray, targets: pa.ChunkedArray, source: Parts, target: Parts
) -> tuple[Encoded, Encoded]:
    """`extended_pair` of every pair of two columns."""
    texts = zip(sources.to_pylist(), targets.to_pylist(), strict=True)
    pairs = [
        extended_pair(source.tokens(one), target.tokens(other), target) for one, other in texts
    ]
    return _flat(pair[0] for pair in pairs), _flat(pair[1] for pair in pairs)


def _flat(sentences: Iterable[Sequence[int]]) -> Encoded:
    rows = [np.array(ids, np.int32) for ids in sentences]
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return np.concatenate([np.zeros(0, np.int32), *rows]), offsets
