"""Read the sentence pairs of a raw corpus."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.corpora.annotations import annotate
from nlpflow.corpora.entries import read_entries
from nlpflow.corpora.lines import (
    LINES,
    MALFORMED,
    TEXT,
    check_mostly_good,
    file_name,
    line_blocks,
    malformed_lines,
)
from nlpflow.errors import UserError
from nlpflow.settings.registry import ENTRIES, Corpus, CorpusFile

PAIR_SCHEMA = pa.schema(
    [("pair", pa.int64()), ("first", TEXT), ("second", TEXT)]
    + [(name, TEXT) for name in ("attribution", "split", "alignment", "group")]
)


class Reading(NamedTuple):
    """A corpus that is read while its batches are consumed."""

    batches: Iterator[pa.Table]
    """Pairs in the order of the files, some megabytes at a time: `pair` (running number from 0),
    one column per language, `attribution`, `split`, `alignment` and `group`, the last four null
    where there is none."""
    malformed: list[pa.Table]
    """The malformed lines, or entries of JSON and YAML, with the columns `MALFORMED`: `file`,
    `line` (from 1), `problem`, `text` (its beginning). Complete when the last batch is read."""


def read_batches(
    name: str, corpus: Corpus, paths: Mapping[str, Path], annotations: Path | None
) -> Reading:
    """Read a corpus.

    Args:
        name: the name of the corpus, for error messages.
        corpus: its entry in the registry.
        paths: the path on this machine of each address of the corpus.
        annotations: the file of `corpus.annotations`, None when it has none.

    Raises:
        UserError: while the batches are read: a file has no lines or mostly malformed ones, aligned
            files differ in length, or the annotations do not fit the corpus.
    """
    malformed = [MALFORMED.empty_table()]
    batches = _batches(name, corpus, paths, malformed)
    if annotations is not None:
        batches = annotate(name, batches, list(corpus.languages), annotations)
    return Reading(batches, malformed)


def read_corpus(
    name: str, corpus: Corpus, paths: Mapping[str, Path], annotations: Path | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All pairs of a corpus and its malformed lines, see `read_batches`."""
    reading = read_batches(name, corpus, paths, annotations)
    pairs = pa.concat_tables(reading.batches)
    return pairs.to_pandas(), pa.concat_tables(reading.malformed).to_pandas()


def _batches(
    name: str, corpus: Corpus, paths: Mapping[str, Path], malformed: list[pa.Table]
) -> Iterator[pa.Table]:
    """The pairs of a corpus without annotations; adds its malformed lines to `malformed`."""
    columns = ["pair", *corpus.languages, *PAIR_SCHEMA.names[3:]]
    pairs = 0
    for files in _read_together(corpus):
        read = good = 0
        bad: list[list[pa.Table]] = [[] for _ in files]
        for block in READERS[corpus.reader](name, corpus.reader, files, paths):
            for file, lines, found in zip(files, block.lines, bad, strict=True):
                found.append(malformed_lines(file, lines, read))
            kept = block.well_formed()
            read, good = read + len(block.lines[0]), good + len(kept)
            numbers = pa.array(np.arange(pairs, pairs := pairs + len(kept)))
            table = _as_pairs(kept, numbers, files[0].split)
            yield table.rename_columns(columns)
        units = ("entry", "entries") if corpus.reader in ENTRIES else ("line", "lines")
        of_files = [pa.concat_tables([MALFORMED.empty_table(), *found]) for found in bad]
        check_mostly_good(name, files, good, read, of_files, units)
        malformed += of_files


def _read_together(corpus: Corpus) -> Iterator[list[CorpusFile]]:
    """The files whose lines correspond, in the order of the languages; else each file alone."""
    if corpus.reader != "aligned":
        yield from ([file] for file in corpus.files)
        return
    for split in dict.fromkeys(file.split for file in corpus.files):
        files = [file for file in corpus.files if file.split == split]
        yield sorted(files, key=lambda file: corpus.languages.index(str(file.language)))


class Block(NamedTuple):
    """Some lines of files that are read together."""

    columns: list[pa.ChunkedArray]
    """First and second side, and third column if there is one."""
    lines: list[pa.Table]
    """The lines of each file: `text`, `problem`, and `group` if there is one."""

    def well_formed(self) -> pa.Table:
        """The columns of lines without a problem in any file, and `group`."""
        good = pc.is_null(self.lines[0]["problem"])
        for other in self.lines[1:]:
            good = pc.and_(good, pc.is_null(other["problem"]))
        names = ["first", "second", "third"][: len(self.columns)]
        table = pa.table(dict(zip(names, self.columns, strict=True)))
        grouped = "group" in self.lines[0].column_names
        group = self.lines[0]["group"] if grouped else pa.nulls(len(table), TEXT)
        return table.append_column("group", group).filter(good)


