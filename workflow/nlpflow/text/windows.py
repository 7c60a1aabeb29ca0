"""Context windows of words, cut from one flat array of ids for a whole epoch at a time.

Nothing here loops over words. `ids` has the words of all sentences, one after the other, and
`sentences` the index of each word's sentence, both (tokens,). No window reaches beyond a sentence.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from nlpflow.text.arrays import Ids

NO_SENTENCE = -1


class Blocks(NamedTuple):
    """Runs of `size` consecutive words, each with the `window` words before and after it.

    All windows of a block share its words: the scores of its centres against its words are one
    matrix product, of which a band is used (Ji et al. 2016, "Parallelizing Word2Vec in
    Shared and Distributed Memory").
    """

    ids: Ids
    """(blocks, window + size + window)"""
    sentences: Ids
    """The sentence of each word, in the same shape; `NO_SENTENCE` where there is no word."""


def sentence_numbers(offsets: NDArray[np.int64]) -> Ids:
    """The index of every word's sentence: (tokens,); sentence i starts at `offsets[i]`."""
    lengths = np.diff(offsets)
    return np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)


def keep_probabilities(counts: NDArray[np.int64], threshold: float) -> NDArray[np.float64]:
    """The probability that subsampling of frequent words keeps an occurrence of each word.

    `sqrt(t / f) + t / f`, at most 1, for the threshold t and the word's share f of the text: the
    rule of the word2vec program, a little milder than equation 5 of Mikolov et al. 2013
    ("Distributed Representations of Words and Phrases and their Compositionality"). A word that
    never occurs gets 1.

    Args:
        counts: occurrences of every id, (vocabulary,)
    """
    share = threshold * counts.sum() / np.maximum(counts, 1)
    return np.asarray(np.minimum(1.0, np.sqrt(share) + share))


def subsample(
    ids: Ids, sentences: Ids, keep: NDArray[np.float64], rng: np.random.Generator
) -> tuple[Ids, Ids]:
    """The words that subsampling keeps in one epoch, and their sentences."""
    kept = rng.random(len(ids), np.float32) < keep[ids]
    return ids[kept], sentences[kept]


def cut_blocks(ids: Ids, sentences: Ids, size: int, window: int) -> Blocks:
    """Blocks that have every word as a centre exactly once; the last block is padded."""
    count = -(-len(ids) // size)
    padding = (window, window + count * size - len(ids))
    padded = np.pad(ids, padding), np.pad(sentences, padding, constant_values=NO_SENTENCE)
    if not count:
        empty = np.zeros((0, size + 2 * window), np.int32)
        return Blocks(empty, empty)
    return Blocks(*(sliding_window_view(part, size + 2 * window)[::size] for part in padded))


def band(size: int, window: int) -> NDArray[np.int16]:
    """The distance of each word of a block from each centre, (size, window + size + window).

    For the centre itself it is more than `window`, so that no window has its own centre.
    """
    words, centres = np.arange(size + 2 * window), np.arange(window, size + window)
    distance = np.abs(words - centres[:, None])
    distance[distance == 0] = size + 2 * window
    return np.asarray(distance, np.int16)


def draw_reach(blocks: int, size: int, window: int, rng: np.random.Generator) -> NDArray[np.int16]:
    """The reach of each centre's window, drawn uniformly from 1 to `window`: (blocks, size).

    So near words are used more often than distant ones (Mikolov et al. 2013a, section 3.2).
    """
    return rng.integers(1, window, size=(blocks, size), dtype=np.int16, endpoint=True)


def contexts(ids: Ids, starts: NDArray[np.int64], at: NDArray[np.int64], length: int) -> Ids:
    """The `length` words before each position, the nearest last; -1 before the sentence begins.

    Args:
        starts: where the sentence of every word starts, (tokens,)
        at: positions in `ids`, (batch,)

    Returns:
        (batch, length)
    """
    before = at[:, None] + np.arange(-length, 0)
    inside = before >= starts[at][:, None]
    return np.where(inside, ids[np.maximum(before, 0)], np.int32(-1))
