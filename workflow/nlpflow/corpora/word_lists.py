"""Lists that word vectors are tested on: pairs with a human score, and analogy questions."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from nlpflow.download.archives import open_member
from nlpflow.errors import UserError
from nlpflow.settings.registry import CorpusFile


def read_word_pairs(file: CorpusFile, path: Path) -> pd.DataFrame:
    """`first`, `second` and `score` of every pair.

    A line has two words and a number, between white space; empty lines are skipped.

    Raises:
        UserError: another line, or none.
    """
    rows = []
    for number, line in _lines(file, path):
        cells = line.split()
        try:
            first, second, score = cells[0], cells[1], float(cells[2])
        except (LookupError, ValueError):
            cells = []
        if len(cells) != 3:
            raise UserError(f"{path}, line {number}: not two words and a number; check the reader")
        rows.append((first, second, score))
    _check_some(path, rows)
    return pd.DataFrame(rows, columns=["first", "second", "score"])


def read_analogies(file: CorpusFile, path: Path) -> pd.DataFrame:
    """`section`, and the words `a`, `b`, `c`, `d` of every question: a is to b as c is to d.

    A line has four words between white space; a line `: name` opens a section.

    Raises:
        UserError: another line, or none.
    """
    rows, section = [], ""
    for number, line in _lines(file, path):
        if line.startswith(":"):
            section = line.removeprefix(":").strip()
            continue
        words = line.split()
        if len(words) != 4:
            raise UserError(f"{path}, line {number}: not four words; check the corpus's reader")
        rows.append((section, *words))
    _check_some(path, rows)
    return pd.DataFrame(rows, columns=["section", "a", "b", "c", "d"])


def _lines(file: CorpusFile, path: Path) -> Iterator[tuple[int, str]]:
    """The lines with something in them, and their numbers from 1; LF or CRLF ends a line."""
    with open_member(path, file.member) as stream:
        content = stream.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not valid UTF-8: {error}; check the corpus's file") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.strip()


def _check_some(path: Path, rows: list) -> None:
    if not rows:
        raise UserError(f"{path}: has no lines; check the corpus's address")
