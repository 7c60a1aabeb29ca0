"""Layouts of files of tagged words: cells and tags of lines, and which layout fits a file."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import get_args

from nlpflow.settings.registry import ColumnLayout
from nlpflow.text.tag_schemes import OUTSIDE, FileScheme, rename_types, to_iob2
from nlpflow.text.words import is_invisible, split_words


def trimmed(line: str) -> str:
    """A line of tab-separated columns without the spaces around its cells."""
    return "\t".join(cell.strip(" ") for cell in line.split("\t"))


def cells_of(line: str, layout: ColumnLayout) -> list[str]:
    """The cells of a line."""
    return trimmed(line).split("\t") if layout.separator == "tab" else split_words(line)


def has_entities(lines: Sequence[str], layout: ColumnLayout) -> bool:
    """Whether a word of a sentence has a tag other than `O`, in any scheme."""
    words = [line for line in lines if not (layout.comments and line.startswith(layout.comments))]
    tags = [tag for line in words for tag in cells_of(line, layout)[layout.tag - 1 :][:1]]
    return any(tag != OUTSIDE and not is_invisible(tag) for tag in tags)


def named_tags(tags: list[str], layout: ColumnLayout | None) -> tuple[list[str], int, int]:
    """The tags as the dataset has them, how many were renamed, and how many repaired."""
    if layout is None:
        return tags, 0, 0
    if layout.scheme == "plain":
        named = [layout.rename.get(tag, tag) for tag in tags]
        return named, sum(old != new for old, new in zip(tags, named, strict=True)), 0
    named, renamed = rename_types(tags, layout.rename)
    converted, repaired = to_iob2(named, layout.scheme)
    return converted, renamed, repaired


def what_fits(
    layout: ColumnLayout | None,
    tags: str | None,
    kept: Callable[[ColumnLayout | None, str | None], int],
    sentences: int,
) -> str:
    """Advice for a message: what to set so that most sentences of a file are read.

    Args:
        layout: the layout under which most are not read; None for CoNLL-U
        tags: CoNLL-U only: `upos` or `xpos`
        kept: the number of sentences that are read under a layout and `tags`
        sentences: the number of all sentences
    """
    counts = {words: kept(*other) for words, other in _others(layout, tags)}
    best = max(counts, key=lambda words: counts[words])
    if counts[best] > max(sentences / 2, kept(layout, tags)):
        return f"{best}, under which {counts[best]} of {sentences} are"
    if layout and 2 * kept(layout.model_copy(update={"scheme": "plain"}), None) > sentences:
        return "correct columns.tag; or, if the tags are not entities, set columns.scheme to plain"
    return "check the corpus's reader and member"


def _others(
    layout: ColumnLayout | None, tags: str | None
) -> Iterator[tuple[str, tuple[ColumnLayout | None, str | None]]]:
    """Other settings to try: what to set, in words, and the layout and `tags` of that."""
    if layout is None:
        other = "xpos" if tags == "upos" else "upos"
        yield f"set tags of the dataset to {other}", (None, other)
        return
    schemes = ("plain",) if layout.scheme == "plain" else get_args(FileScheme)
    for separator, scheme in product(("tab", "space"), schemes):
        values = {"separator": separator, "scheme": scheme}
        changed = [
            f"columns.{key} to {value}"
            for key, value in values.items()
            if value != getattr(layout, key)
        ]
        if changed:
            yield f"set {' and '.join(changed)}", (layout.model_copy(update=values), None)
