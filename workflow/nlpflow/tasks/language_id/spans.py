"""Spans of training sentences as further training examples, and of dev sentences to measure them.

Whole sentences alone teach little about rare single words; a classifier that has also trained on
spans identifies short texts better.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlpflow.settings.language_id import LanguageIdSpans
from nlpflow.tasks.language_id.sentences import LanguageSentences
from nlpflow.text.arrays import Longs
from nlpflow.text.spans import KINDS, Kind, WordPlaces

DEV_SPANS = 1000
"""The number of words, and of pairs, drawn per language to measure short texts."""


@dataclass(frozen=True)
class SpanSource:
    """Sentences that spans are drawn from."""

    places: WordPlaces
    by_language: Mapping[int, Longs]
    """The indices of the sentences of each language that have a word."""

    @classmethod
    def of(cls, data: LanguageSentences) -> "SpanSource":
        """Find the words of all sentences."""
        places = WordPlaces.of(data.sentences)
        some = np.diff(places.offsets) > 0
        languages = np.unique(data.languages[some]).tolist()
        return cls(places, {i: np.flatnonzero(some & (data.languages == i)) for i in languages})

    def draw(self, settings: LanguageIdSpans, rng: np.random.Generator) -> LanguageSentences:
        """Draw the spans of one epoch."""
        sizes = np.array([len(sentences) for sentences in self.by_language.values()])
        weights = sizes**settings.language_exponent
        counts = rng.multinomial(
            round(settings.per_sentence * sizes.sum()), weights / weights.sum()
        )
        shares = np.array([getattr(settings, kind) for kind in KINDS])
        kinds = rng.choice(len(KINDS), counts.sum(), p=shares / shares.sum())
        return self._drawn(counts, kinds, rng)

    def draw_evenly(self, kind: Kind, per_language: int) -> LanguageSentences:
        """Draw as many spans of one kind from each language, the same in every call."""
        counts = np.full(len(self.by_language), per_language)
        kinds = np.full(counts.sum(), KINDS.index(kind))
        return self._drawn(counts, kinds, np.random.default_rng(0))

    def _drawn(self, counts: Longs, kinds: Longs, rng: np.random.Generator) -> LanguageSentences:
        """Draw `counts` spans from the languages, of these kinds."""
        pools = self.by_language.values()
        sentences = [rng.choice(pool, count) for pool, count in zip(pools, counts, strict=True)]
        spans = self.places.draw(np.concatenate([np.zeros(0, np.int64), *sentences]), kinds, rng)
        return LanguageSentences(spans, np.repeat(np.array([*self.by_language], np.int64), counts))


def short_texts(dev: LanguageSentences) -> dict[Kind, LanguageSentences]:
    """Different words and pairs of words of the dev sentences, evenly from all languages.

    A text that is drawn from two languages is dropped, since both would be correct answers. A kind
    is missing if nothing is left.
    """
    source, found = SpanSource.of(dev), {}
    for kind in KINDS[:2]:
        drawn = source.draw_evenly(kind, DEV_SPANS)
        table = pd.DataFrame({"text": drawn.sentences.to_pylist(), "language": drawn.languages})
        table = table.drop_duplicates()
        kept = table.index[~table["text"].duplicated(keep=False)].to_numpy()
        if len(kept):
            found[kind] = LanguageSentences(drawn.sentences.take(kept), drawn.languages[kept])
    return found
