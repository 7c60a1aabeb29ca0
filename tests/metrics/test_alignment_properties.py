"""What holds of alignment error rates whatever the links."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.metrics.alignment import (
    alignment_error_rate,
    attention_links,
    diagonal_links,
    uniform_error_rate,
)
from nlpflow.text.links import Links, parse_links

WORDS = st.integers(1, 3)
LINKS = st.frozensets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12)
PAIRS = st.lists(st.tuples(LINKS, LINKS), min_size=1, max_size=5).filter(
    lambda pairs: any(a or b for a, b in pairs)
)


@given(LINKS)
def test_pharaoh_round_trip(links: Links) -> None:
    assert parse_links(" ".join(f"{src}-{tgt}" for src, tgt in links)) == links


@given(PAIRS)
def test_error_rate_is_a_percentage_and_symmetric(pairs: list[tuple[Links, Links]]) -> None:
    found, gold = ([pair[side] for pair in pairs] for side in (0, 1))
    rate = alignment_error_rate(found, gold)
    assert 0 <= rate <= 100
    assert rate == alignment_error_rate(gold, found)
    assert (rate == 0) == (found == gold)
    assert (rate == 100) == all(a.isdisjoint(b) for a, b in pairs)


@given(PAIRS)
def test_error_rate_is_one_minus_f1(pairs: list[tuple[Links, Links]]) -> None:
    """With every gold link sure, AER = 1 - F1 of links tagged with their sentence."""
    found, gold = (
        {(i, *link) for i, pair in enumerate(pairs) for link in pair[side]} for side in (0, 1)
    )
    f1 = 0.0
    if found & gold:
        precision, recall = len(found & gold) / len(found), len(found & gold) / len(gold)
        f1 = 2 * precision * recall / (precision + recall)
    rate = alignment_error_rate(*zip(*pairs, strict=True))
    assert rate == pytest.approx(100 * (1 - f1), abs=1e-9)


@given(st.data(), WORDS, WORDS)
def test_uniform_is_the_mean_over_every_guess(data: st.DataObject, src: int, tgt: int) -> None:
    inside = st.tuples(st.integers(0, src - 1), st.integers(0, tgt - 1))
    gold = data.draw(st.frozensets(inside))
    rates = [
        alignment_error_rate([frozenset((s, t) for t, s in enumerate(guess))], [gold])
        for guess in product(range(src), repeat=tgt)
    ]
    assert uniform_error_rate([gold], [(src, tgt)]) == pytest.approx(np.mean(rates))


@given(st.integers(1, 60), st.integers(1, 60))
def test_diagonal_is_monotone_inside_and_centred(src: int, tgt: int) -> None:
    links = diagonal_links(src, tgt)
    sources = {t: s for s, t in links}
    assert sorted(sources) == list(range(tgt))
    path = [sources[t] for t in range(tgt)]
    assert path == sorted(path)
    assert path[0] >= 0
    assert path[-1] < src
    assert all(abs((s + 0.5) / src - (t + 0.5) / tgt) <= 0.5 / src + 1e-9 for s, t in links)


@given(st.integers(1, 6), st.integers(1, 6), st.randoms(use_true_random=False))
def test_attention_links_every_target_word_once(src: int, tgt: int, random) -> None:
    looked = [random.randrange(src) for _ in range(tgt)]
    weights = np.full((tgt, src), 0.1)
    weights[range(tgt), looked] = 0.9
    assert attention_links(weights) == {(s, t) for t, s in enumerate(looked)}
