"""Where the documents of a file of tagged words begin."""

import re
from collections.abc import Sequence

from nlpflow.settings.registry import ColumnLayout
from nlpflow.text.words import split_words

BEGINS = re.compile(r"#\s*(newdoc|begin document)\b")
"""A comment before the first sentence of a document: in CoNLL-U, and of CoNLL-2011 and 2012."""
MARK = "-DOCSTART-"
"""On a line of its own in files of entities (CoNLL-2002 and 2003): no word, whatever its tag."""


def find_documents(
    lines: Sequence[str], layout: ColumnLayout | None
) -> tuple[list[str], list[int]]:
    """The lines with blank ones in place of marks, and the document of each line.

    Documents count from 1; lines before the first mark, and all of a file without marks, have 0.

    Args:
        layout: of column files, where comments begin as it says; None: CoNLL-U
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
