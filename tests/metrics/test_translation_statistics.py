"""BLEU and chrF2 of sums against sacreBLEU, which counts whole corpora."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.metrics.significance import paired_bootstrap
from nlpflow.metrics.translation import (
    SEPARATOR,
    bleu_aggregate,
    bleu_statistics,
    chrf_aggregate,
    chrf_statistics,
    exact_statistics,
    score,
    statistics,
)

pytestmark = pytest.mark.long

SENTENCE = st.lists(st.sampled_from(["a", "bc", "the", "on", "mat", "."]), max_size=7).map(" ".join)
CORPUS = st.lists(
    st.tuples(SENTENCE, st.lists(SENTENCE.filter(bool), min_size=1, max_size=3)),
    min_size=1,
    max_size=6,
)


@given(CORPUS)
def test_scores_of_sums_are_those_of_the_corpus(corpus) -> None:
    hypotheses, references = [hyp for hyp, _ in corpus], [refs for _, refs in corpus]
    expected = score(hypotheses, references)
    bleu, chrf = bleu_statistics(hypotheses, references), chrf_statistics(hypotheses, references)
    assert bleu.shape == (len(corpus), 10)
    assert chrf.shape == (len(corpus), 18)
    assert bleu_aggregate(bleu.sum(axis=0)) == pytest.approx(expected.bleu)
    assert chrf_aggregate(chrf.sum(axis=0)) == pytest.approx(expected.chrf2)
    exact = exact_statistics(hypotheses, references)
    assert 100 * exact[:, 0].mean() == pytest.approx(expected.exact)
    assert exact[:, 1].tolist() == [1] * len(corpus)


WORDS = np.array(["the", "cat", "sat", "on", "a", "mat", "while", "it", "rained"])


def translations(seed: int, noise: float) -> list[str]:
    """Thirty sentences, each word replaced with probability `noise`."""
    random = np.random.default_rng(seed)
    base = np.random.default_rng(0).choice(WORDS, (30, 9))
    drawn = np.where(random.random(base.shape) < noise, random.choice(WORDS, base.shape), base)
    return [" ".join(words[: 3 + i % 7]) for i, words in enumerate(drawn)]


REFERENCES = list(zip(translations(2, 0.1), translations(3, 0.3), strict=True))


@pytest.mark.parametrize("chosen", [list(range(30)), [4], [5, 5, 9, 17], [0, 0]])
def test_scores_of_resamples_are_those_of_the_resampled_corpus(chosen: list[int]) -> None:
    hypotheses = translations(1, 0.4)
    expected = score([hypotheses[i] for i in chosen], [REFERENCES[i] for i in chosen])
    weights = np.bincount(chosen, minlength=30).astype(float)
    bleu = weights @ bleu_statistics(hypotheses, REFERENCES)
    chrf = weights @ chrf_statistics(hypotheses, REFERENCES)
    assert bleu_aggregate(bleu) == pytest.approx(expected.bleu)
    assert chrf_aggregate(chrf) == pytest.approx(expected.chrf2)


def test_statistics_count_with_the_tokenizer_of_the_scores() -> None:
    hypotheses, references = (
        ["她比我大五岁。", "猫在垫子上。"],
        [["她比我小五岁。"], ["猫坐在垫子上。"]],
    )
    table = pd.DataFrame(
        {"output": hypotheses, "references": [SEPARATOR.join(known) for known in references]}
    )
    for tokenizer in ("zh", "char", "13a"):
        sentences, aggregate = statistics(table, {"tokenizer": tokenizer})["bleu"]
        expected = score(hypotheses, references, tokenizer=tokenizer).bleu
        assert aggregate(sentences.sum(axis=0)) == pytest.approx(expected)
    assert statistics(table, {})["bleu"].sentences.tolist() == sentences.tolist()


def test_many_resamples_of_many_runs_at_once() -> None:
    sums = np.random.default_rng(0).integers(0, 50, (4, 3, 18))
    for drawn, aggregate in ((sums[..., :10], bleu_aggregate), (sums, chrf_aggregate)):
        scores = aggregate(drawn)
        assert scores.shape == (4, 3)
        for place in np.ndindex(4, 3):
            assert scores[place] == aggregate(drawn[place])


def test_a_better_translator_is_found() -> None:
    runs = [
        np.stack([bleu_statistics(translations(seed, noise), REFERENCES) for seed in seeds])
        for noise, seeds in ((0.1, (5, 6, 7)), (0.4, (8, 9, 10)))
    ]
    found = paired_bootstrap(*runs, bleu_aggregate, seed=1)
    means = [
        np.mean([score(translations(seed, noise), REFERENCES).bleu for seed in seeds])
        for noise, seeds in ((0.1, (5, 6, 7)), (0.4, (8, 9, 10)))
    ]
    assert found.difference == pytest.approx(means[0] - means[1])
    assert 0 < found.low < found.difference < found.high
    assert found.p < 0.05


def test_differences_are_those_of_rescored_resamples() -> None:
    samples, systems = 100, (translations(5, 0.35), translations(6, 0.3))
    drawn = np.random.default_rng(1).integers(0, 30, (samples, 30))
    scores = np.array(
        [
            [score([s[i] for i in rows], [REFERENCES[i] for i in rows]).chrf2 for s in systems]
            for rows in drawn
        ]
    )
    every = scores[:, 0] - scores[:, 1]
    runs = [chrf_statistics(system, REFERENCES)[None] for system in systems]
    found = paired_bootstrap(*runs, chrf_aggregate, seed=1, samples=samples)
    observed = score(systems[0], REFERENCES).chrf2 - score(systems[1], REFERENCES).chrf2
    extreme = np.sum(np.abs(every - every.mean()) >= abs(observed))
    expected = (observed, *np.percentile(every, [2.5, 97.5]), (1 + extreme) / (1 + samples))
    assert 0.02 < expected[-1] < 0.98
    assert found == pytest.approx(expected)
