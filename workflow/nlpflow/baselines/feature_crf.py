"""Linear-chain CRF over hand-written features of words.

Lafferty et al. 2001. CRFsuite (Okazaki 2007) trains it, through python-crfsuite.
"""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pycrfsuite

from nlpflow.errors import UserError
from nlpflow.text.words import word_shape

AFFIX_LENGTHS = (1, 2, 3, 4)
WINDOW = (-2, -1, 1, 2)
SIZE_FIELD = slice(4, 8)
"""Where a CRFsuite model stores its size. The library would read past the end of a truncated model,
so the size is checked here."""


def word_features(words: Sequence[str]) -> list[list[str]]:
    """The features of each word of a sentence, one list of names per word.

    They are those of Ratnaparkhi 1996, table 1, for all words and not only rare ones: the word, its
    affixes, whether it contains digits, capitals or hyphens, and the words around it. The word's
    shape is added (Collins 2002). Features of neighbouring tags are left to the CRF's transitions.
    """
    lower = [word.lower() for word in words]
    rows = []
    for position, word in enumerate(words):
        lowered = lower[position]
        features = ["bias", f"word={word}", f"lower={lowered}", f"shape={word_shape(word)}"]
        for length in AFFIX_LENGTHS:
            if len(word) > length:
                features += [f"prefix={lowered[:length]}", f"suffix={lowered[-length:]}"]
        tests = {
            "capital": word[:1].isupper(),
            "capitals": word.isupper(),
            "digit": any(map(str.isdigit, word)),
            "hyphen": "-" in word,
        }
        features += [name for name, holds in tests.items() if holds]
        for step in WINDOW:
            near = position + step
            inside = 0 <= near < len(words)
            features.append(f"{step:+d}:lower={lower[near]}" if inside else f"{step:+d}:outside")
        rows.append(features)
    return rows


def train_crf(
    sequences: Iterable[Sequence[list[str]]],
    tags: Sequence[Sequence[str]],
    l1: float = 0.1,
    l2: float = 0.01,
    iterations: int = 100,
) -> bytes:
    """Train a CRF with L-BFGS; the same data give the same bytes.

    Sequences of length 1 make it a logistic regression.

    Args:
        sequences: the names of the features of each position, such as those of `word_features`
        tags: the gold tag of each position
        l1: weight of the L1 penalty, which keeps the model small
        l2: weight of the L2 penalty
        iterations: the maximum number of iterations of L-BFGS

    Returns:
        the model in CRFsuite's file format

    Raises:
        ValueError: a sequence has different numbers of positions and tags
    """
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": l1, "c2": l2, "max_iterations": iterations})
    for features, gold in zip(sequences, tags, strict=True):
        if len(features) != len(gold):
            raise ValueError(f"{len(features)} words but {len(gold)} tags")
        if features:
            trainer.append(features, list(gold))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return path.read_bytes()


class FeatureCRF:
    """Tagger with a trained feature-based CRF.

    Args:
        model: output of `train_crf`

    Raises:
        UserError: the bytes are not a complete CRFsuite model
    """

    def __init__(self, model: bytes):
        self._tagger = pycrfsuite.Tagger()
        self._model = model  # the tagger reads these bytes but holds no reference to them
        try:
            if int.from_bytes(model[SIZE_FIELD], "little") != len(model):
                raise ValueError("cut off")
            self._tagger.open_inmemory(model)
        except ValueError:
            raise UserError("feature-based CRF: not a CRFsuite model; train it again") from None

    def tag(self, words: Sequence[str]) -> list[str]:
        """The best tag of each word (Viterbi)."""
        return self.tag_features(word_features(words))

    def tag_features(self, features: list[list[str]]) -> list[str]:
        """The best tag of each position, given the names of its features."""
        return list(self._tagger.tag(features)) if features else []
