"""Check that finished splits share no sentence, independently of the code that makes them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nlpflow.errors import UserError
from nlpflow.prepare.tagged import text_of
from nlpflow.tables import StoredTable, reading
from nlpflow.text.arrays import Hashes
from nlpflow.text.normalisation import deduplication_keys

NO_HASHES = np.zeros(0, np.uint64)
COMPARED = ("source", "target", "sentence", "words", "component", "document")
EXAMPLES = 3


def read_split(path: Path) -> StoredTable:
    """The columns of a split that are compared."""
    with reading(path):
        names = pq.read_schema(path).names
    return StoredTable(path, [name for name in names if name in COMPARED])


def check(
    splits: Mapping[str, Iterable[pa.Table]],
    may_share: Collection[str] = (),
    sides: Sequence[str] = ("source", "target"),
) -> dict[str, dict[str, int]]:
    """Count the sentences that two splits share; only splits in `may_share` may share any.

    Sentences are compared by a hash first. Those whose hashes are in two splits are read again and
    compared as they are, so hashes that are equal by chance do not count.

    Args:
        splits: each split in tables, which are read twice, with the normalised sentences in columns
            `source` and `target` (pairs), `words` (tagged words) or `sentence`. Columns `component`
            and `document` name what must stay in one split, null where there is nothing.
        may_share: splits that may share sentences with each other, because the corpus has them.
        sides: the sides of pairs that are compared.

    Returns:
        For every two splits, as "train/dev", the number of different sentences in both, once as
        they are (`source`, say) and once by deduplication key (`source_key`), and the number of
        components or documents in both. Empty sentences do not count.

    Raises:
        UserError: splits share what they may not; the message quotes some sentences.
    """
    counts: dict[str, dict[str, int]] = {}
    examples: list[str] = []
    total = 0
    sentences = _sentences_in_two(splits, sides)
    for first, second in combinations(splits, 2):
        counts[f"{first}/{second}"] = found = {}
        for kind, column in sentences[first].items():
            shared = column.filter(pc.is_in(column, value_set=sentences[second][kind]))
            found[kind] = len(shared)
            if first in may_share and second in may_share:
                continue
            total += len(shared)
            examples += [
                f"{text!r} ({kind} in {first} and {second})"
                for text in shared[:EXAMPLES].to_pylist()
            ]
    if examples:
        raise UserError(
            f"splits share sentences, {total} overlaps, such as {', '.join(examples[:EXAMPLES])}; "
            "prepare the dataset again"
        )
    return counts


def _sentences_in_two(
    splits: Mapping[str, Iterable[pa.Table]], sides: Sequence[str]
) -> dict[str, dict[str, pa.Array]]:
    """The different sentences of each split, by kind, whose hashes are in another split too."""
    hashes = {name: _hashes(tables, sides) for name, tables in splits.items()}
    suspects = {name: dict.fromkeys(kinds, NO_HASHES) for name, kinds in hashes.items()}
    for first, second in combinations(splits, 2):
        for kind, of_first in hashes[first].items():
            both = _in_both(of_first, hashes[second][kind])
            for name in (first, second):
                suspects[name][kind] = np.union1d(suspects[name][kind], both)
    return {name: _suspected(tables, sides, suspects[name]) for name, tables in splits.items()}


def _hashes(tables: Iterable[pa.Table], sides: Sequence[str]) -> dict[str, Hashes]:
    """The different hashes of a split, by kind."""
    found: dict[str, list[Hashes]] = {}
    for table in tables:
        for kind, column in _compared(table, sides):
            found.setdefault(kind, []).append(hash_of(column))
    return {kind: np.unique(np.concatenate(found.pop(kind))) for kind in list(found)}


def _in_both(one: Hashes, other: Hashes) -> Hashes:
    """The hashes that two sorted arrays share."""
    few, many = sorted((one, other), key=len)
    indices = np.searchsorted(many, few).clip(max=len(many) - 1)
    return few[many[indices] == few] if len(many) else few


def _suspected(
    tables: Iterable[pa.Table], sides: Sequence[str], suspects: Mapping[str, Hashes]
) -> dict[str, pa.Array]:
    """The different sentences of a split, by kind, whose hashes are suspected."""
    found: dict[str, list[pa.Array]] = {}
    for table in tables:
        if found and not any(map(len, suspects.values())):
            break
        for kind, column in _compared(table, sides):
            there = np.isin(hash_of(column), suspects[kind])
            found.setdefault(kind, []).append(column.filter(pa.array(there)))
    return {kind: pa.concat_arrays(parts).unique() for kind, parts in found.items()}


def hash_of(column: pa.Array) -> Hashes:
    """A hash of each text or number: (rows,)."""
    return pd.util.hash_array(column.to_numpy(zero_copy_only=False), categorize=False)


def _compared(table: pa.Table, sides: Sequence[str]) -> Iterator[tuple[str, pa.Array]]:
    """The different sentences, keys, components and documents of a table, by kind."""
    names = table.column_names
    if "words" in names:
        texts = {"sentence": text_of(table["words"].to_pylist())}
    else:
        sides = ("sentence",) if "sentence" in names else sides
        texts = {side: table[side].cast(pa.large_string()) for side in sides}
    for side, column in texts.items():
        for kind, compared in ((side, column), (f"{side}_key", deduplication_keys(column))):
            different = compared.unique()
            yield kind, different.filter(pc.not_equal(pc.utf8_trim_whitespace(different), ""))
    for kind in ("component", "document"):
        if kind in names:
            yield kind, table[kind].drop_null().unique().cast(pa.int64())
