"""Tags that mark entities: from one scheme to another, and repaired where they are no entity.

IOB2: B starts an entity, I goes on with it. IOBES: E ends an entity of several words, S is one of
a single word (Ratinov & Roth 2009, 3.1, where it is called BILOU). `O` is no entity.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

Scheme = Literal["IOB2", "IOBES"]

PREFIXES: dict[Scheme, str] = {"IOB2": "BI", "IOBES": "BIES"}
OUTSIDE = "O"


def is_tag(tag: str, scheme: Scheme) -> bool:
    """Whether the scheme knows such a tag: `O`, or a prefix, a hyphen and a type."""
    prefix, _, kind = tag.partition("-")
    return tag == OUTSIDE or (len(prefix) == 1 and prefix in PREFIXES[scheme] and bool(kind))


def rename_types(tags: Sequence[str], names: Mapping[str, str]) -> tuple[list[str], int]:
    """The tags with other names for their types, and how many changed; `O` is no entity."""
    renamed = []
    for tag in tags:
        prefix, _, kind = tag.partition("-")
        new = names.get(kind, kind)
        renamed.append(OUTSIDE if OUTSIDE in (tag, new) else f"{prefix}-{new}")
    return renamed, sum(old != new for old, new in zip(tags, renamed, strict=True))


def to_iob2(tags: Sequence[str], scheme: Scheme) -> tuple[list[str], int]:
    """The tags in IOB2, and how many had to be repaired.

    An entity that starts without its B or S, as in files that know I only, gets its B. Between E
    and a following I of the same type there is a new entity as well.
    """
    converted: list[str] = []
    repaired = 0
    open_type = ""
    for tag in tags:
        prefix, _, kind = tag.partition("-")
        if tag == OUTSIDE:
            converted.append(tag)
            open_type = ""
            continue
        goes_on = prefix in "IE"
        if goes_on and kind != open_type:
            repaired += 1
            goes_on = False
        converted.append(f"{'I' if goes_on else 'B'}-{kind}")
        open_type = "" if scheme == "IOBES" and prefix in "ES" else kind
    return converted, repaired


def from_iob2(tags: Sequence[str], scheme: Scheme) -> list[str]:
    """IOB2 tags in another scheme; the inverse of `to_iob2` for tags that need no repair."""
    if scheme == "IOB2":
        return list(tags)
    converted = []
    for tag, after in zip(tags, [*tags[1:], OUTSIDE], strict=True):
        prefix, _, kind = tag.partition("-")
        goes_on = after == f"I-{kind}"
        letter = {"B": "B" if goes_on else "S", "I": "I" if goes_on else "E"}.get(prefix, "")
        converted.append(f"{letter}-{kind}" if letter else tag)
    return converted
