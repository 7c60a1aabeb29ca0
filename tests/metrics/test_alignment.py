"""Alignment error rate, counted by hand and by enumeration."""

from itertools import product

import numpy as np
import pytest

from nlpflow.metrics.alignment import (
    alignment_error_rate,
    attention_links,
    diagonal_links,
    uniform_error_rate,
)
from nlpflow.text.links import parse_links


def test_pharaoh_format() -> None:
    assert parse_links("0-0 1-2 12-3") == {(0, 0), (1, 2), (12, 3)}
    assert parse_links("") == frozenset()
    assert parse_links(" 0-1  0-1 ") == {(0, 1)}


def test_attention_links_are_source_target() -> None:
    weights = np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]])  # two target, three source words
    assert attention_links(weights) == {(1, 0), (0, 1)}


@pytest.mark.parametrize(
    ("found", "gold", "expected"),
    [
        (["0-0 1-1"], ["0-0 1-1"], 0),
        (["0-0 1-1"], ["0-1 1-0"], 100),
        (["0-0 1-1"], ["0-0 1-2"], 50),  # 1 - 2·1 / (2 + 2)
        (["0-0 1-1 2-2"], ["0-0"], 50),  # 1 - 2·1 / (3 + 1)
        (["0-0"], ["0-0 1-0 2-0"], 50),  # a source of three words for one
        (["0-0 0-1 1-2"], ["0-0 1-1 1-2 2-2"], 100 * (1 - 4 / 7)),
        (["0-0 1-1", "0-0"], ["0-0 1-1", "1-0"], 100 * (1 - 4 / 6)),  # not the mean, 50
        (["0-0", ""], ["", "0-0"], 100),  # links of one sentence are not those of another
    ],
)
def test_error_rate_by_hand(found: list[str], gold: list[str], expected: float) -> None:
    rate = alignment_error_rate(list(map(parse_links, found)), list(map(parse_links, gold)))
    assert rate == pytest.approx(expected)


def test_error_rate_needs_as_many_sentences() -> None:
    with pytest.raises(ValueError, match="zip"):
        alignment_error_rate([parse_links("0-0")], [])


def test_diagonal() -> None:
    assert diagonal_links(3, 3) == {(0, 0), (1, 1), (2, 2)}
    assert diagonal_links(4, 2) == {(1, 0), (3, 1)}
    assert diagonal_links(2, 4) == {(0, 0), (0, 1), (1, 2), (1, 3)}
    assert diagonal_links(5, 1) == {(2, 0)}
    assert diagonal_links(1, 3) == {(0, 0), (0, 1), (0, 2)}


def test_uniform_is_the_mean_over_every_guess() -> None:
    gold = [parse_links("0-0 1-1 2-1"), parse_links("1-2"), parse_links("0-0 0-1")]
    sizes = [(3, 2), (2, 3), (1, 2)]
    guesses = [product(range(src), repeat=tgt) for src, tgt in sizes]
    rates = [
        alignment_error_rate(
            [frozenset((src, j) for j, src in enumerate(guess)) for guess in drawn], gold
        )
        for drawn in product(*guesses)
    ]
    assert len(rates) == 3**2 * 2**3 * 1
    assert uniform_error_rate(gold, sizes) == pytest.approx(np.mean(rates))
