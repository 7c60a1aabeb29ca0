"""Predictions of a run for `nlpflow tag`: tags or entities, ranks and probabilities."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlpflow.api.labelling import LabellingRun
from nlpflow.cli.conllu_lines import MISC, UNIVERSAL, UPOS, XPOS, ConlluSentence
from nlpflow.cli.tag_formats import TagAnswer


@dataclass(frozen=True)
class Answers:
    """Predicts the best tags of sentences with a trained run."""

    run: LabellingRun
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
        ranked = self.run.k_best([one.words for one in sentences], self.top, self.marginals)
        for sentence, results in zip(sentences, ranked, strict=True):
            for rank, one in enumerate(results, start=1):
                found = one.tags, self.column, one.probabilities, rank, one.score
                yield TagAnswer(sentence, *found)


def open_answers(folder: Path, marginals: bool, top: int) -> Answers:
    """Load a run.

    Args:
        folder: the run's folder
        marginals: give the probability of each tag
        top: number of tag sequences per sentence

    Raises:
        UserError: the folder does not contain a complete run of tagging or entities
    """
    run = LabellingRun(folder)
    tags = run.labeller.vocabulary.tags
    universal = run.run.tags == "upos" or not (run.run.tags or {*tags} - UNIVERSAL)
    column = MISC if run.scheme else UPOS if universal else XPOS
    return Answers(run, column, marginals, top)
