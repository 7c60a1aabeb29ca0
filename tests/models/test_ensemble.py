"""An ensemble against the mean of its members' probabilities, computed one by one."""

import pytest
import torch
from torch import Tensor

from nlpflow.models.ensemble import Ensemble
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation_model import GRUModel, TransformerModel, TranslationModel
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS

# Every kind of attention, other sizes, and a tutorial's attention that is shorter than the source.
MEMBERS = {
    "additive": ({"attention": "additive", "bidirectional": True, "readout": "deep"}, 9),
    "layers": ({"attention": "general", "layers": 2, "hidden": 6}, 9),
    "tutorial": ({"attention": "tutorial", "embedding": 5}, 3),
    "dot": ({"attention": "dot"}, 9),
    "local-p": ({"attention": "local-p", "window": 1}, 9),
    "multi-head": ({"attention": "multi-head", "heads": 2}, 9),
    "none": ({"attention": "none", "hidden": 4}, 9),
    "transformer": ({"network": "transformer", "heads": 2, "feed_forward": 4}, 9),
}
SENTENCES = [[4, 5, 6, 7, EOS], [8, EOS], [5, 4, 8, EOS]]
TRANSLATIONS = torch.tensor([[5, 4, EOS], [6, 6, EOS], [4, 7, EOS]])


def member(name: str, seed: int = 0) -> Seq2Seq:
    """A random model with large weights."""
    settings, longest = MEMBERS[name]
    torch.manual_seed(seed)
    if "network" in settings:
        values: TranslationModel = TransformerModel(embedding=6, **settings)
    else:
        values = GRUModel(**({"embedding": 6, "hidden": 8} | settings))
    model = build_seq2seq(values, 9, 10, longest)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(3)
    return model.eval()


def batch() -> tuple[Tensor, Tensor]:
    rows = [torch.tensor(sentence) for sentence in SENTENCES]
    src = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    return src, torch.tensor([len(row) for row in rows])


def probabilities(model: Seq2Seq) -> tuple[Tensor, Tensor]:
    """Of every word at every step of the translations, and the attention weights."""
    readout, weights = model.teacher_forced(*batch(), TRANSLATIONS)
    return model.decoder.logits(readout).softmax(dim=-1), weights


@pytest.mark.parametrize(
    "names",
    [
        ("additive", "additive"),
        ("additive", "layers", "tutorial"),
        ("dot", "local-p", "multi-head"),
        ("none",),
        ("transformer", "dot"),
    ],
)
@torch.no_grad()
def test_the_mean_of_the_probabilities(names: tuple[str, ...]) -> None:
    members = [member(name, seed) for seed, name in enumerate(names)]
    found, weights = probabilities(Ensemble(members))
    expected = [probabilities(one) for one in members]
    torch.testing.assert_close(found, torch.stack([p for p, _ in expected]).mean(dim=0))
    torch.testing.assert_close(found.sum(dim=-1), torch.ones(3, 3))
    wide = [torch.nn.functional.pad(w, (0, 5 - w.shape[2])) for _, w in expected]
    torch.testing.assert_close(weights, torch.stack(wide).mean(dim=0))


@torch.no_grad()
def test_a_network_that_looks_nowhere_does_not_count_in_the_weights() -> None:
    looking, blind = member("additive"), member("none")
    ensemble = Ensemble([blind, looking])
    torch.testing.assert_close(probabilities(ensemble)[1], probabilities(looking)[1])
    assert ensemble.decoder.has_attention
    assert not Ensemble([blind, blind]).decoder.has_attention
