"""Make a dataset of sentence pairs: normalise, split without leakage, filter, write tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.corpora.pairs import lost_pairs
from nlpflow.errors import UserError
from nlpflow.prepare.filters import REPORT, apply_filters, count_types
from nlpflow.prepare.losses import check_mostly_latin
from nlpflow.prepare.splits import SPLITS, apart, complete, components, hash_keys
from nlpflow.settings.data import PairDataset
from nlpflow.settings.registry import Corpus
from nlpflow.tables import as_arrow, write_tsv
from nlpflow.text.arrays import Column
from nlpflow.text.normalisation import deduplication_keys, normalise

SIDES = ("source", "target")


@dataclass(frozen=True)
class Prepared:
    """A dataset, ready to be written."""

    splits: dict[str, pd.DataFrame]
    """The table of each split, with columns `pair`, `component`, `source` and `target`
    (normalised), `source_raw`, `target_raw`, `attribution`, and `alignment` if there is one
    (Pharaoh format, source-target)."""
    references: pd.DataFrame
    """All known translations of the sources of dev and test, those of filtered pairs included:
    `split`, `source`, `target`, `target_raw`."""
    report: pd.DataFrame
    """The pairs that are lost to malformed lines ("read") and that each filter drops (see
    `apply_filters`), then one row per split."""
    malformed: pd.DataFrame
    """The corpus's malformed lines."""
    summary: dict[str, Any]
    """Languages, normalisation and counts."""


def prepare(
    name: str, dataset: PairDataset, corpus: Corpus, table: pd.DataFrame, malformed: pd.DataFrame
) -> Prepared:
    """Prepare a dataset from the pairs and the malformed lines of `read_corpus`.

    Raises:
        UserError: the corpus lacks a language of the dataset, an alignment points outside its
            sentences, or a split is left without pairs.
    """
    own_split = corpus.has_own_split and dataset.split.keep
    if not own_split:
        table = table.assign(split=None)
    normalised = _normalised(name, dataset, corpus, table)
    pairs = _divided(name, normalised, dataset, corpus, own_split)
    kept, report = apply_filters(pairs, dataset.filters, dataset.source, dataset.target)
    if own_split:
        read = _report_row("read", 0, normalised)
        shared = _report_row("also in dev or test", len(normalised) - len(pairs), pairs)
        report = pd.concat([read, shared, report.iloc[1:]], ignore_index=True)
    if dataset.max_training is not None:
        before = len(kept)
        kept = kept[_drawn(kept, dataset.split.salt, dataset.max_training)]
        row = _report_row("max_training", before - len(kept), kept, str(dataset.max_training))
        report = pd.concat([report, row], ignore_index=True)
    _check_left(name, kept, report)
    report.loc[0, "dropped"] = lost_pairs(corpus, malformed)
    if dataset.autoencode:
        pairs, kept = _autoencoded(pairs), _autoencoded(kept)
    splits = {split: kept[kept["split"] == split] for split in SPLITS}
    references = _references(pairs, splits)
    sizes_of_splits = [_report_row(split, 0, part) for split, part in splits.items()]
    sizes = np.bincount(pairs["component"])
    summary = {
        "dataset": name,
        "corpus": dataset.corpus,
        "source": dataset.source,
        "target": dataset.target,
        "normalisation": dataset.normalisation,
        "pairs": {split: len(part) for split, part in splits.items()},
        "malformed": len(malformed),
        "components": len(sizes),
        "largest_component": int(sizes.max()),
    }
    return Prepared(
        {split: _finished(part) for split, part in splits.items()},
        references,
        pd.concat([report, *sizes_of_splits], ignore_index=True),
        malformed,
        summary,
    )


