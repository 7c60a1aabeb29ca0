"""Learnt weights of a run: the largest of each language, and those of words before and after."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import torch

from nlpflow.prepare.sentences import clean
from nlpflow.tables import as_arrow
from nlpflow.tasks.language_id.identifier import Identifier
from nlpflow.tasks.language_id.training import untrained

READ = 1000
"""How many sentences of each language are searched for features."""
SEEN = 5
"""How often a feature must occur in them. Without this limit the largest weights would be those of
rare, accidental features."""


def heaviest(identifier: Identifier, sentences: pd.DataFrame, top: int) -> pd.DataFrame:
    """The features with the largest weights for each language.

    A weight counts by how much it exceeds the feature's mean weight over all languages. A hashed
    feature has no text, so texts come from sentences of the language. If several texts share a
    bucket, the most frequent one is named.

    Args:
        identifier: the trained run
        sentences: columns `raw` and `language`
        top: number of features per language

    Returns:
        columns `language`, `feature`, `weight` and `count` (in the sentences), the largest weight
        first
    """
    weight = identifier.model.weight.detach().cpu().numpy()
    rows = []
    for index, language in enumerate(identifier.languages):
        raw = as_arrow(sentences.loc[sentences["language"] == language, "raw"].head(READ))
        counts = identifier.features.texts(clean(raw, identifier.normalisation).to_pylist())
        common = _most_frequent_texts(counts)
        numbers = np.array(list(common), np.int64)
        lead = weight[numbers, index] - weight[numbers].mean(axis=1)
        for i in np.argsort(-lead, kind="stable")[:top]:
            text, count = common[int(numbers[i])]
            rows.append((language, text, float(lead[i]), count))
    return pd.DataFrame(rows, columns=["language", "feature", "weight", "count"])


def _most_frequent_texts(counts: Counter[tuple[int, str]]) -> dict[int, tuple[str, int]]:
    """The most frequent text of each feature with its count, if it is at least `SEEN`."""
    found: dict[int, tuple[str, int]] = {}
    for (number, text), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count >= SEEN:
            found.setdefault(number, (text, count))
    return found


@torch.inference_mode()
def word_weights(identifier: Identifier, seed: int, words: Sequence[str]) -> pd.DataFrame:
    """The weight of words for each language, before and after training.

    For a bag of words it is the word's column of the weight matrix, which the tutorial prints. For
    character n-grams it is the sum over the word's n-grams. An unknown word has the weight 0.

    Args:
        identifier: the trained run
        seed: its random seed, which gives the weights before training
        words: raw words

    Returns:
        columns `word`, `language`, `before` and `after`
    """
    start = untrained(identifier.features, len(identifier.languages), seed)
    texts = clean(pa.array(words, pa.large_string()), identifier.normalisation)
    ids, offsets = (torch.from_numpy(part) for part in identifier.features(texts))
    before = start.evidence(ids, offsets).numpy()
    after = identifier.model.cpu().evidence(ids, offsets).numpy()
    return pd.DataFrame(
        {
            "word": np.repeat(np.array(words, object), len(identifier.languages)),
            "language": list(identifier.languages) * len(words),
            "before": before.ravel(),
            "after": after.ravel(),
        }
    )
