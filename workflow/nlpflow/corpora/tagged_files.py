"""Files of tagged words: blocks of lines, a blank line after each, one word a line in them.

CoNLL-U (universaldependencies.org/format.html) is read by the library `conllu`; column files, as
for entities, have no standard beyond that.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import conllu

from nlpflow.settings.checks import on_one_line
from nlpflow.settings.registry import ColumnLayout
from nlpflow.text.tag_schemes import is_tag

COLUMNS = 10
"""Of a CoNLL-U line."""
UNSET = "_"
BLANK = " \t"
"""What may stand on the line between two sentences."""


class Tagged(NamedTuple):
    """A sentence as it stands in the file."""

    words: list[str]
    tags: list[str]


class BadLine(NamedTuple):
    """A line at fault, counted from 0 within the lines given."""

    line: int
    problem: str


def blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The sentences of a file: where each begins, counted from 0, and its lines."""
    start = 0
    block: list[str] = []
    for number, line in enumerate(lines):
        if line.strip(BLANK):
            start = start if block else number
            block.append(line)
        elif block:
            yield start, block
            block = []
    if block:
        yield start, block


def read_conllu(lines: Sequence[str], tags: str) -> Tagged | list[BadLine]:
    """The syntactic words of one sentence, or what is wrong with its lines.

    There are no words if all lines are comments. Lines of multiword tokens (`1-2`) and of empty
    nodes (`1.1`) are no words.

    :param tags: `upos` or `xpos`
    """
    numbers = [number for number, line in enumerate(lines) if not line.strip().startswith("#")]
    bad = [
        BadLine(number, problem) for number in numbers if (problem := line_problem(lines[number]))
    ]
    if bad or not numbers:
        return bad or Tagged([], [])
    try:
        (sentence,) = conllu.parse("\n".join(lines), field_parsers=AS_TEXT)
    except conllu.exceptions.ParseException:
        return _unparsed(lines, numbers)
    words: list[str] = []
    found: list[str] = []
    for number, token in zip(numbers, sentence, strict=True):
        if not isinstance(token["id"], int):
            continue
        if token["id"] != len(words) + 1:
            bad.append(BadLine(number, f"has word {token['id']} after word {len(words)}"))
        elif token[tags] in (UNSET, None, ""):
            bad.append(BadLine(number, f"has no {tags}"))
        words.append(token["form"])
        found.append(token[tags])
    return bad or Tagged(words, found)


def line_problem(line: str) -> str:
    """What is wrong with the columns of a line; empty if nothing is."""
    cells = line.split("\t")
    if len(cells) != COLUMNS:
        return f"has {len(cells)} columns, not {COLUMNS}"
    if not cells[1].strip():
        return "has an empty word"
    # To the library two spaces end a column as a tab does.
    return "has two spaces in a row" if "  " in "\t".join(cells[:5]) else ""


def _unparsed(lines: Sequence[str], numbers: Sequence[int]) -> list[BadLine]:
    """The lines that the library refuses, and why."""
    bad = []
    for number in numbers:
        try:
            conllu.parse(lines[number], field_parsers=AS_TEXT)
        except conllu.exceptions.ParseException as error:
            bad.append(BadLine(number, on_one_line(" ".join(str(error).split()))))
    return bad


AS_TEXT = {name: lambda cells, at: cells[at] for name in ("feats", "head", "deps", "misc")}
"""Columns that need no parsing here, so that an oddity in them costs no sentence."""


def read_columns(lines: Sequence[str], layout: ColumnLayout) -> Tagged | list[BadLine]:
    """The words of one sentence and their tags, or what is wrong with its lines.

    There are no words if all lines are comments.
    """
    separator = "\t" if layout.separator == "tab" else None  # None: any number of spaces
    needed = max(layout.word, layout.tag)
    bad: list[BadLine] = []
    words, tags = [], []
    for number, line in enumerate(lines):
        if layout.comments and line.startswith(layout.comments):
            continue
        cells = line.split(separator)
        if len(cells) < needed:
            bad.append(BadLine(number, f"has {len(cells)} columns, not {needed} or more"))
            continue
        word, tag = cells[layout.word - 1], cells[layout.tag - 1]
        if not word.strip():
            bad.append(BadLine(number, "has an empty word"))
        elif not tag.strip():
            bad.append(BadLine(number, "has an empty tag"))
        elif layout.scheme != "plain" and not is_tag(tag, layout.scheme):
            bad.append(BadLine(number, f"has {tag!r}, no tag of {layout.scheme}"))
        words.append(word)
        tags.append(tag)
    return bad or Tagged(words, tags)
