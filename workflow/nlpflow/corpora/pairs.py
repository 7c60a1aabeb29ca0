"""Read a raw corpus into one table of sentence pairs."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.corpora.annotations import annotate
from nlpflow.corpora.entries import read_entries
from nlpflow.corpora.lines import TEXT, check_mostly_good, file_lines, file_name, malformed_lines
from nlpflow.errors import UserError
from nlpflow.settings.registry import ENTRIES, Corpus, CorpusFile

PAIR_SCHEMA = pa.schema(
    [("pair", pa.int64()), ("first", TEXT), ("second", TEXT)]
    + [(name, TEXT) for name in ("attribution", "split", "alignment", "group")]
)


def read_corpus(
    name: str, corpus: Corpus, paths: Mapping[str, Path], annotations: Path | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The pairs of a corpus and its malformed lines.

    Args:
        name: the name of the corpus, for error messages.
        corpus: its entry in the registry.
        paths: the path on this machine of each address of the corpus.
        annotations: the file of `corpus.annotations`, None when it has none.

    Returns:
        The pairs in the order of the files: `pair` (running number from 0), one column per
        language, `attribution`, `split`, `alignment` and `group`, the last four null where there
        is none; and the malformed lines, or entries of JSON and YAML: `file`, `line` (from
        1), `problem`, `text` (its beginning).

    Raises:
        UserError: a file has no lines or mostly malformed ones, aligned files differ in length, or
            the annotations do not fit the corpus.
    """
    pairs, malformed = [], []
    for files in _read_together(corpus):
        columns, lines = READERS[corpus.reader](name, corpus.reader, files, paths)
        good = pc.is_null(lines[0]["problem"])
        for other in lines[1:]:
            good = pc.and_(good, pc.is_null(other["problem"]))
        bad = [malformed_lines(file, read) for file, read in zip(files, lines, strict=True)]
        units = ("entry", "entries") if corpus.reader in ENTRIES else ("line", "lines")
        check_mostly_good(name, files, good, bad, units)
        malformed += bad
        group = lines[0]["group"] if "group" in lines[0].column_names else pa.nulls(len(good), TEXT)
        kept = [column.filter(good) for column in (*columns, group)]
        pairs.append(_as_pairs(kept[:-1], files[0].split, kept[-1]))
    table = pa.concat_tables(pairs)
    table = table.set_column(0, "pair", pa.array(np.arange(len(table))))
    frame = table.rename_columns(["pair", *corpus.languages, *PAIR_SCHEMA.names[3:]]).to_pandas()
    if annotations is not None:
        frame = annotate(name, frame, list(corpus.languages), annotations)
    return frame, pa.concat_tables(malformed).to_pandas()


def _read_together(corpus: Corpus) -> Iterator[list[CorpusFile]]:
    """The files whose lines correspond, in the order of the languages; else each file alone."""
    if corpus.reader != "aligned":
        yield from ([file] for file in corpus.files)
        return
    for split in dict.fromkeys(file.split for file in corpus.files):
        files = [file for file in corpus.files if file.split == split]
        yield sorted(files, key=lambda file: corpus.languages.index(str(file.language)))


PairColumns = tuple[list[pa.ChunkedArray], list[pa.Table]]
"""The columns of pairs that were read, and the lines of each file: `text` and `problem`."""


def _read_columns(
    name: str, reader: str, files: list[CorpusFile], paths: Mapping[str, Path]
) -> PairColumns:
    (file,) = files
    lines = file_lines(file, paths[file.address])
    *columns, problem = _split_columns(lines)
    return columns, [pa.table({"text": lines["text"], "problem": problem})]


def _read_aligned(
    name: str, reader: str, files: list[CorpusFile], paths: Mapping[str, Path]
) -> PairColumns:
    lines = [file_lines(file, paths[file.address]) for file in files]
    _check_same_length(name, files, lines)
    return [file["text"] for file in lines], lines


def _read_entries(
    name: str, reader: str, files: list[CorpusFile], paths: Mapping[str, Path]
) -> PairColumns:
    (file,) = files
    table = read_entries(name, reader, file, paths[file.address])
    return [table["first"], table["second"]], [table]


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


def _as_pairs(
    columns: list[pa.ChunkedArray], split: str | None, group: pa.ChunkedArray
) -> pa.Table:
    rows = len(columns[0])
    nothing = pa.nulls(rows, TEXT)
    attribution = nothing
    if len(columns) == 3:
        attribution = pc.if_else(pc.equal(columns[2], ""), pa.scalar(None, TEXT), columns[2])
    splits = nothing if split is None else pa.repeat(pa.scalar(split, TEXT), rows)
    pair = pa.nulls(rows, pa.int64())  # numbered when all files are read
    return pa.table([pair, *columns[:2], attribution, splits, nothing, group], schema=PAIR_SCHEMA)


def _check_same_length(name: str, files: list[CorpusFile], lines: list[pa.Table]) -> None:
    first, second = (len(read) for read in lines)
    if first != second:
        raise UserError(
            f"corpus {name}: {file_name(files[0])} has {first} lines but "
            f"{file_name(files[1])} has {second}; aligned files need one line per pair each"
        )