def _read_columns(
    name: str, reader: str, files: list[CorpusFile], paths: Mapping[str, Path]
) -> Iterator[Block]:
    (file,) = files
    for lines in line_blocks(file, paths[file.address]):
        *columns, problem = _split_columns(lines)
        yield Block(columns, [pa.table({"text": lines["text"], "problem": problem})])


def _read_aligned(
    name: str, reader: str, files: list[CorpusFile], paths: Mapping[str, Path]
) -> Iterator[Block]:
    streams = [line_blocks(file, paths[file.address]) for file in files]
    read = [0, 0]
    waiting = [LINES.empty_table() for _ in files]
    while True:
        for number, stream in enumerate(streams):
            if not len(waiting[number]):
                waiting[number] = next(stream, LINES.empty_table())
                read[number] += len(waiting[number])
        if not (rows := min(map(len, waiting))):
            break
        lines = [table.slice(0, rows) for table in waiting]
        yield Block([table["text"] for table in lines], lines)
        waiting = [table.slice(rows) for table in waiting]
    for number, stream in enumerate(streams):
        read[number] += sum(map(len, stream))
    _check_same_length(name, files, read)


def _read_entries(
    name: str, reader: str, files: list[CorpusFile], paths: Mapping[str, Path]
) -> Iterator[Block]:
    (file,) = files
    table = read_entries(name, reader, file, paths[file.address])
    yield Block([table["first"], table["second"]], [table])


READERS = {
    "tsv": _read_columns,
    "aligned": _read_aligned,
    "snips": _read_entries,
    "rasa": _read_entries,
    "questions": _read_entries,
    "chatterbot": _read_entries,
    "dialogues": _read_entries,
}
"""How the files of a corpus are read, by the name of its reader."""


def lost_pairs(corpus: Corpus, malformed: pd.DataFrame) -> int:
    """The number of pairs lost to malformed lines; in aligned files a pair is lost once."""
    if malformed.empty:
        return 0
    files = malformed["file"]
    if corpus.reader == "aligned":
        files = files.map({file_name(file): file.split for file in corpus.files}.get)
    return len(set(zip(files, malformed["line"], strict=True)))


def _split_columns(lines: pa.Table) -> tuple[pa.ChunkedArray, ...]:
    """The first, second and third column (null if there is none), and the lines' problems."""
    tabs = pc.count_substring(lines["text"], "\t")
    wrong = pc.or_(pc.less(tabs, 1), pc.greater(tabs, 2))
    words = ["has", pc.add(tabs, 1), "columns, not 2 or 3", " "]
    message = pc.binary_join_element_wise(*(pc.cast(word, TEXT) for word in words))
    problem = pc.coalesce(lines["problem"], pc.if_else(wrong, message, pa.scalar(None, TEXT)))
    chunks: list[list[pa.Array]] = [[], [], []]
    for chunk in lines["text"].chunks:
        cells = pc.list_slice(pc.split_pattern(chunk, "\t"), 0, 3, return_fixed_size_list=True)
        for column, cut in enumerate(chunks):
            cut.append(cells.flatten().take(np.arange(column, 3 * len(chunk), 3)))
    return *(pa.chunked_array(column, TEXT) for column in chunks), problem


def _as_pairs(kept: pa.Table, numbers: pa.Array, split: str | None) -> pa.Table:
    """Well-formed lines with the columns `PAIR_SCHEMA`, without annotations."""
    nothing = pa.nulls(len(kept), TEXT)
    attribution = nothing
    if "third" in kept.column_names:
        third = kept["third"]
        attribution = pc.if_else(pc.equal(third, ""), pa.scalar(None, TEXT), third)
    splits = nothing if split is None else pa.repeat(pa.scalar(split, TEXT), len(kept))
    columns = [numbers, kept["first"], kept["second"], attribution, splits, nothing, kept["group"]]
    return pa.table(columns, schema=PAIR_SCHEMA)


def _check_same_length(name: str, files: list[CorpusFile], read: list[int]) -> None:
    first, second = read
    if first != second:
        raise UserError(
            f"corpus {name}: {file_name(files[0])} has {first} lines but "
            f"{file_name(files[1])} has {second}; aligned files need one line per pair each"
        )
