"""Speed of the CRF compared with the tutorial's tag-by-tag loop and with pytorch-crf.

The two sides of a comparison take turns on one thread, on the same batch of 32 sentences, and each
turn gives a ratio. The script prints medians and ratios, and writes them and the seconds of every
turn as tables.

    python benchmarks/crf_speed.py
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is imported

import pandas as pd
import torch
import torchcrf
from ratios import Ratio, write_ratios
from tag_by_tag import TagByTag
from torch import Tensor, nn

from nlpflow.models.crf import LinearChainCRF
from nlpflow.tables import write_table

BATCH = 32
GOALS = {("Viterbi", "pytorch-crf"): 4.0}
Side = Callable[[], object]
Loss = Callable[[Tensor, Tensor, Tensor], Tensor]
"""From emissions, mask and tags to a summed loss."""


def main() -> None:
    """Run the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, default=100, help="of a pair (%(default)s)")
    parser.add_argument("--loop-turns", type=int, default=5, help="of the loop (%(default)s)")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/crf_speed"))
    values = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    turns = pd.concat(
        [
            compare(
                "loss with gradient", "tag by tag", *against_loop(), values.loop_turns, (50, 1)
            ),
            compare("loss with gradient", "pytorch-crf", *losses(), values.turns),
            compare("Viterbi", "pytorch-crf", *decoders(), values.turns),
            compare("training step of a BiLSTM-CRF", "pytorch-crf", *steps(), values.turns),
        ]
    )
    table = summary(turns)
    values.output.mkdir(parents=True, exist_ok=True)
    write_table(values.output / "turns.tsv", turns)
    write_table(values.output / "summary.tsv", table)
    write_ratios(values.output, [as_ratio(row) for _, row in table.iterrows()])
    print(f"{platform.processor() or platform.machine()}, torch {torch.__version__}, one thread")
    print(table.to_string(index=False))


def compare(
    work: str, other: str, ours: Side, theirs: Side, turns: int, runs: tuple[int, int] = (10, 10)
) -> pd.DataFrame:
    """Seconds per run of both sides, one row per turn.

    Args:
        work: name of what is measured
        other: name of the other side
        ours: runs our side once
        theirs: runs the other side once
        turns: number of turns
        runs: number of runs per turn of our side and of the other side
    """
    ours()
    rows = []
    for _ in range(turns):
        row: dict[str, object] = {"work": work, "beside": other}
        for name, side, count in zip(("ours", "theirs"), (ours, theirs), runs, strict=True):
            begun = time.perf_counter()
            for _ in range(count):
                side()
            row[name] = (time.perf_counter() - begun) / count
        rows.append(row)
    return pd.DataFrame(rows)


def summary(turns: pd.DataFrame) -> pd.DataFrame:
    """Medians of the times, and of the ratios turn by turn with their quartiles."""
    rows = []
    for (work, beside), group in turns.groupby(["work", "beside"], sort=False):
        ratios = group["theirs"] / group["ours"]
        ours, theirs = group["ours"].median(), group["theirs"].median()
        rows.append(
            {
                "work": work,
                "beside": beside,
                "turns": len(group),
                "ours_ms": round(1000 * ours, 3),
                "theirs_ms": round(1000 * theirs, 3),
                "ours_sentences_per_second": round(BATCH / ours),
                "theirs_sentences_per_second": round(BATCH / theirs, 1),
                "ratio": round(statistics.median(ratios), 2),
                "ratio_25": round(ratios.quantile(0.25), 2),
                "ratio_75": round(ratios.quantile(0.75), 2),
            }
        )
    return pd.DataFrame(rows)


def as_ratio(row: pd.Series) -> Ratio:
    """A row of the summary."""
    speeds = row["ours_sentences_per_second"], row["theirs_sentences_per_second"]
    other = {"tag by tag": "the tutorial's loop"}.get(row["beside"], row["beside"])
    goal = GOALS.get((row["work"], row["beside"]))
    return Ratio(row["work"], other, "sentences/s", *speeds, row["ratio"], row["turns"], goal)


def drawn(tags: int, words: int) -> tuple[Tensor, Tensor, Tensor]:
    """Emissions that want a gradient, mask and gold tags."""
    emissions = torch.randn(BATCH, words, tags, requires_grad=True)
    mask = torch.ones(BATCH, words, dtype=torch.bool)
    return emissions, mask, torch.randint(tags, (BATCH, words))


