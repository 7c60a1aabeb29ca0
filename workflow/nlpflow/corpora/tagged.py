"""Reading raw corpora of tagged words into one table of sentences; bad lines are listed."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.corpora.lines import TEXT, check_mostly_good, malformed_lines, read_lines
from nlpflow.corpora.tagged_files import BadLine, Tagged, blocks, read_columns, read_conllu
from nlpflow.errors import UserError
from nlpflow.settings.registry import ColumnLayout, Corpus, CorpusFile
from nlpflow.text.tag_schemes import rename_types, to_iob2


class TaggedCorpus(NamedTuple):
    """A corpus of tagged words, read."""

    sentences: pd.DataFrame
    """`sentence` (running number from 0), `split`, `words` and `tags`, lists of equal length."""
    malformed: pd.DataFrame
    """Malformed lines: `file`, `line` (from 1), `problem`, `text`; their sentences are left out."""
    dropped: int
    """Sentences with a malformed line."""
    renamed: int
    """Tags that have another name than in the file."""
    repaired: int
    """Tags that started an entity without saying so."""


def read_tagged_corpus(
    name: str, corpus: Corpus, paths: Mapping[str, Path], tags: str | None
) -> TaggedCorpus:
    """The sentences of a corpus with reader `conllu` or `columns`; entities become IOB2 tags.

    :param name: the corpus in error messages
    :param paths: where each address of the corpus lies on this machine
    :param tags: reader `conllu` only: `upos` or `xpos`
    :raises UserError: a file has no or mostly malformed lines, or no sentence
    """
    rows, malformed = [], []
    dropped = 0
    for file in corpus.files:
        lines = read_lines(file, paths[file.address])
        found, bad, lost = _read_sentences(lines, corpus, tags)
        malformed.append(_listed(name, file, lines, bad))
        if not found:
            raise UserError(f"corpus {name}: {file.address} has no sentence; check its layout")
        dropped += lost
        rows += [(file.split, sentence) for sentence in found]
    layout = corpus.columns
    tagged = [_named(sentence.tags, layout) for _, sentence in rows]
    table = pd.DataFrame(
        {
            "sentence": np.arange(len(rows)),
            "split": pd.Series([split for split, _ in rows], dtype="str"),
            "words": [sentence.words for _, sentence in rows],
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


def _read_sentences(
    lines: pa.Table, corpus: Corpus, tags: str | None
) -> tuple[list[Tagged], list[BadLine], int]:
    """The good sentences, the malformed lines, and how many sentences these cost."""
    texts = lines["text"].to_pylist()
    unreadable = dict(enumerate(lines["problem"].to_pylist()))
    found: list[Tagged] = []
    bad: list[BadLine] = []
    dropped = 0
    for start, block in blocks(texts):
        wrong = [
            BadLine(number, unreadable[number])
            for number in range(start, start + len(block))
            if unreadable[number] is not None
        ]
        if not wrong:
            read = _read_sentence(block, corpus.columns, tags)
            if isinstance(read, Tagged):
                found += [read] if read.words else []
                continue
            wrong = [BadLine(start + number, problem) for number, problem in read]
        bad += wrong
        dropped += 1
    return found, bad, dropped


def _read_sentence(
    block: list[str], layout: ColumnLayout | None, tags: str | None
) -> Tagged | list[BadLine]:
    if layout is not None:
        return read_columns(block, layout)
    return read_conllu(block, str(tags))


def _named(tags: list[str], layout: ColumnLayout | None) -> tuple[list[str], int, int]:
    """The tags as the dataset has them, and how many were renamed and repaired."""
    if layout is None:
        return tags, 0, 0
    if layout.scheme == "plain":
        named = [layout.rename.get(tag, tag) for tag in tags]
        return named, sum(old != new for old, new in zip(tags, named, strict=True)), 0
    named, renamed = rename_types(tags, layout.rename)
    converted, repaired = to_iob2(named, layout.scheme)
    return converted, renamed, repaired


def _listed(name: str, file: CorpusFile, lines: pa.Table, bad: list[BadLine]) -> pa.Table:
    """The malformed lines as a table; UserError if they are most of the file."""
    problems: list[str | None] = [None] * len(lines)
    for line, problem in bad:
        problems[line] = problem
    problem = pa.chunked_array([problems], TEXT)
    table = malformed_lines(file, lines["text"], problem)
    check_mostly_good(name, [file], pc.is_null(problem), [table])
    return table
