"""The linear-chain CRF: refusals, extreme scores, long sentences, and pytorch-crf beside it."""

import gc
import re
import weakref

import pytest
import torch
import torchcrf
from torch import Tensor, nn

from nlpflow.models.crf import Constraints, LinearChainCRF, scheme_constraints
from nlpflow.models.crf.chain import Chain, build_chain, double, weight_table
from nlpflow.models.crf.forward_backward import LogSpace, Scaled, scale_of

IOBES = ["O", "B-X", "I-X", "E-X", "S-X", "B-Y", "I-Y", "E-Y", "S-Y"]
IOB2 = ["O", "B-X", "I-X", "B-Y", "I-Y"]
LENGTHS = [40, 1, 17, 39, 2]


def mask_of(lengths: list[int]) -> Tensor:
    return torch.arange(max(lengths)) < torch.tensor(lengths).unsqueeze(1)


def crf_with(constraints: Constraints | None, tags: int, spread: float = 1.0) -> LinearChainCRF:
    crf = LinearChainCRF(tags, constraints).double()
    with torch.no_grad():
        for weight in crf.parameters():
            weight.copy_(torch.randn_like(weight) * spread)
    return crf


def chain_of(crf: LinearChainCRF, emissions: Tensor, lengths: list[int]) -> Chain:
    return double(build_chain(emissions, mask_of(lengths), crf.weights().detach()))


def drawn(tags: int, spread: float = 1.0, lengths: list[int] = LENGTHS) -> Tensor:
    return torch.randn(len(lengths), max(lengths), tags, dtype=torch.double) * spread


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(1)


class TestProbabilitySpace:
    """Equal to log space wherever the bound lets it be used, however seldom it rescales."""

    @pytest.mark.parametrize("scheme", [None, "IOB2", "IOBES"])
    @pytest.mark.parametrize("spread", [0.0, 1.0, 5.0, 9.0])
    def test_equals_log_space(self, scheme: str | None, spread: float) -> None:
        tags = IOB2 if scheme == "IOB2" else IOBES
        crf = crf_with(scheme_constraints(tags, scheme) if scheme else None, len(tags), spread)
        chain = chain_of(crf, drawn(len(tags), spread), LENGTHS)
        scale = scale_of(chain, crf.mixing)
        assert scale.interval >= 1
        wanted = LogSpace(chain, both=True)
        weights = torch.rand(len(LENGTHS), dtype=torch.double)
        for words in {1, 2, 3, scale.interval}:
            if words > scale.interval:
                continue
            found = Scaled(chain, scale._replace(interval=words), both=True)
            only_forward = Scaled(chain, scale._replace(interval=words), both=False)
            for tables in (found, only_forward):
                torch.testing.assert_close(tables.log_partition, wanted.log_partition)
            for one, other in zip(found.counts(weights), wanted.counts(weights), strict=True):
                torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-12)

    @pytest.mark.parametrize("shift", [-70, -20, 20, 70])
    def test_weights_far_from_that_of_the_edge(self, shift: int) -> None:
        """From edge to edge costs nothing, which is far more or less than all else here."""
        crf = crf_with(scheme_constraints(IOBES, "IOBES"), len(IOBES))
        with torch.no_grad():
            for weight in crf.parameters():
                weight += shift
        lengths = [*LENGTHS[1:], max(LENGTHS) + 1]
        mask = nn.functional.pad(mask_of(lengths), (0, 3))  # and positions of padding alone
        emissions = torch.randn(*mask.shape, len(IOBES), dtype=torch.double)
        chain = double(build_chain(emissions, mask, crf.weights().detach()))
        scale = scale_of(chain, crf.mixing)
        assert scale.interval >= 1
        found, wanted = Scaled(chain, scale, both=True), LogSpace(chain, both=True)
        torch.testing.assert_close(found.log_partition, wanted.log_partition)
        weights = torch.rand(len(lengths), dtype=torch.double)
        for one, other in zip(found.counts(weights), wanted.counts(weights), strict=True):
            torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9)

    def test_is_left_in_time(self) -> None:
        """From spread to spread it is given up, and up to there it is right."""
        crf, used = crf_with(scheme_constraints(IOBES, "IOBES"), len(IOBES), 0.0), []
        for spread in range(0, 150, 3):
            # Two tags, each the worst from one end: what lies between them must not be lost.
            chain = chain_of(crf, adverse(spread), [60])
            scale = scale_of(chain, crf.mixing)
            used.append(scale.interval > 0)
            if scale.interval:
                one, other = Scaled(chain, scale, both=True), LogSpace(chain, both=True)
                torch.testing.assert_close(one.log_partition, other.log_partition)
                weights = torch.ones(1, dtype=torch.double)
                for left, right in zip(one.counts(weights), other.counts(weights), strict=True):
                    torch.testing.assert_close(left, right, rtol=1e-9, atol=1e-12)
        assert used[0]
        assert not used[-1]
        assert used == sorted(used, reverse=True)

    def test_would_be_wrong_beyond(self) -> None:
        """Why there is a bound: a finite partition that is not the right one."""
        crf = crf_with(None, 2, 0.0)
        chain = chain_of(crf, torch.zeros(1, 9, 2, dtype=torch.double), [9])
        apart = torch.tensor([[0.0, -1000.0], [-1000.0, 0.0]], dtype=torch.double)
        ends = torch.tensor([0.0, -990.0], dtype=torch.double)
        chain = chain._replace(weights=weight_table(ends, apart, ends.flip(0)))
        scale = scale_of(chain, 1)
        assert scale.interval == 0
        right = LogSpace(chain, both=False).log_partition
        wrong = Scaled(chain, scale._replace(interval=1), both=False).log_partition
        assert not torch.allclose(wrong, right)
        assert float(right) == pytest.approx(-990 + float(torch.tensor(2.0).log()))

    def test_is_not_used_where_tags_do_not_mix(self) -> None:
        """Tag 1 is followed by itself alone, so that nothing bounds how unlikely it becomes."""
        forbidden = torch.tensor([[False, False], [True, False]])
        constraints = Constraints(torch.zeros(2).bool(), forbidden, torch.zeros(2).bool())
        crf = crf_with(constraints, 2)
        assert crf.mixing is None
        assert scale_of(chain_of(crf, drawn(2), LENGTHS), crf.mixing).interval == 0


