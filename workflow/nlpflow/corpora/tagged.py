"""Read corpora of tagged words into one table of sentences; malformed lines are listed.

Files are blocks of lines, one word per line, a blank line after each. CoNLL-U
(universaldependencies.org/format.html) is read by the library `conllu`; column files, as for
entities, have no standard beyond that.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import conllu
import numpy as np
import pandas as pd
import pyarrow as pa

from nlpflow.corpora.documents import find_documents
from nlpflow.corpora.layouts import cells_of, has_entities, named_tags, trimmed, what_fits
from nlpflow.corpora.lines import TEXT, check_mostly_good, file_lines, file_name, malformed_lines
from nlpflow.errors import UserError
from nlpflow.settings.checks import on_one_line
from nlpflow.settings.registry import ColumnLayout, Corpus, CorpusFile
from nlpflow.text.tag_schemes import OUTSIDE, is_tag
from nlpflow.text.words import BLANK, is_invisible

CONLLU_COLUMNS, UNSET = 10, "_"
"""The number of columns of CoNLL-U, and the content of an empty cell."""


class Tagged(NamedTuple):
    """A sentence as the file has it."""

    words: list[str]
    tags: list[str]
    document: int = 0
    """The number of its document in the file, from 1; 0 outside of marked documents."""


class BadLine(NamedTuple):
    """A malformed line, numbered from 0 within the lines given."""

    line: int
    problem: str


def blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The sentences of a file: the number of its first line, from 0, and its lines."""
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
    """The syntactic words of one sentence, or its malformed lines.

    If all lines are comments there are no words. Lines of multiword tokens (`1-2`) and of empty
    nodes (`1.1`) are not words.

    Args:
        tags: `upos` or `xpos`
    """
    numbers = [number for number, line in enumerate(lines) if not line.strip().startswith("#")]
    bad = [
        BadLine(number, problem) for number in numbers if (problem := line_problem(lines[number]))
    ]
    if bad or not numbers:
        return bad or Tagged([], [])
    try:
        (sentence,) = conllu.parse("\n".join(map(trimmed, lines)), field_parsers=AS_TEXT)
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
        elif not token[tags].isprintable():
            bad.append(BadLine(number, f"has {token[tags]!r}, a tag with an invisible character"))
        words.append(token["form"])
        found.append(token[tags])
    return bad or Tagged(words, found)


def line_problem(line: str) -> str:
    """What is wrong with the columns of a line; empty if nothing is."""
    cells = trimmed(line).split("\t")
    if len(cells) != CONLLU_COLUMNS:
        return f"has {len(cells)} columns, not {CONLLU_COLUMNS}"
    if is_invisible(cells[1]):
        return _invisible(cells[1])
    # The library takes two spaces for a tab.
    return "has two spaces in a row" if "  " in "\t".join(cells[:5]) else ""


def _invisible(word: str) -> str:
    """The problem of an empty or invisible word."""
    return f"has {word!r}, a word of invisible characters" if word else "has an empty word"


def _unparsed(lines: Sequence[str], numbers: Sequence[int]) -> list[BadLine]:
    """The lines that the library refuses, and why."""
    bad = []
    for number in numbers:
        try:
            conllu.parse(trimmed(lines[number]), field_parsers=AS_TEXT)
        except conllu.exceptions.ParseException as error:
            bad.append(BadLine(number, on_one_line(" ".join(str(error).split()))))
    return bad


AS_TEXT = {name: lambda cells, at: cells[at] for name in ("feats", "head", "deps", "misc")}
"""Columns that are not parsed, so that a sentence is not lost because of an error in them."""


def read_columns(lines: Sequence[str], layout: ColumnLayout) -> Tagged | list[BadLine]:
    """The words of one sentence and their tags, or its malformed lines.

    If all lines are comments there are no words.
    """
    needed = max(layout.word, layout.tag)
    bad: list[BadLine] = []
    words, tags = [], []
    for number, line in enumerate(lines):
        if layout.comments and line.startswith(layout.comments):
            continue
        cells = cells_of(line, layout)
        if len(cells) < needed:
            bad.append(BadLine(number, f"has {len(cells)} columns, not {needed} or more"))
            continue
        word, tag = cells[layout.word - 1], cells[layout.tag - 1]
        if is_invisible(word):
            bad.append(BadLine(number, _invisible(word)))
        elif not tag:
            bad.append(BadLine(number, "has an empty tag"))
        elif not tag.isprintable():
            bad.append(BadLine(number, f"has {tag!r}, a tag with an invisible character"))
        elif layout.scheme != "plain" and not is_tag(tag, layout.scheme):
            bad.append(BadLine(number, f"has {tag!r}, which is not a tag of {layout.scheme}"))
        words.append(word)
        tags.append(tag)
    return bad or Tagged(words, tags)


class TaggedCorpus(NamedTuple):
    """A corpus of tagged words as it was read."""

    sentences: pd.DataFrame
    """`sentence` (running number from 0), `split` (null if the corpus has none), `document` (its
    number, null if the file marks none), `words` and `tags`, lists of equal length."""
    malformed: pd.DataFrame
    """Malformed lines: `file`, `line` (from 1), `problem`, `text`; their sentences are left out."""
    dropped: int
    """Number of sentences with a malformed line."""
    renamed: int
    """Number of tags that were renamed."""
    repaired: int
    """Number of tags that started an entity with I- and were changed to B-."""


