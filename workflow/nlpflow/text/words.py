"""Words of raw text: what divides them, and which ones nobody can see."""

import unicodedata

BLANK = " \t"
"""What divides words and columns. Every other space of Unicode, such as the one that does not break
in `10 000`, is a character of its word."""

PRINTED = frozenset(
    map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD))
)
"""The format characters that have a shape, as the Arabic number sign."""


def split_words(line: str) -> list[str]:
    """The words of a line, between spaces and tabs of ASCII."""
    return [word for word in line.replace("\t", " ").split(" ") if word]


def is_invisible(text: str) -> bool:
    """Whether a text is made of spaces, control and format characters (Unicode Z, Cc, Cf) alone.

    Marks do not count as such: in tweets the sign that colours an emoji is a word of its own.
    """
    return all(
        character not in PRINTED
        and unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
        for character in text
    )
