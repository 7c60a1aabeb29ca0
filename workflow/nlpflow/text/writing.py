"""Writing systems (scripts): those of a training set, and texts that use other ones.

A letter's script is taken from the first word of its Unicode name ("GREEK SMALL LETTER ALPHA").
"""

import sys
import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

from nlpflow.text.arrays import Column
from nlpflow.text.ngrams import BOUNDARY, code_points

LEAST_SHARE = 0.01
"""Scripts with a smaller share of a language's letters are ignored: formulas, foreign names."""

Codes = npt.NDArray[np.uint32]


def scripts_in(column: Column) -> list[str]:
    """The scripts that the sentences of one language are written in, by name."""
    names, table = _scripts()
    counts = np.bincount(table[code_points(column)[0]], minlength=len(names))
    counts[0] = 0
    most = counts >= max(1, LEAST_SHARE * counts.sum())
    return sorted(name for name, many in zip(names, most, strict=True) if many)


def latin_letters(column: Column) -> tuple[int, int]:
    """The number of Latin letters in some sentences, and of all letters."""
    names, table = _scripts()
    counts = np.bincount(table[code_points(column)[0]], minlength=len(names))
    return int(counts[names.index("LATIN")]), int(counts[1:].sum())


def letters_of(scripts: list[str]) -> npt.NDArray[np.bool_]:
    """Which code points, up to `BOUNDARY`, are letters of one of the scripts: (0x110001,)."""
    names, table = _scripts()
    return np.isin(table, [names.index(name) for name in scripts if name in names])


def readable(column: Column, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which sentences have letters of which at least half are `known` (see `letters_of`)."""
    if not len(column):
        return np.zeros(0, np.bool_)
    codes, boundaries = code_points(column)
    starts = boundaries[:-1]
    good = np.add.reduceat(known[codes[:-1]], starts, dtype=np.int64)
    letters = np.add.reduceat((_scripts()[1] != 0)[codes[:-1]], starts, dtype=np.int64)
    return (good > 0) & (2 * good >= letters)


@cache
def _scripts() -> tuple[list[str], npt.NDArray[np.uint16]]:
    """The names of all scripts, and the index of each code point's script; 0: not a letter."""
    numbers = {"": 0}
    table = np.zeros(BOUNDARY + 1, np.uint16)
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if character.isalpha():
            script = unicodedata.name(character, "UNNAMED").split()[0]
            table[code] = numbers.setdefault(script, len(numbers))
    return list(numbers), table