def read_tagged_corpus(
    name: str, corpus: Corpus, paths: Mapping[str, Path], tags: str | None
) -> TaggedCorpus:
    """The sentences of a corpus with reader `conllu` or `columns`; entities become IOB2 tags.

    Args:
        name: the name of the corpus, for error messages
        paths: the path on this machine of each address of the corpus
        tags: reader `conllu` only: `upos` or `xpos`

    Raises:
        UserError: a file has no lines, or most of its lines are malformed, or malformed lines
            make most of its sentences unreadable (or most of its sentences with entities)
    """
    rows, malformed = [], []
    dropped = documents = 0
    for file in corpus.files:
        lines = file_lines(file, paths[file.address])
        read = _read_sentences(lines, corpus.columns, tags)
        if len(lines):
            _check_mostly_kept(f"corpus {name}: {file_name(file)}", lines, read, corpus, tags)
        malformed.append(_listed(name, file, lines, read.bad))
        dropped += len(read.lost)
        for sentence in read.sentences:
            number = documents + sentence.document if sentence.document else None
            rows.append((file.split, number, sentence))
        documents += max((sentence.document for sentence in read.sentences), default=0)
    tagged = [named_tags(sentence.tags, corpus.columns) for *_, sentence in rows]
    table = pd.DataFrame(
        {
            "sentence": np.arange(len(rows)),
            "split": pd.Series([split for split, *_ in rows], dtype="str"),
            "document": pd.array([number for _, number, _ in rows], dtype="Int64"),
            "words": [sentence.words for *_, sentence in rows],
            "tags": [found for found, _, _ in tagged],
        }
    )
    return TaggedCorpus(
        table,
        pa.concat_tables(malformed).to_pandas(),
        dropped,
        sum(renamed for _, renamed, _ in tagged),
        sum(repaired for _, _, repaired in tagged),
    )


class _Read(NamedTuple):
    """The sentences and the malformed lines of a file."""

    sentences: list[Tagged]
    bad: list[BadLine]
    lost: list[list[str]]
    """The lines of each sentence that is lost to a malformed line."""


def _read_sentences(lines: pa.Table, layout: ColumnLayout | None, tags: str | None) -> _Read:
    texts, documents = find_documents(lines["text"].to_pylist(), layout)
    unreadable = dict(enumerate(lines["problem"].to_pylist()))
    found: list[Tagged] = []
    bad: list[BadLine] = []
    lost: list[list[str]] = []
    for start, block in blocks(texts):
        wrong = [
            BadLine(number, unreadable[number])
            for number in range(start, start + len(block))
            if unreadable[number] is not None
        ]
        if not wrong:
            read = _read_sentence(block, layout, tags)
            if isinstance(read, Tagged):
                document = documents[start + len(block) - 1]
                found += [read._replace(document=document)] if read.words else []
                continue
            wrong = [BadLine(start + number, problem) for number, problem in read]
        bad += wrong
        lost.append(block)
    return _Read(found, bad, lost)


def _read_sentence(
    block: list[str], layout: ColumnLayout | None, tags: str | None
) -> Tagged | list[BadLine]:
    if layout is not None:
        return read_columns(block, layout)
    return read_conllu(block, str(tags))


def _check_mostly_kept(
    where: str, lines: pa.Table, read: _Read, corpus: Corpus, tags: str | None
) -> None:
    """Raise UserError if most sentences of a file are lost, or most of those with entities.

    Sentences without entities are the same in every scheme.
    """
    kept, sentences = len(read.sentences), len(read.sentences) + len(read.lost)
    if not sentences:
        raise UserError(f"{where} has no sentence; check its layout")
    layout = corpus.columns
    counts = {"sentences": (kept, sentences)}
    if layout and corpus.has_entities:
        marked = sum(any(tag != OUTSIDE for tag in tagged.tags) for tagged in read.sentences)
        lost = sum(has_entities(block, layout) for block in read.lost)
        counts["sentences with entities"] = (marked, marked + lost)
    for what, (good, of_all) in counts.items():
        if 2 * good < of_all:
            line, problem = read.bad[0]
            fits = what_fits(
                layout,
                tags,
                lambda *other: len(_read_sentences(lines, *other).sentences),
                sentences,
            )
            raise UserError(
                f"{where}: only {good} of {of_all} {what} are well-formed (line {line + 1} "
                f"{problem}); {fits}"
            )


def _listed(name: str, file: CorpusFile, lines: pa.Table, bad: list[BadLine]) -> pa.Table:
    """The malformed lines as a table; raise UserError if they are most of the file."""
    problems: list[str | None] = [None] * len(lines)
    for line, problem in bad:
        problems[line] = problem
    problem = pa.chunked_array([problems], TEXT)
    table = malformed_lines(file, pa.table({"text": lines["text"], "problem": problem}))
    check_mostly_good(name, [file], problem.null_count, len(problem), [table])
    return table
