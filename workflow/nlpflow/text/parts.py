"""Text cut into parts: runs of letters, runs of digits and single signs.

Commands and code consist of such parts. A file name in a request and the same name between quotes
in a command have the same parts, so that a network can copy them one by one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

SPACE = " "
"""The mark for a space where training texts usually have none."""
NO_SPACE = "<joined>"
"""The mark for no space where training texts usually have one. No part looks like it."""
MARKS = (SPACE, NO_SPACE)

_PARTS = re.compile(r"[^\W\d]+|\d+|[^\w\s]|\s+")


def parts_of(text: str) -> list[str]:
    """The parts of a text without its spaces; underscores count as letters."""
    return [part for _, part in _cut(text)]


def _cut(text: str) -> Iterator[tuple[bool, str]]:
    """Each part of a text, and whether there is a space before it."""
    space = False
    for part in _PARTS.findall(text.strip()):
        if part.isspace():
            space = True
        else:
            yield space, part
            space = False


def _kind(part: str) -> str:
    """What decides about the spaces around a part: letters, digits, or the sign that it is."""
    if len(part) == 1 and not part.isalnum() and part != "_":
        return part
    return "digits" if part[0].isdecimal() else "letters"


@dataclass(frozen=True)
class Spacing:
    """Where texts usually have a space between two parts.

    Only exceptions have a mark, so a text has few tokens and its spaces can still be restored.
    """

    usual: frozenset[tuple[str, str]]
    """The kinds of two neighbours that more often have a space between them than not."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """The usual spaces of texts."""
        balance: Counter[tuple[str, str]] = Counter()
        for text in texts:
            for (_, left), (space, right) in pairwise(_cut(text)):
                balance[_kind(left), _kind(right)] += 1 if space else -1
        return cls(frozenset(kinds for kinds, spaces in balance.items() if spaces > 0))

    def _has_space(self, left: str, right: str) -> bool:
        return (_kind(left), _kind(right)) in self.usual

    def tokens(self, text: str) -> list[str]:
        """The parts of a text, with a mark at each unusual space and each unusual lack of one.

        `joined` gives the text back, without the spaces around it and with single spaces inside.
        """
        found: list[str] = []
        left = ""
        for space, right in _cut(text):
            if left and space != self._has_space(left, right):
                found.append(SPACE if space else NO_SPACE)
            found.append(right)
            left = right
        return found

    def joined(self, tokens: Iterable[str]) -> str:
        """The text of parts and marks; marks at its ends or before another mark have no effect."""
        text = left = mark = ""
        for token in tokens:
            if token in MARKS:
                mark = token
                continue
            if left and (mark == SPACE if mark else self._has_space(left, token)):
                text += " "
            text += token
            left, mark = token, ""
        return text
