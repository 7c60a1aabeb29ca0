"""Translators and word embeddings that start from pretrained vectors."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from asked import training_job
from nlpflow.errors import UserError
from nlpflow.settings.checks import checked
from nlpflow.settings.data import PairDataset, SentenceDataset
from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.loading import load_config
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tasks.embeddings.training import train as train_embeddings
from nlpflow.tasks.translation.initialise import start_from_vectors
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.training import train
from nlpflow.vectors.pretrained import read_vectors
from nlpflow.vectors.word_vectors import (
    WordVectors,
    write_safetensors,
    write_text,
)
from nlpflow.vocabulary import SPECIALS, Words
from nlpflow.vocabulary.encoded import EncodedRows, write_encoded

ROOT = Path(__file__).parents[2]
SIZE = 6
FRENCH = ("je", "suis", "là", "Paris")
ENGLISH = ("i", "am", "here", "paris")
VOCABULARIES = {"source": Words(FRENCH, (4, 3, 2, 1)), "target": Words(ENGLISH, (4, 3, 2, 1))}
KNOWN = WordVectors(
    ("paris", "je", "chat", "here"), np.random.default_rng(0).normal(size=(4, SIZE)).astype("f4")
)
PAIRS = pd.DataFrame(
    {"source": ["je suis là", "je suis Paris"], "target": ["i am here", "i am paris"]}
)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """One table of vectors as text, for the source, and as a run exports it, for the target."""
    paths = {"source": tmp_path / "vectors.txt", "target": tmp_path / "vectors.safetensors"}
    write_text(paths["source"], KNOWN)
    write_safetensors(paths["target"], KNOWN)
    return {f"{side}_vectors": str(path) for side, path in paths.items()}


def sources(files: dict[str, str]) -> dict[str, str | Path]:
    return {file: Path(file) for file in files.values()}


def experiment(
    model: dict[str, Any], training: dict[str, Any] | None = None
) -> TranslationExperiment:
    values = {
        "task": "translation",
        "vocabulary": "v",
        "model": {"attention": "dot", "embedding": SIZE, "hidden": 5} | model,
        "training": {"epochs": 1} | (training or {}),
    }
    return checked(TranslationExperiment, values, "test")


def place(folder: Path) -> Path:
    """Prepared tables, vocabularies and encoded data as the workflow makes them."""
    for side, vocabulary in VOCABULARIES.items():
        vocabulary.save(folder / f"{side}.vocab")
    for split in ("train", "dev"):
        PAIRS.to_parquet(folder / f"{split}.parquet")
        columns = (VOCABULARIES[side].encode_column(pa.array(PAIRS[side])) for side in VOCABULARIES)
        write_encoded(folder / "encoded", split, [EncodedRows(*columns)])
    known = PAIRS.assign(split="dev", target_raw=PAIRS["target"])
    known.to_parquet(folder / "references.parquet")
    return folder


def test_both_sides_begin_with_the_vectors_of_their_words(files: dict[str, str]) -> None:
    settings = experiment(files).model
    model = build_seq2seq(settings, 8, 8, 4)
    coverage = start_from_vectors(model, settings, VOCABULARIES, sources(files))
    assert coverage["source"] | coverage["target"] == coverage["target"]  # the same keys
    assert [coverage["source"][key] for key in ("exact", "lower_case", "missing")] == [1, 1, 2]
    assert [coverage["target"][key] for key in ("exact", "lower_case", "missing")] == [2, 0, 2]
    vectors = dict(zip(KNOWN.words, KNOWN.matrix, strict=True))
    for embedding, words in ((model.encoder.embedding, FRENCH), (model.decoder.embedding, ENGLISH)):
        rows = embedding.weight.detach().numpy()[len(SPECIALS) :]
        for word, row in zip(words, rows, strict=True):
            vector = vectors.get(word, vectors.get(word.lower()))
            assert vector is None or np.allclose(row, vector, atol=1e-5), word


def test_one_side_alone(files: dict[str, str]) -> None:
    settings = experiment({"target_vectors": files["target_vectors"]}).model
    model = build_seq2seq(settings, 8, 8, 4)
    before = model.encoder.embedding.weight.detach().clone()
    found = start_from_vectors(model, settings, VOCABULARIES, sources(files))
    assert list(found) == ["target"]
    assert before.equal(model.encoder.embedding.weight)


@pytest.mark.parametrize("asked", [True, False])
def test_the_card_says_how_many_words_have_one(
    tmp_path: Path, files: dict[str, str], asked: bool
) -> None:
    dataset = PairDataset(kind="pairs", corpus="c", source="fra", target="eng")
    run, pretrained = tmp_path / "run", map(Path, files.values() if asked else ())
    settings = experiment(files if asked else {})
    train(training_job(settings, dataset, place(tmp_path), run, pretrained=list(pretrained)))
    card = json.loads((run / "card.json").read_text())
    if not asked:
        assert "vectors" not in card
        return
    assert card["vectors"]["source"]["share"] == card["vectors"]["target"]["share"] == 0.5
    read = [name for name in card["data"] if name.startswith("pretrained")]
    assert read == ["pretrained 1 vectors.txt", "pretrained 2 vectors.safetensors"]


def test_vectors_of_another_size_are_refused(files: dict[str, str]) -> None:
    settings = experiment(files | {"embedding": 7}).model
    model = build_seq2seq(settings, 8, 8, 4)
    with pytest.raises(UserError, match=r"set model\.embedding to 6"):
        start_from_vectors(model, settings, VOCABULARIES, sources(files))


@pytest.mark.parametrize(
    ("model", "training", "message"),
    [
        ({"target_vectors": "v.txt", "tied_embeddings": True, "readout": "deep"}, {}, "exclude"),
        ({"source_vectors": "v.txt"}, {"initialise_from": "run"}, "already sets these embeddings"),
        (
            {"target_vectors": "v.txt"},
            {"initialise_from": "run", "initialise_parts": ["decoder"]},
            "already sets these embeddings",
        ),
    ],
)
def test_what_vectors_exclude(
    model: dict[str, Any], training: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        experiment(model, training)


def test_vectors_beside_other_parts_of_a_run() -> None:
    parts = {"initialise_from": "run", "initialise_parts": ["encoder"]}
    assert experiment({"target_vectors": "v.txt"}, parts).model.target_vectors == "v.txt"


@pytest.mark.parametrize("kind", ["words", "subwords"])
def test_subwords_have_no_vectors(kind: str) -> None:
    model = {"attention": "none", "source_vectors": "v.txt"}
    config = {
        "name": "test",
        "registry": "config/corpora.yaml",
        "datasets": {
            "d": {"kind": "pairs", "corpus": "sample-fra-eng", "source": "fra", "target": "eng"}
        },
        "vocabularies": {"v": {"dataset": "d", "kind": kind, "max_size": 50}},
        "experiments": {"e": {"task": "translation", "vocabulary": "v", "model": model}},
    }
    if kind == "words":
        assert load_config(config, ROOT)[0].experiments["e"].model.source_vectors == "v.txt"
        return
    with pytest.raises(UserError, match=r"experiments.e.model: pretrained vectors are of words"):
        load_config(config, ROOT)


@pytest.mark.parametrize("model", [{"kind": "skipgram", "subsample": None}, {"kind": "lstm"}])
def test_word_embeddings_go_on_from_vectors(
    tmp_path: Path, files: dict[str, str], model: dict[str, Any]
) -> None:
    """With a step size near 0 the words that have a vector keep it."""
    for split in ("train", "dev"):
        table = pd.DataFrame({"sentence": PAIRS["source"], "language": "fra"})
        table.to_parquet(tmp_path / f"{split}.parquet")
    values = {
        "task": "embeddings",
        "dataset": "d",
        "words": {"min_count": 1},
        "model": model | {"dimension": SIZE, "vectors": files["source_vectors"]},
        "training": {"optimiser": "sgd", "learning_rate": 1e-9, "epochs": 1},
    }
    settings = checked(EmbeddingsExperiment, values, "test")
    dataset = SentenceDataset(kind="sentences", corpora=("c",), normalisation="tutorial")
    run = tmp_path / "run"
    pretrained = [Path(files["source_vectors"])]
    train_embeddings(training_job(settings, dataset, tmp_path, run, pretrained=pretrained))
    card = json.loads((run / "card.json").read_text())
    assert (card["vectors"]["exact"], card["vectors"]["words"]) == (1, 4)
    found = read_vectors(run / "vectors.safetensors", ["je"])
    expected = KNOWN.matrix[KNOWN.index("je")]
    np.testing.assert_allclose(found.matrix[0], expected, atol=1e-5)
