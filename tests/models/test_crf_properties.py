"""The linear-chain CRF against enumeration of every tag sequence, and of itself against batches."""

from itertools import pairwise, product
from typing import NamedTuple

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from nlpflow.models.crf import Constraints, LinearChainCRF

SPREADS = [0.1, 1.0, 30.0, 1000.0]


class Case(NamedTuple):
    crf: LinearChainCRF
    emissions: Tensor
    mask: Tensor
    tags: Tensor


class Enumerated(NamedTuple):
    """All allowed tag sequences of one sentence, best first, and their scores."""

    paths: Tensor
    scores: Tensor


def mask_of(lengths: list[int], extra: int = 0) -> Tensor:
    return torch.arange(max(lengths) + extra) < torch.tensor(lengths).unsqueeze(1)


@st.composite
def cases(draw: st.DrawFn, spreads: list[float] = SPREADS) -> Case:
    """Sizes, masks, scores of any spread, garbage at padding, constraints or none."""
    tags, batch = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    lengths = draw(st.lists(st.integers(1, 5), min_size=batch, max_size=batch))
    spread, moves = draw(st.sampled_from(spreads)), draw(st.sampled_from(spreads))
    torch.manual_seed(draw(st.integers(0, 10_000)))
    constraints = None
    if draw(st.booleans()):
        start, stop = torch.rand(tags) < 0.3, torch.rand(tags) < 0.3
        constraints = Constraints(start, torch.rand(tags, tags) < 0.4, stop)
    crf = LinearChainCRF(tags, constraints).double()
    with torch.no_grad():
        for weight in crf.parameters():
            weight.copy_(torch.randn_like(weight) * moves)
    mask = mask_of(lengths, draw(st.integers(0, 2)))
    emissions = torch.randn(*mask.shape, tags, dtype=torch.double) * spread
    emissions[~mask] = float("nan")
    return Case(crf, emissions, mask, torch.randint(tags, mask.shape))


def enumerate_all(case: Case, row: int) -> Enumerated:
    """Scores summed one by one, from the parameters alone."""
    crf, length = case.crf, int(case.mask[row].sum())
    tags = len(crf.start)
    paths, scores = [], []
    for path in product(range(tags), repeat=length):
        moves = list(pairwise(path))
        walk = pairwise([tags, *path, tags])  # the edge of a sentence stands behind the tags
        if crf.constrained and any(crf.forbidden[move] for move in walk):
            continue
        score = crf.start[path[0]] + crf.stop[path[-1]]
        score = score + sum(case.emissions[row, place, tag] for place, tag in enumerate(path))
        paths.append(path)
        scores.append(score + sum(crf.transitions[move] for move in moves))
    if not paths:
        return Enumerated(torch.empty(0, length), torch.empty(0))
    ordered, places = torch.stack(scores).detach().sort(descending=True, stable=True)
    return Enumerated(torch.tensor(paths)[places], ordered)


def enumerations(case: Case) -> list[Enumerated]:
    found = [enumerate_all(case, row) for row in range(len(case.mask))]
    assume(all(len(each.paths) for each in found))
    return found


def assert_close(one: Tensor, other: Tensor) -> None:
    """To 1e-9; of scores in the thousands, to 1e-12 of them."""
    torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-9)


@settings(max_examples=80)
@given(cases())
def test_partition_and_marginals(case: Case) -> None:
    found = enumerations(case)
    crf, emissions, mask, _ = case
    partition = crf.log_partition(emissions, mask).detach()
    assert_close(partition, torch.stack([each.scores.logsumexp(0) for each in found]))
    shares = [each.scores.softmax(0) for each in found]
    marginals = crf.marginals(emissions, mask)
    expected = torch.zeros_like(marginals)
    for row, (each, share) in enumerate(zip(found, shares, strict=True)):
        for place in range(each.paths.shape[1]):
            expected[row, place].index_add_(0, each.paths[:, place], share)
    torch.testing.assert_close(marginals, expected, rtol=0, atol=1e-9)


@settings(max_examples=80)
@given(cases(), st.integers(1, 6))
def test_best_sequences(case: Case, k: int) -> None:
    found = enumerations(case)
    crf, emissions, mask, _ = case
    best, several = crf.viterbi(emissions, mask), crf.k_best(emissions, mask, k)
    assert (best.tags == several.tags[:, 0]).all()
    assert_close(best.scores, several.scores[:, 0])
    for row, each in enumerate(found):
        length, count = each.paths.shape[1], min(k, len(each.paths))
        assert_close(several.scores[row, :count], each.scores[:count])
        assert several.scores[row, count:].isneginf().all()
        assert (several.tags[row, :, length:] == 0).all()
        assert (several.tags[row, count:] == 0).all()
        assert len({tuple(path) for path in several.tags[row, :count].tolist()}) == count
        # Equal to the enumerated ones by their scores: two may be alike but for rounding.
        for path, score in zip(several.tags[row, :count, :length], each.scores, strict=False):
            same = (each.paths == path).all(dim=1)
            assert_close(each.scores[same][0], score)


