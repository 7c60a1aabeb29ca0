"""Beam search against every possible translation, against greedy search, and what it may skip."""

from itertools import product

import pytest
import torch
from torch import Tensor

from networks import KINDS, network
from nlpflow.decoding.beam import beam_search, length_penalty
from nlpflow.decoding.greedy import greedy
from nlpflow.models.ensemble import Ensemble
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS, SOS

pytestmark = pytest.mark.long

SENTENCES = [[4, 5, 6, 7, EOS], [8, EOS], [EOS], [5, 4, 8, EOS], [6, 6, EOS], [7, 8, 6, EOS]]
WORDS, LIMIT = 5, 3
EVERYTHING = sum((WORDS - 1) ** n for n in range(LIMIT + 1))
"""As many hypotheses as there are: a beam of this size drops none."""


def build(kind: str, seed: int = 0, eos: float = 0.0, words: int = 11, layers: int = 1) -> Seq2Seq:
    """A random model with large weights; `eos` makes `<EOS>` likelier."""
    torch.manual_seed(seed)
    model = build_seq2seq(network(kind, layers), 9, words, 5)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(3)
        model.decoder.output.bias[EOS] += eos
    return model.double().eval()


def batch(sentences: list[list[int]] = SENTENCES) -> tuple[Tensor, Tensor]:
    rows = [torch.tensor(sentence) for sentence in sentences]
    src = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    return src, torch.tensor([len(row) for row in rows])


@torch.no_grad()
def log_probabilities(
    model: Seq2Seq, sentence: list[int], translations: list[list[int]]
) -> list[float]:
    """Of translations of one length and `<EOS>`, under teacher forcing."""
    said = torch.tensor([[*words, EOS] for words in translations])
    readout, _ = model.teacher_forced(*batch([sentence] * len(said)), said)
    scores = model.decoder.logits(readout).log_softmax(dim=-1)
    return scores.gather(2, said.unsqueeze(2)).sum(dim=(1, 2)).tolist()


def every_translation(model: Seq2Seq, sentence: list[int], alpha: float):
    """All sentences of at most `LIMIT` words with their scores, the best first."""
    words = [word for word in range(WORDS) if word != EOS]
    found = []
    for n in range(LIMIT + 1):
        said = [list(one) for one in product(words, repeat=n)]
        scores = log_probabilities(model, sentence, said)
        found += [
            (score / ((5 + n + 1) / 6) ** alpha, one)
            for score, one in zip(scores, said, strict=True)
        ]
    return sorted(found, reverse=True)


@pytest.mark.parametrize("alpha", [0.0, 0.6, 2.0])
@pytest.mark.parametrize("kind", KINDS)
def test_a_beam_without_limit_finds_the_true_best(kind: str, alpha: float) -> None:
    for seed in range(3):
        model = build(kind, seed, words=WORDS)
        found = beam_search(model, *batch(SENTENCES[:3]), LIMIT, EVERYTHING, alpha, 5)
        for sentence, ranked in zip(SENTENCES[:3], found, strict=True):
            expected = every_translation(model, sentence, alpha)[:5]
            assert [one.words for one in ranked] == [words for _, words in expected]
            assert [one.score for one in ranked] == pytest.approx([score for score, _ in expected])


MIXED = [("additive", 1), ("tutorial", 2), ("none", 1)]
"""Kinds of attention and layers of the members of an ensemble."""


def ensemble(seed: int, words: int = 11, eos: float = 0.0) -> Ensemble:
    members = [
        build(kind, 10 * seed + number, eos, words, layers)
        for number, (kind, layers) in enumerate(MIXED)
    ]
    return Ensemble(members).eval()


def mean_log_probabilities(members: list[Seq2Seq], sentence: list[int], said: list[int]) -> float:
    """Of a translation and `<EOS>`, with each word's probability the mean over the members."""
    following = torch.tensor([[*said, EOS]])
    found = []
    for member in members:
        readout, _ = member.teacher_forced(*batch([sentence]), following)
        found.append(member.decoder.logits(readout).softmax(dim=-1)[0])
    mean = torch.stack(found).mean(dim=0)
    return float(mean.gather(1, following.T).log().sum())


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_an_ensemble_finds_the_true_best_of_the_mean(alpha: float) -> None:
    words = [word for word in range(WORDS) if word != EOS]
    everything = [list(one) for n in range(LIMIT + 1) for one in product(words, repeat=n)]
    for seed in range(2):
        model = ensemble(seed, WORDS)
        found = beam_search(model, *batch(SENTENCES[:3]), LIMIT, EVERYTHING, alpha, 5)
        for sentence, ranked in zip(SENTENCES[:3], found, strict=True):
            with torch.no_grad():
                expected = sorted(
                    (
                        (
                            mean_log_probabilities(list(model.members), sentence, said)
                            / ((5 + len(said) + 1) / 6) ** alpha,
                            said,
                        )
                        for said in everything
                    ),
                    reverse=True,
                )[:5]
            assert [one.words for one in ranked] == [said for _, said in expected]
            assert [one.score for one in ranked] == pytest.approx([score for score, _ in expected])


