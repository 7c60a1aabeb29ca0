"""The judge of fluency likes what training sentences are like, and is blind to unknown words."""

import numpy as np
import pytest

from nlpflow.tasks.translation.fluency import FluencyJudge
from nlpflow.vocabulary import Words

SUBJECTS, VERBS = ["i", "you", "we", "they"], ["see", "hear", "like", "know"]
OBJECTS = ["him", "her", "it", "them"]
VOCABULARY = Words((*SUBJECTS, *VERBS, *OBJECTS, "."), (1,) * 13)
TRAIN = [
    f"{subject} {verb} {object_} ."
    for number, subject in enumerate(SUBJECTS)
    for verb in VERBS
    for object_ in OBJECTS[number % 2 :: 2]
]
NEW = [f"{SUBJECTS[0]} {verb} {object_} ." for verb in VERBS for object_ in OBJECTS[1::2]]


@pytest.fixture(scope="module")
def judge() -> FluencyJudge:
    return FluencyJudge(VOCABULARY, TRAIN)


def test_grammar_is_liked_and_word_salad_is_not(judge: FluencyJudge) -> None:
    rng = np.random.default_rng(0)
    salad = [" ".join(rng.permutation(sentence.split())) for sentence in NEW]
    assert not set(NEW) & set(TRAIN)
    assert judge.perplexity(TRAIN) < judge.perplexity(NEW) < judge.perplexity(salad)
    assert judge.perplexity(salad) > 5 * judge.perplexity(NEW)


def test_unknown_words_are_not_predicted_and_are_all_the_same(judge: FluencyJudge) -> None:
    one, other = (judge.perplexity([f"i {word} it ."]) for word in ("adore", "<unk>"))
    assert one == other
    # One token less is predicted: the end alone is left of a sentence of nothing else.
    nothing_known = judge.perplexity(["adore"])
    assert nothing_known == judge.perplexity(["abhor"])
    both = judge.perplexity(["adore", "abhor", "adore"])
    assert both == pytest.approx(nothing_known)


def test_repetition_in_training_counts_once(judge: FluencyJudge) -> None:
    again = FluencyJudge(VOCABULARY, TRAIN + TRAIN[:5] * 20)
    assert again.perplexity(NEW) == judge.perplexity(NEW)


def test_empty_outputs_have_an_end_to_predict(judge: FluencyJudge) -> None:
    assert 1 < judge.perplexity(["", *NEW]) < np.inf
    assert judge.perplexity([""]) > 10 * judge.perplexity(NEW)


def test_characters_are_the_words_of_a_script_without_spaces() -> None:
    """As tokens of the vocabulary, sentences without spaces would be one unknown word each."""
    train = [
        f"{who}{verb}{what}。" for who in "我你他" for verb in ("看", "喜欢") for what in "书茶猫"
    ]
    whole = Words(tuple(train), (1,) * len(train))
    judge = FluencyJudge(whole, train)
    assert judge.signature == "order:3|tok:characters"
    new, salad = ["我喜欢看书。"], ["欢。我书看喜"]
    assert judge.perplexity(train) < judge.perplexity(new) < judge.perplexity(salad)
    assert FluencyJudge(VOCABULARY, TRAIN).signature == "order:3|tok:words"
