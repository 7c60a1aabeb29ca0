"""Where the documents of a file of tagged words begin."""

import re
from collections.abc import Sequence

from nlpflow.settings.registry import ColumnLayout
from nlpflow.text.words import split_words

BEGINS = re.compile(r"#\s*(newdoc|begin document)\b")
"""A comment before a document's first sentence, in CoNLL-U and in files of CoNLL-2011 and 2012."""
MARK = "-DOCSTART-"
"""Marks a document, on a line of its own, in files of entities (CoNLL-2002 and 2003). It is not a
word, whatever its tag."""


def find_documents(
    lines: Sequence[str], layout: ColumnLayout | None
) -> tuple[list[str], list[int]]:
    """The lines, blank where they are marks, and the number of each line's document.

    Documents count from 1. Lines before the first mark, or all lines of a file without marks, have
    number 0.

    Args:
        layout: the layout of a column file, which says how comments begin; None for CoNLL-U
    """
    comments = "#" if layout is None else layout.comments
    kept: list[str] = []
    numbers: list[int] = []
    document = 0
    for line in lines:
        marked = layout is not None and MARK in line and MARK in split_words(line)
        begins = comments and line.startswith(comments) and BEGINS.match(line)
        document += bool(marked or begins)
        kept.append("" if marked else line)
        numbers.append(document)
    return kept, numbers
