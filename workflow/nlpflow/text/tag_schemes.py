"""Tag schemes: how the tags of words mark entities.

IOB2 (Ratnaparkhi 1998; Tjong Kim Sang & Veenstra 1999): `B-X` opens an entity of type X, `I-X`
continues it, `O` is outside. IOBES writes `E-X` for the last word of an entity and `S-X` for an
entity of a single word; BILOU (Ratinov & Roth 2009) writes `L-X` and `U-X` for these. BILOU is read
from files, but models do not use it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

Scheme = Literal["IOB2", "IOBES"]
PREFIXES: dict[Scheme, str] = {"IOB2": "BI", "IOBES": "BIES"}
FileScheme = Literal["IOB2", "IOBES", "BILOU"]
FILE_PREFIXES: dict[FileScheme, str] = {"IOB2": "BI", "IOBES": "BIES", "BILOU": "BILU"}
FROM_BILOU = str.maketrans("LU", "ES")
"""BILOU's L and U as IOBES writes them."""
OUTSIDE = "O"


class Span(NamedTuple):
    """An entity: its words from `start` up to but not including `end`, counted from 0."""

    start: int
    end: int
    type: str


def read_spans(tags: Sequence[str], scheme: Scheme = "IOB2") -> tuple[list[Span], int]:
    """The entities of one sentence in strict reading, and the number of invalid sequences.

    Only what the scheme allows is an entity: an `I-X` that follows neither `B-X` nor `I-X` does not
    open one. Such a run of tags, or in IOBES an entity without its end, is one invalid sequence.
    Raises ValueError for a tag of another scheme.
    """
    parts = [_split(tag, scheme) for tag in tags]
    spans, invalid, start = [], 0, 0
    while start < len(parts):
        prefix, entity = parts[start]
        end = start + 1
        if prefix in "BI":
            while end < len(parts) and parts[end] == ("I", entity):
                end += 1
            ended = end < len(parts) and parts[end] == ("E", entity)
            end += ended
        else:
            ended = prefix == "S"
        if prefix != OUTSIDE:
            whole = prefix in "BS" and (ended or scheme == "IOB2")
            if whole:
                spans.append(Span(start, end, entity))
            invalid += not whole
        start = end
    return spans, invalid


def write_tags(spans: Iterable[Span], length: int, scheme: Scheme = "IOB2") -> list[str]:
    """The tags of a sentence with these entities; the inverse of `read_spans`.

    Raises ValueError if entities overlap or leave the sentence.
    """
    tags = [OUTSIDE] * length
    for start, end, entity in spans:
        if not 0 <= start < end <= length or any(tag != OUTSIDE for tag in tags[start:end]):
            raise ValueError(
                f"entity {start} to {end} overlaps another or leaves the sentence of {length} words"
            )
        prefixes = ["B", *"I" * (end - start - 1)]
        if scheme == "IOBES":
            prefixes[-1] = "E" if len(prefixes) > 1 else "S"
        tags[start:end] = [f"{prefix}-{entity}" for prefix in prefixes]
    return tags


def convert(tags: Sequence[str], source: Scheme, target: Scheme) -> list[str]:
    """The same entities in another scheme; ValueError if a sequence is invalid."""
    spans, invalid = read_spans(tags, source)
    if invalid:
        raise ValueError(f"{invalid} invalid {source} sequences in: {' '.join(tags)}")
    return write_tags(spans, len(tags), target)


def repair(tags: Sequence[str]) -> tuple[list[str], int]:
    """Convert the tags of a sentence from IOB1, or from `I-` tags only, to IOB2.

    In IOB1 (Ramshaw & Marcus 1995) an `I-X` that follows no entity of type X opens one, and `B-X`
    stands only between two entities of the same type. Valid IOB2 stays as it is.

    Returns:
        the tags in IOB2, and how many tags were changed
    """
    repaired, changed = [], 0
    before = OUTSIDE
    for tag in tags:
        prefix, entity = _split(tag, "IOB2")
        opens = prefix == "I" and before != entity
        repaired.append(f"B-{entity}" if opens else tag)
        changed += opens
        before = entity if prefix != OUTSIDE else OUTSIDE
    return repaired, changed


def _split(tag: str, scheme: Scheme) -> tuple[str, str]:
    """`B-LOC` -> ("B", "LOC"); `O` -> ("O", "")."""
    prefix, dash, entity = tag.partition("-")
    if tag != OUTSIDE and not (len(prefix) == 1 and prefix in PREFIXES[scheme] and dash and entity):
        allowed = ", ".join(f"{prefix}-TYPE" for prefix in PREFIXES[scheme])
        raise ValueError(f"tag '{tag}' is not {scheme}: allowed are O, {allowed}")
    return prefix, entity


def is_tag(tag: str, scheme: FileScheme) -> bool:
    """Whether a tag belongs to the scheme: `O`, or a prefix, a hyphen and a type."""
    prefix, _, kind = tag.partition("-")
    return tag == OUTSIDE or (len(prefix) == 1 and prefix in FILE_PREFIXES[scheme] and bool(kind))


def rename_types(tags: Sequence[str], names: Mapping[str, str]) -> tuple[list[str], int]:
    """The tags with renamed types, and how many changed; the new name `O` removes the entities."""
    renamed = []
    for tag in tags:
        prefix, _, kind = tag.partition("-")
        new = names.get(kind)
        if kind and new is not None:
            tag = OUTSIDE if new == OUTSIDE else f"{prefix}-{new}"
        renamed.append(tag)
    return renamed, sum(old != new for old, new in zip(tags, renamed, strict=True))


def to_iob2(tags: Sequence[str], scheme: FileScheme) -> tuple[list[str], int]:
    """The tags in IOB2, and how many had to be repaired.

    If an entity starts without B or S, as in files that use `I-` tags only, its first tag becomes
    `B-`.
    """
    if scheme == "IOB2":
        return repair(tags)
    if scheme == "BILOU":
        tags = [tag[0].translate(FROM_BILOU) + tag[1:] for tag in tags]
    converted, ended, without_start = [], False, 0
    for tag in tags:
        prefix, _, kind = tag.partition("-")
        starts = prefix in "IE" and ended  # the entity before has ended, whatever its type
        without_start += starts
        letter = "B" if starts or prefix in "BS" else "I"
        converted.append(OUTSIDE if tag == OUTSIDE else f"{letter}-{kind}")
        ended = prefix in "ES"
    repaired, changed = repair(converted)
    return repaired, changed + without_start
