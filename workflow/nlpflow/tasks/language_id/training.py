"""Training of one language identification run, from prepared sentences to the run's folder."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from nlpflow.models.bag import BagClassifier, pack
from nlpflow.runs import machine
from nlpflow.runs.run import Run
from nlpflow.settings.checks import checked
from nlpflow.settings.data import SentenceDataset
from nlpflow.settings.language_id import LanguageIdExperiment
from nlpflow.tables import reading
from nlpflow.tasks.language_id.features import Features, WordFeatures, build_features
from nlpflow.tasks.language_id.learner import LanguageIdLearner
from nlpflow.tasks.language_id.sentences import LanguageSentences
from nlpflow.text.writing import scripts_in
from nlpflow.training.run import TrainingJob, train_run


def train(job: TrainingJob) -> None:
    """Train a language identifier; see `nlpflow.training.run.Train`."""
    settings: LanguageIdExperiment = checked(LanguageIdExperiment, job.settings, "settings")
    dataset: SentenceDataset = checked(SentenceDataset, job.dataset, "dataset")
    device = machine.set_up(settings.training.device, settings.training.threads, job.seed)
    tables = {}
    for split in ("train", "dev"):
        with reading(job.inputs[split]):
            tables[split] = pd.read_parquet(job.inputs[split], columns=["sentence", "language"])
    languages = tuple(sorted(tables["train"]["language"].unique()))
    data = {split: LanguageSentences.of(table, languages) for split, table in tables.items()}
    features = build_features(settings.model, data["train"].sentences)
    model = untrained(features, len(languages), job.seed).to(device)
    size = settings.training.batch_size
    learner = LanguageIdLearner(
        model, features, data["train"], data["dev"], size, job.seed, device, settings.spans
    )
    run = Run(
        experiment=job.experiment,
        seed=job.seed,
        settings=settings.model_dump(mode="json"),
        normalisation=dataset.normalisation,
        languages=languages,
    )

    def packed(weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return pack(weights) | _besides(features, data["train"])

    train_run(job, learner, settings, run, Path(__file__), packed)


def untrained(features: Features, languages: int, seed: int) -> BagClassifier:
    """The untrained model of a random seed."""
    torch.manual_seed(seed)
    return BagClassifier(len(features), languages, features.scaled)


def _besides(features: Features, train: LanguageSentences) -> dict[str, Tensor]:
    """What is stored with the weights: the words, and the scripts of the training set."""
    scripts: set[str] = set()
    for language in np.unique(train.languages):
        mine = np.flatnonzero(train.languages == language)
        scripts.update(scripts_in(train.sentences.take(mine)))
    kept = {"scripts": as_bytes(sorted(scripts))}
    return kept | (
        {"words": as_bytes(features.words)} if isinstance(features, WordFeatures) else {}
    )


def as_bytes(texts: "list[str] | tuple[str, ...]") -> Tensor:
    """Texts without line feeds as one tensor, (bytes,), to be stored with the weights."""
    return torch.from_numpy(np.frombuffer("\n".join(texts).encode(), np.uint8).copy())
