"""Every kind of model gives in the page what it gives in Python, on the sample's whole test sets.

The networks have random weights: tests/reproduction compares the trained ones.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch

import nlpflow
from networks import network
from nlpflow.models.bag import BagClassifier, pack, unpack
from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.labelling import EntitiesExperiment, TaggingExperiment
from nlpflow.settings.language_id import LanguageIdExperiment
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tasks.embeddings.models import build_language_model, build_window_model
from nlpflow.tasks.embeddings.training import VOCABULARY
from nlpflow.tasks.labelling.model import build_network
from nlpflow.tasks.language_id.features import build_features
from nlpflow.tasks.language_id.training import as_bytes
from nlpflow.vocabulary import build_vocabulary
from nlpflow.vocabulary.tags import build_label_vocabulary
from page_parity import COMPARISONS, TOLERANCE, Compared, compare_seq2seq
from playground.made_runs import asked, randomise, save, write_made
from playground.test_translators import seq2seq
from project import Project

pytestmark = pytest.mark.long

DATASETS = ("sample", "assistant", "tagged", "entities", "languages", "english")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, pd.DataFrame]]:
    """Training and test set of each dataset of the sample."""
    project = Project(tmp_path_factory.mktemp("sample"))
    names = {short: f"sample-{short}" if short != "sample" else short for short in DATASETS}
    files = {
        (short, split): f"data/prepared/{name}/{split}.parquet"
        for short, name in names.items()
        for split in ("train", "test")
    }
    result = project.snakemake(*files.values())
    assert result.returncode == 0, result.stderr
    found: dict[str, dict[str, pd.DataFrame]] = {short: {} for short in DATASETS}
    for (short, split), file in files.items():
        found[short][split] = pd.read_parquet(project.folder / file)
    return found


def tagger(root: Path, name: str, task: str, train: pd.DataFrame, **model: Any) -> Path:
    kind = TaggingExperiment if task == "tagging" else EntitiesExperiment
    experiment = kind.model_validate({"task": task, "dataset": "data", "model": model})
    folder = root / "results" / task / name / "seed-1"
    folder.mkdir(parents=True)
    words, tags = train["words"].head(500).tolist(), train["tags"]
    vocabulary = build_label_vocabulary(words, tags, longest_affix=4, shapes=True)
    vocabulary.save(folder)
    built = build_network(experiment.model, "nll", vocabulary)
    randomise(built, seed=5)
    save(folder, experiment, built, "digits", str(folder), vocabulary.digests)
    return folder


def identifier(root: Path, features: str, train: pd.DataFrame) -> Path:
    experiment = LanguageIdExperiment.model_validate(
        {"task": "language_id", "dataset": "data", "model": {"features": features, "buckets": 4096}}
    )
    sentences = pa.array(train["sentence"], pa.large_string())
    found = build_features(experiment.model, sentences)
    model = BagClassifier(len(found), 2, found.scaled)
    randomise(model, seed=6)
    packed = pack(model.state_dict())
    packed |= {name: packed[name].half().float() for name in ("scale", "bias")}
    stored = packed | {"scripts": as_bytes(["LATIN"])}
    if features == "words":
        stored["words"] = as_bytes(found.words)
    model.load_state_dict(unpack(packed))
    folder = root / "results/language_id" / features / "seed-1"
    save(folder, experiment, Stored(stored), "cased")
    return folder


class Stored(torch.nn.Module):
    """Stands for a model whose weights are stored in another form."""

    def __init__(self, weights: dict[str, torch.Tensor]):
        super().__init__()
        self.weights = weights

    def state_dict(self, *arguments: Any, **named: Any) -> Any:
        return self.weights


def embeddings(root: Path, kind: str, train: pd.DataFrame) -> Path:
    folder = root / "results/embeddings" / kind / "seed-1"
    folder.mkdir(parents=True)
    optimiser = "sgd" if kind == "skipgram" else "adam"
    experiment = EmbeddingsExperiment.model_validate(
        {
            "task": "embeddings",
            "dataset": "data",
            "model": {"kind": kind, "dimension": 12},
            "training": {"optimiser": optimiser, "learning_rate": 0.1},
        }
    )
    settings = VocabularySettings(dataset="data")
    vocabulary = build_vocabulary(pa.array(train["sentence"]), settings, "source")
    vocabulary.save(folder / VOCABULARY)
    build = build_window_model if kind == "skipgram" else build_language_model
    model = build(experiment.model, len(vocabulary))
    randomise(model, seed=7)
    save(folder, experiment, model, "tutorial", str(folder), {"words": vocabulary.digest})
    return folder


@pytest.fixture(scope="module")
def made(
    tables: dict[str, dict[str, pd.DataFrame]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    root = tmp_path_factory.mktemp("made")
    pairs, requests = tables["sample"]["train"], tables["assistant"]["train"]
    runs = {
        name: seq2seq(root, name, network(name), texts=pairs["source"])
        for name in ("none", "tutorial", "additive", "multi-head", "transformer")
    }
    subwords = seq2seq(root, "subwords", network("general"), "subwords", pairs["source"], beam=3)
    copying = network("additive", copying=True, readout="deep", bidirectional=True)
    runs |= {
        "subwords": subwords,
        "copying": seq2seq(root, "copying", copying, "parts", requests["target"]),
        "tagger": tagger(root, "tagger", "tagging", tables["tagged"]["train"], hidden=8),
        "crf": tagger(root, "crf", "entities", tables["entities"]["train"], hidden=8),
        "words": identifier(root, "words", tables["languages"]["train"]),
        "characters": identifier(root, "characters", tables["languages"]["train"]),
        **{
            kind: embeddings(root, kind, tables["english"]["train"])
            for kind in ("skipgram", "ngram", "lstm")
        },
    }
    return {"runs": runs, "page": write_made([*runs.values()], root / "page.html")}


TESTED_ON = {
    **dict.fromkeys(("none", "tutorial", "additive", "multi-head", "transformer"), "sample"),
    "subwords": "sample",
    "copying": "assistant",
    "tagger": "tagged",
    "crf": "entities",
    **dict.fromkeys(("words", "characters"), "languages"),
    **dict.fromkeys(("skipgram", "ngram", "lstm"), "english"),
}


@pytest.mark.parametrize("name", TESTED_ON)
def test_equal_on_the_whole_test_set(
    made: dict[str, Any], tables: dict[str, dict[str, pd.DataFrame]], name: str
) -> None:
    test = tables[TESTED_ON[name]]["test"]

    def ask(verb: str, arguments: Sequence[list[Any]]) -> list[Any]:
        return asked(made, name, verb, *arguments)

    run = nlpflow.load(made["runs"][name])
    found: Compared = COMPARISONS.get(type(run), compare_seq2seq)(run, test, ask)
    assert found.inputs >= min(len(test), 200)
    assert found.rounding == 0  # the weights are exact in half precision
    assert found.differing == 0
    assert found.largest < TOLERANCE
    assert np.isfinite(found.largest)
