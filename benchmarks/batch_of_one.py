"""The tutorial's training of a translator, one sentence pair at a time, for comparison.

This is a new implementation of the method of the 2018 PyTorch tutorial, and computes the same.
Words run one by one through encoder and decoder. The attention has no mask and reads a zero-filled
buffer of 10 positions. Each pair is decoded teacher-forced or free-running at random. Encoder and
decoder are trained by SGD, on pairs drawn with replacement. Two things differ because the data are
held out: it trains on the training split only, and source words that are not in it are dropped. One
thing makes it faster: known words are looked up in the embedding once per sentence.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn, optim
from torch.nn import functional

SOS, EOS = 0, 1
MAX_LENGTH = 10


class WordEncoder(nn.Module):
    """Encoder that reads one embedded word per call."""

    def __init__(self, words: int, hidden: int):
        super().__init__()
        self.hidden = hidden
        self.embedding = nn.Embedding(words, hidden)
        self.gru = nn.GRU(hidden, hidden)

    def forward(self, embedded: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Run one step: word and state -> output and state, all (1, 1, hidden)."""
        output, state = self.gru(embedded.view(1, 1, -1), state)
        return output, state


class WordDecoder(nn.Module):
    """Decoder that reads one embedded word per call."""

    def __init__(self, hidden: int, words: int, dropout: float = 0.1):
        super().__init__()
        self.embedding = nn.Embedding(words, hidden)
        self.attention = nn.Linear(hidden * 2, MAX_LENGTH)
        self.combine = nn.Linear(hidden * 2, hidden)
        self.dropout = nn.Dropout(dropout)
        self.gru = nn.GRU(hidden, hidden)
        self.output = nn.Linear(hidden, words)

    def forward(self, embedded: Tensor, state: Tensor, outputs: Tensor) -> tuple[Tensor, Tensor]:
        """Run one step and return log-probabilities, (1, words), and the state, (1, 1, hidden)."""
        embedded = self.dropout(embedded.view(1, 1, -1))
        scores = self.attention(torch.cat((embedded[0], state[0]), 1))
        weights = functional.softmax(scores, dim=1)
        context = torch.bmm(weights.unsqueeze(0), outputs.unsqueeze(0))
        combined = self.combine(torch.cat((embedded[0], context[0]), 1)).unsqueeze(0)
        output, state = self.gru(functional.relu(combined), state)
        return functional.log_softmax(self.output(output[0]), dim=1), state


@dataclass
class Words:
    """Numbers of words, in the order of their first use."""

    number: dict[str, int] = field(default_factory=dict)

    def add(self, sentence: str) -> None:
        """Give every new word the next number."""
        for word in sentence.split(" "):
            self.number.setdefault(word, len(self.number) + 2)

    def tensor(self, sentence: str) -> Tensor:
        """Numbers of the known words and EOS, (words, 1)."""
        known = [self.number[word] for word in sentence.split(" ") if word in self.number]
        return torch.tensor([*known, EOS]).view(-1, 1)


class BatchOfOne:
    """The tutorial's training, which can be paused and continued after any number of iterations."""

    def __init__(
        self,
        pairs: Sequence[tuple[str, str]],
        seed: int,
        hidden: int = 256,
        learning_rate: float = 0.01,
        teacher_forcing: float = 0.5,
    ):
        random.seed(seed)
        torch.manual_seed(seed)
        self.src, self.tgt = Words(), Words()
        for src, tgt in pairs:
            self.src.add(src)
            self.tgt.add(tgt)
        self.words = dict(zip(self.tgt.number.values(), self.tgt.number, strict=True))
        self.pairs = [(self.src.tensor(src), self.tgt.tensor(tgt)) for src, tgt in pairs]
        self.encoder = WordEncoder(len(self.src.number) + 2, hidden)
        self.decoder = WordDecoder(hidden, len(self.tgt.number) + 2)
        self.optimisers = [
            optim.SGD(module.parameters(), lr=learning_rate)
            for module in (self.encoder, self.decoder)
        ]
        self.teacher_forcing = teacher_forcing
        self.seconds, self.iterations, self.tokens = 0.0, 0, 0

    def train(self, iterations: int) -> None:
        """Train on `iterations` pairs. Only this time is added to `seconds`."""
        self.encoder.train()
        self.decoder.train()
        begun = time.perf_counter()
        for _ in range(iterations):
            src, tgt = random.choice(self.pairs)
            for optimiser in self.optimisers:
                optimiser.zero_grad()
            self._loss(src, tgt).backward()
            for optimiser in self.optimisers:
                optimiser.step()
            self.tokens += len(tgt)
        self.iterations += iterations
        self.seconds += time.perf_counter() - begun

    def _encode(self, src: Tensor) -> tuple[Tensor, Tensor]:
        state = torch.zeros(1, 1, self.encoder.hidden)
        outputs = torch.zeros(MAX_LENGTH, self.encoder.hidden)
        embedded = self.encoder.embedding(src)
        for position in range(min(len(src), MAX_LENGTH)):
            output, state = self.encoder(embedded[position], state)
            outputs[position] = output[0, 0]
        return outputs, state

    def _loss(self, src: Tensor, tgt: Tensor) -> Tensor:
        outputs, state = self._encode(src)
        start, loss = torch.tensor([[SOS]]), torch.zeros(())
        if random.random() < self.teacher_forcing:
            fed = self.decoder.embedding(torch.cat((start, tgt[:-1])))
            for embedded, reference in zip(fed, tgt, strict=True):
                scores, state = self.decoder(embedded, state, outputs)
                loss = loss + functional.nll_loss(scores, reference)
            return loss
        word = start
        for reference in tgt:
            scores, state = self.decoder(self.decoder.embedding(word), state, outputs)
            loss = loss + functional.nll_loss(scores, reference)
            word = scores.topk(1)[1].squeeze().detach()
            if word.item() == EOS:
                break
        return loss

    @torch.no_grad()
    def translate(self, sentence: str) -> str:
        """Translate a sentence greedily, into at most `MAX_LENGTH` words."""
        self.encoder.eval()
        self.decoder.eval()
        outputs, state = self._encode(self.src.tensor(sentence))
        word, output = torch.tensor([[SOS]]), []
        for _ in range(MAX_LENGTH):
            scores, state = self.decoder(self.decoder.embedding(word), state, outputs)
            word = scores.topk(1)[1].squeeze()
            if word.item() == EOS:
                break
            output.append(self.words.get(int(word.item()), "SOS"))
        return " ".join(output)
