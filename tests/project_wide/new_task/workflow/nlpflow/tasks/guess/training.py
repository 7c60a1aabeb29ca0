"""Train one run of guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import torch
from nlpflow.models.guess import LengthTable
from nlpflow.settings.guess import GuessExperiment
from torch import Tensor
from torch.nn import functional

from nlpflow.runs import machine
from nlpflow.runs.run import Run
from nlpflow.settings.checks import checked
from nlpflow.settings.data import SentenceDataset
from nlpflow.training.run import TrainingJob, train_run

Pairs = tuple[Tensor, Tensor]
"""Lengths and languages of some sentences, (sentences,) each."""


def train(job: TrainingJob) -> None:
    """Train a table of lengths."""
    settings: GuessExperiment = checked(GuessExperiment, job.settings, "settings")
    dataset: SentenceDataset = checked(SentenceDataset, job.dataset, "dataset")
    device = machine.set_up(settings.training.device, settings.training.threads, job.seed)
    tables = {split: pd.read_parquet(job.inputs[split]) for split in ("train", "dev")}
    languages = sorted(tables["train"]["language"].unique())
    data = {split: read_pairs(table, languages) for split, table in tables.items()}
    model = LengthTable(settings.model.longest, len(languages)).to(device)
    learner = Learner(model, data["train"], data["dev"], settings.training.batch_size)
    run = Run(
        experiment=job.experiment,
        seed=job.seed,
        settings=settings.model_dump(mode="json"),
        normalisation=dataset.normalisation,
        languages=tuple(languages),
    )
    train_run(job, learner, settings, run, Path(__file__))


def read_pairs(table: pd.DataFrame, languages: Sequence[str]) -> Pairs:
    """The sentences of a prepared table."""
    lengths = torch.tensor(table["sentence"].str.len().tolist())
    return lengths, torch.tensor([languages.index(name) for name in table["language"]])


@dataclass
class Learner:
    """See `nlpflow.training.loop.Learner`."""

    model: LengthTable
    train: Pairs
    dev: Pairs
    batch_size: int
    score: str = "accuracy"
    floor: float = 0.0

    def batches(self, epoch: int) -> list[Tensor]:
        """In the order of the epoch."""
        generator = torch.Generator().manual_seed(epoch)
        return list(torch.randperm(len(self.train[0]), generator=generator).split(self.batch_size))

    def loss(self, batch: Tensor, epoch: int) -> tuple[Tensor, int]:
        """Negative log-likelihood, summed."""
        lengths, languages = (part[batch] for part in self.train)
        return functional.cross_entropy(self.model(lengths), languages, reduction="sum"), len(batch)

    def validate(self) -> dict[str, float]:
        """Loss and accuracy on the dev set."""
        lengths, languages = self.dev
        scores = self.model(lengths)
        right = (scores.argmax(1) == languages).float().mean().item()
        loss = functional.cross_entropy(scores, languages).item()
        return {"loss": loss, "accuracy": 100 * right}