def adverse(spread: float) -> Tensor:
    """Emissions for 60 words that favour one tag at first, and another at last, (1, 60, tags)."""
    emissions = torch.zeros(1, 60, len(IOBES), dtype=torch.double)
    emissions[0, :30, IOBES.index("I-X")] = spread
    emissions[0, 30:, IOBES.index("I-Y")] = spread
    return emissions


@pytest.mark.parametrize("constrained", [False, True])
def test_scores_a_thousand_apart(constrained: bool) -> None:
    """Against a plain recursion in log space for one sentence; in float32 too."""
    constraints = scheme_constraints(IOB2, "IOB2") if constrained else None
    crf = crf_with(constraints, len(IOB2), 1000.0)
    emissions, mask = drawn(len(IOB2), 1000.0), mask_of(LENGTHS)
    found = crf.log_partition(emissions, mask).detach()
    chain = chain_of(crf, emissions, LENGTHS)
    for row, length in enumerate(LENGTHS):
        alpha = chain.start + emissions[row, 0]
        for word in emissions[row, 1:length]:
            alpha = (alpha.unsqueeze(1) + chain.transitions).logsumexp(0) + word
        torch.testing.assert_close(found[row], (alpha + chain.stop).logsumexp(0))
    best = crf.viterbi(emissions, mask).tags
    loss = crf.negative_log_likelihood(emissions.requires_grad_(), mask, best)
    assert (loss >= 0).all()
    gradients = torch.autograd.grad(loss.sum(), [emissions, *crf.parameters()])
    assert all(gradient.isfinite().all() for gradient in gradients)
    marginals = crf.marginals(emissions, mask)
    torch.testing.assert_close(marginals.sum(2), mask.double())
    single = crf.float().negative_log_likelihood(emissions.detach().float(), mask, best)
    assert single.isfinite().all()
    assert (single >= 0).all()


def test_gradient_of_forbidden_transitions_is_zero() -> None:
    constraints = scheme_constraints(IOBES, "IOBES")
    crf = crf_with(constraints, len(IOBES))
    emissions, mask = drawn(len(IOBES)), mask_of(LENGTHS)
    for spread in (1, 1000):
        tags = crf.viterbi(-emissions, mask).tags
        crf.negative_log_likelihood(emissions * spread, mask, tags).sum().backward()
        for weight, table in zip((crf.start, crf.transitions, crf.stop), constraints, strict=False):
            assert (weight.grad[table] == 0).all()
            assert (weight.grad[~table] != 0).any()
            weight.grad = None


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equals_pytorch_crf(dtype: torch.dtype) -> None:
    tags, lengths = 7, [6, 3, 5, 1]
    crf, peer = LinearChainCRF(tags).to(dtype), torchcrf.CRF(tags, batch_first=True).to(dtype)
    pairs = [
        (crf.start, peer.start_transitions),
        (crf.transitions, peer.transitions),
        (crf.stop, peer.end_transitions),
    ]
    with torch.no_grad():
        for ours, theirs in pairs:
            theirs.copy_(ours.copy_(torch.randn_like(ours)))
    mask, emissions = mask_of(lengths), drawn(tags, 2.0, lengths).to(dtype).requires_grad_()
    gold = torch.randint(tags, mask.shape)
    loss = crf.negative_log_likelihood(emissions, mask, gold)
    expected = -peer(emissions, gold, mask, reduction="none")
    torch.testing.assert_close(loss, expected)
    weights = torch.rand(len(lengths), dtype=dtype)
    mine = torch.autograd.grad(loss @ weights, [emissions, *(ours for ours, _ in pairs)])
    peers = torch.autograd.grad(expected @ weights, [emissions, *(other for _, other in pairs)])
    for one, other in zip(mine, peers, strict=True):
        torch.testing.assert_close(one, other)
    best = crf.viterbi(emissions, mask).tags.tolist()
    decoded = [row[:length] for row, length in zip(best, lengths, strict=True)]
    assert decoded == peer.decode(emissions, mask)


