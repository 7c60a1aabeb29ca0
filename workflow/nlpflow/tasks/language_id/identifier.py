"""The identifier: a trained model that predicts the languages of raw texts with probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import torch
from torch import Tensor

from nlpflow.models.bag import BagClassifier, unpack
from nlpflow.prepare.sentences import clean
from nlpflow.runs.run import Run, open_run
from nlpflow.settings.language_id import LanguageIdExperiment
from nlpflow.tasks.language_id.features import CharacterNgrams, Features, WordFeatures
from nlpflow.tasks.language_id.learner import predict
from nlpflow.text.writing import letters_of, readable

UNDETERMINED = "und"
"""The answer if no language can be given (ISO 639-2)."""

BATCH = 4096
"""Sentences per batch; their n-grams fit into the processor's cache."""

LONGEST = 5000
"""How many characters of a text are read. That is enough to identify the language of a longer one.
"""


class Answer(NamedTuple):
    """A language and its probability."""

    language: str
    probability: float


@dataclass
class Identifier:
    """A trained model with its features, languages and scripts."""

    model: BagClassifier
    features: Features
    languages: tuple[str, ...]
    normalisation: str
    letters: npt.NDArray[np.bool_]
    """The letters of the scripts seen in training, see `letters_of`."""
    device: torch.device

    @torch.inference_mode()
    def probabilities(self, texts: pa.Array) -> npt.NDArray[np.float32]:
        """Probabilities of the languages of raw texts, (texts, languages).

        They are 0 for a text without letters, and for a text whose letters mostly belong to scripts
        that the training set does not have.
        """
        parts = [np.zeros((0, len(self.languages)), np.float32)]
        for start in range(0, len(texts), BATCH):
            batch = pc.utf8_slice_codeunits(texts.slice(start, BATCH), 0, LONGEST)
            sentences = clean(batch, self.normalisation)
            shares = predict(self.model, self.features, sentences, self.device).exp().cpu().numpy()
            shares[~readable(sentences, self.letters)] = 0
            parts.append(shares)
        return np.concatenate(parts)

    def identify(
        self, texts: Sequence[str], top: int = 1, threshold: float = 0.0
    ) -> list[list[Answer]]:
        """The most probable languages of raw texts.

        Args:
            texts: to identify
            top: the maximum number of answers per text
            threshold: the lowest probability of an answer, 0 to 1

        Returns:
            the answers for each text, most probable first. If no language reaches the threshold, or
            all probabilities are 0, the only answer is `und` with the highest probability.
        """
        shares = self.probabilities(pa.array(texts, pa.large_string()))
        if top == 1:
            best = shares.argmax(axis=1)[:, np.newaxis]
        else:
            best = np.argsort(-shares, axis=1, kind="stable")[:, :top]
        values = np.take_along_axis(shares, best, axis=1)
        enough = (values >= threshold) & (values > 0)
        names = np.array(self.languages, object)[best]
        return [
            [*map(Answer, row[:count], probabilities)]
            if count
            else [Answer(UNDETERMINED, probabilities[0])]
            for row, probabilities, count in zip(
                names.tolist(), values.tolist(), enough.sum(axis=1).tolist(), strict=True
            )
        ]


def load_identifier(folder: Path) -> tuple[Identifier, Run]:
    """Load the identifier of a trained run, on the device and with the threads of its settings.

    Raises:
        UserError: the folder does not contain a complete run of language identification
    """
    opened = open_run(folder, LanguageIdExperiment)
    run, settings, weights = opened.run, opened.settings.model, opened.weights
    try:
        features: Features
        if settings.features == "words":
            features = WordFeatures(tuple(_texts(weights["words"])))
        else:
            features = CharacterNgrams(settings.longest, settings.buckets, settings.ends)
        letters = letters_of(_texts(weights["scripts"]))
        model = BagClassifier(len(features), len(run.languages), features.scaled)
        opened.load(model, unpack(weights))
    except (KeyError, RuntimeError, UnicodeDecodeError):
        raise opened.unfit() from None
    found = run.languages, run.normalisation, letters, opened.device
    return Identifier(model, features, *found), run


def _texts(stored: Tensor) -> list[str]:
    """Restore texts that `as_bytes` stored."""
    return stored.numpy().tobytes().decode().split("\n")
