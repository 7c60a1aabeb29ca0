"""Evaluation of a tagging or entities run on one test set: scores, predictions, plotted tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch

from nlpflow.baselines.tag_bigrams import TagBigrams
from nlpflow.prepare.tagged import Sentence, normalise_words
from nlpflow.settings.checks import checked
from nlpflow.settings.labelling import LabellingFigures
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.interface import EvaluationJob, Files, made_with
from nlpflow.tasks.labelling.labeller import Labeller, load_labeller
from nlpflow.tasks.labelling.scoring import (
    ScoreReport,
    TaggedTestSet,
    Tags,
    flat,
    scheme_of,
    scoring_of,
    tagged_test_set,
)
from nlpflow.tasks.labelling.training import read_split
from nlpflow.text.words import split_words


def evaluate(job: EvaluationJob) -> None:
    """Evaluate a run of tagging or entities; see `nlpflow.tasks.interface.Evaluate`."""
    pretrained = next(iter(job.inputs.all("pretrained")), None)
    labeller, trained, run = load_labeller(job.run, pretrained)
    scheme = scheme_of(trained)
    scoring = scoring_of(scheme)
    train, sentences = (read_split(job.inputs[name], scheme) for name in ("train", "table"))
    test_set = tagged_test_set(sentences, train)
    words = [sentence.words for sentence in sentences]
    predicted = labeller.label(words)
    report = scoring.report(test_set, predicted)
    if trained.model.output == "softmax":
        counted = _with_bigrams(labeller, train, words)
        score = scoring.report(test_set, counted).scores[scoring.score]
        report.scores[f"{scoring.score}_bigrams"] = score
    write_report(job.outputs, test_set, predicted, report, made_with(job))
    chosen: LabellingFigures = checked(LabellingFigures, job.settings["figures"], "figures")
    drawn = [normalise_words(split_words(text), run.normalisation) for text in chosen.sentences]
    size = min(chosen.sample, len(words))
    drawn += [words[i] for i in np.linspace(0, len(words) - 1, size + 2).astype(int)[1:-1]]
    write_table(job.outputs["marginals"], _marginals(labeller, [d for d in drawn if d]))
    write_table(job.outputs["transitions"], _transitions(labeller))


def write_report(
    files: Files,
    test_set: TaggedTestSet,
    predicted: Tags,
    report: ScoreReport,
    origin: Mapping[str, Any] | None = None,
) -> None:
    """Write the files `metrics`, `predictions`, `tags`, `frequency` and `confusion`.

    Args:
        files: the path of each file
        test_set: the sentences with their gold tags
        predicted: the predicted tags of each sentence
        report: the scores of the predictions
        origin: further entries of `metrics`
    """
    sentences = test_set.sentences
    in_train = sum(sentence.in_train for sentence in sentences)
    metrics = {
        "scores": report.scores,
        "sentences": len(sentences),
        "sentences_in_train": in_train,
        "words": sum(len(sentence.words) for sentence in sentences),
    }
    write_json(files["metrics"], metrics | dict(origin or {}))
    write_table(files["predictions"], _predictions(sentences, predicted))
    write_table(files["tags"], report.by_tag)
    write_table(files["frequency"], report.by_frequency)
    write_table(files["confusion"], _confusion(sentences, predicted))


def _predictions(sentences: Sequence[Sentence], predicted: Tags) -> pd.DataFrame:
    """The table of predictions, one row per word."""
    lengths = [len(sentence.words) for sentence in sentences]
    return pd.DataFrame(
        {
            "sentence": np.repeat(np.arange(1, len(sentences) + 1), lengths),
            "word": flat([sentence.words for sentence in sentences]),
            "gold": flat([sentence.tags for sentence in sentences]),
            "predicted": flat(predicted),
            "in_train": np.repeat([int(sentence.in_train) for sentence in sentences], lengths),
        }
    )


def _confusion(sentences: Sequence[Sentence], predicted: Tags) -> pd.DataFrame:
    """The number of words by gold and predicted tag; pairs that never occur are left out."""
    pairs = zip(flat([sentence.tags for sentence in sentences]), flat(predicted), strict=True)
    rows = [(gold, found, count) for (gold, found), count in sorted(Counter(pairs).items())]
    return pd.DataFrame(rows, columns=["gold", "predicted", "count"])


def _with_bigrams(labeller: Labeller, train: Sequence[Sentence], words: Tags) -> list[list[str]]:
    """The best tags under the network's probabilities and the training set's tag bigrams."""
    vocabulary = labeller.vocabulary
    numbers = [[vocabulary.tag_ids[tag] for tag in sentence.tags] for sentence in train]
    bigrams = TagBigrams(numbers, len(vocabulary.tags))
    found = []
    for probabilities in labeller.probabilities(words):
        scores = torch.from_numpy(probabilities).double().clamp_min(1e-30).log().unsqueeze(0)
        best = bigrams.viterbi(scores, torch.ones(scores.shape[:2], dtype=torch.bool))
        found.append([vocabulary.tags[number] for number in best.tags[0].tolist()])
    return found


def _marginals(labeller: Labeller, sentences: Sequence[Sequence[str]]) -> pd.DataFrame:
    """P(tag at word | sentence) as a table with one row per sentence, word and tag."""
    parts = []
    for number, (words, found) in enumerate(
        zip(sentences, labeller.probabilities(sentences), strict=True), start=1
    ):
        word, tag = np.indices(found.shape)
        parts.append(
            pd.DataFrame(
                {
                    "sentence": number,
                    "position": word.ravel(),
                    "word": [words[i] for i in word.ravel().tolist()],
                    "tag": [labeller.vocabulary.tags[i] for i in tag.ravel().tolist()],
                    "probability": found.ravel(),
                }
            )
        )
    columns = ["sentence", "position", "word", "tag", "probability"]
    return pd.concat(parts) if parts else pd.DataFrame(columns=columns)


def _transitions(labeller: Labeller) -> pd.DataFrame:
    """The learnt transition scores of a CRF, start and stop included.

    A forbidden transition has the score -inf. For a network without a CRF the table has no rows.
    """
    crf = labeller.network.crf
    rows: list[tuple[str, str, float]] = []
    if crf is not None:
        tags, table = labeller.vocabulary.tags, crf.weights().roll(1, 0)  # the start comes first
        for before, scores in zip(["start", *tags], table.tolist(), strict=True):
            rows += [(before, *move) for move in zip([*tags, "stop"], scores, strict=True)]
        rows.remove(("start", "stop", 0.0))
    return pd.DataFrame(rows, columns=["from", "to", "score"])