@settings(max_examples=60)
@given(cases())
def test_losses(case: Case) -> None:
    """Of the best, the second best, ... tags in turn: the definitions, and never negative."""
    found = enumerations(case)
    crf, emissions, mask, tags = case
    for row, each in enumerate(found):
        tags[row, : each.paths.shape[1]] = each.paths[row % len(each.paths)]
    chosen = torch.stack([each.scores[row % len(each.paths)] for row, each in enumerate(found)])
    total = torch.stack([each.scores.logsumexp(0) for each in found])
    assert_close(crf.score(emissions, mask, tags).detach(), chosen)
    likelihood = crf.negative_log_likelihood(emissions, mask, tags).detach()
    assert_close(likelihood, total - chosen)
    with torch.no_grad():  # which runs the scan in one way only
        assert_close(crf.negative_log_likelihood(emissions, mask, tags), likelihood)
    perceptron = crf.perceptron_loss(emissions, mask, tags).detach()
    assert_close(perceptron, torch.stack([each.scores[0] for each in found]) - chosen)
    assert (likelihood >= 0).all()
    assert (perceptron >= 0).all()
    hinge = crf.perceptron_loss(emissions, mask, tags, margin=2.5).detach()
    wrong = [
        2.5 * (each.paths != tags[row, : each.paths.shape[1]]).sum(dim=1)
        for row, each in enumerate(found)
    ]
    costly = [(each.scores + cost).max() for each, cost in zip(found, wrong, strict=True)]
    assert_close(hinge, torch.stack(costly) - chosen)
    assert (hinge >= perceptron - 1e-9).all()


@settings(max_examples=80)
@given(cases(), st.sampled_from([torch.float32, torch.float64]))
def test_losses_of_the_best_tags_are_not_negative(case: Case, dtype: torch.dtype) -> None:
    enumerations(case)
    crf, emissions, mask = case.crf.to(dtype), case.emissions.to(dtype), case.mask
    best = crf.viterbi(emissions, mask).tags
    assert (crf.negative_log_likelihood(emissions, mask, best) >= 0).all()
    assert (crf.perceptron_loss(emissions, mask, best) == 0).all()


@settings(max_examples=60)
@given(cases())
def test_a_batch_equals_one_by_one(case: Case) -> None:
    """Also without its padding, gradients included."""
    enumerations(case)
    crf, emissions, mask, _ = case
    tags = crf.viterbi(emissions, mask).tags
    tags[~mask] = -100

    def gradients(losses: list[Tensor]) -> list[Tensor]:
        return list(torch.autograd.grad(torch.cat(losses).sum(), list(crf.parameters())))

    def alone(row: int) -> tuple[Tensor, Tensor, Tensor]:
        length = int(mask[row].sum())
        pick = slice(row, row + 1), slice(0, length)
        return emissions[pick], mask[pick], tags[pick]

    rows = [alone(row) for row in range(len(mask))]
    for loss in (crf.negative_log_likelihood, crf.perceptron_loss):
        together = loss(emissions, mask, tags)
        singly = [loss(*row) for row in rows]
        assert_close(together, torch.cat(singly))
        for one, other in zip(gradients([together]), gradients(singly), strict=True):
            assert_close(one, other)
    marginals = crf.marginals(emissions, mask)
    assert (marginals[~mask] == 0).all()
    for row, (scores, inside, gold) in enumerate(rows):
        assert_close(marginals[row, : gold.shape[1]], crf.marginals(scores, inside)[0])
        assert (crf.viterbi(scores, inside).tags == gold).all()


@settings(max_examples=25)
@given(
    cases([0.1, 1.0, 3.0]),
    st.sampled_from(["score", "likelihood", "partition", "perceptron", "hinge"]),
)
def test_gradients(case: Case, name: str) -> None:
    found = enumerations(case)
    crf, emissions, mask, tags = case
    for row, each in enumerate(found):
        tags[row, : each.paths.shape[1]] = each.paths[-1]
        if name in ("perceptron", "hinge"):  # a corner where two sequences are equally good
            cost = 1.5 * (name == "hinge") * (each.paths != each.paths[-1]).sum(dim=1)
            best = (each.scores + cost).sort(descending=True).values
            assume(len(best) == 1 or float(best[0] - best[1]) > 1e-3)
    functions = {
        "score": lambda: crf.score(scores, mask, tags),
        "likelihood": lambda: crf.negative_log_likelihood(scores, mask, tags),
        "partition": lambda: crf.log_partition(scores, mask),
        "perceptron": lambda: crf.perceptron_loss(scores, mask, tags),
        "hinge": lambda: crf.perceptron_loss(scores, mask, tags, margin=1.5),
    }
    scores = emissions.nan_to_num(7.0).requires_grad_()
    inputs = (scores, *crf.parameters())
    assert torch.autograd.gradcheck(lambda *_: functions[name](), inputs)


@settings(max_examples=40)
@given(cases(), st.integers(0, 2))
def test_forbidden_lengths_are_refused(case: Case, row: int) -> None:
    """What enumeration finds no sequence for raises in every method, and only that."""
    row %= len(case.mask)
    length = int(case.mask[row].sum())
    one = case.emissions[row : row + 1, :length], case.mask[row : row + 1, :length]
    methods = [
        case.crf.log_partition,
        case.crf.viterbi,
        case.crf.marginals,
        lambda *given: case.crf.k_best(*given, 2),
    ]
    possible = len(enumerate_all(case, row).paths) > 0
    for method in methods:
        if possible:
            method(*one)
        else:
            with pytest.raises(ValueError, match=f"no tag sequence of {length} words"):
                method(*one)
