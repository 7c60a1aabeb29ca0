"""What `nlpflow tag` reads and writes: CoNLL-U, plain words, columns, coloured lines."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import conllu
from conllu.models import Metadata, Token, TokenList

from nlpflow.cli.lines import Lines
from nlpflow.corpora.tagged import AS_TEXT, line_problem
from nlpflow.errors import UserError
from nlpflow.text.streams import printable
from nlpflow.text.tag_schemes import read_spans
from nlpflow.text.words import is_invisible, split_words

LONGEST = 10_000
"""Most words of a sentence: memory stays bounded."""

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


def words_of(sentence: TokenList) -> list[str]:
    """The syntactic words of a sentence."""
    return [token["form"].strip(" ") for token in sentence if isinstance(token["id"], int)]


def read_plain(lines: Lines) -> Iterator[TokenList]:
    """One sentence per line, words between spaces or tabs; UserError with the line at fault.

    What has no visible character is not a word, as when a corpus is read.
    """
    for number, line in lines.numbered():
        words = [word for word in split_words(printable(line)) if not is_invisible(word)]
        _check_length(len(words), lines.where(number))
        tokens = [Token(id=at, form=word) for at, word in enumerate(words, start=1)]
        yield TokenList(tokens, Metadata(sent_id=str(number)))


def read_conllu(lines: Lines) -> Iterator[TokenList]:
    """The sentences of CoNLL-U that have words; UserError with the line at fault."""
    block: list[str] = []
    for number, line in chain(lines.numbered(), [(0, "")]):
        if line.strip():
            line = "\t".join(map(printable, line.split("\t")))
            comment = line.strip().startswith("#")
            if not comment and (problem := line_problem(line)):
                raise UserError(f"{lines.where(number)}no CoNLL-U: {problem}")
            block.append(line)
            last = number
        elif block:
            where = lines.where(last)
            _check_length(len(block), where)
            try:
                found = conllu.parse("\n".join(block), field_parsers=AS_TEXT)
            except conllu.exceptions.ParseException as error:
                reason = " ".join(str(error).split())
                raise UserError(f"{where}no CoNLL-U: {reason}") from None
            yield from filter(words_of, found)
            block = []


def _check_length(words: int, where: str) -> None:
    if words > LONGEST:
        raise UserError(
            f"{where}{words:,} words, and no sentence has more than {LONGEST:,}; "
            "cut the text into sentences"
        )


def conllu_text(labelled: Labelled) -> str:
    """The sentence in CoNLL-U; all that was read stays, except its tags.

    An empty sentence is left out: CoNLL-U has none. Entities stand in the column MISC as `NER=`,
    probabilities as `P=`.
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
    return str(sentence.serialize()) if tokens else ""


def columns(labelled: Labelled) -> str:
    """One line per word: word, tag and perhaps its probability between tabs; then a blank line."""
    lines = []
    if labelled.log_probability is not None:
        lines.append(f"# {labelled.rank}: log probability {labelled.log_probability:.4f}")
    shares = [f"\t{share:.4f}" for share in labelled.probabilities] or [""] * len(labelled.words)
    for word, tag, share in zip(labelled.words, labelled.tags, shares, strict=True):
        lines.append(f"{word}\t{tag}{share}")
    return "".join(f"{line}\n" for line in [*lines, ""])


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


WRITERS = {"conllu": conllu_text, "columns": columns, "colour": coloured}


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
