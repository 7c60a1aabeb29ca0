"""Word alignments of sentence pairs as sets of links."""

Links = frozenset[tuple[int, int]]
"""Pairs (source position, target position), counted from 0."""


def parse_links(text: str) -> Links:
    """Parse links in Pharaoh format: `0-0 1-2` -> {(0, 0), (1, 2)}."""
    pairs = (link.split("-") for link in text.split())
    return frozenset((int(src), int(tgt)) for src, tgt in pairs)
