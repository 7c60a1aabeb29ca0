"""The BiLSTM-CRF: a tagger and the softmax or CRF over its emissions (Lample et al. 2016)."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.characters import CharacterEncoder, Spellings
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
        characters: an encoder whose output is concatenated to the word embedding; None: words only
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
    ):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding, padding_idx=0)
        self.characters = characters
        self.dropout = nn.Dropout(dropout)
        features = embedding + (characters.output_size if characters is not None else 0)
        self.lstm = MaskedLSTM(features, hidden, layers, bidirectional, dropout)
        self.emissions = nn.Linear(self.lstm.output_size, tags)

    def forward(self, words: Tensor, lengths: Tensor, spellings: Spellings | None = None) -> Tensor:
        """Score every tag for every word of a batch.

        Args:
            words: word ids padded with 0, (batch, time)
            lengths: number of words of each sentence, at least 1, (batch,), on the device of
                `words`
            spellings: the characters of the same words; only for a tagger with `characters`

        Returns:
            unnormalised emissions, (batch, time, tags); only the bias at padding

        Raises:
            ValueError: spellings are missing or not expected, or have another shape than the words
        """
        if (spellings is None) != (self.characters is None):
            wanted = "needs spellings" if spellings is None else "takes no spellings"
            raise ValueError(f"this tagger {wanted}")
        inputs = self.embedding(words)
        if self.characters is not None and spellings is not None:
            if spellings.indices.shape != words.shape:
                sizes = f"{tuple(spellings.indices.shape)}, the words {tuple(words.shape)}"
                raise ValueError(f"the spellings have shape {sizes}")
            inputs = torch.cat([inputs, self.characters(spellings)], dim=-1)
        outputs, _ = self.lstm(self.dropout(inputs), lengths)
        emissions: Tensor = self.emissions(self.dropout(outputs))
        return emissions


NO_TAG = -1
"""Stands in for a tag id at padding, and at a word whose gold tag is not in the vocabulary."""


class LabellingNetwork(nn.Module):
    """Sequence-labelling network: a tagger with a softmax per word or a CRF per sentence.

    In all methods `words` are ids padded with 0, (batch, time), and `lengths` is the number of
    words of each sentence, at least 1, (batch,).

    Args:
        tagger: computes the emissions
        crf: scores tag sequences; None: a softmax over the tags of each word
        loss: `perceptron` for the structured perceptron loss of a CRF, else negative
            log-likelihood
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
        if self.kind == "perceptron":
            losses = self.crf.perceptron_loss(emissions, mask, tags)
        else:
            losses = self.crf.negative_log_likelihood(emissions, mask, tags)
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
