"""The labeller: a trained network with its vocabulary, which predicts the tags of sentences."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from nlpflow.models.bilstm_crf import NO_TAG, LabellingNetwork
from nlpflow.models.characters import Spellings, spell
from nlpflow.models.embeddings import OpenEmbedding
from nlpflow.runs.run import OpenRun, Run, open_run
from nlpflow.settings.labelling import EntitiesExperiment, LabellingExperiment, TaggingExperiment
from nlpflow.tasks.labelling.model import build_network
from nlpflow.tasks.pretrained import check_size
from nlpflow.text.addresses import own_file
from nlpflow.vectors.pretrained import read_vectors, source_digests
from nlpflow.vocabulary import UNK
from nlpflow.vocabulary.tags import LabelVocabulary


class OutOfVocabulary:
    """Looks up words that the vocabulary lacks in the source of the vectors, on first use.

    Args:
        embedding: receives the vectors that are found, as fixed rows
        source: as for `read_vectors`
    """

    def __init__(self, embedding: OpenEmbedding, source: str | Path):
        self.embedding = embedding
        self.source = source
        self._ids: dict[str, int] = {}

    def number(self, sentences: Sequence[Sequence[str]], ids: Tensor) -> Tensor:
        """Replace the unknown id of out-of-vocabulary words that have a vector.

        Args:
            sentences: the words of the batch
            ids: their ids, (batch, time)

        Returns:
            a changed copy of `ids`
        """
        unknown = [(int(row), int(at)) for row, at in (ids == UNK).nonzero().tolist()]
        new = list(dict.fromkeys(sentences[row][at] for row, at in unknown))
        self._look_up([word for word in new if word not in self._ids])
        ids = ids.clone()
        for row, at in unknown:
            ids[row, at] = self._ids[sentences[row][at]]
        return ids

    def _look_up(self, words: Sequence[str]) -> None:
        if not words:
            return
        vectors = read_vectors(self.source, words, may_lack_all=True)
        check_size(self.embedding, self.source, vectors)
        first = self.embedding.add(torch.from_numpy(vectors.matrix[vectors.found]))
        for word, found in zip(words, vectors.found.tolist(), strict=True):
            self._ids[word] = first if found else UNK
            first += found


class PaddedSentences(NamedTuple):
    """A padded batch of sentences: the arguments of the network."""

    words: Tensor
    """Word ids, (batch, time)."""
    lengths: Tensor
    """Number of words of each sentence, (batch,)."""
    spellings: Spellings | None
    """None for a network that reads neither characters nor affixes."""

    def to(self, device: torch.device) -> "PaddedSentences":
        """A copy on `device`."""
        spellings = None if self.spellings is None else self.spellings.to(device)
        return PaddedSentences(self.words.to(device), self.lengths.to(device), spellings)


def pad_sentences(
    sentences: Sequence[Sequence[str]], vocabulary: LabelVocabulary, with_spellings: bool
) -> PaddedSentences:
    """Encode sentences of at least one word each as the network's inputs, on the CPU."""
    ids = [torch.tensor(vocabulary.encode(words)) for words in sentences]
    return PaddedSentences(
        pad_sequence(ids, batch_first=True),
        torch.tensor([len(words) for words in sentences]),
        spell(sentences, vocabulary.alphabet, vocabulary.encode_affixes)
        if with_spellings
        else None,
    )


def read_tags(tags: Sequence[Sequence[str]], vocabulary: LabelVocabulary) -> Tensor:
    """The ids of the gold tags, (batch, time); `NO_TAG` at padding and for unknown tags."""
    numbers = [torch.tensor([vocabulary.tag_ids.get(tag, NO_TAG) for tag in row]) for row in tags]
    return pad_sequence(numbers, batch_first=True, padding_value=NO_TAG)


Probabilities = NDArray[np.float32]
Found = TypeVar("Found")
Row = TypeVar("Row")

BATCH = 128
"""The maximum number of sentences per batch."""
WORDS = 1000 * BATCH
"""The maximum number of words per batch, padding included; it limits the use of memory."""


class Candidate(NamedTuple):
    """One of the best tag sequences of a sentence."""

    tags: list[str]
    log_probability: float


