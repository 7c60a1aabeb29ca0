"""How labelled sentences are written: CoNLL-U, columns, or coloured lines for a terminal."""

from typing import NamedTuple

from conllu.models import Token, TokenList

from nlpflow.text.tag_schemes import read_spans

FIELDS = ("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")
UPOS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip
"""Tags of column 4 of CoNLL-U (universaldependencies.org/u/pos); others belong into column 5."""

COLOURS = (36, 33, 32, 35, 34, 31)
"""Codes of ECMA-48 for the colour of letters, those that read well on dark and on light."""
RESET = "\x1b[0m"


class Labelled(NamedTuple):
    """A sentence with what a run says of it."""

    sentence: TokenList
    """As read; of plain sentences, words alone."""
    words: list[str]
    tags: list[str]
    """Parts of speech, or entities in IOB2."""
    entities: bool
    probabilities: list[float]
    """Of each tag at its word; empty if not asked for."""
    rank: int
    """1 for the best tags, 2 for the second best."""
    log_probability: float | None
    """Of the sentence's tags; None if not asked for."""


def conllu_text(labelled: Labelled) -> str:
    """The sentence in CoNLL-U; all that was read stays, but for its tags.

    Entities stand in the column MISC as `NER=`, probabilities as `P=`.
    """
    tokens = []
    tags, shares = iter(labelled.tags), iter(labelled.probabilities)
    for read in labelled.sentence:
        token = Token({field: read.get(field) for field in FIELDS})
        if isinstance(token["id"], int):
            tag = next(tags)
            notes = [f"NER={tag}"] if labelled.entities else []
            notes += [f"P={share:.4f}" for share in [next(shares, None)] if share is not None]
            if not labelled.entities:
                token["upos" if tag in UPOS else "xpos"] = tag
            before = [] if token["misc"] in (None, "_") else [token["misc"]]
            token["misc"] = "|".join(before + notes) or "_"
        tokens.append(token)
    sentence = TokenList(tokens, labelled.sentence.metadata)
    if labelled.log_probability is not None:
        sentence.metadata["k_best"] = str(labelled.rank)
        sentence.metadata["log_probability"] = f"{labelled.log_probability:.4f}"
    return str(sentence.serialize())


def columns(labelled: Labelled) -> str:
    """A word, a tab and its tag a line (and the tag's probability), then a blank line."""
    lines = []
    if labelled.log_probability is not None:
        lines.append(f"# {labelled.rank}: log probability {labelled.log_probability:.4f}")
    shares = [f"\t{share:.4f}" for share in labelled.probabilities] or [""] * len(labelled.words)
    for word, tag, share in zip(labelled.words, labelled.tags, shares, strict=True):
        lines.append(f"{word}\t{tag}{share}")
    return "\n".join(lines) + "\n\n"


def coloured(labelled: Labelled) -> str:
    """One line: each word, or each entity, in the colour of its tag, and the tag behind it."""
    pieces = []
    for start, end, tag in _pieces(labelled):
        text = " ".join(labelled.words[start:end])
        if tag:
            # The least certain word of an entity says how certain the entity is at most.
            share = min(labelled.probabilities[start:end], default=None)
            note = tag if share is None else f"{tag} {100 * share:.0f}%"
            text = f"\x1b[{_colour(tag)}m{text}\x1b[2m/{note}{RESET}"
        pieces.append(text)
    line = " ".join(pieces)
    if labelled.log_probability is not None:
        line = f"{labelled.rank} ({labelled.log_probability:.2f}) {line}"
    return line + "\n"


def _pieces(labelled: Labelled) -> list[tuple[int, int, str]]:
    """Words, or entities and the words between them: start, end and tag, empty outside."""
    if not labelled.entities:
        return [(at, at + 1, tag) for at, tag in enumerate(labelled.tags)]
    spans = read_spans(labelled.tags)[0]
    inside = {at for span in spans for at in range(span.start, span.end)}
    outside = [(at, at + 1, "") for at in range(len(labelled.tags)) if at not in inside]
    return sorted([*outside, *((span.start, span.end, span.type) for span in spans)])


def _colour(tag: str) -> int:
    """The same for the same tag, whatever the model."""
    return COLOURS[sum(tag.encode()) % len(COLOURS)]
