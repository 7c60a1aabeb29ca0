"""Sentences as tensors: what the network reads, and what it shall learn."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from nlpflow.models.bilstm_crf import NO_TAG
from nlpflow.models.characters import Spellings, spell
from nlpflow.vocabulary.tags import LabelVocabulary


class Inputs(NamedTuple):
    """Sentences, padded; the arguments of the network."""

    words: Tensor
    """Ids, (batch, time)."""
    lengths: Tensor
    """(batch,)"""
    spellings: Spellings | None
    """None for a network without character features."""

    def to(self, device: torch.device) -> "Inputs":
        """The same on a device."""
        spellings = None if self.spellings is None else self.spellings.to(device)
        return Inputs(self.words.to(device), self.lengths.to(device), spellings)


def read_sentences(
    sentences: Sequence[Sequence[str]], vocabulary: LabelVocabulary, with_letters: bool
) -> Inputs:
    """Sentences of at least one word each as the network's inputs, on the CPU."""
    ids = [torch.tensor(vocabulary.encode(words)) for words in sentences]
    return Inputs(
        pad_sequence(ids, batch_first=True),
        torch.tensor([len(words) for words in sentences]),
        spell(sentences, vocabulary.alphabet) if with_letters else None,
    )


def read_tags(tags: Sequence[Sequence[str]], vocabulary: LabelVocabulary) -> Tensor:
    """The numbers of the gold tags, (batch, time), `NO_TAG` at padding and for unknown ones."""
    numbers = [torch.tensor([vocabulary.tag_ids.get(tag, NO_TAG) for tag in row]) for row in tags]
    return pad_sequence(numbers, batch_first=True, padding_value=NO_TAG)