def test_a_small_beam_of_an_ensemble_equals_the_textbook() -> None:
    for seed in range(3):
        model = ensemble(seed, eos=2)
        found = beam_search(model, *batch(), 6, 3, 1.0, 2)
        for sentence, ranked in zip(SENTENCES, found, strict=True):
            with torch.no_grad():
                expected = textbook(model, sentence, 6, 3, 1.0, 2)
            assert [one.words for one in ranked] == [words for _, words in expected]


@pytest.mark.parametrize("kind", KINDS)
def test_one_model_twice_is_that_model(kind: str) -> None:
    model = build(kind, eos=2)
    twice = Ensemble([model, model]).eval()
    expected, found = (beam_search(one, *batch(), 6, 3, 0.6, 3) for one in (model, twice))
    for first, second in zip(expected, found, strict=True):
        assert [one.words for one in second] == [one.words for one in first]
        assert [one.score for one in second] == pytest.approx([one.score for one in first])
        for one, other in zip(first, second, strict=True):
            width = one.weights.shape[1]
            torch.testing.assert_close(other.weights[:, :width], one.weights)
    alone, both = (greedy(one, *batch(), 6) for one in (model, twice))
    assert torch.equal(alone.lengths, both.lengths)
    for row, length in enumerate(alone.lengths.tolist()):
        assert torch.equal(alone.words[row, :length], both.words[row, :length])


def test_all_translations_there_are() -> None:
    model = build("additive", words=WORDS)
    (found,) = beam_search(model, *batch(SENTENCES[:1]), LIMIT, EVERYTHING, 0.6, EVERYTHING)
    expected = every_translation(model, SENTENCES[0], 0.6)
    assert len(found) == EVERYTHING == 85
    assert [one.words for one in found] == [words for _, words in expected]


def textbook(model: Seq2Seq, sentence: list[int], limit: int, beam: int, alpha: float, n: int):
    """Beam search of one sentence with lists; each hypothesis is read anew, nothing is skipped."""
    live: list[tuple[float, list[int]]] = [(0.0, [])]
    ended: list[tuple[float, list[int]]] = []
    for step in range(limit + 1):
        penalty = ((5 + step + 1) / 6) ** alpha
        if step == limit:
            full = log_probabilities(model, sentence, [words for _, words in live])
            ended += [(s / penalty, words) for s, (_, words) in zip(full, live, strict=True)]
            break
        extended = []
        for score, words in live:
            said = torch.tensor([[*words, EOS]])
            readout, _ = model.teacher_forced(*batch([sentence]), said)
            following = model.decoder.logits(readout)[0, -1].log_softmax(dim=-1).tolist()
            extended += [(score + gain, [*words, word]) for word, gain in enumerate(following)]
        extended.sort(key=lambda one: -one[0])
        ended += [(s / penalty, words[:-1]) for s, words in extended[:beam] if words[-1] == EOS]
        live = [one for one in extended if one[1][-1] != EOS][:beam]
        ended.sort(key=lambda one: -one[0])
        if len(ended) >= beam and ended[n - 1][0] >= live[0][0] / penalty:
            break
    return sorted(ended, key=lambda one: -one[0])[:n]


def test_poor_hypotheses_do_not_end_the_search() -> None:
    """A live hypothesis that is better than all ended ones goes on, however many have ended."""
    model = build("additive", words=WORDS)

    def logits(readout: torch.Tensor) -> torch.Tensor:
        """`<EOS>` is unlikely and comes second at every step until the fourth."""
        scores = torch.full((*readout.shape[:-1], WORDS), -50.0)
        scores[..., 4], scores[..., EOS] = (0.0, -6.0) if len(steps) < 3 else (-6.0, 0.0)
        steps.append(None)
        return scores

    steps: list[None] = []
    model.decoder.logits = logits  # type: ignore[method-assign]
    ((best,),) = beam_search(model, *batch(SENTENCES[:1]), 6, 2)
    assert best.words == [4, 4, 4]
    assert best.score > -0.1


