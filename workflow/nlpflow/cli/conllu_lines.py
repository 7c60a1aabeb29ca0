"""Reading and writing of CoNLL-U, with all lines and columns kept except the predicted tags.

The format: universaldependencies.org/format.html. Tags, probabilities and comments that
`nlpflow tag` has written into a file before are replaced.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nlpflow.cli.lines import Lines
from nlpflow.corpora.tagged import CONLLU_COLUMNS, UNSET
from nlpflow.errors import UserError
from nlpflow.text.words import BLANK

LONGEST = 10_000
"""The maximum number of words in a sentence; it limits the use of memory."""
MOST_LINES = 10 * LONGEST
"""The maximum number of lines between two blank lines."""

UPOS, XPOS, MISC = 3, 4, 9
UNIVERSAL = frozenset([
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X",
])  # fmt: skip
"""The tags of the column UPOS (universaldependencies.org/u/pos)."""
WORD = re.compile("[1-9][0-9]*")
"""The id of a word."""
NO_WORD = re.compile(r"[1-9][0-9]*-[1-9][0-9]*|[0-9]+\.[1-9][0-9]*")
"""The ids of multiword tokens and of empty nodes."""
LONE_CR = re.compile(r"\r[1-9][0-9]*\t")
"""A word inside a comment; the file has carriage returns instead of line feeds."""

ENTITY, SHARE = "NER=", "P="
OWN_SHARE = re.compile(r"P=[01]\.[0-9]{4}")
OWN_RANK = re.compile("# k_best = ([1-9][0-9]*)")
OWN_SCORE = re.compile(r"# log_probability = -?[0-9]+\.[0-9]{4}")


class ConlluSentence(NamedTuple):
    """A sentence to tag, or lines without words that are between sentences of a CoNLL-U file."""

    words: list[str]
    """The syntactic words."""
    lines: list[str]
    """The CoNLL-U lines with comments, without line ends."""
    indices: list[int]
    """The index in `lines` of each word."""
    end: str | None = None
    """The blank line after the sentence; None if the file ends without one."""


def conllu_sentences(lines: Lines) -> Iterator[ConlluSentence]:
    """The sentences of CoNLL-U, and the lines between them.

    If the file is output of `--top`, only the best tags of each sentence are kept.

    Raises:
        UserError: a line is not CoNLL-U; the message names it
    """
    before = ConlluSentence([], [], [])
    rank = 0
    for sentence in _blocks(lines):
        rest, found = _without_rank(sentence)
        again = found == rank + 1 and found > 1 and rest.words == before.words
        if not again:
            yield rest
        before, rank = rest, found


def _blocks(lines: Lines) -> Iterator[ConlluSentence]:
    block = ConlluSentence([], [], [])
    for number, line in lines.numbered():
        if not line.strip(BLANK):
            yield block._replace(end=line)
            block = ConlluSentence([], [], [])
            continue
        where = lines.where(number)
        if word := _word(line, len(block.words), where):
            block.words.append(word)
            block.indices.append(len(block.lines))
            check_length(len(block.words), where)
        block.lines.append(line)
        if len(block.lines) > MOST_LINES:
            raise UserError(
                f"{where}not CoNLL-U: {MOST_LINES:,} lines without a blank one; a blank line must "
                "end each sentence"
            )
    if block.lines:
        yield block


def check_length(words: int, where: str) -> None:
    """Raise UserError if a sentence is too long."""
    if words > LONGEST:
        raise UserError(
            f"{where}{words:,} words, but a sentence can have at most {LONGEST:,}; "
            "split the text into sentences"
        )


def _word(line: str, before: int, where: str) -> str:
    """The word of a line; empty for a comment, a multiword token or an empty node.

    Args:
        line: of CoNLL-U
        before: number of words before it in the sentence
        where: beginning of the error message

    Raises:
        UserError: the line is not CoNLL-U
    """
    problem = ""
    cells = line.split("\t")
    if line.lstrip(BLANK).startswith("#"):
        cells = []
        if LONE_CR.search(line):
            problem = "the lines end with carriage returns; convert these to line feeds"
    elif len(cells) != CONLLU_COLUMNS:
        problem = f"has {len(cells)} columns, not {CONLLU_COLUMNS}"
    elif not WORD.fullmatch(cells[0]):
        if not NO_WORD.fullmatch(cells[0]):
            problem = f"has the id {cells[0]!r}, which is not the number of a word"
        cells = []
    elif int(cells[0]) != before + 1:
        problem = (
            f"has word {cells[0]} after word {before}; the words of a sentence are numbered from "
            "1, and a blank line ends it"
        )
    elif not cells[1].strip(" "):
        problem = "has an empty word"
    if problem:
        raise UserError(f"{where}not CoNLL-U: {problem}")
    return cells[1].strip(" ") if cells else ""


def _without_rank(sentence: ConlluSentence) -> tuple[ConlluSentence, int]:
    """Remove the comments of `--top`.

    Returns:
        the sentence without them, and its rank; 0 if there are no such comments
    """
    lines, indices = sentence.lines, sentence.indices
    for at in range(indices[0] - 1 if indices else 0):
        rank, score = OWN_RANK.fullmatch(lines[at]), OWN_SCORE.fullmatch(lines[at + 1])
        if rank and score:
            rest = [*lines[:at], *lines[at + 2 :]]
            indices = [index - 2 for index in indices]
            return sentence._replace(lines=rest, indices=indices), int(rank[1])
    return sentence, 0


def conllu_of_words(words: list[str], number: int) -> ConlluSentence:
    """Make a CoNLL-U sentence from words; without words it has no lines.

    Args:
        words: of the sentence
        number: its `sent_id`
    """
    if not words:
        return ConlluSentence([], [], [])
    rest = "\t".join([UNSET] * (CONLLU_COLUMNS - 2))
    lines = [f"# sent_id = {number}", *(f"{n}\t{word}\t{rest}" for n, word in enumerate(words, 1))]
    return ConlluSentence(words, lines, [*range(1, len(lines))], "")


def tagged_lines(
    sentence: ConlluSentence,
    column: int,
    tags: Sequence[str],
    probabilities: Sequence[str],
    comments: Sequence[str],
) -> list[str]:
    """The CoNLL-U lines of a tagged sentence, and the blank line after them.

    Args:
        sentence: as read
        column: where the tags are written: `UPOS` or `XPOS`, or `MISC` for entities, as `NER=`
        tags: of the words
        probabilities: of the tags, written into MISC as `P=`; an empty sequence writes none
        comments: added after those of the sentence
    """
    lines = list(sentence.lines)
    for at, index in enumerate(sentence.indices):
        cells = lines[index].split("\t")
        notes = [f"{ENTITY}{tags[at]}"] if column == MISC else []
        if column != MISC:
            cells[column] = tags[at]
        notes += [f"{SHARE}{probabilities[at]}"] if probabilities else []
        cells[MISC] = _misc(cells[MISC], notes)
        lines[index] = "\t".join(cells)
    first = next((at for at, line in enumerate(lines) if line.lstrip(BLANK)[:1] != "#"), len(lines))
    if sentence.words:
        lines[first:first] = comments
    return [*lines, sentence.end or ""] if lines or sentence.end is not None else []


def _misc(cell: str, notes: Sequence[str]) -> str:
    """The cell of the column MISC, with `notes` in place of those that were written earlier."""
    names = tuple(note.partition("=")[0] + "=" for note in notes)
    before = [] if cell in ("", UNSET) else cell.split("|")
    kept = [note for note in before if not note.startswith(names) and not OWN_SHARE.fullmatch(note)]
    return "|".join([*kept, *notes]) or UNSET if notes or kept != before else cell
