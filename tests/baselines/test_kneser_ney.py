"""Kneser-Ney n-grams: they sum to one, and are those of the formula."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.baselines.add_k import AddK
from nlpflow.baselines.kneser_ney import KneserNey

WORDS = 4
SENTENCES = st.lists(
    st.lists(st.integers(0, WORDS - 1), min_size=1, max_size=6), min_size=1, max_size=8
)


def ngrams(sentences: list[list[int]], order: int) -> tuple[np.ndarray, np.ndarray]:
    rows = [
        ([-1] * (order - 1) + sentence)[at : at + order]
        for sentence in sentences
        for at in range(len(sentence))
    ]
    table = np.array(rows)
    return table[:, :-1], table[:, -1]


def contexts(order: int) -> st.SearchStrategy[list[int]]:
    """As they occur: nothing stands before a place before the sentence."""
    words = st.lists(st.integers(0, WORDS - 1), max_size=order - 1)
    return words.map(lambda known: [-1] * (order - 1 - len(known)) + known)


@given(SENTENCES, st.integers(1, 4), st.data())
def test_probabilities_sum_to_one(sentences, order, data) -> None:
    model = KneserNey(*ngrams(sentences, order), WORDS, WORDS)
    asked = np.tile(data.draw(contexts(order)), (WORDS, 1)).astype(int)
    found = np.exp(model.log_probabilities(asked, np.arange(WORDS)))
    assert found.sum() == pytest.approx(1)
    assert (found > 0).all()


def by_the_formula(sentences: list[list[int]], context: list[int], word: int) -> float:
    """Trigrams, counted one by one."""
    highest = Counter(
        tuple(([-1, -1, *sentence])[at : at + 3])
        for sentence in sentences
        for at in range(len(sentence))
    )
    counts = {3: highest}
    for order in (2, 1):
        before = defaultdict(set)
        at_start = Counter()
        for gram, count in counts[order + 1].items():
            before[gram[1:]].add(gram[0])
            at_start[gram[1:]] += count
        counts[order] = {
            gram: at_start[gram] if gram[0] == -1 else len(words) for gram, words in before.items()
        }
    found = 1 / WORDS
    for order in (1, 2, 3):
        once, twice = (sum(count == n for count in counts[order].values()) for n in (1, 2))
        discount = once / (once + 2 * twice) if once else 0.5
        history = tuple(context[len(context) - order + 1 :])
        after = {gram[-1]: n for gram, n in counts[order].items() if gram[:-1] == history}
        if after:
            above = max(after.get(word, 0) - discount, 0) + discount * len(after) * found
            found = above / sum(after.values())
    return found


@given(SENTENCES, contexts(3), st.integers(0, WORDS - 1))
def test_probabilities_are_those_of_the_formula(sentences, context, word) -> None:
    model = KneserNey(*ngrams(sentences, 3), WORDS, WORDS)
    found = np.exp(model.log_probabilities(np.array([context]), np.array([word])))[0]
    assert found == pytest.approx(by_the_formula(sentences, context, word))


def test_it_predicts_better_than_add_k() -> None:
    rng = np.random.default_rng(0)
    following = rng.dirichlet(np.full(30, 0.1), 30)

    def text(count: int) -> list[list[int]]:
        sentences = []
        for _ in range(count):
            words = [int(rng.integers(30))]
            while len(words) < 8:
                words.append(int(rng.choice(30, p=following[words[-1]])))
            sentences.append(words)
        return sentences

    train, test = ngrams(text(150), 3), ngrams(text(50), 3)
    counted = AddK(*train, 30, 30)
    best_add_k = counted.tune(*test)
    assert KneserNey(*train, 30, 30).log_probabilities(*test).mean() > best_add_k + 0.1
