"""Tags that mark entities, as files have them: checked, renamed, and turned into IOB2."""

from collections.abc import Mapping, Sequence

from nlpflow.metrics.spans import OUTSIDE, PREFIXES, Scheme, repair


def is_tag(tag: str, scheme: Scheme) -> bool:
    """Whether the scheme knows such a tag: `O`, or a prefix, a hyphen and a type."""
    prefix, _, kind = tag.partition("-")
    return tag == OUTSIDE or (len(prefix) == 1 and prefix in PREFIXES[scheme] and bool(kind))


def rename_types(tags: Sequence[str], names: Mapping[str, str]) -> tuple[list[str], int]:
    """The tags with other names for their types, and how many changed; `O` is no entity."""
    renamed = []
    for tag in tags:
        prefix, _, kind = tag.partition("-")
        new = names.get(kind)
        if kind and new is not None:
            tag = OUTSIDE if new == OUTSIDE else f"{prefix}-{new}"
        renamed.append(tag)
    return renamed, sum(old != new for old, new in zip(tags, renamed, strict=True))


def to_iob2(tags: Sequence[str], scheme: Scheme) -> tuple[list[str], int]:
    """The tags in IOB2, and how many had to be repaired.

    An entity that starts without its B or S, as in files that know I only, gets its B.
    """
    if scheme == "IOB2":
        return repair(tags)
    converted, ended, without_start = [], False, 0
    for tag in tags:
        prefix, _, kind = tag.partition("-")
        starts = prefix in "IE" and ended  # what came before is over, whatever its type
        without_start += starts
        letter = "B" if starts or prefix in "BS" else "I"
        converted.append(OUTSIDE if tag == OUTSIDE else f"{letter}-{kind}")
        ended = prefix in "ES"
    repaired, changed = repair(converted)
    return repaired, changed + without_start
