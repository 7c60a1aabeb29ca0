"""Beam search: the likeliest hypotheses side by side. It knows no task.

Every sentence of a batch has as many live hypotheses as any other, in consecutive rows, and they
share its memory. A hypothesis that says `<EOS>` makes room for another; a sentence leaves when
nothing better can follow, or `beam` hypotheses have ended.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.attention import Memory
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.vocabulary import EOS, SOS


class Hypothesis(NamedTuple):
    """One finished translation of one sentence."""

    words: list[int]
    """Token ids, without `<EOS>`."""
    ended: bool
    """False where the length limit cut it: `<EOS>` was not its best next word."""
    score: float
    """Log-probability of the words and `<EOS>`, divided by the length penalty."""
    weights: Tensor
    """Attention weights of every word and of `<EOS>`, (words + 1, src_time), on the CPU."""


class _Ended(NamedTuple):
    """Where in the trace a hypothesis ended."""

    score: float
    step: int
    row: int
    ended: bool


@dataclass
class _Trace:
    """Every step of a batch's search; `parents` are rows of the step before."""

    parents: list[Tensor] = field(default_factory=list)
    words: list[Tensor] = field(default_factory=list)
    weights: list[Tensor] = field(default_factory=list)


def length_penalty(length: int, alpha: float) -> float:
    """What a log-probability of `length` tokens is divided by (Wu et al. 2016, equation 14)."""
    return float(((5 + length) / 6) ** alpha)


@torch.inference_mode()
def beam_search(
    model: Seq2Seq,
    src: Tensor,
    lengths: Tensor,
    max_tokens: int,
    beam: int,
    alpha: float = 0.0,
    n_best: int = 1,
) -> list[list[Hypothesis]]:
    """The best translations of each sentence of a batch, best first.

    With a beam of 1 it is greedy search. A hypothesis of `max_tokens` words ends there and counts
    as if it said `<EOS>`.

    Args:
        src: padded ids, (batch, src_time)
        lengths: (batch,), on the CPU
        beam: live hypotheses of each sentence
        alpha: exponent of the length penalty, at least 0; 0: plain log-probabilities
        n_best: translations of each sentence, at most `beam`; a vocabulary so small that there are
            not as many gives fewer
    """
    memory, state = model.encode(src, lengths)
    places = torch.arange(len(src), device=src.device)  # of the live sentences in the batch
    words = torch.full_like(src[:, :1], SOS)  # (sentences, live hypotheses)
    scores = memory.values.new_zeros(len(src), 1)  # their log-probabilities
    best = scores.new_full((len(src), n_best), float("-inf"))  # of the ended ones, penalised
    count = torch.zeros_like(places)  # of the ended ones
    ended: list[list[_Ended]] = [[] for _ in range(len(src))]
    trace = _Trace()
    for step in range(max_tokens + 1):  # one more for the <EOS> of the longest
        decoded = model.decoder(words.view(-1, 1), state, memory)
        trace.weights.append(decoded.weights[:, 0])
        logits = model.decoder.logits(decoded.readout[:, 0])
        penalty = length_penalty(step + 1, alpha)
        if step == max_tokens:
            _cut(ended, places, logits, scores, penalty, step)
            break
        totals, said, parents = _extensions(logits, scores, min(beam + 1, logits.shape[1]))
        ends = said == EOS
        closing = ends[:, :beam]
        closed = (totals[:, :beam] / penalty).masked_fill(~closing, float("-inf"))
        _collect(ended, places, closing, closed, parents, step)
        best = torch.cat([best, closed], dim=1).topk(n_best).values
        count = count + closing.sum(dim=1)
        # Stable: the others in their order first, then those that end.
        width = min(beam, totals.shape[1] - scores.shape[1])
        going = ends.to(torch.uint8).argsort(dim=1, stable=True)[:, :width]
        scores, words, parents = (part.gather(1, going) for part in (totals, said, parents))
        # More words only lower a log-probability, and no penalty is larger than the longest's.
        bound = scores[:, 0] / length_penalty(max_tokens + 1, alpha)
        live = ((count < beam) & (best[:, -1] < bound)).nonzero().flatten()
        if not len(live):
            break
        if len(live) < len(places):
            memory = Memory(*(part[live] for part in memory))
            places, best, count = places[live], best[live], count[live]
            scores, words, parents = scores[live], words[live], parents[live]
        state = decoded.state[:, parents.flatten()]
        trace.parents.append(parents.flatten())
        trace.words.append(words.flatten())
    return _read(trace, ended, n_best)


def _extensions(logits: Tensor, scores: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Every live hypothesis with each of its `count` best next words, the best first.

    Args:
        logits: (sentences * live, vocabulary)
        scores: (sentences, live)

    Returns:
        log-probabilities, words and rows of the hypothesis, each (sentences, live * count)
    """
    sentences, live = scores.shape
    values, words = logits.topk(count)
    gained = values - logits.logsumexp(dim=1, keepdim=True)
    totals = (scores.view(-1, 1) + gained).view(sentences, -1)
    totals, order = totals.sort(dim=1, descending=True, stable=True)
    first = live * torch.arange(sentences, device=logits.device).unsqueeze(1)
    return totals, words.view(sentences, -1).gather(1, order), first + order // count


def _collect(
    ended: list[list[_Ended]],
    places: Tensor,
    closing: Tensor,
    closed: Tensor,
    rows: Tensor,
    step: int,
) -> None:
    """Note the hypotheses that end at a step; `closing`, `closed`, `rows` as `_extensions`."""
    sentences, ranks = closing.nonzero(as_tuple=True)
    found = (places[sentences], closed[sentences, ranks], rows[sentences, ranks])
    for place, score, row in zip(*(part.tolist() for part in found), strict=True):
        ended[place].append(_Ended(score, step, row, True))


def _cut(
    ended: list[list[_Ended]],
    places: Tensor,
    logits: Tensor,
    scores: Tensor,
    penalty: float,
    step: int,
) -> None:
    """End every live hypothesis at the length limit."""
    gained = logits[:, EOS] - logits.logsumexp(dim=1)
    totals = ((scores.flatten() + gained) / penalty).tolist()
    said = (logits.argmax(dim=1) == EOS).tolist()
    owners = places.repeat_interleave(scores.shape[1]).tolist()
    for row, place in enumerate(owners):
        ended[place].append(_Ended(totals[row], step, row, said[row]))


def _read(trace: _Trace, ended: list[list[_Ended]], n_best: int) -> list[list[Hypothesis]]:
    """Follow the best ended hypotheses of each sentence back to their first word."""
    parents = [rows.tolist() for rows in trace.parents]
    words = [said.tolist() for said in trace.words]
    starts = [0]
    for weights in trace.weights:
        starts.append(starts[-1] + len(weights))
    looked = torch.cat(trace.weights).cpu()
    found: list[list[Hypothesis]] = []
    for candidates in ended:
        ranked = sorted(candidates, key=lambda one: -one.score)[:n_best]
        found.append([])
        for score, step, row, said in ranked:
            spoken, rows = [], [starts[step] + row]
            for before in reversed(range(step)):
                spoken.append(words[before][row])
                row = parents[before][row]
                rows.append(starts[before] + row)
            found[-1].append(Hypothesis(spoken[::-1], said, score, looked[rows[::-1]]))
    return found
