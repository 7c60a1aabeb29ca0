"""Evaluation of a run that responds in dialogues: scores, tables, samples, attention."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nlpflow.metrics.chat import commonest_share, delexicalised_bleu, distinct, recall_at_1
from nlpflow.settings.chat import ChatExperiment
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.chat.retrieval import candidates
from nlpflow.tasks.interface import EvaluationJob, Files
from nlpflow.tasks.translation.evaluation import (
    breakdown,
    decoded,
    made_by,
    predictions,
    scored,
    write_shown,
)
from nlpflow.tasks.translation.learner import TranslationTestSet
from nlpflow.tasks.translation.likelihood import log_likelihoods
from nlpflow.tasks.translation.translator import Translator, normalise_sentences


def evaluate(job: EvaluationJob) -> None:
    """Evaluate a run of `chat`; see `nlpflow.tasks.interface.Evaluate`."""
    found = decoded(job, (ChatExperiment,))
    translator, run, test_set, outputs = found
    known = [normalise_sentences(true, run.normalisation) for true in test_set.references]
    likely = likelihood_scores(translator, test_set.sources, known)
    unseen = [len(output.unknown) for output in outputs]
    extra = made_by(job, translator)
    write_scores(job.outputs, test_set, found.texts, unseen, likely, extra)
    write_shown(job, found)


def likelihood_scores(
    translator: Translator, sources: Sequence[str], known: Sequence[Sequence[str]]
) -> dict[str, float]:
    """Perplexity of the true responses, and how often the true one is the likeliest of ten.

    Responses are ranked by their mean log-likelihood per token.

    Args:
        translator: of the run
        sources: contexts
        known: the true responses to each context; the first one counts
    """
    targets = [responses[0] for responses in known]
    sums, counts = log_likelihoods(translator, sources, targets)
    found = {"perplexity": float(np.exp(-sums.sum() / counts.sum()))}
    ranked = candidates(known)
    if ranked is None:
        return found
    columns = [sums / counts]
    for texts in ranked[1:]:
        scores, lengths = log_likelihoods(translator, sources, texts)
        columns.append(scores / lengths)
    return found | {"recall_1": recall_at_1(np.stack(columns, axis=1))}


def write_scores(
    files: Files,
    test_set: TranslationTestSet,
    outputs: Sequence[str],
    unseen: Sequence[int],
    likely: Mapping[str, float],
    extra: Mapping[str, Any],
) -> None:
    """Write `metrics`, `predictions` and `breakdown` of a run or a baseline.

    Args:
        files: to write
        test_set: contexts and responses
        outputs: a response for each context
        unseen: the number of words of each context that training lacks
        likely: `perplexity`, which a baseline lacks, and `recall_1`
        extra: further entries of `metrics`
    """
    metrics = scored(test_set, outputs)
    metrics["scores"] |= dict(likely) | {
        "bleu_delexicalised": delexicalised_bleu(outputs, test_set.references, test_set.tokenizer),
        "distinct_1": distinct(outputs, 1),
        "distinct_2": distinct(outputs, 2),
        "distinct_2_references": distinct([known[0] for known in test_set.references], 2),
        "commonest": commonest_share(outputs),
    }
    write_json(files["metrics"], metrics | dict(extra))
    write_table(files["predictions"], predictions(test_set, outputs))
    write_table(files["breakdown"], breakdown(test_set, outputs, unseen))
