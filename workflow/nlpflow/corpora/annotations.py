"""Annotations of a corpus of pairs: gold word alignments, and groups that stay together."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from nlpflow.corpora.lines import TEXT
from nlpflow.errors import UserError
from nlpflow.settings.checks import on_one_line
from nlpflow.text.streams import without_marks


def annotate(name: str, pairs: pd.DataFrame, languages: list[str], path: Path) -> pd.DataFrame:
    """`alignment` and `group` of the annotated pairs, found by their exact raw sentences."""
    where = f"corpus {name}: annotations {path}"
    notes = _read_annotations(where, path)
    kinds = [column for column in notes if column not in languages]
    if not set(languages) <= set(notes) or not kinds or not set(kinds) <= {"alignment", "group"}:
        raise UserError(
            f"{where}: has the columns {', '.join(map(on_one_line, map(str, notes)))}; needed are "
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
        content = without_marks(path.read_bytes(), b"\n")
        names = content.partition(b"\n")[0].decode().rstrip("\r").split("\t")
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            parse_options=pyarrow.csv.ParseOptions(delimiter="\t", quote_char=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False
            ),
        )
        frame: pd.DataFrame = table.to_pandas()  # only here are the names of columns decoded
    except (OSError, UnicodeDecodeError, pa.ArrowInvalid) as error:
        raise UserError(f"{where}: cannot be read: {on_one_line(str(error))}") from error
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
