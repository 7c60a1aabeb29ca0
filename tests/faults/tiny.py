"""Data of a few sentences, and a config with an experiment of each task."""

import json
import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa

from nlpflow.prepare.tagged import PreparedTags, write_prepared
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.origin import FILE, write_origin
from nlpflow.settings.plan import DataPlan
from nlpflow.vocabulary import Words
from nlpflow.vocabulary.encoded import EncodedRows, write_encoded
from project import ROOT

SIZES = {"train": 24, "dev": 6, "test": 6}
TRANSLATION, LANGUAGES, TAGS, ENTITIES, VECTORS = "pairs", "languages", "tags", "places", "words"
"""The experiments; their runs are trained into folders of the same names."""
RUNS = (TRANSLATION, LANGUAGES, TAGS, ENTITIES, VECTORS)


def write_data(folder: Path) -> None:
    """`data/` with prepared tables, vocabularies and token ids."""
    rng = random.Random(1)
    _write_pairs(folder / "data", rng)
    _write_sentences(folder / "data/prepared/both", ("eng", "fra"), rng)
    _write_sentences(folder / "data/prepared/english", ("eng",), rng)
    _write_tagged(folder / "data/prepared/tagged", ["NOUN", "VERB"], rng)
    _write_tagged(folder / "data/prepared/named", ["B-LOC", "O"], rng)


def write_origins(folder: Path, config_file: str = "config.yaml") -> None:
    """Say of `data/` that it was made with the settings of a config."""
    config, registry = load_config(read_yaml(folder / config_file), ROOT)
    plan = DataPlan(config, registry, ROOT)
    for name, dataset in config.datasets.items():
        corpora = plan.corpora(SimpleNamespace(dataset=name))
        write_origin(folder / "data/prepared" / name / FILE, dataset, config_file, corpora)
    for name, vocabulary in config.vocabularies.items():
        write_origin(folder / "data/vocabularies" / name / FILE, vocabulary, config_file)


def write_config(folder: Path, epochs: int = 1) -> None:
    """`config.yaml`; its corpora are the sample's, which nothing here reads."""
    small = {"embedding": 4, "hidden": 4}
    training = {"training": {"epochs": epochs, "batch_size": 8}}
    letters = {"characters": {"embedding": 4, "hidden": 4}}
    experiments = {
        TRANSLATION: {
            "task": "translation",
            "vocabulary": "v",
            "model": {"attention": "additive", **small},
            "decoding": {"max_tokens": 6},
            "resources": {"checkpoint_minutes": 0},
            **training,
        },
        LANGUAGES: {
            "task": "language_id",
            "dataset": "both",
            "model": {"features": "characters", "buckets": 1024},
            **training,
        },
        TAGS: {"task": "tagging", "dataset": "tagged", "model": small | letters, **training},
        ENTITIES: {
            "task": "entities",
            "dataset": "named",
            "model": small | {"output": "crf", "scheme": "IOBES", "constraints": True},
            **training,
        },
        VECTORS: {
            "task": "embeddings",
            "dataset": "english",
            "words": {"min_count": 1},
            "model": {"kind": "skipgram", "dimension": 4},
            "training": {"optimiser": "sgd", "learning_rate": 0.1, "epochs": epochs},
        },
    }
    sentences = {"kind": "sentences", "corpora": ["sample-sentences"]}
    config = {
        "name": "tiny",
        "registry": str(ROOT / "config/corpora.yaml"),
        "datasets": {
            "p": {"kind": "pairs", "corpus": "sample-fra-eng", "source": "fra", "target": "eng"},
            "both": sentences | {"languages": ["eng", "fra"]},
            "english": sentences | {"languages": ["eng"]},
            "tagged": {"kind": "labelled", "corpus": "sample-tagged", "tags": "upos"},
            "named": {"kind": "labelled", "corpus": "sample-entities"},
        },
        "vocabularies": {"v": {"dataset": "p"}},
        "experiments": experiments,
    }
    (folder / "config.yaml").write_text(json.dumps(config))
    write_origins(folder)


def _sentences(letters: str, count: int, rng: random.Random) -> list[str]:
    return [" ".join(rng.choices(letters, k=rng.randint(2, 6))) for _ in range(count)]


def _write_pairs(data: Path, rng: random.Random) -> None:
    prepared, vocabularies = data / "prepared/p", data / "vocabularies/v"
    prepared.mkdir(parents=True)
    vocabularies.mkdir(parents=True)
    sides = {"source": Words(tuple("abcdefgh"), (1,) * 8)}
    sides["target"] = Words(tuple("ABCDEFGH"), (1,) * 8)
    for side, words in sides.items():
        words.save(vocabularies / f"{side}.vocab")
    for split in ("train", "dev"):
        columns = {
            side: _sentences("".join(words.words), SIZES[split], rng)
            for side, words in sides.items()
        }
        table = pd.DataFrame(columns)
        table.to_parquet(prepared / f"{split}.parquet")
        known = table.assign(split=split, target_raw=table["target"])
        known.to_parquet(prepared / "references.parquet")
        encoded = (sides[side].encode_column(pa.array(columns[side])) for side in sides)
        write_encoded(data / "encoded/v", split, [EncodedRows(*encoded)])


def _write_sentences(folder: Path, languages: tuple[str, ...], rng: random.Random) -> None:
    folder.mkdir(parents=True)
    alphabets = {"eng": "abcdefgh", "fra": "hijklmno"}
    for split, size in SIZES.items():
        table = pd.DataFrame(
            [
                {"sentence": sentence, "raw": sentence, "language": language}
                for language in languages
                for sentence in _sentences(alphabets[language], size, rng)
            ]
        )
        table.to_parquet(folder / f"{split}.parquet")
    (folder / "leakage.json").write_text("{}", encoding="utf-8")


def _write_tagged(folder: Path, tags: list[str], rng: random.Random) -> None:
    splits = {}
    for split, size in SIZES.items():
        words = [sentence.split() for sentence in _sentences("abcdefgh", size, rng)]
        splits[split] = pd.DataFrame(
            {
                "sentence": np.arange(size),
                "words": words,
                "tags": [[tags[word > "d"] for word in row] for row in words],
                "in_train": False,
            }
        )
    nothing = pd.DataFrame({"step": ["read"]})
    write_prepared(PreparedTags(splits, nothing, nothing), folder)
