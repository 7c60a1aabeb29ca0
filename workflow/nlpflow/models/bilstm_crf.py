"""The BiLSTM-CRF: a tagger, and what turns its emissions into tags (Lample et al. 2016)."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.characters import CharacterEncoder, Spellings
from nlpflow.models.crf import LinearChainCRF
from nlpflow.models.precision import wide
from nlpflow.models.recurrent import MaskedLSTM, sequence_mask


class Tagger(nn.Module):
    """Word embeddings, joined by character features if asked for, LSTM, linear layer.

    Args:
        characters: its output is concatenated to the word embedding
        dropout: of the LSTM's input, its output, and between its layers
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
        """Score a batch.

        Args:
            words: word ids padded with 0, (batch, time)
            lengths: words of each sentence, at least 1, (batch,), on the device of `words`
            spellings: of the same words; needed with character features and refused without

        Returns:
            emissions (batch, time, tags), not normalised; at padding the bias alone
        """
        if (spellings is None) != (self.characters is None):
            wanted = "needs" if spellings is None else "has no use for"
            raise ValueError(f"this tagger {wanted} spellings")
        inputs = self.embedding(words)
        if self.characters is not None and spellings is not None:
            if spellings.places.shape != words.shape:
                sizes = f"{tuple(spellings.places.shape)} places, {tuple(words.shape)} words"
                raise ValueError(f"spellings do not fit the words: {sizes}")
            inputs = torch.cat([inputs, self.characters(spellings)], dim=-1)
        outputs, _ = self.lstm(self.dropout(inputs), lengths)
        emissions: Tensor = self.emissions(self.dropout(outputs))
        return emissions


NO_TAG = -1
"""At padding, and at a word whose gold tag the model does not know."""


class LabellingNetwork(nn.Module):
    """A tagger with a softmax over each word's tags, or a CRF over each sentence's.

    Everywhere `words` are ids padded with 0, (batch, time), and `lengths` the words of each
    sentence, at least 1, (batch,).
    """

    def __init__(self, tagger: Tagger, crf: LinearChainCRF | None, loss: str):
        super().__init__()
        self.tagger = tagger
        self.crf = crf
        self.kind = loss

    def loss(
        self, words: Tensor, lengths: Tensor, spellings: Spellings | None, tags: Tensor
    ) -> tuple[Tensor, int]:
        """The loss summed over a batch, and the number of words it was over.

        A CRF leaves out sentences with a tag that it does not know, the softmax such words.

        Args:
            tags: (batch, time), `NO_TAG` at padding
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
        """The best tags, (batch, time); anything may stand at padding."""
        emissions: Tensor = self.tagger(words, lengths, spellings)
        if self.crf is None:
            return emissions.argmax(dim=2)
        return self.crf.viterbi(emissions, sequence_mask(lengths, words.shape[1])).tags

    def probabilities(self, words: Tensor, lengths: Tensor, spellings: Spellings | None) -> Tensor:
        """P(tag at word | sentence), (batch, time, tags); anything may stand at padding."""
        emissions: Tensor = self.tagger(words, lengths, spellings)
        if self.crf is None:
            return emissions.softmax(dim=2)
        return self.crf.marginals(emissions, sequence_mask(lengths, words.shape[1]))

    def k_best(
        self, words: Tensor, lengths: Tensor, spellings: Spellings | None, k: int
    ) -> tuple[Tensor, Tensor]:
        """The k best tag sequences, (batch, k, time), and log P of each, (batch, k).

        A softmax is a CRF whose transitions are all 0.
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
