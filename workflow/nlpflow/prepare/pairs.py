"""Make a dataset of sentence pairs: normalise, split without leakage, filter, write tables.

The pairs need not fit into memory. The first pass writes the normalised pairs to a temporary file;
what the split needs of each pair stays in memory as a few numbers. The second pass writes the
tables.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from nlpflow.corpora.pairs import Reading, lost_pairs
from nlpflow.errors import UserError
from nlpflow.prepare.components import components
from nlpflow.prepare.filters import SIDES, PairStep, filter_steps
from nlpflow.prepare.normalised import NormalisedPairs, normalise_pairs
from nlpflow.prepare.partitions import Partitions
from nlpflow.prepare.repeats import find_repeats, first_sources
from nlpflow.prepare.splits import SPLITS, TRAIN, Splits, apart, complete
from nlpflow.prepare.type_counts import Bits, TypeCounts
from nlpflow.prepare.written import PairTables
from nlpflow.settings.data import PairDataset
from nlpflow.settings.registry import Corpus
from nlpflow.tables import write_tsv
from nlpflow.text.arrays import Ids, Mask

REPORT = ["step", "setting", "dropped", "pairs", "source_types", "target_types"]
TEMPORARY = ".unfinished"
"""A folder beside the tables; that of a process that was killed is removed."""


@dataclass(frozen=True)
class Prepared:
    """What is known of a dataset whose tables are written."""

    report: pd.DataFrame
    """One row "read" (whose `dropped` are the pairs lost to malformed lines), one row per step,
    then one row per split. Its columns are `step`, `setting`, `dropped`, `pairs` (left after the
    step), `source_types` and `target_types` (number of distinct tokens that are left, split at
    single spaces, see `TypeCounts`)."""
    malformed: pd.DataFrame
    """The corpus's malformed lines."""
    summary: dict[str, Any]
    """Languages, normalisation and counts."""


@dataclass(frozen=True)
class _Decisions:
    """What becomes of every pair: (rows,) each."""

    split: Splits
    """-1 for a pair that would leak."""
    component: Ids
    reached: Bits
    """Bit i is set if the pair passes the steps up to i."""
    final: Mask
    """Whether the pair is in the table of its split."""
    references: Mask
    """Whether the pair is a known translation of a source of dev or test."""


def prepare(
    name: str, dataset: PairDataset, corpus: Corpus, reading: Reading, folder: Path
) -> Prepared:
    """Prepare a dataset from the pairs of `read_batches`; the same pairs give the same bytes.

    Writes into the folder, which is made if it is missing:

    - `train`, `dev` and `test`, each as Parquet and as TSV, with columns `pair`, `component`,
      `source` and `target` (normalised), `source_raw`, `target_raw`, `attribution`, and `alignment`
      if there is one (Pharaoh format, source-target);
    - `references.parquet`: all known translations of the sources of dev and test, those of filtered
      pairs included: `split`, `source`, `target`, `target_raw`;
    - `filter_report.tsv` and `malformed.tsv`: see `Prepared`.

    Raises:
        UserError: the corpus lacks a language of the dataset, an alignment points outside its
            sentences, or a split is left without pairs.
    """
    languages = (dataset.source, dataset.target)
    if sorted(languages) != sorted(corpus.languages):
        raise UserError(
            f"dataset {name}: corpus {dataset.corpus} has {' and '.join(corpus.languages)}, "
            f"not {' and '.join(languages)}"
        )
    filters = filter_steps(dataset.filters, *languages)
    with _temporary(folder) as temporary:
        pairs = normalise_pairs(
            name, dataset, corpus.languages, reading.batches, filters, temporary
        )
        steps, decided = _decide(pairs, dataset, corpus, filters)
        report = _report(steps, decided.reached)
        _check_left(name, decided, len(steps) - 1, report)
        types = _write(pairs, decided, len(steps), dataset.autoencode, folder, temporary)
    malformed = pa.concat_tables(reading.malformed).to_pandas()
    report.loc[0, "dropped"] = lost_pairs(corpus, malformed)
    sizes = [int((decided.final & (decided.split == split)).sum()) for split in range(len(SPLITS))]
    of_splits = pd.DataFrame({"step": SPLITS, "setting": "", "dropped": 0, "pairs": sizes})
    report = pd.concat([report, of_splits], ignore_index=True).assign(**types)[REPORT]
    write_tsv(report, folder / "filter_report.tsv")
    write_tsv(malformed, folder / "malformed.tsv")
    of_components = np.bincount(decided.component[decided.component >= 0])
    summary = {
        "dataset": name,
        "corpus": dataset.corpus,
        "source": dataset.source,
        "target": dataset.target,
        "normalisation": dataset.normalisation,
        "pairs": dict(zip(SPLITS, sizes, strict=True)),
        "malformed": len(malformed),
        "components": len(of_components),
        "largest_component": int(of_components.max()),
    }
    return Prepared(report, malformed, summary)


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """A folder for temporary files beside the tables, which is removed in the end."""
    temporary = folder / TEMPORARY
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _decide(
    pairs: NormalisedPairs, dataset: PairDataset, corpus: Corpus, filters: list[PairStep]
) -> tuple[list[PairStep], _Decisions]:
    """The steps of the report, and what becomes of every pair."""
    steps, kept = [PairStep("read")], np.ones(len(pairs), np.bool_)
    reached = kept.astype(np.uint16)

    def keep(step: PairStep, passed: Mask) -> None:
        nonlocal kept
        kept = kept & passed
        reached[kept] |= np.uint16(1 << len(steps))
        steps.append(step)

    if own_split := corpus.has_own_split and dataset.split.keep:
        columns = pairs.keys if pairs.groups is None else [*pairs.keys, pairs.groups]
        keep(PairStep("also in dev or test"), apart(pairs.given, columns))
    split, component = _divided(pairs, kept, own_split, corpus.lacks_dev, dataset)
    passed = {
        step.name: ((pairs.passes >> bit) & 1 > 0)
        | ~np.isin(split, [SPLITS.index(name) for name in step.splits])
        for bit, step in enumerate(filters)
        if step.passes is not None
    }
    alone = np.logical_and.reduce([kept, *passed.values()])
    once = dataset.filters.drop_duplicates
    repeats = find_repeats(pairs.texts, split, alone, once, dataset.autoencode)
    for step in filters:
        keep(step, passed.get(step.name, repeats.first))
    if (most := dataset.max_training) is not None:
        keep(PairStep("max_training", str(most)), _drawn(pairs, kept & (split == TRAIN), most))
    final = kept
    if dataset.autoencode:
        final = kept & first_sources(pairs.texts, split, kept)
    return steps, _Decisions(split, component, reached, final, repeats.references)


