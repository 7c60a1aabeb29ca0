"""Spans of sentences: single words, pairs of words and longer runs, drawn at random.

A word is a run of letters and marks, with the apostrophes, hyphens and joiners inside it. In a
script without spaces a run of 1 to 4 characters stands for a word, whether it is one or not.
"""

import sys
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.text.arrays import Column, Longs, Mask
from nlpflow.text.lengths import CHARACTER
from nlpflow.text.ngrams import BOUNDARY, code_points
from nlpflow.text.normalisation import JOINERS

Kind = Literal["words", "pairs", "cuts"]
"""One word, two neighbouring words, or two words up to all of them."""
KINDS: tuple[Kind, ...] = get_args(Kind)

LONGEST_WORD = 4
"""The most characters that stand for a word in a script without spaces."""

OTHER, LETTER, CHARACTER_LETTER, INNER = range(4)


@dataclass(frozen=True)
class WordPlaces:
    """Where the words of some sentences are; a character of a script without spaces is a word."""

    text: str
    """All sentences, one after the other."""
    starts: Longs
    """Index of each word's first character in `text`, (words,)."""
    ends: Longs
    """One more than the index of its last character, (words,)."""
    offsets: Longs
    """Sentence i has the words from `offsets[i]` up to `offsets[i + 1]`, (sentences + 1,)."""
    without_spaces: Mask
    """Whether most words of a sentence are characters of a script without spaces, (sentences,)."""

    @classmethod
    def of(cls, column: Column) -> "WordPlaces":
        """Find the words of normalised sentences."""
        codes, boundaries = code_points(column)
        kinds = _kinds()[codes]
        kinds[boundaries] = OTHER
        before, after = np.roll(kinds, 1), np.roll(kinds, -1)
        inside = (kinds == LETTER) | ((kinds == INNER) & (before == LETTER) & (after == LETTER))
        character = kinds == CHARACTER_LETTER
        starts = np.flatnonzero((inside & ~np.roll(inside, 1)) | character)
        ends = np.flatnonzero((inside & ~np.roll(inside, -1)) | character) + 1
        offsets = np.searchsorted(starts, boundaries)
        characters = np.append(0, np.cumsum(character[starts]))[offsets]
        without_spaces = 2 * np.diff(characters) > np.diff(offsets)
        text = "\n".join(["", *column.to_pylist(), ""])  # as `code_points` counts
        return cls(text, starts, ends, offsets, without_spaces)

    def draw(
        self, sentences: Longs, kinds: npt.NDArray[np.int64], rng: np.random.Generator
    ) -> pa.Array:
        """Draw a span from each of some sentences, any span of the drawn size with equal chance.

        Args:
            sentences: indices of sentences that have a word, (spans,)
            kinds: indices into `KINDS`, (spans,)

        Returns:
            The spans, (spans,). If a sentence has fewer words than wanted, it gives all of them.
        """
        most = np.diff(self.offsets)[sentences]
        first, second = rng.integers(1, LONGEST_WORD + 1, (2, len(sentences)))
        word = np.where(self.without_spaces[sentences], first, 1)
        pair = np.where(self.without_spaces[sentences], first + second, 2)
        cut = rng.integers(2, np.maximum(most, 2) + 1)
        size = np.minimum(np.choose(kinds, [word, pair, cut]), most)
        begin = self.offsets[sentences] + rng.integers(0, most - size + 1)
        places = zip(self.starts[begin].tolist(), self.ends[begin + size - 1].tolist(), strict=True)
        return pa.array([self.text[start:end] for start, end in places], pa.large_string())


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """What each code point, up to `BOUNDARY`, is in a word, (0x110001,)."""
    surrogates = range(0xD800, 0xE000)  # no characters
    codes = np.setdiff1d(np.arange(sys.maxunicode + 1), surrogates)
    characters = pa.array(map(chr, codes.tolist()), pa.string())
    table = np.zeros(BOUNDARY + 1, np.uint8)
    for kind, pattern in ((LETTER, r"[\p{L}\p{M}]"), (CHARACTER_LETTER, CHARACTER)):
        found = pc.match_substring_regex(characters, pattern)
        table[codes[found.to_numpy(zero_copy_only=False)]] = kind
    table[[ord(sign) for sign in f"'’-{JOINERS}"]] = INNER
    return table
