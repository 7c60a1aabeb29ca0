"""Baselines of tagging and entities: most frequent tag, hidden Markov model, CRF over features."""

from collections.abc import Callable, Sequence

from nlpflow.baselines.feature_crf import FeatureCRF, train_crf, word_features
from nlpflow.baselines.hmm import HiddenMarkovModel
from nlpflow.baselines.most_frequent import train_most_frequent
from nlpflow.prepare.tagged import Sentence, read_prepared
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.labelling.evaluation import write_report
from nlpflow.tasks.labelling.scoring import scoring_of, tagged_test_set

Sentences = Sequence[Sequence[str]]
Tag = Callable[[Sentences], list[list[str]]]


def evaluate(job: BaselineJob) -> None:
    """Train a baseline and score it; see `nlpflow.tasks.interface.Baseline`."""
    scoring = scoring_of("IOB2" if job.task == "entities" else None)
    train = read_prepared(job.tables["train"])
    tag = BASELINES[job.baseline](train)
    for name, files in job.outputs.items():
        test_set = tagged_test_set(read_prepared(job.tables[name]), train)
        predicted = tag([sentence.words for sentence in test_set.sentences])
        write_report(files, test_set, predicted, scoring.report(test_set, predicted))


def most_frequent(train: Sequence[Sentence]) -> Tag:
    """Give each word its most frequent tag in training, and unseen words the most frequent tag."""
    model = train_most_frequent(tagged_test_set((), train).training)
    return lambda sentences: [model.tag(words) for words in sentences]


def hidden_markov_model(train: Sequence[Sentence]) -> Tag:
    """A bigram hidden Markov model, estimated from counts."""
    words = [sentence.words for sentence in train]
    return HiddenMarkovModel(words, [sentence.tags for sentence in train]).tag


def feature_crf(train: Sequence[Sentence]) -> Tag:
    """A CRF over hand-written features of words (CRFsuite)."""
    words = [sentence.words for sentence in train]
    model = FeatureCRF(train_crf(map(word_features, words), [sentence.tags for sentence in train]))
    return lambda sentences: [model.tag(words) for words in sentences]


BASELINES: dict[str, Callable[[Sequence[Sentence]], Tag]] = {
    "most-frequent": most_frequent,
    "hmm": hidden_markov_model,
    "features": feature_crf,
}
