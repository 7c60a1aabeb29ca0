"""Evaluation of a translation run on one test set: scores, tables, samples, attention."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow.parquet import read_schema

from nlpflow.metrics.translation import METRICS, SEPARATOR, Scores, score, signatures
from nlpflow.runs.run import Run
from nlpflow.settings.checks import checked
from nlpflow.settings.translation import (
    Decoding,
    Seq2SeqExperiment,
    TranslationExperiment,
    TranslationFigures,
)
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.interface import EvaluationJob, made_with
from nlpflow.tasks.translation.alignment import alignment_scores
from nlpflow.tasks.translation.copied import copy_probabilities
from nlpflow.tasks.translation.fluency import FluencyJudge
from nlpflow.tasks.translation.learner import TranslationTestSet, own_test_set, read_test_set
from nlpflow.tasks.translation.loading import load_translator
from nlpflow.tasks.translation.translator import Translation, Translator, normalise_sentences
from nlpflow.text.lengths import length, mostly_without_spaces
from nlpflow.text.streams import printable

LENGTH_BUCKETS = [0, 4, 6, 8, 10, 15, 20, 30]
"""The lower ends of the buckets of source lengths, in words or characters (`length`)."""


class DecodedTestSet(NamedTuple):
    """A run with its outputs for a test set."""

    translator: Translator
    run: Run
    test_set: TranslationTestSet
    outputs: list[Translation]
    """One for each source."""

    @property
    def texts(self) -> list[str]:
        """The outputs as text."""
        return [output.text for output in self.outputs]


def evaluate(job: EvaluationJob) -> None:
    """Evaluate a translator; see `nlpflow.tasks.interface.Evaluate`.

    For a user's own test set, scores without the pairs that overlap with the training set are
    added.
    """
    found = decoded(job)
    translator, run, test_set, outputs = found
    texts = found.texts
    unknown = [output.unknown for output in outputs]
    metrics = scored(test_set, texts) | {"unknown_words": sum(map(len, unknown))}
    metrics["scores"] |= alignment_scores(translator, pd.read_parquet(job.inputs["table"]))
    train = pd.read_parquet(job.inputs["train"], columns=["target"])["target"].tolist()
    judge = FluencyJudge(translator.target, train)
    metrics["scores"] |= _fluency(judge, run.normalisation, test_set, texts)
    metrics["signatures"]["fluency_perplexity"] = judge.signature
    write_json(job.outputs["metrics"], metrics | made_by(job, translator))
    predicted = predictions(test_set, texts).assign(unknown=[" ".join(words) for words in unknown])
    write_table(job.outputs["predictions"], predicted)
    write_table(job.outputs["breakdown"], breakdown(test_set, texts, list(map(len, unknown))))
    write_shown(job, found)


def decoded(
    job: EvaluationJob, kinds: Sequence[type[Seq2SeqExperiment]] = (TranslationExperiment,)
) -> DecodedTestSet:
    """Load a run of one of these kinds of experiment, and decode the test set of a job."""
    settings: Decoding = checked(Decoding, job.settings["decoding"], "decoding")
    # Files in place of settings: they have the random seed and a module's prefix.
    others = [file.parent for file in job.inputs.all("ensemble") if file.name == "run.json"]
    translator, run = load_translator(job.run, settings, others=others, kinds=kinds)
    tables = job.inputs["table"], job.inputs["references"]
    test_set = any_test_set(*tables, job.test_set, run.normalisation, run.languages[1])
    return DecodedTestSet(translator, run, test_set, translator.translate(test_set.sources))


def made_by(job: EvaluationJob, translator: Translator) -> dict[str, Any]:
    """The entries of metrics.json that say what the outputs were made with."""
    return {"decoding": translator.decoding.model_dump(mode="json")} | made_with(job)


def write_shown(job: EvaluationJob, found: DecodedTestSet) -> None:
    """Write what people look at: samples, and the attention of some sentences."""
    figures: TranslationFigures = checked(TranslationFigures, job.settings["figures"], "figures")
    job.outputs["samples"].write_text(samples(found.test_set, found.texts), encoding="utf-8")
    attention = attention_of(found.translator, found.run.normalisation, found.test_set, figures)
    write_table(job.outputs["attention"], attention)


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


def _fluency(
    judge: FluencyJudge,
    normalisation: str,
    test_set: TranslationTestSet,
    outputs: list[str],
) -> dict[str, float]:
    """Perplexity of the outputs, and of the first reference translation of each source."""
    texts = {
        "fluency_perplexity": outputs,
        "fluency_perplexity_references": [known[0] for known in test_set.references],
    }
    return {
        name: judge.perplexity(normalise_sentences(sentences, normalisation))
        for name, sentences in texts.items()
    }


def attention_of(
    translator: Translator,
    normalisation: str,
    test_set: TranslationTestSet,
    figures: TranslationFigures,
) -> pd.DataFrame:
    """The attention weights of the configured sentences and of a sample of the test set."""
    size = min(figures.sample, len(test_set.sources))
    sample = np.linspace(0, len(test_set.sources) - 1, size + 2).astype(int)[1:-1]
    sentences = normalise_sentences(figures.sentences, normalisation)
    sentences += [test_set.sources[i] for i in sample]
    tables = [
        attention_table(number, output, copy_probabilities(translator, output))
        for number, output in enumerate(translator.translate(sentences), start=1)
    ]
    columns = ["sentence", "tgt_position", "tgt_token", "src_position", "src_token", "weight"]
    return pd.concat(tables) if tables else pd.DataFrame(columns=columns)


def attention_table(
    number: int, output: Translation, copying: Sequence[float] | None = None
) -> pd.DataFrame:
    """The attention weights of one translation, one row per pair of output and source token.

    Args:
        number: value of the column `sentence`
        output: the translation
        copying: the probability of copying at each output token, for a column `copying`; None: the
            decoder cannot copy, and there is no such column
    """
    tgt, src = np.indices(output.weights.shape)
    table = pd.DataFrame(
        {
            "sentence": number,
            "tgt_position": tgt.ravel(),
            "tgt_token": [output.tgt_tokens[i] for i in tgt.ravel()],
            "src_position": src.ravel(),
            "src_token": [output.src_tokens[i] for i in src.ravel()],
            "weight": output.weights.ravel(),
        }
    )
    return table if copying is None else table.assign(copying=np.take(copying, tgt.ravel()))
