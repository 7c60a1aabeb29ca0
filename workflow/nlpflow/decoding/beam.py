"""Beam search over the outputs of a sequence-to-sequence model.

Each sentence of a batch has the same number of live hypotheses, in consecutive rows, which share
the sentence's memory. When a hypothesis ends with `<EOS>`, another one takes its row. A sentence is
done when no live hypothesis can become better than the ended ones, or when `beam` hypotheses have
ended and none of the live ones is better at its present length.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.recurrent import take_rows
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.vocabulary import EOS, SOS


class Hypothesis(NamedTuple):
    """One finished translation of one sentence."""

    words: list[int]
    """Token ids, without `<EOS>`."""
    ended: bool
    """False if the length limit cut the hypothesis: `<EOS>` was not its best next word."""
    score: float
    """Log-probability of the words and `<EOS>`, divided by the length penalty."""
    weights: Tensor
    """Attention weights of every word and of `<EOS>`, (words + 1, src_time), on the CPU."""


class _Ended(NamedTuple):
    """An ended hypothesis: its score, and the step and row of the trace where it ended."""

    score: float
    step: int
    row: int
    ended: bool


@dataclass
class _Trace:
    """All steps of a batch's search; `parents` are row numbers of the previous step."""

    parents: list[Tensor] = field(default_factory=list)
    words: list[Tensor] = field(default_factory=list)
    weights: list[Tensor] = field(default_factory=list)


def length_penalty(length: int, alpha: float) -> float:
    """The divisor of the log-probability of `length` tokens (Wu et al. 2016, equation 14)."""
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
    copies: Tensor | None = None,
) -> list[list[Hypothesis]]:
    """The best translations of each sentence of a batch, best first.

    A beam of 1 is greedy search. A hypothesis of `max_tokens` words ends there, and `<EOS>` is
    added to its score.

    Args:
        model: in evaluation mode
        src: token ids padded with 0, (batch, src_time)
        lengths: number of tokens of each sentence, (batch,), on the CPU
        max_tokens: the maximum number of words of a translation
        beam: number of live hypotheses per sentence
        alpha: exponent of the length penalty, at least 0; 0: plain log-probabilities
        n_best: number of translations per sentence, at most `beam`
        copies: see `Seq2Seq.encode`

    Returns:
        the hypotheses of each sentence; fewer than `n_best` if the vocabulary is too small
    """
    memory, state = model.encode(src, lengths, copies)
    indices = torch.arange(len(src), device=src.device)  # of the unfinished sentences in the batch
    words = torch.full_like(src[:, :1], SOS)  # (sentences, live hypotheses)
    scores = next(model.parameters()).new_zeros(len(src), 1)  # log-probabilities of the live ones
    best = scores.new_full((len(src), n_best), float("-inf"))  # best scores of ended hypotheses
    count = torch.zeros_like(indices)  # number of ended hypotheses
    ended: list[list[_Ended]] = [[] for _ in range(len(src))]
    trace = _Trace()
    for step in range(max_tokens + 1):  # one more step for the <EOS> of the longest hypothesis
        decoded = model.decoder(words.view(-1, 1), state, memory)
        trace.weights.append(decoded.weights[:, 0])
        logits = model.decoder.logits(decoded.readout)[:, 0]
        penalty = length_penalty(step + 1, alpha)
        if step == max_tokens:
            _cut(ended, indices, logits, scores, penalty, step)
            break
        totals, said, parents = _extensions(logits, scores, min(beam + 1, logits.shape[1]))
        ends = said == EOS
        closing = ends[:, :beam]
        closed = (totals[:, :beam] / penalty).masked_fill(~closing, float("-inf"))
        _collect(ended, indices, closing, closed, parents, step)
        best = torch.cat([best, closed], dim=1).topk(n_best).values
        count = count + closing.sum(dim=1)
        # A stable sort: first the hypotheses that go on, in their order, then those that end.
        width = min(beam, totals.shape[1] - scores.shape[1])
        going = ends.to(torch.uint8).argsort(dim=1, stable=True)[:, :width]
        scores, words, parents = (part.gather(1, going) for part in (totals, said, parents))
        # An upper bound of what can still come: more words only lower the log-probability, and the
        # longest hypothesis has the largest penalty.
        bound = scores[:, 0] / length_penalty(max_tokens + 1, alpha)
        bound = torch.where(count < beam, bound, scores[:, 0] / penalty)
        live = (best[:, -1] < bound).nonzero().flatten()
        if not len(live):
            break
        if len(live) < len(indices):
            memory = take_rows(memory, live)
            indices, best, count = indices[live], best[live], count[live]
            scores, words, parents = scores[live], words[live], parents[live]
        state = take_rows(decoded.state, parents.flatten())
        trace.parents.append(parents.flatten())
        trace.words.append(words.flatten())
    return _read(trace, ended, n_best)


def _extensions(logits: Tensor, scores: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Extend every live hypothesis by each of its `count` best next words; best first.

    Args:
        logits: of the next word, (sentences * live, vocabulary)
        scores: log-probabilities of the live hypotheses, (sentences, live)
        count: number of next words per hypothesis

    Returns:
        log-probability, next word, and row of the extended hypothesis, each (sentences, live *
        count)
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
    indices: Tensor,
    closing: Tensor,
    closed: Tensor,
    rows: Tensor,
    step: int,
) -> None:
    """Add the hypotheses that end at a step to `ended`.

    Args:
        ended: those of each sentence of the batch
        indices: of the unfinished sentences in the batch, (sentences,)
        closing: True for an extension with `<EOS>`, (sentences, beam)
        closed: scores of these extensions, (sentences, beam)
        rows: row of the extended hypothesis, (sentences, at least beam)
        step: number of the step
    """
    sentences, ranks = closing.nonzero(as_tuple=True)
    found = (indices[sentences], closed[sentences, ranks], rows[sentences, ranks])
    for index, score, row in zip(*(part.tolist() for part in found), strict=True):
        ended[index].append(_Ended(score, step, row, True))


def _cut(
    ended: list[list[_Ended]],
    indices: Tensor,
    logits: Tensor,
    scores: Tensor,
    penalty: float,
    step: int,
) -> None:
    """End every live hypothesis at the length limit."""
    gained = logits[:, EOS] - logits.logsumexp(dim=1)
    totals = ((scores.flatten() + gained) / penalty).tolist()
    said = (logits.argmax(dim=1) == EOS).tolist()
    owners = indices.repeat_interleave(scores.shape[1]).tolist()
    for row, index in enumerate(owners):
        ended[index].append(_Ended(totals[row], step, row, said[row]))


def _read(trace: _Trace, ended: list[list[_Ended]], n_best: int) -> list[list[Hypothesis]]:
    """Trace the best ended hypotheses of each sentence back to their first word."""
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
