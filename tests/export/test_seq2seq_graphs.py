"""The graphs of translation networks against the networks and the project's greedy search."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor

from networks import KINDS, network
from nlpflow.decoding.greedy import greedy
from nlpflow.export.seq2seq import seq2seq_graphs
from nlpflow.models.copying import CopyingDecoder
from nlpflow.models.recurrent import take_rows
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS, SOS

pytestmark = pytest.mark.long

LENGTHS = (1, 2, 7, 30)
SRC, TGT, LONGEST = 11, 13, 9
STEPS = 12
ROWS = 3


def variants() -> Iterator[Any]:
    """Each attention in a small network, and in a larger one that copies if it can."""
    for kind in KINDS:
        yield pytest.param((kind, {}, False), id=kind)
        larger: dict[str, Any] = {"layers": 2}
        if kind != "transformer":
            larger |= {"readout": "deep", "bidirectional": kind != "dot", "dropout": 0.5}
        yield pytest.param((kind, larger, kind != "none"), id=f"{kind}, larger")
    yield pytest.param(("dot", {"layers": 3, "residual": False}, False), id="dot, not residual")
    tied = {"readout": "deep", "tied_embeddings": True}
    yield pytest.param(("additive", tied, False), id="additive, tied")


def build(kind: str, values: dict[str, Any], copying: bool) -> Seq2Seq:
    """A random network whose outputs vary, and sometimes end."""
    torch.manual_seed(3)
    settings = network(kind, **values).model_copy(update={"copying": copying})
    model = build_seq2seq(settings, SRC, TGT, LONGEST)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(2 if kind == "transformer" else 3)
    return model.eval()


class Session:
    """The two graphs; outputs by name."""

    def __init__(self, model: Seq2Seq, folder: Path):
        self.parts: dict[str, onnxruntime.InferenceSession] = {}
        for name, graph in seq2seq_graphs(model).items():
            graph.write(folder / name)
            self.parts[name] = onnxruntime.InferenceSession(folder / name)

    def run(self, name: str, values: dict[str, Any]) -> dict[str, Any]:
        session = self.parts[name]
        given = {one.name: np.asarray(values[one.name]) for one in session.get_inputs()}
        names = [one.name for one in session.get_outputs()]
        return dict(zip(names, session.run(names, given), strict=True))

    def step(self, values: dict[str, Any], words: Any) -> dict[str, Any]:
        """The outputs of a step; `values` becomes those of the next one."""
        found = self.run("decoder.onnx", values | {"words": np.asarray(words)})
        values |= {name.removeprefix("next_"): value for name, value in found.items()}
        return found


def source_of(model: Seq2Seq, length: int) -> tuple[Tensor, Tensor | None]:
    """A sentence and its ids for copying: some words are in the target vocabulary."""
    source = torch.cat([torch.randint(4, SRC, (length - 1,)), torch.tensor([EOS])])[None]
    if not model.decoder.copies:
        return source, None
    words: dict[int, int] = {}
    copies = [
        int(word) if word < 7 else words.setdefault(int(word), TGT + len(words))
        for word in source[0]
    ]
    return source, torch.tensor([copies])


@pytest.fixture(scope="module", params=variants())
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Seq2Seq, Session]:
    model = build(*request.param)
    return model, Session(model, tmp_path_factory.mktemp("graphs"))


@torch.no_grad()
def test_search_and_scores_at_every_length(both: tuple[Seq2Seq, Session]) -> None:
    model, session = both
    first = set()
    for length in LENGTHS:
        source, copies = source_of(model, length)
        lengths = torch.tensor([length])
        expected = greedy(model, source, lengths, STEPS, copies)
        values = session.run("encoder.onnx", {"source": source})
        if copies is not None:
            values["copies"] = copies.numpy()
        memory, state = model.encode(source, lengths, copies)
        words, weights, rounded = [SOS], [], []
        while len(words) <= STEPS + 1 and (words[-1] != EOS):
            found = session.step(values, words[-1:])
            decoded = model.decoder(torch.tensor([words[-1:]]), state, memory)
            state = decoded.state
            scores = model.decoder.logits(decoded.readout)[:, 0].log_softmax(dim=-1)
            np.testing.assert_allclose(found["log_probabilities"], scores, rtol=1e-4, atol=1e-4)
            rounded.append(np.round(found["log_probabilities"][0, :TGT], 2).tolist())
            words.append(int(found["log_probabilities"][0].argmax()))
            weights.append(found["attention"])
        count = int(expected.lengths)
        assert words[1:][:count] == expected.words[0, :count].tolist()
        assert (words[-1] == EOS) == (expected.words[0, count:].tolist()[:1] == [EOS])
        seen = np.concatenate(weights)
        np.testing.assert_allclose(seen, expected.weights[0, : len(seen)], atol=1e-5)
        first.add(tuple(rounded[0]))
    assert len(first) == len(LENGTHS)  # the source matters


@torch.no_grad()
def test_hypotheses_of_a_sentence_side_by_side(both: tuple[Seq2Seq, Session]) -> None:
    model, session = both
    source, copies = source_of(model, 6)
    values = session.run("encoder.onnx", {"source": source})
    if copies is not None:
        values["copies"] = copies.numpy()
    memory, state = model.encode(source, torch.tensor([6]), copies)
    state = take_rows(state, torch.zeros(ROWS, dtype=torch.long))
    for name in [name for name in values if name.startswith("state_")]:
        values[name] = values[name].repeat(ROWS, axis=0)
    for words in ([SOS] * ROWS, [4, 5, 6], [9, EOS, 4]):
        found = session.step(values, words)
        decoded = model.decoder(torch.tensor(words)[:, None], state, memory)
        state = decoded.state
        scores = model.decoder.logits(decoded.readout)[:, 0].log_softmax(dim=-1)
        np.testing.assert_allclose(found["log_probabilities"], scores, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(found["attention"], decoded.weights[:, 0], atol=1e-5)
    assert len({row.tobytes() for row in found["log_probabilities"]}) == ROWS


@pytest.mark.parametrize("bias", [-12.0, 12.0])
def test_a_gate_that_is_almost_shut(bias: float, tmp_path: Path) -> None:
    """The exporter's own log-sigmoid is off by 0.01 there."""
    model = build("additive", {}, copying=True)
    assert isinstance(model.decoder, CopyingDecoder)
    with torch.no_grad():
        model.decoder.gate.bias.fill_(bias)
        model.decoder.gate.weight.zero_()
    test_search_and_scores_at_every_length((model, Session(model, tmp_path)))


@pytest.mark.parametrize("kind", ["general", "transformer"])
def test_equal_networks_give_equal_bytes(kind: str, tmp_path: Path) -> None:
    written = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        Session(build(kind, {}, copying=True), tmp_path / name)
        written.append([path.read_bytes() for path in sorted((tmp_path / name).iterdir())])
    assert written[0] == written[1]
