"""Lengths of sentences in words, or in characters where a script has no spaces between words."""

import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.text.normalisation import SomeColumn, token_count

CHARACTER = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
    r"\p{Javanese}\p{Balinese}\p{Cham}\p{Tai_Le}\p{New_Tai_Lue}\p{Tai_Tham}\x{30FC}\x{FF70}]\p{M}*"
)
"""A character of a script without spaces, with its marks. `ー` is listed by its code points, since
Unicode gives it no single script."""


def length(column: SomeColumn) -> SomeColumn:
    """The number of words in each sentence, as `token_count`.

    Each character of a script without spaces counts as one word.
    """
    words = token_count(column)
    if not with_characters(column):
        return words
    return pc.if_else(_has_characters(column), token_count(spaced(column)), words)


def spaced(column: SomeColumn) -> SomeColumn:
    """The sentences with spaces around each character of a script without spaces.

    Sentences without such a character stay as they are.
    """
    apart = pc.replace_substring_regex(column, f"({CHARACTER})", r" \1 ")
    apart = pc.utf8_trim(pc.replace_substring_regex(apart, "  +", " "), " ")
    return pc.if_else(_has_characters(column), apart, column)


def with_characters(column: pa.Array | pa.ChunkedArray) -> bool:
    """Whether a sentence has a character of a script without spaces."""
    return bool(pc.any(_has_characters(column)).as_py())


def mostly_without_spaces(column: pa.Array | pa.ChunkedArray) -> bool:
    """Whether characters of scripts without spaces are most of the words of these sentences."""
    characters, words = characters_and_words(column)
    return 2 * characters > words


def characters_and_words(column: pa.Array | pa.ChunkedArray) -> tuple[int, int]:
    """The number of characters of scripts without spaces, and of all words (see `length`)."""
    characters = pc.sum(pc.count_substring_regex(column, CHARACTER)).as_py() or 0
    return characters, pc.sum(length(column)).as_py() or 0


def _has_characters(column: SomeColumn) -> SomeColumn:
    return pc.match_substring_regex(column, CHARACTER)
