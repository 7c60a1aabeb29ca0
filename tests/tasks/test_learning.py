"""Networks that really learn: to copy and to reverse sequences that they have never seen."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from networks import network
from nlpflow.decoding.greedy import greedy
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.training import Training
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.training.batches import Batches, length_batches
from nlpflow.training.loop import fit
from nlpflow.vocabulary import EOS, PAD

FIRST = 4  # symbols come after the special tokens
Pair = tuple[list[int], list[int]]


def pairs(count: int, symbols: int, longest: int, turn: bool) -> list[Pair]:
    """Random sequences no two alike, each with its copy or its reversal."""
    rng = np.random.default_rng(1)
    drawn: dict[tuple[int, ...], None] = {}
    while len(drawn) < count:
        length = rng.integers(2, longest + 1)
        drawn[tuple((FIRST + rng.integers(0, symbols, length)).tolist())] = None
    # The few short ones are all drawn early: mix them in.
    srcs = [list(drawn)[i] for i in rng.permutation(count)]
    return [(list(src), list(src[::-1] if turn else src)) for src in srcs]


def padded(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    ended = [torch.tensor([*row, EOS]) for row in rows]
    lengths = torch.tensor([len(row) for row in ended])
    return torch.nn.utils.rnn.pad_sequence(ended, batch_first=True, padding_value=PAD), lengths


@dataclass
class Sequences:
    """The smallest learner of sequences; its dev score tells apart even faultless models."""

    model: Seq2Seq
    train: list[Pair]
    dev: list[Pair]
    size: int
    score: str = "likelihood"
    floor: float = -np.inf

    def batches(self, epoch: int) -> Batches[tuple[Tensor, Tensor, Tensor]]:
        lengths = np.array([len(src) for src, _ in self.train])
        batches = length_batches(lengths, self.size, np.random.default_rng(epoch))
        return Batches(batches, self._batch)

    def _batch(self, indices: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        chosen = [self.train[i] for i in indices]
        return *padded([src for src, _ in chosen]), padded([tgt for _, tgt in chosen])[0]

    def loss(self, batch: tuple[Tensor, Tensor, Tensor], epoch: int) -> tuple[Tensor, int]:
        src, lengths, tgt = batch
        readout, _ = self.model.teacher_forced(src, lengths, tgt)
        logits = self.model.decoder.logits(readout)[tgt != PAD]
        words = tgt[tgt != PAD]
        return functional.cross_entropy(logits, words, reduction="sum"), len(words)

    def validate(self) -> dict[str, float]:
        src, lengths = padded([src for src, _ in self.dev])
        loss, tokens = self.loss((src, lengths, padded([tgt for _, tgt in self.dev])[0]), 0)
        return {"loss": loss.item() / tokens, "likelihood": -loss.item() / tokens}


def exact(model: Seq2Seq, held_out: list[Pair]) -> float:
    """The share of outputs without any error."""
    src, lengths = padded([src for src, _ in held_out])
    longest = max(len(tgt) for _, tgt in held_out)
    found = greedy(model, src, lengths, longest)
    outputs = [
        row[:end] for row, end in zip(found.words.tolist(), found.lengths.tolist(), strict=True)
    ]
    return float(np.mean([out == tgt for out, (_, tgt) in zip(outputs, held_out, strict=True)]))


def learn(attention: str, turn: bool, symbols: int, longest: int, hidden: int) -> float:
    """Exact match of the best epoch's weights on sequences held out from training and dev."""
    torch.manual_seed(1)
    model = build_seq2seq(
        network(attention, hidden=hidden, embedding=24),
        FIRST + symbols,
        FIRST + symbols,
        longest + 1,
    )
    known = pairs(4300, symbols, longest, turn)
    test, dev, train = known[:300], known[300:600], known[600:]
    training = Training(learning_rate=0.004, epochs=14, patience=14, schedule="cosine")
    trained = fit(Sequences(model, train, dev, size=48), training, "test")
    model.load_state_dict(trained.weights)
    return exact(model.eval(), test)


@pytest.mark.parametrize(
    "turn",
    [pytest.param(True, id="reverse"), pytest.param(False, id="copy", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize(
    ("attention", "symbols", "longest", "hidden"),
    [
        ("additive", 8, 4, 96),
        ("transformer", 8, 4, 96),
        pytest.param("tutorial", 16, 3, 64, marks=pytest.mark.slow),
        *(
            pytest.param(attention, 16, 3, 96, marks=pytest.mark.slow)
            for attention in ("dot", "general", "local-p")
        ),
    ],
)
def test_attention(attention: str, symbols: int, longest: int, hidden: int, turn: bool) -> None:
    assert learn(attention, turn, symbols, longest, hidden) >= 0.99


def test_the_plain_decoder_copies_short_sequences() -> None:
    assert learn("none", False, symbols=16, longest=3, hidden=64) >= 0.8
