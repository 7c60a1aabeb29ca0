"""What a network must beat: most frequent tag, hidden Markov model, CRF over features."""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pycrfsuite

from nlpflow.labelled.features import word_features
from nlpflow.labelled.prepare import Sentence, read_prepared
from nlpflow.metrics.labelling import training_tags
from nlpflow.models.hmm import HiddenMarkovModel
from nlpflow.tasks.labelling.evaluation import write_report
from nlpflow.tasks.labelling.scoring import Scoring, flat, read_test_set

Words = Sequence[Sequence[str]]
Tag = Callable[[Words], list[list[str]]]

CRFSUITE = {"c1": 0.1, "c2": 0.01, "max_iterations": 100}
"""Weights of the L1 and L2 penalties; more iterations change the second decimal of scores."""


def evaluate_baseline(
    kind: str, prepared: Path, folders: dict[str, Path], scoring: Scoring
) -> None:
    """Train a baseline and write what `write_report` writes for each split.

    :param kind: a key of `BASELINES`
    :param folders: by split
    """
    train = read_prepared(prepared / "train.parquet")
    tag = BASELINES[kind](train)
    for split, folder in folders.items():
        test_set = read_test_set(read_prepared(prepared / f"{split}.parquet"), train)
        predicted = tag([sentence.words for sentence in test_set.sentences])
        write_report(folder, test_set, predicted, scoring.report(test_set, predicted))


def most_frequent(train: Sequence[Sentence]) -> Tag:
    """Each word has its most frequent tag in training, an unseen one that of all words."""
    words = flat([sentence.words for sentence in train])
    tags = flat([sentence.tags for sentence in train])
    best = {word: _first(counts) for word, counts in training_tags(words, tags).items()}
    default = _first(Counter(tags))
    return lambda sentences: [[best.get(word, default) for word in words] for words in sentences]


def hidden_markov_model(train: Sequence[Sentence]) -> Tag:
    """See `nlpflow.models.hmm`."""
    words = [sentence.words for sentence in train]
    return HiddenMarkovModel(words, [sentence.tags for sentence in train]).tag


def feature_crf(train: Sequence[Sentence]) -> Tag:
    """CRFsuite (Okazaki 2007) over `word_features`."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=CRFSUITE, verbose=False)
    for sentence in train:
        trainer.append(word_features(sentence.words), sentence.tags)
    tagger = pycrfsuite.Tagger()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model")
        trainer.train(str(path))
        tagger.open_inmemory(path.read_bytes())
    return lambda sentences: [tagger.tag(word_features(words)) for words in sentences]


BASELINES: dict[str, Callable[[Sequence[Sentence]], Tag]] = {
    "most-frequent": most_frequent,
    "hmm": hidden_markov_model,
    "features": feature_crf,
}


def _first(counts: Counter[str]) -> str:
    """The most frequent; of equally frequent ones the first by code point."""
    return min(counts, key=lambda tag: (-counts[tag], tag))