@pytest.mark.parametrize("alpha", [0.0, 1.0])
@pytest.mark.parametrize(("beam", "n_best"), [(2, 1), (3, 3), (5, 2)])
@pytest.mark.parametrize(("kind", "layers"), [("additive", 2), ("tutorial", 1)])
def test_equals_the_textbook(kind: str, layers: int, beam: int, n_best: int, alpha: float) -> None:
    """It may stop sooner, but only when that changes none of the best."""
    for seed in range(4):
        model = build(kind, seed, eos=2, layers=layers)
        found = beam_search(model, *batch(), 6, beam, alpha, n_best)
        for sentence, ranked in zip(SENTENCES, found, strict=True):
            with torch.no_grad():
                expected = textbook(model, sentence, 6, beam, alpha, n_best)
            assert [one.words for one in ranked] == [words for _, words in expected]
            assert [one.score for one in ranked] == pytest.approx([score for score, _ in expected])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("max_tokens", [1, 4, 12])
@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_a_beam_of_one_is_greedy_search(kind: str, max_tokens: int, alpha: float) -> None:
    for seed in range(4):
        model = build(kind, seed, eos=2)
        expected = greedy(model, *batch(), max_tokens)
        found = beam_search(model, *batch(), max_tokens, 1, alpha)
        for row, (one,) in enumerate(found):
            length = int(expected.lengths[row])
            assert one.words == expected.words[row, :length].tolist()
            assert one.ended == (expected.words[row, length : length + 1].tolist() == [EOS])
            steps = length + one.ended
            ours, theirs = one.weights[:steps], expected.weights[row, :steps]
            torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)
            assert len(one.weights) == length + 1


def test_weights_are_those_of_the_words() -> None:
    model = build("additive", eos=1)
    src, lengths = batch()
    for row, ranked in enumerate(beam_search(model, src, lengths, 5, 4, 0.6, 4)):
        for one in ranked:
            said = torch.tensor([[*one.words, EOS]])
            with torch.no_grad():
                _, weights = model.teacher_forced(src[row : row + 1], lengths[row : row + 1], said)
            torch.testing.assert_close(one.weights, weights[0], rtol=0, atol=1e-12)


def test_the_best_are_different_and_in_order() -> None:
    for ranked in beam_search(build("additive", eos=1), *batch(), 6, 6, 0.6, 6):
        assert len(ranked) == 6
        assert len({tuple(one.words) for one in ranked}) == 6
        scores = [one.score for one in ranked]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("max_tokens", [1, 6])
def test_length_limit(max_tokens: int) -> None:
    for ranked in beam_search(build("additive", eos=-1000), *batch(), max_tokens, 3, 0.6, 3):
        assert [len(one.words) for one in ranked] == [max_tokens] * 3
        assert not any(one.ended for one in ranked)


def test_length_penalty() -> None:
    assert length_penalty(1, 0.7) == 1
    assert length_penalty(19, 0.0) == 1
    assert length_penalty(7, 1.0) == 2
    assert length_penalty(19, 0.5) == 2


def test_a_stronger_penalty_gives_longer_translations() -> None:
    def words(alpha: float) -> int:
        models = [build("additive", seed, eos=1) for seed in range(6)]
        return sum(len(r[0].words) for m in models for r in beam_search(m, *batch(), 8, 5, alpha))

    assert words(0.0) < words(1.0) < words(5.0)


def test_sentences_leave_and_hypotheses_share_their_memory(monkeypatch) -> None:
    """Every step sees the memory of the live sentences only, once each; the encoder runs once."""
    model = build("additive", eos=2)
    seen: list[tuple[int, int]] = []
    attend, encode, encoded = model.decoder.attention.forward, model.encode, []

    def spy(query, hidden, memory):
        seen.append((len(memory.values), len(hidden)))
        return attend(query, hidden, memory)

    monkeypatch.setattr(model.decoder.attention, "forward", spy)
    monkeypatch.setattr(model, "encode", lambda *src: encoded.append(1) or encode(*src))
    beam_search(model, *batch(), 12, 3)
    sentences = [count for count, _ in seen]
    assert encoded == [1]
    assert seen[0] == (len(SENTENCES), len(SENTENCES))
    assert all(rows == 3 * count for count, rows in seen[1:])
    assert sentences == sorted(sentences, reverse=True)
    assert sentences[-1] < len(SENTENCES)


def test_stops_when_nothing_better_can_follow() -> None:
    """`<EOS>` is nearly certain at once: every other word costs more than it can win."""
    model = build("additive", eos=1000)
    steps = []
    model.decoder.register_forward_hook(lambda *_: steps.append(1))
    found = beam_search(model, *batch(), 50, 5)
    assert [ranked[0].words for ranked in found] == [[]] * len(SENTENCES)
    assert len(steps) == 1


def test_starts_from_sos() -> None:
    model = build("additive")
    fed = []
    model.decoder.register_forward_hook(lambda _, inputs, __: fed.append(inputs[0]))
    beam_search(model, *batch(), 2, 2)
    assert fed[0].tolist() == [[SOS]] * len(SENTENCES)
