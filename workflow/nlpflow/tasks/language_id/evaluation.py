"""Evaluation of a language identification run on one test set: scores and tables."""

import numpy as np
import pandas as pd

from nlpflow.errors import UserError
from nlpflow.metrics.classification import (
    accuracy,
    calibration,
    calibration_error,
    confusions,
    macro_accuracy,
)
from nlpflow.prepare.sentences import clean, seen_in
from nlpflow.prepare.splits import SPLITS
from nlpflow.settings.checks import checked
from nlpflow.settings.language_id import LanguageIdFigures
from nlpflow.tables import as_arrow, write_json, write_table
from nlpflow.tasks.interface import EvaluationJob, made_with
from nlpflow.tasks.language_id.identifier import UNDETERMINED, Identifier, load_identifier
from nlpflow.tasks.language_id.weights import heaviest, word_weights
from nlpflow.text.lengths import length, with_characters
from nlpflow.text.streams import printable

SHORT = 3
"""A sentence with at most this many words (or characters, see `length`) is short; short sentences
have a score of their own."""

LENGTH_BUCKETS = [1, 2, 3, 4, 6, 10, 20]
"""The lower ends of the buckets of sentence lengths, in words or characters (`length`)."""

SAMPLES = 20


def evaluate(job: EvaluationJob) -> None:
    """Evaluate a language identifier; see `nlpflow.tasks.interface.Evaluate`.

    As on the command line, raw text is identified and the answer may be `und`, which is wrong here.
    Sentences in languages that the run does not know are left out. If sentences of a user's own
    test set are in the training set, scores without them are added.

    Raises:
        UserError: the test set has none of the run's languages
    """
    identifier, record = load_identifier(job.run)
    table = pd.read_parquet(job.inputs["table"], columns=["raw", "language"])
    known = table["language"].isin(identifier.languages)
    test_set = table[known].reset_index(drop=True)
    if test_set.empty:
        raise UserError(
            f"run {job.run}: test set {job.test_set} has none of its languages; change the "
            "experiment's test_sets"
        )
    predictions = predicted(identifier, test_set)
    right = (predictions["answer"] == predictions["language"]).to_numpy(np.bool_)
    calibrated = calibration(predictions["probability"].to_numpy(), right)
    scores = _scores(predictions, right) | {"ece": calibration_error(calibrated)}
    overlap = _overlap(job, identifier.normalisation, test_set)
    if overlap.any() and not overlap.all():
        without = _scores(predictions[~overlap], right[~overlap])
        scores |= {f"{name}_without_overlap": value for name, value in without.items()}
    metrics = {
        "scores": {name: value for name, value in scores.items() if np.isfinite(value)},
        "sentences": len(predictions),
        "short_sentences": int(_short(predictions).sum()),
        "overlap": int(overlap.sum()),
        "undetermined": int((predictions["answer"] == UNDETERMINED).sum()),
        "unknown_languages": sorted(set(table.loc[~known, "language"])),
        "model_bytes": job.inputs["weights"].stat().st_size,
    }
    chosen: LanguageIdFigures = checked(LanguageIdFigures, job.settings["figures"], "figures")
    write_json(job.outputs["metrics"], metrics | made_with(job))
    tables = {
        "predictions": predictions,
        "breakdown": _breakdown(predictions, right),
        "confusions": confusions(
            predictions["language"].to_numpy(), predictions["answer"].to_numpy()
        ),
        "calibration": calibrated,
        "weights": heaviest(identifier, test_set, chosen.top),
        "words": word_weights(identifier, record.seed, chosen.words),
    }
    for name, found in tables.items():
        write_table(job.outputs[name], found)
    job.outputs["errors"].write_text(_errors(predictions[~right]), encoding="utf-8")


def predicted(identifier: Identifier, test_set: pd.DataFrame) -> pd.DataFrame:
    """The table of predictions, one row per sentence.

    Args:
        identifier: to evaluate
        test_set: columns `raw` and `language`

    Returns:
        columns `raw`, `language`, `words` (length in words or characters, see `length`), `answer`
        and `probability`
    """
    raw = as_arrow(test_set["raw"]).combine_chunks()
    shares = identifier.probabilities(raw)
    best = shares.argmax(axis=1)
    probability = shares[np.arange(len(best)), best]
    answer = np.where(probability > 0, np.array(identifier.languages)[best], UNDETERMINED)
    return pd.DataFrame(
        {
            "raw": test_set["raw"],
            "language": test_set["language"],
            "words": length(clean(raw, identifier.normalisation)).to_numpy(),
            "answer": answer,
            "probability": probability.astype(np.float64),
        }
    )


def _short(predictions: pd.DataFrame) -> np.ndarray:
    return (predictions["words"] <= SHORT).to_numpy(np.bool_)


def _scores(predictions: pd.DataFrame, right: np.ndarray) -> dict[str, float]:
    """The scores of some sentences; NaN if there are no sentences for a score."""
    return {
        "accuracy": accuracy(right),
        "accuracy_short": accuracy(right[_short(predictions)]),
        "accuracy_macro": macro_accuracy(right, predictions["language"].to_numpy()),
    }


def _overlap(job: EvaluationJob, normalisation: str, test_set: pd.DataFrame) -> np.ndarray:
    """Whether each sentence is in the training set, (sentences,); False for a dataset's splits."""
    if job.test_set in SPLITS:
        return np.zeros(len(test_set), np.bool_)
    train = pd.read_parquet(job.inputs["train"], columns=["raw", "sentence"])
    return seen_in(test_set["raw"], train, normalisation)


def _breakdown(predictions: pd.DataFrame, right: np.ndarray) -> pd.DataFrame:
    """The table of accuracy by length and by language."""
    characters = with_characters(as_arrow(predictions["raw"]))
    lengths = predictions["words"].to_numpy()
    bucket = np.searchsorted(LENGTH_BUCKETS, lengths, side="right") - 1
    ends = [high - 1 for high in LENGTH_BUCKETS[1:]]
    names = [
        f"{low}" if low == high else f"{low}–{high}"
        for low, high in zip(LENGTH_BUCKETS, ends, strict=False)
    ]
    labels = np.array([*names, f"{LENGTH_BUCKETS[-1]}+"])
    rows = []
    for kind, groups, texts in (
        ("words or characters" if characters else "words", bucket, labels),
        ("language", *pd.factorize(predictions["language"], sort=True)),
    ):
        for group in np.unique(groups):
            mine = groups == group
            rows.append(
                {
                    "kind": kind,
                    "bucket": texts[group],
                    "sentences": int(mine.sum()),
                    "accuracy": accuracy(right[mine]),
                    "error": accuracy(~right[mine]),
                }
            )
    return pd.DataFrame(rows)


def _errors(wrong: pd.DataFrame) -> str:
    """The wrong answers with the highest probability, as text."""
    worst = wrong.sort_values("probability", ascending=False, kind="stable").head(SAMPLES)
    lines = [
        f"> {printable(str(row.raw))}\n= {row.language}\n< {row.answer} ({row.probability:.3f})\n"
        for row in worst.itertuples()
    ]
    return "\n".join(lines) or "No wrong answer.\n"
