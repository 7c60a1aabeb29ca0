"""Neighbours and analogies by hand, files there and back, and errors in one line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nlpflow.errors import UserError
from nlpflow.vectors.pretrained import read_vectors
from nlpflow.vectors.word_vectors import (
    WordVectors,
    on_plane,
    write_safetensors,
    write_text,
)

ROYAL = WordVectors(
    ("man", "king", "woman", "queen", "nothing"),
    np.array([[1, 0, 0], [1, 0, 2], [0, 1, 0], [0, 2, 4], [0, 0, 0]], np.float32),
)


def test_neighbours_are_sorted_by_cosine_and_leave_the_word_out():
    found = ROYAL.neighbours("king", 10)
    assert [word for word, _ in found] == ["queen", "man", "woman", "nothing"]
    np.testing.assert_allclose(
        [cosine for _, cosine in found], [4 / 5, 1 / np.sqrt(5), 0, 0], atol=1e-6
    )
    assert len(ROYAL.neighbours("king", 2)) == 2


def test_analogy_leaves_its_own_words_out():
    found = ROYAL.analogy("man", "king", "woman", 5)
    assert [word for word, _ in found] == ["queen", "nothing"]
    # king - man + woman of the vectors at length 1, against the queen's.
    target = np.array([1 / np.sqrt(5) - 1, 1, 2 / np.sqrt(5)])
    queen = np.array([0, 1, 2]) / np.sqrt(5)
    np.testing.assert_allclose(found[0][1], target @ queen / np.linalg.norm(target), rtol=1e-5)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("quene", "the nearest known spelling is 'queen'"),
        ("xyzzy", "no known word has a similar spelling"),
    ],
)
def test_unknown_words_are_named_with_the_nearest(word, hint):
    with pytest.raises(UserError) as caught:
        ROYAL.neighbours(word, 3)
    assert str(caught.value) == f"word '{word}' is unknown: {hint}"


finite = st.floats(-1e6, 1e6, width=32)


@given(arrays.arrays(np.float32, (3, 2), elements=finite))
def test_files_give_back_what_was_written(tmp_path_factory, matrix):
    folder = tmp_path_factory.mktemp("vectors")
    vectors = WordVectors(("a", "ça", "日本"), matrix)
    write_safetensors(folder / "v.safetensors", vectors)
    write_text(folder / "v.txt", vectors)
    exact, rounded = (
        read_vectors(folder / name, vectors.words) for name in ("v.safetensors", "v.txt")
    )
    assert exact.exact.all()
    assert rounded.exact.all()
    np.testing.assert_array_equal(exact.matrix, matrix)
    np.testing.assert_allclose(rounded.matrix, matrix, rtol=1e-6)


def test_text_is_that_of_word2vec(tmp_path):
    write_text(tmp_path / "v.txt", WordVectors(("a", "b"), np.array([[1, 0.5], [-2, 0]], "f4")))
    assert (tmp_path / "v.txt").read_text() == "2 2\na 1 0.5\nb -2 0\n"


def test_words_with_spaces_cannot_be_written_as_text(tmp_path):
    with pytest.raises(ValueError, match="'a b' cannot be written"):
        write_text(tmp_path / "v.txt", WordVectors(("a b",), np.zeros((1, 2), np.float32)))


@given(arrays.arrays(np.float32, (5, 4), elements=st.floats(-10, 10, width=32)))
def test_plane_keeps_what_varies_most(matrix):
    places = on_plane(matrix)
    assert places.shape == (5, 2)
    centred = (matrix - matrix.mean(axis=0)).astype(np.float64)
    variances = np.sort(np.linalg.eigvalsh(centred.T @ centred))[::-1][:2]
    np.testing.assert_allclose((places.astype(np.float64) ** 2).sum(0), variances, atol=0.05)


def test_plane_of_too_few_dimensions_is_filled_up():
    assert on_plane(np.array([[1.0], [3.0]], np.float32)).tolist() == [[-1, 0], [1, 0]]
    assert on_plane(np.array([[1.0, 2.0]], np.float32)).tolist() == [[0, 0]]
