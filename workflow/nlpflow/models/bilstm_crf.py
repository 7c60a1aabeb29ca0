"""The BiLSTM-CRF: a tagger and the softmax or CRF over its emissions (Lample et al. 2016)."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.characters import AffixEncoder, CharacterEncoder, Spellings
from nlpflow.models.crf import LinearChainCRF
from nlpflow.models.precision import wide
from nlpflow.models.recurrent import MaskedLSTM, sequence_mask


class Tagger(nn.Module):
    """Network that scores tags: word embeddings, LSTM, linear layer.

    Args:
        vocabulary: number of word ids, special tokens included
        tags: number of tags
        embedding: width of a word embedding
        hidden: width of an LSTM state in one direction
        layers: number of LSTM layers
        bidirectional: read each sentence in both directions
        dropout: rate at the LSTM's input, at its output and between its layers
        characters: an encoder whose output is concatenated to the word embedding, or None
        affixes: another one
    """

    def __init__(
        self,
        vocabulary: int,
        tags: int,
        embedding: int,
        hidden: int,
        layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        characters: CharacterEncoder | None = None,
        affixes: AffixEncoder | None = None,
    ):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding, padding_idx=0)
        self.characters = characters
        self.affixes = affixes
        self.dropout = nn.Dropout(dropout)
        features = embedding + sum(encoder.output_size for encoder in self.encoders)
        self.lstm = MaskedLSTM(features, hidden, layers, bidirectional, dropout)
        self.emissions = nn.Linear(self.lstm.output_size, tags)

    @property
    def encoders(self) -> list[CharacterEncoder | AffixEncoder]:
        """The encoders of spellings that the tagger has."""
        return [part for part in (self.characters, self.affixes) if part is not None]

    def forward(self, words: Tensor, lengths: Tensor, spellings: Spellings | None = None) -> Tensor:
        """Score every tag for every word of a batch.

        Args:
            words: word ids padded with 0, (batch, time)
            lengths: number of words of each sentence, at least 1, (batch,), on the device of
                `words`
            spellings: of the same words; only for a tagger with an encoder of them

        Returns:
            unnormalised emissions, (batch, time, tags); only the bias at padding

        Raises:
            ValueError: spellings are missing or not expected, or have another shape than the words
        """
        if (spellings is None) == bool(self.encoders):
            wanted = "needs spellings" if spellings is None else "takes no spellings"
            raise ValueError(f"this tagger {wanted}")
        inputs = self.embedding(words)
        if spellings is not None:
            if spellings.indices.shape != words.shape:
                sizes = f"{tuple(spellings.indices.shape)}, the words {tuple(words.shape)}"
                raise ValueError(f"the spellings have shape {sizes}")
            inputs = torch.cat([inputs, *(encode(spellings) for encode in self.encoders)], dim=-1)
        outputs, _ = self.lstm(self.dropout(inputs), lengths)
        emissions: Tensor = self.emissions(self.dropout(outputs))
        return emissions


MARGINS = {"perceptron": 0.0, "hinge": 1.0}
"""The margin by which the gold tag of each word must win, by loss."""
NO_TAG = -1
"""Stands in for a tag id at padding, and at a word whose gold tag is not in the vocabulary."""


class LabellingNetwork(nn.Module):
    """Sequence-labelling network: a tagger with a softmax per word or a CRF per sentence.

    In all methods `words` are ids padded with 0, (batch, time), and `lengths` is the number of
    words of each sentence, at least 1, (batch,).

    Args:
        tagger: computes the emissions
        crf: scores tag sequences; None: a softmax over the tags of each word
        loss: `nll` for the negative log-likelihood; of a CRF also a key of `MARGINS`
    """

    def __init__(self, tagger: Tagger, crf: LinearChainCRF | None, loss: str):
        super().__init__()
        self.tagger = tagger
        self.crf = crf
        self.kind = loss

    def loss(
        self, words: Tensor, lengths: Tensor, spellings: Spellings | None, tags: Tensor
    ) -> tuple[Tensor, int]:
        """The loss of a batch.

        If the vocabulary lacks a gold tag, a CRF skips the whole sentence and the softmax skips
        the word.

        Args:
            words: see the class
            lengths: see the class
            spellings: see `Tagger.forward`
            tags: gold tag ids, (batch, time), `NO_TAG` at padding

        Returns:
            the loss summed over the words that count, and the number of those words
        """
        emissions: Tensor = self.tagger(words, lengths, spellings)
        if self.crf is None:
            losses = functional.cross_entropy(
                wide(emissions).flatten(0, 1), tags.flatten(), ignore_index=NO_TAG, reduction="sum"
            )
            return losses, int((tags != NO_TAG).sum())
        mask = sequence_mask(lengths, words.shape[1])
        known = ((tags != NO_TAG) | ~mask).all(dim=1)
        if not bool(known.any()):
            return emissions[known].sum(), 0
        emissions, mask, tags = emissions[known], mask[known], tags[known].clamp_min(0)
        if self.kind == "nll":
            losses = self.crf.negative_log_likelihood(emissions, mask, tags)
        else:
            losses = self.crf.perceptron_loss(emissions, mask, tags, MARGINS[self.kind])
        return losses.sum(), int(mask.sum())

    def best(self, words: Tensor, lengths: Tensor, spellings: Spellings | None) -> Tensor:
        """The best tags, (batch, time); values at padding are arbitrary."""
        emissions: Tensor = self.tagger(words, lengths, spellings)
        if self.crf is None:
            return emissions.argmax(dim=2)
        return self.crf.viterbi(emissions, sequence_mask(lengths, words.shape[1])).tags

    def probabilities(self, words: Tensor, lengths: Tensor, spellings: Spellings | None) -> Tensor:
        """P(tag at word | sentence), (batch, time, tags); values at padding are arbitrary."""
        emissions: Tensor = self.tagger(words, lengths, spellings)
        if self.crf is None:
            return emissions.softmax(dim=2)
        return self.crf.marginals(emissions, sequence_mask(lengths, words.shape[1]))

    def k_best(
        self, words: Tensor, lengths: Tensor, spellings: Spellings | None, k: int
    ) -> tuple[Tensor, Tensor]:
        """The k best tag sequences, (batch, k, time), and the log-probability of each, (batch, k).

        A network with a softmax is treated as a CRF whose transition scores are all 0.
        """
        emissions: Tensor = self.tagger(words, lengths, spellings)
        mask = sequence_mask(lengths, words.shape[1])
        crf = self.crf or _without_transitions(emissions)
        found = crf.k_best(emissions, mask, k)
        return found.tags, found.scores - crf.log_partition(emissions, mask).unsqueeze(1)


@torch.no_grad()
def _without_transitions(emissions: Tensor) -> LinearChainCRF:
    crf = LinearChainCRF(emissions.shape[2]).to(emissions)
    for weights in crf.parameters():
        weights.zero_()
    return crf
