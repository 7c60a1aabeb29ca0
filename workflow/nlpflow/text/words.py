"""Words of raw text: how a line is divided, and which words are invisible."""

import unicodedata

BLANK = " \t"
"""The characters that divide words and columns. Any other space of Unicode, such as the no-break
space in `10 000`, is a character of its word."""

PRINTED = frozenset(
    map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD))
)
"""The format characters that have a shape, such as the Arabic number sign."""


def split_words(line: str) -> list[str]:
    """The words of a line, between spaces and tabs of ASCII."""
    return [word for word in line.replace("\t", " ").split(" ") if word]


def is_invisible(text: str) -> bool:
    """Whether a text has only spaces, control and format characters (Unicode Z, Cc, Cf).

    Marks are visible: in tweets the modifier that colours an emoji may be a word of its own.
    """
    return all(
        character not in PRINTED
        and unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
        for character in text
    )