def _divided(
    pairs: NormalisedPairs, kept: Mask, own_split: bool, lacks_dev: bool, dataset: PairDataset
) -> tuple[Splits, Ids]:
    """The split and the component of every pair that is kept; -1 for others."""
    keys = [column.of_rows(kept) for column in pairs.keys]
    groups = [] if pairs.groups is None else [pairs.groups.of_rows(kept)]
    found = components([*keys, *groups])
    given = pairs.given[kept] if own_split else np.full(int(kept.sum()), -1, np.int8)
    split, component = np.full(len(kept), -1, np.int8), np.full(len(kept), -1, np.int32)
    split[kept] = complete(given, lacks_dev, found, keys, dataset.split)
    component[kept] = found.of_rows
    return split, component


def _drawn(pairs: NormalisedPairs, train: Mask, most: int) -> Mask:
    """Which pairs are kept: all of dev and test, of train those with the smallest hashes."""
    rows = np.flatnonzero(train)
    order = np.argsort(pairs.training[rows], kind="stable")
    drawn = ~train
    drawn[rows[order[:most]]] = True
    return drawn


def _report(steps: list[PairStep], reached: Bits) -> pd.DataFrame:
    """The steps with the number of pairs that are left after each."""
    left = [int(((reached >> bit) & 1).sum()) for bit in range(len(steps))]
    dropped = [before - after for before, after in zip([left[0], *left], left, strict=False)]
    names, settings = ([step.name for step in steps], [step.setting for step in steps])
    columns = {"step": names, "setting": settings, "dropped": dropped, "pairs": left}
    return pd.DataFrame(columns)


def _check_left(name: str, decided: _Decisions, last: int, report: pd.DataFrame) -> None:
    kept = decided.split[(decided.reached >> last) & 1 > 0]
    missing = [split for number, split in enumerate(SPLITS) if not (kept == number).any()]
    if not missing:
        return
    most = report.to_dict("records")[int(report["dropped"].to_numpy().argmax())]
    cause = (
        f"step {most['step']} drops most of them ({most['dropped']} pairs); relax it"
        if most["dropped"]
        else "nothing is filtered; the corpus is too small for these shares"
    )
    raise UserError(
        f"dataset {name}: no pairs in {' and '.join(missing)}, {len(kept)} in all: {cause}"
    )


def _write(
    pairs: NormalisedPairs,
    decided: _Decisions,
    steps: int,
    autoencode: bool,
    folder: Path,
    temporary: Path,
) -> dict[str, list[int]]:
    """Write the tables; return the number of types of each side for the rows of the report."""
    types = {side: TypeCounts(Partitions(temporary, f"{side} types")) for side in SIDES}
    tables = PairTables(folder, temporary, pairs.aligned and not autoencode)
    start = 0
    for batch in pairs.rows:
        rows = slice(start, start := start + len(batch))
        split, final = decided.split[rows], decided.final[rows]
        sets = decided.reached[rows].copy()
        sets[final] |= np.uint16(1) << (split[final] + steps).astype(np.uint16)
        for side in SIDES:
            types[side].add(batch[side].combine_chunks(), sets)
        columns = {name: batch[name] for name in batch.column_names}
        columns["component"] = pa.array(decided.component[rows], pa.int64())
        if autoencode:
            columns |= {"target": batch["source"], "target_raw": batch["source_raw"]}
        tables.add(pa.table(columns), split, final, decided.references[rows])
    tables.close()
    rows_of_report = steps + len(SPLITS)
    counts = {side: types[side].counts()[:rows_of_report] for side in SIDES}
    if autoencode:
        counts["target"][steps:] = counts["source"][steps:]
    return {f"{side}_types": of_side for side, of_side in counts.items()}
