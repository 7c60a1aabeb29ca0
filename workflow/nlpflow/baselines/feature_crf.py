"""The tagger before neural networks: a linear-chain CRF over hand-written features.

Lafferty et al. 2001; trained by CRFsuite (Okazaki 2007) through python-crfsuite.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pycrfsuite

from nlpflow.errors import UserError

AFFIX_LENGTHS = (1, 2, 3, 4)
WINDOW = (-2, -1, 1, 2)
SIZE_FIELD = slice(4, 8)
"""Where a CRFsuite model says how long it is; the library would read on past a cut end."""


def word_features(words: Sequence[str]) -> list[list[str]]:
    """The features of each word of a sentence: (time) lists of names.

    Those of Ratnaparkhi 1996, table 1, for every word, not only rare ones: the word, its affixes,
    whether it holds digits, capitals, hyphens, and the words around it; and its shape (Collins
    2002). Tags around it are the CRF's own business.
    """
    lower = [word.lower() for word in words]
    rows = []
    for place, word in enumerate(words):
        features = ["bias", f"word={word}", f"lower={lower[place]}", f"shape={word_shape(word)}"]
        for length in AFFIX_LENGTHS:
            if len(word) > length:
                features += [f"prefix={lower[place][:length]}", f"suffix={lower[place][-length:]}"]
        tests = {
            "capital": word[:1].isupper(),
            "capitals": word.isupper(),
            "digit": any(map(str.isdigit, word)),
            "hyphen": "-" in word,
        }
        features += [name for name, holds in tests.items() if holds]
        for step in WINDOW:
            near = place + step
            inside = 0 <= near < len(words)
            features.append(f"{step:+d}:lower={lower[near]}" if inside else f"{step:+d}:outside")
        rows.append(features)
    return rows


def word_shape(word: str) -> str:
    """Kinds of letters, runs written once: "McDonald-42" -> "XxXx-0"."""
    shape = ""
    for letter in word:
        kind = "0" if letter.isdigit() else letter
        if letter.isalpha():
            kind = "X" if letter.isupper() else "x"
        if not shape.endswith(kind):
            shape += kind
    return shape


def train_feature_crf(
    sentences: Sequence[Sequence[str]],
    tags: Sequence[Sequence[str]],
    l1: float = 0.1,
    l2: float = 0.01,
    iterations: int = 100,
) -> bytes:
    """Fit the CRF by L-BFGS and return CRFsuite's model; the same data give the same bytes.

    Args:
        sentences: words of each sentence
        tags: their tags
        l1: weight of the absolute penalty, which keeps the model small
        l2: weight of the squared penalty
    """
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": l1, "c2": l2, "max_iterations": iterations})
    for words, gold in zip(sentences, tags, strict=True):
        if len(words) != len(gold):
            raise ValueError(f"{len(words)} words but {len(gold)} tags")
        if words:
            trainer.append(word_features(words), list(gold))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return path.read_bytes()


class FeatureCRF:
    """A trained model put to use."""

    def __init__(self, model: bytes):
        """Raises UserError for bytes that are not a model."""
        self._tagger = pycrfsuite.Tagger()
        self._model = model  # the tagger reads these bytes without holding them
        try:
            if int.from_bytes(model[SIZE_FIELD], "little") != len(model):
                raise ValueError("cut off")
            self._tagger.open_inmemory(model)
        except ValueError:
            raise UserError("feature-based CRF: no CRFsuite model; train it again") from None

    def tag(self, words: Sequence[str]) -> list[str]:
        """The best tags (Viterbi), one a word."""
        return list(self._tagger.tag(word_features(words))) if words else []
