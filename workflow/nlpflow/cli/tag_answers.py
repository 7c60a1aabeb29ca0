"""Predictions of a run for `nlpflow tag`: tags or entities, ranks and probabilities."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlpflow.cli.conllu_lines import MISC, UNIVERSAL, UPOS, XPOS, ConlluSentence
from nlpflow.cli.tag_formats import TagAnswer
from nlpflow.prepare.tagged import normalise_words
from nlpflow.tasks.labelling.labeller import Candidate, Labeller, Probabilities, load_labeller
from nlpflow.tasks.labelling.scoring import scheme_of
from nlpflow.text.tag_schemes import OUTSIDE, Scheme, read_spans, write_tags

MOST_TRIED = 64
"""To find K tag sequences that are shown differently, at most this many times K are searched."""

SentenceTags = tuple[str, ...]
"""The tags of a sentence as they are shown; entities are in IOB2, whatever the model's scheme."""


@dataclass(frozen=True)
class Answers:
    """Predicts the best tags of sentences with a trained run."""

    labeller: Labeller
    normalisation: str
    scheme: Scheme | None
    """The tag scheme of the model; None for tagging."""
    column: int
    """The CoNLL-U column of the tags."""
    marginals: bool
    """Whether to give the probability of each tag."""
    top: int
    """Number of tag sequences per sentence."""

    def of(self, sentences: Sequence[ConlluSentence]) -> Iterator[TagAnswer]:
        """Yield each sentence with its best tag sequences, best first.

        A sentence without words is yielded once.
        """
        filled = [normalise_words(s.words, self.normalisation) for s in sentences if s.words]
        ranked = iter(self._ranked(filled) if self.top > 1 else self._best(filled))
        tables = iter(self.labeller.probabilities(filled) if self.marginals else [])
        for sentence in sentences:
            if not sentence.words:
                yield TagAnswer(sentence, [], self.column, [], 1, None)
                continue
            table = next(tables, None)
            for rank, (shown, tags, score) in enumerate(next(ranked), start=1):
                shares = [] if table is None else self._shares(table, shown, tags)
                yield TagAnswer(sentence, list(shown), self.column, shares, rank, score)

    def _best(
        self, sentences: Sequence[Sequence[str]]
    ) -> list[list[tuple[SentenceTags, list[str], float | None]]]:
        return [[(self._shown(tags), tags, None)] for tags in self.labeller.label(sentences)]

    def _ranked(
        self, sentences: Sequence[Sequence[str]]
    ) -> list[list[tuple[SentenceTags, list[str], float | None]]]:
        """The most probable distinct tag sequences of each sentence, as they are shown.

        If several sequences of the model are shown as the same tags, the most probable one counts.
        """
        found: list[dict[SentenceTags, Candidate]] = [{} for _ in sentences]
        lacking, most = list(range(len(sentences))), self.top
        while lacking and most <= MOST_TRIED * self.top:
            tried = self.labeller.k_best([sentences[i] for i in lacking], most)
            for i, candidates in zip(lacking, tried, strict=True):
                for candidate in candidates:
                    found[i].setdefault(self._shown(candidate.tags), candidate)
            lacking = [
                i
                for i, candidates in zip(lacking, tried, strict=True)
                if len(found[i]) < self.top and len(candidates) == most
            ]
            most *= 4
        return [
            [(shown, *candidate) for shown, candidate in [*one.items()][: self.top]]
            for one in found
        ]

    def _shown(self, tags: Sequence[str]) -> SentenceTags:
        if self.scheme is None:
            return tuple(tags)
        return tuple(write_tags(read_spans(tags, self.scheme)[0], len(tags)))

    def _shares(
        self, table: Probabilities, shown: SentenceTags, tags: Sequence[str]
    ) -> list[float]:
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


def open_answers(folder: Path, marginals: bool, top: int) -> Answers:
    """Load a run.

    Args:
        folder: the run's folder
        marginals: give the probability of each tag
        top: number of tag sequences per sentence

    Raises:
        UserError: the folder does not contain a complete run of tagging or entities
    """
    labeller, settings, run = load_labeller(folder)
    scheme = scheme_of(settings)
    universal = run.tags == "upos" or not (run.tags or {*labeller.vocabulary.tags} - UNIVERSAL)
    column = MISC if scheme else UPOS if universal else XPOS
    return Answers(labeller, run.normalisation, scheme, column, marginals, top)
