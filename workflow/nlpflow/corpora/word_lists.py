"""Lists that word vectors are tested on: pairs with a human score, and analogy questions."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from nlpflow.corpora.lines import file_lines
from nlpflow.errors import UserError
from nlpflow.settings.registry import CorpusFile
from nlpflow.text.words import is_invisible, split_words

NUMBER = re.compile("[+-]?([0-9]{1,9}([.][0-9]*)?|[.][0-9]+)(e[+-]?[0-9]{1,2})?", re.IGNORECASE)
"""A number as people write it; nan and inf are not numbers here."""


def read_word_pairs(file: CorpusFile, path: Path) -> pd.DataFrame:
    """The word pairs of a file: `first`, `second` and `score`.

    A line has two words and a number, between spaces or tabs; empty lines are skipped.

    Raises:
        UserError: a line is of another form, or there is none.
    """
    rows = []
    for number, cells in _rows(file, path):
        if len(cells) != 3 or not NUMBER.fullmatch(cells[2]) or any(map(is_invisible, cells)):
            raise UserError(f"{path}, line {number}: not two words and a number; check the reader")
        rows.append((*cells[:2], float(cells[2])))
    _check_some(path, rows)
    return pd.DataFrame(rows, columns=["first", "second", "score"])


def read_analogies(file: CorpusFile, path: Path) -> pd.DataFrame:
    """The analogy questions of a file, a is to b as c is to d: `section`, `a`, `b`, `c` and `d`.

    A line has four words between spaces or tabs; a line `: name` opens a section.

    Raises:
        UserError: a line is of another form, or there is none.
    """
    rows, section = [], ""
    for number, words in _rows(file, path):
        if words[0].startswith(":"):
            section = " ".join(words).removeprefix(":").strip()
            continue
        if len(words) != 4 or any(map(is_invisible, words)):
            raise UserError(f"{path}, line {number}: not four words; check the corpus's reader")
        rows.append((section, *words))
    _check_some(path, rows)
    return pd.DataFrame(rows, columns=["section", "a", "b", "c", "d"])


def _rows(file: CorpusFile, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The numbers, from 1, and cells of the lines that are not empty.

    Raises:
        UserError: a line is malformed.
    """
    lines = file_lines(file, path)
    texts, problems = lines["text"].to_pylist(), lines["problem"].to_pylist()
    for number, (text, problem) in enumerate(zip(texts, problems, strict=True), start=1):
        if problem:
            raise UserError(f"{path}, line {number}: {problem}; correct or convert the file")
        if cells := split_words(text):
            yield number, cells


def _check_some(path: Path, rows: list) -> None:
    if not rows:
        raise UserError(f"{path}: has no lines; check the corpus's address")
