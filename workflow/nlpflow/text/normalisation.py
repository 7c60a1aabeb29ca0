"""Named normalisations of sentences, as whole-column Arrow kernels.

A column is an Arrow array (or chunked array) of `string` or `large_string`; every function keeps
its type and its length. Nothing here loops over sentences in Python.
"""

import sys
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

SomeColumn = TypeVar("SomeColumn", pa.Array, pa.ChunkedArray)
Kernel = Callable[[pa.Array], pa.Array]

LAST_SPACE = 0x3000
"""The highest code point that Unicode counts as white space."""

INVISIBLE = (
    r"[\x00-\x08\x0E-\x1B\x7F-\x{84}\x{86}-\x{9F}"  # control characters that are not white space
    r"\x{AD}\x{61C}\x{180E}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}"
    r"\x{FEFF}\x{FFF9}-\x{FFFB}\x{1BCA0}-\x{1BCA3}\x{1D173}-\x{1D17A}\x{E0001}\x{E0020}-\x{E007F}]+"
)
"""Characters without a shape (Unicode categories Cc and Cf). U+200C and U+200D are not
among them: they change the shape of their neighbours in Arabic and Indic scripts and in emoji."""

JOINERS = "\u200c\u200d"

SIGNS = (
    r"[\x{2B9}-\x{2C1}\x{2C6}-\x{2D1}\x{2EC}\x{2EE}\x{559}\x{7F4}\x{7F5}"
    r"\x{2E2F}\x{A717}-\x{A71F}\x{A788}\x{A78B}\x{A78C}]"
)
"""Characters that Unicode counts as letters but people type as apostrophes, quotes, primes, colons
and the like, such as the Ukrainian apostrophe U+02BC."""
STRETCHES = r"[\x{640}\x{7FA}]"
"""Characters that Unicode counts as letters but only make a word wider: tatweel, and its
counterpart in N'Ko."""


def normalise(column: SomeColumn, name: str) -> SomeColumn:
    """Normalise a column; `name` is a key of `NORMALISATIONS`."""
    return _by_chunk(NORMALISATIONS[name], column)


def deduplication_keys(column: SomeColumn) -> SomeColumn:
    """The deduplication key of each sentence: sentences with equal keys count as the same.

    The key is the sentence in lower case and compatibility form, without marks. It keeps letters
    and digits of every script, with one space between words; letters that serve as punctuation
    (`SIGNS`) are dropped. A sentence without letters and digits is its own key, without white space
    around it: "?" and "!" differ, and an empty sentence has an empty key.
    """
    return _by_chunk(_deduplication_keys, column)


def token_count(column: SomeColumn) -> SomeColumn:
    """The number of pieces between single spaces in each sentence: `len(sentence.split(" "))`."""
    return pc.add(pc.count_substring(column, " "), 1)


def _tutorial(column: pa.Array) -> pa.Array:
    """Lower case without accents, letters and `.!?` only, a space before each of `.!?`.

    The normalisation of the PyTorch tutorial "NLP From Scratch: Translation with a Sequence to
    Sequence Network and Attention". It strips white space only at the start of its work, so a space
    may remain at either end.
    """
    column = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    column = _beyond_ascii(lambda x: _without_marks(pc.utf8_normalize(x, form="NFD")), column)
    for sign in ".!?":
        column = pc.replace_substring(column, sign, " " + sign)
    # The pattern matches no single space: replacing it with itself would double the time.
    return pc.replace_substring_regex(column, r"[^a-z.!? ][^a-z.!?]*| [^a-z.!?]+", " ")


def _cased(column: pa.Array) -> pa.Array:
    """Case, accents and all scripts kept; white space and invisible characters tidied; NFC."""
    column = pc.replace_substring_regex(column, INVISIBLE, "")
    column = pc.replace_substring_regex(column, f"[{_white_space()}]", " ")
    # A joiner after a space or at the start has nothing to join.
    column = pc.replace_substring_regex(column, f" [ {JOINERS}]+", " ")
    column = pc.utf8_rtrim(pc.utf8_ltrim(column, " " + JOINERS), " ")
    return _beyond_ascii(lambda x: pc.utf8_normalize(x, form="NFC"), column)


def _cased_words(column: pa.Array) -> pa.Array:
    """As `cased`, with every sign apart from the words."""
    return _signs_apart(_cased(column))


def _words(column: pa.Array) -> pa.Array:
    """As `cased_words`, in lower case."""
    return _signs_apart(pc.utf8_lower(_cased(column)))


def _signs_apart(column: pa.Array) -> pa.Array:
    """Spaces around every sign, in any script; apostrophes and hyphens inside a word stay in it."""
    sign = rf"([^\p{{L}}\p{{M}}\p{{N}} '’{JOINERS}-])"
    column = pc.replace_substring_regex(column, sign, r" \1 ")
    column = pc.replace_substring_regex(column, "(^| )(['’-]+)", r"\1\2 ")
    column = pc.replace_substring_regex(column, "(['’-]+)( |$)", r" \1 ")
    # As in `_cased`: a joiner apart from all words has nothing to join.
    return pc.utf8_trim(pc.replace_substring_regex(column, f" [ {JOINERS}]+", " "), " ")


def _deduplication_keys(column: pa.Array) -> pa.Array:
    folded = _beyond_ascii(lambda x: pc.utf8_normalize(x, form="NFKD"), column)
    folded = _beyond_ascii(_lower_folded, pc.utf8_lower(folded))
    folded = pc.replace_substring_regex(folded, r"[^\p{L}\p{N}\p{Mc} ][^\p{L}\p{N}\p{Mc}]*", " ")
    folded = pc.replace_substring_regex(folded, "  +", " ")
    folded = pc.utf8_trim(folded, " ")
    return pc.if_else(pc.equal(folded, ""), pc.utf8_trim_whitespace(column), folded)


def _lower_folded(column: pa.Array) -> pa.Array:
    """Fold ß and ς, which lower case keeps; drop marks, `SIGNS` and `STRETCHES`."""
    column = pc.replace_substring(column, "ß", "ss")
    column = pc.replace_substring(column, "ς", "σ")
    column = pc.replace_substring_regex(column, SIGNS, " ")
    column = pc.replace_substring_regex(column, STRETCHES, "")
    return _without_marks(column)


def _without_marks(column: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(column, _marks(), "")


def _beyond_ascii(function: Kernel, column: pa.Array) -> pa.Array:
    """Apply a function to the sentences beyond ASCII; most are ASCII, which it would not change."""
    beyond = pc.invert(pc.string_is_ascii(column))
    return pc.replace_with_mask(column, beyond, function(column.filter(beyond)))


def _by_chunk(function: Kernel, column: SomeColumn) -> SomeColumn:
    if isinstance(column, pa.ChunkedArray):
        return pa.chunked_array([function(chunk) for chunk in column.chunks], type=column.type)
    return function(column)


@cache
def _white_space() -> str:
    """Every white-space character of Python except the space.

    Replacing each space by a space would take half of the time.
    """
    return "".join(c for c in map(chr, range(LAST_SPACE + 1)) if c.isspace() and c != " ")


@cache
def _marks() -> str:
    """A pattern of Unicode category Mn by Python's version of Unicode, which is not RE2's."""
    every = range(sys.maxunicode + 1)
    return _pattern(code for code in every if unicodedata.category(chr(code)) == "Mn")


def _pattern(codes: Iterable[int]) -> str:
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[" + "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in ranges) + "]+"


NORMALISATIONS: dict[str, Kernel] = {
    "tutorial": _tutorial,
    "cased": _cased,
    "cased_words": _cased_words,
    "words": _words,
}