def write(prepared: Prepared, folder: Path) -> None:
    """Write the tables of a dataset; the same dataset gives the same bytes.

    Each split is written as Parquet and as TSV; the other files are `references.parquet`,
    `filter_report.tsv` and `malformed.tsv`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for split, table in prepared.splits.items():
        table.to_parquet(folder / f"{split}.parquet", index=False)
        write_tsv(table, folder / f"{split}.tsv")
    prepared.references.to_parquet(folder / "references.parquet", index=False)
    write_tsv(prepared.report, folder / "filter_report.tsv")
    write_tsv(prepared.malformed, folder / "malformed.tsv")


def _normalised(
    name: str, dataset: PairDataset, corpus: Corpus, table: pd.DataFrame
) -> pd.DataFrame:
    """The pairs with the columns of `Prepared.splits`, and `split` and `group`."""
    languages = (dataset.source, dataset.target)
    if sorted(languages) != sorted(corpus.languages):
        raise UserError(
            f"dataset {name}: corpus {dataset.corpus} has {' and '.join(corpus.languages)}, "
            f"not {' and '.join(languages)}"
        )
    texts = {language: as_arrow(table[language]) for language in languages}
    check_mostly_latin(f"dataset {name}", dataset.normalisation, texts)
    columns = {"pair": table["pair"]}
    for side, language in zip(SIDES, languages, strict=True):
        normalised = normalise(texts[language], dataset.normalisation)
        columns[side] = pd.Series(normalised.to_pandas().array, table.index)
    for side, language in zip(SIDES, languages, strict=True):
        columns[f"{side}_raw"] = table[language]
    columns["attribution"] = table["attribution"]
    # Gold alignments number the words of the tutorial's normalisation.
    if dataset.normalisation == "tutorial" and table["alignment"].notna().any():
        columns["alignment"] = table["alignment"]
        if languages != corpus.languages:
            columns["alignment"] = _flipped(table["alignment"])
    pairs = pd.DataFrame(columns | {"split": table["split"], "group": table["group"]})
    if "alignment" in pairs:
        _check_alignments(name, pairs)
    return pairs


def _divided(
    name: str, pairs: pd.DataFrame, dataset: PairDataset, corpus: Corpus, own_split: bool
) -> pd.DataFrame:
    """The pairs with their `component` and `split`.

    The corpus's own split, if it is kept, loses the pairs that would leak. If it lacks a dev set,
    one is taken from its training set.
    """
    keys = {side: _no_keys(pairs) for side in SIDES}
    keys |= {side: deduplication_keys(as_arrow(pairs[side])) for side in dataset.kept_apart}
    group = as_arrow(pairs["group"])
    if dataset.split.by == "document":
        if group.null_count == len(group):
            raise UserError(
                f"dataset {name}: split.by: corpus {dataset.corpus} has no documents; use "
                "sentence or source"
            )
        # A pair without a document is kept apart by its source.
        keys["source"] = pc.coalesce(group, deduplication_keys(as_arrow(pairs["source"])))
    if own_split:
        kept = apart(pairs["split"].to_numpy("str"), [*keys.values(), group])
        pairs, mask = pairs[kept], pa.array(kept)
        keys, group = {side: key.filter(mask) for side, key in keys.items()}, group.filter(mask)
    source, target = keys["source"], keys["target"]
    numbers = components(source, target, group)
    split = complete(pairs["split"], corpus.lacks_dev, numbers, source, target, dataset.split)
    columns: dict[str, Any] = {
        "component": numbers,
        "split": pd.Series(split, pairs.index, dtype="str"),
    }
    order = ["pair", "component", *pairs.columns.drop("pair")]
    return pairs.assign(**columns)[order]


def _autoencoded(pairs: pd.DataFrame) -> pd.DataFrame:
    """Each source once for a split, with itself as target."""
    same = pairs.assign(target=pairs["source"], target_raw=pairs["source_raw"])
    return same.drop_duplicates(["split", "source"]).drop(columns="alignment", errors="ignore")


def _no_keys(pairs: pd.DataFrame) -> Column:
    """A column of empty keys, which join nothing."""
    return as_arrow(pd.Series("", pairs.index, dtype="str"))


def _flipped(alignment: pd.Series) -> pd.Series:
    return alignment.str.replace(r"(\d+)-(\d+)", r"\2-\1", regex=True)


def _check_alignments(name: str, pairs: pd.DataFrame) -> None:
    aligned = pairs[pairs["alignment"].notna()]
    for source, target, alignment in aligned[[*SIDES, "alignment"]].itertuples(index=False):
        words = len(source.split()), len(target.split())
        for link in alignment.split():
            if any(int(at) >= end for at, end in zip(link.split("-"), words, strict=True)):
                raise UserError(
                    f"dataset {name}: alignment link {link} points outside {source!r} ({words[0]} "
                    f"words) or {target!r} ({words[1]} words); correct the corpus's annotations"
                )


def _drawn(pairs: pd.DataFrame, salt: str, most: int) -> pd.Series:
    """Which pairs are kept: all of dev and test, of train those with the smallest hashes."""
    hashes = pd.Series(hash_keys(as_arrow(pairs["source"]), salt, "training"), pairs.index)
    train = pairs["split"] == "train"
    return ~train | pairs.index.isin(hashes[train].sort_values(kind="stable").index[:most])


def _report_row(step: str, dropped: int, left: pd.DataFrame, setting: str = "") -> pd.DataFrame:
    return pd.DataFrame([[step, setting, dropped, len(left), *count_types(left)]], columns=REPORT)


def _check_left(name: str, kept: pd.DataFrame, report: pd.DataFrame) -> None:
    missing = [split for split in SPLITS if not (kept["split"] == split).any()]
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


def _references(pairs: pd.DataFrame, splits: dict[str, pd.DataFrame]) -> pd.DataFrame:
    found = []
    for split in ("dev", "test"):
        known = pairs[(pairs["split"] == split) & (pairs["target"].str.strip() != "")]
        known = known[known["source"].isin(splits[split]["source"])]
        found.append(known[["split", "source", "target", "target_raw"]].drop_duplicates())
    return pd.concat(found, ignore_index=True)


def _finished(part: pd.DataFrame) -> pd.DataFrame:
    return part.drop(columns=["split", "group"]).reset_index(drop=True)
