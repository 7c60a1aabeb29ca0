"""Annotations of a corpus of pairs: gold word alignments, and groups that stay in one split."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from nlpflow.corpora.lines import TEXT, file_lines
from nlpflow.errors import UserError
from nlpflow.settings.checks import on_one_line
from nlpflow.settings.registry import CorpusFile

KINDS = {"alignment", "group"}


def annotate(
    name: str, batches: Iterable[pa.Table], languages: list[str], path: Path
) -> Iterator[pa.Table]:
    """Add `alignment` and `group` to the annotated pairs, found by their exact raw sentences.

    Raises:
        UserError: an annotation does not fit; after the last batch, a pair is not in the corpus
    """
    where = f"corpus {name}: annotations {path}"
    notes = _read_annotations(where, path, languages)
    kinds = [column for column in notes if column not in languages]
    twice = notes[notes.duplicated(languages)]
    if len(twice):
        raise UserError(f"{where}: {_shown_pair(twice, languages)} is annotated twice")
    numbered = notes[languages].assign(note=np.arange(len(notes)))
    found = np.zeros(len(notes), np.bool_)
    for pairs in batches:
        matched = pairs.select(languages).to_pandas().merge(numbered, how="left", on=languages)
        note = matched["note"].fillna(-1).to_numpy(np.int64)
        found[note[note >= 0]] = True
        indices = pa.array(note, mask=note < 0)
        for kind in kinds:
            texts = pa.array(notes[kind], TEXT).take(indices)
            pairs = pairs.set_column(pairs.schema.get_field_index(kind), kind, texts)
        yield pairs
    strange = notes[~found]
    if len(strange):
        raise UserError(
            f"{where}: {len(strange)} annotated pairs are not in the corpus, the first is "
            f"{_shown_pair(strange, languages)}"
        )


def _read_annotations(where: str, path: Path, languages: list[str]) -> pd.DataFrame:
    lines = _lines(where, path)
    _, names = next(lines, (1, list[str]()))
    kinds = {*names} - {*languages}
    if not kinds or not kinds <= KINDS or sorted(names) != sorted([*languages, *kinds]):
        raise UserError(
            f"{where}: has the columns {', '.join(map(on_one_line, names)) or 'none'}; needed are "
            f"{', '.join(languages)} and alignment or group or both"
        )
    rows = []
    for number, cells in lines:
        if len(cells) != len(names):
            raise UserError(f"{where}, line {number}: has {len(cells)} columns, not {len(names)}")
        rows.append(cells)
    frame = pd.DataFrame(rows, columns=names, dtype="str")
    for column in kinds:
        frame[column] = frame[column].where(frame[column] != "")
    if "alignment" in frame:
        wrong = frame[~frame["alignment"].str.fullmatch("[0-9]+-[0-9]+( [0-9]+-[0-9]+)*", na=True)]
        if len(wrong):
            raise UserError(
                f"{where}: alignment {wrong['alignment'].iloc[0]!r}: is not of the form '0-0 1-2'"
            )
    return frame


def _lines(where: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The numbers and cells of the lines that are not empty, read like the corpus."""
    try:
        lines = file_lines(CorpusFile(address=path.name), path)
    except OSError as error:
        raise UserError(f"{where}: cannot be read: {on_one_line(str(error))}") from error
    both = zip(lines["text"].to_pylist(), lines["problem"].to_pylist(), strict=True)
    for number, (line, problem) in enumerate(both, start=1):
        if problem is not None:
            raise UserError(f"{where}, line {number}: {problem}")
        if line:
            yield number, line.split("\t")


def _shown_pair(frame: pd.DataFrame, languages: list[str]) -> str:
    return " / ".join(repr(frame[language].iloc[0]) for language in languages)
