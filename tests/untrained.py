"""Runs on disk whose networks have random weights, for tests that need no training."""

from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from nlpflow.models.bag import BagClassifier, pack
from nlpflow.runs.run import Run, save_run
from nlpflow.settings.tasks import TASKS
from nlpflow.settings.training import BaseExperiment
from nlpflow.tasks.labelling.model import build_network
from nlpflow.tasks.language_id.training import as_bytes
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.text.parts import Spacing
from nlpflow.vocabulary import Parts, Vocabulary, Words
from nlpflow.vocabulary.tags import build_label_vocabulary

LETTERS = ("a", "b", "c", "d", "e", "é", "f")
MAX_LENGTH = 9
TAGS = ("B-LOC", "B-PER", "E-LOC", "E-PER", "I-LOC", "I-PER", "O", "S-LOC", "S-PER")


def _save(folder: Path, values: dict[str, Any], weights: dict[str, Tensor], **parts: Any) -> Path:
    settings: BaseExperiment = TASKS[values["task"]].experiment.model_validate(values)
    run = Run(
        experiment="e",
        seed=1,
        settings=settings.model_dump(mode="json"),
        languages=("fra", "eng"),
        **{"normalisation": "words"} | parts,
    )
    save_run(folder, run, weights, pd.DataFrame(), pd.DataFrame(), {})
    return folder


@torch.no_grad()
def _larger(network: torch.nn.Module, factor: float) -> torch.nn.Module:
    """With larger weights outputs differ more from step to step."""
    for weight in network.parameters():
        weight.mul_(factor)
    return network


def translation_run(
    folder: Path, model: dict[str, Any], task: str = "translation", **decoding: Any
) -> Path:
    """A run of a sequence-to-sequence task in `folder/run`, its vocabularies beside it."""
    torch.manual_seed(1)
    sides: dict[str, Vocabulary]
    if model.get("copying"):
        spacing = Spacing(frozenset({("letters", "letters")}))
        sides = {"source": Parts(LETTERS, spacing), "target": Parts(LETTERS[:4], spacing)}
    else:
        counts = (1,) * len(LETTERS)
        sides = {"source": Words(LETTERS, counts), "target": Words(LETTERS[::-1], counts)}
    folder.mkdir(parents=True, exist_ok=True)
    for side, vocabulary in sides.items():
        vocabulary.save(folder / f"{side}.vocab")
    values = {"task": task, "vocabulary": "v", "model": model, "decoding": decoding}
    settings = TASKS[task].experiment.model_validate(values)
    network = build_seq2seq(settings.model, len(sides["source"]), len(sides["target"]), MAX_LENGTH)
    return _save(
        folder / "run",
        values,
        _larger(network, 3).state_dict(),
        vocabulary=str(folder),
        digests={side: sides[side].digest for side in sides},
        sizes={"max_length": MAX_LENGTH},
    )


def labelling_run(
    folder: Path, task: str, of_vectors: dict[str, str] | None = None, **model: Any
) -> Path:
    """A run of tagging or entities; every tag of `TAGS` occurs in its vocabulary.

    `of_vectors` has the digests of the files that `model.vectors` names.
    """
    torch.manual_seed(2)
    words = [["Ann", "saw", "Oslo", "."], ["Zoé", "left", "New", "York", "."]]
    values = {"task": task, "dataset": "d", "model": {"embedding": 6, "hidden": 4} | model}
    settings = TASKS[task].experiment.model_validate(values)
    affixes = settings.model.affixes
    longest, shape = (affixes.longest, affixes.shape) if affixes else (0, False)
    vocabulary = build_label_vocabulary(words, [TAGS], longest_affix=longest, shapes=shape)
    network = build_network(settings.model, settings.training.loss, vocabulary)
    weights = _larger(network, 2).state_dict()
    parts = {"digests": vocabulary.digests, "normalisation": "digits", "vectors": of_vectors or {}}
    _save(folder, values, weights, vocabulary=str(folder), **parts)
    vocabulary.save(folder)
    return folder


def language_run(folder: Path, features: str, **model: Any) -> Path:
    """A run of language identification."""
    torch.manual_seed(2)
    model = {"features": features, "buckets": 64, "longest": 3} | model
    network = BagClassifier(len(LETTERS) if features == "words" else 64, 2, features != "words")
    weights = pack(_larger(network, 5).state_dict()) | {"scripts": as_bytes(["LATIN"])}
    if features == "words":
        weights["words"] = as_bytes(LETTERS)
    values = {"task": "language_id", "dataset": "d", "model": model}
    return _save(folder, values, weights)
