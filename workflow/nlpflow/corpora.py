"""Reading raw corpora into one table of pairs or sentences; bad lines are listed, not fatal."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from nlpflow.archives import open_member
from nlpflow.errors import UserError
from nlpflow.settings.registry import Corpus, CorpusFile

BLOCK_BYTES = 32 * 1024**2
LONGEST_LINE = 1_000_000
"""Bytes; a longer line is no sentence."""
SHOWN = 80
"""Characters of a malformed line that are kept."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
TEXT = pa.large_string()
COLUMNS = pa.schema(
    [("pair", pa.int64()), ("first", TEXT), ("second", TEXT)]
    + [(name, TEXT) for name in ("attribution", "split", "alignment", "group")]
)
MALFORMED = pa.schema([("file", TEXT), ("line", pa.int64()), ("problem", TEXT), ("text", TEXT)])


def read_corpus(
    name: str, corpus: Corpus, paths: Mapping[str, Path], annotations: Path | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The pairs of a corpus and its malformed lines.

    Args:
        name: the corpus in error messages.
        corpus: its entry in the registry.
        paths: where each address of the corpus lies on this machine.
        annotations: the file of `corpus.annotations`, None when it has none.

    Returns:
        The pairs in the order of the files: `pair` (running number from 0), one column a language,
        `attribution`, `split`, `alignment` and `group`, the last four null where there is none;
        and the malformed lines: `file`, `line` (from 1), `problem`, `text` (its beginning).

    Raises:
        UserError: a file has no or mostly malformed lines, aligned files differ in length, or the
            annotations do not fit the corpus.
    """
    pairs, malformed = [], []
    for split in dict.fromkeys(file.split for file in corpus.files):
        files = [file for file in corpus.files if file.split == split]
        files.sort(key=lambda file: corpus.languages.index(file.language) if file.language else 0)
        lines = [_read_lines(file, paths[file.address]) for file in files]
        if corpus.reader == "aligned":
            _check_same_length(name, files, lines)
            columns, problems = (
                [file["text"] for file in lines],
                [file["problem"] for file in lines],
            )
        else:
            *columns, problem = _split_columns(lines[0])
            problems = [problem]
        good = pc.is_null(problems[0])
        for problem in problems[1:]:
            good = pc.and_(good, pc.is_null(problem))
        bad = [
            _malformed_lines(file, read["text"], problem)
            for file, read, problem in zip(files, lines, problems, strict=True)
        ]
        _check_mostly_good(name, files, good, bad)
        malformed += bad
        pairs.append(_as_pairs([column.filter(good) for column in columns], split))
    table = pa.concat_tables(pairs)
    table = table.set_column(0, "pair", pa.array(np.arange(len(table))))
    frame = table.rename_columns(["pair", *corpus.languages, *COLUMNS.names[3:]]).to_pandas()
    if annotations is not None:
        frame = _annotate(name, frame, list(corpus.languages), annotations)
    return frame, pa.concat_tables(malformed).to_pandas()


def read_sentences(
    name: str, corpus: Corpus, paths: Mapping[str, Path], languages: Collection[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sentences of a corpus in some of its languages, and its malformed lines.

    Args:
        name: the corpus in error messages.
        corpus: its entry in the registry, with any reader.
        paths: where each address of the corpus lies on this machine; of a `lines` corpus the files
            of other languages may be missing.
        languages: whose sentences are taken.

    Returns:
        The sentences, one language after the other, each in the order of its file: `raw`,
        `language`, `attribution` (null where there is none); and the malformed lines as
        `read_corpus` has them.

    Raises:
        UserError: a file has no or mostly malformed lines.
    """
    taken = [language for language in corpus.languages if language in languages]
    if corpus.has_pairs:
        pairs, malformed = read_corpus(name, corpus, paths, None)
        columns = [pairs[language] for language in taken]
        attributions = [pairs["attribution"] for _ in taken]
    else:
        read = [_read_language(name, corpus, paths, language) for language in taken]
        columns = [sentences for sentences, _ in read]
        attributions = [pd.Series([None] * len(column), dtype="str") for column in columns]
        malformed = pd.concat([bad for _, bad in read], ignore_index=True)
    parts = [
        pd.DataFrame({"raw": column, "language": language, "attribution": attribution})
        for language, column, attribution in zip(taken, columns, attributions, strict=True)
    ]
    return pd.concat(parts, ignore_index=True).astype("str"), malformed


def _read_language(
    name: str, corpus: Corpus, paths: Mapping[str, Path], language: str
) -> tuple[pd.Series, pd.DataFrame]:
    """The well-formed lines of a language's file in a `lines` corpus, and its malformed ones."""
    (file,) = [file for file in corpus.files if file.language == language]
    lines = _read_lines(file, paths[file.address])
    good = pc.is_null(lines["problem"])
    bad = _malformed_lines(file, lines["text"], lines["problem"])
    _check_mostly_good(name, [file], good, [bad])
    return lines["text"].filter(good).to_pandas(), bad.to_pandas()


def _read_lines(file: CorpusFile, path: Path) -> pa.Table:
    """The lines of a file: `text`, and `problem`, null for a good line."""
    schema = pa.schema([("text", TEXT), ("problem", TEXT)])
    with open_member(path, file.member) as stream:
        blocks = [pa.table(_decode(lines), schema=schema) for lines in _blocks_of_lines(stream)]
    return pa.concat_tables([schema.empty_table(), *blocks])


def _blocks_of_lines(stream: BinaryIO) -> Iterator[pa.LargeBinaryArray]:
    """The lines of a file some megabytes at a time.

    Only LF and CRLF end a line: U+2028, U+0085 and their like occur inside sentences.
    """
    rest = stream.read(len(BYTE_ORDER_MARK)).removeprefix(BYTE_ORDER_MARK)
    while block := stream.read(BLOCK_BYTES):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        if newline:
            yield _cut_lines(whole)
        # What an endless line has beyond the limit is never needed.
        rest = rest[: max(LONGEST_LINE + 1, BLOCK_BYTES)]
    if rest:
        yield _cut_lines(rest.removesuffix(b"\n"))


def _cut_lines(block: bytes) -> pa.LargeBinaryArray:
    lines = pc.split_pattern(pa.array([block], pa.large_binary()), b"\n").flatten()
    if b"\r\n" in block or block.endswith(b"\r"):
        ended = pc.ends_with(lines, b"\r")
        lines = pc.if_else(ended, pc.binary_slice(lines, 0, -1), lines)
    return lines


def _decode(lines: pa.LargeBinaryArray) -> dict[str, pa.Array]:
    problem = pa.nulls(len(lines), TEXT)
    too_long = pc.greater(pc.binary_length(lines), LONGEST_LINE)
    problem = pc.if_else(too_long, f"longer than {LONGEST_LINE} bytes", problem)
    problem = pc.if_else(pc.match_substring(lines, b"\0"), "has a NUL byte", problem)
    try:
        text = lines.cast(TEXT)
    except pa.ArrowInvalid:  # rare, so the slow way to find the lines at fault is good enough
        decoded = [line.decode(errors="replace") for line in lines.to_pylist()]
        text = pa.array(decoded, TEXT)
        changed = pc.not_equal(text.cast(pa.large_binary()), lines)
        problem = pc.if_else(changed, "is not valid UTF-8", problem)
    return {"text": text, "problem": problem}


def _split_columns(lines: pa.Table) -> tuple[pa.ChunkedArray, ...]:
    """First, second and third column (null where there is none) and the lines' problems."""
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


def _as_pairs(columns: list[pa.ChunkedArray], split: str | None) -> pa.Table:
    rows = len(columns[0])
    nothing = pa.nulls(rows, TEXT)
    attribution = nothing
    if len(columns) == 3:
        attribution = pc.if_else(pc.equal(columns[2], ""), pa.scalar(None, TEXT), columns[2])
    splits = nothing if split is None else pa.repeat(pa.scalar(split, TEXT), rows)
    pair = pa.nulls(rows, pa.int64())  # numbered when all files are read
    return pa.table([pair, *columns[:2], attribution, splits, nothing, nothing], schema=COLUMNS)


def _malformed_lines(file: CorpusFile, text: pa.ChunkedArray, problem: pa.ChunkedArray) -> pa.Table:
    bad = np.flatnonzero(problem.is_valid().to_numpy())
    shown = pc.utf8_slice_codeunits(text.take(bad), 0, SHOWN)
    shown = pc.replace_substring(shown, "\t", "\\t")
    shown = pc.replace_substring_regex(shown, r"\p{Cc}", "\N{REPLACEMENT CHARACTER}")
    name = pa.repeat(pa.scalar(_file_name(file), TEXT), len(bad))
    return pa.table([name, pa.array(bad + 1), problem.take(bad), shown], schema=MALFORMED)


def _check_same_length(name: str, files: list[CorpusFile], lines: list[pa.Table]) -> None:
    first, second = (len(read) for read in lines)
    if first != second:
        raise UserError(
            f"corpus {name}: {_file_name(files[0])} has {first} lines but "
            f"{_file_name(files[1])} has {second}; aligned files need one line a pair each"
        )


def _check_mostly_good(
    name: str, files: list[CorpusFile], good: pa.ChunkedArray, bad: list[pa.Table]
) -> None:
    kept = pc.sum(good).as_py() or 0
    if 2 * kept >= len(good) and kept:
        return
    where = f"corpus {name}: {' and '.join(map(_file_name, files))}"
    if not len(good):
        raise UserError(f"{where}: has no lines; check the corpus's address and member")
    first = pa.concat_tables(bad).slice(0, 1).to_pylist()[0]
    raise UserError(
        f"{where}: only {kept} of {len(good)} lines are well-formed (line {first['line']} "
        f"{first['problem']}); check the corpus's reader and member"
    )


def _file_name(file: CorpusFile) -> str:
    return file.address if file.member is None else f"{file.address} ({file.member})"


def _annotate(name: str, pairs: pd.DataFrame, languages: list[str], path: Path) -> pd.DataFrame:
    """`alignment` and `group` of the annotated pairs, found by their exact raw sentences."""
    where = f"corpus {name}: annotations {path}"
    notes = _read_annotations(where, path)
    kinds = [column for column in notes if column not in languages]
    if not set(languages) <= set(notes) or not kinds or not set(kinds) <= {"alignment", "group"}:
        raise UserError(
            f"{where}: has the columns {', '.join(map(str, notes))}; needed are "
            f"{', '.join(languages)} and alignment or group or both"
        )
    twice = notes[notes.duplicated(languages)]
    if len(twice):
        raise UserError(f"{where}: {_shown_pair(twice, languages)} is annotated twice")
    marked = notes.merge(pairs[languages].drop_duplicates(), how="left", indicator=True)
    strange = marked[marked["_merge"] == "left_only"]
    if len(strange):
        raise UserError(
            f"{where}: {len(strange)} annotated pairs are not in the corpus, the first is "
            f"{_shown_pair(strange, languages)}"
        )
    return pairs.drop(columns=kinds).merge(notes, how="left", on=languages)[pairs.columns]


def _read_annotations(where: str, path: Path) -> pd.DataFrame:
    try:
        with path.open("rb") as stream:
            names = stream.readline().decode("utf-8-sig").rstrip("\r\n").split("\t")
        table = pyarrow.csv.read_csv(
            path,
            parse_options=pyarrow.csv.ParseOptions(delimiter="\t", quote_char=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False
            ),
        )
    except (OSError, UnicodeDecodeError, pa.ArrowInvalid) as error:
        raise UserError(f"{where}: cannot be read: {error}") from error
    frame: pd.DataFrame = table.to_pandas()
    for column in {"alignment", "group"} & set(names):
        frame[column] = frame[column].where(frame[column] != "")
    if "alignment" in frame:
        wrong = frame[~frame["alignment"].str.fullmatch(r"\d+-\d+( \d+-\d+)*", na=True)]
        if len(wrong):
            raise UserError(
                f"{where}: alignment {wrong['alignment'].iloc[0]!r}: not like '0-0 1-2'"
            )
    return frame


def _shown_pair(frame: pd.DataFrame, languages: list[str]) -> str:
    return " / ".join(repr(frame[language].iloc[0]) for language in languages)
