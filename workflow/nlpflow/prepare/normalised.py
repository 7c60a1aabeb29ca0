"""The first pass over a corpus of pairs: normalised pairs on disk, and a few numbers of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.prepare.filters import SIDES, PairStep
from nlpflow.prepare.keys import KeyColumn, Keys, hash_keys
from nlpflow.prepare.losses import LatinLetters
from nlpflow.prepare.partitions import Partitions, Rows
from nlpflow.prepare.splits import Splits, split_numbers
from nlpflow.prepare.type_counts import Bits
from nlpflow.settings.data import PairDataset
from nlpflow.tables import ROWS_AT_ONCE
from nlpflow.text.arrays import Hashes
from nlpflow.text.normalisation import deduplication_keys, normalise

TEXT = pa.large_string()
STORED = pa.schema(
    [("pair", pa.int64())]
    + [
        (name, TEXT)
        for name in ("source", "target", "source_raw", "target_raw", "attribution", "alignment")
    ]
)


@dataclass(frozen=True)
class NormalisedPairs:
    """The pairs of a corpus, all of them, in its order."""

    rows: Rows
    """The pairs with the columns `STORED`."""
    keys: list[Keys]
    """What no two splits may share: keys of the sides, or of documents."""
    groups: Keys | None
    """What else stays together; None if no pair has a group."""
    given: Splits
    """The corpus's own split."""
    passes: Bits
    """The filters that a pair passes: bit i is set if it passes step i."""
    training: Hashes
    """A hash of each source that draws training pairs; empty if they are not drawn."""
    texts: Partitions
    """`source`, `target`, `target_raw` and `row` of each pair; equal sources are in one part."""
    aligned: bool
    """Whether a pair has an alignment."""

    def __len__(self) -> int:
        return len(self.passes)


def normalise_pairs(
    name: str,
    dataset: PairDataset,
    languages: tuple[str, ...],
    tables: Iterable[pa.Table],
    steps: Sequence[PairStep],
    folder: Path,
) -> NormalisedPairs:
    """Normalise pairs and write them into a folder.

    Args:
        name: of the dataset
        dataset: its settings
        languages: of the corpus, in its order
        tables: the pairs of `read_batches`
        steps: the filters
        folder: for temporary files

    Raises:
        UserError: the normalisation does not fit the language, or an alignment its sentences
    """
    columns = _Columns(dataset, steps, folder)
    letters = LatinLetters(f"dataset {name}", dataset.normalisation)
    stored = Rows(folder / "pairs.arrow")
    for table in tables:
        for start in range(0, len(table), ROWS_AT_ONCE):
            rows = table.slice(start, ROWS_AT_ONCE)
            pairs = _normalised(dataset, languages, rows)
            for language in (dataset.source, dataset.target):
                letters.add(language, rows[language])
            _check_alignments(name, pairs)
            columns.add(pairs, rows)
            stored.add(pairs)
    letters.check()
    if dataset.split.by == "document" and not columns.grouped:
        raise UserError(
            f"dataset {name}: split.by: corpus {dataset.corpus} has no documents; use "
            "sentence or source"
        )
    return columns.finished(stored)


class _Columns:
    """The numbers of each pair, which grow with every batch."""

    def __init__(self, dataset: PairDataset, steps: Sequence[PairStep], folder: Path) -> None:
        self._dataset, self._steps = dataset, steps
        salt = dataset.split.salt
        names = dataset.kept_apart or ("document",)
        self._keys = {name: KeyColumn(folder, name, salt) for name in names}
        self._groups = KeyColumn(folder, "group", salt)
        self._texts = Partitions(folder, "texts")
        self._given: list[Splits] = [np.zeros(0, np.int8)]
        self._passes: list[Bits] = [np.zeros(0, np.uint16)]
        self._training: list[Hashes] = [np.zeros(0, np.uint64)]
        self._rows = 0
        self._aligned = False
        self.grouped = False

    def add(self, pairs: pa.Table, raw: pa.Table) -> None:
        """Add normalised pairs; `raw` has their `split` and `group`."""
        for name, keys in self._keys.items():
            keys.add(self._key(name, pairs, raw["group"]))
        self._groups.add(raw["group"])
        self.grouped = self.grouped or raw["group"].null_count < len(raw)
        self._aligned = self._aligned or pairs["alignment"].null_count < len(pairs)
        self._given.append(split_numbers(raw["split"].to_pandas()))
        passes = np.zeros(len(pairs), np.uint16)
        for bit, step in enumerate(self._steps):
            if step.passes is not None:
                passes |= step.passes(pairs["source"], pairs["target"]).astype(np.uint16) << bit
        self._passes.append(passes)
        if self._dataset.max_training is not None:
            salt = self._dataset.split.salt
            self._training.append(hash_keys(pairs["source"], salt, "training"))
        rows = pa.array(np.arange(self._rows, self._rows + len(pairs)))
        self._rows += len(pairs)
        texts = pairs.select(["source", "target", "target_raw"])
        self._texts.add(texts.append_column("row", rows))

    def finished(self, rows: Rows) -> NormalisedPairs:
        """All numbers, with the pairs themselves."""
        return NormalisedPairs(
            rows,
            [keys.keys() for keys in self._keys.values()],
            self._groups.keys() if self.grouped else None,
            np.concatenate(self._given),
            np.concatenate(self._passes),
            np.concatenate(self._training),
            self._texts,
            self._aligned,
        )

    def _key(self, name: str, pairs: pa.Table, group: pa.ChunkedArray) -> pa.ChunkedArray:
        if name == "document":  # a pair without a document is kept apart by its source
            return pc.coalesce(group, deduplication_keys(pairs["source"]))
        return deduplication_keys(pairs[name])


def _normalised(dataset: PairDataset, languages: tuple[str, ...], rows: pa.Table) -> pa.Table:
    """The columns `STORED` of some pairs of a corpus."""
    own = (dataset.source, dataset.target)
    columns = {"pair": rows["pair"], "attribution": rows["attribution"]}
    for side, language in zip(SIDES, own, strict=True):
        columns[side] = normalise(rows[language], dataset.normalisation)
        columns[f"{side}_raw"] = rows[language]
    # Gold alignments number the words of the tutorial's normalisation.
    if dataset.normalisation == "tutorial":
        columns["alignment"] = rows["alignment"]
        if own != languages:
            columns["alignment"] = pc.replace_substring_regex(
                rows["alignment"], r"(\d+)-(\d+)", r"\2-\1"
            )
    else:
        columns["alignment"] = pa.nulls(len(rows), TEXT)
    return pa.table(columns).select(STORED.names).cast(STORED)


def _check_alignments(name: str, pairs: pa.Table) -> None:
    aligned = pairs.filter(pc.is_valid(pairs["alignment"])).select([*SIDES, "alignment"])
    for source, target, alignment in zip(*aligned.to_pydict().values(), strict=True):
        words = len(source.split()), len(target.split())
        for link in alignment.split():
            if any(int(at) >= end for at, end in zip(link.split("-"), words, strict=True)):
                raise UserError(
                    f"dataset {name}: alignment link {link} points outside {source!r} ({words[0]} "
                    f"words) or {target!r} ({words[1]} words); correct the corpus's annotations"
                )
