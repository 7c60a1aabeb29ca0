"""Text cut into parts: runs of letters, runs of digits, single signs and, if wanted, spaces.

Commands and code consist of such parts. A file name in a request and the same name between quotes
in a command have the same parts, so that a network can copy them one by one.
"""

import re
from collections.abc import Iterable

SPACE = " "
"""The part that stands for the space between two words."""

_PARTS = re.compile(r"[^\W\d]+|\d+|[^\w\s]|\s+")


def parts_of(text: str, spaces: bool) -> list[str]:
    """The parts of a text; underscores count as letters.

    Args:
        text: normalised
        spaces: whether spaces are parts; then `joined` gives the text back, without the spaces
            around it and with single spaces inside
    """
    found = _PARTS.findall(text.strip())
    if spaces:
        return [SPACE if part.isspace() else part for part in found]
    return [part for part in found if not part.isspace()]


def joined(parts: Iterable[str]) -> str:
    """The text of parts, with the spaces among them."""
    return "".join(parts).strip()
