"""CoNLL-U read line by line, so that what is not tagged is written as it stands.

The format: universaldependencies.org/format.html. What `nlpflow tag` has written into a file before
is taken out: another answer takes its place.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nlpflow.cli.lines import Lines
from nlpflow.corpora.tagged import CONLLU_COLUMNS, UNSET
from nlpflow.errors import UserError
from nlpflow.text.words import BLANK

LONGEST = 10_000
"""Most words of a sentence: memory stays bounded."""
MOST_LINES = 10 * LONGEST
"""Most lines between two blank ones."""

UPOS, XPOS, MISC = 3, 4, 9
UNIVERSAL = frozenset([
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X",
])  # fmt: skip
"""The tags of UPOS (universaldependencies.org/u/pos)."""
WORD = re.compile("[1-9][0-9]*")
NO_WORD = re.compile(r"[1-9][0-9]*-[1-9][0-9]*|[0-9]+\.[1-9][0-9]*")
"""Numbers of multiword tokens and of empty nodes."""
LONE_CR = re.compile(r"\r[1-9][0-9]*\t")
"""A word within a comment, where a file has carriage returns in place of line feeds."""

ENTITY, SHARE = "NER=", "P="
OWN_SHARE = re.compile(r"P=[01]\.[0-9]{4}")
OWN_RANK = re.compile("# k_best = ([1-9][0-9]*)")
OWN_SCORE = re.compile(r"# log_probability = -?[0-9]+\.[0-9]{4}")


class ConlluSentence(NamedTuple):
    """A sentence to tag; of a CoNLL-U file also what stands between sentences, without words."""

    words: list[str]
    """The syntactic words."""
    lines: list[str]
    """In CoNLL-U, with comments, without their ends."""
    places: list[int]
    """Where the words stand in `lines`."""
    end: str | None = None
    """The line after it, which is blank; None if there is none."""


def conllu_sentences(lines: Lines) -> Iterator[ConlluSentence]:
    """The sentences of CoNLL-U and what stands between them; UserError with the line at fault.

    Of the best, second best and further tags of a sentence, as the verb writes them, the best are
    read.
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
            block.places.append(len(block.lines))
            check_length(len(block.words), where)
        block.lines.append(line)
        if len(block.lines) > MOST_LINES:
            raise UserError(
                f"{where}no CoNLL-U: {MOST_LINES:,} lines without a blank one; a blank line ends "
                "each sentence"
            )
    if block.lines:
        yield block


def check_length(words: int, where: str) -> None:
    """UserError for a sentence too long."""
    if words > LONGEST:
        raise UserError(
            f"{where}{words:,} words, and no sentence has more than {LONGEST:,}; "
            "cut the text into sentences"
        )


def _word(line: str, before: int, where: str) -> str:
    """The word of a line; empty for a comment, a multiword token or an empty node."""
    problem = ""
    cells = line.split("\t")
    if line.lstrip(BLANK).startswith("#"):
        cells = []
        if LONE_CR.search(line):
            problem = "carriage returns end its lines; convert them to line feeds"
    elif len(cells) != CONLLU_COLUMNS:
        problem = f"has {len(cells)} columns, not {CONLLU_COLUMNS}"
    elif not WORD.fullmatch(cells[0]):
        if not NO_WORD.fullmatch(cells[0]):
            problem = f"has the id {cells[0]!r}, no number of a word"
        cells = []
    elif int(cells[0]) != before + 1:
        problem = (
            f"has word {cells[0]} after word {before}; the words of a sentence count from 1, and a "
            "blank line ends it"
        )
    elif not cells[1].strip(" "):
        problem = "has an empty word"
    if problem:
        raise UserError(f"{where}no CoNLL-U: {problem}")
    return cells[1].strip(" ") if cells else ""


def _without_rank(sentence: ConlluSentence) -> tuple[ConlluSentence, int]:
    """The sentence as it was before `--top`, and which of its answers this is; 0: no answer."""
    lines, places = sentence.lines, sentence.places
    for at in range(places[0] - 1 if places else 0):
        rank, score = OWN_RANK.fullmatch(lines[at]), OWN_SCORE.fullmatch(lines[at + 1])
        if rank and score:
            rest = [*lines[:at], *lines[at + 2 :]]
            places = [place - 2 for place in places]
            return sentence._replace(lines=rest, places=places), int(rank[1])
    return sentence, 0


def conllu_of_words(words: list[str], number: int) -> ConlluSentence:
    """A sentence of words alone, as CoNLL-U; without any, no lines."""
    if not words:
        return ConlluSentence([], [], [])
    rest = "\t".join([UNSET] * (CONLLU_COLUMNS - 2))
    lines = [f"# sent_id = {number}", *(f"{n}\t{word}\t{rest}" for n, word in enumerate(words, 1))]
    return ConlluSentence(words, lines, [*range(1, len(lines))], "")


def tagged_lines(
    sentence: ConlluSentence,
    column: int,
    tags: Sequence[str],
    shares: Sequence[str],
    comments: Sequence[str],
) -> list[str]:
    """The lines of a sentence with its answer, and the blank line after them.

    Args:
        sentence: as read.
        column: `UPOS` or `XPOS` for tags; `MISC` for entities, as `NER=`.
        tags: of the words.
        shares: the probabilities of the tags, which are in MISC as `P=`; or none.
        comments: put behind those of the sentence.
    """
    lines = list(sentence.lines)
    for at, place in enumerate(sentence.places):
        cells = lines[place].split("\t")
        notes = [f"{ENTITY}{tags[at]}"] if column == MISC else []
        if column != MISC:
            cells[column] = tags[at]
        notes += [f"{SHARE}{shares[at]}"] if shares else []
        cells[MISC] = _misc(cells[MISC], notes)
        lines[place] = "\t".join(cells)
    first = next((at for at, line in enumerate(lines) if line.lstrip(BLANK)[:1] != "#"), len(lines))
    if sentence.words:
        lines[first:first] = comments
    return [*lines, sentence.end or ""] if lines or sentence.end is not None else []


def _misc(cell: str, notes: Sequence[str]) -> str:
    """The column MISC with `notes` in place of those of an earlier answer."""
    names = tuple(note.partition("=")[0] + "=" for note in notes)
    before = [] if cell in ("", UNSET) else cell.split("|")
    kept = [note for note in before if not note.startswith(names) and not OWN_SHARE.fullmatch(note)]
    return "|".join([*kept, *notes]) or UNSET if notes or kept != before else cell