@dataclass
class Labeller:
    """A network with its vocabulary; it predicts the tags of sentences of at least one word."""

    network: LabellingNetwork
    vocabulary: LabelVocabulary
    device: torch.device
    out_of_vocabulary: OutOfVocabulary | None = None
    """The source of vectors for words that the vocabulary lacks."""

    def read(self, sentences: Sequence[Sequence[str]]) -> PaddedSentences:
        """Encode sentences as the network's inputs, on the CPU."""
        with_spellings = bool(self.network.tagger.encoders)
        inputs = pad_sentences(sentences, self.vocabulary, with_spellings)
        if self.out_of_vocabulary is None:
            return inputs
        return inputs._replace(words=self.out_of_vocabulary.number(sentences, inputs.words))

    def label(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """The best tags of each sentence."""

        def found(inputs: PaddedSentences) -> list[list[str]]:
            rows = self.network.best(*inputs).tolist()
            return [self._names(row[:end]) for row, end in _ended(rows, inputs)]

        return self._in_batches(sentences, found)

    def probabilities(self, sentences: Sequence[Sequence[str]]) -> list[Probabilities]:
        """P(tag at word | sentence) for each sentence, (words, tags)."""

        def found(inputs: PaddedSentences) -> list[Probabilities]:
            rows = list(self.network.probabilities(*inputs).float().cpu().numpy())
            return [row[:end] for row, end in _ended(rows, inputs)]

        return self._in_batches(sentences, found)

    def k_best(self, sentences: Sequence[Sequence[str]], k: int) -> list[list[Candidate]]:
        """The k best tag sequences of each sentence, or all if it has fewer; best first."""

        def found(inputs: PaddedSentences) -> list[list[Candidate]]:
            tags, scores = self.network.k_best(*inputs, k)
            pairs = list(zip(tags.tolist(), scores.tolist(), strict=True))
            return [
                [
                    Candidate(self._names(row[:end]), score)
                    for row, score in zip(*pair, strict=True)
                    if score > float("-inf")
                ]
                for pair, end in _ended(pairs, inputs)
            ]

        return self._in_batches(sentences, found)

    def _names(self, numbers: Sequence[int]) -> list[str]:
        return [self.vocabulary.tags[number] for number in numbers]

    @torch.inference_mode()
    def _in_batches(
        self, sentences: Sequence[Sequence[str]], found: Callable[[PaddedSentences], list[Found]]
    ) -> list[Found]:
        """Apply `found` to batches of sentences of similar length; results in the given order."""
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]), reverse=True)
        results: dict[int, Found] = {}
        was_training = self.network.training
        self.network.eval()
        while order:
            size = max(1, min(BATCH, WORDS // len(sentences[order[0]])))
            chunk, order = order[:size], order[size:]
            inputs = self.read([sentences[i] for i in chunk]).to(self.device)
            results |= zip(chunk, found(inputs), strict=True)
        self.network.train(was_training)
        return [results[i] for i in range(len(sentences))]


def _ended(rows: Sequence[Row], inputs: PaddedSentences) -> Iterator[tuple[Row, int]]:
    """Pair the row of each sentence with its number of words."""
    return zip(rows, inputs.lengths.tolist(), strict=True)


def load_labeller(
    folder: Path, pretrained: Path | None = None
) -> tuple[Labeller, LabellingExperiment, Run]:
    """Load a trained run.

    Args:
        folder: the run's folder
        pretrained: the file of the vectors that training started from; None: the file that the
            settings name

    Returns:
        the labeller, the settings of the run, and the run's record
    """
    opened: OpenRun[LabellingExperiment] = open_run(folder, TaggingExperiment, EntitiesExperiment)
    settings = opened.settings
    vocabulary = LabelVocabulary.load(Path(opened.run.vocabulary))
    opened.check_vocabulary(vocabulary.digests)
    network = build_network(settings.model, settings.training.loss, vocabulary)
    opened.load(network)
    source = pretrained
    if source is None and settings.model.vectors:
        # The settings name vectors of the same workflow relative to the folder that holds
        # `results`, which may have been moved.
        source = own_file(settings.model.vectors, folder / "../../../..")
    labeller = build_labeller(network, vocabulary, opened.device, source)
    if labeller.out_of_vocabulary is not None:
        opened.check_vectors(source_digests(labeller.out_of_vocabulary.source))
    return labeller, settings, opened.run


def build_labeller(
    network: LabellingNetwork,
    vocabulary: LabelVocabulary,
    device: torch.device,
    source: str | Path | None,
) -> Labeller:
    """Build a labeller.

    Args:
        network: on `device`
        vocabulary: of the network
        device: where the network runs
        source: vectors for out-of-vocabulary words; None: all of them are unknown
    """
    embedding = network.tagger.embedding
    out_of_vocabulary = None
    if source is not None and isinstance(embedding, OpenEmbedding):
        out_of_vocabulary = OutOfVocabulary(embedding, source)
    return Labeller(network, vocabulary, device, out_of_vocabulary)


AnyLabelling = Annotated[TaggingExperiment | EntitiesExperiment, Field(discriminator="task")]
