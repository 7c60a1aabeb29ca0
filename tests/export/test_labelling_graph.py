"""The graph of a tagger against the tagger, and Viterbi outside against the network's own."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from nlpflow.export.onnx_folder import export_to_onnx
from nlpflow.models.embeddings import OpenEmbedding
from nlpflow.tables import read_json
from nlpflow.tasks.labelling.labeller import Labeller, load_labeller, pad_sentences
from nlpflow.text.words import word_affixes, word_shape
from nlpflow.vectors.pretrained import source_digests
from untrained import TAGS, labelling_run

pytestmark = pytest.mark.long

LENGTHS = (1, 2, 7, 30)
CHARACTERS = {"characters": {"embedding": 3, "hidden": 3, "bidirectional": True}}
NEITHER: dict[str, Any] = {"characters": None, "affixes": None}
AFFIXES = {"affixes": {"embedding": 2}}
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "words": ("tagging", NEITHER | {"bidirectional": False, "dropout": 0.5}),
    "layers": ("tagging", NEITHER | {"layers": 2, "bidirectional": True}),
    "characters": ("tagging", NEITHER | CHARACTERS | {"output": "crf"}),
    "affixes": ("tagging", NEITHER | AFFIXES | {"output": "softmax"}),
    "entities": ("entities", CHARACTERS | AFFIXES | {"output": "crf", "scheme": "IOBES"}),
}
KNOWN = ["Ann", "saw", "Oslo", "York", "Zoé", ".", "Oslos", "xyz", "A" * 50]


def sentence(length: int) -> list[str]:
    return [str(word) for word in np.random.default_rng(length).choice(KNOWN, length)]


class Exported:
    """The folder of an export, read with json, numpy and ONNX Runtime alone."""

    def __init__(self, folder: Path):
        self.config = json.loads((folder / "config.json").read_text())
        self.session = onnxruntime.InferenceSession(folder / "emissions.onnx")
        self.stored = json.loads((folder / self.config["vocabulary"]["file"]).read_text())
        transitions = self.config["transitions"]
        self.crf = None if transitions is None else dict(np.load(folder / transitions))

    def ids(self, part: str, tokens: list[str]) -> list[int]:
        known = {token: number for number, token in enumerate(self.stored[part], 4)}
        return [known.get(token, 1) for token in tokens]

    def emissions(self, words: list[str], more: dict[str, Any]) -> Any:
        half = self.config["longest_word"] // 2
        short = [w if len(w) <= 2 * half else w[:half] + w[-half:] for w in words]
        characters = np.zeros((len(words), max(map(len, short))), np.int64)
        for row, word in zip(characters, short, strict=True):
            row[: len(word)] = self.ids("letters", list(word))
        longest = self.stored["longest_affix"]
        names = [[*word_affixes(w, longest), f"shape:{word_shape(w)}"] for w in words]
        values = {
            "words": np.array(self.ids("words", words)),
            "characters": characters,
            "lengths": np.array([len(word) for word in short]),
            "affixes": np.array([self.ids("affixes", row) for row in names]),
        } | more
        given = {one.name: values[one.name] for one in self.session.get_inputs()}
        return self.session.run(["emissions"], given)[0]

    def best(self, emissions: Any) -> list[str]:
        """Viterbi, or the best tag of each word."""
        if self.crf is None:
            return [self.stored["tags"][tag] for tag in emissions.argmax(axis=1)]
        scores, pointers = self.crf["start"] + emissions[0], []
        for word in emissions[1:]:
            all_scores = scores[:, None] + self.crf["transitions"]
            pointers.append(all_scores.argmax(axis=0))
            scores = all_scores.max(axis=0) + word
        path = [int((scores + self.crf["stop"]).argmax())]
        for pointer in reversed(pointers):
            path.append(int(pointer[path[-1]]))
        return [self.stored["tags"][tag] for tag in reversed(path)]


@pytest.fixture(scope="module", params=MODELS)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Labeller, Exported]:
    folder = tmp_path_factory.mktemp("labelling")
    task, model = MODELS[request.param]
    run = labelling_run(folder / "e/seed-1", task, **model)
    export_to_onnx(run, "a card", folder / "exported")
    return load_labeller(run)[0], Exported(folder / "exported")


@torch.no_grad()
def test_emissions_and_tags_at_every_length(both: tuple[Labeller, Exported]) -> None:
    labeller, exported = both
    for length in LENGTHS:
        words = sentence(length)
        with_spellings = bool(labeller.network.tagger.encoders)
        inputs = pad_sentences([words], labeller.vocabulary, with_spellings)
        expected = labeller.network.tagger(*inputs)[0].numpy()
        found = exported.emissions(words, {})
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
        assert exported.best(found) == labeller.label([words])[0]


def test_what_the_scheme_forbids_is_minus_infinity(both: tuple[Labeller, Exported]) -> None:
    labeller, exported = both
    if labeller.network.crf is None:
        assert exported.crf is None
        return
    assert exported.crf is not None
    inside, outside = TAGS.index("I-PER"), TAGS.index("O")
    forbidden = -np.inf if labeller.network.crf.constrained else None
    for score in (exported.crf["start"][inside], exported.crf["transitions"][outside, inside]):
        assert (score == -np.inf) == (forbidden is not None)
    assert exported.crf["stop"].shape == (len(TAGS),)
    assert np.isfinite(exported.crf["transitions"][outside, outside])
    expected = labeller.network.crf.transitions.detach().numpy()[outside, outside]
    assert exported.crf["transitions"][outside, outside] == expected


@torch.no_grad()
def test_vectors_of_words_that_the_vocabulary_lacks(tmp_path: Path) -> None:
    vectors = tmp_path / "vectors.txt"
    vectors.write_text("Ann 1 2 3 4 5 6\nxyz 6 5 4 3 2 1\nabc 1 0 1 0 1 0\n")
    model = {"vectors": str(vectors), "affixes": None, "characters": None}
    run = labelling_run(tmp_path / "e/seed-1", "tagging", source_digests(vectors), **model)
    export_to_onnx(run, "a card", tmp_path / "exported")
    labeller, exported = load_labeller(run)[0], Exported(tmp_path / "exported")
    assert isinstance(labeller.network.tagger.embedding, OpenEmbedding)
    words = ["abc", "Ann", "xyz", "nowhere", "abc"]
    expected = labeller.network.tagger(*labeller.read([words]))[0].numpy()
    first = 4 + len(exported.stored["words"])
    ids = exported.ids("words", words)
    ids[0], ids[2], ids[4] = first + 1, first, first + 1
    rows = np.array([[6, 5, 4, 3, 2, 1], [1, 0, 1, 0, 1, 0]], np.float32)
    described = read_json(tmp_path / "exported/config.json")["graphs"]["emissions.onnx"]["inputs"]
    assert described["vectors"]["shape"] == ["out_of_vocabulary", 6]
    found = exported.emissions(words, {"words": np.array(ids), "vectors": rows})
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    none = np.zeros((0, 6), np.float32)
    known = exported.emissions(["Ann", "saw"], {"vectors": none})
    expected = labeller.network.tagger(*labeller.read([["Ann", "saw"]]))[0].numpy()
    np.testing.assert_allclose(known, expected, rtol=1e-4, atol=1e-5)
