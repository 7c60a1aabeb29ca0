"""Formats of `nlpflow tag`: reading of plain text; writing of CoNLL-U, columns and colour."""

from collections.abc import Iterator
from typing import NamedTuple

from nlpflow.cli.conllu_lines import (
    MISC,
    ConlluSentence,
    check_length,
    conllu_of_words,
    tagged_lines,
)
from nlpflow.cli.lines import Lines
from nlpflow.text.streams import printable
from nlpflow.text.tag_schemes import read_spans
from nlpflow.text.words import is_invisible, split_words

COLOURS = (36, 33, 32, 35, 34, 31)
"""ECMA-48 codes of foreground colours that are readable on dark and light backgrounds."""
RESET = "\x1b[0m"


class TagAnswer(NamedTuple):
    """A sentence with one predicted tag sequence."""

    sentence: ConlluSentence
    """The sentence as read."""
    tags: list[str]
    """Parts of speech, or entities in IOB2."""
    column: int
    """The CoNLL-U column of the tags."""
    probabilities: list[float]
    """The probability of each tag; empty if not asked for."""
    rank: int
    """1 for the best tag sequence, 2 for the second best."""
    log_probability: float | None
    """The log-probability of the tag sequence; None if not asked for."""


def read_plain(lines: Lines) -> Iterator[ConlluSentence]:
    """Read one sentence per line, with words separated by spaces or tabs.

    As in corpora, a word must have a visible character.

    Raises:
        UserError: a sentence is too long; the message names the line
    """
    for number, line in lines.numbered():
        words = [word for word in map(printable, split_words(line)) if not is_invisible(word)]
        check_length(len(words), lines.where(number))
        yield conllu_of_words(words, number)


def conllu_text(labelled: TagAnswer) -> str:
    """The sentence in CoNLL-U, with everything that was read except the tags.

    An empty sentence gives nothing, because CoNLL-U has no empty sentences. Entities are in the
    column MISC as `NER=`, probabilities as `P=`.
    """
    comments = []
    if labelled.log_probability is not None:
        comments.append(f"# k_best = {labelled.rank}")
        comments.append(f"# log_probability = {labelled.log_probability:.4f}")
    shares = [f"{share:.4f}" for share in labelled.probabilities]
    lines = tagged_lines(labelled.sentence, labelled.column, labelled.tags, shares, comments)
    return "".join(f"{line}\n" for line in lines)


def conllu_on_a_terminal(labelled: TagAnswer) -> str:
    """The sentence in CoNLL-U without control characters, which the input may contain."""
    lines = conllu_text(labelled).split("\n")
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in lines)


def columns(labelled: TagAnswer) -> str:
    """One line per word with word, tag and perhaps probability between tabs; then a blank line."""
    lines = []
    if labelled.log_probability is not None:
        lines.append(f"# {labelled.rank}: log probability {labelled.log_probability:.4f}")
    words = labelled.sentence.words
    shares = [f"\t{share:.4f}" for share in labelled.probabilities] or [""] * len(words)
    for word, tag, share in zip(words, labelled.tags, shares, strict=True):
        lines.append(f"{printable(word)}\t{tag}{share}")
    return "".join(f"{line}\n" for line in [*lines, ""])


def coloured(labelled: TagAnswer) -> str:
    """One line, with each tagged word or entity in the colour of its tag, followed by the tag."""
    pieces = []
    for start, end, tag in _pieces(labelled):
        text = printable(" ".join(labelled.sentence.words[start:end]))
        if tag:
            # An entity is at most as probable as its least probable word.
            share = min(labelled.probabilities[start:end], default=None)
            note = tag if share is None else f"{tag} {100 * share:.0f}%"
            text = f"\x1b[{_colour(tag)}m{text}\x1b[2m/{note}{RESET}"
        pieces.append(text)
    line = " ".join(pieces)
    if labelled.log_probability is not None:
        line = f"{labelled.rank} ({labelled.log_probability:.2f}) {line}"
    return line + "\n"


WRITERS = {
    "conllu": conllu_text,
    "terminal": conllu_on_a_terminal,
    "columns": columns,
    "colour": coloured,
}


def _pieces(labelled: TagAnswer) -> list[tuple[int, int, str]]:
    """The words, or the entities and the words between them.

    Returns:
        start, end and tag of each; the tag is empty outside entities
    """
    if labelled.column != MISC:
        return [(at, at + 1, tag) for at, tag in enumerate(labelled.tags)]
    spans = read_spans(labelled.tags)[0]
    inside = {at for span in spans for at in range(span.start, span.end)}
    outside = [(at, at + 1, "") for at in range(len(labelled.tags)) if at not in inside]
    return sorted([*outside, *((span.start, span.end, span.type) for span in spans)])


def _colour(tag: str) -> int:
    """The colour of a tag, which does not depend on the model."""
    return COLOURS[sum(tag.encode()) % len(COLOURS)]
