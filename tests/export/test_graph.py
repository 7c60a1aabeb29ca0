"""A graph that does not compute what its network computes is refused."""

import importlib.util
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from nlpflow.errors import UserError
from nlpflow.export.graph import Case, Graph, check_installed

LENGTHS = (1, 2, 7)


class Reader(nn.Module):
    """A GRU that keeps what it reads, or by mistake as many steps as its example has."""

    def __init__(self, baked: bool):
        super().__init__()
        torch.manual_seed(1)
        self.gru = nn.GRU(3, 4, batch_first=True)
        self.dropout = nn.Dropout(0.5)
        self.baked = baked

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.dropout(self.gru(inputs)[0])
        return outputs[:, : int(inputs.shape[1])] * 2 if self.baked else outputs * 2


def graph(network: nn.Module) -> Graph:
    expected = Reader(baked=False).eval()
    inputs = [torch.randn(1, length, 3) for length in LENGTHS]
    cases = [Case([one], [expected(one).detach()]) for one in inputs]
    axes = {"inputs": {1: "time"}, "outputs": {1: "time"}}
    return Graph.of(network, {"inputs": torch.ones(1, 5, 3)}, ["outputs"], axes, cases)


def test_type_and_shape_of_each_input_and_output(tmp_path: Path) -> None:
    written = graph(Reader(baked=False))
    written.write(tmp_path / "reader.onnx")
    assert written.description() == {
        "inputs": {"inputs": {"type": "float32", "shape": [1, "time", 3]}},
        "outputs": {"outputs": {"type": "float32", "shape": [1, "time", 4]}},
    }


def test_a_length_of_the_example_in_the_graph_is_found(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"reader\.onnx: ONNX Runtime differs from torch by inf"):
        graph(Reader(baked=True)).write(tmp_path / "reader.onnx")


def test_another_network_is_found(tmp_path: Path) -> None:
    other = Reader(baked=False)
    with torch.no_grad():
        other.gru.bias_hh_l0.add_(0.01)
    with pytest.raises(UserError, match=r"reader\.onnx: ONNX Runtime differs from torch by 0\.0"):
        graph(other).write(tmp_path / "reader.onnx")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    check_installed()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError) as refused:
        check_installed()
    expected = "--to onnx: onnx and onnxruntime not installed; run: pip install 'nlpflow[onnx]'"
    assert str(refused.value) == expected