@pytest.mark.parametrize("constrained", [False, True])
def test_decoded_sequences_obey_the_scheme(constrained: bool) -> None:
    """The k best too; without constraints the same scores lead to forbidden ones."""
    constraints = scheme_constraints(IOBES, "IOBES")
    crf = crf_with(constraints if constrained else None, len(IOBES))
    emissions, mask = drawn(len(IOBES), 3.0), mask_of(LENGTHS)
    broken = 0
    for row, paths in enumerate(crf.k_best(emissions, mask, 4).tags):
        for path in paths[:, : LENGTHS[row]]:
            broken += bool(constraints.start[path[0]]) + bool(constraints.stop[path[-1]])
            broken += int(constraints.transitions[path[:-1], path[1:]].sum())
    assert (broken == 0) == constrained


def test_graph_is_freed_without_the_collector() -> None:
    crf, emissions = LinearChainCRF(3), torch.randn(2, 4, 3, requires_grad=True)
    mask, tags = torch.ones(2, 4, dtype=torch.bool), torch.zeros(2, 4, dtype=torch.long)
    gc.disable()
    try:
        loss = crf.negative_log_likelihood(emissions, mask, tags)
        seen = weakref.ref(loss)
        loss.sum().backward()
        del loss
        assert seen() is None
    finally:
        gc.enable()


class TestGradient:
    """Written by hand, so what torch does for others must be seen to."""

    def setup_method(self) -> None:
        torch.manual_seed(1)
        self.crf = LinearChainCRF(len(IOB2), scheme_constraints(IOB2, "IOB2"))
        self.emissions = drawn(len(IOB2)).float()
        self.emissions[~mask_of(LENGTHS)] = float("nan")
        self.emissions.requires_grad_()

    def loss(self) -> Tensor:
        tags = torch.zeros(self.emissions.shape[:2], dtype=torch.long)
        return self.crf.negative_log_likelihood(self.emissions, mask_of(LENGTHS), tags).sum()

    def test_twice_over_one_graph(self) -> None:
        loss = self.loss()
        first, second = (
            torch.autograd.grad(loss, [self.emissions, *self.crf.parameters()], retain_graph=True)
            for _ in range(2)
        )
        for one, other in zip(first, second, strict=True):
            assert torch.equal(one, other)
        assert not first[0][~mask_of(LENGTHS)].any()

    def test_parameters_that_are_not_learnt(self) -> None:
        whole = torch.autograd.grad(self.loss(), [self.emissions, self.crf.start])
        self.crf.transitions.requires_grad_(False)
        self.loss().backward()
        assert self.crf.transitions.grad is None
        assert torch.equal(self.emissions.grad, whole[0])
        assert torch.equal(self.crf.start.grad, whole[1])

    def test_of_a_gradient_is_refused(self) -> None:
        with pytest.raises(RuntimeError, match="can be differentiated once, not twice"):
            torch.autograd.grad(self.loss(), self.emissions, create_graph=True)


def test_losses_in_half_precision_whose_sum_is_out_of_range() -> None:
    """Each is a number; log partition is none, and was not asked for."""
    crf, emissions = LinearChainCRF(2), torch.zeros(2, 1, 2, dtype=torch.float16)
    emissions[:, :, 0], tags = 40_000, torch.ones(2, 1, dtype=torch.long)
    loss = crf.negative_log_likelihood(emissions, torch.ones(2, 1, dtype=torch.bool), tags)
    assert loss.tolist() == pytest.approx([40_000, 40_000])
    assert loss.dtype == torch.float32
    assert loss.sum().isfinite()


def test_state_is_the_three_parameters() -> None:
    crf = LinearChainCRF(len(IOB2), scheme_constraints(IOB2, "IOB2"))
    assert set(crf.state_dict()) == {"start", "transitions", "stop"}


GOOD = (2, 3, 4)
"""Sizes of the refusals below: batch, time, tags."""


