"""Runs that tag words or find entities."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from nlpflow.api.texts import check_list
from nlpflow.prepare.tagged import normalise_words
from nlpflow.tasks.labelling.labeller import Candidate, Labeller, Probabilities, load_labeller
from nlpflow.tasks.labelling.scoring import scheme_of
from nlpflow.text.tag_schemes import OUTSIDE, Scheme, read_spans, write_tags
from nlpflow.text.words import split_words

MOST_TRIED = 64
"""To find K tag sequences that are shown differently, at most this many times K are searched."""

ShownTags = tuple[str, ...]
"""The tags of a sentence as they are shown; entities are in IOB2, whatever the model's scheme."""


class TaggedSentence(NamedTuple):
    """The words of a sentence with predicted tags."""

    words: list[str]
    tags: list[str]
    """One for each word; entities are in IOB2."""
    probabilities: list[float]
    """The marginal probability of each tag; empty if it was not asked for."""
    score: float | None
    """The log-probability of the tags together; None if one sequence was asked for."""


class SentenceTagger:
    """Gives sentences their most probable tags, as they are shown.

    Args:
        labeller: the model
        normalisation: of words
        scheme: the tag scheme of the model; None for tags that do not mark entities
    """

    def __init__(self, labeller: Labeller, normalisation: str, scheme: Scheme | None):
        self.labeller = labeller
        self.normalisation = normalisation
        self.scheme = scheme

    def tag(
        self, sentences: Sequence[str | Sequence[str]], marginals: bool = False
    ) -> list[TaggedSentence]:
        """Tag sentences.

        Args:
            sentences: words with spaces between them, or lists of words
            marginals: give the probability of each tag
        """
        return [ranked[0] for ranked in self.k_best(sentences, 1, marginals)]

    def k_best(
        self, sentences: Sequence[str | Sequence[str]], top: int, marginals: bool = False
    ) -> list[list[TaggedSentence]]:
        """The most probable tags of each sentence, most probable first.

        A sentence without words has one result, without tags.

        Args:
            sentences: see `tag`
            top: number of tag sequences per sentence
            marginals: see `tag`
        """
        check_list(sentences)
        words = [split_words(one) if isinstance(one, str) else [*one] for one in sentences]
        filled = [normalise_words(one, self.normalisation) for one in words if one]
        ranked = iter(self._ranked(filled, top) if top > 1 else self._best(filled))
        tables = iter(self.labeller.probabilities(filled) if marginals else [])
        return [list(self._results(one, ranked, tables)) for one in words]

    def _results(
        self,
        words: list[str],
        ranked: "Iterator[list[Ranked]]",
        tables: Iterator[Probabilities],
    ) -> Iterator[TaggedSentence]:
        if not words:
            yield TaggedSentence([], [], [], None)
            return
        table = next(tables, None)
        for shown, tags, score in next(ranked):
            shares = [] if table is None else self._shares(table, shown, tags)
            yield TaggedSentence(words, list(shown), shares, score)

    def _best(self, sentences: Sequence[Sequence[str]]) -> "list[list[Ranked]]":
        return [[Ranked(self._shown(tags), tags, None)] for tags in self.labeller.label(sentences)]

    def _ranked(self, sentences: Sequence[Sequence[str]], top: int) -> "list[list[Ranked]]":
        """The most probable distinct tag sequences of each sentence, as they are shown.

        If several sequences of the model are shown as the same tags, the most probable one counts.
        """
        found: list[dict[ShownTags, Candidate]] = [{} for _ in sentences]
        lacking, most = list(range(len(sentences))), top
        while lacking and most <= MOST_TRIED * top:
            tried = self.labeller.k_best([sentences[i] for i in lacking], most)
            for i, candidates in zip(lacking, tried, strict=True):
                for candidate in candidates:
                    found[i].setdefault(self._shown(candidate.tags), candidate)
            lacking = [
                i
                for i, candidates in zip(lacking, tried, strict=True)
                if len(found[i]) < top and len(candidates) == most
            ]
            most *= 4
        return [
            [Ranked(shown, *candidate) for shown, candidate in [*one.items()][:top]]
            for one in found
        ]

    def _shown(self, tags: Sequence[str]) -> ShownTags:
        if self.scheme is None:
            return tuple(tags)
        return tuple(write_tags(read_spans(tags, self.scheme)[0], len(tags)))

    def _shares(self, table: Probabilities, shown: ShownTags, tags: Sequence[str]) -> list[float]:
        """The probability of each tag that is shown.

        A word of an invalid sequence is shown as `O`, so this is the probability of `O` and not of
        the model's own tag.
        """
        numbers = self.labeller.vocabulary.tag_ids
        named = [
            OUTSIDE if self.scheme and new == OUTSIDE else own
            for new, own in zip(shown, tags, strict=True)
        ]
        # A model may lack the tag O, if all words of its training set are in entities.
        return [
            float(table[at, numbers[tag]]) if tag in numbers else 0.0
            for at, tag in enumerate(named)
        ]


class Ranked(NamedTuple):
    """A tag sequence of a sentence."""

    shown: ShownTags
    tags: list[str]
    """In the model's scheme."""
    score: float | None


class LabellingRun(SentenceTagger):
    """A run of task `tagging` or `entities`."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        labeller, settings, self.run = load_labeller(self.folder)
        super().__init__(labeller, self.run.normalisation, scheme_of(settings))
