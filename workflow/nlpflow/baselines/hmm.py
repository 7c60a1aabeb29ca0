"""The hidden Markov model of tagging, from counts: the tutorial's classical example.

A bigram tagger in the manner of TnT (Brants 2000): smoothed tag bigrams, counts of words with their
tags, and the tags of suffixes for words that were never seen.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from nlpflow.baselines.tag_bigrams import TagBigrams, interpolated
from nlpflow.text.arrays import Floats

RARE = 10
"""Unknown words are most like words seen at most so often (Brants 2000, 2.3)."""
LONGEST_SUFFIX = 10
"""In characters (Brants 2000, 2.3)."""
BATCH = 64
"""Sentences decoded at once."""


class HiddenMarkovModel:
    """Counted in tagged sentences; `tags` are their tags in order.

    Raises:
        ValueError: no sentences, an empty one, or one whose words and tags differ in number
    """

    def __init__(self, sentences: Sequence[Sequence[str]], tags: Sequence[Sequence[str]]):
        for place, (words, labels) in enumerate(zip(sentences, tags, strict=True)):
            if len(words) != len(labels):
                raise ValueError(f"sentence {place} has {len(words)} words and {len(labels)} tags")
        self.tags = sorted({tag for labels in tags for tag in labels})
        number = {tag: i for i, tag in enumerate(self.tags)}
        numbers = [[number[tag] for tag in labels] for labels in tags]
        self.bigrams = TagBigrams(numbers, len(self.tags))
        self.lexicon = Lexicon(_pairs(sentences, numbers), len(self.tags))

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """The most probable tags of each sentence; ValueError for an empty sentence."""
        for place, sentence in enumerate(sentences):
            if not sentence:
                raise ValueError(f"sentence {place} has no words")
        shares = {word: self.lexicon.shares(word) for sentence in sentences for word in sentence}
        rows = {word: row for row, word in enumerate(shares)}
        table = torch.from_numpy(np.log(np.array(list(shares.values()))))
        found: list[list[str]] = [[] for _ in sentences]
        ordered = sorted(range(len(sentences)), key=lambda place: len(sentences[place]))
        for begin in range(0, len(ordered), BATCH):
            places = ordered[begin : begin + BATCH]
            ids = [torch.tensor([rows[word] for word in sentences[place]]) for place in places]
            padded = pad_sequence(ids, batch_first=True, padding_value=-1).long()
            best = self.bigrams.viterbi(table[padded], padded >= 0)
            for place, numbers in zip(places, best.tags.tolist(), strict=True):
                found[place] = [self.tags[i] for i in numbers[: len(sentences[place])]]
        return found


class Lexicon:
    """P(tag | word) of seen and unseen words.

    Args:
        pairs: words with the number of their tag
    """

    def __init__(self, pairs: Iterable[tuple[str, int]], tags: int):
        self.words: dict[str, Floats] = defaultdict(lambda: np.zeros(tags))
        for word, tag in pairs:
            self.words[word][tag] += 1
        self.words.default_factory = None
        total = np.sum(list(self.words.values()), axis=0) + 1
        self.prior: Floats = total / total.sum()
        self.forms: dict[tuple[str, str], Floats] = defaultdict(lambda: np.zeros(tags))
        for word, counts in self.words.items():
            if counts.sum() <= RARE:
                for form in _forms(word):
                    self.forms[form] += counts
        self.forms.default_factory = None

    def shares(self, word: str) -> Floats:
        """P(tag | word), (tags,), nowhere 0.

        From all words over the word's shape and ever longer suffixes to the word itself. Brants
        weighs with one constant; on UD English-EWT 69 % of the unseen words of dev were right so,
        and 72 % with weights by what was seen of each suffix.
        """
        shares = self.prior
        for form in _forms(word):
            counts = self.forms.get(form)
            if counts is None:
                break
            shares = interpolated(counts, shares)
        counts = self.words.get(word)
        return shares if counts is None else interpolated(counts, shares)


def _pairs(
    sentences: Sequence[Sequence[str]], numbers: Sequence[Sequence[int]]
) -> Iterator[tuple[str, int]]:
    for words, tags in zip(sentences, numbers, strict=True):
        yield from zip(words, tags, strict=True)


def _forms(word: str) -> Iterator[tuple[str, str]]:
    """Shape, then shape and suffixes of growing length: what is known of a word from its form."""
    if any(character.isdigit() for character in word):
        shape = "digits"
    elif word.isupper():
        shape = "capitals"
    else:
        shape = "capital" if word[:1].isupper() else "lower"
    lowered = word.lower()
    for length in range(min(len(lowered), LONGEST_SUFFIX) + 1):
        yield shape, lowered[len(lowered) - length :]