def call(emissions: tuple[int, ...] = GOOD, mask: Tensor | None = None, tags: Tensor | None = None):
    mask = torch.ones(GOOD[:2], dtype=torch.bool) if mask is None else mask
    tags = torch.zeros(GOOD[:2], dtype=torch.long) if tags is None else tags
    return LinearChainCRF(GOOD[2]).negative_log_likelihood(torch.zeros(emissions), mask, tags)


REFUSED = {
    "emissions have shape (2, 3, 5), expected (batch, time, 4)": {"emissions": (2, 3, 5)},
    "emissions have shape (2, 4), expected (batch, time, 4)": {"emissions": (2, 4)},
    "the mask has shape (2, 2), expected (2, 3) for emissions of shape (2, 3, 4)": {
        "mask": torch.ones(2, 2, dtype=torch.bool)
    },
    "the mask is torch.int64, expected torch.bool": {"mask": torch.ones(2, 3, dtype=torch.long)},
    "sentence 1 of 2 has length 0": {
        "mask": torch.tensor([[True, True, False], [False, False, False]])
    },
    "the mask of sentence 1 has holes: 2 words, the last of them at position 2": {
        "mask": torch.tensor([[True, True, True], [True, False, True]])
    },
    "the mask of sentence 0 has holes: 1 words, the last of them at position 1": {
        "mask": torch.tensor([[False, True, False], [True, True, True]])
    },
    "emissions of shape (0, 3, 4) have no word": {
        "emissions": (0, 3, 4),
        "mask": torch.ones(0, 3, dtype=torch.bool),
    },
    "emissions of shape (2, 0, 4) have no word": {
        "emissions": (2, 0, 4),
        "mask": torch.ones(2, 0, dtype=torch.bool),
    },
    "the tags have shape (2, 4), expected (2, 3)": {"tags": torch.zeros(2, 4, dtype=torch.long)},
    "tags range from 0 to 4, expected 0 to 3": {"tags": torch.tensor([[0, 1, 2], [3, 4, 0]])},
    "tags range from -1 to 0, expected 0 to 3": {"tags": torch.tensor([[0, 0, 0], [0, -1, 0]])},
}


@pytest.mark.parametrize("message", REFUSED)
def test_sizes_that_do_not_match(message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call(**REFUSED[message])


def test_what_the_refusals_are_made_of_is_accepted() -> None:
    assert call().shape == (2,)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_emissions_that_are_no_numbers(value: float) -> None:
    emissions, mask = torch.zeros(GOOD), torch.ones(GOOD[:2], dtype=torch.bool)
    emissions[1, 2, 3] = value
    crf, tags = LinearChainCRF(GOOD[2]), torch.full(GOOD[:2], 3)
    for method in (
        lambda: crf.negative_log_likelihood(emissions, mask, tags),
        lambda: crf.perceptron_loss(emissions, mask, tags),
    ):
        with pytest.raises(ValueError, match=re.escape(f"(1, 2, 3) is {value}")):
            method()


def test_parameters_that_are_no_numbers() -> None:
    crf = LinearChainCRF(2)
    with torch.no_grad():
        crf.transitions[0, 1] = float("nan")
    with pytest.raises(ValueError, match="the score of sentence 0 is nan: check the parameters"):
        crf.log_partition(torch.zeros(1, 3, 2), torch.ones(1, 3, dtype=torch.bool))


def test_forbidden_gold_tags() -> None:
    crf = LinearChainCRF(len(IOB2), scheme_constraints(IOB2, "IOB2"))
    tags = torch.tensor([[0, 1, 2], [0, 2, 0]])
    emissions, mask = torch.zeros(2, 3, len(IOB2)), torch.ones(2, 3, dtype=torch.bool)
    assert crf.score(emissions, mask, tags).isneginf().tolist() == [False, True]
    for loss in (crf.negative_log_likelihood, crf.perceptron_loss):
        with pytest.raises(ValueError, match=r"forbid the tags of sentence 1: \[0, 2, 0\]"):
            loss(emissions, mask, tags)


def test_bad_construction() -> None:
    with pytest.raises(ValueError, match="0 tags"):
        LinearChainCRF(0)
    right = Constraints(torch.zeros(2).bool(), torch.zeros(2, 2).bool(), torch.zeros(2).bool())
    with pytest.raises(ValueError, match=r"transitions: torch.bool of shape \(2,\), .* \(2, 2\)"):
        LinearChainCRF(2, right._replace(transitions=torch.zeros(2).bool()))
    with pytest.raises(ValueError, match=r"stop: torch.float32 of shape \(2,\), .*torch.bool"):
        LinearChainCRF(2, right._replace(stop=torch.zeros(2)))
    with pytest.raises(ValueError, match="k is 0"):
        LinearChainCRF(2).k_best(torch.zeros(1, 1, 2), torch.ones(1, 1, dtype=torch.bool), 0)
