"""The hidden Markov model: known and unknown words, context, and the refusals."""

import numpy as np
import pytest

from nlpflow.baselines.hmm import RARE, HiddenMarkovModel, Lexicon

SENTENCES = [["the", "dog", "ate", "the", "apple"], ["everybody", "read", "that", "book"]]
TAGS = [["DET", "NN", "V", "DET", "NN"], ["NN", "V", "DET", "NN"]]
STEMS = ["happi", "sad", "quick", "slow", "loud", "quiet", "bright", "dark", "warm", "bold"]


def suffixed() -> tuple[list[list[str]], list[list[str]]]:
    """Words in -ly are adverbs, in -ing verbs, with digits numbers; a name is a capital."""
    sentences, tags = [], []
    for i, stem in enumerate(STEMS):
        sentences.append([f"{stem}ly", f"{stem}ing", f"{i}7", f"N{stem}o"])
        tags.append(["ADV", "VERB", "NUM", "PROPN"])
    return sentences, tags


def test_learns_the_tutorials_example() -> None:
    model = HiddenMarkovModel(SENTENCES, TAGS)
    assert model.tags == ["DET", "NN", "V"]
    assert model.tag(SENTENCES) == TAGS
    assert model.tag([["the", "book"], ["everybody", "ate", "that", "dog"]]) == [
        ["DET", "NN"],
        ["NN", "V", "DET", "NN"],
    ]


def test_unknown_words_by_suffix_and_shape() -> None:
    model = HiddenMarkovModel(*suffixed())
    for word, tag in {"softly": 0, "42": 1, "Nino": 2, "jumping": 3, "3rd": 1}.items():
        shares = model.lexicon.shares(word)
        assert word not in model.lexicon.words
        assert model.tags[shares.argmax()] == ["ADV", "NUM", "PROPN", "VERB"][tag]
    # A shape never seen among rare words says nothing.
    np.testing.assert_allclose(model.lexicon.shares("NATO"), model.lexicon.prior)


def test_shares_are_distributions_and_nowhere_zero() -> None:
    lexicon = HiddenMarkovModel(*suffixed()).lexicon
    for word in ["happily", "softly", "Xyz", "", "7", "É", "-"]:
        shares = lexicon.shares(word)
        assert shares.sum() == pytest.approx(1)
        assert (shares > 0).all()


def test_suffixes_interpolate_by_hand() -> None:
    """Two tags, three words: all of lower case, all in -b, one of each in -ab."""
    lexicon = Lexicon([("ab", 0), ("cb", 1), ("b", 1)], 2)
    shares = np.array([2, 3]) / 5
    for _ in ("lower case", "-b"):
        shares = (np.array([1, 2]) + 2 * shares) / (3 + 2)
    np.testing.assert_allclose(lexicon.shares("xb"), shares)
    shares = (np.array([1, 0]) + shares) / 2
    np.testing.assert_allclose(lexicon.shares("xab"), shares)
    np.testing.assert_allclose(lexicon.shares("ab"), (np.array([1, 0]) + shares) / 2)


def test_frequent_words_do_not_speak_for_unknown_ones() -> None:
    pairs = [("the", 0)] * (RARE + 1) + [("lathe", 1), ("bathe", 1)]
    lexicon = Lexicon(pairs, 2)
    assert lexicon.shares("the").argmax() == 0
    assert lexicon.shares("scathe").argmax() == 1


def test_context_decides_an_ambiguous_word() -> None:
    sentences = [["the", "run"], ["they", "run"]] * 5
    tags = [["DET", "NN"], ["PRON", "V"]] * 5
    assert HiddenMarkovModel(sentences, tags).tag(sentences[:2]) == tags[:2]


def test_order_and_batches_change_nothing() -> None:
    """More sentences than a batch holds, of many lengths, come back in their order."""
    model = HiddenMarkovModel(SENTENCES, TAGS)
    many = [(SENTENCES[0] * 3)[i % 7 : i % 7 + 1 + i % 5] for i in range(150)]
    assert model.tag(many) == [model.tag([one])[0] for one in many]
    assert model.tag([]) == []


def test_one_tag() -> None:
    assert HiddenMarkovModel([["a", "b"]], [["X", "X"]]).tag([["c"]]) == [["X"]]


def test_refusals() -> None:
    with pytest.raises(ValueError, match="sentence 1 has 2 words and 1 tags"):
        HiddenMarkovModel([["a"], ["a", "b"]], [["X"], ["X"]])
    with pytest.raises(ValueError, match="no sentences"):
        HiddenMarkovModel([], [])
    with pytest.raises(ValueError, match="sentence 1 has no words"):
        HiddenMarkovModel(SENTENCES, TAGS).tag([["the"], []])
