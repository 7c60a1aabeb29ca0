"""Evaluation of a translation run on one test set: scores, tables, samples, attention."""

import numpy as np
import pandas as pd

from nlpflow.settings.checks import checked
from nlpflow.settings.translation import Decoding, TranslationFigures
from nlpflow.tables import read_json, write_json, write_table
from nlpflow.tasks.interface import EvaluationJob, made_with
from nlpflow.tasks.translation.alignment import alignment_scores
from nlpflow.tasks.translation.fluency import FluencyJudge
from nlpflow.tasks.translation.learner import TranslationTestSet
from nlpflow.tasks.translation.loading import load_translator
from nlpflow.tasks.translation.scoring import (
    any_test_set,
    breakdown,
    predictions,
    samples,
    scored,
)
from nlpflow.tasks.translation.translator import Translation, Translator, normalise_sentences


def evaluate(job: EvaluationJob) -> None:
    """Evaluate a translator; see `nlpflow.tasks.interface.Evaluate`.

    For a user's own test set, scores without the pairs that overlap with the training set are
    added.
    """
    figures: TranslationFigures = checked(TranslationFigures, job.settings["figures"], "figures")
    decoding: Decoding = checked(Decoding, job.settings["decoding"], "decoding")
    # Files in place of settings: they have the random seed and a module's prefix.
    others = [file.parent for file in job.inputs.all("ensemble") if file.name == "run.json"]
    translator, normalisation = load_translator(job.run, decoding, others=others)
    *_, target = read_json(job.run / "run.json")["languages"]
    tables = job.inputs["table"], job.inputs["references"]
    test_set = any_test_set(*tables, job.test_set, normalisation, target)
    outputs = translator.translate(test_set.sources)
    texts = [output.text for output in outputs]
    unknown = [output.unknown for output in outputs]
    metrics = scored(test_set, texts) | {
        "decoding": translator.decoding.model_dump(mode="json"),
        "unknown_words": sum(map(len, unknown)),
    }
    metrics["scores"] |= alignment_scores(translator, pd.read_parquet(job.inputs["table"]))
    train = pd.read_parquet(job.inputs["train"], columns=["target"])["target"].tolist()
    judge = FluencyJudge(translator.target, train)
    metrics["scores"] |= _fluency(judge, normalisation, test_set, texts)
    metrics["signatures"]["fluency_perplexity"] = judge.signature
    write_json(job.outputs["metrics"], metrics | made_with(job))
    predicted = predictions(test_set, texts).assign(unknown=[" ".join(words) for words in unknown])
    write_table(job.outputs["predictions"], predicted)
    write_table(job.outputs["breakdown"], breakdown(test_set, texts, list(map(len, unknown))))
    job.outputs["samples"].write_text(samples(test_set, texts), encoding="utf-8")
    attention = _attention(translator, normalisation, test_set, figures)
    write_table(job.outputs["attention"], attention)


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


def _attention(
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
        attention_table(number, output)
        for number, output in enumerate(translator.translate(sentences), start=1)
    ]
    columns = ["sentence", "tgt_position", "tgt_token", "src_position", "src_token", "weight"]
    return pd.concat(tables) if tables else pd.DataFrame(columns=columns)


def attention_table(number: int, output: Translation) -> pd.DataFrame:
    """The attention weights of one translation, one row per pair of output and source token.

    Args:
        number: value of the column `sentence`
        output: the translation
    """
    tgt, src = np.indices(output.weights.shape)
    return pd.DataFrame(
        {
            "sentence": number,
            "tgt_position": tgt.ravel(),
            "tgt_token": [output.tgt_tokens[i] for i in tgt.ravel()],
            "src_position": src.ravel(),
            "src_token": [output.src_tokens[i] for i in src.ravel()],
            "weight": output.weights.ravel(),
        }
    )
