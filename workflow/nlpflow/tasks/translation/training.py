"""Train one translation run: from encoded data to a run's folder."""

from pathlib import Path
from typing import Any

import torch

from nlpflow.encoded import EncodedPairs
from nlpflow.models.seq2seq import build_seq2seq
from nlpflow.provenance import code_digest
from nlpflow.runs import Run, save_run
from nlpflow.settings.data import PairDataset
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tasks.translation.initialise import initialise
from nlpflow.tasks.translation.learner import TranslationLearner
from nlpflow.tasks.translation.references import read_test_set
from nlpflow.tasks.translation.translator import Translator
from nlpflow.training import machine
from nlpflow.training.checkpoint import Checkpoints, Key
from nlpflow.training.key import training_key
from nlpflow.training.loop import fit
from nlpflow.vocabulary import Vocabulary


def train(
    name: str,
    settings: TranslationExperiment,
    seed: int,
    dataset: PairDataset,
    prepared: Path,
    vocabulary: Path,
    encoded: Path,
    folder: Path,
    checkpoints: Path,
) -> None:
    """Train the experiment `name` under a random seed and write the run into `folder`.

    :param prepared: folder of the dataset's tables, :param vocabulary: of the two vocabularies,
    :param encoded: of the token ids, :param checkpoints: where an interrupted training goes on
    """
    device = machine.set_up(settings.training.device, settings.training.threads, seed)
    sides = {side: Vocabulary.load(vocabulary / f"{side}.vocab") for side in ("source", "target")}
    data = {split: EncodedPairs.open(encoded, split) for split in ("train", "dev")}
    max_length = int(data["train"].lengths()[0].max())
    model = build_seq2seq(settings.model, len(sides["source"]), len(sides["target"]), max_length)
    digests = {side: sides[side].digest for side in sides}
    initialise(model, settings.training, digests)
    model.to(device)
    learner = TranslationLearner(
        model,
        settings,
        data["train"],
        data["dev"],
        read_test_set(prepared, "dev", dataset.normalisation),
        Translator(model, sides["source"], sides["target"], settings.decoding, device),
        seed,
        device,
    )
    run = Run(
        experiment=name,
        seed=seed,
        settings=settings.model_dump(mode="json"),
        normalisation=dataset.normalisation,
        languages=(dataset.source, dataset.target),
        vocabulary=str(vocabulary),
        digests=digests,
        sizes={"max_length": max_length},
    )
    files = [prepared / "dev.parquet", prepared / "references.parquet"]
    files += [vocabulary / f"{side}.vocab" for side in sides] + sorted(encoded.glob("*.npy"))
    key = _key(settings, seed, dataset, files, device)
    with Checkpoints(checkpoints, key, settings.resources.checkpoint_minutes) as saved:
        trained = fit(learner, settings.training, f"{name} seed {seed}", saved)
        save_run(
            folder,
            run,
            trained.weights,
            trained.history,
            trained.timings,
            machine.describe(device) | {"parameters": sum(p.numel() for p in model.parameters())},
        )
        saved.finish()


def _key(
    settings: TranslationExperiment,
    seed: int,
    dataset: PairDataset,
    files: list[Path],
    device: torch.device,
) -> Key:
    """What the weights and the history of a run depend on; `files` hold its data."""
    values: dict[str, Any] = {"seed": seed, "normalisation": dataset.normalisation}
    values |= settings.model_dump(mode="json", include={"model", "training", "decoding"})
    training = values["training"]
    if training["schedule"] != "cosine" and training["teacher_forcing_end"] is None:
        # Nothing before the end depends on when it comes: more epochs go on from a finished run.
        del training["epochs"], training["patience"]
    if settings.training.initialise_from is not None:
        files = [*files, Path(settings.training.initialise_from) / "weights.safetensors"]
    return training_key(values, files, code_digest(Path(__file__)), device)
