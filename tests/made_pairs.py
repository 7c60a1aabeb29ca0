"""Datasets of pairs that are prepared from a table in memory, and read again."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from nlpflow.corpora.lines import MALFORMED
from nlpflow.corpora.pairs import PAIR_SCHEMA, Reading
from nlpflow.prepare.pairs import Prepared, prepare
from nlpflow.prepare.splits import SPLITS
from nlpflow.settings.data import PairDataset
from nlpflow.settings.registry import Corpus, CorpusFile


@dataclass(frozen=True)
class Made(Prepared):
    """What is known of a dataset, with its tables."""

    splits: dict[str, pd.DataFrame]
    references: pd.DataFrame


def pair_corpus(
    own_split: bool = False,
    splits: Sequence[str] = SPLITS,
    languages: tuple[str, str] = ("eng", "fra"),
) -> Corpus:
    """A corpus of one file, or of one file per split if it has its own split."""
    files = [CorpusFile(address=split, split=split) for split in splits]
    return Corpus(
        title="t",
        licence="l",
        attribution="a",
        reader="tsv",
        languages=languages,
        files=files if own_split else [CorpusFile(address="f")],
    )


def reading(pairs: pd.DataFrame, malformed: pd.DataFrame, most: int | None = None) -> Reading:
    """What `read_batches` returns for a corpus of these pairs, `most` at a time."""
    languages = list(pairs.columns[1:3])
    schema = pa.schema(
        zip(["pair", *languages, *PAIR_SCHEMA.names[3:]], PAIR_SCHEMA.types, strict=True)
    )
    table = pa.Table.from_pandas(pairs[schema.names], schema, preserve_index=False)
    most = most or max(len(table), 1)
    batches = (table.slice(start, most) for start in range(0, max(len(table), 1), most))
    return Reading(batches, [pa.Table.from_pandas(malformed, MALFORMED, preserve_index=False)])


def make_pairs(
    dataset: PairDataset,
    corpus: Corpus,
    pairs: pd.DataFrame,
    malformed: pd.DataFrame,
    folder: Path | None = None,
    most: int | None = None,
) -> Made:
    """Prepare the dataset `d`, `most` pairs at a time, in the folder or else in a temporary one."""
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        prepared = prepare("d", dataset, corpus, reading(pairs, malformed, most), place)
        assert not [path for path in place.iterdir() if path.is_dir()]
        splits = {
            split: pd.read_parquet(place / f"{split}.parquet") for split in ("train", "dev", "test")
        }
        references = pd.read_parquet(place / "references.parquet")
    return Made(prepared.report, prepared.malformed, prepared.summary, splits, references)


def as_tables(splits: Mapping[str, pd.DataFrame]) -> dict[str, Iterable[pa.Table]]:
    """Splits as the check for leakage takes them."""
    return {
        name: [pa.Table.from_pandas(table, preserve_index=False)] for name, table in splits.items()
    }
