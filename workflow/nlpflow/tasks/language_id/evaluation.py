"""Evaluate a language identification run on one test set: scores and tables."""

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
from nlpflow.prepare.sentences import clean
from nlpflow.settings.checks import checked
from nlpflow.settings.language_id import LanguageIdFigures
from nlpflow.tables import as_arrow, write_json, write_table
from nlpflow.tasks.interface import EvaluationJob
from nlpflow.tasks.language_id.identifier import UNDETERMINED, Identifier, load_identifier
from nlpflow.tasks.language_id.weights import heaviest, word_weights
from nlpflow.text.lengths import length, with_characters

SHORT = 3
"""Words or characters (`length`); sentences of up to so many are scored apart."""

LENGTH_BUCKETS = [1, 2, 3, 4, 6, 10, 20]
"""Lower ends of the lengths, in words or characters (`length`), that are scored apart."""

SAMPLES = 20


def evaluate(job: EvaluationJob) -> None:
    """Evaluate a language identifier; see `nlpflow.tasks.interface.Evaluate`.

    Raw text is identified, as on the command line: `und` is a wrong answer. Sentences in languages
    that the run does not know are left out.
    """
    identifier, record = load_identifier(job.run)
    table = pd.read_parquet(job.inputs["table"], columns=["raw", "language"])
    known = table["language"].isin(identifier.languages)
    test_set = table[known].reset_index(drop=True)
    if test_set.empty:
        raise UserError(
            f"run {job.run}: none of its languages is in {job.test_set}; change its test_sets"
        )
    predictions = predicted(identifier, test_set)
    right = (predictions["answer"] == predictions["language"]).to_numpy(np.bool_)
    calibrated = calibration(predictions["probability"].to_numpy(), right)
    short = (predictions["words"] <= SHORT).to_numpy(np.bool_)
    scores = {
        "accuracy": accuracy(right),
        "accuracy_short": accuracy(right[short]),
        "accuracy_macro": macro_accuracy(right, predictions["language"].to_numpy()),
        "ece": calibration_error(calibrated),
    }
    metrics = {
        "scores": {name: value for name, value in scores.items() if np.isfinite(value)},
        "sentences": len(predictions),
        "short_sentences": int(short.sum()),
        "undetermined": int((predictions["answer"] == UNDETERMINED).sum()),
        "unknown_languages": sorted(set(table.loc[~known, "language"])),
        "model_bytes": job.inputs["weights"].stat().st_size,
    }
    chosen: LanguageIdFigures = checked(LanguageIdFigures, job.settings["figures"], "figures")
    write_json(job.outputs["metrics"], metrics)
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
    """A row a sentence: `raw`, `language`, `words` (`length`), `answer`, `probability`."""
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


def _breakdown(predictions: pd.DataFrame, right: np.ndarray) -> pd.DataFrame:
    """Accuracy by language and by length."""
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
    """The wrong answers of which the run was most certain."""
    worst = wrong.sort_values("probability", ascending=False, kind="stable").head(SAMPLES)
    lines = [
        f"> {row.raw}\n= {row.language}\n< {row.answer} ({row.probability:.3f})\n"
        for row in worst.itertuples()
    ]
    return "\n".join(lines) or "No wrong answer.\n"
