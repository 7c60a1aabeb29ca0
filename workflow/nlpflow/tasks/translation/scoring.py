"""Scores of translations on a test set, and the tables that they are written to."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow.parquet import read_schema

from nlpflow.metrics.translation import METRICS, SEPARATOR, Scores, score, signatures
from nlpflow.tasks.translation.learner import TranslationTestSet, own_test_set, read_test_set
from nlpflow.text.lengths import length, mostly_without_spaces
from nlpflow.text.streams import printable

LENGTH_BUCKETS = [0, 4, 6, 8, 10, 15, 20, 30]
"""The lower ends of the buckets of source lengths, in words or characters (`length`)."""


def any_test_set(
    table: Path, references: Path, name: str, normalisation: str, target: str
) -> TranslationTestSet:
    """A split of a prepared dataset, or a user's own test set.

    Args:
        table: of the test set
        references: the table of all known references of dev and test
        name: `dev` or `test`; of a user's own test set, anything
        normalisation: of the dataset
        target: code of the target language
    """
    if "overlap_source" in read_schema(table).names:
        return own_test_set(pd.read_parquet(table), normalisation, target)
    return read_test_set(table, references, name, normalisation, target)


def scored(test_set: TranslationTestSet, outputs: Sequence[str]) -> dict[str, Any]:
    """The entries of metrics.json that depend on outputs and references alone.

    For a user's own test set, scores without the pairs that overlap with the training set are
    added.

    Args:
        outputs: the translation of each source
    """
    metrics: dict[str, Any] = {
        "scores": _named_scores(test_set, outputs, range(len(outputs))),
        "signatures": {
            f"{m}{test_set.suffix}": s
            for m, s in signatures(test_set.references, test_set.tokenizer).items()
        },
        "measured_with": {"tokenizer": test_set.tokenizer},
        "sources": len(test_set.sources),
        "references": sum(map(len, test_set.references)),
    }
    if test_set.overlap is not None:
        metrics["overlap"], without = _without_overlap(test_set, outputs)
        metrics["scores"] |= without
    return metrics


def _named_scores(
    test_set: TranslationTestSet, outputs: Sequence[str], members: Sequence[int]
) -> dict[str, float]:
    """The scores of some sentences (`members`), by their names in metrics.json."""
    scores = _scores(test_set, outputs, members)
    return {f"{m}{test_set.suffix}": v for m, v in zip(METRICS, scores, strict=True)}


def _scores(
    test_set: TranslationTestSet,
    outputs: Sequence[str],
    members: Iterable[int],
    effective_order: bool = False,
) -> Scores:
    hypotheses = [outputs[i] for i in members]
    references = [test_set.references[i] for i in members]
    return score(hypotheses, references, effective_order, test_set.tokenizer)


def _without_overlap(
    test_set: TranslationTestSet, outputs: Sequence[str]
) -> tuple[dict[str, int], dict[str, float]]:
    """The number of pairs that share a sentence with the training set, and scores without them."""
    assert test_set.overlap is not None
    shared = test_set.overlap.any(axis=1).to_numpy()
    counts = {side: int(seen.sum()) for side, seen in test_set.overlap.items()}
    apart = np.flatnonzero(~shared).tolist()
    scores = _named_scores(test_set, outputs, apart) if apart else {}
    return (
        {"pairs": int(shared.sum())} | {str(side): count for side, count in counts.items()},
        {f"{name}_without_overlap": value for name, value in scores.items()},
    )


def predictions(test_set: TranslationTestSet, outputs: Sequence[str]) -> pd.DataFrame:
    """The table of predictions, one row per source."""
    return pd.DataFrame(
        {
            "source": test_set.sources,
            "output": list(outputs),
            "exact": [
                int(output in known)
                for output, known in zip(outputs, test_set.references, strict=True)
            ],
            "references": [SEPARATOR.join(known) for known in test_set.references],
        }
    )


def breakdown(
    test_set: TranslationTestSet, outputs: Sequence[str], unseen: Sequence[int]
) -> pd.DataFrame:
    """The table of scores by source length and by number of words unseen in training.

    Args:
        unseen: the number of such words in each source
    """
    sources = pa.array(test_set.sources, type=pa.string())
    lengths = length(sources).to_numpy()
    bucket = np.searchsorted(LENGTH_BUCKETS, lengths, side="right") - 1
    ends = [str(high - 1) for high in LENGTH_BUCKETS[1:]]
    ranges = [f"{low}–{high}" for low, high in zip(LENGTH_BUCKETS, ends, strict=False)]
    names = [*ranges, f"{LENGTH_BUCKETS[-1]}+"]
    unseen_group = np.minimum(unseen, 2)
    rows = []
    for kind, groups, labels in (
        ("characters" if mostly_without_spaces(sources) else "length", bucket, names),
        ("unseen words", unseen_group, ["0", "1", "2+"]),
    ):
        for group in np.unique(groups):
            members = np.flatnonzero(groups == group)
            scores = _scores(test_set, outputs, members, effective_order=True)
            rows.append(
                {"kind": kind, "bucket": labels[group], "sentences": len(members)}
                | scores._asdict()
            )
    return pd.DataFrame(rows)


def samples(test_set: TranslationTestSet, outputs: Sequence[str], count: int = 20) -> str:
    """Evenly spaced examples as text, in the tutorial's format."""
    picked = np.linspace(0, len(outputs) - 1, min(count, len(outputs))).astype(int)
    return "\n".join(
        f"> {printable(test_set.sources[i])}\n"
        + "".join(f"= {printable(reference)}\n" for reference in test_set.references[i])
        + f"< {printable(outputs[i])}\n"
        for i in picked
    )
