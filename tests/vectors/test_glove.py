"""GloVe's real vectors: the package and the text file say the same."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from nlpflow.jobs import Inputs
from nlpflow.settings.checks import checked
from nlpflow.settings.embeddings import SkipGramModel
from nlpflow.tasks.pretrained import with_glove
from nlpflow.training.run import TrainingJob
from nlpflow.vectors.pretrained import GLOVE, GLOVE_PACKAGE, read_vectors

TEXT = Path(__file__).parents[3] / (
    "shared/data/mirror/nlp.stanford.edu/data/glove.6B.50d.top40000.txt.gz"
)
WORDS = ["the", "The", "Paris", "nevertheless", "sandberger", "Zzyzxq"]

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec(GLOVE_PACKAGE) is None,
    reason="GLOVE'S REAL VECTORS ARE NOT CHECKED: the extra glove is not installed",
)


def test_package_holds_400_000_words_of_50_dimensions() -> None:
    vectors = read_vectors(GLOVE, WORDS)
    assert vectors.matrix.shape == (len(WORDS), 50)
    assert vectors.exact.tolist() == [True, False, False, True, True, False]
    assert vectors.lowered.tolist() == [False, True, True, False, False, False]
    assert vectors.matrix[0, :2].tolist() == [np.float32(0.418), np.float32(0.24968)]


@pytest.mark.skipif(not TEXT.exists(), reason=f"THE TEXT FILE IS NOT CHECKED: no {TEXT}")
def test_package_and_text_agree() -> None:
    words = ["the", "of", "paris", "nevertheless", "42", "Dog"]
    package, text = read_vectors(GLOVE, words), read_vectors(TEXT, words)
    assert np.array_equal(package.matrix, text.matrix)
    assert package.coverage() == text.coverage()


def test_package_is_among_what_a_training_depends_on(tmp_path: Path) -> None:
    model = checked(SkipGramModel, {"kind": "skipgram", "dimension": 50, "vectors": GLOVE}, "test")
    job = TrainingJob("e", 1, {}, {}, Inputs({"train": (tmp_path,)}), tmp_path, tmp_path)
    found = with_glove(job, model).inputs
    matrix, words = found.all(GLOVE)
    assert found["train"] == tmp_path
    assert (matrix.suffix, words.suffix) == (".npy", ".parquet")
    assert matrix.is_file()
    assert words.is_file()
    plain = checked(SkipGramModel, {"kind": "skipgram", "dimension": 50}, "test")
    assert with_glove(job, plain) == job