def both(tags: int) -> tuple[LinearChainCRF, torchcrf.CRF]:
    """Ours and pytorch-crf's with the same parameters."""
    ours, theirs = LinearChainCRF(tags), torchcrf.CRF(tags, batch_first=True)
    with torch.no_grad():
        theirs.start_transitions.copy_(ours.start)
        theirs.transitions.copy_(ours.transitions)
        theirs.end_transitions.copy_(ours.stop)
    return ours, theirs


def our_loss(crf: LinearChainCRF) -> Loss:
    """Summed over the batch."""
    return lambda *given: crf.negative_log_likelihood(*given).sum()


def their_loss(crf: torchcrf.CRF) -> Loss:
    """Summed over the batch; pytorch-crf wants the tags before the mask."""
    return lambda emissions, mask, tags: -crf(emissions, tags, mask)


def gradient(loss: Loss, module: nn.Module, given: tuple[Tensor, Tensor, Tensor]) -> Side:
    """One loss and its gradient by emissions and parameters."""
    inputs = [given[0], *module.parameters()]
    return lambda: torch.autograd.grad(loss(*given), inputs)


def losses(tags: int = 19, words: int = 25) -> tuple[Side, Side]:
    """Loss with gradient, ours and pytorch-crf's, which are checked to be the same."""
    (ours, theirs), given = both(tags), drawn(tags, words)
    torch.testing.assert_close(our_loss(ours)(*given), their_loss(theirs)(*given))
    sides = (our_loss(ours), ours), (their_loss(theirs), theirs)
    first, second = (gradient(loss, module, given) for loss, module in sides)
    return first, second


def against_loop(tags: int = 19, words: int = 25) -> tuple[Side, Side]:
    """Loss with gradient, ours and the tutorial's; checked to be the same."""
    ours, loop, given = LinearChainCRF(tags), TagByTag(tags), drawn(tags, words)
    with torch.no_grad():  # the tutorial keeps [to, from], with two tags more
        ours.transitions.copy_(loop.transitions[:tags, :tags].t())
        ours.start.copy_(loop.transitions[:tags, loop.start])
        ours.stop.copy_(loop.transitions[loop.stop, :tags])
    emissions, _, gold = given
    wide = nn.functional.pad(emissions.detach(), (0, 2)).requires_grad_()

    def theirs() -> None:
        for sentence, path in zip(wide, gold, strict=True):
            torch.autograd.grad(loop.loss(sentence, path), [wide, loop.transitions])

    with torch.no_grad():
        one = loop.loss(wide[0], gold[0])[0]
    torch.testing.assert_close(ours.negative_log_likelihood(*given)[0], one)
    return gradient(our_loss(ours), ours, given), theirs


def decoders(tags: int = 19, words: int = 25) -> tuple[Side, Side]:
    """Viterbi to lists of tags, which are checked to be the same."""
    (ours, theirs), (emissions, mask, _) = both(tags), drawn(tags, words)
    fixed = emissions.detach()

    def our_side() -> list[list[int]]:
        tags: list[list[int]] = ours.viterbi(fixed, mask).tags.tolist()
        return tags

    def their_side() -> list[list[int]]:
        with torch.no_grad():
            tags: list[list[int]] = theirs.decode(fixed, mask)
        return tags

    assert our_side() == their_side()
    return our_side, their_side


class Tagger(nn.Module):
    """Embedding, bidirectional LSTM with 100 units, and emissions."""

    def __init__(self, crf: nn.Module, tags: int, vocabulary: int = 10_000, units: int = 100):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, units)
        self.lstm = nn.LSTM(units, units // 2, bidirectional=True, batch_first=True)
        self.output = nn.Linear(units, tags)
        self.crf = crf

    def forward(self, words: Tensor) -> Tensor:
        """Emissions of a batch, (batch, time) -> (batch, time, tags)."""
        emissions: Tensor = self.output(self.lstm(self.embedding(words))[0])
        return emissions


def steps(tags: int = 9, words: int = 20) -> tuple[Side, Side]:
    """Forward, backward and SGD of the same network over either CRF."""
    ours, theirs = both(tags)
    _, mask, gold = drawn(tags, words)
    tokens = torch.randint(10_000, (BATCH, words))

    def training(crf: nn.Module, loss: Loss) -> Side:
        model = Tagger(crf, tags)
        optimiser = torch.optim.SGD(model.parameters(), lr=0.01)

        def step() -> None:
            optimiser.zero_grad()
            loss(model(tokens), mask, gold).backward()
            optimiser.step()

        return step

    return training(ours, our_loss(ours)), training(theirs, their_loss(theirs))


if __name__ == "__main__":
    main()
