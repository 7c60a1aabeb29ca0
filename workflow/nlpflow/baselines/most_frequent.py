"""The tagger that looks at nothing but the word: its most frequent tag in training."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class MostFrequentTag:
    """What every tagger must beat (Jurafsky & Martin, Speech and Language Processing, ch. 17)."""

    tags: Mapping[str, str]
    """The tag of each training word."""
    unseen: str
    """The most frequent tag of all, for words that training lacks."""

    def tag(self, words: Sequence[str]) -> list[str]:
        """One tag a word."""
        return [self.tags.get(word, self.unseen) for word in words]


def train_most_frequent(training: Mapping[str, Counter[str]]) -> MostFrequentTag:
    """Of equally frequent tags the first in the alphabet.

    Args:
        training: how often each word bears each tag (`metrics.labelling.training_tags`); at least
            one word
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
