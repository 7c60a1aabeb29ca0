"""Words of raw text: how a line is split into words, and which words are invisible."""

import unicodedata

BLANK = " \t"
"""The characters that separate words and columns. Any other space of Unicode, such as the no-break
space in `10 000`, is a character of its word."""

PRINTED = frozenset(
    map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD))
)
"""The format characters that have a shape, such as the Arabic number sign."""


def split_words(line: str) -> list[str]:
    """The words of a line, between spaces and tabs of ASCII."""
    return [word for word in line.replace("\t", " ").split(" ") if word]


def word_shape(word: str) -> str:
    """The shape of a word (Collins 2002): "McDonald-42" becomes "XxXx-0".

    Letters become X or x, digits become 0, and repeated characters are collapsed.
    """
    shape = ""
    for letter in word:
        kind = "0" if letter.isdigit() else letter
        if letter.isalpha():
            kind = "X" if letter.isupper() else "x"
        if not shape.endswith(kind):
            shape += kind
    return shape


def word_affixes(word: str, longest: int) -> list[str]:
    """The names of the prefixes and suffixes of 1 to `longest` characters, in lower case.

    A word that is shorter than an affix is its own affix. Names keep prefixes, suffixes and lengths
    apart: with `longest` 2, "Paris" has "1:p", "-1:s", "2:pa" and "-2:is".
    """
    lower = word.lower()
    lengths = range(1, longest + 1)
    return [name for n in lengths for name in (f"{n}:{lower[:n]}", f"-{n}:{lower[-n:]}")]


def is_invisible(text: str) -> bool:
    """Whether a text has only spaces, control and format characters (Unicode Z, Cc, Cf).

    Marks are visible: in tweets the modifier that colours an emoji may be a word of its own.
    """
    return all(
        character not in PRINTED
        and unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
        for character in text
    )
