"""Tagger that gives each word its most frequent tag in the training set."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class MostFrequentTag:
    """Most-frequent-tag baseline (Jurafsky & Martin, Speech and Language Processing, ch. 17)."""

    tags: Mapping[str, str]
    """The tag of each training word."""
    unseen: str
    """The most frequent tag over all words, for words that are not in the training set."""

    def tag(self, words: Sequence[str]) -> list[str]:
        """The tag of each word."""
        return [self.tags.get(word, self.unseen) for word in words]


def train_most_frequent(training: Mapping[str, Counter[str]]) -> MostFrequentTag:
    """Find the most frequent tag of each word; ties go to the alphabetically first tag.

    Args:
        training: how often each word has each tag, see `metrics.labelling.training_tags`

    Raises:
        ValueError: there is no word
    """
    if not training:
        raise ValueError("no training words to count")
    total: Counter[str] = Counter()
    for counts in training.values():
        total.update(counts)
    best = {word: _most_frequent(counts) for word, counts in training.items()}
    return MostFrequentTag(best, _most_frequent(total))


def _most_frequent(counts: Counter[str]) -> str:
    return min(counts, key=lambda tag: (-counts[tag], tag))
