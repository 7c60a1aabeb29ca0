"""What a run has learnt: the features that weigh most, and words before and after training."""

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
"""Sentences of a language in which its features are looked for."""
SEEN = 5
"""Times that a feature must occur in them: the heaviest weights of all are those of oddities."""


def heaviest(identifier: Identifier, sentences: pd.DataFrame, top: int) -> pd.DataFrame:
    """The features that speak most for each language: `language`, `feature`, `weight`, `count`.

    A weight is how far that for the language lies above the mean over all languages. Features are
    looked for in sentences of the language, because hashing leaves no texts; of those that share a
    bucket the most frequent one stands for it.

    Args:
        sentences: `raw` and `language`
    """
    weight = identifier.model.weight.detach().cpu().numpy()
    rows = []
    for place, language in enumerate(identifier.languages):
        raw = as_arrow(sentences.loc[sentences["language"] == language, "raw"].head(READ))
        counts = identifier.features.texts(clean(raw, identifier.normalisation).to_pylist())
        common = _one_text_a_feature(counts)
        numbers = np.array(list(common), np.int64)
        lead = weight[numbers, place] - weight[numbers].mean(axis=1)
        for i in np.argsort(-lead, kind="stable")[:top]:
            text, count = common[int(numbers[i])]
            rows.append((language, text, float(lead[i]), count))
    return pd.DataFrame(rows, columns=["language", "feature", "weight", "count"])


def _one_text_a_feature(counts: Counter[tuple[int, str]]) -> dict[int, tuple[str, int]]:
    found: dict[int, tuple[str, int]] = {}
    for (number, text), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count >= SEEN:
            found.setdefault(number, (text, count))
    return found


@torch.inference_mode()
def word_weights(identifier: Identifier, seed: int, words: Sequence[str]) -> pd.DataFrame:
    """What each word says for each language: `word`, `language`, `before`, `after` training.

    For a bag of words this is the word's column of the weights, which the tutorial prints; for
    character n-grams the sum over the word's. A word that the run does not know has zeros.
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
